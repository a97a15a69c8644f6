"""What counts as found, unresolved, rectified, overdue and on time."""

from datetime import date, timedelta

import pytest

from governance.counting import (
    CLUES,
    FOUND,
    RECTIFIED,
    UNRESOLVED,
    is_on_time,
    is_overdue,
    on_time_rate,
)
from governance.vocabulary import Stage

TODAY = date(2026, 6, 30)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
# stage: clue, found, unresolved, rectified
COUNTED = [
    ("discovered", True, True, False, False),
    ("confirmed", False, True, True, False),
    ("ledgered", False, True, True, False),
    ("rectifying", False, True, True, False),
    ("supervised", False, True, True, False),
    ("public_notice", False, True, True, False),
    ("long_term", False, True, True, False),
    ("closed", False, True, False, True),
    ("refused", False, True, False, False),
    ("merged", False, False, False, False),
]


def test_every_stage_is_counted_here() -> None:
    assert {row[0] for row in COUNTED} == set(Stage)


@pytest.mark.parametrize(("stage", "is_clue", "is_found", "is_unresolved", "is_rectified"), COUNTED)
def test_a_stage_counts_as_what_it_is(
    *, stage: str, is_clue: bool, is_found: bool, is_unresolved: bool, is_rectified: bool
) -> None:
    counted = (stage in CLUES, stage in FOUND, stage in UNRESOLVED, stage in RECTIFIED)
    assert counted == (is_clue, is_found, is_unresolved, is_rectified)


@pytest.mark.parametrize("stage", list(Stage))
def test_only_what_is_unresolved_can_be_overdue(stage: Stage) -> None:
    assert is_overdue(stage, YESTERDAY, today=TODAY) == (stage in UNRESOLVED)


@pytest.mark.parametrize(("due_on", "late"), [(YESTERDAY, True), (TODAY, False), (TOMORROW, False), (None, False)])
def test_an_issue_is_overdue_from_the_day_after_its_deadline(*, due_on: date | None, late: bool) -> None:
    assert is_overdue(Stage.RECTIFYING, due_on, today=TODAY) is late


ON_TIME = [
    (TODAY, TODAY, True),
    (TOMORROW, TODAY, False),
    (YESTERDAY, TODAY, True),
    (None, TODAY, False),
    (None, None, True),
    (TODAY, None, True),
]


@pytest.mark.parametrize(("measures_on", "due_on", "in_time"), ON_TIME)
def test_measures_are_on_time_up_to_the_deadline_itself(
    *, measures_on: date | None, due_on: date | None, in_time: bool
) -> None:
    assert is_on_time(measures_on=measures_on, rectify_due_on=due_on) is in_time


def test_the_on_time_rate_counts_what_is_still_open_and_late() -> None:
    assert on_time_rate(closed_on_time=6, closed=8, open_overdue=2) == 0.6


def test_with_nothing_to_judge_there_is_no_on_time_rate() -> None:
    assert on_time_rate(closed_on_time=0, closed=0, open_overdue=0) is None
