"""Ledgers as small files, built by the test that needs them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dashboard.importers.table_reading import Table

WriteBook = Callable[..., Path]


@pytest.fixture
def write_book(tmp_path: Path) -> WriteBook:
    """Write rows (and merged ranges with their value) as one sheet of a workbook."""

    def write(
        rows: Sequence[Sequence[Any]], *, merged: Sequence[tuple[str, Any]] = (), name: str = "book.xlsx"
    ) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet("台账")
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    is_day = isinstance(value, date)
                    (sheet.write_datetime if is_day else sheet.write)(number, place, value)
            for cells, value in merged:
                sheet.merge_range(cells, value)
        return path

    return write


@pytest.fixture
def table() -> Callable[..., Table]:
    """Make a table of rows without a file."""

    def make(*rows: Sequence[Any]) -> Table:
        width = max(map(len, rows))
        return Table("sheet", [[*row, *[""] * (width - len(row))] for row in rows])

    return make
