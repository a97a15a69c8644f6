"""Hexagons of the H3 grid: their names, outlines, neighbours, and the cells that cover a district."""

from collections.abc import Iterable, Mapping

import h3.api.basic_int as h3
import shapely
from shapely.geometry.base import BaseGeometry

from geo.codec import CELL_RESOLUTION, cell_name, parent_cell


def cells_over(outline: BaseGeometry | None, resolution: int) -> list[int]:
    """Cells of a resolution that touch an outline.

    Parameters
    ----------
    outline : shapely Polygon or MultiPolygon, or None
        WGS84 degrees; None and an empty one give no cells.
    resolution : int
        H3 resolution.

    Returns
    -------
    list of int
        Ascending, each once; a cell that the border crosses is among them.
    """
    if outline is None or outline.is_empty:
        return []
    shape = h3.geo_to_h3shape(outline)
    return sorted(h3.h3shape_to_cells_experimental(shape, resolution, "overlap"))


def neighbours(cells: Iterable[int]) -> dict[int, list[int]]:
    """Cells that share an edge, among the given ones: cell → its neighbours, both in ascending order."""
    known = set(cells)
    return {
        cell: sorted(one for one in h3.grid_disk(cell, 1) if one != cell and one in known) for cell in sorted(known)
    }


def connected(cells: Iterable[int]) -> list[list[int]]:
    """Sets of cells that hang together by their edges, each ascending, in the order of their first cells."""
    beside = neighbours(cells)
    left, groups = set(beside), []
    for start in beside:
        if start not in left:
            continue
        group, edge = {start}, [start]
        while edge:
            near = [one for one in beside[edge.pop()] if one not in group]
            group.update(near)
            edge.extend(near)
        left -= group
        groups.append(sorted(group))
    return groups


def outline_of(cells: Iterable[int]) -> BaseGeometry:
    """The outline that cells of one resolution share: WGS84 Polygon or MultiPolygon, empty for none."""
    held = sorted(set(cells))
    return shapely.geometry.shape(h3.cells_to_h3shape(held).__geo_interface__) if held else shapely.MultiPolygon()


def corners(cell: int) -> list[tuple[float, float]]:
    """Corners of a cell in their order around it: (lat, lon) in WGS84 degrees, the first one not repeated."""
    return [(float(lat), float(lon)) for lat, lon in h3.cell_to_boundary(cell)]


def summed(sums: Mapping[int, float], resolution: int) -> dict[int, float]:
    """Sums by the coarser cells that cells belong to, in ascending order.

    Raises
    ------
    InvalidGeometry
        A number is no cell, or the resolution is finer than a cell's.
    """
    found: dict[int, float] = {}
    for cell, value in sums.items():
        parent = parent_cell(cell, resolution)
        found[parent] = found.get(parent, 0) + value
    return dict(sorted(found.items()))


def names_of(cells: Iterable[int]) -> list[str]:
    """Names of as few cells as cover the same ground, whole groups of seven by their parent; ascending."""
    return sorted(cell_name(cell) for cell in h3.compact_cells(sorted(set(cells))))


FINEST = CELL_RESOLUTION - 1
