"""Handover sheets: which handover of a plan is meant, who may have it, and what goes with the zone on the day."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from dashboard.documents.handover import HandoverFacts, OpenDirective, OpenIssue, Promise, handover_document
from dashboard.documents.official import OfficialDocument
from dashboard.i18n import _, label, pgettext
from dashboard.services.issue_facts import either
from dashboard.services.roster_lines import change_of, found_by
from dashboard.services.roster_load import ground_of
from dashboard.services.roster_rules import worked_out
from db import records
from db.loop_rules import loop_numbers_of
from db.repositories import directives, issues
from db.repositories.issues import IssueLine
from db.repositories.people import units
from db.repositories.roster import enterprises_in, granted_extensions, promised_measures, unreached_milestones
from db.repositories.scopes import issues_in_zones
from db.tables.directives import Directive
from db.tables.issues import Issue
from db.tables.people import Person
from db.tables.plans import Plan
from db.tables.territory import Zone
from db.unit_of_work import current_district
from governance.counting import UNRESOLVED
from governance.directives import OPEN
from governance.errors import NotFound
from governance.lights import light_of
from governance.loop_numbers import LoopNumbers
from governance.next_step import next_step
from governance.permissions import Actor, Right, Target, may
from governance.roster import planned, stand_in_edits
from governance.roster_days import Handover, handovers
from governance.vocabulary import PlanKind, PlanState, Role, UnitKind, ZoneKind

MOST_ISSUES: Final = 200
MOST_PROMISES: Final = 100
_EDITING: Final = (Right.EDIT_ASSIGNMENTS, Right.EDIT_PAST_ASSIGNMENTS)


def handover_as_document(
    session: Session,
    actor: Actor,
    plan_id: int,
    zone_code: str,
    *,
    today: date,
    yellow_days: int,
    begins: date | None = None,
) -> OfficialDocument:
    """The sheet of one handover of a plan, in the current language.

    Parameters
    ----------
    session : Session
    actor : Actor
    plan_id : int
        Of a change of the roster that is drafted or applied.
    zone_code : str
    today : date
        What is open stands there as of this local day.
    yellow_days : int
    begins : date, optional
        Which handover, where the zone passes more than once; the first one without it.

    Raises
    ------
    NotFound
        There is no such handover, or not for this person: drafts are for whoever edits the roster, what was carried
        out also for both leaders, their liaisons, and whoever sees the whole zone.
    InvalidInput
        A draft that cannot be worked out any more.
    """
    plan, zone = session.get(Plan, plan_id), _zone(session, zone_code)
    found = None
    if plan is not None and zone is not None and plan.kind == PlanKind.ROSTER and plan.state != PlanState.WITHDRAWN:
        passing = (one for one in handovers_of(session, plan, today=today) if one.zone_id == zone.key)
        found = next((one for one in passing if begins in (None, one.valid_from)), None)
    if plan is None or zone is None or found is None or not _may_have(actor, plan, found):
        raise NotFound(
            "no_handover",
            "The plan {plan} hands over no zone {zone} for you",
            plan=plan_id,
            zone=zone_code,
        )
    return handover_document(_facts(session, plan, zone, found, today=today, yellow_days=yellow_days))


def handovers_of(session: Session, plan: Plan, *, today: date) -> list[Handover]:
    """What a plan hands over: of a draft as the roster stands, of what was carried out as it found the roster.

    Raises
    ------
    InvalidInput, NotFound
        A draft that cannot be worked out any more.
    """
    change = change_of(plan)
    if plan.state != PlanState.APPLIED:
        worked = worked_out(session, change, today=today)
        return handovers(worked.before.spans, worked.plan.spans, since=change.effective_on)
    before = found_by(plan)
    standing_in = stand_in_edits(before, change.absence) if change.absence else ()
    after = planned(before, (*change.edits, *standing_in)).spans
    return handovers(before, after, since=change.effective_on)


def _zone(session: Session, code: str) -> Zone | None:
    return session.exec(select(Zone).where(Zone.code == code, Zone.kind != ZoneKind.DISTRICT)).first()


def _may_have(actor: Actor, plan: Plan, handover: Handover) -> bool:
    if any(may(actor, right) for right in _EDITING):
        return True
    if plan.state != PlanState.APPLIED:
        return False
    takes_part = {actor.person_id, *actor.leader_ids} & ({handover.from_id, handover.to_id} - {None})
    return bool(takes_part) or may(actor, Right.EXPORT, Target(zone_ids=frozenset({handover.zone_id})))


def _facts(
    session: Session, plan: Plan, zone: Zone, handover: Handover, *, today: date, yellow_days: int
) -> HandoverFacts:
    numbers = loop_numbers_of(session)
    pending = ground_of(session, today=today, yellow_days=yellow_days, numbers=numbers).pending({zone.key})
    there = and_(issues_in_zones(frozenset({zone.key})), col(Issue.stage).in_(sorted(UNRESOLVED)))
    promises, open_now, district = _promises(session, there), _open_directives(session, zone), current_district(session)
    return HandoverFacts(
        number=f"{plan.key}-{zone.code}",
        issuer=next((either(unit.name, unit.name_en) for unit in units(session, UnitKind.BUREAU)), district.name),
        zone=either(zone.name, zone.name_en),
        giver=_name_of(session, handover.from_id),
        taker=_name_of(session, handover.to_id),
        valid_from=handover.valid_from,
        valid_to=handover.valid_to,
        reason=plan.reason,
        document_number=plan.document_number or "",
        document_date=plan.document_date,
        approver=plan.approver or "",
        unresolved=pending.unresolved,
        overdue=pending.overdue,
        clues=pending.clues,
        enterprises=enterprises_in(session, {zone.key}).get(zone.key, 0),
        issues=_open_issues(session, there, today=today, yellow_days=yellow_days, numbers=numbers),
        promises=tuple(one for kind in promises for one in kind[:MOST_PROMISES]),
        directives=tuple(open_now[:MOST_PROMISES]),
        as_of=today,
        is_cut=max(len(open_now), *(len(kind) for kind in promises)) > MOST_PROMISES,
        is_draft=plan.state != PlanState.APPLIED,
        is_demo=district.is_demo,
    )


def _open_issues(
    session: Session, there: ColumnElement[bool], *, today: date, yellow_days: int, numbers: LoopNumbers
) -> tuple[OpenIssue, ...]:
    """Earliest deadline first, so that the overdue ones stand at the front."""
    found = issues.lines(session, there, limit=MOST_ISSUES, by_deadline=True, is_open=True)
    townships = {zone.id: either(zone.name, zone.name_en) for zone in session.exec(select(Zone))}
    lying = [(line, townships.get(line.issue.township_id, "")) for line in found]
    return tuple(
        OpenIssue(
            number=line.issue.number,
            title=line.issue.title,
            where=_where(line, township),
            stage=line.issue.stage,
            next_step=_next_step(line, township, today=today, numbers=numbers),
            due_on=line.issue.due_on,
            light=light_of(line.issue.due_on, today=today, yellow_days=yellow_days),
        )
        for line, township in lying
    )


def _where(line: IssueLine, township: str) -> str:
    parts = (either(line.enterprise, line.enterprise_en), line.issue.place or "", township)
    return pgettext("list separator", ", ").join(filter(None, parts))


def _next_step(line: IssueLine, township: str, *, today: date, numbers: LoopNumbers) -> str:
    """The action, and the person in charge where it is theirs, else the role whose turn it is."""
    step = next_step(records.fields_of(line.issue), today=today, numbers=numbers)
    if step is None:
        return ""
    person = either(line.person, line.person_en) if step.person_id is not None else ""
    unit = either(line.unit, line.unit_en) if step.unit_id is not None else ""
    owner = township if step.role == Role.TOWNSHIP and not unit else unit
    return "\n".join(dict.fromkeys(filter(None, (label(step.action), person or label(step.role), owner))))


def _promises(session: Session, there: ColumnElement[bool]) -> list[list[Promise]]:
    """Steps of plans, more time granted, measures written down; of each one more than is named."""
    most = MOST_PROMISES + 1
    steps = [
        Promise(issue=number, kind=_("Step of the long-term plan"), text=step.title, due_on=step.due_on)
        for number, step in unreached_milestones(session, there, limit=most)
    ]
    granted = [
        Promise(issue=number, kind=_("More time granted"), text=row.answer or row.reason, due_on=row.wanted_due_on)
        for number, row in granted_extensions(session, there, limit=most)
    ]
    measures = [
        Promise(issue=issue.number, kind=_("Measures"), text=issue.measures or "", due_on=issue.due_on)
        for issue in promised_measures(session, there, limit=most)
    ]
    return [steps, granted, measures]


def _open_directives(session: Session, zone: Zone) -> list[OpenDirective]:
    is_open = col(Directive.state).in_(sorted(OPEN))
    found: Sequence[directives.DirectiveLine] = directives.lines(
        session, and_(is_open, directives.about_zones(frozenset({zone.key}))), limit=MOST_PROMISES + 1
    )
    return [
        OpenDirective(
            number=line.directive.number,
            kind=line.directive.kind,
            text=line.directive.text,
            doer=either(line.unit, line.unit_en) or either(line.person, line.person_en),
            state=line.directive.state,
            due_on=line.directive.due_on,
        )
        for line in found
    ]


def _name_of(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    return either(person.name, person.name_en) if person else ""
