"""Rings as they are drawn: made to outlines, refused with the place of the fault, and mended as a proposal."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike

from geo.editing_grid import on_grid
from geo.editing_measures import area_m2
from geo.errors import InvalidOutline

_POLYGONS: Final = ("Polygon", "MultiPolygon")
_CORNERS: Final = 3
_DEGREES: Final = "-180…180, -90…90"


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """An outline mended for a person to accept.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        WGS84, valid, on the storage grid; empty where nothing can be kept.
    reason : str
        What was wrong, as the geometry library puts it.
    lon, lat : float
        Where, in WGS84 degrees.
    change_m2 : float
        Area of the proposal less that of the ring as drawn, in which a crossing's loops count against each other.
    """

    outline: Any
    reason: str
    lon: float
    lat: float
    change_m2: float


def drawn_outline(ring: ArrayLike, *, zone: str = "") -> Any:
    """Make an outline of corners as a person drew them.

    Parameters
    ----------
    ring : array_like of float, shape (n, 2)
        Longitude and latitude in degrees; closed or not, in either direction.
    zone : str
        What to call it in messages.

    Returns
    -------
    shapely Polygon
        WGS84, valid, on the storage grid.

    Raises
    ------
    InvalidOutline
        Numbers are missing or not finite, there are fewer than three different corners, the numbers are no places, or
        the ring crosses itself (the place is named).
    """
    numbers = np.asarray(ring, float).reshape(-1, 2)
    if not np.isfinite(numbers).all():
        raise _not_finite(zone, int(np.flatnonzero(~np.isfinite(numbers).all(axis=1))[0]) + 1)
    corners = len(np.unique(numbers, axis=0))
    if corners < _CORNERS:
        raise InvalidOutline(
            "too_few_points", "The outline of zone {zone} has {value} corners; at least {allowed} are needed.",
            zone=zone, value=corners, allowed=_CORNERS,
        )  # fmt: skip
    polygon = shapely.Polygon(numbers)
    require_polygon(polygon, zone=zone)
    return on_grid(polygon)


def require_polygon(outline: Any, *, zone: str = "") -> None:
    """Refuse what is no valid polygon in degrees.

    Parameters
    ----------
    outline : shapely geometry or None
        WGS84.
    zone : str
        What to call it in messages.

    Raises
    ------
    InvalidOutline
        It is missing, empty, no polygon, has numbers that are not finite or no places (swapped axes are named as such),
        or crosses itself (the place is named; see `repaired`).
    """
    if outline is None or outline.is_empty:
        raise InvalidOutline("outline_missing", "Zone {zone} has no outline.", zone=zone)
    if outline.geom_type not in _POLYGONS:
        raise InvalidOutline(
            "outline_no_polygon", "The outline of zone {zone} is a {value}; {allowed} are taken.",
            zone=zone, value=outline.geom_type, allowed=", ".join(_POLYGONS),
        )  # fmt: skip
    places = shapely.get_coordinates(outline)
    if not np.isfinite(places).all():
        raise _not_finite(zone, int(np.flatnonzero(~np.isfinite(places).all(axis=1))[0]) + 1)
    _require_places(outline, zone)
    if not outline.is_valid:
        reason, lon, lat = _fault(outline)
        raise InvalidOutline(
            "outline_crosses_itself",
            "The outline of zone {zone} is not valid at longitude {lon}, latitude {lat}: {value}. "
            "Its border may not cross or touch itself.",
            zone=zone, value=reason, lon=lon, lat=lat,
        )  # fmt: skip


def repaired(outline: Any) -> Proposal | None:
    """Propose a valid outline for one that crosses itself.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        WGS84, finite.

    Returns
    -------
    Proposal or None
        None for a valid outline. Loops beyond a crossing are kept as parts; where a ring covers ground twice, it is
        kept once.
    """
    if outline.is_valid:
        return None
    reason, lon, lat = _fault(outline)
    mended = on_grid(shapely.make_valid(outline, method="structure", keep_collapsed=False))
    return Proposal(mended, reason, lon, lat, area_m2(mended) - area_m2(outline))


def swapped_axes(outline: Any, *, zone: str, allowed: str) -> InvalidOutline:
    """The refusal of an outline with latitude first, with the box it reaches over and the one that is allowed."""
    return InvalidOutline(
        "outline_axes_swapped",
        "Longitude and latitude of the outline of zone {zone} are swapped: it covers {value}; {allowed} is allowed.",
        zone=zone, value=box_of(outline), allowed=allowed,
    )  # fmt: skip


def box_of(outline: Any) -> str:
    """West to east and south to north of an outline, in degrees to 4 places."""
    west, south, east, north = (round(number, 4) for number in outline.bounds)
    return f"{west}…{east}, {south}…{north}"


def _require_places(outline: Any, zone: str) -> None:
    west, south, east, north = outline.bounds
    lon, lat = max(abs(west), abs(east)), max(abs(south), abs(north))
    if lon <= 180 and lat <= 90:
        return
    if lon <= 90 and lat <= 180:
        raise swapped_axes(outline, zone=zone, allowed=_DEGREES)
    raise InvalidOutline(
        "outline_not_degrees",
        "The outline of zone {zone} reaches over {value}, which are no degrees; {allowed} is allowed.",
        zone=zone, value=box_of(outline), allowed=_DEGREES,
    )  # fmt: skip


def _not_finite(zone: str, value: int) -> InvalidOutline:
    return InvalidOutline(
        "points_not_finite", "Corner {value} of the outline of zone {zone} has no finite coordinates.",
        zone=zone, value=value,
    )  # fmt: skip


def _fault(outline: Any) -> tuple[str, float, float]:
    """Split "Self-intersection[119.1 35.2]" into the reason and the place."""
    reason, _, place = str(shapely.is_valid_reason(outline)).partition("[")
    lon, lat = place.rstrip("]").split()
    return reason, round(float(lon), 6), round(float(lat), 6)
