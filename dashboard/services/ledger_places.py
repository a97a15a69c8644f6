"""Where the rows of a ledger lie: all coordinates converted at once, checked, and linked to today's zones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session

from dashboard.importers.coordinates import Extent
from dashboard.importers.refusals import Refusal, RowError
from dashboard.services.placing import Placing, place, placing_on
from db.repositories.territory import district_outline, zones_on
from db.tables.territory import District
from geo.crs import check_near, check_numbers, fits, from_wgs84, km_from
from geo.crs_names import Crs, degrees_of
from geo.errors import FalseCrs, GeoError
from geo.metric import in_metres, points_in_metres
from governance.vocabulary import ZoneKind

FAR_KM: Final = 10.0
"""A point farther from the district's extent than this is no place of it."""

SAME_PLACE_DEG: Final = 1.1e-7
"""Coordinates that differ by less were rounded on the way: seven decimals are about 1 cm."""


class Positioned(Protocol):
    """What is asked of a row: where it stands in the sheet, and x and y in the file's CRS."""

    @property
    def row(self) -> int:
        """Row in the sheet."""
        ...

    @property
    def x(self) -> float | None:
        """Easting or longitude."""
        ...

    @property
    def y(self) -> float | None:
        """Northing or latitude."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The zones of a day: ready for linking, with the district's extent and its townships in metres."""

    placing: Placing
    extent: tuple[float, float, float, float] | None
    townships: Mapping[int, BaseGeometry]
    metric_epsg: int | None
    nearest_m: float


def ground_on(session: Session, district: District, day: date) -> Ground:
    """What rows are placed on: the zones of a local day."""
    found = zones_on(session, day)
    own = district_outline(session, day)
    shapes = [own.geometry] if own else [item.geometry for item in found]
    bounds = tuple(float(number) for number in shapely.total_bounds(shapes)) if shapes else None
    epsg = district.metric_epsg
    townships = [item for item in found if item.zone.kind == ZoneKind.TOWNSHIP]
    return Ground(
        placing=placing_on(session, district, day),
        extent=bounds,  # type: ignore[arg-type]  # always four numbers
        townships={item.zone.key: in_metres(item.geometry, epsg) for item in townships} if epsg else {},
        metric_epsg=epsg,
        nearest_m=district.nearest_m,
    )


def extent_in(ground: Ground, crs: Crs) -> Extent | None:
    """The district's extent in the CRS of a file; None where nobody knows it, or the CRS has no numbers for it."""
    if ground.extent is None:
        return None
    west, south, east, north = ground.extent
    lon, lat = np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5))
    try:
        x, y = from_wgs84(lon.ravel(), lat.ravel(), crs)
    except GeoError:
        return None
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def place_rows(
    rows: Sequence[Positioned], ground: Ground, crs: Crs
) -> tuple[dict[int, dict[str, Any]], dict[int, RowError]]:
    """Place fields of the rows that have coordinates.

    Parameters
    ----------
    rows : sequence of Positioned
    ground : Ground
    crs : Crs
        What x and y are in.

    Returns
    -------
    tuple of dict
        Row → place fields (see `dashboard.services.placing.place`), and row → why its point is refused: the
        numbers do not fit the CRS, or lie farther than 10 km from the district.
    """
    held = [row for row in rows if row.x is not None and row.y is not None]
    x = np.array([row.x for row in held], float)
    y = np.array([row.y for row in held], float)
    numbers = np.array([row.row for row in held], np.int64)
    good = fits(x, y, crs) if held else np.zeros(0, bool)
    errors = _refused(numbers[~good], x[~good], y[~good], len(held), lambda p, q: check_numbers(p, q, crs))
    numbers, x, y = numbers[good], x[good], y[good]
    lon, lat = degrees_of(x, y, crs)
    if ground.extent is not None and lon.size:
        far = km_from(lon, lat, ground.extent) > FAR_KM
        errors |= _refused(numbers[far], x[far], y[far], len(held), lambda p, q: _check_near(p, q, ground, crs))
        numbers, lon, lat = numbers[~far], lon[~far], lat[~far]
    placed = place(ground.placing, lon, lat)  # type: ignore[arg-type]  # an array is a sequence of floats
    return dict(zip(numbers.tolist(), placed, strict=True)), errors


def contradiction(fields: Mapping[str, Any], stated: int | None, ground: Ground) -> Refusal | None:
    """Refuse a point that lies farther from the stated township than points are given to the nearest one."""
    outline = ground.townships.get(stated) if stated is not None else None
    if outline is None or fields["township_id"] == stated or ground.metric_epsg is None:
        return None
    x, y = points_in_metres(np.array([fields["lon"]]), np.array([fields["lat"]]), ground.metric_epsg)
    away_m = float(shapely.distance(shapely.Point(x[0], y[0]), outline))
    if away_m <= ground.nearest_m:
        return None
    return Refusal(
        "place_contradicts_township",
        "The point lies {distance_m} m outside the township that the row states; mend one of the two.",
        distance_m=round(away_m),
    )


def is_same_place(fields: Mapping[str, Any], lon: float | None, lat: float | None) -> bool:
    """Whether coordinates are the same but for rounding."""
    if lon is None or lat is None:
        return False
    return bool(abs(fields["lon"] - lon) <= SAME_PLACE_DEG and abs(fields["lat"] - lat) <= SAME_PLACE_DEG)


def _check_near(x: Any, y: Any, ground: Ground, crs: Crs) -> None:
    if ground.extent is not None:
        check_near(*degrees_of(x, y, crs), ground.extent, margin_km=FAR_KM, crs=crs, source=(x, y))


def _refused(numbers: Any, x: Any, y: Any, total: int, check: Callable[[Any, Any], None]) -> dict[int, RowError]:
    """One error for each point; the cause is looked for once, in all of them together."""
    if not numbers.size:
        return {}
    try:
        check(x, y)
    except FalseCrs as error:
        return {
            int(row): RowError(
                int(row), "x", f"{a:g}, {b:g}", error.code, error.template,
                {**error.params, "x": float(a), "y": float(b), "row": int(row), "total": total},
            )
            for row, a, b in zip(numbers, x, y, strict=True)
        }  # fmt: skip
    return {}
