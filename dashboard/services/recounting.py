"""Provisional deadlines: which there are, and counted anew once the holidays of their year are published."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from dashboard.services import working_days
from dashboard.services.rules import rules_history
from db import records
from db.repositories.issues import IssueLine, lines
from db.repositories.tallies import ALIVE
from db.tables.history import Event, IssueTally, TallyScope
from db.tables.issues import Issue
from db.tally_keys import NO_DEADLINE
from db.unit_of_work import UnitOfWork
from governance.deadlines import IsWorkingDay, check_due_on
from governance.issue_rules import running_deadline
from governance.loop_numbers import USUAL, LoopNumbers
from governance.permissions import Right, require
from governance.provisional import recounted, running_fields
from governance.stages import EVENT_CODE, Action

RECOUNTED = "deadline_recounted"
_AT_ONCE = 500
_OPENED_AGAIN = (EVENT_CODE[Action.RETURN], EVENT_CODE[Action.REOPEN])


@dataclass(frozen=True, kw_only=True)
class Recount:
    """What a recount did.

    Attributes
    ----------
    looked_at
        Clues and unresolved issues with a deadline from this year on.
    recounted
        Numbers of those that got another deadline.
    provisional
        Deadlines that lie beyond the published years and stay provisional.
    published_to
        The last year whose holidays are known.
    """

    looked_at: int
    recounted: tuple[str, ...]
    provisional: int
    published_to: int


def provisional_count(session: Session) -> int:
    """Running deadlines beyond the published years, from the summaries; each issue counts once."""
    last = date(working_days.published_years()[1], 12, 31)
    query = select(func.coalesce(func.sum(IssueTally.n), 0)).where(
        IssueTally.scope == TallyScope.TOWNSHIP,
        col(IssueTally.stage).in_(ALIVE),
        IssueTally.due_on > last,
        IssueTally.due_on < NO_DEADLINE,
    )
    return int(session.exec(query).one())


def provisional_lines(session: Session, *, limit: int) -> list[IssueLine]:
    """The first issues whose running deadline lies beyond the published years, by deadline."""
    last = date(working_days.published_years()[1], 12, 31)
    condition = col(Issue.stage).in_(ALIVE) & (col(Issue.due_on) > last)
    return lines(session, condition, limit=limit, by_deadline=True)


def recount_deadlines(work: UnitOfWork, *, is_working_day: IsWorkingDay = working_days.is_working_day) -> Recount:
    """Count anew what was counted before the holidays of its year were published; each change is an event.

    Parameters
    ----------
    work : UnitOfWork
    is_working_day : callable
        By the kept library.

    Returns
    -------
    Recount

    Raises
    ------
    NotAllowed
    """
    require(work.actor, Right.EDIT_RULES)
    numbers_ever = [USUAL, *(change.numbers for change in rules_history(work.session))]
    changed: list[str] = []
    looked_at = 0
    for issues in _parts(work):
        again = _opened_again(work, issues)
        for issue in issues:
            fields = {**records.fields_of(issue), "opened_again_on": again.get(issue.key)}
            changes = _changes(work, fields, is_working_day, numbers_ever)
            if changes:
                records.change(work, issue, changes, code=RECOUNTED)
                changed.append(issue.number)
        looked_at += len(issues)
        work.session.flush()
    return Recount(
        looked_at=looked_at,
        recounted=tuple(changed),
        provisional=_provisional(work),
        published_to=working_days.published_years()[1],
    )


def _parts(work: UnitOfWork) -> Iterator[list[Issue]]:
    """Issues with a deadline from this year on, by number, some hundred at a time."""
    after = 0
    while True:
        query = select(Issue).where(col(Issue.stage).in_(ALIVE), col(Issue.due_on) >= date(work.today.year, 1, 1))
        part = list(work.session.exec(query.where(col(Issue.id) > after).order_by(col(Issue.id)).limit(_AT_ONCE)))
        if not part:
            return
        after = part[-1].key
        yield part


def _opened_again(work: UnitOfWork, issues: Iterable[Issue]) -> dict[int, date]:
    """Issue → local day of its last return or reopening."""
    numbers = [issue.key for issue in issues if issue.times_returned or issue.times_reopened]
    query = (
        select(Event.subject_id, func.max(Event.at))
        .where(Event.subject_kind == Issue.subject, col(Event.code).in_(_OPENED_AGAIN))
        .where(col(Event.subject_id).in_(numbers))
        .group_by(col(Event.subject_id))
    )
    zone = ZoneInfo(work.district.time_zone)
    return {number: at.astimezone(zone).date() for number, at in work.session.exec(query)}


def _changes(
    work: UnitOfWork, fields: dict[str, Any], is_working_day: IsWorkingDay, numbers_ever: list[LoopNumbers]
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for field in running_fields(fields["stage"]):
        day = recounted(field, fields, is_working_day=is_working_day, numbers_ever=numbers_ever)
        changes |= {field: day} if day else {}
    if "notice_ends_on" in changes:  # the checker's clock begins at the notice's end
        begin = changes["notice_ends_on"]
        changes["check_due_on"] = check_due_on(begin, is_working_day=is_working_day, numbers=work.numbers)
    return {**changes, "due_on": running_deadline(fields["stage"], {**fields, **changes})} if changes else {}


def _provisional(work: UnitOfWork) -> int:
    last = date(working_days.published_years()[1], 12, 31)
    query = select(func.count()).select_from(Issue)
    return work.session.exec(query.where(col(Issue.stage).in_(ALIVE), col(Issue.due_on) > last)).one()
