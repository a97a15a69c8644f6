"""Reading what stands alive and how past days ended, from summaries whose size does not follow the issues."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, true
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.tables.history import DayRecord, DueTally, HeatTally, Lateness, RecordScope, StandingScope, StandingTally
from db.tally_days import DUE_WITHIN_DAYS, heat_turned_late, records_since, tally_day, turned_late
from governance.heat import HeatGroup
from governance.vocabulary import Light, Severity


@dataclass(frozen=True, slots=True)
class StandingRow:
    """So many alive issues of one key, severity and light; without a light they are clues."""

    key: str
    severity: Severity
    light: Light | None
    n: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a scope stood at the end of a local day.

    Attributes
    ----------
    due_within
        How many were due on that day, within one more day, and so on; see `db.tally_days.DUE_WITHIN_DAYS`.
    """

    unresolved: int
    overdue: int
    due_within: tuple[int, ...]


NOTHING = Ending(unresolved=0, overdue=0, due_within=(0,) * (DUE_WITHIN_DAYS + 1))


def standing_rows(
    session: Session,
    scope: StandingScope,
    *,
    today: date,
    yellow_days: int,
    keys: Collection[str] | None = None,
) -> list[StandingRow]:
    """Alive issues by what they belong to, severity and light.

    Parameters
    ----------
    session : Session
    scope : StandingScope
        The keys of a place are those of `db.tally_keys.place_key`, of a source its place, a blank and its word; else
        numbers.
    today : date
        Local day; also another one than that of the last write: what turned late since then is added.
    yellow_days : int
    keys : collection of str, optional
        Only these.

    Returns
    -------
    list of StandingRow
        In the order of the keys; none of 0.
    """
    some = col(StandingTally.key).in_(sorted(keys)) if keys is not None else true()
    query = columns(
        col(StandingTally.key), col(StandingTally.severity), col(StandingTally.lateness), col(StandingTally.n)
    ).where(col(StandingTally.scope) == scope, some)
    counts: Counter[tuple[str, Severity, Lateness]] = Counter()
    for key, severity, lateness, n in session.connection().execute(query):
        counts[key, severity, lateness] = n
    since = tally_day(session) or today
    if since != today:
        for (_, key, severity, lateness), (n,) in turned_late(session, since, today, scopes=(scope,)).items():
            if keys is None or key in keys:
                counts[key, severity, lateness] += n
    return _lit(counts, _due_soon(session, scope, today, yellow_days, keys))


def unresolved_by(session: Session, scope: StandingScope) -> dict[str, int]:
    """Unresolved issues by key, in the order of the keys."""
    query = (
        columns(col(StandingTally.key), func.sum(StandingTally.n))
        .where(col(StandingTally.scope) == scope, col(StandingTally.lateness) != Lateness.CLUE)
        .group_by(col(StandingTally.key))
        .order_by(col(StandingTally.key))
    )
    return {key: int(n) for key, n in session.connection().execute(query)}


def heat_groups(session: Session, *, today: date) -> list[tuple[int, HeatGroup]]:
    """Unresolved issues by coarse cell, severity and lateness on a local day, in the order of the cells."""
    sums: Counter[tuple[int, Severity, bool]] = Counter()
    days: Counter[tuple[int, Severity, bool]] = Counter()
    query = columns(
        col(HeatTally.cell),
        col(HeatTally.severity),
        col(HeatTally.is_late),
        col(HeatTally.n),
        col(HeatTally.found_days),
    )
    for cell, severity, is_late, n, found_days in session.connection().execute(query):
        sums[cell, severity, is_late], days[cell, severity, is_late] = n, found_days
    since = tally_day(session) or today
    for key, (n, found_days) in (heat_turned_late(session, since, today) if since != today else {}).items():
        sums[key] += n
        days[key] += found_days
    return [
        (cell, HeatGroup(severity, is_late, n, days[cell, severity, is_late]))
        for (cell, severity, is_late), n in sorted(sums.items())
        if n
    ]


def endings(
    session: Session, day: date, scope: RecordScope, *, scope_id: int | None = None
) -> dict[int, Ending] | None:
    """How the scopes of a kind stood at the end of a local day.

    Parameters
    ----------
    session : Session
    day : date
        A day since the last write ended as the summaries stand.
    scope : RecordScope
    scope_id : int, optional
        Only this one.

    Returns
    -------
    dict or None
        Number (0: the district, or outside of every township) → ending; what had nothing unresolved may be missing.
        None: there is no record of that day.
    """
    since = tally_day(session)
    if since is None:
        return None
    if day >= since:
        return _endings_now(session, day, scope)
    wanted = [col(DayRecord.scope_id) == scope_id] if scope_id is not None else []
    query = select(DayRecord).where(DayRecord.day == day, DayRecord.scope == scope, *wanted)
    rows = session.exec(query).all()
    if not rows and session.get(DayRecord, (day, RecordScope.DISTRICT, 0)) is None:
        return None
    return {row.scope_id: Ending(row.unresolved, row.overdue, tuple(json.loads(row.due_within))) for row in rows}


def _endings_now(session: Session, day: date, scope: RecordScope) -> dict[int, Ending]:
    records = records_since(session, day, day + timedelta(days=1))
    return {
        row["scope_id"]: Ending(row["unresolved"], row["overdue"], tuple(json.loads(row["due_within"])))
        for row in records
        if row["scope"] == scope
    }


def _lit(counts: Counter[tuple[str, Severity, Lateness]], due_soon: Counter[tuple[str, Severity]]) -> list[StandingRow]:
    rows = []
    for (key, severity, lateness), n in sorted(counts.items()):
        soon = due_soon[key, severity] if lateness == Lateness.IN_TIME else 0
        light = {Lateness.LATE: Light.RED, Lateness.IN_TIME: Light.GREEN}.get(lateness)
        rows.append(StandingRow(key, severity, light, n - soon))
        rows.append(StandingRow(key, severity, Light.YELLOW, soon))
    return [row for row in rows if row.n]


def _due_soon(
    session: Session, scope: StandingScope, today: date, yellow_days: int, keys: Collection[str] | None
) -> Counter[tuple[str, Severity]]:
    some = col(DueTally.key).in_(sorted(keys)) if keys is not None else true()
    until = today + timedelta(days=yellow_days)
    query = (
        columns(col(DueTally.key), col(DueTally.severity), func.sum(DueTally.n))
        .where(col(DueTally.scope) == scope, col(DueTally.due_on).between(today, until), some)
        .group_by(col(DueTally.key), col(DueTally.severity))
    )
    return Counter({(key, severity): int(n) for key, severity, n in session.connection().execute(query)})
