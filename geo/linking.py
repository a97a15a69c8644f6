"""Which township, which key zones and which one primary zone a point belongs to.

The rule for borders, once: outlines are closed. A point on a border belongs to every key zone that touches
it, and to the touching township with the smallest code.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.metric import in_metres, points_in_metres
from geo.plausibility import paired
from geo.zones import Floats, Zones

Indices = NDArray[np.int64]

OUTSIDE = -1
# Distances that differ by less are equal: the smallest code wins, whatever the last bits say.
TIE_TOLERANCE_M = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """The links of points to zones, in the order of the points; zones by their index in `Zones`.

    Parameters
    ----------
    township : numpy.ndarray of int64
        The one township; `OUTSIDE` (-1) where there is none.
    primary : numpy.ndarray of int64
        The zone that is shown as owner: the smallest key zone (then by code), else the township, else -1.
    pair_point, pair_zone : numpy.ndarray of int64
        One entry for each point and each key zone it lies in, sorted by point, then by area and code.
    indptr : numpy.ndarray of int64
        One longer than the points: the key zones of point ``i`` are
        ``pair_zone[indptr[i]:indptr[i + 1]]``.
    distance_m : numpy.ndarray of float64
        0 inside the township; the distance to its outline where it was taken as the nearest; not a number
        where there is none.
    is_near : numpy.ndarray of bool
        True where the township was taken as the nearest one and does not hold the point.
    """

    township: Indices
    primary: Indices
    pair_point: Indices
    pair_zone: Indices
    indptr: Indices
    distance_m: Floats
    is_near: NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.township.size)

    @property
    def outside(self) -> int:
        """How many points have no township."""
        return int((self.township == OUTSIDE).sum())

    def key_zones_of(self, point: int) -> Indices:
        """Give the key zones of one point, smallest first.

        Parameters
        ----------
        point : int
            Position of the point, from 0.

        Returns
        -------
        numpy.ndarray of int64
            Indices into `Zones`; empty where the point lies in no key zone.
        """
        return self.pair_zone[self.indptr[point] : self.indptr[point + 1]]


def link(lon: ArrayLike, lat: ArrayLike, zones: Zones, *, nearest_m: float) -> Links:
    """Link points to zones: exactly one township or none, all key zones, one primary zone.

    Parameters
    ----------
    lon, lat : array_like of float
        WGS84 degrees.
    zones : Zones
        See `geo.zones.zones_of`.
    nearest_m : float
        A point outside all townships is given to the nearest one if its outline is at most so many metres
        away in the metric system of the zones (distances within a millimetre are equal; the smallest code
        wins) and marked `Links.is_near`; 0 for never. Key zones are never taken by nearness; those that hold a point at
        sea are kept even where the township is too far.

    Returns
    -------
    Links
        As many entries as points, in their order. Empty in, empty out.

    Raises
    ------
    InvalidPoints
        A number is missing or not finite (the rows are named, from 1), or the lengths differ.
    """
    lons, lats = paired(lon, lat)
    township = townships_of(lons, lats, zones)
    distance_m = np.where(township == OUTSIDE, np.nan, 0.0)
    lost = np.flatnonzero(township == OUTSIDE)
    if lost.size and nearest_m > 0 and zones.is_township.any():
        township[lost], distance_m[lost] = _nearest(lons[lost], lats[lost], zones, nearest_m)
    is_near = np.zeros(lons.size, bool)
    is_near[lost] = township[lost] != OUTSIDE
    pair_point, pair_zone = key_zone_pairs(lons, lats, zones)
    indptr = np.zeros(lons.size + 1, np.int64)
    np.cumsum(np.bincount(pair_point, minlength=lons.size), out=indptr[1:])
    primary = township.copy()
    held = np.flatnonzero(np.diff(indptr))
    primary[held] = pair_zone[indptr[held]]
    return Links(township, primary, pair_point, pair_zone, indptr, distance_m, is_near)


def townships_of(lon: Floats, lat: Floats, zones: Zones) -> Indices:
    """Find the township that holds each point.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        WGS84 degrees, finite.
    zones : Zones
        See `geo.zones.zones_of`.

    Returns
    -------
    numpy.ndarray of int64
        Index into ``zones``, in the order of the points; `OUTSIDE` where no township holds the point. On a
        border the smallest code wins.
    """
    found = np.full(lon.size, OUTSIDE, np.int64)
    for index in zones.townships:
        open_points = np.flatnonzero(found == OUTSIDE)
        inside = _inside(lon[open_points], lat[open_points], zones.outlines[index])
        found[open_points[inside]] = index
    return found


def key_zone_pairs(lon: Floats, lat: Floats, zones: Zones) -> tuple[Indices, Indices]:
    """Find all key zones that hold each point.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        WGS84 degrees, finite.
    zones : Zones
        See `geo.zones.zones_of`.

    Returns
    -------
    tuple of numpy.ndarray of int64
        Positions of points and indices of zones, one entry per pair, sorted by point, then smallest zone
        first. A point on the border of a zone is in it.
    """
    order = zones.key_zones
    points = [_inside(lon, lat, zones.outlines[index]) for index in order]
    pair_point = np.concatenate([np.empty(0, np.int64), *points])
    pair_zone = np.repeat(order, [len(p) for p in points])
    sequence = np.argsort(pair_point, kind="stable")
    return pair_point[sequence], pair_zone[sequence]


def _inside(lon: Floats, lat: Floats, outline: shapely.Geometry) -> Indices:
    """Give the positions of the points in a closed outline; the box first, because it is cheap."""
    west, south, east, north = outline.bounds
    boxed = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    hits: Indices = boxed[shapely.intersects_xy(outline, lon[boxed], lat[boxed])]
    return hits


def _nearest(lon: Floats, lat: Floats, zones: Zones, nearest_m: float) -> tuple[Indices, Floats]:
    """Find the nearest township of points that lie in none, and how far it is."""
    x, y = points_in_metres(lon, lat, zones.metric_epsg)
    order = zones.townships
    distances = np.full((order.size, lon.size), np.inf)
    for row, outline in enumerate(in_metres(zones.outlines[order], zones.metric_epsg)):
        close, metres = _distances(x, y, outline, nearest_m)
        distances[row, close] = metres
    best = distances.min(axis=0)
    reached = np.isfinite(best)
    # The first row within the tolerance is the smallest code.
    winner = np.argmax(distances <= best + TIE_TOLERANCE_M, axis=0)
    nearest = np.full(lon.size, OUTSIDE, np.int64)
    nearest[reached] = order[winner[reached]]
    metres_to = np.full(lon.size, np.nan)
    metres_to[reached] = distances[winner[reached], np.flatnonzero(reached)]
    return nearest, metres_to


def _distances(x: Floats, y: Floats, outline: shapely.Geometry, reach_m: float) -> tuple[Indices, Floats]:
    """Measure the points within reach of an outline to the nearest of its edges."""
    west, south, east, north = outline.bounds
    boxed = np.flatnonzero(
        (x >= west - reach_m) & (x <= east + reach_m) & (y >= south - reach_m) & (y <= north + reach_m)
    )
    tree = shapely.STRtree(_edges(outline))
    (which, _), metres = tree.query_nearest(
        shapely.points(x[boxed], y[boxed]), max_distance=reach_m, return_distance=True, all_matches=False
    )
    return boxed[which], metres


def _edges(outline: shapely.Geometry) -> NDArray[np.object_]:
    rings = shapely.get_rings(shapely.get_parts(outline))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    ends = np.stack([xy[:-1][joined], xy[1:][joined]], axis=1)
    edges: NDArray[np.object_] = shapely.linestrings(ends)
    return edges
