"""Sizes of outlines while they are drawn: area, length, and what a new outline adds and removes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.editing_grid import common, minus

_GROUND: Final = pyproj.Geod(ellps="WGS84")
_STEPS, _WEIGHTS = np.polynomial.legendre.leggauss(5)


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What an outline gained and lost.

    Parameters
    ----------
    added, removed : shapely Polygon or MultiPolygon
        WGS84; empty where nothing was.
    added_m2, removed_m2 : float
        Square metres.
    length_km, area_km2 : tuple of float
        Of the outline before and after.
    parts : tuple of int
        How many separate polygons before and after.
    """

    added: Any
    removed: Any
    added_m2: float
    removed_m2: float
    length_km: tuple[float, float]
    area_km2: tuple[float, float]
    parts: tuple[int, int]

    @property
    def is_none(self) -> bool:
        """Whether both outlines are the same ground."""
        return self.added_m2 == 0 and self.removed_m2 == 0


def area_m2(outline: Any) -> float:
    """Area of an outline on the ellipsoid.

    Parameters
    ----------
    outline : shapely geometry or None
        WGS84 degrees; its edges are straight between their corners in degrees, as they are linked and stored.

    Returns
    -------
    float
        Square metres; 0 for None, for lines and for empty ones. A corner put on an edge changes nothing, and parts add
        up to their whole: so gaps and overlaps cannot hide in the projection. The metric system's plane area
        (`geo.metric.areas_m2`) is larger by its scale, 0.01 % at 65 km from the central meridian, and bends
        long edges.

    Notes
    -----
    Green's theorem over the area between equator and parallel (Snyder, Map Projections, USGS 1395, equation 3-12),
    five Gauss points on each edge.
    """
    return 0.0 if outline is None else sum(_polygon_m2(part) for part in shapely.get_parts(outline))


def area_km2(outline: Any) -> float:
    """Area of an outline in square kilometres; see `area_m2`."""
    return area_m2(outline) / 1e6


def length_km(geometry: Any) -> float:
    """Length of a line, or of all borders of an outline with those of its holes.

    Parameters
    ----------
    geometry : shapely geometry or None
        WGS84 degrees.

    Returns
    -------
    float
        Kilometres along the ellipsoid; 0 for None and for empty ones.
    """
    if geometry is None or geometry.is_empty:
        return 0.0
    lines = shapely.boundary(geometry) if shapely.get_dimensions(geometry) == 2 else geometry
    return float(sum(_GROUND.geometry_length(line) for line in shapely.get_parts(lines))) / 1000


def change_of(before: Any, after: Any) -> Change:
    """What a new outline adds and removes.

    Parameters
    ----------
    before, after : shapely Polygon or MultiPolygon, or None
        WGS84, valid; None for a zone that begins or ends.

    Returns
    -------
    Change
        Compared on the grid of `geo.editing_grid`: what is narrower is no change.
    """
    old, new = (shapely.MultiPolygon() if shape is None else shape for shape in (before, after))
    added, removed = minus(new, old), minus(old, new)
    parts = (int(shapely.get_num_geometries(old)), int(shapely.get_num_geometries(new)))
    lengths, areas = (length_km(old), length_km(new)), (area_km2(old), area_km2(new))
    return Change(added, removed, area_m2(added), area_m2(removed), lengths, areas, parts)


def shares_of(outline: Any, zones: Mapping[str, Any]) -> dict[str, float]:
    """How an outline is spread over zones.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        WGS84, valid, not empty.
    zones : mapping
        Code → WGS84 polygon.

    Returns
    -------
    dict
        Code → share of the outline's area, 0 to 1, largest first, then by code; zones that it does not reach are
        missing. Overlapping zones each count in full.
    """
    whole = area_m2(outline)
    parts = {code: area_m2(common(outline, shape)) for code, shape in zones.items() if shape.intersects(outline)}
    held = sorted((-part, code) for code, part in parts.items() if part > 0)
    return {code: -part / whole for part, code in held}


def _polygon_m2(polygon: Any) -> float:
    if polygon.geom_type != "Polygon" or polygon.is_empty:
        return 0.0
    return _ring_m2(polygon.exterior) - sum(_ring_m2(ring) for ring in polygon.interiors)


def _ring_m2(ring: Any) -> float:
    radians = np.radians(shapely.get_coordinates(ring))
    east, north = np.diff(radians[:, 0]), np.diff(radians[:, 1])
    places = radians[:-1, 1, None] + north[:, None] * (_STEPS + 1) / 2
    heights = _strip_m2(places) - _strip_m2(radians[:1, 1])
    return abs(float((east * (heights @ _WEIGHTS) / 2).sum()))


def _strip_m2(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area between the equator and a parallel, per radian of longitude."""
    ex = np.sqrt(_GROUND.es)
    sine = np.sin(latitude)
    strip: NDArray[np.float64] = _GROUND.b**2 / 2 * (sine / (1 - _GROUND.es * sine**2) + np.arctanh(ex * sine) / ex)
    return strip
