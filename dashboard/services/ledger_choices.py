"""What the ledger's filters offer somebody: only names that stand on issues, or on enterprises, within the scope."""

from typing import Any, Final

from sqlalchemy import exists, false, or_
from sqlmodel import Session, col, select

from db.repositories.scopes import enterprises_within, issue_parts_within
from db.tables.issues import Issue
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise
from governance.permissions import Actor

MOST_OFFERED: Final = 500


def lead_units(session: Session, actor: Actor) -> list[Unit]:
    """Units that lead a rectification within somebody's scope, by code; at most 500."""
    return _named_on_issues(session, Unit, Issue.lead_unit_id, actor)


def people_in_charge(session: Session, actor: Actor) -> list[Person]:
    """People in charge of an issue within somebody's scope, by code; at most 500."""
    return _named_on_issues(session, Person, Issue.person_in_charge_id, actor)


def offered_enterprises(session: Session, actor: Actor, *, asked: int | None = None) -> list[Enterprise]:
    """Enterprises within somebody's scope by name, at most 500; the one that is asked for is always among them."""
    within = select(Enterprise).where(enterprises_within(actor))
    found = list(session.exec(within.order_by(col(Enterprise.name), col(Enterprise.id)).limit(MOST_OFFERED)))
    if asked is None or any(enterprise.id == asked for enterprise in found):
        return found
    return [*session.exec(within.where(Enterprise.id == asked)), *found]


def _named_on_issues(session: Session, model: type[Any], column: Any, actor: Actor) -> list[Any]:
    # Each part apart: SQLite walks through all issues of a name for a condition with OR, but finds a zone in an index.
    names_it = (
        exists(select(Issue.id).where(col(column) == model.id, part)).correlate(model)
        for part in issue_parts_within(actor)
    )
    return list(
        session.exec(select(model).where(or_(false(), *names_it)).order_by(col(model.code)).limit(MOST_OFFERED))
    )
