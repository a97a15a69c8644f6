"""The README's table of answers: each file is there, and holds the names that it is said to hold."""

import re

import pytest

from tests.unit.house.conftest import ROOT

NAMED = re.compile(r"`([^`]+)`")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and "`" in line and line.count("|") == 4
]


def files_in(text: str) -> list[str]:
    return [name for name in NAMED.findall(text) if (ROOT / name).suffix and "/" in name]


def test_the_table_is_read() -> None:
    assert len(ROWS) > 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_file_of_the_table_exists(row: list[str]) -> None:
    assert [name for name in files_in(" ".join(row)) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_name_of_the_table_stands_in_one_of_its_files(row: list[str]) -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in files_in(" ".join(row)) if (ROOT / name).is_file()]
    names = [name.rsplit(".")[-1] for name in NAMED.findall(row[2]) if re.fullmatch(r"[A-Za-z_.]+", name)]
    assert [name for name in names if not any(re.search(rf"\b{name}\b", text) for text in texts)] == []
