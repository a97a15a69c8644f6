"""Tables out: workbooks and separated values in which text stays text and the same input gives the same bytes."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, assert_never

import xlsxwriter

from dashboard.exporters.columns import Column, OutCell
from governance.errors import InvalidInput

TableFormat = Literal["xlsx", "csv"]

MOST_ROWS: Final = 1_048_570
LONGEST_TEXT: Final = 32_767
CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format knows no zone
_STARTS_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def write_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    path: Path,
    *,
    format: TableFormat,  # noqa: A002 - the word of the command line
    title: str | None = None,
) -> int:
    """Write rows as a table.

    Parameters
    ----------
    columns : sequence of Column
        In the order of the values of each row.
    rows : iterable of sequences
        Raw values; each column's ``show`` says how they are written. Read once, never held.
    path : Path
        Replaced when the whole file is written, else left as it was.
    format : {"xlsx", "csv"}
        In a workbook text is always text, dates are dates and the header stays in view. Separated
        values are UTF-8 with mark; text that a table program would take for a formula gets one
        apostrophe before it, which the importer takes off again.
    title : str, optional
        A row above the header, and the sheet's name as far as that allows.

    Returns
    -------
    int
        Rows written, header and title not counted. The same input gives the same bytes.

    Raises
    ------
    InvalidInput
        ``export_too_long`` beyond what a sheet holds, ``text_too_long`` beyond what a cell holds.
    """
    with replacing(path) as part:
        if format == "xlsx":
            return _write_xlsx(columns, rows, part, title)
        if format == "csv":
            return _write_csv(columns, rows, part, title)
        assert_never(format)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside the wanted one, which takes its place when the block ends well."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def protected(text: str) -> str:
    """Return text that no table program takes for a formula; `read_table` undoes it exactly."""
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def _write_csv(columns: Sequence[Column], rows: Iterable[Sequence[object]], path: Path, title: str | None) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        if title is not None:
            writer.writerow([protected(title)] + [""] * (len(columns) - 1))
        writer.writerow([protected(column.header) for column in columns])
        for row in rows:
            count += 1
            writer.writerow([_csv_cell(column.show(value)) for column, value in zip(columns, row, strict=True)])
    return count


def _csv_cell(value: OutCell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return protected(value)
    return value.isoformat() if isinstance(value, date) else format(Decimal(repr(value)), "f")


def _write_xlsx(columns: Sequence[Column], rows: Iterable[Sequence[object]], path: Path, title: str | None) -> int:
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(sheet_name(title))
        top = _write_head(book, sheet, columns, title)
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise InvalidInput("export_too_long", "A sheet holds at most {most} rows.", most=MOST_ROWS)
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                write_cell(sheet, top + count, place, column.show(value))
        sheet.autofilter(top, 0, top + count, len(columns) - 1)
    return count


def _write_head(book: Any, sheet: Any, columns: Sequence[Column], title: str | None) -> int:
    """Write title and header; return the header's row."""
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "vcenter"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    top = 0
    if title is not None:
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        top = 1
    for place, column in enumerate(columns):
        sheet.write_string(top, place, column.header, head)
    sheet.freeze_panes(top + 1, 0)
    return top


def write_cell(sheet: Any, row: int, place: int, value: OutCell, form: Any = None, day_form: Any = None) -> None:
    """Write one cell of a workbook: text is always text, never a formula or a link.

    Parameters
    ----------
    sheet
        Of an xlsxwriter workbook.
    row, place : int
        From 0.
    value : str, float, int, date or None
    form, day_form
        Formats of the workbook: of the cell, and of one that holds a date.

    Raises
    ------
    InvalidInput
        ``text_too_long`` beyond what a cell holds.
    """
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise InvalidInput(
                "text_too_long",
                "The text has {length} characters; at most {most} are allowed.",
                length=len(value), most=LONGEST_TEXT,
            )  # fmt: skip
        sheet.write_string(row, place, value, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, day_form)
    elif value is not None:
        sheet.write_number(row, place, _Exact(value) if isinstance(value, float) else value, form)
    elif form is not None:
        sheet.write_blank(row, place, None, form)


class _Exact(float):
    """A number that formats with all its digits: the writer's own 16 do not give every float back."""

    def __format__(self, form: str) -> str:
        """Return the shortest digits that read as the same number."""
        return float.__repr__(self)


def sheet_name(title: str | None) -> str:
    """Return the name of a sheet for a title, as far as workbooks allow it."""
    name = re.sub(r"[\[\]:*?/\\]", " ", title or "").strip(" '")[:31].strip(" '")
    return name if name and name.casefold() != "history" else "Sheet1"
