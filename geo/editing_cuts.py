"""Cutting and joining single outlines: split along a line, merged, reshaped, and corridors along roads."""

from collections.abc import Mapping
from typing import Any, Final

import shapely
from numpy.typing import ArrayLike

from geo.editing_grid import GRID_DEGREES, common, faces_of, joined, on_grid, polygons_of
from geo.editing_measures import area_m2, length_km
from geo.editing_rings import drawn_outline, require_polygon
from geo.editing_snapping import SNAP_M, snapped
from geo.errors import InvalidOutline
from geo.metric import in_degrees, in_metres
from geo.outline_rules import LEAST_M2, require_no_sliver

_LONGEST_HALF_M: Final = 5000.0


def split_outline(
    outline: Any, line: Any, *, metric_epsg: int, least_m2: float = LEAST_M2, zone: str = ""
) -> list[Any]:
    """Split an outline along a line.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        WGS84, valid.
    line : shapely LineString
        WGS84; from border to border. Ends inside are fine only where the line has crossed before.
    metric_epsg : int
        Metric system of the district, for the distance in the message.
    least_m2 : float
        No part may be smaller.
    zone : str
        What to call the zone in messages.

    Returns
    -------
    list of shapely Polygon
        Two or more, the largest first, on the storage grid; together they are the outline, and they share every corner
        of the cut. An outline of several polygons gives all of them as parts. Its neighbours lack the new corners:
        see `geo.editing.noded`.

    Raises
    ------
    InvalidOutline
        The outline is invalid; the line misses it, ends inside of it (the place and the metres to the border are
        named), or cuts off a sliver.
    """
    require_polygon(outline, zone=zone)
    parts = parts_along(on_grid(outline), line, zone=zone, metric_epsg=metric_epsg)
    for part in parts:
        require_no_sliver(part, least_m2=least_m2, zone=zone)
    return parts


def parts_along(outline: Any, line: Any, *, zone: str, metric_epsg: int | None = None) -> list[Any]:
    """Polygons that a line cuts an outline into, the largest first; see `split_outline`, which checks more.

    Raises
    ------
    InvalidOutline
        There are no more polygons than before.
    """
    faces = faces_of([shapely.boundary(outline), line])
    parts = [face for face in faces if shapely.intersects(outline, shapely.point_on_surface(face))]
    if len(parts) <= shapely.get_num_geometries(outline):
        raise _no_cut(outline, line, zone, metric_epsg)
    return sorted(parts, key=lambda part: -area_m2(part))


def merged_outline(outlines: Mapping[str, Any], *, metric_epsg: int, snap_m: float = SNAP_M) -> Any:
    """Join outlines that share a border.

    Parameters
    ----------
    outlines : mapping
        Code → WGS84 polygon, valid. Meeting in a single corner is not enough.
    metric_epsg : int
        Metric system of the district.
    snap_m : float
        Gaps up to so many metres between them are closed; only where they do not touch as they are.

    Returns
    -------
    shapely Polygon or MultiPolygon
        WGS84 on the storage grid; every corner on the outer border is kept. One outline is returned as it is.

    Raises
    ------
    InvalidOutline
        There is nothing to join, an outline is invalid, or some do not touch the first: these are named.
    """
    if not outlines:
        raise InvalidOutline("nothing_to_merge", "No outline was given; at least {allowed} is needed.", allowed=1)
    for code, shape in outlines.items():
        require_polygon(shape, zone=code)
    shapes = {code: on_grid(shape) for code, shape in outlines.items()}
    first, apart = _apart(shapes)
    if apart:
        shapes = _drawn_together(shapes, metric_epsg, snap_m)
        first, apart = _apart(shapes)
    if apart:
        raise InvalidOutline(
            "outlines_apart",
            "Zone {zone} and {value} do not touch each other; only zones with a common border are merged "
            "(gaps up to {allowed} m are closed).",
            zone=first, value=", ".join(apart), allowed=snap_m,
        )  # fmt: skip
    whole = list(shapes.values())
    # Zones that share their corners keep them to the bit, and with them the neighbours that are not merged.
    return polygons_of(shapely.coverage_union_all(whole)) if shapely.coverage_is_valid(whole) else joined(whole)


def corridor(line: Any, half_width_m: float, *, metric_epsg: int, within: Any = None, zone: str = "") -> Any:
    """Widen a road's centre line to a corridor.

    Parameters
    ----------
    line : shapely LineString or MultiLineString
        WGS84.
    half_width_m : float
        Metres from the centre line to either edge, in the metric system; the ends are cut straight, corners are round.
    metric_epsg : int
        Metric system of the district.
    within : shapely Polygon or MultiPolygon, optional
        WGS84; the corridor ends at its border.
    zone : str
        What to call the zone in messages.

    Returns
    -------
    shapely Polygon or MultiPolygon
        WGS84 on the storage grid.

    Raises
    ------
    InvalidOutline
        The half width is not above 0 and at most 5000 m, the line has no length, or nothing of it lies within.
    """
    if not 0 < half_width_m <= _LONGEST_HALF_M:
        raise InvalidOutline(
            "corridor_width",
            "A corridor of {value} m to either side is asked for zone {zone}; above 0 up to {allowed} m is allowed.",
            zone=zone, value=half_width_m, allowed=_LONGEST_HALF_M,
        )  # fmt: skip
    centre = in_metres(line, metric_epsg)
    if not centre.length > 0:
        raise InvalidOutline(
            "corridor_without_line", "The centre line of zone {zone} is {value} m long; a corridor needs a longer one.",
            zone=zone, value=0,
        )  # fmt: skip
    band = shapely.buffer(centre, half_width_m, cap_style="flat", join_style="round", quad_segs=4)
    shape = on_grid(in_degrees(band, metric_epsg))
    shape = shape if within is None else common(shape, within)
    if shape.is_empty:
        raise InvalidOutline(
            "corridor_outside", "No part of the corridor of zone {zone} lies in the district.", zone=zone
        )
    return shape


def reshaped(outline: Any, ring: ArrayLike, *, zone: str = "") -> Any:
    """Give an outline a new outer ring.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon
        WGS84, valid. Of several polygons the one that shares most ground with the new ring is replaced.
    ring : array_like of float, shape (n, 2)
        Longitude and latitude in degrees; closed or not.
    zone : str
        What to call the zone in messages.

    Returns
    -------
    shapely Polygon or MultiPolygon
        WGS84 on the storage grid. Holes stay as far as the new ring goes around them; parts that the ring now reaches
        are joined with it.

    Raises
    ------
    InvalidOutline
        See `geo.editing_rings.drawn_outline`.
    """
    require_polygon(outline, zone=zone)
    drawn = drawn_outline(ring, zone=zone)
    parts = list(shapely.get_parts(on_grid(outline)))
    replaced = max(range(len(parts)), key=lambda index: area_m2(common(parts[index], drawn)))
    holes = joined([shapely.Polygon(hole) for hole in parts[replaced].interiors])
    fresh = shapely.difference(drawn, holes, grid_size=GRID_DEGREES)
    return joined([fresh, *(part for index, part in enumerate(parts) if index != replaced)])


def _no_cut(outline: Any, line: Any, zone: str, metric_epsg: int | None) -> InvalidOutline:
    ends = shapely.points(shapely.get_coordinates(line)[[0, -1]])
    inside = [end for end in ends if shapely.contains_properly(outline, end)]
    if not inside:
        return InvalidOutline(
            "line_misses", "The line does not cross zone {zone}; draw it from border to border.", zone=zone
        )
    end = inside[0]
    way = shapely.shortest_line(end, shapely.boundary(outline))
    metres = length_km(way) * 1000 if metric_epsg is None else in_metres(way, metric_epsg).length
    return InvalidOutline(
        "line_ends_inside",
        "The line ends inside zone {zone} at longitude {lon}, latitude {lat}, {value} m from its border; "
        "draw it from border to border.",
        zone=zone, lon=round(end.x, 6), lat=round(end.y, 6), value=round(metres, 1),
    )  # fmt: skip


def _apart(shapes: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The first code, and those that hang together with it by no border."""
    left = dict(shapes)
    first = next(iter(left))
    edge = [left.pop(first)]
    while edge:
        one = edge.pop()
        near = [code for code, shape in left.items() if _is_joined(one, shape)]
        edge += [left.pop(code) for code in near]
    return first, list(left)


def _is_joined(one: Any, other: Any) -> bool:
    return bool(shapely.intersection(one, other, grid_size=GRID_DEGREES).length > 0)


def _drawn_together(shapes: Mapping[str, Any], metric_epsg: int, snap_m: float) -> dict[str, Any]:
    done: dict[str, Any] = {}
    for code, shape in shapes.items():
        done[code] = snapped(shape, done.values(), tolerance_m=snap_m, metric_epsg=metric_epsg, zone=code)
    return done
