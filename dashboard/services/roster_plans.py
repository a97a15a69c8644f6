"""Changes of the roster: drafted for colleagues to see, carried out as one, taken back by another change."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from dashboard.services.roster import fingerprints, roster
from dashboard.services.roster_lines import RosterChange, fields_of, found_by, left_by, outcome_text
from dashboard.services.roster_rules import (
    Worked,
    require_base,
    require_editor,
    require_rules,
    require_state,
    require_words,
    worked_out,
)
from db import records
from db.tables.people import Assignment
from db.tables.plans import Absence, Plan
from db.unit_of_work import UnitOfWork
from governance.errors import Conflict
from governance.permissions import Right, require
from governance.roster import restoring_edits
from governance.vocabulary import PlanKind, PlanState


def save_draft(work: UnitOfWork, change: RosterChange, *, base: Mapping[int, str], plan: Plan | None = None) -> Plan:
    """Keep a change as a draft that colleagues see and comment, or write a draft anew.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require_editor(work)
    require_words(change)
    fields = {**fields_of(change, base), "written_at": work.now}
    if plan is not None:
        require_state(plan, PlanState.DRAFT)
        return records.change(work, plan, fields, code="plan_redrafted", reason=change.reason)
    row = Plan(kind=PlanKind.ROSTER, state=PlanState.DRAFT, author_id=work.actor.person_id, **fields)
    return records.create(work, row, code="plan_drafted", reason=change.reason)


def carry_out(
    work: UnitOfWork,
    change: RosterChange,
    *,
    base: Mapping[int, str],
    plan: Plan | None = None,
    undoes: Plan | None = None,
) -> Plan:
    """Carry a change of the roster out, all of its lines or none.

    Parameters
    ----------
    work : UnitOfWork
    change : RosterChange
    base : mapping of int to str
        Zone number → the fingerprint of its roster that the change was made from.
    plan : Plan, optional
        The draft that it comes from.
    undoes : Plan, optional
        The change that it takes back.

    Returns
    -------
    Plan
        Applied; lines of days to come take effect by themselves on their day.

    Raises
    ------
    NotAllowed
        No editor, or days in the past by somebody without the right to them.
    InvalidInput
        What `worked_out` refuses, a rule that would not hold any more, or lines that change nothing.
    Conflict
        Somebody else has changed the roster of one of these zones meanwhile.
    """
    past = change.effective_on < work.today
    require(work.actor, Right.EDIT_PAST_ASSIGNMENTS if past else Right.EDIT_ASSIGNMENTS)
    worked = worked_out(work.session, change, today=work.today)
    require_base(work.session, worked, base)
    require_rules(work.session, worked)
    row = plan or save_draft(work, change, base=base)
    require_state(row, PlanState.DRAFT)
    _write(work, worked, change, row)
    after = fingerprints(roster(work.session), worked.zone_ids)
    done = {
        **fields_of(change, base),
        "state": PlanState.APPLIED,
        "applied_at": work.now,
        "outcome": outcome_text(worked.before.of(worked.zone_ids).spans, after),
        "undoes_id": undoes.key if undoes else None,
    }
    return records.change(work, row, done, code="plan_applied", reason=change.reason)


def undo(work: UnitOfWork, plan: Plan, *, reason: str) -> Plan:
    """Bring back, from today on, the roster that a change found; the days served meanwhile stay as they were.

    Raises
    ------
    NotAllowed, InvalidInput
    Conflict
        The zones were changed again after it: that would be undone with it.
    """
    change = undoing(work.session, plan, reason=reason, today=work.today)
    _end_absence(work, plan, reason)
    return carry_out(work, change, base=left_by(plan), undoes=plan)


def undoing(session: Session, plan: Plan, *, reason: str, today: date) -> RosterChange:
    """The change that takes another one back, for its preview.

    Raises
    ------
    InvalidInput
        The plan was not carried out.
    Conflict
        The zones were changed again after it.
    """
    require_state(plan, PlanState.APPLIED)
    known, left = roster(session), left_by(plan)
    if left != fingerprints(known, left):
        raise Conflict(
            "changed_since",
            "The zones of “{title}” were changed again after it; undo the later change first",
            title=plan.title,
        )
    edits = restoring_edits(known.of(left.keys()).spans, found_by(plan), since=today)
    return RosterChange(title=plan.title, reason=reason, edits=tuple(edits))


def withdraw(work: UnitOfWork, plan: Plan, *, reason: str) -> Plan:
    """Give a draft up; it stays on the record.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require_editor(work)
    require_state(plan, PlanState.DRAFT)
    return records.change(work, plan, {"state": PlanState.WITHDRAWN}, code="plan_withdrawn", reason=reason)


def roster_plans(session: Session, state: PlanState, *, limit: int = 100) -> list[Plan]:
    """Changes of the roster in a state, the newest first."""
    query = select(Plan).where(Plan.kind == PlanKind.ROSTER, Plan.state == state)
    return list(session.exec(query.order_by(col(Plan.written_at).desc(), col(Plan.id).desc()).limit(limit)))


def _write(work: UnitOfWork, worked: Worked, change: RosterChange, plan: Plan) -> None:
    for place, end in worked.plan.ended:
        row = worked.before.rows[place]
        records.change(work, row, {"valid_to": end}, code="assignment_ended", reason=change.reason)
    for span in worked.plan.begun:
        begun = Assignment(
            zone_id=span.zone_id,
            person_id=span.person_id,
            part=span.part,
            valid_from=span.valid_from,
            valid_to=span.valid_to,
            reason=change.reason,
            document_number=change.document_number,
            document_date=change.document_date,
            approver=change.approver,
            recorded_at=work.now,
            plan_id=plan.key,
        )
        records.create(work, begun, code="assigned", reason=change.reason)
    if change.absence is not None:
        _mark_absent(work, change, plan)
    work.session.flush()


def _mark_absent(work: UnitOfWork, change: RosterChange, plan: Plan) -> None:
    if change.absence is None:
        return
    row = Absence(
        person_id=change.absence.person_id,
        stand_in_id=change.absence.stand_in_id,
        valid_from=change.absence.valid_from,
        valid_to=change.absence.valid_to,
        reason=change.reason,
        plan_id=plan.key,
        recorded_at=work.now,
    )
    records.create(work, row, code="absent", reason=change.reason)


def _end_absence(work: UnitOfWork, plan: Plan, reason: str) -> None:
    """A leader whose stand-in is taken back is here again from today on."""
    work.session.flush()
    for row in work.session.exec(select(Absence).where(Absence.plan_id == plan.key)):
        end = max(row.valid_from, min(row.valid_to, work.today))
        records.change(work, row, {"valid_to": end}, code="absence_ended", reason=reason)
