"""Who somebody is today: appointments and assignments resolved to grants; who guards a zone on a day."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from db.records import get
from db.repositories.dated import valid_on
from db.tables.people import Appointment, Assignment, Person, Unit
from db.tables.territory import IndustryStandard, Zone
from governance.permissions import Actor, Grant
from governance.vocabulary import AssignmentPart, Role, UnitKind


def actor_of(session: Session, person_id: int, *, today: date) -> Actor:
    """The person with the rights of today.

    Parameters
    ----------
    session : Session
    person_id : int
    today : date
        Local day; rights are always today's.

    Returns
    -------
    Actor
        One grant per role held, a liaison's one per leader in office, the one appointed first at the front; without a
        valid appointment there are none.

    Raises
    ------
    NotFound
    """
    person = get(session, Person, person_id)
    query = select(Appointment).where(Appointment.person_id == person_id, valid_on(Appointment, today))
    held: dict[Role, list[Appointment]] = {}
    for row in session.exec(query.order_by(col(Appointment.id))):
        held.setdefault(row.role, []).append(row)
    grants = tuple(
        _grant(session, role, rows, leader, today)
        for role, rows in sorted(held.items())
        for leader in _leaders(session, role, rows, today)
    )
    return Actor(person_id=person_id, name=person.name, grants=grants)


def _grant(session: Session, role: Role, rows: Sequence[Appointment], leader_id: int | None, today: date) -> Grant:
    unit_ids = _numbers(row.unit_id for row in rows)
    guard = leader_id if role == Role.LIAISON else rows[0].person_id
    guarded = guarded_zone_ids(session, guard, day=today) if _guards(role, guard) else frozenset()
    return Grant(
        role=role,
        zone_ids=_numbers(row.zone_id for row in rows) | guarded,
        unit_ids=unit_ids,
        industry_ids=_industries_of(session, unit_ids, today) if role == Role.INDUSTRY_DEPARTMENT else frozenset(),
        enterprise_ids=_numbers(row.enterprise_id for row in rows),
        leader_id=leader_id,
    )


def _leaders(session: Session, role: Role, rows: Sequence[Appointment], today: date) -> list[int | None]:
    """For whom a role is held: each leader in office of a liaison, nobody for all others."""
    if role != Role.LIAISON:
        return [None]
    numbers = dict.fromkeys(row.leader_id for row in rows)
    return [number for number in numbers if _is_leader(session, number, today)] or [None]


def leaders_served(session: Session, person_id: int | None, *, day: date) -> list[Person]:
    """Leaders in office for whom somebody was a liaison on a local day, the one appointed first at the front."""
    query = select(Appointment).where(
        Appointment.person_id == person_id, Appointment.role == Role.LIAISON, valid_on(Appointment, day)
    )
    numbers = [row.leader_id for row in session.exec(query.order_by(col(Appointment.id)))]
    return [get(session, Person, n) for n in dict.fromkeys(numbers) if n is not None and _is_leader(session, n, day)]


def _is_leader(session: Session, person_id: int | None, today: date) -> bool:
    """Whether a liaison's leader is still in office: nobody acts for one who has left."""
    return person_id is not None and Role.DISTRICT_LEADER in roles_on(session, person_id, day=today)


def _guards(role: Role, guard: int | None) -> bool:
    return guard is not None and role in (Role.DISTRICT_LEADER, Role.LIAISON)


def _numbers(values: Iterable[int | None]) -> frozenset[int]:
    return frozenset(value for value in values if value is not None)


def _industries_of(session: Session, unit_ids: frozenset[int], today: date) -> frozenset[int]:
    query = select(IndustryStandard.industry_id).where(
        col(IndustryStandard.department_id).in_(unit_ids), valid_on(IndustryStandard, today)
    )
    return frozenset(session.exec(query))


def guarded_zone_ids(session: Session, person_id: int | None, *, day: date) -> frozenset[int]:
    """Zones that a leader guarded on a local day, as lead or deputy."""
    query = select(Assignment.zone_id).where(Assignment.person_id == person_id, valid_on(Assignment, day))
    return frozenset(session.exec(query))


def leads_on(session: Session, day: date) -> dict[int, Person]:
    """Lead of each zone on a local day: zone number → person; unguarded zones are left out."""
    query = (
        select(Assignment.zone_id, Person)
        .join(Person, col(Person.id) == col(Assignment.person_id))
        .where(Assignment.part == AssignmentPart.LEAD, valid_on(Assignment, day))
    )
    return dict(session.exec(query).all())


def guards_of(session: Session, zone_id: int, *, day: date) -> list[tuple[Assignment, Person]]:
    """Who guarded a zone on a local day: lead first, then deputies by code."""
    query = (
        select(Assignment, Person)
        .join(Person, col(Person.id) == col(Assignment.person_id))
        .where(Assignment.zone_id == zone_id, valid_on(Assignment, day))
        .order_by(col(Assignment.part).desc(), col(Person.code))
    )
    return [(assignment, person) for assignment, person in session.exec(query)]


def leaders_on(session: Session, day: date) -> list[Person]:
    """District leaders in office on a local day, by code."""
    query = (
        select(Person)
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(Appointment.role == Role.DISTRICT_LEADER, valid_on(Appointment, day))
        .order_by(col(Person.code))
    )
    return list(session.exec(query))


def directors_on(session: Session, enterprise_id: int | None, *, day: date) -> list[Person]:
    """Environment directors of an enterprise on a local day, by code; none without an enterprise."""
    query = (
        select(Person)
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(
            Appointment.role == Role.ENVIRONMENT_DIRECTOR,
            col(Appointment.enterprise_id) == enterprise_id,
            valid_on(Appointment, day),
        )
        .order_by(col(Person.code))
    )
    return list(session.exec(query)) if enterprise_id is not None else []


def guarded_zones(session: Session, person_id: int, *, day: date) -> list[Zone]:
    """Zones that a leader guarded on a local day: key zones first, then townships, by code."""
    ids = guarded_zone_ids(session, person_id, day=day)
    query = select(Zone).where(col(Zone.id).in_(ids)).order_by(col(Zone.kind) == "township", col(Zone.code))
    return list(session.exec(query))


def roles_on(session: Session, person_id: int, *, day: date) -> frozenset[Role]:
    """Roles that a person held on a local day."""
    query = select(Appointment).where(Appointment.person_id == person_id, valid_on(Appointment, day))
    return frozenset(row.role for row in session.exec(query))


def person_by_code(session: Session, code: str) -> Person | None:
    """Person with a code, if there is one."""
    return session.exec(select(Person).where(Person.code == code)).first()


def units(session: Session, kind: UnitKind | None = None) -> list[Unit]:
    """Units by code, of one kind if it is given."""
    query = select(Unit).order_by(col(Unit.code))
    return list(session.exec(query.where(Unit.kind == kind) if kind else query))
