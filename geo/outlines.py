"""Outlines of zones: mended only where nothing changes, measured for gaps and overlaps, joined, noded."""

from dataclasses import dataclass
from typing import Any

import geopandas
import numpy as np
import shapely

from geo.errors import InvalidOutline
from geo.metric import areas_m2, in_degrees, in_metres

REPAIR_TOLERANCE = 0.001  # share of the area that a repair may change
_POLYGONS = ("Polygon", "MultiPolygon")
NOISE_M2 = 0.01  # below this, overlay of neighbours is rounding


@dataclass(frozen=True, slots=True)
class Repair:
    """An outline that was mended.

    Parameters
    ----------
    row : object
        Index label of the row in the frame.
    zone : str
        Its code.
    reason : str
        What was wrong with it, as the geometry library puts it.
    lon, lat : float
        Where, in WGS84 degrees.
    change : float
        Share of the area that the repair changed.
    """

    row: Any
    zone: str
    reason: str
    lon: float
    lat: float
    change: float


@dataclass(frozen=True, slots=True, eq=False)
class CheckedOutlines:
    """What came of a check of outlines.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        The good and the mended rows in their order, all columns; two-dimensional polygons in WGS84.
    repaired : tuple of Repair
        The mended ones among them.
    refused : tuple of InvalidOutline
        One error for each row left out, in their order.
    """

    frame: geopandas.GeoDataFrame
    repaired: tuple[Repair, ...]
    refused: tuple[InvalidOutline, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far townships are from covering their district without gaps and overlaps.

    Parameters
    ----------
    gap_m2 : float
        Land of the district in no township: against its outline if there is one, else the holes between
        townships.
    overlap_m2 : float
        Sum over all pairs.
    beyond_m2 : float
        Land of townships outside the district's outline; 0 without one.
    overlaps : tuple of (str, str, float)
        Codes of the overlapping pairs, smaller code first, and square metres; in the order of the codes.
    """

    gap_m2: float
    overlap_m2: float
    beyond_m2: float
    overlaps: tuple[tuple[str, str, float], ...]


def repair_outlines(frame: geopandas.GeoDataFrame, metric_epsg: int, *, code_field: str = "code") -> CheckedOutlines:
    """Check the outlines of a layer and mend those where mending changes nothing that counts.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        WGS84; one zone per row.
    metric_epsg : int
        Metric system of the district.
    code_field : str, default "code"
        Column with the zone's code, for the messages.

    Returns
    -------
    CheckedOutlines
        Every row is either in its frame or among its refusals. Empty in, empty out.
    """
    kept: list[int] = []
    outlines: list[Any] = []
    repaired: list[Repair] = []
    refused: list[InvalidOutline] = []
    zones = frame[code_field].astype(str)
    for position, (row, zone, geometry) in enumerate(zip(frame.index, zones, frame.geometry, strict=True)):
        try:
            outline, repair = repair_outline(geometry, metric_epsg, row=row, zone=zone)
        except InvalidOutline as error:
            refused.append(error)
            continue
        kept.append(position)
        outlines.append(outline)
        repaired += [repair] if repair else []
    good = frame.iloc[kept].set_geometry(geopandas.GeoSeries(outlines, index=frame.index[kept], crs=frame.crs))
    return CheckedOutlines(good, tuple(repaired), tuple(refused))


def repair_outline(geometry: Any, metric_epsg: int, *, row: object = 1, zone: str = "") -> tuple[Any, Repair | None]:
    """Check one outline, and mend it where that keeps its area within 0.1 %.

    Parameters
    ----------
    geometry : shapely geometry or None
        WGS84.
    metric_epsg : int
        Metric system of the district.
    row, zone : object, str
        What to call it in messages.

    Returns
    -------
    tuple of (shapely geometry, Repair or None)
        A valid two-dimensional Polygon or MultiPolygon, vertex by vertex the one given unless mended.

    Raises
    ------
    InvalidOutline
        No polygon, empty, or invalid (for example crossing itself, the place is named) in a way whose
        repair would change more of the area.
    """
    _check_polygon(geometry, row, zone)
    flat = shapely.force_2d(geometry)
    if flat.is_valid:
        return flat, None
    reason, lon, lat = _fault(flat)
    mended = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    before, after = areas_m2(np.array([flat, mended], object), metric_epsg)
    change = abs(after - before) / before if before > 0 else np.inf
    if change > REPAIR_TOLERANCE or mended.geom_type not in _POLYGONS:
        raise InvalidOutline(
            "outline_invalid",
            "The outline of zone {zone} in row {row} is invalid: {reason} at longitude {lon}, latitude {lat}. "
            "Mending it would change its area by more than {allowed} %.",
            zone=zone, row=row, reason=reason, lon=lon, lat=lat, allowed=REPAIR_TOLERANCE * 100,
        )  # fmt: skip
    return mended, Repair(row, zone, reason, lon, lat, float(change))


def coverage(
    townships: geopandas.GeoDataFrame,
    metric_epsg: int,
    *,
    district: Any = None,
    code_field: str = "code",
) -> Coverage:
    """Measure gaps and overlaps of townships in the metric system.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        WGS84, valid polygons.
    metric_epsg : int
        Metric system of the district.
    district : shapely geometry, optional
        Its outline in WGS84.
    code_field : str, default "code"
        Column with the township's code.

    Returns
    -------
    Coverage
        Square metres; pieces below `NOISE_M2` are rounding and count as none. Without townships the gap is
        the whole district.
    """
    outlines = in_metres(townships.geometry.to_numpy(), metric_epsg)
    whole = shapely.union_all(outlines)
    overlaps = _overlaps(outlines, townships[code_field].astype(str).tolist())
    overlap_m2 = float(sum(area for _, _, area in overlaps))
    if district is None:
        return Coverage(_holes_m2(whole), overlap_m2, 0.0, overlaps)
    ground = in_metres(district, metric_epsg)
    gap, beyond = shapely.difference(ground, whole), shapely.difference(whole, ground)
    return Coverage(_pieces_m2(gap), overlap_m2, _pieces_m2(beyond), overlaps)


def union_outline(townships: geopandas.GeoDataFrame) -> Any:
    """Join townships to the outline of their district.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        WGS84, valid polygons.

    Returns
    -------
    shapely geometry
        WGS84 Polygon or MultiPolygon; gaps between townships stay as holes (see `coverage`). An empty
        polygon without townships.
    """
    outlines = townships.geometry.to_numpy()
    return shapely.union_all(outlines) if len(outlines) else shapely.Polygon()


def node_coverage(
    townships: geopandas.GeoDataFrame, metric_epsg: int, *, tolerance_m: float, code_field: str = "code"
) -> geopandas.GeoDataFrame:
    """Give neighbours the same corners along their common borders, so that a border moves for both sides.

    Parameters
    ----------
    townships : geopandas.GeoDataFrame
        WGS84, valid polygons.
    metric_epsg : int
        Metric system of the district.
    tolerance_m : float
        Slivers up to this width, gaps or overlaps, go to the neighbour with the longer border.
    code_field : str, default "code"
        Column with the township's code, for the message.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows and columns; the very same outlines if their borders were noded already. Gaps wider
        than the tolerance stay.

    Raises
    ------
    InvalidOutline
        Two townships overlap by more than the tolerance: which one is right is not for a program to say.
    """
    before = in_metres(townships.geometry.to_numpy(), metric_epsg)
    if shapely.coverage_is_valid(before, gap_width=tolerance_m):
        return townships.copy()
    after = shapely.coverage_clean(before, gap_width=tolerance_m, snapping_distance=tolerance_m)
    moved = shapely.buffer(shapely.symmetric_difference(before, after), -tolerance_m / 2)
    wide = np.flatnonzero(~shapely.is_empty(moved))
    if wide.size:
        raise InvalidOutline(
            "overlap_too_wide",
            "Township {zone} overlaps a neighbour by more than {tolerance_m} m; mend one of the two outlines.",
            zone=str(townships[code_field].iloc[int(wide[0])]), tolerance_m=tolerance_m,
        )  # fmt: skip
    noded = geopandas.GeoSeries(in_degrees(after, metric_epsg), index=townships.index, crs=townships.crs)
    return townships.set_geometry(noded)


def _check_polygon(geometry: Any, row: object, zone: str) -> None:
    if geometry is None or geometry.is_empty:
        raise InvalidOutline("no_outline", "Zone {zone} in row {row} has no outline.", zone=zone, row=row)
    if geometry.geom_type not in _POLYGONS:
        raise InvalidOutline(
            "not_a_polygon", "The outline of zone {zone} in row {row} is a {found}; a polygon is needed.",
            zone=zone, row=row, found=geometry.geom_type,
        )  # fmt: skip
    if not np.isfinite(geometry.bounds).all():
        raise InvalidOutline(
            "outline_not_finite", "The outline of zone {zone} in row {row} has coordinates that are not numbers.",
            zone=zone, row=row,
        )  # fmt: skip


def _fault(geometry: Any) -> tuple[str, float, float]:
    """Split "Self-intersection[119.1 35.2]" into the reason and the place."""
    reason, _, place = str(shapely.is_valid_reason(geometry)).partition("[")
    lon, lat = place.rstrip("]").split()
    return reason, float(lon), float(lat)


def _overlaps(outlines: Any, codes: list[str]) -> tuple[tuple[str, str, float], ...]:
    left, right = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    areas = shapely.area(shapely.intersection(outlines[left], outlines[right]))
    named = [(codes[a], codes[b], float(m2)) for a, b, m2 in zip(left, right, areas, strict=True)]
    return tuple(sorted((min(a, b), max(a, b), m2) for a, b, m2 in named if m2 >= NOISE_M2))


def _holes_m2(whole: Any) -> float:
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    return _pieces_m2(shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings]))


def _pieces_m2(geometry: Any) -> float:
    areas = shapely.area(shapely.get_parts(geometry))
    return float(areas[areas >= NOISE_M2].sum())
