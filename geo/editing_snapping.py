"""Snapping: corners that nearly meet a neighbour's corner or border are put exactly there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.editing_grid import on_grid
from geo.editing_rings import require_polygon
from geo.metric import in_metres

SNAP_M: Final = 5.0
_Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    """Neighbours to snap to: their corners (n, 2) and edges (n, 2, 2), each in degrees and in metres."""

    corners: _Numbers
    corners_m: _Numbers
    edges: _Numbers
    edges_m: _Numbers
    tolerance_m: float
    metric_epsg: int


def snapped(outline: Any, neighbours: Iterable[Any], *, tolerance_m: float, metric_epsg: int, zone: str = "") -> Any:
    """Put corners that nearly meet a neighbour's corner or border exactly there.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        WGS84, valid.
    neighbours : iterable of shapely Polygon or MultiPolygon
        WGS84; they do not change.
    tolerance_m : float
        Metres in the metric system; 0 for not at all.
    metric_epsg : int
        Metric system of the district.
    zone : str
        What to call the outline in messages.

    Returns
    -------
    shapely Polygon or MultiPolygon
        WGS84 on the storage grid. A corner takes the place of the nearest neighbour's corner within the tolerance, else
        of the nearest place on a neighbour's edge; a neighbour's corner within the tolerance of an edge becomes a
        corner of it. The outline itself, on the grid, where snapping would break it.

    Raises
    ------
    InvalidOutline
        The outline is no valid polygon, with the place of the fault.
    """
    require_polygon(outline, zone=zone)
    flat = on_grid(outline)
    target = _target([on_grid(shape) for shape in neighbours], flat, tolerance_m, metric_epsg)
    if tolerance_m <= 0 or not target.corners.size:
        return flat
    polygons = [_polygon(part, target) for part in shapely.get_parts(flat)]
    moved = shapely.MultiPolygon([part for part in polygons if part is not None])
    rounded = on_grid(moved) if moved.is_valid else moved
    return flat if not moved.is_valid or rounded.is_empty else rounded


def _target(neighbours: list[Any], outline: Any, tolerance_m: float, metric_epsg: int) -> _Target:
    reach = in_metres(outline, metric_epsg)
    near = [shape for shape in neighbours if shapely.dwithin(in_metres(shape, metric_epsg), reach, tolerance_m)]
    corners = np.unique(shapely.get_coordinates(near), axis=0)
    corners_m = shapely.get_coordinates(in_metres(shapely.multipoints(corners), metric_epsg))
    edges, edges_m = _edges(near), _edges([in_metres(shape, metric_epsg) for shape in near])
    return _Target(corners, corners_m, edges, edges_m, tolerance_m, metric_epsg)


def _edges(shapes: list[Any]) -> _Numbers:
    places, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    joined = ring[1:] == ring[:-1]
    ends: _Numbers = np.stack([places[:-1][joined], places[1:][joined]], axis=1)
    return ends


def _polygon(polygon: Any, target: _Target) -> Any:
    """One polygon moved; None where it collapses, without the holes that do."""
    shell, *holes = (_ring(ring, target) for ring in (polygon.exterior, *polygon.interiors))
    return None if shell is None else shapely.Polygon(shell, [hole for hole in holes if hole is not None])


def _ring(ring: Any, target: _Target) -> _Numbers | None:
    moved = _with_corners(_moved(shapely.get_coordinates(ring)[:-1], target), target)
    is_new = np.any(moved != np.roll(moved, 1, axis=0), axis=1)
    return moved[is_new] if is_new.sum() >= 3 else None


def _moved(places: _Numbers, target: _Target) -> _Numbers:
    """Corners of a ring, in degrees, on the neighbours' corners or edges where these are near."""
    points = shapely.points(shapely.get_coordinates(in_metres(shapely.multipoints(places), target.metric_epsg)))
    moved = places.copy()
    lines = shapely.linestrings(target.edges_m)
    which, edge = shapely.STRtree(lines).query_nearest(points, max_distance=target.tolerance_m, all_matches=False)
    # The share of the way along an edge holds in degrees too; the place does not, as the projection bends edges.
    share = shapely.line_locate_point(lines[edge], points[which], normalized=True)[:, None]
    moved[which] = target.edges[edge, 0] * (1 - share) + target.edges[edge, 1] * share
    tree = shapely.STRtree(shapely.points(target.corners_m))
    which, corner = tree.query_nearest(points, max_distance=target.tolerance_m, all_matches=False)
    moved[which] = target.corners[corner]
    return moved


def _with_corners(places: _Numbers, target: _Target) -> _Numbers:
    """A ring, in degrees, with the neighbours' corners that are near its edges put in their order along it."""
    around = shapely.linearrings(np.vstack([places, places[:1]]))
    metres = in_metres(around, target.metric_epsg)
    corners = shapely.points(target.corners_m)
    own = {(lon, lat) for lon, lat in places.tolist()}
    is_own = np.array([(lon, lat) in own for lon, lat in target.corners.tolist()], bool)
    extra = np.flatnonzero((shapely.distance(corners, metres) <= target.tolerance_m) & ~is_own)
    at = shapely.line_locate_point(metres, corners[extra])
    steps = np.hypot(*np.diff(shapely.get_coordinates(metres), axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)[:-1], at])
    merged: _Numbers = np.vstack([places, target.corners[extra]])[np.argsort(along, kind="stable")]
    return merged
