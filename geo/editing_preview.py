"""What would be relinked if outlines changed: whole hexagons by their sums, exact tests only along the borders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.codec import CELL_RESOLUTION, cell_centre
from geo.editing_grid import joined, minus
from geo.hexagons import cells_over, corners
from geo.linking import OUTSIDE, Indices, Links, link
from geo.metric import in_degrees, in_metres
from geo.plausibility import paired
from geo.zones import Zones

_EDGE_DEGREES: Final = 1e-7  # a hexagon's edge is a great circle, under a millimetre from the straight line in degrees
Way = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Points that change their primary zone.

    Parameters
    ----------
    points : numpy.ndarray of int64
        Their positions, ascending.
    before, after : tuple of str
        Code of each one's primary zone; "" for none.
    """

    points: Indices
    before: tuple[str, ...]
    after: tuple[str, ...]

    def sums(self, weights: ArrayLike | None = None) -> dict[Way, float]:
        """How much goes from which zone to which.

        Parameters
        ----------
        weights : array_like of float, optional
            One for each of all points; 1 each if left out.

        Returns
        -------
        dict
            (from, to) → sum, in the order of the codes.
        """
        each = np.ones(self.points.size) if weights is None else np.asarray(weights, float)[self.points]
        return _summed(zip(zip(self.before, self.after, strict=True), each.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class CellMoves:
    """Hexagons that a change reaches.

    Parameters
    ----------
    whole : dict
        Cell → (from, to), where all points of the cell change their primary zone in the same way.
    border : tuple of int
        Cells in which only an exact test of each point tells; ascending. In all other cells nothing changes.
    """

    whole: dict[int, Way]
    border: tuple[int, ...]

    def sums(self, counts: Mapping[int, float]) -> dict[Way, float]:
        """How much goes from which zone to which in the whole cells; the border cells come from `relinked`.

        Parameters
        ----------
        counts : mapping
            Cell → count or weight of its points; cells without points may be missing.
        """
        return _summed((way, counts[cell]) for cell, way in self.whole.items() if cell in counts)


def relinked(old: Zones, new: Zones, lon: ArrayLike, lat: ArrayLike, *, nearest_m: float) -> Moves:
    """Find the points whose primary zone changes.

    Parameters
    ----------
    old, new : Zones
        All zones before and after, in the same metric system.
    lon, lat : array_like of float
        WGS84 degrees.
    nearest_m : float
        See `geo.linking.link`.

    Returns
    -------
    Moves
        The same as linking all points twice, but only points in the box of the change are linked. Borders: see
        `geo.linking`. Empty in, empty out.

    Raises
    ------
    InvalidPoints
        A number is missing or not finite, or the lengths differ.
    """
    lons, lats = paired(lon, lat)
    near = _boxed(lons, lats, changed_ground(old, new, nearest_m=nearest_m))
    ways = [_primary(zones, link(lons[near], lats[near], zones, nearest_m=nearest_m)) for zones in (old, new)]
    moved = np.flatnonzero([before != after for before, after in zip(*ways, strict=True)])
    before, after = (tuple(codes[index] for index in moved) for codes in ways)
    return Moves(near[moved], before, after)


def cells_of_change(old: Any, new: Any) -> tuple[list[int], list[int]]:
    """Sort the hexagons of a change of one outline into those inside of it and those on its border.

    Parameters
    ----------
    old, new : shapely Polygon or MultiPolygon, or None
        WGS84, valid; None for a zone that begins or ends.

    Returns
    -------
    tuple of list of int
        Cells of resolution 9 that lie wholly in the ground gained or lost, and those that its border cuts or comes
        near (a centimetre); both ascending, no cell in both. Every point of the changed ground lies in one of them.
    """
    before, after = (shapely.MultiPolygon() if shape is None else shape for shape in (old, new))
    ground = joined([minus(after, before), minus(before, after)])
    cells, shapes = _hexagons(ground)
    if not cells:
        return [], []
    crossed = _crossed(shapes, [shapely.boundary(ground)])
    inside = shapely.intersects(ground, shapely.centroid(shapes)) & ~crossed
    return [cells[index] for index in np.flatnonzero(inside)], [cells[index] for index in np.flatnonzero(crossed)]


def cell_moves(old: Zones, new: Zones, *, nearest_m: float) -> CellMoves:
    """Tell for each hexagon that a change reaches whether all its points move alike.

    Parameters
    ----------
    old, new : Zones
        All zones before and after, in the same metric system.
    nearest_m : float
        See `geo.linking.link`.

    Returns
    -------
    CellMoves
        The work grows with the ground that changes, not with the points on it. A cell that any zone's border cuts,
        before or after, is a border cell, as is one whose points go to the nearest township.

    Notes
    -----
    The preview of a change: ``moves.sums(counts)`` plus ``relinked(old, new, lon, lat).sums()`` for the points whose
    cell is in ``moves.border``.
    """
    cells, shapes = _hexagons(changed_ground(old, new, nearest_m=nearest_m))
    if not cells:
        return CellMoves({}, ())
    centres = np.array([cell_centre(cell) for cell in cells])
    links = [link(centres[:, 0], centres[:, 1], zones, nearest_m=nearest_m) for zones in (old, new)]
    crossed = _crossed(shapes, [shapely.boundary(shape) for zones in (old, new) for shape in zones.outlines])
    if nearest_m > 0:
        crossed |= (links[0].distance_m != 0) | (links[1].distance_m != 0)
    ways = list(zip(_primary(old, links[0]), _primary(new, links[1]), strict=True))
    whole = {cells[index]: ways[index] for index in np.flatnonzero(~crossed) if ways[index][0] != ways[index][1]}
    return CellMoves(whole, tuple(cells[index] for index in np.flatnonzero(crossed)))


def changed_ground(old: Zones, new: Zones, *, nearest_m: float) -> Any:
    """The ground on which a point's links can differ.

    Parameters
    ----------
    old, new : Zones
        All zones before and after, in the same metric system.
    nearest_m : float
        Metres; points beyond the townships take the nearest one within them.

    Returns
    -------
    shapely Polygon or MultiPolygon
        WGS84: what zones gained and lost; the whole of a changed key zone where the order of the key zones changed;
        widened by ``nearest_m`` where a township changed. Empty where nothing did.
    """
    is_reordered = _order(old, new) != _order(new, old)
    before, after = _shapes(old), _shapes(new)
    pieces = []
    for code in sorted({*before, *after}):
        (was, had), (now, has) = (shapes.get(code, _NONE) for shapes in (before, after))
        if had.equals_exact(has, tolerance=0) and was == now:
            continue
        is_whole = was != now or (is_reordered and not now)
        ground = shapely.union(had, has) if is_whole else shapely.symmetric_difference(had, has)
        reach = nearest_m if was or now else 0.0
        pieces.append(_widened(ground, reach, old.metric_epsg))
    return joined(pieces)


_NONE: Final = (False, shapely.MultiPolygon())


def _shapes(zones: Zones) -> dict[str, tuple[bool, Any]]:
    return {code: (bool(zones.is_township[i]), zones.outlines[i]) for i, code in enumerate(zones.codes)}


def _order(zones: Zones, others: Zones) -> list[str]:
    """Key zones that both have, smallest first."""
    shared = {others.codes[index] for index in others.key_zones}
    return [zones.codes[index] for index in zones.key_zones if zones.codes[index] in shared]


def _widened(ground: Any, reach_m: float, metric_epsg: int) -> Any:
    """Ground with what is within reach, a metre more for the edges, which bend in the projection."""
    if not reach_m or ground.is_empty:
        return ground
    return in_degrees(shapely.buffer(in_metres(ground, metric_epsg), reach_m * 1.001 + 1), metric_epsg)


def _boxed(lon: Any, lat: Any, ground: Any) -> Indices:
    """Positions of the points in the box of one of the ground's polygons."""
    held = np.zeros(lon.size, bool)
    for west, south, east, north in shapely.bounds(
        shapely.get_parts(shapely.buffer(ground, _EDGE_DEGREES, quad_segs=1))
    ):
        held |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return np.flatnonzero(held)


def _primary(zones: Zones, links: Links) -> list[str]:
    return ["" if zone == OUTSIDE else zones.codes[zone] for zone in links.primary.tolist()]


def _hexagons(ground: Any) -> tuple[list[int], NDArray[np.object_]]:
    """Cells that ground touches, a little more at its edges, and their outlines in degrees."""
    wide = shapely.buffer(ground, _EDGE_DEGREES, quad_segs=1, join_style="mitre")
    cells = sorted({cell for part in shapely.get_parts(wide) for cell in cells_over(part, CELL_RESOLUTION)})
    shapes = [shapely.Polygon([(lon, lat) for lat, lon in corners(cell)]) for cell in cells]
    return cells, np.array(shapes, object)


def _crossed(shapes: NDArray[np.object_], borders: list[Any]) -> NDArray[np.bool_]:
    found = shapely.STRtree(shapes).query(borders, predicate="dwithin", distance=_EDGE_DEGREES)[1]
    crossed = np.zeros(shapes.size, bool)
    crossed[found] = True
    return crossed


def _summed(items: Any) -> dict[Way, float]:
    sums: dict[Way, float] = {}
    for way, value in items:
        sums[way] = sums.get(way, 0) + value
    return dict(sorted(sums.items()))
