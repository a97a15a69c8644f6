"""Exported tables: exact, harmless, the same every time."""

import csv
import dataclasses
import hashlib
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.exporters.columns import Column, enterprise_columns, issue_columns, values_of
from dashboard.exporters.tables import TableFormat, protected, write_table
from dashboard.i18n import LOCALES, label, pgettext, set_locale
from dashboard.importers.delimited_reading import unprotected
from dashboard.importers.rows import EnterpriseRow, IssueRow, parse_enterprises, parse_issues
from dashboard.importers.table_reading import read_table
from governance.errors import InvalidInput
from governance.vocabulary import Category, CheckArea, Severity, SignOffLevel, Source, Stage, Term

FORMATS: tuple[TableFormat, ...] = ("xlsx", "csv")
NEVER_ALONE = {"", "-", "--", "---", "/", "\\"}
WORDS = st.text(
    st.sampled_from("=+-@'\"\\/,;\t\n 0123aZ苫盖，。（）①"), min_size=1, max_size=12
).map(str.strip).filter(lambda text: text not in NEVER_ALONE and any(map(str.isalnum, text)))  # fmt: skip
MAYBE = st.none() | WORDS
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2100, 12, 31))
DEGREES = st.floats(-179, 179).map(lambda value: round(value, 13))


def maybe(members: type) -> st.SearchStrategy:
    return st.none() | st.sampled_from(list(members))


ISSUES = st.builds(
    IssueRow,
    row=st.just(2), number=st.none() | st.from_regex(r"[0-9]{4}-[0-9]{5}", fullmatch=True), source_number=MAYBE,
    source=maybe(Source), source_document=MAYBE, title=WORDS, description=MAYBE, enterprise=MAYBE,
    enterprise_credit_code=st.none() | st.from_regex(r"[0-9A-H]{18}", fullmatch=True), place=MAYBE, township=MAYBE,
    industry=MAYBE, category=maybe(Category), check_area=maybe(CheckArea), severity=maybe(Severity), term=maybe(Term),
    sign_off_level=maybe(SignOffLevel), stage=maybe(Stage), found_on=DAYS, rectify_due_on=DAYS, closed_on=DAYS,
    lead_unit=MAYBE, joining_units=st.lists(st.sampled_from(["住建局", "=港口", "A 1"]), unique=True).map(tuple),
    person_in_charge=MAYBE, requirement=MAYBE, measures=MAYBE, x=DEGREES, y=DEGREES,
)  # fmt: skip


def written(path: Path, columns: Sequence[Column], records: Sequence[object], **options: object) -> Path:
    write_table(columns, values_of(columns, records), path, **options)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("format_", FORMATS)
@given(issues=st.lists(ISSUES, min_size=1, max_size=4, unique_by=dataclasses.astuple))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_exported_imports_again_to_the_same_issues(
    tmp_path: Path, columns: tuple[Column, ...], format_: TableFormat, issues: list[IssueRow]
) -> None:
    parsed = parse_issues(read_table(written(tmp_path / "out", columns, issues, format=format_, title="=台账")))
    assert parsed.errors == []
    assert [dataclasses.replace(row, row=2) for row in parsed.rows] == issues


def test_quoted_lines_full_of_other_separators_do_not_mislead(
    tmp_path: Path, columns: tuple[Column, ...], issue: IssueRow
) -> None:
    odd = dataclasses.replace(issue, row=2, title='a;"\n0;"\n0', measures='b|"\n|"\n|', person_in_charge=None)
    path = written(tmp_path / "out.csv", columns, [odd], format="csv", title="台账")
    assert [dataclasses.replace(row, row=2) for row in parse_issues(read_table(path)).rows] == [odd]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("format_", FORMATS)
def test_exports_of_every_language_import_again(
    tmp_path: Path, issue: IssueRow, format_: TableFormat, locale: str
) -> None:
    set_locale(locale)
    path = written(tmp_path / "out", issue_columns(pgettext, label), [issue], format=format_)
    set_locale(None)
    parsed = parse_issues(read_table(path))
    expected = dataclasses.replace(issue, person_in_charge=None)
    assert (parsed.rows, parsed.errors, parsed.header.unused) == ([expected], [], ())


@pytest.mark.parametrize("locale", LOCALES)
def test_exported_enterprises_import_again(tmp_path: Path, locale: str) -> None:
    row = EnterpriseRow(
        2, "913711000000000000", "示例", "Sample", "碑廓镇", "steel", "@路", 1e-05, 35.0, False, "+86", "甲"
    )
    set_locale(locale)
    path = written(tmp_path / "out", enterprise_columns(pgettext, label), [row], format="csv")
    set_locale(None)
    assert parse_enterprises(read_table(path)).rows == [row]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_records_give_the_same_bytes(
    tmp_path: Path, columns: tuple[Column, ...], issue: IssueRow, format_: TableFormat
) -> None:
    paths = [written(tmp_path / name, columns, [issue] * 3, format=format_, title="台账") for name in ("a", "b")]
    assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}) == 1


def test_a_workbook_holds_no_formula(tmp_path: Path, columns: tuple[Column, ...], issue: IssueRow) -> None:
    path = written(tmp_path / "out.xlsx", columns, [issue], format="xlsx", title="=1+1")
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_separated_values_start_no_formula(tmp_path: Path, columns: tuple[Column, ...], issue: IssueRow) -> None:
    path = written(tmp_path / "out.csv", columns, [issue], format="csv", title="=1+1")
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = [text for row in csv.reader(file) for text in row]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


@given(st.text())
def test_protection_is_undone_exactly(text: str) -> None:
    assert unprotected(protected(text)) == text
    assert not protected(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("format_", FORMATS)
def test_an_export_without_records_has_its_header(
    tmp_path: Path, columns: tuple[Column, ...], format_: TableFormat
) -> None:
    table = read_table(written(tmp_path / "out", columns, [], format=format_))
    assert table.rows == [[column.header for column in columns]]


def test_a_failed_export_leaves_the_file_as_it_was(
    tmp_path: Path, columns: tuple[Column, ...], issue: IssueRow
) -> None:
    path = tmp_path / "out.xlsx"
    path.write_text("before")
    with pytest.raises(InvalidInput):
        written(path, columns, [dataclasses.replace(issue, title="x" * 40_000)], format="xlsx")
    assert (path.read_text(), list(tmp_path.iterdir())) == ("before", [path])
