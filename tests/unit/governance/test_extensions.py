"""More time to rectify: before the deadline, while rectifying, within bounds, seldom, and answered by somebody else."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.deadlines import add_working_days
from governance.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from governance.extensions import (
    extendable_deadline,
    granted_changes,
    latest_wanted,
    require_decidable,
    require_grantable,
    require_wanted,
)
from governance.loop_numbers import LoopNumbers
from governance.vocabulary import ExtensionState, Stage

DUE = date(2026, 6, 30)  # a Tuesday
NUMBERS = LoopNumbers(extensions=2)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def issue(**changes: Any) -> dict[str, Any]:
    usual = {"stage": "rectifying", "rectify_due_on": DUE, "term": "limited", "severity": "minor", "category": "dust"}
    return {**usual, **changes}


def ask(today: date = DUE, *, granted: int = 0, has_open: bool = False, **changes: Any) -> date:
    return extendable_deadline(issue(**changes), today=today, granted=granted, has_open=has_open, numbers=NUMBERS)


def test_more_time_may_be_asked_for_on_the_deadlines_own_day() -> None:
    assert ask(DUE) == DUE


def test_asking_on_the_day_after_the_deadline_is_too_late() -> None:
    with pytest.raises(NotAllowed, match="before the deadline; this one was 2026-06-30"):
        ask(DUE + timedelta(days=1))


@pytest.mark.parametrize("stage", sorted(set(Stage) - {"rectifying"}))
def test_more_time_is_asked_for_only_while_rectifying(stage: Stage) -> None:
    with pytest.raises(IllegalTransition, match=f"in the stage {stage}"):
        ask(stage=stage)


def test_an_issue_without_a_deadline_cannot_be_extended() -> None:
    with pytest.raises(InvalidInput, match="no deadline"):
        ask(rectify_due_on=None)


def test_one_request_is_open_at_a_time() -> None:
    with pytest.raises(Conflict, match="waits for its answer"):
        ask(has_open=True)


def test_the_third_extension_is_not_even_asked_for() -> None:
    assert ask(granted=1) == DUE
    with pytest.raises(NotAllowed, match=r"2 time\(s\); allowed: 2"):
        ask(granted=2)


def wanted(day: date, reason: str = "rain", **changes: Any) -> None:
    require_wanted(issue(**changes), day, reason=reason, is_working_day=weekday, numbers=NUMBERS)


@pytest.mark.parametrize("day", [DUE, DUE - timedelta(days=1), date(2026, 7, 22)])
def test_a_day_that_is_no_later_or_later_than_the_own_term_once_more_is_refused(day: date) -> None:
    with pytest.raises(InvalidInput, match="allowed: after 2026-06-30, up to 2026-07-21"):
        wanted(day)


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 7, 21)])
def test_fifteen_working_days_more_are_possible_for_a_term_of_fifteen(day: date) -> None:
    wanted(day)


def test_what_was_to_be_done_at_once_may_still_get_a_working_week() -> None:
    assert latest_wanted(issue(term="at_once"), is_working_day=weekday) == date(2026, 7, 7)


def test_without_a_deadline_there_is_no_latest_day() -> None:
    assert latest_wanted(issue(rectify_due_on=None), is_working_day=weekday) is None


def test_a_later_day_is_granted() -> None:
    require_grantable(issue(), DUE + timedelta(days=1), granted=1, numbers=NUMBERS)


def test_a_request_without_a_reason_is_refused() -> None:
    with pytest.raises(InvalidInput, match="needs its reason"):
        wanted(date(2026, 7, 1), reason="  ")


def test_whoever_asked_does_not_answer() -> None:
    with pytest.raises(NotAllowed, match="somebody other"):
        require_decidable(ExtensionState.ASKED, asked_by_id=4, person_id=4, answer="yes")


def test_somebody_else_answers_once_and_says_why() -> None:
    require_decidable(ExtensionState.ASKED, asked_by_id=4, person_id=5, answer="yes")
    with pytest.raises(InvalidInput, match="needs its reason"):
        require_decidable(ExtensionState.ASKED, asked_by_id=4, person_id=5, answer=" ")
    with pytest.raises(Conflict, match="answered already: granted"):
        require_decidable(ExtensionState.GRANTED, asked_by_id=4, person_id=5, answer="yes")


def test_what_was_handed_in_meanwhile_is_not_extended() -> None:
    with pytest.raises(IllegalTransition, match="supervised"):
        require_grantable(issue(stage="supervised"), date(2026, 7, 7), granted=0, numbers=NUMBERS)


def test_a_deadline_that_is_later_already_is_not_brought_forward() -> None:
    with pytest.raises(InvalidInput, match="can only be refused"):
        require_grantable(issue(rectify_due_on=date(2026, 7, 7)), date(2026, 7, 7), granted=0, numbers=NUMBERS)


def test_a_grant_moves_the_running_deadline() -> None:
    assert granted_changes(date(2026, 7, 7)) == {"rectify_due_on": date(2026, 7, 7), "due_on": date(2026, 7, 7)}


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 1000), st.integers(1, 1200))
def test_no_request_beyond_the_own_term_passes_whatever_the_dates(due: date, term: int, more: int) -> None:
    numbers = LoopNumbers(rectify_days={"limited.minor": term})
    day = due + timedelta(days=more)
    is_allowed = day <= add_working_days(due, max(term, 5), is_working_day=weekday)
    try:
        require_wanted(issue(rectify_due_on=due), day, reason="x", is_working_day=weekday, numbers=numbers)
    except InvalidInput:
        assert not is_allowed
    else:
        assert is_allowed
