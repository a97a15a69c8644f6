"""Provisional deadlines: only what the rules counted without a year's holidays is counted anew."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.deadlines import add_working_days
from governance.loop_numbers import USUAL, LoopNumbers
from governance.provisional import recounted, running_fields
from governance.vocabulary import Stage

HOLIDAYS = {date(2027, 1, 1), date(2027, 1, 4)}  # a Friday and a Monday


def weekday(day: date) -> bool:
    return day.weekday() < 5


def published(day: date) -> bool:
    return weekday(day) and day not in HOLIDAYS


def again(field: str, *, ever: tuple[LoopNumbers, ...] = (USUAL,), **issue: Any) -> date | None:
    usual = {"term": "limited", "severity": "minor", "category": "dust", "stage": "rectifying"}
    return recounted(field, {**usual, **issue}, is_working_day=published, numbers_ever=ever)


def counted(start: date, days: int) -> date:
    return add_working_days(start, days, is_working_day=weekday)


LEDGERED = date(2026, 12, 21)


def test_a_deadline_over_unknown_holidays_moves_by_as_many_days() -> None:
    assert again("rectify_due_on", ledgered_on=LEDGERED, rectify_due_on=date(2027, 1, 11)) == date(2027, 1, 13)


def test_a_deadline_that_knew_the_holidays_stays() -> None:
    assert again("rectify_due_on", ledgered_on=LEDGERED, rectify_due_on=date(2027, 1, 13)) is None


@pytest.mark.parametrize("due_on", [date(2027, 1, 12), date(2027, 2, 26), None])
def test_a_day_that_the_rules_would_not_give_stays(due_on: date | None) -> None:
    assert again("rectify_due_on", ledgered_on=LEDGERED, rectify_due_on=due_on) is None


def test_numbers_that_were_in_force_once_are_known_again() -> None:
    once = LoopNumbers(rectify_days={**USUAL.rectify_days, "limited.minor": 9})
    due_on = counted(LEDGERED, 9)
    assert again("rectify_due_on", ledgered_on=LEDGERED, rectify_due_on=due_on) is None
    assert again("rectify_due_on", ever=(USUAL, once), ledgered_on=LEDGERED, rectify_due_on=due_on) == date(2027, 1, 5)


def test_counting_begins_with_the_last_return() -> None:
    days = {"ledgered_on": date(2026, 11, 2), "opened_again_on": LEDGERED}
    assert again("rectify_due_on", rectify_due_on=date(2027, 1, 11), **days) == date(2027, 1, 13)


@pytest.mark.parametrize("issue", [{"ledgered_on": None}, {"ledgered_on": LEDGERED, "term": None}])
def test_what_was_never_counted_is_not_counted_anew(issue: dict[str, Any]) -> None:
    assert again("rectify_due_on", rectify_due_on=date(2027, 1, 11), **issue) is None


@pytest.mark.parametrize(
    ("field", "start", "days"),
    [
        ("confirm_due_on", {"found_on": date(2026, 12, 30)}, 3),
        ("check_due_on", {"measures_on": date(2026, 12, 30)}, 5),
        ("check_due_on", {"measures_on": date(2026, 12, 1), "notice_ends_on": date(2026, 12, 30)}, 5),
        ("notice_ends_on", {"announced_on": date(2026, 12, 30)}, 5),
    ],
)
def test_every_clock_is_counted_anew_from_its_own_start(field: str, start: dict[str, date], days: int) -> None:
    begin = max(start.values())
    expected = add_working_days(begin, days, is_working_day=published)
    assert again(field, **start, **{field: counted(begin, days)}) == expected


RUNNING = {
    "discovered": ("confirm_due_on",),
    "confirmed": ("rectify_due_on",),
    "ledgered": ("rectify_due_on",),
    "rectifying": ("rectify_due_on",),
    "supervised": ("check_due_on",),
    "public_notice": ("notice_ends_on", "check_due_on"),
    "long_term": (),
    "closed": (),
    "refused": (),
    "merged": (),
}


@pytest.mark.parametrize("stage", list(Stage))
def test_only_counted_clocks_that_run_are_looked_at(stage: Stage) -> None:
    assert running_fields(stage) == RUNNING[stage.value]


@given(st.dates(date(2026, 9, 1), date(2027, 6, 30)), st.sets(st.integers(0, 120), max_size=20))
def test_counting_anew_twice_changes_nothing_more(start: date, offsets: set[int]) -> None:
    holidays = {date(2027, 1, 1) + timedelta(days=n) for n in offsets}
    issue: dict[str, Any] = {"found_on": start, "confirm_due_on": counted(start, 3)}

    def calendar(day: date) -> bool:
        return weekday(day) and day not in holidays

    first = recounted("confirm_due_on", issue, is_working_day=calendar, numbers_ever=[USUAL])
    issue["confirm_due_on"] = first or issue["confirm_due_on"]
    assert recounted("confirm_due_on", issue, is_working_day=calendar, numbers_ever=[USUAL]) is None
