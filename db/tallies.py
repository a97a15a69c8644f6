"""Summaries kept up in the write transaction, so that a page never counts a million rows."""

from collections import Counter as Sums
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from db.tables.history import CellTally, Flow, FlowTally, IssueTally, TallyScope
from governance.counting import FOUND, RECTIFIED, UNRESOLVED, is_on_time
from governance.vocabulary import Severity, Stage

NO_DEADLINE = date(9999, 12, 31)
OUTSIDE = 0


@dataclass(frozen=True, kw_only=True)
class IssueKey:
    """What the summaries know of one issue."""

    stage: Stage
    severity: Severity
    due_on: date | None
    found_on: date
    township_id: int | None
    key_zone_ids: tuple[int, ...]
    industry_id: int | None
    cell: int | None
    was_on_time: bool

    @property
    def scopes(self) -> tuple[tuple[TallyScope, int], ...]:
        """Every summary that the issue belongs to."""
        townships = ((TallyScope.TOWNSHIP, self.township_id or OUTSIDE),)
        industry = ((TallyScope.INDUSTRY, self.industry_id),) if self.industry_id is not None else ()
        return townships + tuple((TallyScope.KEY_ZONE, zone) for zone in self.key_zone_ids) + industry


def key_of(issue: Mapping[str, Any]) -> IssueKey:
    """Key of an issue from its fields."""
    return IssueKey(
        stage=issue["stage"],
        severity=issue["severity"],
        due_on=issue["due_on"],
        found_on=issue["found_on"],
        township_id=issue["township_id"],
        key_zone_ids=tuple(int(text) for text in issue["key_zone_ids"].split(",") if text),
        industry_id=issue["industry_id"],
        cell=issue["cell"],
        was_on_time=is_on_time(measures_on=issue["measures_on"], rectify_due_on=issue["rectify_due_on"]),
    )


class TallyChanges:
    """Changes of the summaries within one transaction, added up until it commits."""

    def __init__(self) -> None:
        self._issues: Sums[tuple[Any, ...]] = Sums()
        self._cells: Sums[tuple[Any, ...]] = Sums()
        self._flows: Sums[tuple[Any, ...]] = Sums()

    def move(self, before: IssueKey | None, after: IssueKey | None, *, day: date) -> None:
        """Take an issue from one key to another on a local day; None: not there before, or no more."""
        if before is not None:
            self._count(before, -1)
        if after is not None:
            self._count(after, 1)
        self._flow(before, after, day)

    def _count(self, key: IssueKey, step: int) -> None:
        due = key.due_on or NO_DEADLINE
        for scope, scope_id in key.scopes:
            self._issues[scope, scope_id, key.stage, key.severity, due] += step
        if key.cell is not None and key.stage in UNRESOLVED:
            self._cells[key.cell, key.severity, due] += step

    def _flow(self, before: IssueKey | None, after: IssueKey | None, day: date) -> None:
        old, new = _counted_in(before), _counted_in(after)
        for flow, when in (
            (Flow.FOUND, None),
            (Flow.OPENED, day),
            (Flow.CLOSED, day),
            (Flow.CLOSED_ON_TIME, day),
        ):
            for scope in new[flow] - old[flow]:
                self._flows[*scope, when or _found_on(after, before), flow] += 1
            if flow is Flow.FOUND:
                for scope in old[flow] - new[flow]:
                    self._flows[*scope, _found_on(before, after), flow] -= 1
        for scope in old[Flow.OPENED] - new[Flow.OPENED]:
            self._flows[*scope, day, Flow.LEFT] += 1

    def store(self, session: Session) -> None:
        """Write the sums; rows that reach zero go."""
        _add(session, IssueTally, ("scope", "scope_id", "stage", "severity", "due_on"), self._issues)
        _add(session, CellTally, ("cell", "severity", "due_on"), self._cells)
        _add(session, FlowTally, ("scope", "scope_id", "day", "flow"), self._flows)


def rebuild(session: Session, changes: TallyChanges) -> None:
    """Replace all summaries by the given sums."""
    for table in (IssueTally, CellTally, FlowTally):
        session.execute(delete(table))
    changes.store(session)


def _counted_in(key: IssueKey | None) -> dict[Flow, frozenset[tuple[TallyScope, int]]]:
    scopes = frozenset(key.scopes) if key else frozenset()
    stage = key.stage if key else None
    return {
        Flow.FOUND: scopes if stage in FOUND else frozenset(),
        Flow.OPENED: scopes if stage in UNRESOLVED else frozenset(),
        Flow.CLOSED: scopes if stage in RECTIFIED else frozenset(),
        Flow.CLOSED_ON_TIME: scopes if stage in RECTIFIED and key and key.was_on_time else frozenset(),
    }


def _found_on(*keys: IssueKey | None) -> date:
    return next(key.found_on for key in keys if key is not None)


def _add(session: Session, model: type[SQLModel], columns: Sequence[str], sums: Sums[tuple[Any, ...]]) -> None:
    rows = [dict(zip((*columns, "n"), (*key, n), strict=True)) for key, n in sorted(sums.items(), key=str) if n]
    if not rows:
        return
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on table classes
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        statement: Any = postgresql.insert(table)
    else:
        statement = sqlite.insert(table)
    upsert = statement.on_conflict_do_update(index_elements=list(columns), set_={"n": table.c.n + statement.excluded.n})
    session.connection().execute(upsert, rows)
    session.connection().execute(delete(table).where(table.c.n == 0))  # few: a partial index holds them
