"""Queries on rectification notices: who may see which, the list with its filters, how many by issuer and year."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, extract, func, or_, true
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.repositories import issues
from db.repositories.issues import IssueLine
from db.repositories.scopes import about_issues, issues_within, sees_every_issue
from db.tables.issues import Issue, Notice, NoticeIssue
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise
from governance.counting import UNRESOLVED
from governance.permissions import Actor
from governance.vocabulary import NoticeKind

_NEWEST_FIRST: Final = (col(Notice.issued_on).desc(), col(Notice.id).desc())


@dataclass(frozen=True, kw_only=True)
class NoticeFilter:
    """What a list of notices shows; empty fields do not filter.

    Attributes
    ----------
    text
        Part of the number or of the enterprise's name.
    year
        In which they were issued.
    is_replied
        Answered, or not answered yet.
    """

    text: str = ""
    kinds: frozenset[NoticeKind] = frozenset()
    issuer_ids: frozenset[int] = frozenset()
    year: int | None = None
    is_replied: bool | None = None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice with the names of what it refers to, how many issues it names, and how many of them are unresolved."""

    notice: Notice
    issuer: str
    issuer_en: str | None
    enterprise: str | None
    enterprise_en: str | None
    credit_code: str | None
    replied_by: str | None
    named: int
    unresolved: int


@dataclass(frozen=True, slots=True)
class NoticeCount:
    """Notices of one issuer in one year: issued, answered, and with all their issues closed."""

    year: int
    issuer: str
    issuer_en: str | None
    kind: NoticeKind
    issued: int
    replied: int
    settled: int


def notices_within(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Notice`: those that name an issue that the actor may see."""
    if sees_every_issue(actor):
        return true()  # each names an issue
    seen = about_issues(NoticeIssue, issues_within(actor))
    return exists().where(col(NoticeIssue.notice_id) == col(Notice.id), seen).correlate(Notice)


def condition_of(wanted: NoticeFilter) -> ColumnElement[bool]:
    """Condition on `Notice` for a filter."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.kinds:
        conditions.append(col(Notice.kind).in_(sorted(wanted.kinds)))
    if wanted.issuer_ids:
        conditions.append(col(Notice.issuer_id).in_(sorted(wanted.issuer_ids)))
    if wanted.year is not None:
        conditions.append(extract("year", col(Notice.issued_on)) == wanted.year)
    if wanted.is_replied is not None:
        replied = col(Notice.replied_on).is_not(None)
        conditions.append(replied if wanted.is_replied else ~replied)
    if text := wanted.text.strip():
        named = select(Enterprise.id).where(col(Enterprise.name).contains(text, autoescape=True))
        in_number = col(Notice.number).contains(text, autoescape=True)
        conditions.append(or_(in_number, col(Notice.enterprise_id).in_(named)))
    return and_(true(), *conditions)


def count(session: Session, condition: ColumnElement[bool], *, most: int | None = None) -> int:
    """How many notices fulfil a condition; with ``most`` not more than these are counted, the newest first."""
    if most is None:
        return session.exec(select(func.count()).select_from(Notice).where(condition)).one()
    found = columns(col(Notice.id)).where(condition).order_by(*_NEWEST_FIRST).limit(most).subquery()
    return int(session.connection().execute(columns(func.count()).select_from(found)).scalar_one())


def lines(
    session: Session, condition: ColumnElement[bool], *, limit: int | None = None, offset: int = 0
) -> list[NoticeLine]:
    """Notices under a condition, the newest first."""
    query = (
        columns(
            Notice,
            col(Unit.name),
            col(Unit.name_en),
            col(Enterprise.name),
            col(Enterprise.name_en),
            col(Enterprise.credit_code),
            col(Person.name),
            _named(),
            _unresolved(),
        )
        .join(Unit, col(Unit.id) == col(Notice.issuer_id))
        .join(Enterprise, col(Enterprise.id) == col(Notice.enterprise_id), isouter=True)
        .join(Person, col(Person.id) == col(Notice.replied_by_id), isouter=True)
        .where(condition)
        .order_by(*_NEWEST_FIRST)
        .offset(offset)
    )
    rows = session.exec(query.limit(limit) if limit is not None else query)  # type: ignore[call-overload]
    return [NoticeLine(*row) for row in rows]


def counts(session: Session, condition: ColumnElement[bool]) -> list[NoticeCount]:
    """Notices under a condition by year, issuer and kind; newest year first, then by the issuer's code."""
    year = extract("year", col(Notice.issued_on))
    settled = case((_unresolved() == 0, 1), else_=0)
    query = (
        columns(
            year,
            col(Unit.name),
            col(Unit.name_en),
            col(Notice.kind),
            func.count(),
            func.count(col(Notice.replied_on)),
            func.sum(settled),
        )
        .join(Unit, col(Unit.id) == col(Notice.issuer_id))
        .where(condition)
        .group_by(year, col(Unit.code), col(Unit.name), col(Unit.name_en), col(Notice.kind))
        .order_by(year.desc(), col(Unit.code), col(Notice.kind))
    )
    rows = session.connection().execute(query)
    return [NoticeCount(int(row[0]), row[1], row[2], row[3], row[4], row[5], int(row[6])) for row in rows]


def issues_of(session: Session, notice_id: int) -> list[Issue]:
    """Issues that a notice names, in the order in which it names them."""
    query = select(Issue).join(NoticeIssue, col(NoticeIssue.issue_id) == col(Issue.id))
    return list(session.exec(query.where(NoticeIssue.notice_id == notice_id).order_by(col(NoticeIssue.id))))


def issue_lines(session: Session, notice_id: int, actor: Actor) -> list[IssueLine]:
    """Lines of the issues that a notice names, as far as the actor may see them, by number."""
    named = col(Issue.id).in_(select(NoticeIssue.issue_id).where(NoticeIssue.notice_id == notice_id))
    found = issues.lines(session, and_(named, issues_within(actor)))
    return sorted(found, key=lambda line: line.issue.number)


def _named() -> Any:
    query = select(func.count()).select_from(NoticeIssue).where(NoticeIssue.notice_id == Notice.id)
    return query.correlate(Notice).scalar_subquery()


def _unresolved() -> Any:
    query = (
        select(func.count())
        .select_from(NoticeIssue)
        .join(Issue, col(Issue.id) == col(NoticeIssue.issue_id))
        .where(NoticeIssue.notice_id == Notice.id, col(Issue.stage).in_(sorted(UNRESOLVED)))
    )
    return query.correlate(Notice).scalar_subquery()
