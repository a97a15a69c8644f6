"""Which outlines are taken: each refusal names the zone, the value, the place and what is allowed."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from geo.editing_measures import area_m2
from geo.editing_rings import box_of, require_polygon, swapped_axes
from geo.errors import InvalidOutline
from geo.metric import in_metres

LEAST_M2: Final = 100.0


@dataclass(frozen=True, slots=True)
class OutlineLimits:
    """What an outline may be.

    Parameters
    ----------
    least_m2 : float
        Square metres that every part has at least.
    least_width_m : float
        Metres that every part is wide at its widest place, at least.
    most_points : int
        Corners of all rings together.
    most_holes : int
        Holes of all parts together.
    sea_margin_m : float
        How many metres an outline may reach beyond the district.
    """

    least_m2: float = LEAST_M2
    least_width_m: float = 2.0
    most_points: int = 20_000
    most_holes: int = 0
    sea_margin_m: float = 5000.0


def require_outline(
    outline: Any,
    *,
    zone: str,
    metric_epsg: int,
    district: Any = None,
    limits: OutlineLimits = OutlineLimits(),
) -> None:
    """Refuse an outline that is broken, too fine, too thin, or not where the district is.

    Parameters
    ----------
    outline : shapely geometry or None
        WGS84.
    zone : str
    metric_epsg : int
        Metric system of the district, for widths and distances.
    district : shapely Polygon or MultiPolygon, optional
        WGS84; without it the place is not checked.
    limits : OutlineLimits

    Raises
    ------
    InvalidOutline
        The first of these: see `require_polygon`; too many corners; holes; a part too small or too thin; swapped axes;
        metres beyond the district.
    """
    require_polygon(outline, zone=zone)
    _require_few(outline, zone, limits)
    require_no_sliver(outline, least_m2=limits.least_m2, zone=zone)
    _require_width(outline, zone, metric_epsg, limits.least_width_m)
    if district is not None:
        _require_within(outline, zone, metric_epsg, district, limits.sea_margin_m)


def require_no_sliver(outline: Any, *, least_m2: float, zone: str, before: Any = None) -> None:
    """Refuse an outline with a part that is too small to be meant.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        WGS84, valid.
    least_m2 : float
        Square metres.
    zone : str
        What to call it in messages.
    before : shapely Polygon or MultiPolygon, optional
        The outline before the edit: a part as small as its smallest one is none of this edit's.

    Raises
    ------
    InvalidOutline
        Names the zone, the smallest part's square metres and what is allowed.
    """
    smallest, had = _smallest(outline), _smallest(before)
    if smallest < min(least_m2, had * 0.999):
        raise InvalidOutline(
            "sliver", "Zone {zone} would have a part of {value} m²; at least {allowed} m² are needed.",
            zone=zone, value=round(smallest, 1), allowed=least_m2,
        )  # fmt: skip


def _smallest(outline: Any) -> float:
    return min((area_m2(part) for part in shapely.get_parts(outline)), default=0.0) if outline else np.inf


def _require_few(outline: Any, zone: str, limits: OutlineLimits) -> None:
    points = int(shapely.get_num_coordinates(outline))
    if points > limits.most_points:
        raise InvalidOutline(
            "too_many_points", "The outline of zone {zone} has {value} corners; at most {allowed} are allowed.",
            zone=zone, value=points, allowed=limits.most_points,
        )  # fmt: skip
    holes = int(shapely.get_num_interior_rings(shapely.get_parts(outline)).sum())
    if holes > limits.most_holes:
        raise InvalidOutline(
            "too_many_holes", "The outline of zone {zone} has {value} holes; at most {allowed} are allowed.",
            zone=zone, value=holes, allowed=limits.most_holes,
        )  # fmt: skip


def _require_width(outline: Any, zone: str, metric_epsg: int, least_m: float) -> None:
    parts = in_metres(shapely.get_parts(outline), metric_epsg)
    if least_m > 0 and shapely.is_empty(shapely.buffer(parts, -least_m / 2)).any():
        widest = 2 * float(min(shapely.length(shapely.maximum_inscribed_circle(part)) for part in parts))
        raise InvalidOutline(
            "outline_too_thin", "Zone {zone} has a part only {value} m wide; at least {allowed} m are needed.",
            zone=zone, value=round(widest, 2), allowed=least_m,
        )  # fmt: skip


def _require_within(outline: Any, zone: str, metric_epsg: int, district: Any, margin_m: float) -> None:
    box, swapped = shapely.box(*district.bounds), shapely.transform(outline, lambda places: places[:, ::-1])
    if shapely.intersects(box, swapped) and not shapely.intersects(box, outline):
        raise swapped_axes(outline, zone=zone, allowed=box_of(district))
    corners = shapely.points(shapely.get_coordinates(in_metres(outline, metric_epsg)))
    farthest = float(shapely.distance(corners, in_metres(district, metric_epsg)).max())
    if farthest > margin_m:
        raise InvalidOutline(
            "outline_outside",
            "The outline of zone {zone} reaches {value} m beyond the district; {allowed} m are allowed.",
            zone=zone, value=round(farthest), allowed=round(margin_m),
        )  # fmt: skip
