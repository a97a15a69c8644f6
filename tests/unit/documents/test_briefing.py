"""The briefing is one A4 page whatever stands in it, with its words as text, in Word and in PDF."""

import io
from datetime import date

import pypdf
import pytest
from docx import Document
from PIL import Image

from dashboard.briefings.briefing import Briefing, MatterLine, cut
from dashboard.briefings.briefing_pdf import briefing_pdf
from dashboard.briefings.briefing_word import briefing_word
from dashboard.documents.official import printable

LONG = "\u957f" * 200


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (740, 590), (238, 242, 247)).save(held, "PNG")
    return held.getvalue()


def briefing(zones: int, words: str) -> Briefing:
    return Briefing(
        language="zh_CN",
        title=words[:40],
        scope=words,
        figures=((words, "1,234,567", words),) * 4,
        matters_title=words[:20],
        matters=(MatterLine(what=cut(words, 96), why=cut(words, 116)),) * 5,
        map_title="map",
        map_png=picture(),
        chart_title="chart",
        chart_png=picture(),
        heads=(words,) * 7,
        rows=((words,) * 7,) * zones,
        notes=(words, "GS-1"),
        day=date(2026, 6, 30),
    )


@pytest.mark.parametrize("words", ["Zone", LONG, "W" * 300])
@pytest.mark.parametrize("zones", [0, 1, 8])
def test_it_is_one_page_with_eight_zones_and_long_names(zones: int, words: str) -> None:
    pages = pypdf.PdfReader(io.BytesIO(briefing_pdf(briefing(zones, words)))).pages
    assert len(pages) == 1
    box = pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_its_text_can_be_read_out_and_its_font_is_within() -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(briefing_pdf(briefing(2, "\u5c9a\u5c71 #eval(1) $x$")))).pages
    assert "\u5c9a\u5c71 #eval(1) $x$" in page.extract_text()
    assert all("FontFile3" in str(font.get_object()) for font in _descriptors(page))


def test_the_same_briefing_gives_the_same_bytes() -> None:
    one = briefing(2, "Zone")
    assert (briefing_pdf(one), briefing_word(one)) == (briefing_pdf(one), briefing_word(one))


def test_the_word_file_holds_the_same_words_and_fits_its_page() -> None:
    word = Document(io.BytesIO(briefing_word(briefing(8, "<b>Zone</b>"))))
    text = "\n".join(
        [*(p.text for p in word.paragraphs), *(cell.text for t in word.tables for row in t.rows for cell in row.cells)]
    )
    assert text.count("<b>Zone</b>") >= 70
    section = word.sections[0]
    rows = sum(row.height.pt for table in word.tables for row in table.rows)
    lines = sum(p.paragraph_format.line_spacing.pt for p in word.paragraphs)
    room = section.page_height - section.top_margin - section.bottom_margin
    assert rows + lines <= room / 12700


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("\u957f\u957f", 4, "\u957f\u957f"), ("\u957f\u957f\u957f", 4, "\u957f…")],
)
def test_text_is_cut_by_its_width(text: str, width: int, expected: str) -> None:
    assert (cut(text, width), printable(expected)) == (expected, expected)


def _descriptors(page: pypdf.PageObject) -> list[object]:
    fonts = page["/Resources"]["/Font"].values()  # type: ignore[index,union-attr]  # as pypdf gives them
    found = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert found
    return found
