"""The workbook of refused rows."""

from pathlib import Path

import pytest

from dashboard.importers.mending import write_mending_workbook
from dashboard.importers.rows import Parsed, parse_issues
from dashboard.importers.table_reading import Table, read_table

ROWS = [
    ["台账", "", "", ""],
    ["序号", "问题描述", "发现时间", "坐标"],
    [1.0, "a", "2021.6.15", "119.3,35.1"],
    [2.0, "b", "6/7/21", "48.1,11.5"],
    [3.0, "", "=1+1", ""],
]


@pytest.fixture
def ledger() -> Table:
    return Table("sheet", [list(row) for row in ROWS])


def mending_of(table: Table, path: Path) -> Parsed:
    parsed = parse_issues(table)
    write_mending_workbook(table, parsed.errors, path, str, header=parsed.header, heading=lambda context, text: text)
    return parsed


def test_refused_rows_are_written_with_all_columns_and_the_reasons(ledger: Table, tmp_path: Path) -> None:
    mending_of(ledger, tmp_path / "mend.xlsx")
    head, first, second = read_table(tmp_path / "mend.xlsx").rows
    assert head == ["序号", "问题描述", "发现时间", "坐标", "original_row", "refusal_reason"]
    assert first[:5] == [2.0, "b", "6/7/21", "48.1,11.5", 4.0]
    assert str(first[5]).startswith("发现时间: “6/7/21” can mean several days")
    assert second[2] == "=1+1"


def test_the_mended_workbook_imports_without_its_reasons(ledger: Table, tmp_path: Path) -> None:
    mending_of(ledger, tmp_path / "mend.xlsx")
    mended = read_table(tmp_path / "mend.xlsx")
    mended.rows[1][2:4] = ["2021.7.6", "119.4,35.2"]
    mended.rows[2][1:3] = ["c", ""]
    parsed = parse_issues(mended)
    assert [(row.title, row.x) for row in parsed.rows] == [("b", 119.4), ("c", None)]
    assert (parsed.errors, parsed.header.unused) == ([], ("序号",))


def test_rows_refused_again_carry_only_the_new_reasons(ledger: Table, tmp_path: Path) -> None:
    mending_of(ledger, tmp_path / "once.xlsx")
    mending_of(read_table(tmp_path / "once.xlsx"), tmp_path / "twice.xlsx")
    assert len(read_table(tmp_path / "twice.xlsx").rows[0]) == 6


def test_the_same_refusals_give_the_same_bytes(ledger: Table, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        mending_of(ledger, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
