"""The briefing as a Word file of one A4 page: every row has its height, so that nothing pushes the page over."""

import io
from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from dashboard.briefings.briefing import Briefing
from dashboard.documents.word import HEI, styled, with_fixed_dates

WIDTH_MM: Final = 182
SHARES: Final = (16, 34, 13, 11, 11, 17, 20)
PICTURE_MM: Final = 86
_BLUE, _GREY, _BROWN = RGBColor(0x03, 0x69, 0xA1), RGBColor(0x6B, 0x72, 0x80), RGBColor(0x92, 0x40, 0x0E)
_CENTER, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def briefing_word(briefing: Briefing) -> bytes:
    """Return the briefing as a Word file; the same briefing gives the same bytes, and words are never markup."""
    word = Document()
    _set_up(word, briefing)
    _line(word.paragraphs[0] if word.paragraphs else word.add_paragraph(), briefing.title, 17, is_bold=True,
          align=_CENTER, height=24)  # fmt: skip
    _line(word.add_paragraph(), briefing.scope, 9.5, colour=_GREY, align=_CENTER, height=15)
    _figures(word, briefing.figures)
    _heading(word, briefing.matters_title)
    for matter in briefing.matters:
        _line(word.add_paragraph(), matter.what, 9.5, height=14)
        _line(word.add_paragraph(), matter.why, 8, colour=_BROWN, height=13)
    _pictures(word, briefing)
    _gap(word, 4)
    _zones(word, briefing)
    _line(word.add_paragraph(), "\N{IDEOGRAPHIC SPACE}".join(briefing.notes), 7.5, colour=_GREY, height=14)
    held = io.BytesIO()
    word.save(held)
    return with_fixed_dates(held.getvalue())


def _set_up(word: Any, briefing: Briefing) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(14)
    section.top_margin, section.bottom_margin = Mm(11), Mm(9)
    section.header_distance = section.footer_distance = Mm(4)
    properties = word.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.comments = briefing.title, "", "", ""
    properties.language = briefing.language.replace("_", "-")


def _line(
    paragraph: Any,
    text: str,
    points: float,
    *,
    height: float,
    is_bold: bool = False,
    colour: RGBColor | None = None,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> None:
    styled(paragraph, text, font=HEI, size=Pt(points), is_bold=is_bold, align=align, line=Pt(height))
    if colour is not None:
        paragraph.runs[0].font.color.rgb = colour


def _heading(word: Any, text: str) -> None:
    _line(word.add_paragraph(), text, 10.5, is_bold=True, colour=_BLUE, height=18)


def _gap(word: Any, points: float) -> None:
    _line(word.add_paragraph(), "", 2, height=points)


def _figures(word: Any, figures: Sequence[tuple[str, str, str]]) -> None:
    grid = _grid(word, 3, [1] * len(figures), heights_mm=(5.5, 9, 5))
    sizes: tuple[tuple[float, float], ...] = ((9, 13), (19, 24), (7.5, 12))
    for place, figure in enumerate(figures):
        for row, (text, (points, height)) in enumerate(zip(figure, sizes, strict=True)):
            _line(grid.rows[row].cells[place].paragraphs[0], text, points, height=height, align=_CENTER,
                  is_bold=row == 1, colour=None if row == 1 else _GREY)  # fmt: skip


def _pictures(word: Any, briefing: Briefing) -> None:
    grid = _grid(word, 2, [1, 1], heights_mm=(6, 72))
    for place, (title, content) in enumerate(
        ((briefing.map_title, briefing.map_png), (briefing.chart_title, briefing.chart_png))
    ):
        _line(grid.rows[0].cells[place].paragraphs[0], title, 10.5, is_bold=True, colour=_BLUE, height=16)
        paragraph = grid.rows[1].cells[place].paragraphs[0]
        styled(paragraph, "", size=Pt(2), line=None)
        paragraph.add_run().add_picture(io.BytesIO(content), width=Mm(PICTURE_MM))


def _zones(word: Any, briefing: Briefing) -> None:
    grid = _grid(word, len(briefing.rows) + 1, SHARES, heights_mm=[6] * (len(briefing.rows) + 1))
    grid.style = "Table Grid"
    for row, texts in zip(grid.rows, (briefing.heads, *briefing.rows), strict=True):
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            colour = _GREY if texts is briefing.heads else None
            _line(cell.paragraphs[0], text, 8, height=14, colour=colour, align=_RIGHT if place > 1 else None)


def _grid(word: Any, rows: int, shares: Sequence[float], *, heights_mm: Sequence[float]) -> Any:
    grid = word.add_table(rows=rows, cols=len(shares))
    grid.autofit = False
    widths = [Mm(WIDTH_MM * share / sum(shares)) for share in shares]
    for row, height in zip(grid.rows, heights_mm, strict=True):
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.EXACTLY
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return grid
