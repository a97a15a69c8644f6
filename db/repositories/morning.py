"""What the rule of the morning asks of the records: candidates by reason, their facts, and the own directives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import Session, col, select

from db.repositories import directives
from db.repositories.directives import DirectiveLine
from db.repositories.ledger_pages import urgent
from db.repositories.scopes import issues_in_zones
from db.tables.directives import Directive
from db.tables.history import Event
from db.tables.issues import Issue, Notice, NoticeIssue
from db.tables.loop import Extension
from db.unit_of_work import current_district
from governance.counting import UNRESOLVED
from governance.directives import OPEN, RUNNING
from governance.loop_numbers import LoopNumbers
from governance.morning import ANSWER_DAYS, IssueFacts, Reason
from governance.stages import EVENT_CODE, Action
from governance.vocabulary import ExtensionState, Role, Severity


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whose morning it is: a leader with the guarded zones, or the whole district (both None)."""

    leader_id: int | None
    zone_ids: frozenset[int] | None


def issues_of(reach: Reach) -> ColumnElement[bool]:
    """Condition on `Issue`: within the reach."""
    return true() if reach.zone_ids is None else issues_in_zones(reach.zone_ids)


def own_directives(reach: Reach) -> ColumnElement[bool]:
    """Condition on `Directive`: given by the leader or for the leader; all of them for the district."""
    if reach.leader_id is None:
        return true()
    return or_(col(Directive.giver_id) == reach.leader_id, col(Directive.on_behalf_of_id) == reach.leader_id)


def running(session: Session, reach: Reach) -> int:
    """How many own directives are open."""
    return directives.count(session, and_(own_directives(reach), col(Directive.state).in_(OPEN)))


def candidates(
    session: Session, reach: Reach, *, today: date, numbers: LoopNumbers, most: int
) -> list[tuple[Issue, IssueFacts]]:
    """Issues that may need the leader: for each reason the ``most`` that are late the longest, with their facts.

    What is ranked by reason and days late finds its first ``most`` among them.
    """
    held = reasons(today=today, numbers=numbers)
    waiting = and_(
        col(Issue.stage).in_(sorted(UNRESOLVED)), issues_of(reach), col(Issue.id).not_in(_in_hand(reach, today))
    )
    ids = {number for condition in held.values() for number in urgent(session, and_(condition, waiting), limit=most)}
    return facts_of(session, sorted(ids), reach, today=today)


def reasons(*, today: date, numbers: LoopNumbers) -> dict[Reason, ColumnElement[bool]]:
    """Conditions on unresolved issues that say the same as `governance.morning.causes_of_issue`."""
    due_on = col(Issue.due_on)
    ladder = max(numbers.ladder[Role.DISTRICT_LEADER.value], 1)
    noticed = select(NoticeIssue.issue_id).join(Notice, col(Notice.id) == col(NoticeIssue.notice_id))
    asked = select(Extension.issue_id).where(
        Extension.state == ExtensionState.ASKED, col(Extension.asked_on) <= today - timedelta(days=ANSWER_DAYS)
    )
    return {
        Reason.SEVERE_LATE: and_(col(Issue.severity) == Severity.SEVERE, due_on < today),
        Reason.LADDER: due_on <= today - timedelta(days=ladder),
        Reason.REBOUND: col(Issue.times_reopened) > 0,
        Reason.NOTICE: col(Issue.id).in_(noticed.where(col(Notice.replied_on).is_(None), col(Notice.due_on) < today)),
        Reason.MORE_TIME: col(Issue.id).in_(asked),
    }


def facts_of(session: Session, ids: Sequence[int], reach: Reach, *, today: date) -> list[tuple[Issue, IssueFacts]]:
    """Issues with what the rule asks of them, by number of the record."""
    issues = session.exec(select(Issue).where(col(Issue.id).in_(ids)).order_by(col(Issue.id))).all()
    reopened, notices, asked = _reopened(session, ids), _notices(session, ids), _asked(session, ids)
    in_hand = set(session.exec(_in_hand(reach, today).where(col(Directive.issue_id).in_(ids))))
    return [
        (
            issue,
            IssueFacts(
                stage=issue.stage,
                severity=issue.severity,
                due_on=issue.due_on,
                reopened_on=reopened.get(issue.key),
                notice_due_on=notices.get(issue.key),
                asked_on=asked.get(issue.key),
                is_in_hand=issue.key in in_hand,
            ),
        )
        for issue in issues
    ]


def directives_needing(session: Session, reach: Reach, *, today: date, most: int) -> list[DirectiveLine]:
    """Own directives that were reported or are late: of each the ``most`` with the earliest deadline."""
    reported = col(Directive.state).in_(OPEN - RUNNING)
    late = and_(col(Directive.state).in_(RUNNING), col(Directive.due_on) < today)
    own = own_directives(reach)
    return [line for which in (reported, late) for line in directives.lines(session, and_(own, which), limit=most)]


def _in_hand(reach: Reach, today: date) -> Any:
    runs = and_(col(Directive.state).in_(RUNNING), col(Directive.due_on) >= today, col(Directive.issue_id).is_not(None))
    return select(Directive.issue_id).where(own_directives(reach), runs)


def _reopened(session: Session, ids: Sequence[int]) -> dict[int, date]:
    query = (
        select(Event.subject_id, func.max(Event.at))
        .where(
            Event.subject_kind == Issue.subject,
            col(Event.subject_id).in_(ids),
            Event.code == EVENT_CODE[Action.REOPEN],
        )
        .group_by(col(Event.subject_id))
    )
    zone = ZoneInfo(current_district(session).time_zone)
    return {number: at.astimezone(zone).date() for number, at in session.exec(query)}


def _notices(session: Session, ids: Sequence[int]) -> dict[int, date]:
    query = (
        select(NoticeIssue.issue_id, func.min(Notice.due_on))
        .join(Notice, col(Notice.id) == col(NoticeIssue.notice_id))
        .where(col(NoticeIssue.issue_id).in_(ids), col(Notice.replied_on).is_(None), col(Notice.due_on).is_not(None))
        .group_by(col(NoticeIssue.issue_id))
    )
    rows: Any = session.exec(query)
    return dict(rows.all())


def _asked(session: Session, ids: Sequence[int]) -> dict[int, date]:
    query = (
        select(Extension.issue_id, func.min(Extension.asked_on))
        .where(col(Extension.issue_id).in_(ids), Extension.state == ExtensionState.ASKED)
        .group_by(col(Extension.issue_id))
    )
    return dict(session.exec(query).all())
