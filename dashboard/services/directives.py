"""Instructions and supervision orders: given, carried out, reported, ended, urged; nothing asked for is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from dashboard.services.issues import target_in, target_of
from dashboard.services.working_days import is_working_day
from db import counters, records
from db.repositories.dated import valid_on
from db.repositories.directives import unit_for
from db.repositories.loop import joining_units
from db.tables.directives import Directive
from db.tables.issues import Issue
from db.tables.people import Appointment, Unit
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork
from governance.deadlines import add_working_days
from governance.directive_rules import opening_directive, parties_of, take
from governance.directives import (
    DIRECTIVE_EVENT,
    DOING_UNITS,
    GIVEN,
    GIVING_RIGHT,
    STEP_OF,
    DirectiveAction,
    Party,
)
from governance.errors import InvalidInput, NotAllowed
from governance.permissions import Actor, Right, Target, require
from governance.vocabulary import DirectiveKind

_NUMBERED: Final = {DirectiveKind.INSTRUCTION: "PS", DirectiveKind.SUPERVISION_ORDER: "DB"}


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What rights are asked for a directive: for its subject, and for the unit that carries it out."""

    subject: Target
    doer: Target


def give_instruction(work: UnitOfWork, *, text: str, issue: Issue | None = None, **details: Any) -> Directive:
    """Give a leader's instruction on an issue or a zone; a liaison gives it for the leader, and both are recorded.

    Parameters
    ----------
    work : UnitOfWork
    text : str
        What is asked for.
    issue : Issue, optional
        Else ``zone`` in the details.
    **details
        ``zone``; ``unit_id`` that carries it out, else whoever answers for the issue or the zone; ``person_id`` of that
        unit; ``due_on``, else the district's working days from today.

    Returns
    -------
    Directive
        Received, numbered by kind and year without gaps.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    return _give(work, DirectiveKind.INSTRUCTION, text, issue=issue, **details)


def order_supervision(work: UnitOfWork, *, text: str, issue: Issue | None = None, **details: Any) -> Directive:
    """Order the supervision of an issue or a zone: the committee office, or a leader for the guarded zones.

    Parameters and refusals as for `give_instruction`.
    """
    return _give(work, DirectiveKind.SUPERVISION_ORDER, text, issue=issue, **details)


def propose(work: UnitOfWork, directive: Directive, proposal: str) -> Directive:
    """Say how it will be carried out."""
    return step(work, directive, DirectiveAction.PROPOSE, words=proposal)


def carry_out(work: UnitOfWork, directive: Directive, deed: str) -> Directive:
    """Say what was done."""
    return step(work, directive, DirectiveAction.CARRY_OUT, words=deed)


def report(work: UnitOfWork, directive: Directive, words: str) -> Directive:
    """Report it to whoever asked; the doer's clock stops."""
    return step(work, directive, DirectiveAction.REPORT, words=words)


def finish(work: UnitOfWork, directive: Directive, ending: str) -> Directive:
    """End what was reported by somebody else."""
    return step(work, directive, DirectiveAction.FINISH, words=ending)


def hand_back(work: UnitOfWork, directive: Directive, reason: str, *, due_on: date | None = None) -> Directive:
    """Hand a report back for more work, by a new day; the district's working days from today without one."""
    return step(work, directive, DirectiveAction.HAND_BACK, words=reason, due_on=due_on or usual_due_on(work))


def urge(work: UnitOfWork, directive: Directive, words: str = "") -> Directive:
    """Remind whoever carries it out; reminders are counted."""
    return step(work, directive, DirectiveAction.URGE, words=words)


def redirect(work: UnitOfWork, directive: Directive, reason: str, *, unit_id: int) -> Directive:
    """Give it to another unit before anything was done."""
    _require_doing_unit(work.session, unit_id)
    return step(work, directive, DirectiveAction.REDIRECT, words=reason, unit_id=unit_id)


def step(
    work: UnitOfWork, directive: Directive, action: DirectiveAction, *, words: str = "", **given: Any
) -> Directive:
    """Take any step of the table.

    Parameters
    ----------
    work : UnitOfWork
    directive : Directive
        Read in this unit of work; with the version that the person saw (see `db.records.get`).
    action : DirectiveAction
    words : str
        What the step asks for in words.
    **given
        ``unit_id`` to redirect it, ``due_on`` to hand it back.

    Returns
    -------
    Directive

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput
    """
    row = STEP_OF[action]
    work.speak_for(directive.on_behalf_of_id or directive.giver_id)
    _require_party(work, directive, row.party)
    fields = records.fields_of(directive)
    changes = take(action, fields, given, words=words, person_id=work.actor.person_id, today=work.today)
    reason = words.strip()
    return records.change(work, directive, changes, code=DIRECTIVE_EVENT[action], reason=reason)


def usual_due_on(work: UnitOfWork) -> date:
    """The day by which a directive that names none is to be carried out."""
    return add_working_days(work.today, max(work.numbers.directive_days, 1), is_working_day=is_working_day)


def parties(session: Session, actor: Actor, directive: Directive) -> frozenset[Party]:
    """On which sides of a directive somebody stands today."""
    sides = sides_of(session, directive)
    fields: Mapping[str, Any] = records.fields_of(directive)
    return parties_of(actor, fields, subject=sides.subject, doer=sides.doer)


def sides_of(session: Session, directive: Directive) -> Sides:
    """What rights are asked for a directive."""
    unit = session.get(Unit, directive.unit_id) if directive.unit_id is not None else None
    zones = frozenset({unit.zone_id} - {None}) if unit else frozenset()
    doer = Target(zone_ids=zones, unit_ids=frozenset({unit.key}) if unit else frozenset())  # type: ignore[arg-type]  # no None left
    if directive.issue_id is None:
        return Sides(subject=Target(zone_ids=frozenset({directive.zone_id} - {None})), doer=doer)  # type: ignore[arg-type]
    issue = session.get_one(Issue, directive.issue_id)
    joining = [row.unit_id for row in joining_units(session, issue.key)]
    return Sides(subject=target_of(issue, joining), doer=doer)


def doing_units(session: Session) -> list[Unit]:
    """Units that may carry a directive out, by kind and code."""
    query = select(Unit).where(col(Unit.kind).in_(DOING_UNITS))
    return list(session.exec(query.order_by(col(Unit.kind), col(Unit.code))))


def _give(
    work: UnitOfWork,
    kind: DirectiveKind,
    text: str,
    *,
    issue: Issue | None = None,
    zone: Zone | None = None,
    unit_id: int | None = None,
    person_id: int | None = None,
    due_on: date | None = None,
) -> Directive:
    target = target_in(work, issue) if issue else Target(zone_ids=frozenset({zone.key} if zone else ()))
    work.speak_about(target)
    require(work.actor, GIVING_RIGHT[kind], target)
    unit_id = unit_id or _unit_that_answers(work.session, issue, zone)
    given = {
        "kind": kind,
        "text": text,
        "issue_id": issue.key if issue else None,
        "zone_id": zone.key if zone else None,
        "unit_id": unit_id,
        "person_id": person_id,
        "due_on": due_on or usual_due_on(work),
    }
    opened = opening_directive(given, today=work.today)
    _require_doing_unit(work.session, unit_id)
    _require_member(work, unit_id, person_id)
    (number,) = counters.take(work.session, f"directive_number:{kind.value}:{work.today.year}")
    row = Directive(
        number=f"{_NUMBERED[kind]}-{work.today.year}-{number:03}",
        giver_id=work.actor.person_id,
        on_behalf_of_id=work.actor.on_behalf_of_id,
        **opened,
    )
    return records.create(work, row, code=GIVEN[kind])


def _unit_that_answers(session: Session, issue: Issue | None, zone: Zone | None) -> int | None:
    """The leading unit where one is named already, else the township's government, else the committee office."""
    lead = session.get(Unit, issue.lead_unit_id) if issue and issue.lead_unit_id is not None else None
    if lead is not None and lead.kind in DOING_UNITS:
        return lead.key
    found = unit_for(session, issue.township_id if issue else zone.key if zone else None)
    return found.key if found else None


def _require_doing_unit(session: Session, unit_id: int | None) -> None:
    unit = session.get(Unit, unit_id) if unit_id is not None else None
    if unit is None or unit.kind not in DOING_UNITS:
        raise InvalidInput(
            "directive_doer",
            "{unit} cannot carry a directive out; allowed: units of the kinds {kinds}",
            unit=unit.name if unit else "-",
            kinds=sorted(DOING_UNITS),
        )


def _require_member(work: UnitOfWork, unit_id: int | None, person_id: int | None) -> None:
    if person_id is None:
        return
    held = select(Appointment.id).where(
        Appointment.person_id == person_id, Appointment.unit_id == unit_id, valid_on(Appointment, work.today)
    )
    if work.session.exec(held).first() is None:
        raise InvalidInput("directive_person", "The named person does not belong to the unit that carries it out today")


def _require_party(work: UnitOfWork, directive: Directive, party: Party) -> None:
    if party in parties(work.session, work.actor, directive):
        return
    if party == Party.DOER:
        require(work.actor, Right.CARRY_OUT_DIRECTIVE, sides_of(work.session, directive).doer)
    raise NotAllowed(
        "directive_not_asked",
        "{number} was not asked for by {name}; ending, urging and redirecting it is up to whoever asked",
        number=directive.number,
        name=work.actor.name,
    )
