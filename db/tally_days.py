"""Summaries that depend on the day: what turned late since the last write, and how each past day ended."""

import json
from bisect import bisect_left, bisect_right
from collections import Counter as Sums
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Table, delete, func, insert, update
from sqlalchemy import select as columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from db.tables.history import (
    CellTally,
    DayRecord,
    DueTally,
    HeatTally,
    Lateness,
    RecordScope,
    StandingScope,
    StandingTally,
    TallyDay,
)
from db.tally_keys import COARSE, NO_DEADLINE, recorded_scopes
from geo.codec import coarse_cell

DUE_WITHIN_DAYS = 30
Rows = Mapping[tuple[Any, ...], tuple[int, ...]]
Dues = Mapping[tuple[RecordScope, int], Mapping[date, int]]
_DAY = timedelta(days=1)
_DUE = (Lateness.LATE, Lateness.IN_TIME)
_RECORDED = (StandingScope.PLACE, StandingScope.INDUSTRY)


def tally_day(session: Session) -> date | None:
    """The local day up to which the summaries know what is late; None before the first issue."""
    return session.exec(select(col(TallyDay.day))).first()


def advance(session: Session, to: date) -> date:
    """Bring the summaries to a later local day: keep how the days until then ended, and move what turned late.

    Parameters
    ----------
    session : Session
    to : date
        A day before that of the summaries changes nothing: they never go back.

    Returns
    -------
    date
        The day of the summaries from now on.
    """
    since = tally_day(session)
    if since is None:
        session.connection().execute(insert(TallyDay), [{"id": 1, "day": to}])
        return to
    if to <= since:
        return since
    keep(session, records_since(session, since, to))
    add(session, StandingTally, turned_late(session, since, to))
    add(session, HeatTally, heat_turned_late(session, since, to))
    session.connection().execute(update(TallyDay).values(day=to))
    return to


def records_since(session: Session, first: date, until: date) -> list[dict[str, Any]]:
    """Records of the ends of [first, until), not before the day of the summaries: nothing was written since."""
    return records_of(_dues(session, tally_day(session) or first, until), first, until)


def records_of(dues: Dues, first: date, until: date) -> list[dict[str, Any]]:
    """Records of the ends of local days, as long as nothing is written.

    Parameters
    ----------
    dues : mapping
        Scope and its number → running deadline → unresolved issues; `NO_DEADLINE` for those without one.
    first, until : date
        [first, until).

    Returns
    -------
    list of dict
        Rows of `DayRecord`: the district's of each day, and of whatever has unresolved issues. ``due_within`` is a
        JSON list: how many are due on the day itself, within one more day, and so on up to 30.
    """
    days = [first + n * _DAY for n in range((until - first).days)]
    known = {(RecordScope.DISTRICT, 0): {}, **dues}
    return [row for scope, due in sorted(known.items()) for row in _ends(scope, due, days)]


def keep(session: Session, records: list[dict[str, Any]]) -> None:
    """Store records of days."""
    if records:
        session.connection().execute(insert(DayRecord), records)


def by_record_scope(rows: Iterable[tuple[StandingScope, str, date, int]]) -> dict[tuple[RecordScope, int], Sums[date]]:
    """Sums of (scope, key, deadline, n) by what days are recorded of."""
    found: dict[tuple[RecordScope, int], Sums[date]] = {}
    for scope, key, due_on, n in rows:
        for recorded in recorded_scopes(scope, key):
            found.setdefault(recorded, Sums())[due_on] += n
    return found


def turned_late(
    session: Session, since: date, to: date, *, scopes: Sequence[StandingScope] = tuple(StandingScope)
) -> Rows:
    """Changes of `StandingTally` between two local days; the other way round when ``to`` lies before ``since``."""
    first, end, step = (since, to, 1) if since <= to else (to, since, -1)
    query = (
        columns(col(DueTally.scope), col(DueTally.key), col(DueTally.severity), func.sum(DueTally.n))
        .where(col(DueTally.scope).in_(scopes), col(DueTally.due_on) >= first, col(DueTally.due_on) < end)
        .group_by(col(DueTally.scope), col(DueTally.key), col(DueTally.severity))
    )
    changes: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for scope, key, severity, n in session.connection().execute(query):
        changes[scope, key, severity, Lateness.IN_TIME] = (-step * int(n),)
        changes[scope, key, severity, Lateness.LATE] = (step * int(n),)
    return changes


def heat_turned_late(session: Session, since: date, to: date) -> Rows:
    """Changes of `HeatTally` between two local days; the other way round when ``to`` lies before ``since``."""
    first, end, step = (since, to, 1) if since <= to else (to, since, -1)
    query = columns(col(CellTally.cell), col(CellTally.severity), col(CellTally.n), col(CellTally.found_days))
    within = query.where(col(CellTally.due_on) >= first, col(CellTally.due_on) < end)
    counts: Sums[tuple[Any, ...]] = Sums()
    days: Sums[tuple[Any, ...]] = Sums()
    for cell, severity, n, found_days in session.connection().execute(within):
        for is_late, sign in ((False, -step), (True, step)):
            counts[coarse_cell(cell, COARSE), severity, is_late] += sign * n
            days[coarse_cell(cell, COARSE), severity, is_late] += sign * found_days
    return {key: (counts[key], days[key]) for key in counts}


def add(session: Session, model: type[SQLModel], sums: Rows) -> None:
    """Add sums to the rows of a summary, in the order of their keys; rows that reach zero go."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on table classes
    keys = [column.name for column in table.primary_key]
    measures = [column.name for column in table.columns if not column.primary_key]
    rows = [dict(zip((*keys, *measures), (*key, *values), strict=True)) for key, values in sorted(sums.items())]
    if not rows:
        return
    dialect = session.get_bind().dialect.name
    statement: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    added = {name: table.c[name] + statement.excluded[name] for name in measures}
    upsert = statement.on_conflict_do_update(index_elements=keys, set_=added)
    session.connection().execute(upsert, rows)
    session.connection().execute(delete(table).where(table.c.n == 0))  # few: a partial index holds them


def _dues(session: Session, since: date, to: date) -> Dues:
    """What the records of [since, to) are made from: what is late already stands under the day before ``since``."""
    standing = columns(
        col(StandingTally.scope), col(StandingTally.key), col(StandingTally.lateness), col(StandingTally.n)
    ).where(col(StandingTally.scope).in_(_RECORDED), col(StandingTally.lateness).in_(_DUE))
    near = columns(col(DueTally.scope), col(DueTally.key), col(DueTally.due_on), col(DueTally.n)).where(
        col(DueTally.scope).in_(_RECORDED), col(DueTally.due_on).between(since, to + DUE_WITHIN_DAYS * _DAY)
    )
    connection = session.connection()
    found = [(scope, key, due, n) for scope, key, due, n in connection.execute(near)]
    rows = [*found, *((scope, key, NO_DEADLINE, -n) for scope, key, _, n in found)]
    due_of = {Lateness.LATE: since - _DAY, Lateness.IN_TIME: NO_DEADLINE}
    rows += [(scope, key, due_of[lateness], n) for scope, key, lateness, n in connection.execute(standing)]
    return by_record_scope(rows)


def _ends(scope: tuple[RecordScope, int], dues: Mapping[date, int], days: list[date]) -> Iterator[dict[str, Any]]:
    dates = sorted(dues)
    until = [0, *accumulate(dues[due] for due in dates)]
    if not until[-1] and scope[0] != RecordScope.DISTRICT:
        return
    for day in days:
        overdue = until[bisect_left(dates, day)]
        within = [until[bisect_right(dates, day + n * _DAY)] - overdue for n in range(DUE_WITHIN_DAYS + 1)]
        yield {
            "day": day,
            "scope": scope[0],
            "scope_id": scope[1],
            "unresolved": until[-1],
            "overdue": overdue,
            "due_within": json.dumps(within, separators=(",", ":")),
        }
