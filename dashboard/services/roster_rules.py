"""What a change of the roster must keep to before it is written: who asks, in which words, from what, to which end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from dashboard.services.roster import Roster, faults_from, fingerprints, roster
from dashboard.services.roster_lines import RosterChange
from db import records
from db.repositories.people import roles_on
from db.tables.people import Person
from db.tables.plans import Plan
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork
from governance.assignments import require_leader
from governance.errors import Conflict, InvalidInput
from governance.permissions import Right, may, require
from governance.roster import Edit, Planned, planned, stand_in_edits
from governance.roster_days import Fault, new_faults
from governance.vocabulary import PlanState

LONGEST_TITLE: Final = 120


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A change worked out on paper: the roster that it meets, all of its lines, what they end and begin.

    Attributes
    ----------
    faults
        Rules that would not hold any more, each with its days.
    """

    before: Roster
    edits: tuple[Edit, ...]
    plan: Planned
    faults: tuple[Fault, ...]

    @property
    def zone_ids(self) -> frozenset[int]:
        """The zones that the lines name."""
        return frozenset(edit.zone_id for edit in self.edits)


def worked_out(session: Session, change: RosterChange, *, today: date) -> Worked:
    """Work a change out on paper; nothing is written.

    Raises
    ------
    InvalidInput
        No lines, a zone that is retired, somebody who is no leader on the first day of a line, or what
        `governance.roster.planned` refuses.
    NotFound
    """
    known = roster(session)
    edits = (*change.edits, *(stand_in_edits(known.spans, change.absence) if change.absence else ()))
    since = min(change.effective_on, today)
    require_zones(session, edits)
    require_leaders(session, edits)
    plan = planned(known.spans, edits)
    away = (*known.absences, *((change.absence,) if change.absence else ()))
    before = faults_from(session, known.spans, known.absences, since)
    after = faults_from(session, plan.spans, away, since)
    return Worked(before=known, edits=edits, plan=plan, faults=tuple(new_faults(before, after)))


def require_editor(work: UnitOfWork) -> None:
    """Refuse whoever may edit neither the roster of days to come nor that of days past.

    Raises
    ------
    NotAllowed
    """
    if not may(work.actor, Right.EDIT_PAST_ASSIGNMENTS):
        require(work.actor, Right.EDIT_ASSIGNMENTS)


def require_words(change: RosterChange) -> None:
    """Refuse a change without a reason, or with a title of no fitting length.

    Raises
    ------
    InvalidInput
    """
    if not change.reason.strip():
        raise InvalidInput("reason_missing", "A change of the roster needs a reason")
    if not 0 < len(change.title.strip()) <= LONGEST_TITLE:
        raise InvalidInput(
            "title_length",
            "A title has 1 to {most} characters; this one has {n}",
            most=LONGEST_TITLE,
            n=len(change.title),
        )


def require_state(plan: Plan, state: PlanState) -> None:
    """Refuse a plan that is in another state.

    Raises
    ------
    InvalidInput
    """
    if plan.state != state:
        raise InvalidInput(
            "wrong_plan_state",
            "“{title}” is {state}; this needs {wanted}",
            title=plan.title,
            state=plan.state,
            wanted=state,
        )


def require_zones(session: Session, edits: Iterable[Edit]) -> None:
    """Refuse zones that are no longer such.

    Raises
    ------
    InvalidInput, NotFound
    """
    for number in sorted({edit.zone_id for edit in edits}):
        zone = records.get(session, Zone, number)
        if zone.is_retired:
            raise InvalidInput("zone_retired", "{zone} is no longer a zone and cannot be guarded", zone=zone.name)


def require_leaders(session: Session, edits: Iterable[Edit]) -> None:
    """Refuse lines for somebody who is no district leader on their first day.

    Raises
    ------
    InvalidInput, NotFound
    """
    for person_id, day in sorted({(edit.person_id, edit.valid_from) for edit in edits if not edit.is_ending}):
        person = records.get(session, Person, person_id)
        require_leader(roles_on(session, person_id, day=day), person=person.name)


def require_base(session: Session, worked: Worked, base: Mapping[int, str]) -> None:
    """Refuse a change made from a roster that is no longer there; a zone that was not looked at is one of these.

    Raises
    ------
    Conflict
        Its parameter ``zone_ids`` names the zones.
    """
    found = fingerprints(worked.before, worked.zone_ids)
    stale = [zone for zone in sorted(found) if base.get(zone) != found[zone]]
    if stale:
        raise Conflict(
            "roster_changed",
            "Somebody else has changed who guards {zones} meanwhile; nothing was saved, your change is kept here",
            zones=names_of(session, stale),
            zone_ids=tuple(stale),
        )


def require_rules(session: Session, worked: Worked) -> None:
    """Refuse a change after which a rule of the roster would not hold, or that changes nothing.

    Raises
    ------
    InvalidInput
    """
    if worked.plan == planned(worked.before.spans, ()):
        raise InvalidInput("nothing_changes", "The roster says so already on all of these days; nothing would change")
    if worked.faults:
        raise refusal_of(session, worked.faults[0])


def refusal_of(session: Session, fault: Fault) -> InvalidInput:
    """Why a rule of the roster would not hold, with names and days."""
    days = {"valid_from": fault.valid_from, "valid_to": fault.valid_to or "…"}
    zone = records.get(session, Zone, fault.zone_id).name if fault.zone_id else ""
    person = records.get(session, Person, fault.person_id).name if fault.person_id else ""
    match fault.code:
        case "no_lead":
            return InvalidInput(
                "no_lead",
                "{zone} would have no lead from {valid_from} to {valid_to}; each zone has one",
                zone=zone,
                **days,
            )
        case "no_zone":
            return InvalidInput(
                "no_zone",
                "{person} would guard no zone from {valid_from} to {valid_to}; give a zone, or mark an absence",
                person=person,
                **days,
            )
        case _:
            return InvalidInput(
                "guarded_twice", "{zone} would be guarded twice from {valid_from} to {valid_to}", zone=zone, **days
            )


def names_of(session: Session, zone_ids: Sequence[int]) -> tuple[str, ...]:
    """Names of zones, in the order given."""
    return tuple(records.get(session, Zone, number).name for number in zone_ids)
