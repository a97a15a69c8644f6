"""The grid that edited outlines are stored on, and overlays that stay on it: corners that meet are equal to the bit."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import shapely

GRID_DEGREES: Final = 1e-9  # a tenth of a millimetre


def on_grid(geometry: Any) -> Any:
    """Round a polygon to the storage grid.

    Parameters
    ----------
    geometry : shapely Polygon or MultiPolygon
        WGS84 degrees, valid; heights are dropped.

    Returns
    -------
    shapely Polygon or MultiPolygon
        Valid; parts narrower than the grid are gone, so it can be empty. Rounding twice changes nothing.
    """
    return polygons_of(shapely.set_precision(shapely.force_2d(geometry), GRID_DEGREES))


def polygons_of(geometry: Any) -> Any:
    """Keep the polygons of a geometry.

    Parameters
    ----------
    geometry : shapely geometry
        Of any kind, collections in collections included.

    Returns
    -------
    shapely Polygon or MultiPolygon
        One polygon as such; lines and points are left out; an empty MultiPolygon if nothing is left.
    """
    found = list(_polygons(geometry))
    return found[0] if len(found) == 1 else shapely.MultiPolygon(found)


def minus(one: Any, other: Any) -> Any:
    """The polygons of one outline without the other, on the grid: WGS84, empty where nothing is left."""
    return polygons_of(shapely.difference(one, other, grid_size=GRID_DEGREES))


def common(one: Any, other: Any) -> Any:
    """The polygons that two outlines have in common, on the grid: WGS84, empty where they only touch."""
    return polygons_of(shapely.intersection(one, other, grid_size=GRID_DEGREES))


def joined(outlines: Sequence[Any]) -> Any:
    """The polygons of several outlines together, on the grid: WGS84, an empty MultiPolygon for none."""
    return polygons_of(shapely.union_all(list(outlines), grid_size=GRID_DEGREES))


def faces_of(lines: Iterable[Any]) -> list[Any]:
    """Polygons between lines.

    Parameters
    ----------
    lines : iterable of shapely lines
        WGS84; they need not meet in common corners.

    Returns
    -------
    list of shapely Polygon
        On the grid, not overlapping; neighbours share every corner of their border.
    """
    net = shapely.union_all(list(lines), grid_size=GRID_DEGREES)
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(net))))


def _polygons(geometry: Any) -> Iterable[Any]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon" and part.area > 0:
            yield part
        elif shapely.get_num_geometries(part) > 1 or part.geom_type in {"MultiPolygon", "GeometryCollection"}:
            yield from _polygons(part)
