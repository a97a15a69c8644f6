"""Provisional deadlines: counted anew when a year's holidays are published, and nothing that people set."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services import working_days
from dashboard.services.recounting import Recount, provisional_count, provisional_lines, recount_deadlines
from dashboard.services.working_days import is_working_day
from db import records
from db.repositories.issues import events_of
from db.tables.issues import Issue
from db.unit_of_work import reading, unit_of_work
from db.verification import differences, tally_differences
from governance.errors import NotAllowed
from governance.permissions import operator
from tests.services.loop_district import actor, do, found_loop, issue_of, report, walk

LAST = working_days.published_years()[1]
# Late in the last published year: terms reach into the year that is not published yet.
DECEMBER = datetime(LAST, 12, 20, 1, 30, tzinfo=UTC)
HOLIDAYS = {date(LAST + 1, 1, day) for day in range(1, 9)}


def published(day: date) -> bool:
    """The calendar with the next year's holidays: the first eight days of January."""
    if day.year == LAST + 1:
        return day.weekday() < 5 and day not in HOLIDAYS
    return is_working_day(day)


@pytest.fixture
def number(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """An issue handed over in December, with fifteen working days."""
    for module in ("tests.services.loop_district", "tests.services.test_recounting"):
        monkeypatch.setattr(f"{module}.NOW", DECEMBER, raising=False)
    monkeypatch.setattr("tests.services.loop_district.TODAY", DECEMBER.date())
    found_loop(engine, at=DECEMBER)
    return walk(engine, report(engine), "rectifying")


def recount(engine: Engine, by: Any = None, calendar: Callable[[date], bool] = published) -> Recount:
    later = DECEMBER + timedelta(days=1)
    with unit_of_work(engine, actor=by or operator("test"), now=later) as work:
        return recount_deadlines(work, is_working_day=calendar)


def test_a_deadline_over_the_turn_of_the_year_is_provisional(engine: Engine, number: str) -> None:
    with reading(engine) as session:
        assert provisional_count(session) == 1
        assert [line.issue.number for line in provisional_lines(session, limit=9)] == [number]


def test_published_holidays_move_a_provisional_deadline_by_an_event(engine: Engine, number: str) -> None:
    before = issue_of(engine, number).due_on or date.min
    found = recount(engine)
    after = issue_of(engine, number)
    in_holidays = sum(day.weekday() < 5 for day in HOLIDAYS)
    assert found.recounted == (number,)
    assert after.due_on == after.rectify_due_on
    assert sum(published(before + timedelta(days=n)) for n in range(1, (after.due_on - before).days + 1)) == in_holidays
    with reading(engine) as session:
        assert events_of(session, after.key)[-1][0].code == "deadline_recounted"
        assert (differences(session), tally_differences(session)) == ([], [])


def test_counting_anew_twice_changes_nothing_more(engine: Engine, number: str) -> None:
    recount(engine)
    assert recount(engine).recounted == ()
    assert number


def test_the_same_library_changes_nothing(engine: Engine, number: str) -> None:
    assert recount(engine, calendar=is_working_day).recounted == ()
    assert number


def test_a_day_that_people_set_stays(engine: Engine, number: str) -> None:
    with unit_of_work(engine, actor=operator("test"), now=DECEMBER) as work:
        issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
        wanted = date(LAST + 1, 3, 31)
        records.change(work, issue, {"rectify_due_on": wanted, "due_on": wanted}, code="extension_granted")
    assert recount(engine).recounted == ()


def test_a_returned_issue_is_counted_from_its_return(engine: Engine, number: str) -> None:
    do(engine, "director01", number, "submit_measures", measures="Covered")
    do(engine, "township01", number, "return", minutes=60 * 24 * 3, reason="Only half")
    assert (issue_of(engine, number).due_on or date.min).year == LAST + 1
    later = DECEMBER + timedelta(days=9)
    with unit_of_work(engine, actor=operator("test"), now=later) as work:
        assert recount_deadlines(work, is_working_day=published).recounted == (number,)


def test_only_whoever_sets_the_rules_counts_anew(engine: Engine, number: str) -> None:
    assert number
    with pytest.raises(NotAllowed):
        recount(engine, by=actor(engine, "township01"))
