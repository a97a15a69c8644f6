"""Heat of the unresolved issues that somebody may know of: by cell and by zone, with the weight of each place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, select

from dashboard.services.ledger import ledger_condition
from dashboard.services.overview import seen_standings
from db.repositories import heat as stored
from db.repositories import issues
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.scopes import enterprises_within, issues_within
from db.repositories.standing import heat_groups
from db.tables.territory import Enterprise, EnterpriseLink
from geo.codec import parent_cell
from geo.hexagons import FINEST, names_of
from governance.heat import heat_of
from governance.loop_numbers import LoopNumbers
from governance.permissions import Actor, Right, may

MOST_HEXAGONS: Final = 900
COARSEST: Final = 4


class Measure(StrEnum):
    """What a choropleth shows."""

    COUNT = "count"
    RATE = "rate"
    OVERDUE_SHARE = "overdue_share"


@dataclass(frozen=True, slots=True)
class CellHeat:
    """Unresolved issues of a cell: how many, how many of them overdue, and their weight (`governance.heat`)."""

    n: int
    overdue: int
    weight: float

    def __add__(self, other: "CellHeat") -> "CellHeat":
        """Both together."""
        return CellHeat(self.n + other.n, self.overdue + other.overdue, self.weight + other.weight)


@dataclass(frozen=True, slots=True)
class ZoneHeat:
    """Unresolved and overdue issues of a zone, and its enterprises."""

    unresolved: int
    overdue: int
    enterprises: int

    def value(self, measure: Measure) -> float | None:
        """Number of issues, issues per 100 enterprises, or per cent overdue; None where it would divide by none."""
        if measure == Measure.COUNT:
            return self.unresolved
        part, whole = (
            (self.unresolved, self.enterprises) if measure == Measure.RATE else (self.overdue, self.unresolved)
        )
        return 100 * part / whole if whole else None


NOTHING: Final = CellHeat(0, 0, 0.0)


def known_issues(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Issue`: what heat is drawn from for somebody; all for whoever sees the district in summary."""
    return true() if may(actor, Right.SEE_DISTRICT) else issues_within(actor)


def cell_heat(session: Session, actor: Actor, *, today: date, numbers: LoopNumbers) -> dict[int, CellHeat]:
    """Heat by H3 cell of resolution 8 (about 0.7 km²), ascending; for the whole district from the summaries."""
    is_open = may(actor, Right.SEE_DISTRICT)
    groups = (
        heat_groups(session, today=today) if is_open else stored.cell_groups(session, known_issues(actor), today=today)
    )
    found: dict[int, CellHeat] = {}
    for cell, group in groups:
        own = CellHeat(group.n, group.n if group.is_late else 0, heat_of(group, today=today, numbers=numbers))
        coarse = parent_cell(cell, FINEST)
        found[coarse] = found.get(coarse, NOTHING) + own
    return dict(sorted(found.items()))


def coarser(cells: Mapping[int, CellHeat], resolution: int) -> dict[int, CellHeat]:
    """Heat by the cells of a coarser resolution, in ascending order."""
    found: dict[int, CellHeat] = {}
    for cell, heat in cells.items():
        parent = parent_cell(cell, resolution)
        found[parent] = found.get(parent, NOTHING) + heat
    return dict(sorted(found.items()))


def shown_resolution(cells: Iterable[int], *, most: int = MOST_HEXAGONS) -> int:
    """The finest resolution, from 8 down to 4, at which at most ``most`` cells hold something."""
    held = set(cells)
    for resolution in range(FINEST, COARSEST, -1):
        held = {parent_cell(cell, resolution) for cell in held}
        if len(held) <= most:
            return resolution
    return COARSEST


def placeless(session: Session, actor: Actor) -> int:
    """Unresolved issues that somebody may know of and that lie nowhere on the map."""
    return stored.placeless(session, known_issues(actor))


def zone_heat(session: Session, actor: Actor, *, today: date, yellow_days: int) -> dict[int, ZoneHeat]:
    """Heat by zone number, of every zone that has issues or enterprises that somebody may know of."""
    standings = seen_standings(session, actor, today=today, yellow_days=yellow_days)
    within = select(Enterprise.id).where(enterprises_within(actor))
    is_open = may(actor, Right.SEE_DISTRICT)
    firms = stored.enterprises_by_zone(session, true() if is_open else col(EnterpriseLink.enterprise_id).in_(within))
    found = {}
    for zone in sorted({*standings, *firms}):
        standing = standings.get(zone)
        unresolved, overdue = (standing.unresolved, standing.overdue) if standing else (0, 0)
        found[zone] = ZoneHeat(unresolved, overdue, firms.get(zone, 0))
    return found


def rows_of_cells(cells: Iterable[int]) -> LedgerFilter:
    """What the ledger is asked for to list the unresolved issues of cells."""
    return LedgerFilter(is_unresolved=True, cells=frozenset(names_of(cells)))


def open_to(session: Session, actor: Actor, wanted: LedgerFilter, *, today: date, yellow_days: int) -> int:
    """How many issues a filter finds in somebody's ledger."""
    return issues.count(session, ledger_condition(actor, wanted, today=today, yellow_days=yellow_days))
