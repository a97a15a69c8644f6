"""What a ledger's rows become: frozen rows with typed values, and the two ways to read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from dashboard.importers.coordinates import Extent, parse_latitude, parse_longitude
from dashboard.importers.dates import parse_date, parse_due_date
from dashboard.importers.headers import Header
from dashboard.importers.parsing import Field, parse_rows
from dashboard.importers.refusals import RowError
from dashboard.importers.table_reading import Table
from dashboard.importers.values import (
    parse_category,
    parse_check_area,
    parse_code,
    parse_own_number,
    parse_severity,
    parse_sign_off_level,
    parse_source,
    parse_stage,
    parse_term,
    parse_text,
    parse_units,
    parse_yes_no,
)
from governance.vocabulary import Category, CheckArea, Severity, SignOffLevel, Source, Stage, Term


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """One enterprise as a ledger states it; ``row`` is its row in the sheet, x and y in the file's CRS."""

    row: int
    credit_code: str | None
    name: str
    name_en: str | None
    township: str | None
    industry: str | None
    address: str | None
    x: float | None
    y: float | None
    is_key_unit: bool | None
    contact_phone: str | None
    director_name: str | None


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue as a ledger states it; ``row`` is its row in the sheet, x and y in the file's CRS."""

    row: int
    number: str | None
    source_number: str | None
    source: Source | None
    source_document: str | None
    title: str
    description: str | None
    enterprise: str | None
    enterprise_credit_code: str | None
    place: str | None
    township: str | None
    industry: str | None
    category: Category | None
    check_area: CheckArea | None
    severity: Severity | None
    term: Term | None
    sign_off_level: SignOffLevel | None
    stage: Stage | None
    found_on: date | None
    rectify_due_on: date | None
    closed_on: date | None
    lead_unit: str | None
    joining_units: tuple[str, ...]
    person_in_charge: str | None
    requirement: str | None
    measures: str | None
    x: float | None
    y: float | None


Row = TypeVar("Row", EnterpriseRow, IssueRow)


@dataclass(frozen=True)
class Parsed(Generic[Row]):
    """What came of one table.

    Attributes
    ----------
    header : Header
        Where the fields were found, and which columns were not read.
    rows : list of Row
        In the order of the sheet; no blank, repeated or refused ones.
    errors : list of RowError
        By row, then by field in the order of the row class; all errors of all rows.
    read : int
        Rows with something in them: taken, repeated or refused.
    blank : int
        Rows in which no known column holds anything.
    duplicates : list of (int, int)
        Repeated row and the earlier row with the same values.
    skipped : list of int
        Rows that are no records: totals, signatures, the header once more.
    """

    header: Header
    rows: list[Row]
    errors: list[RowError]
    read: int
    blank: int
    duplicates: list[tuple[int, int]]
    skipped: list[int]

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return len({error.row for error in self.errors})


_ENTERPRISE_FIELDS: Final = {
    "credit_code": Field(parse_code),
    "name": Field(parse_text, is_required=True),
    "name_en": Field(parse_text),
    "township": Field(parse_text),
    "industry": Field(parse_text),
    "address": Field(parse_text, is_free=True),
    "x": Field(parse_longitude),
    "y": Field(parse_latitude),
    "is_key_unit": Field(parse_yes_no, is_free=True),
    "contact_phone": Field(parse_code),
    "director_name": Field(parse_text),
}

_ISSUE_FIELDS: Final = {
    "number": Field(parse_own_number),
    "source_number": Field(parse_text),
    "source": Field(parse_source),
    "source_document": Field(parse_text),
    "title": Field(parse_text, is_required=True),
    "description": Field(parse_text, is_free=True),
    "enterprise": Field(parse_text),
    "enterprise_credit_code": Field(parse_code),
    "place": Field(parse_text, is_free=True),
    "township": Field(parse_text),
    "industry": Field(parse_text),
    "category": Field(parse_category),
    "check_area": Field(parse_check_area),
    "severity": Field(parse_severity),
    "term": Field(parse_term),
    "sign_off_level": Field(parse_sign_off_level),
    "stage": Field(parse_stage),
    "found_on": Field(parse_date),
    "rectify_due_on": Field(parse_due_date),
    "closed_on": Field(parse_date),
    "lead_unit": Field(parse_text),
    "joining_units": Field(parse_units, empty=()),
    "person_in_charge": Field(parse_text),
    "requirement": Field(parse_text, is_free=True),
    "measures": Field(parse_text, is_free=True),
    "x": Field(parse_longitude),
    "y": Field(parse_latitude),
}


def parse_enterprises(
    table: Table, *, mapping: Mapping[str, str] | None = None, extent: Extent | None = None
) -> Parsed[EnterpriseRow]:
    """Read a table of enterprises.

    Parameters
    ----------
    table : Table
        As `dashboard.importers.table_reading.read_table` gives it.
    mapping : mapping of str to str, optional
        Field → header text where the known texts do not fit.
    extent : Extent, optional
        Where points are expected, in the CRS of the file; decides unclear orders of coordinates.

    Returns
    -------
    Parsed of EnterpriseRow
        Every row of the table is in exactly one of ``rows``, ``duplicates``, ``skipped``, ``blank``
        or (by ``row``) ``errors``.

    Raises
    ------
    InvalidInput
        The header cannot be used; see `dashboard.importers.headers.find_header`.
    """
    outcome = parse_rows(table, "enterprises", EnterpriseRow, _ENTERPRISE_FIELDS, mapping=mapping, extent=extent)
    return Parsed(*outcome)


def parse_issues(
    table: Table, *, mapping: Mapping[str, str] | None = None, extent: Extent | None = None
) -> Parsed[IssueRow]:
    """Read a table of issues; parameters, result and errors as `parse_enterprises`."""
    outcome = parse_rows(table, "issues", IssueRow, _ISSUE_FIELDS, mapping=mapping, extent=extent)
    return Parsed(*outcome)
