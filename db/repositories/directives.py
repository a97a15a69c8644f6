"""Queries on instructions and supervision orders: who may see which, what waits for whom, and their history."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.repositories.scopes import about_issues, issues_in_zones, issues_within
from db.tables.directives import Directive
from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.people import Person, Unit
from db.tables.territory import Zone
from governance.directives import DOING_UNITS, GIVEN, OPEN, RUNNING
from governance.permissions import Actor, Right, Scope, Target, may, scope_of
from governance.vocabulary import DirectiveKind, DirectiveState, Light, UnitKind


@dataclass(frozen=True, kw_only=True)
class DirectiveFilter:
    """What a list of directives shows; empty fields do not filter.

    Attributes
    ----------
    text
        Part of the words or of the number.
    light
        Of directives whose doer's clock runs.
    given
        Given after one event of the history and up to another, about one of ``in_zone_ids`` or about an issue that
        lies there today; about anything without zones.
    """

    text: str = ""
    kinds: frozenset[DirectiveKind] = frozenset()
    states: frozenset[DirectiveState] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    issue_id: int | None = None
    zone_ids: frozenset[int] = frozenset()
    is_open: bool = False
    light: Light | None = None
    given: tuple[int, int] | None = None
    in_zone_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DirectiveLine:
    """A directive with the names of what it refers to."""

    directive: Directive
    issue: str | None
    issue_title: str | None
    zone: str | None
    zone_en: str | None
    unit: str | None
    unit_en: str | None
    giver: str | None
    giver_en: str | None
    leader: str | None
    leader_en: str | None
    person: str | None
    person_en: str | None


def directives_within(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Directive`: those that somebody may see.

    They are all of them for whoever sees all issues, else those that the person gave, or somebody for the leader for
    whom the person acts; those that the own unit or the person carries out; and those about an issue, or about an own
    zone, that the person sees.
    """
    if actor.is_operator or _sees_all(actor):
        return true()
    if not may(actor, Right.SEE):
        return false()
    seen = about_issues(Directive, issues_within(actor))
    return or_(asked_by(actor), done_by(actor), seen, _about_zones(actor))


def asked_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Directive`: given by the person, or for the leader who the person is or acts for today."""
    own = {actor.person_id, *actor.leader_ids} - {None}
    return or_(col(Directive.giver_id).in_(own), col(Directive.on_behalf_of_id).in_(own))


def done_by(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Directive`: carried out by the person or by a unit that the person belongs to."""
    doing = [grant for grant in actor.grants if scope_of(Right.CARRY_OUT_DIRECTIVE, grant.role)]
    units = frozenset[int]().union(*(grant.unit_ids for grant in doing))
    zones = frozenset[int]().union(*(grant.zone_ids for grant in doing))
    of_zones = select(Unit.id).where(col(Unit.zone_id).in_(zones), col(Unit.kind).in_(DOING_UNITS))
    named = col(Directive.person_id) == actor.person_id if actor.person_id is not None else false()
    return or_(named, col(Directive.unit_id).in_(units), col(Directive.unit_id).in_(of_zones))


def waiting_for(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Directive`: it is the person's turn, to carry it out or to end what somebody else reported."""
    ends_all = may(actor, Right.END_DIRECTIVE, Target())
    asker = true() if ends_all else asked_by(actor) if may(actor, Right.END_DIRECTIVE) else false()
    reporter = col(Directive.reporter_id)
    is_apart = or_(reporter.is_(None), reporter != actor.person_id) if actor.person_id is not None else true()
    ended_next = and_(col(Directive.state).in_(OPEN - RUNNING), asker, is_apart)
    return or_(and_(col(Directive.state).in_(RUNNING), done_by(actor)), ended_next)


def condition_of(wanted: DirectiveFilter, *, today: date, yellow_until: date) -> ColumnElement[bool]:
    """Condition on `Directive` for a filter; ``yellow_until`` is the last day of the yellow light."""
    conditions: list[ColumnElement[bool]] = [
        col(column).in_(values)
        for column, values in (
            (Directive.kind, wanted.kinds),
            (Directive.state, wanted.states),
            (Directive.unit_id, wanted.unit_ids),
            (Directive.zone_id, wanted.zone_ids),
        )
        if values
    ]
    if wanted.issue_id is not None:
        conditions.append(col(Directive.issue_id) == wanted.issue_id)
    if wanted.is_open:
        conditions.append(col(Directive.state).in_(OPEN))
    if wanted.given is not None:
        conditions.append(given_between(*wanted.given))
    if wanted.in_zone_ids:
        conditions.append(about_zones(wanted.in_zone_ids))
    if text := wanted.text.strip():
        conditions.append(or_(*(column.contains(text, autoescape=True) for column in _SEARCHED)))
    return and_(true(), *conditions, _light(wanted.light, today, yellow_until))


def given_between(after: int, upto: int) -> ColumnElement[bool]:
    """Condition on `Directive`: given after one event and up to another, (after, upto]."""
    span = and_(col(Event.seq) > after, col(Event.seq) <= upto, col(Event.code).in_(GIVEN.values()))
    return col(Directive.id).in_(select(Event.subject_id).where(span, Event.subject_kind == Directive.subject))


def about_zones(zone_ids: frozenset[int]) -> ColumnElement[bool]:
    """Condition on `Directive`: about one of the zones, or about an issue that lies in one of them today."""
    there = about_issues(Directive, issues_in_zones(zone_ids))
    return or_(col(Directive.zone_id).in_(zone_ids), there)


_SEARCHED = (col(Directive.number), col(Directive.text))
_NOT_ENDED = date.max  # so that open ones come before the newest that is done
_ANSWERING = (UnitKind.TOWNSHIP, UnitKind.COMMITTEE_OFFICE, UnitKind.BUREAU)


def count(session: Session, condition: ColumnElement[bool]) -> int:
    """How many directives fulfil a condition."""
    return session.exec(select(func.count()).select_from(Directive).where(condition)).one()


def lines(
    session: Session, condition: ColumnElement[bool], *, limit: int | None = None, offset: int = 0
) -> list[DirectiveLine]:
    """Directives under a condition: open ones first by their deadline, then the rest, the newest first."""
    ended_on = func.coalesce(col(Directive.done_on), _NOT_ENDED).desc()
    query = _named().where(condition).order_by(ended_on, col(Directive.due_on), col(Directive.id))
    rows = session.exec(query.offset(offset).limit(limit) if limit is not None else query.offset(offset))
    return [DirectiveLine(*row) for row in rows]


def line_by_number(session: Session, number: str, condition: ColumnElement[bool]) -> DirectiveLine | None:
    """A directive with its own number, under a condition."""
    row = session.exec(_named().where(col(Directive.number) == number, condition)).first()
    return DirectiveLine(*row) if row else None


def events_of(session: Session, directive_id: int) -> list[tuple[Event, str | None, str | None]]:
    """A directive's events in their order, each with the names of who acted and of whom it was done for."""
    leader = aliased(Person)
    query = (
        select(Event, Person.name, leader.name)
        .join(Person, col(Person.id) == col(Event.actor_id), isouter=True)
        .join(leader, col(leader.id) == col(Event.on_behalf_of_id), isouter=True)
        .where(Event.subject_kind == Directive.subject, Event.subject_id == directive_id)
        .order_by(col(Event.seq))
    )
    return [(event, name, leader_name) for event, name, leader_name in session.exec(query)]


def unit_for(session: Session, zone_id: int | None) -> Unit | None:
    """The unit that answers for a zone: the township's government, else the committee office, else the bureau."""
    order = {kind: place for place, kind in enumerate(_ANSWERING)}
    found = session.exec(select(Unit).where(col(Unit.kind).in_(_ANSWERING)).order_by(col(Unit.code)))
    fitting = (
        unit for unit in found if unit.kind != _ANSWERING[0] or (zone_id is not None and unit.zone_id == zone_id)
    )
    return min(fitting, key=lambda unit: order[unit.kind], default=None)


def _sees_all(actor: Actor) -> bool:
    return any(scope_of(Right.SEE, grant.role) == Scope.ALL for grant in actor.grants)


def _about_zones(actor: Actor) -> ColumnElement[bool]:
    local = (Scope.GUARDED, Scope.TOWNSHIP)
    zones = (grant.zone_ids for grant in actor.grants if scope_of(Right.SEE, grant.role) in local)
    return col(Directive.zone_id).in_(frozenset[int]().union(*zones))


def _light(light: Light | None, today: date, yellow_until: date) -> ColumnElement[bool]:
    due_on, runs = col(Directive.due_on), col(Directive.state).in_(RUNNING)
    match light:
        case Light.RED:
            return and_(runs, due_on < today)
        case Light.YELLOW:
            return and_(runs, due_on >= today, due_on <= yellow_until)
        case Light.GREEN:
            return and_(runs, due_on > yellow_until)
    return true()


def _named() -> Any:
    giver, leader, person = aliased(Person), aliased(Person), aliased(Person)
    query = columns(
        Directive,
        col(Issue.number),
        col(Issue.title),
        col(Zone.name),
        col(Zone.name_en),
        col(Unit.name),
        col(Unit.name_en),
        col(giver.name),
        col(giver.name_en),
        col(leader.name),
        col(leader.name_en),
        col(person.name),
        col(person.name_en),
    )
    return (
        query.join(Issue, col(Issue.id) == col(Directive.issue_id), isouter=True)
        .join(Zone, col(Zone.id) == col(Directive.zone_id), isouter=True)
        .join(Unit, col(Unit.id) == col(Directive.unit_id), isouter=True)
        .join(giver, col(giver.id) == col(Directive.giver_id), isouter=True)
        .join(leader, col(leader.id) == col(Directive.on_behalf_of_id), isouter=True)
        .join(person, col(person.id) == col(Directive.person_id), isouter=True)
    )
