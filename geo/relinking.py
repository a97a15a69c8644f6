"""Which points a changed outline can affect, so that only those are linked again."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike

from geo.linking import TIE_TOLERANCE_M, Indices
from geo.metric import in_metres, points_in_metres
from geo.plausibility import paired
from geo.zones import Floats


def relink_candidates(
    old_geometry: Any,
    new_geometry: Any,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    metric_epsg: int,
    nearest_m: float,
    is_order_changed: bool = False,
) -> Indices:
    """Choose the points whose links can differ after an outline has changed; all others keep theirs.

    Parameters
    ----------
    old_geometry, new_geometry : shapely polygon or None
        WGS84. None for a zone that begins or ends.
    lon, lat : array_like of float
        WGS84 degrees of all points.
    metric_epsg : int
        Metric system of the district.
    nearest_m : float
        The reach of `geo.linking.link`; 0 for a key zone, which is never taken by nearness.
    is_order_changed : bool, default False
        True if the new area puts a key zone at another place in the order of key zones: then the primary
        zone of every point in it can change, not only where its outline moved.

    Returns
    -------
    numpy.ndarray of int64
        Positions of the points in ascending order: those in what was gained or lost, on the border of it,
        or within ``nearest_m`` of it. Empty where nothing changed.

    Raises
    ------
    InvalidPoints
        A number is missing or not finite, or the lengths differ.
    """
    lons, lats = paired(lon, lat)
    old = shapely.Polygon() if old_geometry is None else old_geometry
    new = shapely.Polygon() if new_geometry is None else new_geometry
    moved = shapely.union(old, new) if is_order_changed else shapely.symmetric_difference(old, new)
    moved_m = shapely.symmetric_difference(in_metres(old, metric_epsg), in_metres(new, metric_epsg))
    x, y = points_in_metres(lons, lats, metric_epsg)
    affected = _reached(lons, lats, moved, 0.0) | _reached(x, y, moved_m, nearest_m + TIE_TOLERANCE_M)
    return np.flatnonzero(affected)


def _reached(x: Floats, y: Floats, geometry: Any, reach: float) -> Any:
    """Tell which points lie within reach of a geometry, in its own unit; its border counts."""
    reached = np.zeros(x.size, bool)
    if shapely.is_empty(geometry):
        return reached
    west, south, east, north = geometry.bounds
    boxed = np.flatnonzero((x >= west - reach) & (x <= east + reach) & (y >= south - reach) & (y <= north + reach))
    shapely.prepare(geometry)
    reached[boxed] = shapely.dwithin(geometry, shapely.points(x[boxed], y[boxed]), reach)
    return reached
