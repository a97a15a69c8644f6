"""What the summaries know of an issue, and the keys under which they count it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from db.tables.history import Flow, RecordScope, Span, StandingScope, TallyScope
from geo.codec import coarse_cell
from governance.counting import CLUES, FOLLOWED_FROM_ABOVE, FOUND, RECTIFIED, UNRESOLVED, is_on_time
from governance.vocabulary import Severity, Source, Stage

NO_DEADLINE = date(9999, 12, 31)
OUTSIDE = 0
COARSE = 8


@dataclass(frozen=True, kw_only=True)
class IssueKey:
    """What the summaries know of one issue."""

    stage: Stage
    severity: Severity
    source: Source
    due_on: date | None
    found_on: date
    closed_on: date | None
    township_id: int | None
    key_zone_ids: tuple[int, ...]
    industry_id: int | None
    enterprise_id: int | None
    cell: int | None
    was_on_time: bool

    @property
    def due(self) -> date:
        """The running deadline as the summaries write it."""
        return self.due_on or NO_DEADLINE

    @property
    def is_clue(self) -> bool:
        """Whether it waits for confirmation."""
        return self.stage in CLUES

    @property
    def is_unresolved(self) -> bool:
        """Whether it counts as unresolved."""
        return self.stage in UNRESOLVED

    @property
    def scopes(self) -> tuple[tuple[TallyScope, int], ...]:
        """Every summary that the issue belongs to."""
        townships = ((TallyScope.TOWNSHIP, self.township_id or OUTSIDE),)
        industry = ((TallyScope.INDUSTRY, self.industry_id),) if self.industry_id is not None else ()
        return townships + tuple((TallyScope.KEY_ZONE, zone) for zone in self.key_zone_ids) + industry

    @property
    def place(self) -> str:
        """Township and key zones together, see `place_key`."""
        return place_key(self.township_id, self.key_zone_ids)

    @property
    def standing_scopes(self) -> tuple[tuple[StandingScope, str], ...]:
        """Every summary of what stands alive that the issue belongs to."""
        optional = ((StandingScope.INDUSTRY, self.industry_id), (StandingScope.ENTERPRISE, self.enterprise_id))
        return (
            (StandingScope.PLACE, self.place),
            *(((StandingScope.SOURCE, f"{self.place} {self.source}"),) if self.source in FOLLOWED_FROM_ABOVE else ()),
            *((scope, str(number)) for scope, number in optional if number is not None),
        )

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

    @property
    def coarse_cells(self) -> frozenset[int]:
        """The coarse cell in which the issue lies; none without a place."""
        return frozenset() if self.cell is None else frozenset({coarse_cell(self.cell, COARSE)})


def key_of(issue: Mapping[str, Any]) -> IssueKey:
    """Key of an issue from its fields."""
    return IssueKey(
        stage=issue["stage"],
        severity=issue["severity"],
        source=issue["source"],
        due_on=issue["due_on"],
        found_on=issue["found_on"],
        closed_on=issue["closed_on"],
        township_id=issue["township_id"],
        key_zone_ids=tuple(int(text) for text in issue["key_zone_ids"].split(",") if text),
        industry_id=issue["industry_id"],
        enterprise_id=issue["enterprise_id"],
        cell=issue["cell"],
        was_on_time=is_on_time(
            measures_on=issue["measures_on"] or issue["closed_on"], rectify_due_on=issue["rectify_due_on"]
        ),
    )


def place_key(township_id: int | None, key_zone_ids: tuple[int, ...]) -> str:
    """A place is a township (0 is outside of them) with all key zones that something lies in: ``7:12,15``."""
    return f"{township_id or OUTSIDE}:{','.join(map(str, key_zone_ids))}"


def zones_of_place(key: str) -> frozenset[int]:
    """All zones of a place, its township (or 0) included."""
    township, _, key_zones = key.partition(":")
    return frozenset({int(township), *(int(zone) for zone in key_zones.split(",") if zone)})


def spans_of(day: date) -> tuple[tuple[Span, date], ...]:
    """The day itself and its week, each by its first day."""
    return (Span.DAY, day), (Span.WEEK, day - timedelta(days=day.weekday()))


def recorded_scopes(scope: StandingScope, key: str) -> Iterator[tuple[RecordScope, int]]:
    """Whose days' records a standing counts in: a place in those of the district and its zones."""
    if scope == StandingScope.PLACE:
        yield RecordScope.DISTRICT, 0
        yield from ((RecordScope.ZONE, zone) for zone in zones_of_place(key))
    elif scope == StandingScope.INDUSTRY:
        yield RecordScope.INDUSTRY, int(key)
