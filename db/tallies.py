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
COLUMNS: Mapping[type[SQLModel], tuple[str, ...]] = {
    IssueTally: ("scope", "scope_id", "stage", "severity", "due_on"),
    CellTally: ("cell", "severity", "due_on"),
    FlowTally: ("scope", "scope_id", "day", "flow"),
}


@dataclass(frozen=True, kw_only=True)
class IssueKey:
    """What the summaries know of one issue."""

    stage: Stage
    severity: Severity
    due_on: date | None
    found_on: date
    closed_on: date | None
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

    @property
    def standing_flows(self) -> tuple[tuple[Flow, date], ...]:
        """What is counted of the issue as it stands: on the day of its finding, and of its sign-off while it holds.

        A sign-off that a look-back undid counts no more, so that a figure is the number of the rows that it opens.
        """
        found = ((Flow.FOUND, self.found_on),) if self.stage in FOUND else ()
        if self.stage not in RECTIFIED or self.closed_on is None:
            return found
        in_time = ((Flow.CLOSED_ON_TIME, self.closed_on),) if self.was_on_time else ()
        return (*found, (Flow.CLOSED, self.closed_on), *in_time)


def key_of(issue: Mapping[str, Any]) -> IssueKey:
    """Key of an issue from its fields."""
    return IssueKey(
        stage=issue["stage"],
        severity=issue["severity"],
        due_on=issue["due_on"],
        found_on=issue["found_on"],
        closed_on=issue["closed_on"],
        township_id=issue["township_id"],
        key_zone_ids=tuple(int(text) for text in issue["key_zone_ids"].split(",") if text),
        industry_id=issue["industry_id"],
        cell=issue["cell"],
        was_on_time=is_on_time(
            measures_on=issue["measures_on"] or issue["closed_on"], rectify_due_on=issue["rectify_due_on"]
        ),
    )


class TallyChanges:
    """Changes of the summaries within one transaction, added up until it commits."""

    def __init__(self) -> None:
        self._issues: Sums[tuple[Any, ...]] = Sums()
        self._cells: Sums[tuple[Any, ...]] = Sums()
        self._flows: Sums[tuple[Any, ...]] = Sums()

    def marked(self) -> "TallyChanges":
        """The sums as they stand, to come back to with `return_to`."""
        mark = TallyChanges()
        mark.return_to(self)
        return mark

    def return_to(self, mark: "TallyChanges") -> None:
        """Take the sums of a mark again; whoever shares these changes sees it."""
        self._issues, self._cells, self._flows = Sums(mark._issues), Sums(mark._cells), Sums(mark._flows)

    def move(self, before: IssueKey | None, after: IssueKey | None, *, day: date) -> None:
        """Take an issue from one key to another on a local day; None: not there before, or no more."""
        if before is not None:
            self._count(before, -1)
        if after is not None:
            self._count(after, 1)
        self._flow(before, after, day)

    def sums(self, model: type[SQLModel]) -> dict[tuple[Any, ...], int]:
        """Key of each row of a summary → its change, zeros left out, in the order of the keys."""
        found = {IssueTally: self._issues, CellTally: self._cells, FlowTally: self._flows}[model]
        return {key: n for key, n in sorted(found.items()) if n}

    def store(self, session: Session) -> None:
        """Write the sums; rows that reach zero go."""
        for model, columns in COLUMNS.items():
            _add(session, model, columns, self.sums(model))

    def _count(self, key: IssueKey, step: int) -> None:
        due = key.due_on or NO_DEADLINE
        for scope, scope_id in key.scopes:
            self._issues[scope, scope_id, key.stage, key.severity, due] += step
            for flow, day in key.standing_flows:
                self._flows[scope, scope_id, day, flow] += step
        if key.cell is not None and key.stage in UNRESOLVED:
            self._cells[key.cell, key.severity, due] += step

    def _begin(self, key: IssueKey, day: date) -> None:
        """An issue that begins with a stage, as imported ones do: its past stands on the days that it states."""
        flows: list[tuple[Flow, date]] = []
        if key.stage in UNRESOLVED | RECTIFIED:
            flows.append((Flow.OPENED, key.found_on))
        if key.stage in RECTIFIED:
            flows.append((Flow.LEFT, key.closed_on or day))
        for flow, when in flows:
            for scope, scope_id in key.scopes:
                self._flows[scope, scope_id, when, flow] += 1

    def _flow(self, before: IssueKey | None, after: IssueKey | None, day: date) -> None:
        if before is None and after is not None:
            self._begin(after, day)
            return
        old, new = _unresolved_in(before), _unresolved_in(after)
        for flow, scopes in ((Flow.OPENED, new - old), (Flow.LEFT, old - new)):
            for scope, scope_id in scopes:
                self._flows[scope, scope_id, day, flow] += 1


def rebuild(session: Session, changes: TallyChanges) -> None:
    """Replace all summaries by the given sums."""
    for model in COLUMNS:
        session.execute(delete(model))
    changes.store(session)


def _unresolved_in(key: IssueKey | None) -> frozenset[tuple[TallyScope, int]]:
    return frozenset(key.scopes) if key is not None and key.stage in UNRESOLVED else frozenset()


def _add(session: Session, model: type[SQLModel], columns: Sequence[str], sums: Mapping[tuple[Any, ...], int]) -> None:
    rows = [dict(zip((*columns, "n"), (*key, n), strict=True)) for key, n in sums.items()]
    if not rows:
        return
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel sets it on table classes
    dialect = session.get_bind().dialect.name
    statement: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    upsert = statement.on_conflict_do_update(index_elements=list(columns), set_={"n": table.c.n + statement.excluded.n})
    session.connection().execute(upsert, rows)
    session.connection().execute(delete(table).where(table.c.n == 0))  # few: a partial index holds them
