"""What happened to an issue and to what hangs on it: the newest first, and the last of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, union_all
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from db.tables.directives import Directive
from db.tables.history import Event
from db.tables.issues import Evidence, Issue, IssueUnit, Notice, NoticeIssue
from db.tables.loop import Comment, Extension, LookBackItem, Milestone
from db.tables.people import Person

_BESIDE: tuple[Any, ...] = (Evidence, IssueUnit, Extension, Milestone, Comment, LookBackItem, Directive)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with the names of who acted (None: the operator) and of whom it was done for."""

    event: Event
    name: str | None
    name_en: str | None
    leader: str | None
    leader_en: str | None


@dataclass(frozen=True, slots=True)
class LastOf:
    """The last event of a kind, and how many of the kind there are."""

    happened: Happened
    times: int


def newest_of(session: Session, issue_id: int, *, limit: int, after: int = 0) -> list[Happened]:
    """The newest events of an issue and of its evidence, units, notices, extensions, plan, remarks, look-backs, orders.

    Parameters
    ----------
    session : Session
    issue_id : int
    limit : int
        At most so many.
    after : int
        Only those with a number above this one.

    Returns
    -------
    list of Happened
        Newest first.
    """
    numbers = union_all(*_numbers(issue_id)).subquery()
    query = _named().where(col(Event.seq).in_(columns(numbers.c.seq)), col(Event.seq) > after)
    return [Happened(*row) for row in session.execute(query.order_by(col(Event.seq).desc()).limit(limit))]


def last_of_each(session: Session, issue_id: int, codes: Iterable[str]) -> dict[str, LastOf]:
    """Code → the last of an issue's own events with it; codes that never happened are left out."""
    last = (
        columns(func.max(Event.seq).label("seq"), func.count().label("times"))
        .where(col(Event.subject_kind) == Issue.subject, col(Event.subject_id) == issue_id)
        .where(col(Event.code).in_(list(codes)))
        .group_by(col(Event.code))
        .subquery()
    )
    query = _named(last.c.times).join(last, last.c.seq == col(Event.seq))
    return {row[0].code: LastOf(Happened(*row[:-1]), row[-1]) for row in session.execute(query)}


def _numbers(issue_id: int) -> list[Any]:
    notices = columns(col(NoticeIssue.notice_id)).where(col(NoticeIssue.issue_id) == issue_id)
    beside = [_of(model, columns(model.id).where(model.issue_id == issue_id)) for model in _BESIDE]
    return [_of(Issue, [issue_id]), _of(Notice, notices), *beside]


def _of(model: Any, numbers: Any) -> Any:
    return columns(col(Event.seq)).where(col(Event.subject_kind) == model.subject, col(Event.subject_id).in_(numbers))


def _named(*more: Any) -> Any:
    leader = aliased(Person)
    names: tuple[Any, ...] = (Person.name, Person.name_en, leader.name, leader.name_en, *more)
    return (
        columns(Event, *names)
        .join(Person, col(Person.id) == col(Event.actor_id), isouter=True)
        .join(leader, col(leader.id) == col(Event.on_behalf_of_id), isouter=True)
    )
