"""Several zones taken together: whether issues lie in two of them, and what happened there, each issue once."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from db.repositories.ledger_filter import was_on_time
from db.repositories.scopes import issues_in_zones
from db.tables.history import Event, Flow
from db.tables.issues import Issue, IssueLink
from governance.counting import FOUND, RECTIFIED, UNRESOLVED


def overlap(session: Session, zone_ids: frozenset[int]) -> bool:
    """Whether any issue lies in two or more of the zones today."""
    query = (
        columns(col(IssueLink.issue_id))
        .where(col(IssueLink.zone_id).in_(zone_ids), col(IssueLink.valid_to).is_(None))
        .group_by(col(IssueLink.issue_id))
        .having(func.count() > 1)
        .limit(1)
    )
    return len(zone_ids) > 1 and session.connection().execute(query).first() is not None


def flows_of(
    session: Session, zone_ids: frozenset[int], *, since: date, time_zone: str
) -> dict[tuple[date, Flow], int]:
    """What happened in the zones on each local day from ``since`` on, each issue once: (day, flow) → number.

    Only issues that lie there today; what an issue did before an outline changed is counted where it lies now.
    """
    inside = issues_in_zones(zone_ids)
    found = columns(col(Issue.found_on), func.count()).where(
        inside, col(Issue.stage).in_(FOUND), col(Issue.found_on) >= since
    )
    closed = columns(col(Issue.closed_on), func.count()).where(
        inside, col(Issue.stage).in_(RECTIFIED), col(Issue.closed_on) >= since
    )
    happened: Counter[tuple[date, Flow]] = Counter()
    for flow, query, day in (
        (Flow.FOUND, found, col(Issue.found_on)),
        (Flow.CLOSED, closed, col(Issue.closed_on)),
        (Flow.CLOSED_ON_TIME, closed.where(was_on_time()), col(Issue.closed_on)),
    ):
        rows: Any = session.connection().execute(query.group_by(day))
        happened.update({(when, flow): n for when, n in rows})
    happened.update(_moves(session, zone_ids, since=since, time_zone=time_zone))
    return dict(happened)


def _moves(session: Session, zone_ids: frozenset[int], *, since: date, time_zone: str) -> Counter[tuple[date, Flow]]:
    zone = ZoneInfo(time_zone)
    linked = columns(col(IssueLink.issue_id)).where(
        col(IssueLink.zone_id).in_(zone_ids), col(IssueLink.valid_to).is_(None)
    )
    before = func.lag(col(Event.stage)).over(partition_by=col(Event.subject_id), order_by=col(Event.seq))
    moves = (
        columns(col(Event.at), col(Event.stage), before.label("before"))
        .where(col(Event.subject_kind) == Issue.subject, col(Event.stage).is_not(None))
        .where(col(Event.subject_id).in_(linked))
        .subquery()
    )
    first = datetime.combine(since, time(), zone)
    query: Any = columns(moves.c.at, moves.c.stage, moves.c.before).where(moves.c.at >= first - timedelta(days=1))
    counted: Counter[tuple[date, Flow]] = Counter()
    for at, after, earlier in session.connection().execute(query):
        was, is_ = earlier in UNRESOLVED, after in UNRESOLVED
        if was != is_:
            counted[at.astimezone(zone).date(), Flow.OPENED if is_ else Flow.LEFT] += 1
    return counted
