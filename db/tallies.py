"""Summaries kept up in the write transaction, so that a page never counts a million rows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, SQLModel

from db.tables.history import (
    CellFlow,
    CellTally,
    DayRecord,
    DueTally,
    Flow,
    FlowTally,
    HeatTally,
    IssueTally,
    Lateness,
    PlaceFlow,
    RecordScope,
    StandingTally,
    TallyDay,
    TallyScope,
    ZonePlace,
)
from db.tally_days import Rows, add, advance, by_record_scope, keep, records_of
from db.tally_keys import COARSE, IssueKey, spans_of
from geo.codec import coarse_cell
from governance.counting import RECTIFIED

SUMMARIES: tuple[type[SQLModel], ...] = (
    IssueTally,
    CellTally,
    FlowTally,
    DueTally,
    ZonePlace,
    PlaceFlow,
    CellFlow,
    StandingTally,
    HeatTally,
)
Key = tuple[Any, ...]


@dataclass
class Sums:
    """Changes of the summaries, added up; each field is one of them by the columns of its key."""

    issues: Counter[Key] = field(default_factory=Counter)
    flows: Counter[Key] = field(default_factory=Counter)
    cells: Counter[Key] = field(default_factory=Counter)
    cell_days: Counter[Key] = field(default_factory=Counter)
    zone_places: Counter[Key] = field(default_factory=Counter)
    place_flows: Counter[Key] = field(default_factory=Counter)
    cell_flows: Counter[Key] = field(default_factory=Counter)
    dues: Counter[Key] = field(default_factory=Counter)
    clues: Counter[Key] = field(default_factory=Counter)

    def copy(self) -> "Sums":
        """The same sums, on their own from now on."""
        return Sums(**{item.name: Counter(getattr(self, item.name)) for item in fields(self)})

    def take(self, others: "Sums") -> None:
        """Add other sums to these; what comes to zero goes."""
        for item in fields(self):
            _merge(getattr(self, item.name), getattr(others, item.name))

    def move(self, before: IssueKey | None, after: IssueKey | None, *, day: date) -> None:
        """Take an issue from one key to another on a local day."""
        if before is not None:
            self._count(before, -1)
        if after is not None:
            self._count(after, 1)
        if before is None and after is not None:
            self._begin(after, day)
        else:
            self._flow(before, after, day)

    def rows(self, model: type[SQLModel], *, day: date) -> Rows:
        """Key of each row of a summary → its changes, for summaries of this local day; rows without any left out."""
        if model is CellTally:
            return _pairs(self.cells, self.cell_days)
        if model is HeatTally:
            return self._heat(day)
        if model is StandingTally:
            return _without_zeros(self._standing(day))
        return _without_zeros(getattr(self, _PLAIN[model]))

    def _standing(self, day: date) -> Counter[Key]:
        found: Counter[Key] = Counter()
        for (scope, due_on, key, severity), n in self.dues.items():
            found[scope, key, severity, Lateness.LATE if due_on < day else Lateness.IN_TIME] += n
        for (scope, key, severity), n in self.clues.items():
            found[scope, key, severity, Lateness.CLUE] += n
        return found

    def _heat(self, day: date) -> Rows:
        counts: Counter[Key] = Counter()
        days: Counter[Key] = Counter()
        for cell, severity, due_on in self.cells.keys() | self.cell_days.keys():
            key = (coarse_cell(cell, COARSE), severity, due_on < day)
            counts[key] += self.cells[cell, severity, due_on]
            days[key] += self.cell_days[cell, severity, due_on]
        return _pairs(counts, days)

    def _count(self, key: IssueKey, step: int) -> None:
        for scope, scope_id in key.scopes:
            self.issues[scope, scope_id, key.stage, key.severity, key.due] += step
            for flow, day in key.standing_flows:
                self.flows[scope, scope_id, day, flow] += step
        for zone in key.key_zone_ids:
            self.zone_places[zone, ",".join(map(str, key.key_zone_ids))] += step
        for flow, day in key.standing_flows:
            self.place_flows[day, key.place, flow] += step
        if key.is_unresolved or key.is_clue:
            self._stand(key, step)
        if key.is_unresolved and key.cell is not None:
            self.cells[key.cell, key.severity, key.due] += step
            self.cell_days[key.cell, key.severity, key.due] += step * key.found_on.toordinal()

    def _stand(self, key: IssueKey, step: int) -> None:
        for scope, name in key.standing_scopes:
            if key.is_clue:
                self.clues[scope, name, key.severity] += step
            else:
                self.dues[scope, key.due, name, key.severity] += step

    def _begin(self, key: IssueKey, day: date) -> None:
        """An issue that begins with a stage, as imported ones do: its past stands on the days that it states."""
        if key.is_unresolved or key.stage in RECTIFIED:
            self._add_flow(Flow.OPENED, key.found_on, _Whereabouts.of(key))
        if key.stage in RECTIFIED:
            self._add_flow(Flow.LEFT, max(key.closed_on or day, key.found_on), _Whereabouts.of(key))

    def _flow(self, before: IssueKey | None, after: IssueKey | None, day: date) -> None:
        old, new = (
            _Whereabouts.of(key) if key is not None and key.is_unresolved else _Whereabouts() for key in (before, after)
        )
        self._add_flow(Flow.OPENED, day, new - old)
        self._add_flow(Flow.LEFT, day, old - new)

    def _add_flow(self, flow: Flow, day: date, where: "_Whereabouts") -> None:
        for scope, scope_id in where.scopes:
            self.flows[scope, scope_id, day, flow] += 1
        for place in where.places:
            self.place_flows[day, place, flow] += 1
        for cell in where.cells:
            for span, first in spans_of(day):
                self.cell_flows[span, first, cell, flow] += 1


@dataclass(frozen=True)
class _Whereabouts:
    """Where an unresolved issue counts."""

    scopes: frozenset[tuple[TallyScope, int]] = frozenset()
    places: frozenset[str] = frozenset()
    cells: frozenset[int] = frozenset()

    @staticmethod
    def of(key: IssueKey) -> "_Whereabouts":
        return _Whereabouts(frozenset(key.scopes), frozenset({key.place}), key.coarse_cells)

    def __sub__(self, other: "_Whereabouts") -> "_Whereabouts":
        return _Whereabouts(self.scopes - other.scopes, self.places - other.places, self.cells - other.cells)


_PLAIN: Mapping[type[SQLModel], str] = {
    IssueTally: "issues",
    FlowTally: "flows",
    DueTally: "dues",
    ZonePlace: "zone_places",
    PlaceFlow: "place_flows",
    CellFlow: "cell_flows",
}


class TallyChanges:
    """Changes of the summaries within one transaction, by local day, added up until it commits."""

    def __init__(self) -> None:
        self._days: list[tuple[date, Sums]] = []

    def __iter__(self) -> Iterator[tuple[date, Sums]]:
        """Local days, rising, each with its sums."""
        return iter(self._days)

    def marked(self) -> "TallyChanges":
        """The sums as they stand, to come back to with `return_to`."""
        mark = TallyChanges()
        mark.return_to(self)
        return mark

    def return_to(self, mark: "TallyChanges") -> None:
        """Take the sums of a mark again; whoever shares these changes sees it."""
        self._days = [(day, sums.copy()) for day, sums in mark._days]

    def move(self, before: IssueKey | None, after: IssueKey | None, *, day: date) -> None:
        """Take an issue from one key to another on a local day; None: not there before, or no more."""
        if not self._days or day > self._days[-1][0]:
            self._days.append((day, Sums()))
        self._days[-1][1].move(before, after, day=day)

    def store(self, session: Session) -> None:
        """Write the sums, day by day; each later day first keeps how the days before it ended."""
        for day, sums in self._days:
            today = advance(session, day)
            for model in SUMMARIES:
                add(session, model, sums.rows(model, day=today))


@dataclass
class Summed:
    """All summaries as many changes make them, in memory: what `rebuild` stores and verification compares with.

    Attributes
    ----------
    day
        The local day of the summaries; None before the first change.
    sums
        Of all changes together.
    records
        Rows of `DayRecord`, of every day from the first change on.
    """

    day: date | None = None
    sums: Sums = field(default_factory=Sums)
    records: list[dict[str, Any]] = field(default_factory=list)
    _dues: dict[tuple[RecordScope, int], Counter[date]] = field(default_factory=dict)

    def take(self, changes: TallyChanges) -> "Summed":
        """Add changes, whose days must not lie before those taken so far."""
        for day, sums in changes:
            if self.day is not None and day > self.day:
                self.records += records_of(self._dues, self.day, day)
            self.day = max(self.day or day, day)
            self.sums.take(sums)
            rows = ((scope, key, due_on, n) for (scope, due_on, key, _), n in sums.dues.items())
            for scope, dues in by_record_scope(rows).items():
                _merge(self._dues.setdefault(scope, Counter()), dues)
        return self

    def record_days(self, since: date) -> None:
        """Record the days from one before the first change on as if everything had stood all along."""
        if self.day is not None:
            self.records += records_of(self._dues, since, self.day)

    def rows(self, model: type[SQLModel]) -> Rows:
        """Key of each row of a summary → its values."""
        return self.sums.rows(model, day=self.day) if self.day else {}


def rebuild(session: Session, summed: Summed) -> None:
    """Replace all summaries by the given ones."""
    emptied: tuple[type[SQLModel], ...] = (*SUMMARIES, DayRecord, TallyDay)
    for model in emptied:
        session.execute(delete(model))
    if summed.day is None:
        return
    session.connection().execute(insert(TallyDay), [{"id": 1, "day": summed.day}])
    keep(session, summed.records)
    for model in SUMMARIES:
        add(session, model, summed.rows(model))


def _without_zeros(sums: Mapping[Key, int]) -> Rows:
    return {key: (n,) for key, n in sums.items() if n}


def _pairs(counts: Counter[Key], days: Counter[Key]) -> Rows:
    pairs = {key: (counts[key], days[key]) for key in counts.keys() | days.keys()}
    return {key: pair for key, pair in pairs.items() if any(pair)}


def _merge(own: Counter[Any], other: Mapping[Any, int]) -> None:
    """Add sums to others in place; what comes to zero goes."""
    for key, n in other.items():
        own[key] += n
        if not own[key]:
            del own[key]
