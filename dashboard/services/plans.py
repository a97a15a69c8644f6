"""Long-term plans: begun with their steps, judged step by step by somebody else, changed with a reason only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from dashboard.services.issues import act, target_in
from db import records
from db.repositories.loop import milestones_of
from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.loop import Milestone
from db.tables.people import Person
from db.unit_of_work import UnitOfWork
from governance import plans
from governance.permissions import Right, require
from governance.plans import Step
from governance.stages import Action

SHIFTED = "milestone_shifted"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A step of a plan, who said that it was reached, and how often its day was shifted."""

    milestone: Milestone
    reached_by: str | None
    times_shifted: int


def keep_long_term(
    work: UnitOfWork, issue: Issue, *, steps: Sequence[tuple[str, date]], review_on: date, reason: str
) -> Issue:
    """Let an issue follow a long-term plan.

    Parameters
    ----------
    work : UnitOfWork
    issue : Issue
        Being rectified; read in this unit of work.
    steps : sequence of (title, local day)
        At least one; each from today up to the review.
    review_on : date
        Local day by which all is reached and the measures are handed in; becomes the issue's deadline to rectify.
    reason : str

    Returns
    -------
    Issue
        Its running deadline is that of the plan's first step.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput
    """
    planned = [Step(title=title, due_on=due_on) for title, due_on in steps]
    plans.require_plan(planned, review_on=review_on, today=work.today)
    first = plans.next_day(planned, review_on=review_on)
    act(work, issue, Action.KEEP_LONG_TERM, reason=reason, review_due_on=first)
    records.change(work, issue, {"rectify_due_on": review_on}, code="review_set", reason=reason)
    for step in planned:
        row = Milestone(issue_id=issue.key, title=step.title.strip(), due_on=step.due_on)
        records.create(work, row, code="milestone_set")
    return issue


def reach_milestone(work: UnitOfWork, milestone: Milestone, *, words: str) -> Milestone:
    """Say that a step of a plan was reached; never by whoever rectifies.

    Parameters
    ----------
    work : UnitOfWork
    milestone : Milestone
        Read in this unit of work.
    words : str
        What was seen.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput, Conflict
    """
    issue = _issue_of(work, milestone, Right.REACH_MILESTONE)
    plans.require_unreached(_step(milestone))
    plans.require_judge(
        person_id=work.actor.person_id,
        rectifier_id=issue.rectifier_id,
        person_in_charge_id=issue.person_in_charge_id,
    )
    plans.require_reason(words)
    reached = {"reached_on": work.today, "reached_by_id": work.actor.person_id, "words": words}
    records.change(work, milestone, reached, code="milestone_reached", reason=words)
    _follow(work, issue, words)
    return milestone


def add_milestone(work: UnitOfWork, issue: Issue, *, title: str, due_on: date, reason: str) -> Milestone:
    """Add a step to a running plan.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput
    """
    require(work.actor, Right.KEEP_LONG_TERM, target_in(work, issue))
    plans.require_running(issue.stage)
    plans.require_reason(reason)
    plans.require_step(title, due_on, review_on=issue.rectify_due_on, today=work.today)
    row = Milestone(issue_id=issue.key, title=title.strip(), due_on=due_on)
    records.create(work, row, code="milestone_added", reason=reason)
    _follow(work, issue, reason)
    return row


def shift_milestone(work: UnitOfWork, milestone: Milestone, *, due_on: date, reason: str) -> Milestone:
    """Give a step another day; the old one stays in its history.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput, Conflict
    """
    issue = _issue_of(work, milestone, Right.KEEP_LONG_TERM)
    plans.require_unreached(_step(milestone))
    plans.require_reason(reason)
    plans.require_step(milestone.title, due_on, review_on=issue.rectify_due_on, today=work.today)
    records.change(work, milestone, {"due_on": due_on}, code=SHIFTED, reason=reason)
    _follow(work, issue, reason)
    return milestone


def shift_review(work: UnitOfWork, issue: Issue, *, review_on: date, reason: str) -> Issue:
    """Give the plan's review another day, not before its last step.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput
    """
    require(work.actor, Right.KEEP_LONG_TERM, target_in(work, issue))
    plans.require_running(issue.stage)
    plans.require_reason(reason)
    plans.require_review(review_on, _steps(work.session, issue), today=work.today)
    records.change(work, issue, {"rectify_due_on": review_on}, code="review_shifted", reason=reason)
    _follow(work, issue, reason)
    return issue


def plan_lines(session: Session, issue_id: int) -> list[PlanLine]:
    """An issue's steps by their days, with who judged them and how often each was shifted."""
    rows = milestones_of(session, issue_id)
    people = {row.reached_by_id for row in rows if row.reached_by_id is not None}
    names: dict[int | None, str] = dict(
        session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all()
    )
    shifts = (
        select(Event.subject_id, func.count())
        .where(Event.subject_kind == Milestone.subject, Event.code == SHIFTED)
        .where(col(Event.subject_id).in_([row.key for row in rows]))
        .group_by(col(Event.subject_id))
    )
    shifted = dict(session.exec(shifts).all())
    return [PlanLine(row, names.get(row.reached_by_id or 0), shifted.get(row.key, 0)) for row in rows]


def _issue_of(work: UnitOfWork, milestone: Milestone, right: Right) -> Issue:
    issue = records.get(work.session, Issue, milestone.issue_id)
    require(work.actor, right, target_in(work, issue))
    plans.require_running(issue.stage)
    return issue


def _follow(work: UnitOfWork, issue: Issue, reason: str) -> None:
    """Let the issue's running deadline be the plan's next day."""
    due_on = plans.next_day(_steps(work.session, issue), review_on=issue.rectify_due_on)
    if due_on != issue.due_on:
        changes = {"review_due_on": due_on, "due_on": due_on}
        records.change(work, issue, changes, code="plan_moved", reason=reason)


def _steps(session: Session, issue: Issue) -> list[Step]:
    session.flush()
    return [_step(row) for row in milestones_of(session, issue.key)]


def _step(milestone: Milestone) -> Step:
    return Step(title=milestone.title, due_on=milestone.due_on, reached_on=milestone.reached_on)
