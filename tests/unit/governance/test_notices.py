"""Notices: which issues one names together, who issues which kind, how they are numbered."""

from datetime import date
from typing import Any

import pytest

from governance.errors import InvalidInput
from governance.notices import (
    MOST_ISSUES,
    USUAL_NUMBER,
    is_number_pattern,
    notice_due_on,
    notice_number,
    require_issuer,
    require_together,
    short_code,
)
from governance.vocabulary import NoticeKind, Stage, UnitKind

NAMEABLE = {Stage.LEDGERED, Stage.RECTIFYING, Stage.SUPERVISED, Stage.PUBLIC_NOTICE, Stage.LONG_TERM}


def issue(stage: Stage = Stage.LEDGERED, owner: int | None = 1) -> dict[str, Any]:
    return {"number": "2026-00001", "stage": stage, "enterprise_id": owner}


@pytest.mark.parametrize("stage", sorted(NAMEABLE))
def test_a_notice_names_what_stands_in_the_ledger(stage: Stage) -> None:
    require_together([issue(stage)])


@pytest.mark.parametrize("stage", sorted(set(Stage) - NAMEABLE))
def test_a_notice_names_nothing_else(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match=f"2026-00001 stands at {stage}"):
        require_together([issue(stage)])


def test_a_notice_goes_to_one_enterprise() -> None:
    require_together([issue(owner=None), issue(owner=None)])
    with pytest.raises(InvalidInput, match="belong to 2"):
        require_together([issue(owner=1), issue(owner=None)])


@pytest.mark.parametrize("n", [0, MOST_ISSUES + 1])
def test_a_notice_names_a_sensible_number_of_issues(n: int) -> None:
    with pytest.raises(InvalidInput, match=f"this one names {n}"):
        require_together([issue()] * n)


@pytest.mark.parametrize(
    ("kind", "unit", "may"),
    [
        (NoticeKind.TOWNSHIP, UnitKind.TOWNSHIP, True),
        (NoticeKind.TOWNSHIP, UnitKind.BUREAU, False),
        (NoticeKind.DISTRICT, UnitKind.INSPECTION_GROUP, True),
        (NoticeKind.DISTRICT, UnitKind.COMMITTEE_OFFICE, True),
        (NoticeKind.DISTRICT, UnitKind.TOWNSHIP, False),
        (NoticeKind.DISTRICT, UnitKind.ENFORCEMENT, False),
        (NoticeKind.DISTRICT, UnitKind.BUTLER_TEAM, False),
    ],
)
def test_each_kind_has_its_issuers(kind: NoticeKind, unit: UnitKind, *, may: bool) -> None:
    if may:
        require_issuer(kind, unit)
        return
    with pytest.raises(InvalidInput, match="is issued by"):
        require_issuer(kind, unit)


def test_a_notice_is_due_with_the_last_of_its_issues() -> None:
    assert notice_due_on([date(2026, 7, 1), None, date(2026, 6, 1)]) == date(2026, 7, 1)
    assert notice_due_on([None]) is None


def test_the_usual_number_names_issuer_year_and_place() -> None:
    made = [notice_number(p, unit="office-1", short="ZJ1", year=2026, n=7) for p in (USUAL_NUMBER, "{unit}-{year}-{n}")]
    assert made == ["ZJ1-2026-007", "office-1-2026-7"]


@pytest.mark.parametrize(
    ("kind", "code", "short"),
    [
        (UnitKind.TOWNSHIP, "township-990000108", "ZJ108"),
        (UnitKind.TOWNSHIP, "township-108", "ZJ108"),
        (UnitKind.BUREAU, "bureau", "FJ"),
        (UnitKind.COMMITTEE_OFFICE, "committee", "HWB"),
        (UnitKind.INSPECTION_GROUP, "group-1", "JC1"),
    ],
)
def test_an_issuer_has_a_short_name(kind: UnitKind, code: str, short: str) -> None:
    assert short_code(kind, code, others=[code], district_code="990000") == short


def test_issuers_that_would_share_a_short_name_keep_their_codes() -> None:
    codes = ["township-990000108", "township-108"]
    found = [short_code(UnitKind.TOWNSHIP, code, others=codes, district_code="990000") for code in codes]
    assert found == codes


@pytest.mark.parametrize("pattern", [USUAL_NUMBER, "{unit}[{year}]{n}", "{year}{unit}No.{n:04}"])
def test_a_pattern_may_be_the_districts_own(pattern: str) -> None:
    assert is_number_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["", "{unit}-{n}", "{unit}-{year}", "{year}-{n}", "{x}", "{unit", "{unit}/{year}/{n}", "{unit.x}{year}{n}", "{}"],
)
def test_a_pattern_that_repeats_numbers_is_none(pattern: str) -> None:
    assert not is_number_pattern(pattern)
