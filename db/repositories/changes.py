"""What happened to issues between two events of the history, in some zones: counted and listed from the events."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, true
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.repositories import issues
from db.repositories.directives import about_zones
from db.repositories.happenings import FOUND_BY as FOUND_BY  # callers ask for changes with it
from db.repositories.ledger_pages import alive, one_by_one
from db.repositories.scopes import issues_in_zones
from db.tables.directives import Directive
from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.loop import Extension
from governance.counting import UNRESOLVED
from governance.directives import GIVEN

ASKED = "extension_asked"


def last_event_before(session: Session, moment: datetime) -> int:
    """Number of the last event before a moment; 0 before the first. Walks back from the newest."""
    query = select(Event.seq).where(col(Event.at) < moment).order_by(col(Event.seq).desc()).limit(1)
    return session.exec(query).first() or 0


def day_begins(day: date, time_zone: str) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def newly_overdue(session: Session, zone_ids: frozenset[int] | None, *, since: date, today: date) -> int:
    """How many issues are overdue today whose deadline was ``since`` or later."""
    return issues.count(session, overdue_since(zone_ids, since=since, today=today))


def overdue_since(zone_ids: frozenset[int] | None, *, since: date, today: date) -> ColumnElement[bool]:
    """Condition on `Issue`: unresolved, with a deadline from ``since`` up to yesterday."""
    within = true() if zone_ids is None else one_by_one(issues_in_zones(zone_ids))
    late = and_(col(Issue.due_on) >= since, col(Issue.due_on) < today)
    return and_(alive(), col(Issue.stage).in_(sorted(UNRESOLVED)), late, within)


def changed(
    session: Session, codes: Collection[str], zone_ids: frozenset[int] | None, *, after: int, upto: int
) -> dict[int, int]:
    """Issues that an event with one of the codes is about: number of the record → last such event.

    Parameters
    ----------
    session : Session
    codes : collection of str
        Codes of events on issues, on requests for more time, or on directives about an issue.
    zone_ids : frozenset of int or None
        Zones in which the issues lie today; None for the whole district.
    after, upto : int
        Numbers of events: (after, upto].
    """
    found: dict[int, int] = {}
    for kind, issue_id, join in _SUBJECTS:
        query = columns(issue_id, func.max(Event.seq)).select_from(Event)
        query = query if join is None else query.join(*join)
        within = true() if zone_ids is None else _lies_in(zone_ids, issue_id)
        span = and_(col(Event.seq) > after, col(Event.seq) <= upto, col(Event.subject_kind) == kind)
        rows = session.connection().execute(
            query.where(span, col(Event.code).in_(codes), issue_id.is_not(None), within).group_by(issue_id)
        )
        for number, seq in rows:
            found[number] = max(seq, found.get(number, 0))
    return found


def directives_given(session: Session, zone_ids: frozenset[int] | None, *, after: int, upto: int) -> list[int]:
    """Directives given in the span, about issues in the zones or about the zones; the newest first."""
    within = true() if zone_ids is None else about_zones(zone_ids)
    query = (
        select(Directive.id)
        .join(Event, and_(col(Event.subject_kind) == Directive.subject, col(Event.subject_id) == col(Directive.id)))
        .where(col(Event.seq) > after, col(Event.seq) <= upto, col(Event.code).in_(GIVEN.values()), within)
        .order_by(col(Event.seq).desc())
    )
    return [number for number in session.exec(query) if number is not None]


def became(session: Session, zone_ids: frozenset[int] | None, *, after: int, upto: int) -> int:
    """By how many the unresolved issues of the zones grew in the span; less than 0 when they became fewer.

    Counts each issue once, from the stages that the events state.
    """
    moved = and_(col(Event.subject_kind) == Issue.subject, col(Event.stage).is_not(None))
    within = true() if zone_ids is None else _lies_in(zone_ids, col(Event.subject_id))
    span = and_(moved, col(Event.seq) > after, col(Event.seq) <= upto, within)
    ids = [row[0] for row in session.connection().execute(columns(col(Event.subject_id)).where(span).distinct())]
    now = _unresolved(session, ids, moved, upto=upto)
    return now - _unresolved(session, ids, moved, upto=after)


def _unresolved(session: Session, ids: Sequence[int], moved: ColumnElement[bool], *, upto: int) -> int:
    total = 0
    for start in range(0, len(ids), 500):
        few = ids[start : start + 500]
        last = (
            columns(func.max(Event.seq))
            .where(moved, col(Event.subject_id).in_(few), col(Event.seq) <= upto)
            .group_by(col(Event.subject_id))
        )
        stages = columns(func.count()).where(col(Event.seq).in_(last), col(Event.stage).in_(sorted(UNRESOLVED)))
        total += int(session.connection().execute(stages.select_from(Event)).scalar_one())
    return total


def _lies_in(zone_ids: frozenset[int], issue_id: Any) -> ColumnElement[bool]:
    """Asked of the issue of each row in the span: a list would first gather all issues of the zones."""
    there = exists().where(col(Issue.id) == issue_id, issues_in_zones(zone_ids))
    return there.correlate(Event, Extension)


_SUBJECTS: tuple[tuple[str, Any, Any], ...] = (
    (Issue.subject, col(Event.subject_id), None),
    (Extension.subject, col(Extension.issue_id), (Extension, col(Extension.id) == col(Event.subject_id))),
)
