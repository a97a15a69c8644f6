"""Hot spots as objects: cells, numbers, how they changed over twelve weeks, and who answers for the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlmodel import Session

from dashboard.services.heat import NOTHING, CellHeat, cell_heat, coarser, known_issues, rows_of_cells
from dashboard.services.heat_past import week_ends, weeks_by_cell
from db.repositories import heat as stored
from db.repositories.ledger_filter import condition_of
from db.repositories.people import leads_on
from db.repositories.territory import district_outline, zones_on
from db.tables.people import Person
from db.tables.territory import Zone
from geo.codec import cell_name
from geo.hexagons import FINEST, cells_over, connected, outline_of, summed
from geo.hot_spots import HotCells, Undefined, contiguity, hot_cells
from governance.hot_spots import ALPHA, WEEKS, SpotState, state_of, was_hot
from governance.loop_numbers import LoopNumbers
from governance.permissions import Actor
from governance.vocabulary import ZoneKind

MOST_CELLS: Final = 6_000
COARSEST: Final = 4
UNITS: Final = 5
_ORDER: Final = {SpotState.PERSISTENT: 0, SpotState.EMERGING: 1, SpotState.FADING: 2}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One hot spot.

    Attributes
    ----------
    name
        Of its first cell: no two hot spots share one.
    cells
        H3 cells of one resolution, connected by their edges, ascending.
    heat
        Unresolved issues in it, overdue ones, their weight.
    z, p
        Largest score and smallest probability of its cells today.
    weeks
        Whether it was hot at the end of each of the last twelve weeks, oldest first; the last one is now.
    zones
        That it touches, with the leader who guards each today, if one does; townships first.
    units
        That lead its unresolved issues, with their number, most first; at most five.
    """

    name: str
    state: SpotState
    cells: tuple[int, ...]
    outline: BaseGeometry
    heat: CellHeat
    z: float
    p: float
    weeks: tuple[bool, ...]
    zones: tuple[tuple[Zone, Person | None], ...]
    units: tuple[tuple[str, str | None, int], ...]


@dataclass(frozen=True, kw_only=True)
class SpotPicture:
    """Hot spots of a day, persistent ones first, then by issues.

    Attributes
    ----------
    why
        Why there is no statistic of today; None where there is one.
    cells
        Cells that were judged.
    weeks
        Last days of the weeks that were judged, oldest first.
    """

    spots: tuple[Spot, ...]
    why: Undefined | None
    cells: int
    resolution: int
    weeks: tuple[date, ...]


def hot_spots(session: Session, actor: Actor, *, today: date, numbers: LoopNumbers, yellow_days: int) -> SpotPicture:
    """Hot spots of the unresolved issues that somebody may know of.

    Parameters
    ----------
    session : Session
    actor : Actor
    today : date
    numbers : LoopNumbers
        For the weight; whether a place is hot follows from the number of unresolved issues.
    yellow_days : int

    Returns
    -------
    SpotPicture
        Each week is judged by itself over the same cells: those of the district's outline, empty ones included,
        and those beyond it in which an issue lay.
    """
    ends = week_ends(today, WEEKS)
    warm = cell_heat(session, actor, today=today, numbers=numbers)
    own = district_outline(session, today)
    resolution, area = _study_area(own.geometry if own else None)
    here = coarser(warm, resolution)
    past = weeks_by_cell(session, actor, ends)[:-1]
    counts: list[Mapping[int, float]] = [summed(week, resolution) for week in past]
    counts.append({cell: heat.n for cell, heat in here.items()})
    area = sorted({*area, *(cell for week in counts for cell in week)})
    judged = judge(counts, area)
    now = judged[-1]
    spots = [
        _spot(session, actor, cells, state, judged, here, today=today, yellow_days=yellow_days)
        for cells, state in objects_of([week.hot if isinstance(week, HotCells) else frozenset() for week in judged])
    ]
    return SpotPicture(
        spots=tuple(sorted(spots, key=lambda spot: (_ORDER[spot.state], -spot.heat.n, spot.name))),
        why=now if isinstance(now, Undefined) else None,
        cells=len(area),
        resolution=resolution,
        weeks=tuple(ends),
    )


def judge(counts: Sequence[Mapping[int, float]], area: Sequence[int]) -> list[HotCells | Undefined]:
    """Gi* of each week over the same cells."""
    weights = contiguity(area)
    return [hot_cells(week, area, alpha=ALPHA, weights=weights) for week in counts]


def objects_of(weeks: Sequence[frozenset[int]]) -> list[tuple[list[int], SpotState]]:
    """Connected cells with their state: those hot now, and those that were hot often enough before and are not now.

    Parameters
    ----------
    weeks : sequence of sets of cells
        Hot cells at the end of each week, oldest first, the last one now.
    """
    now = weeks[-1] if weeks else frozenset()
    before = {cell for week in weeks for cell in week} - now
    gone = [cell for cell in before if state_of([cell in week for week in weeks]) == SpotState.FADING]
    found = [(cells, state_of(_weeks_of(cells, weeks)) or SpotState.EMERGING) for cells in connected(now)]
    return found + [(cells, SpotState.FADING) for cells in connected(gone)]


def _weeks_of(cells: Sequence[int], weeks: Sequence[frozenset[int]]) -> list[bool]:
    return [was_hot(sum(cell in week for cell in cells), len(cells)) for week in weeks]


def _study_area(outline: BaseGeometry | None) -> tuple[int, list[int]]:
    for resolution in range(FINEST, COARSEST - 1, -1):
        cells = cells_over(outline, resolution)
        if len(cells) <= MOST_CELLS:
            break
    return resolution, cells


def _spot(
    session: Session,
    actor: Actor,
    cells: list[int],
    state: SpotState,
    judged: Sequence[HotCells | Undefined],
    here: Mapping[int, CellHeat],
    *,
    today: date,
    yellow_days: int,
) -> Spot:
    outline, now = outline_of(cells), judged[-1]
    hot = [week.hot if isinstance(week, HotCells) else frozenset() for week in judged]
    within = condition_of(rows_of_cells(cells), today=today, yellow_until=today)
    return Spot(
        name=cell_name(cells[0]),
        state=state,
        cells=tuple(cells),
        outline=outline,
        heat=sum((here.get(cell, NOTHING) for cell in cells), NOTHING),
        z=max(now.z[cell] for cell in cells) if isinstance(now, HotCells) else float("nan"),
        p=min(now.p[cell] for cell in cells) if isinstance(now, HotCells) else float("nan"),
        weeks=tuple(_weeks_of(cells, hot)),
        zones=_zones(session, outline, today),
        units=tuple(stored.leading_units(session, known_issues(actor) & within, limit=UNITS)),
    )


def _zones(session: Session, outline: BaseGeometry, today: date) -> tuple[tuple[Zone, Person | None], ...]:
    leads: dict[int, Any] = leads_on(session, today)
    touched = [item.zone for item in zones_on(session, today) if item.geometry.intersects(outline)]
    touched.sort(key=lambda zone: (zone.kind != ZoneKind.TOWNSHIP, zone.code))
    return tuple((zone, leads.get(zone.key)) for zone in touched)
