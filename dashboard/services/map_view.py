"""What the map shows of a place under the chosen lights: standing, list, and issues gathered by cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, or_, true
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from dashboard.services.ledger import asks_for_zones, ledger_condition
from dashboard.services.overview import Standing, standing_of
from db.repositories import issues, tallies
from db.repositories.issues import IssueLine
from db.repositories.ledger_filter import LedgerFilter, condition_of
from db.repositories.scopes import enterprises_within, issues_within, zones_within
from db.repositories.tallies import Group
from db.tables.history import CellTally
from db.tables.issues import Issue
from db.tables.territory import Enterprise, Industry, Village, Zone
from db.tables.watching import Station
from db.tally_keys import NO_DEADLINE
from geo.codec import cell_centre, parent_cell
from governance.counting import UNRESOLVED
from governance.lights import ORDER, light_of, worst
from governance.permissions import Actor, Right, may
from governance.vocabulary import Light

CLUSTER_RESOLUTION: Final = 6
"""Cells of about 36 km²: a district has some dozens of them, whatever the number of issues."""

MOST_DOTS: Final = 1200
"""Enterprises that one view of the district shows as dots."""

MOST_PLACES: Final = 500
"""Villages or stations that one view shows."""

ALL_LIGHTS: Final = frozenset(Light)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Unresolved issues of one cell: their middle (WGS84 degrees), how many, and the worst light."""

    lon: float
    lat: float
    n: int
    light: Light


@dataclass(frozen=True, slots=True)
class Spot:
    """A village, station or enterprise as a point; WGS84 degrees."""

    code: str
    name: str
    name_en: str | None
    lon: float
    lat: float


def lit_standing(groups: Iterable[Group], lights: frozenset[Light], *, today: date, yellow_days: int) -> Standing:
    """Standing of the unresolved issues in some lights; where one is left out, so are clues, which have none."""
    if lights >= ALL_LIGHTS:
        return standing_of(groups, today=today, yellow_days=yellow_days)
    lit = [
        group
        for group in groups
        if group.stage in UNRESOLVED and light_of(group.due_on, today=today, yellow_days=yellow_days) in lights
    ]
    return standing_of(lit, today=today, yellow_days=yellow_days)


def district_groups(session: Session, actor: Actor) -> list[Group]:
    """Groups of the district as far as a person may know them."""
    if may(actor, Right.SEE_DISTRICT):
        return tallies.district_groups(session)
    return tallies.issue_groups(session, issues_within(actor))


def zone_groups(session: Session, actor: Actor, zone_id: int) -> list[Group]:
    """Groups of a zone as far as a person may know them."""
    if may(actor, Right.SEE_DISTRICT):
        return tallies.zone_groups(session).get(zone_id, [])
    return tallies.zone_issue_groups(session, issues_within(actor)).get(zone_id, [])


def enterprise_groups(session: Session, actor: Actor, number: int) -> list[Group]:
    """Groups of an enterprise within a person's scope."""
    return tallies.issue_groups(session, issues_within(actor), enterprise_id=number)


def lit_lines(
    session: Session,
    actor: Actor,
    wanted: LedgerFilter,
    lights: frozenset[Light],
    *,
    today: date,
    yellow_days: int,
    limit: int,
) -> list[IssueLine]:
    """Unresolved issues in some lights under a filter within a person's scope, earliest deadline first."""
    condition = and_(
        ledger_condition(actor, wanted, today=today, yellow_days=yellow_days),
        _lit(lights, today=today, yellow_days=yellow_days),
    )
    return issues.lines(session, condition, limit=limit, by_deadline=True, is_open=asks_for_zones(wanted))


def clusters(
    session: Session, actor: Actor, lights: frozenset[Light], *, today: date, yellow_days: int
) -> list[Cluster]:
    """Unresolved issues of the district gathered by cell, the fewest first.

    Parameters
    ----------
    session : Session
    actor : Actor
        Whoever sees the district in summary gets all of them from the summaries, others what lies in their scope.
    lights : frozenset of Light
        Issues in other lights are left out; each of the chosen ones counts.
    today : date
    yellow_days : int
    """
    rows = _known_cells(session, actor, today=today, yellow_days=yellow_days)
    found: dict[int, list[tuple[int, Light, int]]] = {}
    for cell, due_on, n in rows:
        light = light_of(due_on, today=today, yellow_days=yellow_days)
        if light in lights and n > 0:
            found.setdefault(parent_cell(cell, CLUSTER_RESOLUTION), []).append((cell, light, n))
    gathered = [_cluster(parts) for parts in found.values()]
    return sorted(gathered, key=lambda one: (ORDER.index(one.light), one.n, one.lon, one.lat))


def _known_cells(
    session: Session, actor: Actor, *, today: date, yellow_days: int
) -> list[tuple[int, date | None, int]]:
    if may(actor, Right.SEE_DISTRICT):
        until = today + timedelta(days=yellow_days)
        light = case((col(CellTally.due_on) < today, 0), (col(CellTally.due_on) <= until, 1), else_=2)
        earliest = func.min(CellTally.due_on)  # stands for the others of the same light
        summed = columns(col(CellTally.cell), earliest, func.sum(CellTally.n)).where(col(CellTally.n) > 0)
        rows = session.connection().execute(summed.group_by(col(CellTally.cell), light))
        return [(cell, None if due_on == NO_DEADLINE else due_on, int(n)) for cell, due_on, n in rows]
    query = (
        columns(col(Issue.cell), col(Issue.due_on), func.count())
        .where(col(Issue.stage).in_(UNRESOLVED), col(Issue.cell).is_not(None), issues_within(actor))
        .group_by(col(Issue.cell), col(Issue.due_on))
    )
    rows = session.connection().execute(query)
    return [(int(cell or 0), due_on, n) for cell, due_on, n in rows]


def _cluster(parts: list[tuple[int, Light, int]]) -> Cluster:
    total = sum(n for _, _, n in parts)
    places = [(*cell_centre(cell), n) for cell, _, n in parts]
    lon = sum(lon * n for lon, _, n in places) / total
    lat = sum(lat * n for _, lat, n in places) / total
    return Cluster(lon, lat, total, worst(light for _, light, _ in parts))


def enterprise_spots(session: Session, actor: Actor, industries: frozenset[str]) -> tuple[list[Spot], int]:
    """Enterprises with a place within a person's scope, at most `MOST_DOTS` by name, and how many there are."""
    condition = and_(enterprises_within(actor), col(Enterprise.lon).is_not(None), of_industries(industries))
    total = session.exec(select(func.count()).select_from(Enterprise).where(condition)).one()
    query = select(Enterprise).where(condition).order_by(col(Enterprise.name), col(Enterprise.id)).limit(MOST_DOTS)
    return [_spot(str(firm.key), firm) for firm in session.exec(query)], total


def of_industries(codes: frozenset[str]) -> ColumnElement[bool]:
    """Condition on `Enterprise`: of one of the industries, by code; all without any."""
    from_codes = select(Industry.id).where(col(Industry.code).in_(codes))
    return col(Enterprise.industry_id).in_(from_codes) if codes else col(Enterprise.id).is_not(None)


def village_spots(session: Session, actor: Actor, *, township_id: int | None = None) -> tuple[list[Spot], int]:
    """Villages whose place is known, at most `MOST_PLACES` by code, and how many there are, known or not."""
    within = select(Zone.id).where(zones_within(actor))
    asked = col(Village.township_id) == township_id if township_id is not None else true()
    condition = and_(col(Village.township_id).in_(within), asked)
    total = session.exec(select(func.count()).select_from(Village).where(condition)).one()
    query = select(Village).where(condition, col(Village.lon).is_not(None)).order_by(col(Village.code))
    return [_spot(village.code, village) for village in session.exec(query.limit(MOST_PLACES))], total


def station_spots(session: Session) -> list[Spot]:
    """Air-quality stations by code; they are public."""
    return [
        _spot(station.code, station)
        for station in session.exec(select(Station).order_by(col(Station.code)).limit(MOST_PLACES))
    ]


def _spot(code: str, thing: Enterprise | Village | Station) -> Spot:
    assert thing.lon is not None  # the queries above leave the others out
    assert thing.lat is not None
    return Spot(code, thing.name, thing.name_en, thing.lon, thing.lat)


def _lit(lights: frozenset[Light], *, today: date, yellow_days: int) -> ColumnElement[bool]:
    until = today + timedelta(days=yellow_days)
    if lights >= ALL_LIGHTS:
        return condition_of(LedgerFilter(is_unresolved=True), today=today, yellow_until=until)
    each = [condition_of(LedgerFilter(light=light), today=today, yellow_until=until) for light in sorted(lights)]
    return or_(*each) if each else col(Issue.id).is_(None)
