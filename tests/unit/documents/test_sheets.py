"""Sheets in an office's layout: how they print, and that text stays text."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from dashboard.documents.sheets import OfficeSheet, write_sheet
from dashboard.exporters.columns import Column
from governance.errors import InvalidInput


def column(header: str) -> Column:
    return Column(header, header, 12, lambda value: value)  # type: ignore[arg-type,return-value]


SHEET = OfficeSheet(
    title="List of problems",
    note="As of today",
    columns=[column(name) for name in ("No.", "What", "When")],
    signatures=("Filled in by:", "Date:"),
    page_words="Page {page} of {pages} & more",
)
ROWS: list[list[object]] = [[1, "=1+1", date(2026, 6, 30)], [2, "{=SUM(A1)}", None], [3, "http://x.example", None]]


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def written(folder: Path, sheet: OfficeSheet = SHEET, rows: Sequence[Sequence[object]] = ROWS) -> Path:
    write_sheet(sheet, rows, folder / "list.xlsx")
    return folder / "list.xlsx"


def cells(path: Path) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_a_sheet_has_its_title_note_head_rows_and_signatures(tmp_path: Path) -> None:
    title, note, head, *rows = cells(written(tmp_path))
    assert (title[0], note[0], head) == ("List of problems", "As of today", ["No.", "What", "When"])
    assert rows[:3] == [[1, "=1+1", date(2026, 6, 30)], [2, "{=SUM(A1)}", ""], [3, "http://x.example", ""]]
    assert re.sub(" +", " ", rows[-1][0]) == "Filled in by: Date:"


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path) -> None:
    page = parts(written(tmp_path))["xl/worksheets/sheet1.xml"]
    assert re.findall("<f>|<f |<hyperlink", page) == []


def test_a_sheet_prints_across_a4_as_wide_as_the_page_with_its_head_on_each(tmp_path: Path) -> None:
    found = parts(written(tmp_path))
    page = found["xl/worksheets/sheet1.xml"]
    assert 'paperSize="9"' in page
    assert 'orientation="landscape"' in page
    assert 'fitToHeight="0"' in page
    assert "Page &amp;P of &amp;N &amp;&amp; more" in page
    assert 'ySplit="3"' in page
    assert "$1:$3</definedName>" in found["xl/workbook.xml"]


def test_the_title_stands_over_all_columns(tmp_path: Path) -> None:
    assert '<mergeCell ref="A1:C1"/>' in parts(written(tmp_path))["xl/worksheets/sheet1.xml"]


def test_a_list_of_one_column_joins_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, replace(SHEET, columns=SHEET.columns[:1]), [[1]])
    assert "mergeCell" not in parts(path)["xl/worksheets/sheet1.xml"]
    assert cells(path)[0] == ["List of problems"]


def test_an_empty_list_is_a_sheet_with_its_head(tmp_path: Path) -> None:
    assert cells(written(tmp_path, rows=[]))[2] == ["No.", "What", "When"]


def test_the_same_list_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir(), two.mkdir()
    assert written(one).read_bytes() == written(two).read_bytes()


def test_a_list_that_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = path.read_bytes()
    with pytest.raises(InvalidInput, match="at most 32767"):
        write_sheet(SHEET, [[1, "x" * 32_768, None]], path)
    assert (path.read_bytes(), [file.name for file in tmp_path.iterdir()]) == (before, ["list.xlsx"])
