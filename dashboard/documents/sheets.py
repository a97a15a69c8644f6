"""Lists as an office prints them: a title over all columns, as-of time, ruled lines, signatures at the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from dashboard.exporters.columns import Column
from dashboard.exporters.tables import CREATED, MOST_ROWS, replacing, sheet_name, write_cell
from governance.errors import InvalidInput

FONT: Final = "SimSun"
_LANDSCAPE_A4: Final = 9
_TITLE_ROW, _NOTE_ROW, _HEAD_ROW = 0, 1, 2
_MARGINS_INCHES: Final = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}


@dataclass(frozen=True, kw_only=True)
class OfficeSheet:
    """What stands around the rows.

    Attributes
    ----------
    title
        Over all columns.
    note
        Below it: as-of time, what was chosen, which unit.
    columns
        In the order of the values of each row.
    signatures
        What is signed at the end, side by side; none for no such row.
    page_words
        Foot of each page with ``{page}`` and ``{pages}``.
    """

    title: str
    note: str
    columns: Sequence[Column]
    signatures: Sequence[str] = ()
    page_words: str = "{page} / {pages}"


def write_sheet(sheet: OfficeSheet, rows: Iterable[Sequence[object]], path: Path) -> int:
    """Write a list as a workbook in an office's layout.

    Parameters
    ----------
    sheet : OfficeSheet
    rows : iterable of sequences
        Raw values; each column's ``show`` says how they are written. Read once, never held.
    path : Path
        Replaced when the whole file is written, else left as it was.

    Returns
    -------
    int
        Rows written. The same input gives the same bytes; text cells are never formulas. Prints on A4 across, as
        wide as the page, its head on each page.

    Raises
    ------
    InvalidInput
        ``export_too_long`` or ``text_too_long``, beyond what a sheet or a cell holds.
    """
    with replacing(path) as part:
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(str(part), options) as book:
            book.set_properties({"created": CREATED, "title": sheet.title})
            page = book.add_worksheet(sheet_name(sheet.title))
            _set_up_print(page, sheet)
            _write_head(book, page, sheet)
            count = _write_rows(book, page, sheet.columns, rows)
            _write_signatures(book, page, sheet, _HEAD_ROW + count + 2)
    return count


def _set_up_print(page: Any, sheet: OfficeSheet) -> None:
    page.set_paper(_LANDSCAPE_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(_TITLE_ROW, _HEAD_ROW)
    page.set_margins(**_MARGINS_INCHES)
    page.center_horizontally()
    words = sheet.page_words.replace("&", "&&").replace("{page}", "&P").replace("{pages}", "&N")
    page.set_footer(f"&C{words}")


def _write_head(book: Any, page: Any, sheet: OfficeSheet) -> None:
    last = len(sheet.columns) - 1
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    title = book.add_format(
        {"bold": True, "font_name": FONT, "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    note = book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True})
    page.set_row(_TITLE_ROW, 34)
    _wide(page, _TITLE_ROW, (0, last), sheet.title, title)
    page.set_row(_NOTE_ROW, 30)
    _wide(page, _NOTE_ROW, (0, last), sheet.note, note)
    head = book.add_format(
        {
            "bold": True, "font_name": FONT, "font_size": 10, "border": 1, "bg_color": "#E7EEF5",
            "align": "center", "valign": "vcenter", "text_wrap": True,
        }
    )  # fmt: skip
    page.set_row(_HEAD_ROW, 32)
    for place, column in enumerate(sheet.columns):
        page.write_string(_HEAD_ROW, place, column.header, head)
    page.freeze_panes(_HEAD_ROW + 1, 0)


def _wide(page: Any, row: int, places: tuple[int, int], text: str, form: Any) -> None:
    """Text over several columns; a sheet of one column has nothing to join."""
    first, last = places
    if first < last:
        page.merge_range(row, first, row, last, "", form)
    page.write_string(row, first, text, form)


def _write_rows(book: Any, page: Any, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> int:
    ruled = {"font_name": FONT, "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    text, day = book.add_format(ruled), book.add_format({**ruled, "num_format": "yyyy-mm-dd", "align": "center"})
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise InvalidInput("export_too_long", "A sheet holds at most {most} rows.", most=MOST_ROWS)
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            write_cell(page, _HEAD_ROW + count, place, column.show(value), text, day)
    return count


def _write_signatures(book: Any, page: Any, sheet: OfficeSheet, row: int) -> None:
    if not sheet.signatures:
        return
    form = book.add_format({"font_name": FONT, "font_size": 11, "valign": "vcenter"})
    page.set_row(row, 28)
    page.write_string(row, 0, "".join(words.ljust(28) for words in sheet.signatures).rstrip(), form)
