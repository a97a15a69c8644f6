"""When somebody last looked at a morning page, and what changed in the zones since; a look is no event of history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from dashboard.services.ledger_address import parameters_of
from dashboard.services.unrecorded import unrecorded_write
from db.repositories import changes, issues
from db.repositories.happenings import CODES, Happened, Happening
from db.repositories.issues import IssueLine, lines_of
from db.repositories.ledger_filter import LedgerFilter
from db.tables.directives import Directive
from db.tables.watching import LastVisit
from db.unit_of_work import reading
from governance.vocabulary import Severity

NEW_AFTER: Final = timedelta(minutes=30)
NOTED_EVERY: Final = timedelta(minutes=5)
FIRST_LOOK_BACK: Final = timedelta(days=7)
MOST_LINES: Final = 8


class Change(StrEnum):
    """What may have happened since the last visit, the most important first."""

    OVERDUE = "overdue"
    REOPENED = "reopened"
    RETURNED = "returned"
    FOUND = "found"
    MORE_TIME = "more_time"
    DIRECTIVES = "directives"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


_WEIGHT: Final = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, kw_only=True)
class Since:
    """From when on changes are shown.

    Attributes
    ----------
    at, seq
        When the visit before this one began, and the last event known then.
    is_first
        There was none before: the last seven days are shown.
    """

    at: datetime
    seq: int
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One kind of change: how many issues (or directives), and the most important of them.

    Attributes
    ----------
    address
        Page that lists all of them and nothing else: the ledger, or the list of directives.
    """

    change: Change
    count: int
    lines: tuple[IssueLine, ...]
    directives: tuple[Directive, ...] = ()
    address: str = ""


def look(engine: Engine, *, person_id: int, page: str, now: datetime, seq: int, time_zone: str) -> Since:
    """Note that somebody looks at a page, and say since when changes are to be shown.

    Parameters
    ----------
    engine : Engine
    person_id : int
    page : str
        Name of the page with the leader whose it is.
    now : datetime
        Aware.
    seq : int
        Data version that is shown.
    time_zone : str
        Of the district: on another local day a new visit begins.

    Returns
    -------
    Since

    Notes
    -----
    Within a visit nothing is written more often than every five minutes; a visit ends after 30 minutes without a look.
    """
    with reading(engine) as session:
        known = session.get(LastVisit, (person_id, page))
        if known is not None and not _is_due(known, now):
            return _since(session, known)
    with unrecorded_write(engine) as session:
        row = session.get(LastVisit, (person_id, page))
        if row is None:
            row = LastVisit(person_id=person_id, page=page, began_at=now, began_seq=seq, seen_at=now)
        elif _is_new(row, now, ZoneInfo(time_zone)):
            row.before_at, row.before_seq, row.began_at, row.began_seq = row.began_at, row.began_seq, now, seq
        row.seen_at = now
        session.add(row)
        session.flush()
        return _since(session, row)


def changes_since(
    engine: Engine, zone_ids: frozenset[int] | None, since: Since, *, today: date, upto: int, time_zone: str
) -> list[Changed]:
    """What happened in zones since a visit, by kind; kinds of which nothing happened are left out.

    Parameters
    ----------
    engine : Engine
    zone_ids : frozenset of int or None
        None for the whole district.
    since : Since
    today : date
    upto : int
        Data version that is shown.
    time_zone : str
    """
    since_day = since.at.astimezone(ZoneInfo(time_zone)).date()
    with reading(engine) as session:
        found = [_changed(session, happening, zone_ids, since.seq, upto) for happening in Happening]
        found += [_overdue(session, zone_ids, since_day, today), _directives(session, zone_ids, since.seq, upto)]
    place = list(Change)
    return sorted((one for one in found if one.count), key=lambda one: place.index(one.change))


def _is_due(row: LastVisit, now: datetime) -> bool:
    return now - row.seen_at >= NOTED_EVERY


def _is_new(row: LastVisit, now: datetime, zone: ZoneInfo) -> bool:
    return now - row.seen_at > NEW_AFTER or now.astimezone(zone).date() != row.began_at.astimezone(zone).date()


def _since(session: Session, row: LastVisit) -> Since:
    if row.before_at is not None and row.before_seq is not None:
        return Since(at=row.before_at, seq=row.before_seq, is_first=False)
    at = row.began_at - FIRST_LOOK_BACK
    return Since(at=at, seq=changes.last_event_before(session, at), is_first=True)


def _changed(session: Session, kind: Happening, zone_ids: frozenset[int] | None, after: int, upto: int) -> Changed:
    found = changes.changed(session, CODES[kind], zone_ids, after=after, upto=upto)
    ids = sorted(found, key=lambda number: -found[number])
    address = _ledger(session, zone_ids, happened=Happened(kind, after, upto))
    return Changed(change=Change(kind.value), count=len(ids), lines=_lines(session, ids), address=address)


def _overdue(session: Session, zone_ids: frozenset[int] | None, since: date, today: date) -> Changed:
    condition = changes.overdue_since(zone_ids, since=since, today=today)
    lines = issues.lines(session, condition, limit=MOST_LINES, by_deadline=True)
    address = _ledger(session, zone_ids, is_overdue=True, due_from=since)
    return Changed(change=Change.OVERDUE, count=issues.count(session, condition), lines=tuple(lines), address=address)


def _directives(session: Session, zone_ids: frozenset[int] | None, after: int, upto: int) -> Changed:
    ids = changes.directives_given(session, zone_ids, after=after, upto=upto)
    rows = {row.key: row for row in session.exec(select(Directive).where(col(Directive.id).in_(ids[:MOST_LINES])))}
    known = tuple(rows[number] for number in ids if number in rows)
    zones = parameters_of(session, LedgerFilter(zone_ids=zone_ids or frozenset()))
    address = f"/directives?{urlencode([('given', f'{after}.{upto}'), *zones])}"
    return Changed(change=Change.DIRECTIVES, count=len(ids), lines=(), directives=known, address=address)


def _ledger(session: Session, zone_ids: frozenset[int] | None, **wanted: Any) -> str:
    asked = LedgerFilter(zone_ids=zone_ids or frozenset(), **wanted)
    return f"/ledger?{urlencode(parameters_of(session, asked))}"


def _lines(session: Session, ids: list[int]) -> tuple[IssueLine, ...]:
    """The severest of the newest first; ties by the newest."""
    few = lines_of(session, ids[: MOST_LINES * 5])
    return tuple(sorted(few, key=lambda line: -_WEIGHT[line.issue.severity])[:MOST_LINES])
