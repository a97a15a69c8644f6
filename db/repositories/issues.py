"""Queries on the ledger: filtered, within a scope, by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.repositories.ledger_filter import LedgerFilter as LedgerFilter  # callers ask the ledger with it
from db.repositories.ledger_pages import hits, in_order, urgent
from db.tables.history import Event
from db.tables.issues import Evidence, Issue, Notice, NoticeIssue
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise, Industry, Zone
from governance.counting import UNRESOLVED


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One line of the ledger with the names of what it refers to."""

    issue: Issue
    enterprise: str | None
    enterprise_en: str | None
    industry: str | None
    industry_en: str | None
    zone: str | None
    zone_en: str | None
    unit: str | None
    unit_en: str | None
    person: str | None
    person_en: str | None


def count(session: Session, condition: ColumnElement[bool], *, most: int | None = None) -> int:
    """How many issues fulfil a condition; ``most + 1`` where there are more than that."""
    if most is not None:
        few = columns(col(Issue.id)).where(condition).limit(most + 1).subquery()
        return int(session.connection().execute(columns(func.count()).select_from(few)).scalar_one())
    return session.exec(select(func.count()).select_from(Issue).where(condition)).one()


def lines(
    session: Session,
    condition: ColumnElement[bool],
    *,
    limit: int | None = None,
    offset: int = 0,
    by_deadline: bool = False,
    is_open: bool = False,
) -> list[IssueLine]:
    """Lines of the ledger under a condition.

    Parameters
    ----------
    session : Session
    condition : ColumnElement
        On `Issue`.
    limit, offset : int
        A page; all without a limit.
    by_deadline : bool
        Earliest running deadline first (none last), then number; else newest finding first, then number.
    is_open : bool
        The condition finds nothing but clues and unresolved issues, many of them, and asks for places: a page of them
        by deadline is found along an index of these alone.
    """
    if limit is not None and is_open and by_deadline:
        return lines_of(session, urgent(session, condition, limit=limit, offset=offset))
    if limit is not None:
        found = hits(session, condition, limit=limit, offset=offset, by_deadline=by_deadline)
        return lines_of(session, found.ids)
    query = _named().where(condition).order_by(*in_order(by_deadline=by_deadline)).offset(offset)
    return [IssueLine(*row) for row in session.exec(query)]


def lines_of(session: Session, ids: Sequence[int]) -> list[IssueLine]:
    """Lines of the given issues, in the order given."""
    found = {row[0].id: IssueLine(*row) for row in session.exec(_named().where(col(Issue.id).in_(ids)))}
    return [found[number] for number in ids]


def line_by_number(session: Session, number: str, condition: ColumnElement[bool]) -> IssueLine | None:
    """The line of one issue within a scope."""
    row = session.exec(_named().where(col(Issue.number) == number, condition)).first()
    return IssueLine(*row) if row else None


def events_of(session: Session, issue_id: int) -> list[tuple[Event, str | None, str | None]]:
    """An issue's events in their order, each with the names of who acted and of whom it was done for."""
    leader = aliased(Person)
    query = (
        select(Event, Person.name, leader.name)
        .join(Person, col(Person.id) == col(Event.actor_id), isouter=True)
        .join(leader, col(leader.id) == col(Event.on_behalf_of_id), isouter=True)
        .where(Event.subject_kind == Issue.subject, Event.subject_id == issue_id)
        .order_by(col(Event.seq))
    )
    return [(event, name, leader_name) for event, name, leader_name in session.exec(query)]


def notices_of(session: Session, issue_id: int) -> list[Notice]:
    """Notices that name an issue, by number."""
    query = select(Notice).join(NoticeIssue, col(NoticeIssue.notice_id) == col(Notice.id))
    return list(session.exec(query.where(NoticeIssue.issue_id == issue_id).order_by(col(Notice.number))))


def evidence_of(session: Session, issue_id: int) -> list[Evidence]:
    """Evidence of an issue in the order in which it was added."""
    return list(session.exec(select(Evidence).where(Evidence.issue_id == issue_id).order_by(col(Evidence.id))))


def points(session: Session, condition: ColumnElement[bool], *, limit: int) -> list[Issue]:
    """Issues with a place under a condition; the ones nearest to their deadline last, so that they lie on top."""
    query = select(Issue).where(condition, col(Issue.lon).is_not(None))
    ordered = query.order_by(col(Issue.due_on).is_(None), col(Issue.due_on), col(Issue.id)).limit(limit)
    return list(reversed(session.exec(ordered).all()))


def unresolved_by_enterprise(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    """Enterprise number → its unresolved issues, under a condition on `Issue`."""
    query = (
        select(Issue.enterprise_id, func.count())
        .where(col(Issue.stage).in_(UNRESOLVED), col(Issue.enterprise_id).is_not(None), condition)
        .group_by(col(Issue.enterprise_id))
    )
    return {number: n for number, n in session.exec(query) if number is not None}


def _named() -> Any:
    return (
        columns(
            Issue,
            col(Enterprise.name),
            col(Enterprise.name_en),
            col(Industry.name),
            col(Industry.name_en),
            col(Zone.name),
            col(Zone.name_en),
            col(Unit.name),
            col(Unit.name_en),
            col(Person.name),
            col(Person.name_en),
        )
        .join(Enterprise, col(Enterprise.id) == col(Issue.enterprise_id), isouter=True)
        .join(Industry, col(Industry.id) == col(Issue.industry_id), isouter=True)
        .join(Zone, col(Zone.id) == col(Issue.primary_zone_id), isouter=True)
        .join(Unit, col(Unit.id) == col(Issue.lead_unit_id), isouter=True)
        .join(Person, col(Person.id) == col(Issue.person_in_charge_id), isouter=True)
    )
