"""Enterprises to report of: found by name or credit code within somebody's scope, with their directors of today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session, col, or_, select

from db.repositories.dated import valid_on
from db.repositories.scopes import enterprises_within
from db.tables.people import Appointment, Person
from db.tables.territory import Enterprise, Zone
from governance.permissions import Actor, Right
from governance.vocabulary import Role

MOST_FOUND: Final = 20


@dataclass(frozen=True, kw_only=True)
class Reportable:
    """An enterprise as the form shows it; directors by code."""

    enterprise: Enterprise
    township: Zone | None
    directors: tuple[Person, ...]


def find_enterprises(
    session: Session, actor: Actor, text: str, *, day: date, most: int = MOST_FOUND
) -> list[Reportable]:
    """Enterprises of which somebody may report, by a part of the name or the credit code.

    Parameters
    ----------
    session : Session
    actor : Actor
    text : str
        Without outer blanks; empty finds every enterprise of the scope.
    day : date
        Local day on which directors are asked.
    most : int
        At most so many.

    Returns
    -------
    list of Reportable
        Names that begin with the text first, then by name.
    """
    text = text.strip()
    name, code = col(Enterprise.name), col(Enterprise.credit_code)
    query = select(Enterprise).where(enterprises_within(actor, Right.REPORT))
    if text:
        parts = (name, col(Enterprise.name_en), code)
        query = query.where(or_(*(part.icontains(text, autoescape=True) for part in parts)))
    ordered = query.order_by(name.istartswith(text, autoescape=True).desc(), name, col(Enterprise.id))
    return reportable(session, session.exec(ordered.limit(most)).all(), day=day)


def reportable(session: Session, rows: Sequence[Enterprise], *, day: date) -> list[Reportable]:
    """The rows in their order, with townships and directors; two queries for all of them."""
    numbers = [row.key for row in rows]
    townships = {row.township_id for row in rows if row.township_id is not None}
    zones = {zone.key: zone for zone in session.exec(select(Zone).where(col(Zone.id).in_(townships)))}
    query = (
        select(Appointment.enterprise_id, Person)
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(
            Appointment.role == Role.ENVIRONMENT_DIRECTOR,
            col(Appointment.enterprise_id).in_(numbers),
            valid_on(Appointment, day),
        )
        .order_by(col(Person.code))
    )
    directors: dict[int | None, list[Person]] = {}
    for number, person in session.exec(query):
        directors.setdefault(number, []).append(person)
    return [
        Reportable(
            enterprise=row, township=zones.get(row.township_id or 0), directors=tuple(directors.get(row.key, ()))
        )
        for row in rows
    ]
