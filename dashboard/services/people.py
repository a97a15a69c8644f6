"""Units, people and their appointments; who guards what, begun and ended, never overwritten."""

from datetime import date
from typing import Any

from sqlmodel import select

from db import records
from db.repositories.people import roles_on
from db.tables.people import Appointment, Assignment, Person, Unit
from db.unit_of_work import UnitOfWork
from governance.assignments import Span, require_leader, require_no_second_lead, require_span
from governance.permissions import Right, require
from governance.phones import phone_number
from governance.vocabulary import AssignmentPart, Role, UnitKind


def add_unit(work: UnitOfWork, *, code: str, kind: UnitKind, name: str, **details: Any) -> Unit:
    """Add an organisation; ``details``: ``name_en``, ``zone_id`` (a township's government)."""
    require(work.actor, Right.EDIT_PEOPLE)
    return records.create(work, Unit(code=code, kind=kind, name=name, **details))


def add_person(work: UnitOfWork, *, code: str, name: str, **details: Any) -> Person:
    """Add a person; ``details``: ``name_en``, ``phone``.

    Raises
    ------
    NotAllowed
    InvalidInput
        The phone is no telephone number; see `governance.phones.phone_number`.
    """
    require(work.actor, Right.EDIT_PEOPLE)
    return records.create(
        work, Person(code=code, name=name, **{**details, "phone": phone_number(details.get("phone"))})
    )


def appoint(
    work: UnitOfWork, person: Person, role: Role, *, valid_from: date, valid_to: date | None = None, **reach: Any
) -> Appointment:
    """Give a person a role from a local day on.

    Parameters
    ----------
    work : UnitOfWork
    person : Person
    role : Role
    valid_from, valid_to : date
        [from, to); open without an end.
    **reach : int
        What the role reaches: ``unit_id``, ``zone_id``, ``enterprise_id``, ``leader_id``.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require(work.actor, Right.EDIT_PEOPLE)
    require_span(valid_from, valid_to)
    row = Appointment(
        person_id=person.key, role=role, valid_from=valid_from, valid_to=valid_to, recorded_at=work.now, **reach
    )
    return records.create(work, row, code="appointed")


def assign_zone(
    work: UnitOfWork,
    *,
    zone_id: int,
    person: Person,
    part: AssignmentPart,
    valid_from: date,
    reason: str,
    valid_to: date | None = None,
    **document: Any,
) -> Assignment:
    """Let a leader guard a zone from a local day on.

    Parameters
    ----------
    work : UnitOfWork
    zone_id : int
    person : Person
        Must be a district leader on ``valid_from``.
    part : AssignmentPart
    valid_from, valid_to : date
        [from, to); open without an end.
    reason : str
    **document
        ``document_number``, ``document_date``, ``approver``.

    Raises
    ------
    NotAllowed
    InvalidInput
        Not a leader, a span that ends before it begins, or a second lead.
    """
    require(work.actor, Right.EDIT_ASSIGNMENTS)
    require_span(valid_from, valid_to)
    require_leader(roles_on(work.session, person.key, day=valid_from), person=person.name)
    span = Span(zone_id=zone_id, person_id=person.key, part=part, valid_from=valid_from, valid_to=valid_to)
    require_no_second_lead(_spans(work, zone_id), span)
    row = Assignment(
        zone_id=zone_id,
        person_id=person.key,
        part=part,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        recorded_at=work.now,
        **document,
    )
    return records.create(work, row, code="assigned", reason=reason)


def end_assignment(work: UnitOfWork, assignment: Assignment, *, valid_to: date, reason: str) -> Assignment:
    """End an assignment: it was valid up to the day before ``valid_to``.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require(work.actor, Right.EDIT_ASSIGNMENTS)
    require_span(assignment.valid_from, valid_to)
    return records.change(work, assignment, {"valid_to": valid_to}, code="assignment_ended", reason=reason)


def _spans(work: UnitOfWork, zone_id: int) -> list[Span]:
    rows = work.session.exec(select(Assignment).where(Assignment.zone_id == zone_id))
    return [
        Span(
            zone_id=row.zone_id,
            person_id=row.person_id,
            part=row.part,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    ]
