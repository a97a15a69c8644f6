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
from db.tables.history import Event, Flow, ZonePlace
from db.tables.issues import Issue, IssueLink
from db.tables.territory import Zone
from governance.counting import FOUND, RECTIFIED, UNRESOLVED
from governance.vocabulary import ZoneKind


def overlap(session: Session, zone_ids: frozenset[int]) -> bool:
    """Whether any issue lies in two or more of the zones today.

    The summary of places tells of key zones; only a township beside a key zone needs a look at their issues.
    """
    if len(zone_ids) < 2:
        return False
    places = columns(col(ZonePlace.key_zone_ids)).where(col(ZonePlace.zone_id).in_(zone_ids), col(ZonePlace.n) > 0)
    texts = set(session.connection().execute(places).scalars())
    if any(len(zone_ids.intersection(map(int, text.split(",")))) > 1 for text in texts):
        return True
    townships = columns(col(Zone.id)).where(col(Zone.id).in_(zone_ids), col(Zone.kind) == ZoneKind.TOWNSHIP)
    inside = session.connection().execute(townships).scalars().all()
    both = columns(col(Issue.id)).where(col(Issue.key_zone_ids).in_(sorted(texts)), col(Issue.township_id).in_(inside))
    return bool(inside and texts) and session.connection().execute(both.limit(1)).first() is not None


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
