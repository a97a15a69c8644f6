"""Look-backs: who may be drawn, what was drawn, what is due, and how often closed issues were open again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.repositories.ledger_filter import was_instant, was_on_time
from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.loop import LookBackItem, LookBackPlan
from db.tables.people import Appointment, Person
from db.tables.territory import Enterprise, Zone
from governance.counting import RECTIFIED
from governance.look_back import DISMISSED, ENDED_BY, Candidate
from governance.permissions import TOWNSHIP_FINDINGS
from governance.vocabulary import LookBackKind, LookBackResult, Role


class Grouping(StrEnum):
    """By what rebound rates are told apart."""

    ENTERPRISE = "enterprise"
    TOWNSHIP = "township"
    INDUSTRY = "industry"
    CATEGORY = "category"


_COLUMN: dict[Grouping, Any] = {
    Grouping.ENTERPRISE: Issue.enterprise_id,
    Grouping.TOWNSHIP: Issue.township_id,
    Grouping.INDUSTRY: Issue.industry_id,
    Grouping.CATEGORY: Issue.category,
}


@dataclass(frozen=True, slots=True)
class Rebounds:
    """How many were looked back at in a group, and how many of them reopened; key None: the issue has no such thing."""

    key: Any
    looked_back: int
    reopened: int


@dataclass(frozen=True, slots=True)
class LookBackLine:
    """An item of a look-back with its issue, plan, and the names of place and looker."""

    item: LookBackItem
    plan: LookBackPlan
    issue: Issue
    enterprise: Enterprise | None
    zone: Zone | None
    looked_by: str | None


def candidates(
    session: Session, kind: LookBackKind, *, closed_from: date, closed_to: date, refused_ids: Iterable[int] = ()
) -> dict[int, Candidate]:
    """Issues that may be drawn: number of the record → candidate.

    Parameters
    ----------
    session : Session
    kind : LookBackKind
        All closed issues, or those that townships found, confirmed and closed themselves, with ``refused_ids``.
    closed_from, closed_to : date
        Local days, both included.
    refused_ids : iterable of int
        Issues that townships refused in the period.

    Returns
    -------
    dict
        Without those that wait for a look-back or were looked back at since they were closed.
    """
    ended = and_(col(Issue.stage).in_(RECTIFIED), col(Issue.closed_on).between(closed_from, closed_to))
    if kind == LookBackKind.TOWNSHIP_FINDINGS:
        own = and_(col(Issue.source).in_(TOWNSHIP_FINDINGS), col(Issue.confirmer_id).in_(township_people()))
        refused = and_(col(Issue.stage).in_(DISMISSED), col(Issue.id).in_(list(refused_ids)))
        ended = or_(and_(ended, own), refused)
    rebounds = rebounds_of_enterprises(session)
    query = columns(
        col(Issue.id),
        col(Issue.number),
        col(Issue.severity),
        col(Issue.times_returned),
        col(Issue.times_reopened),
        func.coalesce(was_instant(), False),
        was_on_time(),
        col(Issue.enterprise_id),
    ).where(ended, not_(_looked_at()))
    rows: Any = session.connection().execute(query)
    return {
        key: Candidate(
            number=number,
            severity=severity,
            times_returned=returned,
            times_reopened=reopened,
            is_instant=bool(instant),
            is_late=not on_time,
            enterprise_rebounds=rebounds.get(enterprise, 0),
        )
        for key, number, severity, returned, reopened, instant, on_time, enterprise in rows
    }


def taken_since(session: Session, kind: LookBackKind, issue_ids: Iterable[int]) -> bool:
    """Whether any of some drawn issues is not ended any more, or was drawn by somebody else."""
    ended = and_(col(Issue.stage).in_(ENDED_BY[kind]), not_(_looked_at()))
    query = select(Issue.id).where(col(Issue.id).in_(list(issue_ids)), not_(ended))
    return session.exec(query.limit(1)).first() is not None


def refused_by_townships(session: Session, *, since: Any, until: Any) -> list[int]:
    """Issues that people of townships refused in [since, until), moments in UTC; through the index on stages."""
    query = select(Event.subject_id).where(
        col(Event.stage).in_(DISMISSED),
        Event.subject_kind == Issue.subject,
        col(Event.at) >= since,
        col(Event.at) < until,
        col(Event.actor_id).in_(township_people()),
    )
    return list(session.exec(query.distinct()))


def township_people() -> Any:
    """People who hold or held a part in a township's office."""
    return select(Appointment.person_id).where(Appointment.role == Role.TOWNSHIP)


def rebounds_of_enterprises(session: Session) -> dict[int | None, int]:
    """Enterprise number → look-backs that reopened one of its issues, ever."""
    query = (
        columns(col(Issue.enterprise_id), func.count())
        .join(LookBackItem, col(LookBackItem.issue_id) == col(Issue.id))
        .where(col(LookBackItem.result) == LookBackResult.REOPENED, col(Issue.enterprise_id).is_not(None))
        .group_by(col(Issue.enterprise_id))
    )
    return {number: int(n) for number, n in session.connection().execute(query)}


def plans_of(session: Session) -> list[tuple[LookBackPlan, int]]:
    """Plans, the newest first, each with the number of its items that have no result yet."""
    is_open = and_(col(LookBackItem.plan_id) == col(LookBackPlan.id), col(LookBackItem.result).is_(None))
    query = (
        select(LookBackPlan, func.count(col(LookBackItem.id)))
        .join(LookBackItem, is_open, isouter=True)
        .group_by(col(LookBackPlan.id))
        .order_by(col(LookBackPlan.id).desc())
    )
    return [(plan, n) for plan, n in session.exec(query)]


def lines_of(session: Session, condition: ColumnElement[bool], *, limit: int | None = None) -> list[LookBackLine]:
    """Items under a condition on `LookBackItem`: what is open first, by the day it is due; then by number."""
    looker = aliased(Person)
    query = (
        select(LookBackItem, LookBackPlan, Issue, Enterprise, Zone, looker.name)  # type: ignore[call-overload]
        .join(LookBackPlan, col(LookBackPlan.id) == col(LookBackItem.plan_id))
        .join(Issue, col(Issue.id) == col(LookBackItem.issue_id))
        .join(Enterprise, col(Enterprise.id) == col(Issue.enterprise_id), isouter=True)
        .join(Zone, col(Zone.id) == col(Issue.primary_zone_id), isouter=True)
        .join(looker, col(looker.id) == col(LookBackItem.looked_by_id), isouter=True)
        .where(condition)
        .order_by(col(LookBackItem.result).is_not(None), col(LookBackItem.due_on), col(LookBackItem.id))
        .limit(limit)
    )
    return [LookBackLine(*row) for row in session.exec(query)]


def rebounds(session: Session, by: Grouping, *, since: date, until: date) -> list[Rebounds]:
    """Issues whose look-back after closing has a result dated in [since, until], by group; each issue counts once.

    Parameters
    ----------
    session : Session
    by : Grouping
    since, until : date
        Local days, both included.

    Returns
    -------
    list of Rebounds
        By key; groups without any are left out.
    """
    group = col(_COLUMN[by])
    return _rebounds(session, group, since=since, until=until)


def rebounds_of_signers(session: Session, *, since: date, until: date) -> list[Rebounds]:
    """The same by whoever signed the issue off: a reopening leaves the signer on the record."""
    return _rebounds(session, col(Issue.signer_id), since=since, until=until)


def looked_in(since: date, until: date) -> ColumnElement[bool]:
    """Condition on `LookBackItem`: its result is dated in [since, until]."""
    return and_(col(LookBackItem.result).is_not(None), col(LookBackItem.looked_on).between(since, until))


def _rebounds(session: Session, group: Any, *, since: date, until: date) -> list[Rebounds]:
    looked_back = func.count(col(LookBackItem.issue_id).distinct())
    reopened = looked_back.filter(col(LookBackItem.result) == LookBackResult.REOPENED)
    query = (
        columns(group, looked_back, reopened)
        .select_from(LookBackItem)
        .join(Issue, col(Issue.id) == col(LookBackItem.issue_id))
        .where(looked_in(since, until), col(Issue.stage).not_in(DISMISSED))
        .group_by(group)
        .order_by(group)
    )
    return [Rebounds(key, int(n), int(open_again)) for key, n, open_again in session.connection().execute(query)]


def _looked_at() -> ColumnElement[bool]:
    """The issue waits for a look-back, or was looked back at since it was closed (refused ones: ever)."""
    since_closed = or_(col(Issue.closed_on).is_(None), col(LookBackItem.looked_on) >= col(Issue.closed_on))
    waits = col(LookBackItem.result).is_(None)
    return exists().where(col(LookBackItem.issue_id) == col(Issue.id), or_(waits, since_closed))
