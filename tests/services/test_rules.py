"""The loop's numbers: set by the bureau, kept with their history, never overwritten unseen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.services.rules import Difference, differences, rules_history, rules_version, set_numbers
from db.loop_rules import loop_numbers_of
from db.unit_of_work import reading, unit_of_work
from db.verification import differences as faults
from governance.deadlines import rectify_days
from governance.errors import Conflict, InvalidInput, NotAllowed
from governance.loop_numbers import USUAL, LoopNumbers
from governance.vocabulary import Category, Severity, Term
from tests.conftest import NOW
from tests.services.loop_district import actor, found_loop, issue_of, report, walk


def put(engine: Engine, *, version: int = 0, by: str = "bureau01", minutes: int = 0, **changes: Any) -> int:
    with unit_of_work(engine, actor=actor(engine, by), now=NOW + timedelta(minutes=minutes)) as work:
        return set_numbers(work, replace(USUAL, **changes), version=version, reason="As agreed").version


def numbers(engine: Engine) -> LoopNumbers:
    with reading(engine) as session:
        return loop_numbers_of(session)


@pytest.fixture
def district(engine: Engine) -> Engine:
    """A district that keeps the usual numbers."""
    return found_loop(engine)


def test_numbers_that_were_set_are_in_force(district: Engine) -> None:
    put(district, check_days=9, category_days={Category.ODOUR: 2})
    assert numbers(district).check_days == 9
    kind = {"term": Term.LIMITED, "severity": Severity.MINOR, "category": Category.ODOUR}
    assert rectify_days(**kind, numbers=numbers(district)) == 2


def test_a_deadline_that_runs_stays_as_it_was_counted(district: Engine) -> None:
    number = walk(district, report(district), "rectifying")
    before = issue_of(district, number).due_on
    put(district, rectify_days={**USUAL.rectify_days, "limited.minor": 1})
    assert issue_of(district, number).due_on == before
    assert (issue_of(district, walk(district, report(district), "rectifying")).due_on or NOW.date()) < (
        before or NOW.date()
    )


def test_whoever_saw_older_numbers_is_told_and_changes_nothing(district: Engine) -> None:
    put(district, check_days=9)
    with pytest.raises(Conflict, match="changed by somebody else"):
        put(district, version=0, check_days=3, by="bureau02")
    assert numbers(district).check_days == 9


def test_whoever_saw_the_newest_numbers_sets_the_next(district: Engine) -> None:
    put(district, check_days=9)
    with reading(district) as session:
        seen = rules_version(session)
    put(district, version=seen, check_days=3, by="bureau02")
    assert numbers(district).check_days == 3


def test_a_form_made_from_numbers_that_never_were_is_refused(district: Engine) -> None:
    with pytest.raises(Conflict):
        put(district, version=4, check_days=3)


@pytest.mark.parametrize("by", ["committee01", "township01", "leader01", "director01", "display01"])
def test_only_the_bureau_sets_numbers(district: Engine, by: str) -> None:
    with pytest.raises(NotAllowed):
        put(district, by=by, check_days=3)


def test_a_number_out_of_bounds_is_refused(district: Engine) -> None:
    with pytest.raises(InvalidInput, match="0…1000"):
        put(district, check_days=1001)


def test_a_ladder_that_falls_is_refused(district: Engine) -> None:
    with pytest.raises(InvalidInput, match="must rise"):
        put(district, ladder={**USUAL.ladder, "township": 5, "industry_department": 4})


def test_the_history_tells_who_set_what(district: Engine) -> None:
    put(district, check_days=9)
    put(district, version=1, by="bureau02", minutes=1, check_days=9, extensions=1)
    with reading(district) as session:
        newest, first = rules_history(session)
        assert faults(session) == []
    assert (newest.by, newest.reason, first.by) == ("bureau02 name", "As agreed", "bureau01 name")
    assert differences(first.numbers, newest.numbers) == [Difference("extensions", "", 2, 1)]


def test_differences_name_the_key_of_what_is_set_by_kind() -> None:
    other = replace(USUAL, category_days={"dust": 4}, ladder={**USUAL.ladder, "district_leader": 20})
    assert differences(USUAL, other) == [
        Difference("category_days", "dust", None, 4),
        Difference("ladder", "district_leader", 15, 20),
    ]
