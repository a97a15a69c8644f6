"""When something is late: lights at their boundary days, and working days by a made-up calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.deadlines import add_working_days, check_due_on, confirm_due_on, notice_ends_on, rectify_due_on
from governance.lights import days_late, light_of, worst
from governance.loop_numbers import loop_numbers
from governance.vocabulary import Category, Light, Severity, Term

TODAY = date(2026, 6, 30)
# Days to the deadline, with yellow from three days before it.
LIGHTS = [(-400, "red"), (-1, "red"), (0, "yellow"), (1, "yellow"), (3, "yellow"), (4, "green"), (400, "green")]

# Made up: Monday 2 March to Sunday 15 March 2026; Thursday and Friday off, made up for on Saturday the 7th.
OFF = {date(2026, 3, 5), date(2026, 3, 6)}
MADE_UP = {date(2026, 3, 7)}


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


@pytest.mark.parametrize(("days", "light"), LIGHTS)
def test_the_light_turns_on_its_days(days: int, light: str) -> None:
    assert light_of(TODAY + timedelta(days=days), today=TODAY, yellow_days=3) == light


def test_without_a_running_clock_the_light_is_green() -> None:
    assert light_of(None, today=TODAY, yellow_days=3) == Light.GREEN


def test_with_no_yellow_days_only_the_last_day_is_yellow() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert light_of(TODAY, today=TODAY, yellow_days=0) == Light.YELLOW
    assert light_of(tomorrow, today=TODAY, yellow_days=0) == Light.GREEN


WORST = [
    ((), "green"),
    (("green",), "green"),
    (("green", "yellow"), "yellow"),
    (("red", "yellow", "green"), "red"),
    (("yellow", "red"), "red"),
]


@pytest.mark.parametrize(("lights", "light"), WORST)
def test_the_worst_light_wins(lights: tuple[str, ...], light: str) -> None:
    assert worst(map(Light, lights)) == light


@pytest.mark.parametrize(("days", "late"), [(-2, 2), (-1, 1), (0, 0), (5, 0)])
def test_days_late_are_counted_from_the_day_after_the_deadline(days: int, late: int) -> None:
    assert days_late(TODAY + timedelta(days=days), today=TODAY) == late


def test_what_has_no_deadline_is_never_late() -> None:
    assert days_late(None, today=TODAY) == 0


# start, working days, end
COUNTED = [
    ("2026-03-02", 1, "2026-03-03"),
    ("2026-03-04", 1, "2026-03-07"),
    ("2026-03-04", 2, "2026-03-09"),
    ("2026-03-05", 1, "2026-03-07"),
    ("2026-03-07", 1, "2026-03-09"),
    ("2026-03-08", 1, "2026-03-09"),
    ("2026-03-02", 5, "2026-03-10"),
]


@pytest.mark.parametrize(("start", "days", "end"), COUNTED)
def test_working_days_skip_holidays_and_count_days_made_up(start: str, days: int, end: str) -> None:
    counted = add_working_days(date.fromisoformat(start), days, is_working_day=works)
    assert counted == date.fromisoformat(end)


@given(start=st.dates(date(2020, 1, 1), date(2030, 1, 1)), days=st.integers(1, 60))
def test_a_deadline_is_a_working_day_with_exactly_so_many_working_days_before_it(start: date, days: int) -> None:
    end = add_working_days(start, days, is_working_day=works)
    between = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    assert works(end)
    assert sum(map(works, between)) == days


def test_a_clue_has_three_working_days_to_be_confirmed() -> None:
    assert confirm_due_on(date(2026, 3, 2), is_working_day=works) == date(2026, 3, 7)


def test_measures_have_five_working_days_to_be_checked() -> None:
    assert check_due_on(date(2026, 3, 2), is_working_day=works) == date(2026, 3, 10)


# term, severity, working days
TERMS = [
    ("at_once", "minor", 1),
    ("at_once", "major", 1),
    ("at_once", "severe", 1),
    ("limited", "minor", 15),
    ("limited", "major", 20),
    ("limited", "severe", 30),
    ("long_term", "minor", 120),
    ("long_term", "major", 120),
    ("long_term", "severe", 120),
]


@pytest.mark.parametrize(("term", "severity", "days"), TERMS)
def test_the_time_to_rectify_follows_from_term_and_severity(term: str, severity: str, days: int) -> None:
    due_on = rectify_due_on(TODAY, term=Term(term), severity=Severity(severity), is_working_day=lambda day: True)
    assert (due_on - TODAY).days == days


OWN = loop_numbers(
    {
        "confirm_days": 1,
        "check_days": 2,
        "notice_days": 3,
        "rectify_days": {"limited.minor": 4, "at_once.severe": 2},
        "category_days": {"odour": 6},
    }
)


def test_a_district_counts_by_its_own_numbers() -> None:
    start = date(2026, 3, 2)
    assert confirm_due_on(start, is_working_day=works, numbers=OWN) == date(2026, 3, 3)
    assert check_due_on(start, is_working_day=works, numbers=OWN) == date(2026, 3, 4)
    assert notice_ends_on(start, is_working_day=works, numbers=OWN) == date(2026, 3, 7)


def test_a_public_notice_lasts_five_working_days() -> None:
    assert notice_ends_on(date(2026, 3, 2), is_working_day=works) == date(2026, 3, 10)


# term, severity, category, days by the district's own numbers; what it did not set keeps the usual ones
OWN_TERMS = [
    ("limited", "minor", "dust", 4),
    ("limited", "minor", "odour", 6),
    ("limited", "severe", "odour", 6),
    ("limited", "major", "dust", 20),
    ("at_once", "severe", "odour", 2),
    ("at_once", "minor", "odour", 1),
    ("long_term", "minor", "odour", 120),
]


@pytest.mark.parametrize(("term", "severity", "category", "days"), OWN_TERMS)
def test_a_category_may_have_days_of_its_own_for_what_is_limited(
    term: str, severity: str, category: str, days: int
) -> None:
    kind = {"term": Term(term), "severity": Severity(severity), "category": Category(category)}
    due_on = rectify_due_on(TODAY, is_working_day=lambda day: True, numbers=OWN, **kind)  # type: ignore[arg-type]
    assert (due_on - TODAY).days == days
