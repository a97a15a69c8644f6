"""Reading the summaries: counts by zone, flows by day, cells; never a walk over the issues."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, func, true
from sqlalchemy import select as columns
from sqlmodel import Session, col

from db.repositories.ledger_pages import alive, one_by_one
from db.tables.history import CellFlow, Flow, FlowTally, HeatTally, IssueTally, PlaceFlow, Span, TallyScope
from db.tables.issues import Issue
from db.tally_keys import NO_DEADLINE, zones_of_place
from governance.counting import CLUES, UNRESOLVED
from governance.vocabulary import Severity, Source, Stage

ALIVE = CLUES | UNRESOLVED


@dataclass(frozen=True, slots=True)
class Group:
    """So many issues with the same stage, severity and running deadline."""

    stage: Stage
    severity: Severity
    due_on: date | None
    n: int


def district_groups(session: Session) -> list[Group]:
    """Clues and unresolved issues of the whole district; each issue counts once, through its township."""
    return _groups(session, col(IssueTally.scope) == TallyScope.TOWNSHIP)


def zone_groups(session: Session) -> dict[int, list[Group]]:
    """Clues and unresolved issues of every zone: zone number → groups; 0 is outside every township."""
    query = columns(
        col(IssueTally.scope_id),
        col(IssueTally.stage),
        col(IssueTally.severity),
        col(IssueTally.due_on),
        col(IssueTally.n),
    ).where(col(IssueTally.scope).in_((TallyScope.TOWNSHIP, TallyScope.KEY_ZONE)), col(IssueTally.stage).in_(ALIVE))
    found: dict[int, list[Group]] = {}
    for zone, stage, severity, due_on, n in session.connection().execute(query):
        found.setdefault(zone, []).append(_group(stage, severity, due_on, n))
    return found


def issue_groups(session: Session, condition: ColumnElement[bool], *, enterprise_id: int | None = None) -> list[Group]:
    """Clues and unresolved issues under a condition on `Issue`, each once; of one enterprise if it is given."""
    whose = true() if enterprise_id is None else col(Issue.enterprise_id) == enterprise_id
    query = (
        columns(col(Issue.stage), col(Issue.severity), col(Issue.due_on), func.count())
        .where(alive(), col(Issue.stage).in_(ALIVE), whose, one_by_one(condition))
        .group_by(col(Issue.stage), col(Issue.severity), col(Issue.due_on))
    )
    return [Group(stage, severity, due_on, n) for stage, severity, due_on, n in session.connection().execute(query)]


def zone_issue_groups(session: Session, condition: ColumnElement[bool]) -> dict[int, list[Group]]:
    """Clues and unresolved issues under a condition on `Issue`, by each zone that they lie in today."""
    said = (col(Issue.township_id), col(Issue.key_zone_ids), col(Issue.stage), col(Issue.severity), col(Issue.due_on))
    query = columns(*said, func.count()).where(alive(), col(Issue.stage).in_(ALIVE), one_by_one(condition))
    found: dict[int, list[Group]] = {}
    for township, key_zones, stage, severity, due_on, n in session.connection().execute(query.group_by(*said)):
        zones = (*filter(None, (township,)), *(int(text) for text in key_zones.split(",") if text))
        for zone in zones:
            found.setdefault(zone, []).append(Group(stage, severity, due_on, n))
    return found


def source_groups(
    session: Session, sources: Iterable[Source], condition: ColumnElement[bool] | None = None
) -> dict[Source, list[Group]]:
    """Unresolved issues of some sources: source → groups."""
    query = (
        columns(col(Issue.source), col(Issue.stage), col(Issue.severity), col(Issue.due_on), func.count())
        .where(col(Issue.stage).in_(UNRESOLVED), col(Issue.source).in_(set(sources)))
        .where(condition if condition is not None else true())
        .group_by(col(Issue.source), col(Issue.stage), col(Issue.severity), col(Issue.due_on))
    )
    found: dict[Source, list[Group]] = {}
    for source, stage, severity, due_on, n in session.connection().execute(query):
        found.setdefault(source, []).append(Group(stage, severity, due_on, n))
    return found


def flows(
    session: Session, *, since: date, scope: TallyScope = TallyScope.TOWNSHIP, scope_ids: Sequence[int] | None = None
) -> dict[tuple[date, Flow], int]:
    """What happened on each local day from ``since`` on: (day, flow) → number.

    Parameters
    ----------
    session : Session
    since : date
    scope : TallyScope
        Townships count each issue once.
    scope_ids : sequence of int, optional
        All of the scope without it.
    """
    query = (
        columns(col(FlowTally.day), col(FlowTally.flow), func.sum(FlowTally.n))
        .where(col(FlowTally.scope) == scope, col(FlowTally.day) >= since)
        .group_by(col(FlowTally.day), col(FlowTally.flow))
    )
    if scope_ids is not None:
        query = query.where(col(FlowTally.scope_id).in_(scope_ids))
    return {(day, flow): int(n) for day, flow, n in session.connection().execute(query)}


def zones_flows(session: Session, zone_ids: frozenset[int], *, since: date) -> dict[tuple[date, Flow], int]:
    """What happened in several zones together on each local day from ``since`` on, each issue once.

    Returns
    -------
    dict
        (day, flow) → number. An unresolved issue that moves within the zones leaves and opens again that day.
    """
    query = columns(col(PlaceFlow.day), col(PlaceFlow.key), col(PlaceFlow.flow), col(PlaceFlow.n))
    found: Counter[tuple[date, Flow]] = Counter()
    for day, key, flow, n in session.connection().execute(query.where(col(PlaceFlow.day) >= since)):
        if zones_of_place(key) & zone_ids:
            found[day, flow] += n
    return dict(found)


def cells_on(session: Session, day: date) -> dict[int, int]:
    """Unresolved issues by coarse cell (H3 resolution 8) at the end of a local day, from history.

    Parameters
    ----------
    session : Session
    day : date
        From the last write on: as they stand.

    Returns
    -------
    dict
        Cell → number, in the order of the cells; cells without any are left out.
    """
    next_monday = day + timedelta(days=7 - day.weekday())
    days = and_(col(CellFlow.span) == Span.DAY, col(CellFlow.day) > day, col(CellFlow.day) < next_monday)
    weeks = and_(col(CellFlow.span) == Span.WEEK, col(CellFlow.day) >= next_monday)
    found = _cells_now(session)
    for changes in (_cell_changes(session, days), _cell_changes(session, weeks)):
        for (_, cell), n in changes.items():
            found[cell] -= n
    return {cell: n for cell, n in sorted(found.items()) if n}


def cell_weeks(session: Session, *, mondays: Sequence[date]) -> dict[int, list[int]]:
    """Unresolved issues by coarse cell (H3 resolution 8) at the end of weeks, from history.

    Parameters
    ----------
    session : Session
    mondays : sequence of date
        First days of the weeks, in any order; the running week, and any later one, is as it stands.

    Returns
    -------
    dict
        Cell → number at the end of each week, in the order of ``mondays``; in the order of the cells, those without
        any in all of these weeks left out.
    """
    if not mondays:
        return {}
    since = and_(col(CellFlow.span) == Span.WEEK, col(CellFlow.day) > min(mondays))
    by_week: dict[date, list[tuple[int, int]]] = {}
    for (monday, cell), n in _cell_changes(session, since).items():
        by_week.setdefault(monday, []).append((cell, n))
    standing, later = _cells_now(session), sorted(by_week)
    found: dict[int, list[int]] = {}
    for place in sorted(range(len(mondays)), key=lambda n: mondays[n], reverse=True):
        while later and later[-1] > mondays[place]:
            for cell, n in by_week[later.pop()]:
                standing[cell] -= n
        for cell, n in standing.items():
            if n:
                found.setdefault(cell, [0] * len(mondays))[place] = n
    return dict(sorted(found.items()))


def _cells_now(session: Session) -> Counter[int]:
    query = columns(col(HeatTally.cell), func.sum(HeatTally.n)).group_by(col(HeatTally.cell))
    return Counter({cell: int(n) for cell, n in session.connection().execute(query)})


def _cell_changes(session: Session, condition: ColumnElement[bool]) -> dict[tuple[date, int], int]:
    """(First day of the span, cell) → how many more became unresolved than stopped to be."""
    step = case((col(CellFlow.flow) == Flow.OPENED, 1), else_=-1)
    query = (
        columns(col(CellFlow.day), col(CellFlow.cell), func.sum(step * CellFlow.n))
        .where(condition)
        .group_by(col(CellFlow.day), col(CellFlow.cell))
    )
    return {(day, cell): int(n) for day, cell, n in session.connection().execute(query)}


def _groups(session: Session, condition: ColumnElement[bool]) -> list[Group]:
    query = (
        columns(col(IssueTally.stage), col(IssueTally.severity), col(IssueTally.due_on), func.sum(IssueTally.n))
        .where(condition, col(IssueTally.stage).in_(ALIVE))
        .group_by(col(IssueTally.stage), col(IssueTally.severity), col(IssueTally.due_on))
    )
    return [
        _group(stage, severity, due_on, int(n)) for stage, severity, due_on, n in session.connection().execute(query)
    ]


def _group(stage: Stage, severity: Severity, due_on: date, n: int) -> Group:
    return Group(stage, severity, _deadline(due_on), n)


def _deadline(due_on: date) -> date | None:
    return None if due_on == NO_DEADLINE else due_on
