"""Rectification notices: issued for issues of the ledger, answered by the enterprise, listed and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from dashboard.services.issues import target_of
from dashboard.settings import settings
from db import counters, records
from db.repositories import notices
from db.repositories.issues import IssueLine
from db.repositories.notices import NoticeCount, NoticeFilter, NoticeLine, notices_within
from db.repositories.scopes import sees_every_issue
from db.tables.issues import Issue, Notice, NoticeIssue
from db.tables.people import Unit
from db.unit_of_work import UnitOfWork
from governance.errors import InvalidInput, NotFound
from governance.notices import (
    ISSUERS,
    RIGHTS,
    notice_due_on,
    notice_number,
    require_issuer,
    require_together,
    short_code,
)
from governance.permissions import Actor, Right, may, require
from governance.vocabulary import NoticeKind

PAGE_LINES: Final = 50
MOST_COUNTED: Final = 1_000
LONGEST_TEXT: Final = 5_000


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """A page of notices: how many the filter finds within the person's scope, and the lines of this page.

    Attributes
    ----------
    is_more
        There are more than ``total``: only so many were counted.
    """

    total: int
    lines: list[NoticeLine]
    is_more: bool = False

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(-(-self.total // PAGE_LINES), 1)


@dataclass(frozen=True, kw_only=True)
class NoticeFile:
    """One notice, the issues that it names as far as the person may see them, and whether the person may answer."""

    line: NoticeLine
    issues: list[IssueLine]
    may_reply: bool


def issue_notice(
    work: UnitOfWork,
    *,
    kind: NoticeKind,
    issuer: Unit,
    issues: Sequence[Issue],
    requirement: str = "",
    pattern: str | None = None,
) -> Notice:
    """Issue a rectification notice for one or more issues of one enterprise.

    Parameters
    ----------
    work : UnitOfWork
    kind : NoticeKind
    issuer : Unit
        For a township's notice the government of the township in which the issues lie.
    issues : sequence of Issue
        1 to 100 of the ledger, not closed, all of the same enterprise (or all without one).
    requirement : str
        What all of them have in common, at most 5,000 characters; each issue's own requirement stands beside it.
    pattern : str, optional
        Of the number, see `governance.notices.notice_number`; else the one that the settings name.

    Returns
    -------
    Notice
        Numbered by issuer and year without gaps; due on the latest day of its issues.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    for issue in issues:
        require(work.actor, RIGHTS[kind], target_of(issue))
    require_together([records.fields_of(issue) for issue in issues])
    require_issuer(kind, issuer.kind)
    _require_territory(issuer, issues)
    notice = Notice(
        number=_number(work, issuer, pattern or settings().notice_number),
        kind=kind,
        issuer_id=issuer.key,
        enterprise_id=issues[0].enterprise_id,
        issued_on=work.today,
        due_on=notice_due_on([issue.rectify_due_on for issue in issues]),
        requirement=_text(requirement) or None,
    )
    records.create(work, notice, code="notice_issued")
    for issue in issues:
        records.create(work, NoticeIssue(notice_id=notice.key, issue_id=issue.key), code="named_in_notice")
    return notice


def reply_to_notice(work: UnitOfWork, notice: Notice, text: str) -> Notice:
    """Answer a notice for the enterprise; a later answer takes its place, and the history keeps both.

    Parameters
    ----------
    work : UnitOfWork
    notice : Notice
        With the version that the person saw (see `db.records.get`).
    text : str
        1 to 5,000 characters.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    for issue in notices.issues_of(work.session, notice.key):
        require(work.actor, Right.REPLY_NOTICE, target_of(issue))
    words = _text(text)
    if not words:
        raise InvalidInput("reply_empty", "Please say what was put right, and how")
    answer = {"reply": words, "replied_on": work.today, "replied_by_id": work.actor.person_id}
    return records.change(work, notice, answer, code="notice_replied")


def notice_page(session: Session, actor: Actor, wanted: NoticeFilter, *, page: int = 1) -> NoticePage:
    """A page of the notices that somebody may see, from page 1; a page past the last one is empty.

    At most `MOST_COUNTED` notices are counted where each must be asked whether the person may see it.
    """
    condition = notices.condition_of(wanted) & notices_within(actor)
    lines = notices.lines(session, condition, limit=PAGE_LINES, offset=(page - 1) * PAGE_LINES)
    if sees_every_issue(actor):
        return NoticePage(total=notices.count(session, condition), lines=lines)
    counted = notices.count(session, condition, most=MOST_COUNTED + 1)
    return NoticePage(total=min(counted, MOST_COUNTED), lines=lines, is_more=counted > MOST_COUNTED)


def notice_counts(session: Session, actor: Actor, wanted: NoticeFilter) -> list[NoticeCount]:
    """How many notices each issuer issued in each year, and what became of them; newest year first, then by code."""
    return notices.counts(session, notices.condition_of(wanted) & notices_within(actor))


def notice_file(session: Session, actor: Actor, number: str) -> NoticeFile:
    """One notice within the person's scope.

    Raises
    ------
    NotFound
        There is no such notice, or not for this person.
    """
    found = notices.lines(session, notices_within(actor) & (col(Notice.number) == number), limit=1)
    if not found:
        raise NotFound("no_notice", "There is no notice with the number {number} for you", number=number)
    named = notices.issues_of(session, found[0].notice.key)
    return NoticeFile(
        line=found[0],
        issues=notices.issue_lines(session, found[0].notice.key, actor),
        may_reply=bool(named) and all(may(actor, Right.REPLY_NOTICE, target_of(issue)) for issue in named),
    )


def issuing_units(session: Session, actor: Actor, kind: NoticeKind) -> list[Unit]:
    """Units in whose name somebody may issue a kind of notice, by code; none without the right.

    A district's notice goes out under any of its issuers; a township's under the townships within the person's scope.
    """
    if not may(actor, RIGHTS[kind]):
        return []
    query = select(Unit).where(col(Unit.kind).in_(ISSUERS[kind])).order_by(col(Unit.code))
    found = list(session.exec(query))
    if kind == NoticeKind.DISTRICT or actor.is_operator:
        return found
    own = frozenset[int]().union(*(grant.zone_ids for grant in actor.grants))
    return [unit for unit in found if unit.zone_id in own]


def _number(work: UnitOfWork, issuer: Unit, pattern: str) -> str:
    year = work.today.year
    (n,) = counters.take(work.session, f"notice_number:{issuer.code}:{year}")
    others = work.session.exec(select(Unit.code).where(col(Unit.kind) == issuer.kind))
    short = short_code(issuer.kind, issuer.code, others=others, district_code=issuer.district_code)
    return notice_number(pattern, unit=issuer.code, short=short, year=year, n=n)


def _require_territory(issuer: Unit, issues: Sequence[Issue]) -> None:
    """A township's notice is about its own territory."""
    if issuer.zone_id is None:
        return
    for issue in issues:
        if issue.township_id != issuer.zone_id:
            raise InvalidInput(
                "notice_territory", "{number} does not lie in the territory of {unit}",
                number=issue.number, unit=issuer.name,
            )  # fmt: skip


def _text(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST_TEXT:
        raise InvalidInput(
            "notice_text", "A text of a notice has at most {most} characters; this one has {n}",
            most=LONGEST_TEXT, n=len(words),
        )  # fmt: skip
    return words
