"""Points of a file linked to today's zones, without storing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlmodel import Session

from dashboard.importers.coordinates import parse_latitude, parse_longitude
from dashboard.importers.refusals import Cell
from dashboard.importers.table_reading import read_table
from dashboard.services.placing import Placing, placing_on
from db.repositories.territory import zones
from db.tables.territory import Zone
from db.unit_of_work import current_district
from geo.crs import parse_crs, to_wgs84
from geo.linking import OUTSIDE, Links, link
from governance.errors import InvalidInput

_LON: Final = "lon"
_LAT: Final = "lat"


@dataclass(frozen=True, kw_only=True)
class LinkedPoint:
    """One point with its zones.

    Attributes
    ----------
    row
        Row in the file, from 1; the header is row 1.
    township, primary
        None outside of every zone.
    zones
        Key zones, smallest first.
    distance_m
        0 inside the township, metres to it where it was taken as the nearest, None outside.
    """

    row: int
    township: Zone | None
    zones: tuple[Zone, ...]
    primary: Zone | None
    distance_m: float | None

    def as_dict(self) -> dict[str, object]:
        """The row as the command line prints it: zones by name, with their codes beside."""
        return {
            "row": self.row,
            "township": self.township.name if self.township else None,
            "zones": [zone.name for zone in self.zones],
            "primary": self.primary.name if self.primary else None,
            "distance_m": self.distance_m,
            "township_code": self.township.code if self.township else None,
            "zone_codes": [zone.code for zone in self.zones],
            "primary_code": self.primary.code if self.primary else None,
        }


def link_points(session: Session, path: Path, *, day: date, crs: str = "WGS84") -> list[LinkedPoint]:
    """Link the points of a table to the zones of a day.

    Parameters
    ----------
    session : Session
        Only read.
    path : Path
        CSV (or another table file) whose header names ``lon`` and ``lat``.
    day : date
        Local day whose outlines count.
    crs : str
        What the numbers are in; see `geo.crs.parse_crs`.

    Returns
    -------
    list of LinkedPoint
        One for each row below the header, in the order of the file; blank rows are left out.

    Raises
    ------
    InvalidInput
        No such columns, or a row without a number; the first such row is named.
    FalseCrs, UnknownCrs
    """
    rows, x, y = _coordinates(path)
    lon, lat = to_wgs84(x, y, parse_crs(crs))
    placing = placing_on(session, current_district(session), day)
    known = {zone.key: zone for zone in zones(session)}
    if placing.zones is None:
        return [LinkedPoint(row=row, township=None, zones=(), primary=None, distance_m=None) for row in rows]
    links = link(lon, lat, placing.zones, nearest_m=placing.nearest_m)
    return [_point(row, i, links, placing, known) for i, row in enumerate(rows)]


def _point(row: int, i: int, links: Links, placing: Placing, known: dict[int, Zone]) -> LinkedPoint:
    def zone(index: int) -> Zone | None:
        return None if index == OUTSIDE else known[placing.ids[index]]

    distance = float(links.distance_m[i])
    return LinkedPoint(
        row=row,
        township=zone(int(links.township[i])),
        zones=tuple(known[placing.ids[index]] for index in links.key_zones_of(i)),
        primary=zone(int(links.primary[i])),
        distance_m=None if np.isnan(distance) else round(distance, 1),
    )


def _coordinates(path: Path) -> tuple[list[int], list[float], list[float]]:
    table = read_table(path)
    titles = [str(cell).strip().casefold() for cell in table.rows[0]]
    missing = [name for name in (_LON, _LAT) if name not in titles]
    if missing:
        raise InvalidInput(
            "point_columns_missing",
            "The table lacks the columns {fields}; its header holds: {found}.",
            fields=missing,
            found=[title for title in titles if title],
        )
    lon, lat = titles.index(_LON), titles.index(_LAT)
    below = enumerate(table.rows[1:], start=2)
    held = [(row, cells) for row, cells in below if any(cell not in ("", None) for cell in cells)]
    return (
        [row for row, _ in held],
        [_number(row, cells, lon, parse_longitude) for row, cells in held],
        [_number(row, cells, lat, parse_latitude) for row, cells in held],
    )


def _number(row: int, cells: Sequence[Cell], place: int, parse: Any) -> float:
    try:
        return float(parse(cells[place]))
    except InvalidInput as error:
        raise InvalidInput(
            "row_without_point",
            "Row {row} has no point: {value} is no coordinate",
            row=row,
            value=str(cells[place]) or "-",
        ) from error
