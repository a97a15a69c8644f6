"""Official documents: Word and PDF hold the same words, whatever the words are."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dashboard.documents.notices import NoticeFacts, notice_document
from dashboard.documents.official import OfficialDocument, Paragraph, Photo, printable, texts_of
from dashboard.documents.orders import OrderFacts, supervision_order_document
from dashboard.documents.pdf import pdf_bytes, write_pdf
from dashboard.documents.word import word_bytes, write_word
from dashboard.documents.wording import Answer, NamedIssue
from dashboard.i18n import set_locale
from governance.vocabulary import DirectiveKind, NoticeKind

DAY, EARLIER, DUE = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 15)
HAN = "\u6574\u6539\u8981\u6c42"
HOSTILE = [
    '#eval("1 + 1")',
    '#import "x.typ": *',
    "$x^2$ and $",
    "\\ \\u{41} \\n",
    "*bold* _thin_ `raw` @label <label> = heading",
    "\"double\" 'single'",
    "// comment /* also */",
    '=HYPERLINK("x")',
    "<w:t>&amp; <b>",
    "a\x00b\x07c\x1bd",
    "x\u202edeb\u2066y",
    "W" * 3000,
    HAN * 1250,
    "\U0001f600 and \ud800",
]
FORMS = ("JPEG", "PNG", "JPEG")
ISSUE = NamedIssue(
    number="2026-00001", title=HAN, where="West", requirement="Cover it", standard="Timber", due_on=DUE
)  # fmt: skip
NOTICE = NoticeFacts(
    kind=NoticeKind.DISTRICT, number="U01-2026-001", issuer="Bureau", addressee="Timber Works", credit_code="91371103",
    issued_on=DAY, due_on=DUE, issues=(ISSUE, replace(ISSUE, number="2026-00002", due_on=EARLIER)), is_demo=True,
)  # fmt: skip
ORDER = OrderFacts(
    number="D-2026-001", issuer="Office", addressee="Forestry", text="Dust on the port road", issued_on=DAY, due_on=DUE,
    issues=(ISSUE,), times_urged=2, urged_on=DAY,
)  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


def solid(texts: object) -> str:
    """All words without spaces, so that line ends do not matter."""
    return re.sub(r"\s", "", "".join(texts))  # type: ignore[arg-type]


def word_text(document: OfficialDocument) -> str:
    word = Document(io.BytesIO(word_bytes(document)))
    head = (part.text for part in word.sections[0].header.paragraphs)
    body = ("".join(text.text or "" for text in part.iter(qn("w:t"))) for part in word.element.body)
    return solid(chain(head, body))


def pdf_pages(document: OfficialDocument) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf_bytes(document))).pages]


def pdf_text(document: OfficialDocument) -> str:
    """The words of all pages, without what stands at each head and foot."""
    note = solid([document.note])
    pages = [re.sub(r"\u2014\d+\u2014", "", solid([page])) for page in pdf_pages(document)]
    return note + "".join(page.replace(note, "") for page in pages)


def picture(form: str = "JPEG", red: int = 10) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), (red, 120, 30)).save(held, form)
    return held.getvalue()


@pytest.mark.parametrize(
    "document", [notice_document(NOTICE), supervision_order_document(ORDER)], ids=["notice", "order"]
)
def test_word_and_pdf_hold_all_words_of_a_document(document: OfficialDocument) -> None:
    words = solid(texts_of(document))
    assert (word_text(document), pdf_text(document)) == (words, words)


def test_an_instruction_names_the_leader_who_gave_it() -> None:
    told = supervision_order_document(replace(ORDER, kind=DirectiveKind.INSTRUCTION, leader="Leader 1"))
    assert "The instruction of Leader 1" in " ".join(texts_of(told))
    assert told.title != supervision_order_document(ORDER).title


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_stays_text_in_both(text: str) -> None:
    document = notice_document(
        replace(NOTICE, requirement=text, addressee=text[:40], issues=(replace(ISSUE, title=text),))
    )
    words = solid(texts_of(document))
    assert solid([printable(text)]) in words
    assert word_text(document) == words
    on_pages, known = Counter(pdf_text(document)), Counter(words.replace("\U0001f600", ""))  # no font has this one
    assert known - on_pages == Counter()  # heads are repeated on each page, and long cells come out page by page


@settings(max_examples=25)
@given(st.text(max_size=300))
def test_any_text_makes_a_document(text: str) -> None:
    document = replace(notice_document(NOTICE), blocks=(Paragraph(text),))
    assert word_bytes(document)[:2] == b"PK"
    assert pdf_bytes(document)[:5] == b"%PDF-"


def test_a_long_word_stays_on_the_page() -> None:
    document = replace(notice_document(NOTICE), blocks=(Paragraph("W" * 400),), slip=None)
    longest = max(len(line.strip()) for page in pdf_pages(document) for line in page.split("\n"))
    assert longest < 60


@pytest.mark.parametrize("make", [word_bytes, pdf_bytes])
def test_the_same_document_gives_the_same_bytes(make: object) -> None:
    document = notice_document(NOTICE)
    assert make(document) == make(document)  # type: ignore[operator]


def test_a_word_file_names_chinese_fonts_and_an_a4_page() -> None:
    with zipfile.ZipFile(io.BytesIO(word_bytes(notice_document(NOTICE)))) as archive:
        body, fonts = (archive.read(f"word/{name}.xml").decode() for name in ("document", "fontTable"))
    assert 'w:eastAsia="FangSong"' in body
    assert 'w:w="11906" w:h="16838"' in body
    assert "Noto Serif SC" in fonts


def test_a_pdf_file_carries_its_fonts() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_bytes(notice_document(NOTICE))))
    fonts = {
        name
        for page in reader.pages
        for name in (str(f.get_object()["/BaseFont"]) for f in page["/Resources"]["/Font"].values())
    }
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {"NotoSerifSC", "NotoSansSC"}


def test_every_page_of_a_demo_says_that_it_is_one() -> None:
    document = notice_document(replace(NOTICE, issues=(ISSUE,) * 60))
    pages = pdf_pages(document)
    assert len(pages) > 3
    assert [page for page in pages if document.note not in page] == []


def test_a_reply_stands_in_the_slip() -> None:
    answered = replace(NOTICE, answer=Answer(text="Covered on both sides", by="Director 1", on=DAY))
    words = solid(texts_of(notice_document(answered)))
    assert "Coveredonbothsides" in words
    assert "EnteredonlinebyDirector1" in words


def test_photos_stand_in_both_files() -> None:
    photos = tuple(Photo(f"Photo {n}", picture(form, n * 80)) for n, form in enumerate(FORMS))
    document = notice_document(replace(NOTICE, issues=(replace(ISSUE, photos=photos),)))
    with zipfile.ZipFile(io.BytesIO(word_bytes(document))) as archive:
        assert [name for name in archive.namelist() if name.startswith("word/media/")] != []
    images = [image for page in pypdf.PdfReader(io.BytesIO(pdf_bytes(document))).pages for image in page.images]
    assert len(images) == 3


def test_files_take_their_place_whole(tmp_path: object) -> None:
    folder = tmp_path
    write_word(notice_document(NOTICE), folder / "n.docx")  # type: ignore[operator]
    write_pdf(notice_document(NOTICE), folder / "n.pdf")  # type: ignore[operator]
    assert sorted(path.name for path in folder.iterdir()) == ["n.docx", "n.pdf"]  # type: ignore[attr-defined]
