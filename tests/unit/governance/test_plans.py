"""Long-term plans: what they hold, by which day they are judged, and by whom."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from governance.lights import light_of
from governance.plans import (
    Step,
    next_day,
    pace_of,
    require_judge,
    require_plan,
    require_reason,
    require_review,
    require_running,
    require_step,
    require_unreached,
)
from governance.vocabulary import Light, Stage

TODAY = date(2026, 6, 30)
JULY, AUGUST, REVIEW = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)
STEPS = [Step(title="order the nets", due_on=AUGUST), Step(title="survey", due_on=JULY)]


def test_a_plan_with_steps_up_to_its_review_is_taken() -> None:
    require_plan(STEPS, review_on=AUGUST, today=TODAY)


def test_a_plan_without_a_step_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one step"):
        require_plan([], review_on=REVIEW, today=TODAY)


@pytest.mark.parametrize("due_on", [TODAY - timedelta(days=1), REVIEW + timedelta(days=1)])
def test_a_step_before_today_or_after_the_review_is_refused(due_on: date) -> None:
    with pytest.raises(InvalidInput, match="from 2026-06-30 up to the plan's review on 2026-09-30"):
        require_plan([Step(title="x", due_on=due_on)], review_on=REVIEW, today=TODAY)


def test_a_step_needs_words() -> None:
    with pytest.raises(InvalidInput, match="needs a title"):
        require_step(" ", JULY, review_on=REVIEW, today=TODAY)


def test_a_review_lies_neither_before_today_nor_before_the_last_step() -> None:
    require_review(AUGUST, STEPS, today=TODAY)
    with pytest.raises(InvalidInput, match="from 2026-08-31 on"):
        require_review(JULY, STEPS, today=TODAY)


@pytest.mark.parametrize("stage", sorted(set(Stage) - {"long_term"}))
def test_only_the_plan_of_a_long_term_issue_moves(stage: Stage) -> None:
    with pytest.raises(IllegalTransition, match=f"in the stage {stage}"):
        require_running(stage)


def test_a_reached_step_is_neither_reached_again_nor_shifted() -> None:
    with pytest.raises(Conflict, match="survey was reached on 2026-06-30"):
        require_unreached(Step(title="survey", due_on=JULY, reached_on=TODAY))


@pytest.mark.parametrize("part", ["rectifier_id", "person_in_charge_id"])
def test_whoever_rectifies_does_not_judge_a_step(part: str) -> None:
    people = {"rectifier_id": 1, "person_in_charge_id": 2}
    with pytest.raises(NotAllowed, match="somebody other"):
        require_judge(person_id=people[part], **people)
    require_judge(person_id=3, **people)


def test_a_plan_changes_with_a_reason_only() -> None:
    require_reason("rain")
    with pytest.raises(InvalidInput, match="with a reason"):
        require_reason(" ")


def test_a_long_term_plan_and_an_open_step_may_move() -> None:
    require_running(Stage.LONG_TERM)
    require_unreached(Step(title="survey", due_on=JULY))


def test_the_operator_of_a_command_is_apart_from_everybody() -> None:
    require_judge(person_id=None, rectifier_id=None, person_in_charge_id=None)


def test_a_plan_is_judged_by_its_earliest_unreached_step() -> None:
    assert next_day(STEPS, review_on=REVIEW) == JULY


def test_a_plan_with_all_steps_reached_is_judged_by_its_review() -> None:
    reached = [Step(title=step.title, due_on=step.due_on, reached_on=TODAY) for step in STEPS]
    assert next_day(reached, review_on=REVIEW) == REVIEW


@pytest.mark.parametrize(
    ("due_on", "pace"), [(TODAY, "on_schedule"), (TODAY - timedelta(days=1), "behind"), (None, "on_schedule")]
)
def test_a_plan_is_behind_from_the_day_after_its_step(due_on: date | None, pace: str) -> None:
    assert pace_of(Stage.LONG_TERM, due_on, today=TODAY) == pace


def test_other_issues_follow_no_plan() -> None:
    assert {pace_of(stage, TODAY, today=TODAY) for stage in set(Stage) - {Stage.LONG_TERM}} == {None}


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 30))
def test_pace_and_light_never_contradict_each_other(due_on: date, yellow_days: int) -> None:
    light = light_of(due_on, today=TODAY, yellow_days=yellow_days)
    assert (light == Light.RED) == (pace_of(Stage.LONG_TERM, due_on, today=TODAY) == "behind")
