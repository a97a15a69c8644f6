"""Long-term plans: the running deadline follows the earliest unreached step, and somebody else judges it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.plans import (
    add_milestone,
    keep_long_term,
    plan_lines,
    reach_milestone,
    shift_milestone,
    shift_review,
)
from db.repositories.loop import milestones_of
from db.tables.issues import Issue
from db.tables.loop import Milestone
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from db.verification import differences, tally_differences
from governance.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from tests.conftest import NOW
from tests.services.loop_district import actor, do, found_loop, issue_of, report, walk

FIRST, SECOND, REVIEW = date(2026, 8, 31), date(2026, 10, 30), date(2026, 12, 31)


def within(engine: Engine, by: str) -> Any:
    return unit_of_work(engine, actor=actor(engine, by), now=NOW)


def issue_in(work: UnitOfWork, number: str) -> Issue:
    return work.session.exec(select(Issue).where(Issue.number == number)).one()


def keep(engine: Engine, number: str, *steps: tuple[str, date], by: str = "bureau01", review_on: date = REVIEW) -> None:
    with within(engine, by) as work:
        keep_long_term(work, issue_in(work, number), steps=steps, review_on=review_on, reason="Takes a windbreak")


def step(engine: Engine, number: str, title: str) -> Milestone:
    with reading(engine) as session:
        rows = milestones_of(session, issue_of(engine, number).key)
    return next(row for row in rows if row.title == title)


def reach(engine: Engine, number: str, title: str, by: str = "township01") -> None:
    with within(engine, by) as work:
        reach_milestone(work, work.session.get_one(Milestone, step(engine, number, title).key), words="Seen standing")


@pytest.fixture
def number(engine: Engine) -> str:
    """An issue with a plan of two steps."""
    found_loop(engine)
    number = walk(engine, report(engine), "rectifying")
    keep(engine, number, ("nets", SECOND), ("survey", FIRST))
    return number


def days(engine: Engine, number: str) -> tuple[date | None, ...]:
    issue = issue_of(engine, number)
    return issue.due_on, issue.review_due_on, issue.rectify_due_on


def test_the_plan_is_judged_by_its_first_step_and_ends_with_its_review(engine: Engine, number: str) -> None:
    assert days(engine, number) == (FIRST, FIRST, REVIEW)


def test_a_reached_step_lets_the_deadline_be_the_next_one_and_then_the_review(engine: Engine, number: str) -> None:
    reach(engine, number, "survey")
    assert days(engine, number) == (SECOND, SECOND, REVIEW)
    reach(engine, number, "nets")
    assert days(engine, number) == (REVIEW, REVIEW, REVIEW)


def test_a_step_reached_out_of_turn_leaves_the_earlier_one_running(engine: Engine, number: str) -> None:
    reach(engine, number, "nets")
    assert days(engine, number) == (FIRST, FIRST, REVIEW)


def test_measures_are_handed_in_when_all_steps_are_reached(engine: Engine, number: str) -> None:
    with pytest.raises(InvalidInput, match="2 steps of the long-term plan are not reached"):
        do(engine, "director01", number, "submit_measures", measures="Covered")
    reach(engine, number, "survey")
    reach(engine, number, "nets")
    assert do(engine, "director01", number, "submit_measures", measures="Covered").stage == "supervised"


@pytest.mark.parametrize("by", ["director01", "butler01", "cadre01", "leader01", "committee01", "township03"])
def test_this_person_judges_no_step(engine: Engine, number: str, by: str) -> None:
    with pytest.raises(NotAllowed):
        reach(engine, number, "survey", by=by)


def test_the_person_in_charge_judges_no_step_even_with_a_signers_role(engine: Engine) -> None:
    found_loop(engine)
    number = walk(engine, report(engine), "ledgered")
    in_charge = actor(engine, "township01").person_id
    lead = actor(engine, "township01").grants[0].unit_ids
    do(engine, "bureau01", number, "hand_over", lead_unit_id=min(lead), person_in_charge_id=in_charge)
    keep(engine, number, ("survey", FIRST))
    with pytest.raises(NotAllowed, match="somebody other than who rectifies"):
        reach(engine, number, "survey", by="township01")
    reach(engine, number, "survey", by="township02")


def test_a_plan_needs_a_step_and_the_bureau(engine: Engine) -> None:
    found_loop(engine)
    number = walk(engine, report(engine), "rectifying")
    with pytest.raises(InvalidInput, match="at least one step"):
        keep(engine, number)
    with pytest.raises(NotAllowed):
        keep(engine, number, ("survey", FIRST), by="township01")


def test_a_shifted_step_moves_the_deadline_and_says_how_often(engine: Engine, number: str) -> None:
    with within(engine, "bureau01") as work:
        row = work.session.get_one(Milestone, step(engine, number, "survey").key)
        shift_milestone(work, row, due_on=SECOND + timedelta(days=3), reason="Rain")
    assert days(engine, number)[0] == SECOND
    with reading(engine) as session:
        lines = plan_lines(session, issue_of(engine, number).key)
    assert [(line.milestone.title, line.times_shifted) for line in lines] == [("nets", 0), ("survey", 1)]


def test_an_added_step_and_a_shifted_review_are_followed(engine: Engine, number: str) -> None:
    with within(engine, "bureau01") as work:
        issue = issue_in(work, number)
        add_milestone(work, issue, title="order", due_on=FIRST - timedelta(days=9), reason="Forgotten")
        shift_review(work, issue, review_on=REVIEW + timedelta(days=30), reason="One step more")
    assert days(engine, number) == (FIRST - timedelta(days=9), FIRST - timedelta(days=9), REVIEW + timedelta(days=30))


def test_a_step_beyond_the_review_is_refused(engine: Engine, number: str) -> None:
    with pytest.raises(InvalidInput, match="up to the plan's review on"), within(engine, "bureau01") as work:
        add_milestone(work, issue_in(work, number), title="x", due_on=REVIEW + timedelta(days=1), reason="More")


def test_a_change_without_a_reason_is_refused(engine: Engine, number: str) -> None:
    with pytest.raises(InvalidInput, match="with a reason"), within(engine, "bureau01") as work:
        add_milestone(work, issue_in(work, number), title="x", due_on=FIRST, reason=" ")


def test_a_step_is_reached_once(engine: Engine, number: str) -> None:
    reach(engine, number, "survey")
    with pytest.raises(Conflict, match="was reached on 2026-06-30"):
        reach(engine, number, "survey", by="township02")


def test_an_issue_without_a_plan_gets_no_step(engine: Engine) -> None:
    found_loop(engine)
    number = walk(engine, report(engine), "rectifying")
    with pytest.raises(IllegalTransition, match="rectifying"), within(engine, "bureau01") as work:
        add_milestone(work, issue_in(work, number), title="x", due_on=FIRST, reason="More")


def test_plans_replay_to_what_stands(engine: Engine, number: str) -> None:
    reach(engine, number, "survey")
    with within(engine, "bureau01") as work:
        row = work.session.get_one(Milestone, step(engine, number, "nets").key)
        shift_milestone(work, row, due_on=REVIEW, reason="Rain")
    with reading(engine) as session:
        assert (differences(session), tally_differences(session)) == ([], [])
