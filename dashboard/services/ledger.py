"""The ledger as a person sees it: filtered, within the person's scope, by page; one issue with its history."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col

from db.repositories import issues
from db.repositories.issues import IssueLine
from db.repositories.ledger_filter import LedgerFilter, condition_of
from db.repositories.ledger_pages import MOST_COUNTED, hits
from db.repositories.ledger_totals import tallied_total
from db.repositories.scopes import issues_within
from db.tables.history import Event
from db.tables.issues import Evidence, Issue, Notice
from governance.counting import CLUES, UNRESOLVED
from governance.errors import NotFound
from governance.lights import light_of
from governance.permissions import Actor, Right
from governance.vocabulary import Light

PAGE_LINES = 50


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """One page of the ledger.

    Attributes
    ----------
    total
        Issues that the filter finds within the person's scope.
    is_more
        There are more than ``total``: they were not all counted.
    ids
        Numbers of the issues of this page, in their order.
    """

    total: int
    is_more: bool
    ids: list[int]

    @property
    def pages(self) -> int:
        """Number of pages that can be turned to, at least one."""
        return max(-(-self.total // PAGE_LINES), 1)


@dataclass(frozen=True, kw_only=True)
class IssueFile:
    """Everything that is known of one issue: its line, events with who acted and for whom, notices, evidence."""

    line: IssueLine
    events: list[tuple[Event, str | None, str | None]]
    notices: list[Notice]
    evidence: list[Evidence]


def ledger_condition(
    actor: Actor, wanted: LedgerFilter, *, today: date, yellow_days: int, right: Right = Right.SEE
) -> ColumnElement[bool]:
    """Condition on `Issue`: the filter within the person's scope."""
    yellow_until = today + timedelta(days=yellow_days)
    return and_(issues_within(actor, right), condition_of(wanted, today=today, yellow_until=yellow_until))


def ledger_page(
    session: Session,
    actor: Actor,
    wanted: LedgerFilter,
    *,
    today: date,
    yellow_days: int,
    page: int = 1,
    by_deadline: bool = False,
) -> LedgerPage:
    """A page of the ledger, from page 1; a page past the last one is empty.

    The total comes from the summaries where they can tell; else at most `MOST_COUNTED` issues are counted.
    """
    condition = ledger_condition(actor, wanted, today=today, yellow_days=yellow_days)
    offset = (page - 1) * PAGE_LINES
    known = tallied_total(session, actor, wanted, today=today, yellow_until=today + timedelta(days=yellow_days))
    found = hits(session, condition, limit=PAGE_LINES, offset=offset, by_deadline=by_deadline, known=known)
    if known is None and found.is_more and _is_alive(wanted):
        known = issues.count(session, condition)  # few enough: one issue in ten is open
    is_more = known is None and found.is_more
    total = found.counted if known is None else known
    return LedgerPage(total=min(total, MOST_COUNTED) if is_more else total, is_more=is_more, ids=found.ids)


def _is_alive(wanted: LedgerFilter) -> bool:
    """Whether a filter finds nothing but clues and unresolved issues."""
    is_unresolved = wanted.is_unresolved or wanted.is_overdue or wanted.light is not None
    return is_unresolved or (bool(wanted.stages) and wanted.stages <= CLUES | UNRESOLVED)


def open_issues(
    session: Session, actor: Actor, wanted: LedgerFilter, *, today: date, yellow_days: int, limit: int
) -> list[IssueLine]:
    """Unresolved issues under a filter within the person's scope, earliest deadline first."""
    condition = ledger_condition(actor, replace(wanted, is_unresolved=True), today=today, yellow_days=yellow_days)
    return issues.lines(session, condition, limit=limit, by_deadline=True, is_open=asks_for_zones(wanted))


def asks_for_zones(wanted: LedgerFilter) -> bool:
    """Whether a filter says nothing but zones and that issues are unresolved, so that it may find very many."""
    return replace(wanted, zone_ids=frozenset(), is_unresolved=False) == LedgerFilter()


def open_points(
    session: Session, actor: Actor, wanted: LedgerFilter, *, today: date, yellow_days: int, limit: int
) -> list[Issue]:
    """Unresolved issues with a place, the most urgent last."""
    condition = ledger_condition(actor, replace(wanted, is_unresolved=True), today=today, yellow_days=yellow_days)
    return issues.points(session, condition, limit=limit)


def issue_file(session: Session, actor: Actor, number: str) -> IssueFile:
    """Everything that is known of one issue.

    Raises
    ------
    NotFound
        There is no such issue, or not for this person.
    """
    line = issue_line(session, actor, number)
    key = line.issue.key
    return IssueFile(
        line=line,
        events=issues.events_of(session, key),
        notices=issues.notices_of(session, key),
        evidence=issues.evidence_of(session, key),
    )


def issue_line(session: Session, actor: Actor, number: str) -> IssueLine:
    """The line of one issue.

    Raises
    ------
    NotFound
        There is no such issue, or not for this person.
    """
    line = issues.line_by_number(session, number, issues_within(actor))
    if line is None:
        raise NotFound("no_issue", "There is no issue with the number {number} for you", number=number)
    return line


def light_of_issue(issue: Issue, *, today: date, yellow_days: int) -> Light | None:
    """Light of an issue; None when it is not unresolved."""
    if issue.stage not in UNRESOLVED:
        return None
    return light_of(issue.due_on, today=today, yellow_days=yellow_days)


def of_enterprise(number: int) -> ColumnElement[bool]:
    """Condition on `Issue`: those of an enterprise."""
    return col(Issue.enterprise_id) == number
