"""The quick path confirmed: every link of its life written in one act, each with its own person and day."""

from typing import Any

from sqlmodel import Session, col, select

from dashboard.services.issues import act, counted_deadlines, enter_ledger, facts_of, hand_over, target_in, target_of
from db import records
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.tables.people import Unit
from db.unit_of_work import UnitOfWork
from governance.errors import IllegalTransition, InvalidInput, NotAllowed
from governance.on_the_spot import Deed, record, require_confirmer, saw_it_put_right, waits_for_confirmation
from governance.permissions import Actor, Right, may, require
from governance.stages import EVENT_CODE, Action
from governance.vocabulary import Term, UnitKind


def confirm_on_the_spot(
    work: UnitOfWork,
    issue: Issue,
    *,
    lead_unit_id: int | None = None,
    requirement: str = "",
    reason: str = "",
    seen: str = "",
    is_signing: bool = True,
) -> Issue:
    """Confirm that an issue was found and put right on the spot.

    In this order, in one transaction: confirmed, entered in the ledger (at once), handed over, measures of the person
    whom the report named, on the day of the finding; the on-site check of the finder who looked on, where the finder
    may check, else of the confirming person who says what was seen there; and the sign-off, where the confirming
    person may. What cannot be done stays to be done: the issue then waits as supervised.

    Parameters
    ----------
    work : UnitOfWork
    issue : Issue
        With the version that the person saw.
    lead_unit_id : int, optional
        Leads the rectification; else the government of the issue's township.
    requirement : str
        What was asked for; else the measures as reported.
    reason : str
        Kept on each link; the measures as reported without one.
    seen : str
        What the confirming person saw on site; blank when nobody went there.
    is_signing : bool
        Sign off as well, if that is allowed.

    Returns
    -------
    Issue
        Closed, or supervised.

    Raises
    ------
    NotAllowed
        No right to confirm, enter or hand over here, or the person found it or put it right.
    IllegalTransition
    InvalidInput
        Not put right on the spot, no after photo, or nobody to lead.
    """
    require(work.actor, Right.CONFIRM, target_in(work, issue))
    require_confirmer(records.fields_of(issue), work.actor.person_id)
    unit_id = lead_unit_id or _answering_unit(work, issue)
    measures, rectifier_id = issue.measures or "", issue.rectifier_id or 0
    why = reason.strip() or measures  # every link has a reason
    act(work, issue, Action.CONFIRM, reason=why)
    enter_ledger(work, issue, term=Term.AT_ONCE, requirement=requirement.strip() or measures, reason=why)
    hand_over(work, issue, lead_unit_id=unit_id, person_in_charge_id=rectifier_id, reason=why)
    _record(work, issue, Action.SUBMIT_MEASURES, Deed(person_id=rectifier_id, day=issue.found_on), reason=measures)
    _check(work, issue, measures=measures, seen=seen)
    if is_signing:
        _sign_if_allowed(work, issue, why)
    return issue


def may_confirm_on_the_spot(actor: Actor, issue: Issue) -> bool:
    """Whether an issue was put right on the spot and this person is one who may confirm that."""
    if not waits_for_confirmation(issue.model_dump()) or actor.person_id in (issue.finder_id, issue.rectifier_id):
        return False
    rights = (Right.CONFIRM, Right.ENTER_LEDGER, Right.HAND_OVER)
    return all(may(actor, right, target_of(issue)) for right in rights)


def leading_units(session: Session, issue: Issue) -> list[Unit]:
    """Units that may lead the rectification: the government of the issue's township, else every unit, by code."""
    query = select(Unit).order_by(col(Unit.code))
    own = select(Unit).where(Unit.kind == UnitKind.TOWNSHIP, Unit.zone_id == issue.township_id)
    found = session.exec(own).all() if issue.township_id is not None else ()
    return list(found or session.exec(query))


def _answering_unit(work: UnitOfWork, issue: Issue) -> int:
    units = leading_units(work.session, issue)
    if len(units) != 1:
        raise InvalidInput(
            "nobody_to_lead", "No township answers for this place; choose the unit that leads", field="lead_unit_id"
        )
    return units[0].key


def _record(work: UnitOfWork, issue: Issue, action: Action, deed: Deed, *, reason: str = "") -> None:
    """Write what somebody else did, as the report told it; the right to confirm it was asked for before."""
    work.history.write(work.session)  # who took part is read from the events
    fields = records.fields_of(issue)
    given: dict[str, Any] = counted_deadlines(work, action, fields)
    changes = record(
        deed,
        action,
        fields,
        {**given, "reason": reason} if reason else given,
        recorder_id=work.actor.person_id,
        today=work.today,
        facts=facts_of(work, issue, action),
    )
    records.change(work, issue, changes, code=EVENT_CODE[action], reason=reason)


def _check(work: UnitOfWork, issue: Issue, *, measures: str, seen: str) -> None:
    """The finder who looked on has checked it already; else whoever confirms it says what was seen on site."""
    if issue.finder_id is not None and saw_it_put_right(records.fields_of(issue)):
        finder = actor_of(work.session, issue.finder_id, today=work.today)
        if may(finder, Right.CHECK_ON_SITE, target_in(work, issue)):
            deed = Deed(person_id=issue.finder_id, day=issue.found_on)
            _record(work, issue, Action.CHECK_ON_SITE, deed, reason=measures)
            return
    if seen.strip():
        act(work, issue, Action.CHECK_ON_SITE, reason=seen.strip())


def _sign_if_allowed(work: UnitOfWork, issue: Issue, reason: str) -> None:
    """Sign off within the same act; where rights or rules do not allow it, the issue waits for whoever may.

    The rules refuse before anything is written.
    """
    try:
        act(work, issue, Action.SIGN_OFF, reason=reason)
    except (NotAllowed, IllegalTransition, InvalidInput):
        return
