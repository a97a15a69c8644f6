"""Which matters need a leader today: every reason by itself, the order, and never more than five."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.directives import OPEN
from governance.morning import (
    ANSWER_DAYS,
    MOST,
    RANK,
    Cause,
    IssueFacts,
    Reason,
    cause_of_directive,
    causes_of_issue,
    matters_today,
)
from governance.vocabulary import DirectiveState, Severity, Stage

TODAY = date(2026, 6, 30)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def reasons(**facts: Any) -> list[Reason]:
    usual: dict[str, Any] = {"stage": Stage.RECTIFYING, "severity": Severity.MINOR, "due_on": TODAY}
    return [cause.reason for cause in causes_of_issue(IssueFacts(**usual | facts), today=TODAY)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"due_on": None}, []),
        ({"due_on": ago(14)}, []),
        ({"due_on": ago(15)}, [Reason.LADDER]),
        ({"severity": Severity.SEVERE}, []),
        ({"severity": Severity.SEVERE, "due_on": ago(1)}, [Reason.SEVERE_LATE]),
        ({"severity": Severity.SEVERE, "due_on": ago(15)}, [Reason.SEVERE_LATE, Reason.LADDER]),
        ({"reopened_on": ago(40)}, [Reason.REBOUND]),
        ({"notice_due_on": TODAY}, []),
        ({"notice_due_on": ago(1)}, [Reason.NOTICE]),
        ({"asked_on": ago(ANSWER_DAYS - 1)}, []),
        ({"asked_on": ago(ANSWER_DAYS)}, [Reason.MORE_TIME]),
    ],
)
def test_each_reason_holds_from_its_day_on(facts: dict[str, Any], expected: list[Reason]) -> None:
    assert reasons(**facts) == expected


@pytest.mark.parametrize("stage", [Stage.DISCOVERED, Stage.CLOSED, Stage.REFUSED, Stage.MERGED])
def test_what_is_not_unresolved_needs_nobody(stage: Stage) -> None:
    assert reasons(stage=stage, severity=Severity.SEVERE, due_on=ago(99), reopened_on=ago(9)) == []


def test_what_the_leader_has_in_hand_waits_for_its_day() -> None:
    assert reasons(due_on=ago(99), is_in_hand=True) == []


@pytest.mark.parametrize(
    ("state", "due_on", "expected"),
    [
        (DirectiveState.RECEIVED, TODAY, None),
        (DirectiveState.CARRIED_OUT, ago(1), Reason.DIRECTIVE_LATE),
        (DirectiveState.REPORTED, TODAY, Reason.REPORTED),
        (DirectiveState.REPORTED, ago(9), Reason.REPORTED),
        (DirectiveState.DONE, ago(9), None),
    ],
)
def test_an_own_directive_comes_back_when_reported_or_late(
    state: DirectiveState, due_on: date, expected: Reason | None
) -> None:
    cause = cause_of_directive({"number": "PS-1", "state": state, "due_on": due_on, "reported_on": ago(2)}, today=TODAY)
    assert (cause.reason if cause else None) == expected


def test_the_order_is_rank_then_days_late_then_number() -> None:
    ladder, severe = Cause(reason=Reason.LADDER, since=ago(20)), Cause(reason=Reason.SEVERE_LATE, since=ago(1))
    found = [("3", ago(20), [ladder]), ("2", ago(30), [ladder]), ("4", ago(1), [severe]), ("1", ago(20), [ladder])]
    assert [matter.number for matter in matters_today(found, today=TODAY)] == ["4", "2", "1", "3"]


def test_causes_of_the_same_number_are_one_matter() -> None:
    ladder = Cause(reason=Reason.LADDER, since=ago(20))
    late = Cause(reason=Reason.DIRECTIVE_LATE, since=ago(25), directive="PS-1")
    (matter,) = matters_today([("1", ago(20), [ladder]), ("1", ago(25), [late]), ("2", None, [])], today=TODAY)
    assert (matter.causes, matter.days_late) == ((late, ladder), 25)


CAUSES = st.builds(
    Cause, reason=st.sampled_from(Reason), since=st.dates(ago(90), TODAY), directive=st.sampled_from(["", "PS-1"])
)
FOUND = st.lists(
    st.tuples(
        st.sampled_from([str(n) for n in range(9)]),
        st.none() | st.dates(ago(60), TODAY),
        st.lists(CAUSES, max_size=3),
    ),
    max_size=20,
)


@given(FOUND, st.randoms())
def test_never_more_than_five_and_the_same_whatever_the_order(found: list[Any], chance: Any) -> None:
    first = matters_today(found, today=TODAY)
    chance.shuffle(found)
    assert matters_today(found, today=TODAY) == first
    assert len(first) == min(MOST, len({number for number, _due, causes in found if causes}))


@given(FOUND)
def test_nothing_left_out_outranks_what_is_shown(found: list[Any]) -> None:
    shown, every = matters_today(found, today=TODAY), matters_today(found, today=TODAY, most=99)
    assert every[: len(shown)] == shown
    assert [RANK[matter.reason] for matter in every] == sorted(RANK[matter.reason] for matter in every)


@given(st.sampled_from(sorted(OPEN)), st.integers(-30, 30))
def test_an_open_directive_of_today_or_later_needs_nobody_unless_reported(state: DirectiveState, days: int) -> None:
    fields = {"number": "PS-1", "state": state, "due_on": ago(days), "reported_on": None}
    needs = cause_of_directive(fields, today=TODAY) is not None
    assert needs == (state == DirectiveState.REPORTED or days > 0)
