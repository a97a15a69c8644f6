"""The workbook of refused rows: to be mended where it is marked, and imported again as it is."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from dashboard.importers.headers import Header
from dashboard.importers.refusals import Cell, RowError, shown_cell
from dashboard.importers.table_reading import Table

_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the file format knows no zone
_WIDTH: Final = 16
_REASON_WIDTH: Final = 60


def write_mending_workbook(
    table: Table,
    errors: Iterable[RowError],
    path: Path,
    translate: Callable[[BaseException], str],
    *,
    header: Header,
    heading: Callable[[str, str], str],
) -> int:
    """Write the refused rows with all their columns, and why they were refused.

    Parameters
    ----------
    table, header
        What was read, and where its columns are (`Parsed.header`).
    errors : iterable of RowError
        All errors; each row that has one is written once, in the order of the sheet.
    path : Path
        Is overwritten.
    translate : callable
        Error → sentence in the person's language, as `dashboard.i18n.message`.
    heading : callable
        ``heading("column", name)`` for ``original_row`` and ``refusal_reason``, as
        `dashboard.i18n.pgettext`. Both columns stand last and are ignored when the file is imported.

    Returns
    -------
    int
        Rows written. Wrong cells are coloured and carry the reason as a note; a missing column's
        reason stands in the last column only. The same input gives the same bytes.
    """
    by_row: dict[int, list[RowError]] = defaultdict(list)
    for error in errors:
        by_row[error.row].append(error)
    places = [place for place in range(len(header.titles)) if place not in header.ignored]
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet()
        _write_head(book, sheet, [header.titles[place] for place in places], heading)
        wrong = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True, "border": 1})
        wrong_date = book.add_format({"bg_color": "#FFC7CE", "bold": True, "num_format": "yyyy-mm-dd"})
        for row, number in enumerate(sorted(by_row), 1):
            reasons = _reasons(by_row[number], header, translate)
            for place, source in enumerate(places):
                value = table.rows[number - 1][source]
                marked = wrong_date if isinstance(value, date) else wrong
                _write_cell(sheet, row, place, value, marked if source in reasons else None)
                if source in reasons:
                    sheet.write_comment(row, place, reasons[source], {"author": "", "x_scale": 2})
            sheet.write_number(row, len(places), number)
            sheet.write_string(row, len(places) + 1, _all_reasons(by_row[number], header, translate))
    return len(by_row)


def _write_head(book: Any, sheet: Any, titles: list[str], heading: Callable[[str, str], str]) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
    texts = [*titles, heading("column", "original_row"), heading("column", "refusal_reason")]
    for place, text in enumerate(texts):
        sheet.write_string(0, place, text, bold)
    sheet.set_column(0, len(texts) - 2, _WIDTH)
    sheet.set_column(len(texts) - 1, len(texts) - 1, _REASON_WIDTH)
    sheet.freeze_panes(1, 0)


def _place_of(error: RowError, header: Header) -> int | None:
    """Return the column of an error's field; a position in one column stands for x and y."""
    place = header.columns.get(error.field)
    return header.columns.get("coordinates") if place is None and error.field in ("x", "y") else place


def _reasons(errors: list[RowError], header: Header, translate: Callable[[BaseException], str]) -> dict[int, str]:
    reasons: dict[int, list[str]] = defaultdict(list)
    for error in errors:
        if (place := _place_of(error, header)) is not None:
            reasons[place].append(translate(error.error))
    return {place: "\n".join(texts) for place, texts in reasons.items()}


def _all_reasons(errors: list[RowError], header: Header, translate: Callable[[BaseException], str]) -> str:
    lines = []
    for error in errors:
        place = _place_of(error, header)
        title = header.titles[place] if place is not None else error.field
        lines.append(f"{title}: {translate(error.error)}")
    return "\n".join(lines)


def _write_cell(sheet: Any, row: int, place: int, value: Cell, form: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, form)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, form)
    elif text := shown_cell(value):
        sheet.write_string(row, place, text, form)
    elif form is not None:
        sheet.write_blank(row, place, None, form)
