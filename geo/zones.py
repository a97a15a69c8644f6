"""The zones that points are linked to, in the order that decides between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InvalidZones
from geo.metric import areas_m2

Floats = NDArray[np.float64]
_POLYGONS = (3, 6)  # shapely's numbers for Polygon and MultiPolygon


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Zones of one district; built by `zones_of`.

    Parameters
    ----------
    codes : tuple of str
        Unique codes, in the order given.
    is_township : numpy.ndarray of bool
        True for townships, False for key zones.
    outlines : numpy.ndarray of object
        Prepared shapely polygons in WGS84.
    metric_epsg : int
        Metric system of the district, see `geo.crs.metric_crs`.
    area_m2 : numpy.ndarray of float64
        Areas in the metric system.
    rank : numpy.ndarray of int64
        Position of each zone when all are put in the order of precedence: key zones before townships,
        key zones by area (smallest first) and then code, townships by code.
    """

    codes: tuple[str, ...]
    is_township: NDArray[np.bool_]
    outlines: NDArray[np.object_]
    metric_epsg: int
    area_m2: Floats
    rank: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def townships(self) -> NDArray[np.int64]:
        """Indices of the townships in the order of their codes."""
        return self._ranked(self.is_township)

    @property
    def key_zones(self) -> NDArray[np.int64]:
        """Indices of the key zones, smallest first."""
        return self._ranked(~self.is_township)

    def _ranked(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        chosen = np.flatnonzero(mask)
        ordered: NDArray[np.int64] = chosen[np.argsort(self.rank[chosen])]
        return ordered


def zones_of(codes: Sequence[str], is_township: Sequence[bool], outlines: Sequence[Any], *, metric_epsg: int) -> Zones:
    """Put zones together for linking.

    Parameters
    ----------
    codes : sequence of str
        One code per zone; unique.
    is_township : sequence of bool
        True for townships, False for key zones.
    outlines : sequence of shapely polygons
        Valid, not empty, WGS84. They are prepared in place (a cache inside shapely; nothing else changes).
    metric_epsg : int
        Metric system of the district, see `geo.crs.metric_crs`.

    Returns
    -------
    Zones
        In the order given. No zone at all is allowed: every point is then outside.

    Raises
    ------
    InvalidZones
        The three lists differ in length, a code repeats, or an outline is missing, empty, invalid or no
        polygon.
    """
    if not len(codes) == len(is_township) == len(outlines):
        raise InvalidZones(
            "unequal_zones",
            "There are {codes} codes, {kinds} kinds and {outlines} outlines; each zone needs one of each.",
            codes=len(codes), kinds=len(is_township), outlines=len(outlines),
        )  # fmt: skip
    shapes = np.empty(len(outlines), object)
    shapes[:] = list(outlines)
    _check(codes, shapes)
    shapely.prepare(shapes)
    townships = np.asarray(is_township, bool)
    area_m2 = areas_m2(shapes, metric_epsg)
    return Zones(tuple(codes), townships, shapes, metric_epsg, area_m2, _rank(codes, townships, area_m2))


def _check(codes: Sequence[str], shapes: NDArray[np.object_]) -> None:
    repeated = sorted({code for code in codes if list(codes).count(code) > 1})
    if repeated:
        raise InvalidZones(
            "zone_code_repeats", "The zone code {zone} is given more than once; codes are unique.",
            zone=repeated[0],
        )  # fmt: skip
    is_polygon = np.isin(shapely.get_type_id(shapes), _POLYGONS) & ~shapely.is_empty(shapes)
    for index in np.flatnonzero(~is_polygon | ~shapely.is_valid(shapes)):
        raise InvalidZones(
            "zone_without_outline", "Zone {zone} has no valid outline: {found}; a polygon is needed.",
            zone=codes[int(index)], found=_finding(shapes[index]),
        )  # fmt: skip


def _finding(shape: Any) -> str:
    if shape is None or shapely.is_empty(shape):
        return "it is missing or empty"
    reason = str(shapely.is_valid_reason(shape))
    return str(shape.geom_type) if reason == "Valid Geometry" else reason


def _rank(codes: Sequence[str], is_township: NDArray[np.bool_], area_m2: Floats) -> NDArray[np.int64]:
    # Townships do not overlap, so their order needs no area: the smallest code wins on a border.
    keys = [(bool(t), 0.0 if t else float(a), c) for t, a, c in zip(is_township, area_m2, codes, strict=True)]
    rank = np.empty(len(codes), np.int64)
    rank[sorted(range(len(codes)), key=keys.__getitem__)] = np.arange(len(codes))
    return rank
