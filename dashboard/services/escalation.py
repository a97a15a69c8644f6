"""The escalation ladder of an issue with the people of each step, as they hold their parts today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false
from sqlmodel import Session, col, select

from db.repositories.dated import valid_on
from db.repositories.territory import standards_on
from db.tables.issues import Issue
from db.tables.people import Appointment, Assignment, Person, Unit
from db.unit_of_work import UnitOfWork
from governance.escalation import Rung, ladder_of
from governance.loop_numbers import LoopNumbers
from governance.vocabulary import AssignmentPart, Role, UnitKind


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call."""

    person: Person
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step of the ladder and who stands on it; nobody where the part is vacant or the issue has no such part."""

    rung: Rung
    contacts: tuple[Contact, ...]


def ladder_for(session: Session, issue: Issue, *, today: date, numbers: LoopNumbers) -> list[LadderStep]:
    """The ladder of an issue with the people of each step.

    Parameters
    ----------
    session : Session
    issue : Issue
    today : date
        Local day: the parts are those held on it.
    numbers : LoopNumbers

    Returns
    -------
    list of LadderStep
        From the director to the guarding leader; people by code. Empty where no clock runs that could be late.
    """
    rungs = ladder_of(issue.stage, issue.due_on, today=today, numbers=numbers)
    return [LadderStep(rung, tuple(contacts_of(session, issue, rung.role, today=today))) for rung in rungs]


def contacts_of(session: Session, issue: Issue, role: Role, *, today: date) -> list[Contact]:
    """Who stands on one step of an issue's ladder on a local day, by code.

    The director of its enterprise (without an enterprise, or a director: the person in charge), the office of its
    township, the staff of the department that leads or answers for its industry, the committee office, and the
    lead of its primary zone (else of its township).
    """
    return _FINDERS[role](session, issue, today)


def reached_contacts(work: UnitOfWork, issue: Issue) -> list[LadderStep]:
    """Steps that an issue has reached today, for messages."""
    steps = ladder_for(work.session, issue, today=work.today, numbers=work.numbers)
    return [step for step in steps if step.rung.is_reached]


def _directors(session: Session, issue: Issue, today: date) -> list[Contact]:
    held = col(Appointment.enterprise_id) == issue.enterprise_id if issue.enterprise_id else false()
    found = _appointed(session, Role.ENVIRONMENT_DIRECTOR, held, today)
    if found or issue.person_in_charge_id is None:
        return found
    person = session.get(Person, issue.person_in_charge_id)
    unit = session.get(Unit, issue.lead_unit_id) if issue.lead_unit_id else None
    return [Contact(person, unit)] if person else []


def _township(session: Session, issue: Issue, today: date) -> list[Contact]:
    held = col(Appointment.zone_id) == issue.township_id if issue.township_id else false()
    return _appointed(session, Role.TOWNSHIP, held, today)


def _department(session: Session, issue: Issue, today: date) -> list[Contact]:
    unit_id = _department_of(session, issue, today)
    held = col(Appointment.unit_id) == unit_id if unit_id else false()
    return _appointed(session, Role.INDUSTRY_DEPARTMENT, held, today)


def _department_of(session: Session, issue: Issue, today: date) -> int | None:
    lead = session.get(Unit, issue.lead_unit_id) if issue.lead_unit_id else None
    if lead is not None and lead.kind == UnitKind.DEPARTMENT:
        return lead.key
    found = standards_on(session, today).get(issue.industry_id or 0)
    return found[1].key if found else None


def _committee(session: Session, issue: Issue, today: date) -> list[Contact]:
    return _appointed(session, Role.COMMITTEE_OFFICE, col(Appointment.id).is_not(None), today)


def _leader(session: Session, issue: Issue, today: date) -> list[Contact]:
    for zone_id in (issue.primary_zone_id, issue.township_id):
        query = (
            select(Person)
            .join(Assignment, col(Assignment.person_id) == col(Person.id))
            .where(Assignment.zone_id == zone_id, Assignment.part == AssignmentPart.LEAD, valid_on(Assignment, today))
        )
        lead = session.exec(query).first() if zone_id else None
        if lead is not None:
            return [Contact(lead, None)]
    return []


def _appointed(session: Session, role: Role, held: ColumnElement[bool], today: date) -> list[Contact]:
    query: Any = (
        select(Person, Unit)
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .join(Unit, col(Unit.id) == col(Appointment.unit_id), isouter=True)
        .where(Appointment.role == role, held, valid_on(Appointment, today))
        .order_by(col(Person.code), col(Appointment.id))
    )
    found: dict[int, Contact] = {}
    for person, unit in session.exec(query):
        found.setdefault(person.key, Contact(person, unit))
    return list(found.values())


_FINDERS: Mapping[Role, Callable[[Session, Issue, date], list[Contact]]] = {
    Role.ENVIRONMENT_DIRECTOR: _directors,
    Role.TOWNSHIP: _township,
    Role.INDUSTRY_DEPARTMENT: _department,
    Role.COMMITTEE_OFFICE: _committee,
    Role.DISTRICT_LEADER: _leader,
}
