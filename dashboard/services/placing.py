"""Where a record lies: points linked to the zones of a day, and the dated links that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import insert, update
from sqlmodel import Session, col

from db.repositories.territory import zones_on
from db.tables.issues import IssueLink
from db.tables.record import Located
from db.tables.territory import District, EnterpriseLink
from db.unit_of_work import UnitOfWork
from geo.codec import cells_of
from geo.linking import OUTSIDE, Links, link
from geo.zones import Zones, zones_of
from governance.vocabulary import ZoneKind

LinkTable = type[IssueLink] | type[EnterpriseLink]
_OWNER: dict[LinkTable, str] = {IssueLink: "issue_id", EnterpriseLink: "enterprise_id"}
NOWHERE: dict[str, Any] = {
    "lon": None,
    "lat": None,
    "cell": None,
    "township_id": None,
    "primary_zone_id": None,
    "key_zone_ids": "",
    "distance_m": 0.0,
}


@dataclass(frozen=True, kw_only=True)
class Placing:
    """The zones of a day, ready for linking; ``ids`` are the zone numbers in the order of ``zones``."""

    zones: Zones | None
    ids: tuple[int, ...]
    nearest_m: float


def placing_on(session: Session, district: District, day: date) -> Placing:
    """The zones of a local day, ready for linking; without any zone everything is outside."""
    found = zones_on(session, day)
    if not found or district.metric_epsg is None:
        return Placing(zones=None, ids=(), nearest_m=0.0)
    zones = zones_of(
        [f"{item.zone.code}\x1f{item.zone.kind}" for item in found],
        [item.zone.kind == ZoneKind.TOWNSHIP for item in found],
        [item.geometry for item in found],
        metric_epsg=district.metric_epsg,
    )
    return Placing(zones=zones, ids=tuple(item.zone.key for item in found), nearest_m=district.nearest_m)


def place(placing: Placing, lon: Sequence[float], lat: Sequence[float]) -> list[dict[str, Any]]:
    """Place fields of points, in their order: coordinates, cell, township, primary zone, key zones, distance.

    Parameters
    ----------
    placing : Placing
    lon, lat : sequence of float
        WGS84 degrees.

    Returns
    -------
    list of dict
        The fields of `db.tables.record.Located`; township None outside of every township.
    """
    lons, lats = np.asarray(lon, float), np.asarray(lat, float)
    cells = cells_of(lons, lats)
    links = link(lons, lats, placing.zones, nearest_m=placing.nearest_m) if placing.zones else None
    return [
        {**NOWHERE, "lon": float(x), "lat": float(y), "cell": int(cell), **_zones_of(placing, links, i)}
        for i, (x, y, cell) in enumerate(zip(lons, lats, cells, strict=True))
    ]


def place_one(placing: Placing, lon: float | None, lat: float | None) -> dict[str, Any]:
    """Place fields of one point; nowhere without coordinates."""
    if lon is None or lat is None:
        return dict(NOWHERE)
    return place(placing, [lon], [lat])[0]


def in_township(zone_id: int | None) -> dict[str, Any]:
    """Place fields of a record without coordinates: its township is as stated."""
    return {**NOWHERE, "township_id": zone_id, "primary_zone_id": zone_id}


def begin_links(work: UnitOfWork, table: LinkTable, rows: Sequence[tuple[int, tuple[int, ...]]]) -> None:
    """Begin dated links: (record number, zone numbers) each from today on."""
    shared = {"valid_from": work.today, "valid_to": None, "recorded_at": work.now}
    owner = _OWNER[table]
    values = [{owner: number, "zone_id": zone, **shared} for number, zones in rows for zone in zones]
    if values:
        work.session.connection().execute(insert(table), values)


def end_links(work: UnitOfWork, table: LinkTable, numbers: Sequence[int]) -> None:
    """End the running links of records: they were valid up to yesterday."""
    owner = getattr(table, _OWNER[table])
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        statement = update(table).where(col(owner).in_(part), col(table.valid_to).is_(None))
        work.session.connection().execute(statement.values(valid_to=work.today))


def zone_ids_of(fields: dict[str, Any]) -> tuple[int, ...]:
    """Township and key zones of place fields, township first."""
    return Located(**{name: fields[name] for name in ("township_id", "key_zone_ids")}).zone_ids


def _zones_of(placing: Placing, links: Links | None, point: int) -> dict[str, Any]:
    if links is None:
        return {}
    key_zones = [placing.ids[zone] for zone in links.key_zones_of(point)]
    township, primary = links.township[point], links.primary[point]
    return {
        "township_id": placing.ids[township] if township != OUTSIDE else None,
        "primary_zone_id": placing.ids[primary] if primary != OUTSIDE else None,
        "key_zone_ids": ",".join(map(str, key_zones)),
        "distance_m": round(float(links.distance_m[point]), 1) if links.is_near[point] else 0.0,
    }
