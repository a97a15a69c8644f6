"""Editing zones that cover a district: a border moves for both sides, corners are shared, and nothing gapes."""

from collections.abc import Mapping
from typing import Any, Final

import shapely

from geo.editing_cuts import parts_along
from geo.editing_grid import GRID_DEGREES, common, faces_of, joined, on_grid, polygons_of
from geo.editing_measures import area_m2, length_km
from geo.editing_snapping import SNAP_M, snapped
from geo.errors import InvalidOutline
from geo.outline_rules import LEAST_M2, require_no_sliver

LOST_M2: Final = 1.0  # along the district's border, what rounding leaves over or out is mended up to this
_RELEASED: Final = " released"
_NEAR_DEGREES: Final = 1e-5


def moved_border(
    outlines: Mapping[str, Any],
    code: str,
    wanted: Any,
    *,
    metric_epsg: int,
    heir: str = "",
    district: Any = None,
    snap_m: float = SNAP_M,
    least_m2: float = LEAST_M2,
) -> dict[str, Any]:
    """Give one zone of a coverage a new outline; its neighbours yield or take over, and no gap or overlap arises.

    Parameters
    ----------
    outlines : mapping
        Code → WGS84 polygon of every zone of the coverage, for example of all townships. Zones far away may be left
        out only if ``district`` is left out too.
    code : str
        The zone whose outline is changed.
    wanted : shapely Polygon or MultiPolygon
        WGS84, valid. What lies beyond the ground of all zones is cut off: the outer edge belongs to the district.
    metric_epsg : int
        Metric system of the district, for snapping.
    heir : str, optional
        The zone that takes all ground given up; else each piece goes to the neighbour with the longest border to it,
        of equal ones to the smallest code.
    district : shapely Polygon or MultiPolygon, optional
        WGS84; the outer edge is drawn along it again at each edit, so that rounding does not add up over the years.
    snap_m : float
        Corners of ``wanted`` within so many metres of a neighbour's corner or edge take its place; 0 for never.
    least_m2 : float
        New parts smaller than this, of whichever zone, are refused.

    Returns
    -------
    dict
        Code → new outline of every zone that changed, in the order of ``outlines``, on the storage grid. Neighbours
        share every corner of their border; one that only got such a corner is among them, with the same ground.

    Raises
    ------
    InvalidOutline
        The code or heir is none of the zones, ``wanted`` is invalid or covers none of the ground, takes a neighbour's
        whole ground, gives up a piece without a neighbour, or leaves a sliver.
    """
    _require_codes(outlines, code, *([heir] if heir else []))
    others = [shape for name, shape in outlines.items() if name != code]
    drawn = snapped(wanted, others, tolerance_m=snap_m, metric_epsg=metric_epsg, zone=code)
    drawn = common(drawn, joined(list(outlines.values())))
    if drawn.is_empty:
        raise InvalidOutline(
            "outline_off_ground", "The new outline of zone {zone} covers no ground of its coverage.", zone=code
        )
    after = _noded(_reach(outlines, code, drawn), code=code, wanted=drawn, heir=heir, district=district)
    changed = {name: after[name] for name in outlines if name in after and not _is_same(outlines[name], after[name])}
    for name, shape in changed.items():
        require_no_sliver(shape, least_m2=least_m2, zone=name, before=outlines[name])
    return changed


def moved_border_line(
    outlines: Mapping[str, Any],
    code: str,
    other: str,
    line: Any,
    *,
    metric_epsg: int,
    district: Any = None,
    least_m2: float = LEAST_M2,
) -> dict[str, Any]:
    """Draw the border between two zones of a coverage along a new line; their common outer edge stays.

    Parameters
    ----------
    outlines, metric_epsg, district, least_m2
        See `moved_border`.
    code, other : str
        The two zones.
    line : shapely LineString
        WGS84; from edge to edge of the ground that both have together. Each part goes to the zone that had more of it.

    Returns
    -------
    dict
        See `moved_border`.

    Raises
    ------
    InvalidOutline
        A code is none of the zones, the line does not cross their ground (where it ends is named), one of them
        would have nothing, or a sliver is left.
    """
    _require_codes(outlines, code, other)
    pair = on_grid(outlines[code]), on_grid(outlines[other])
    parts = parts_along(joined(pair), line, zone=f"{code}, {other}")
    mine = [part for part in parts if area_m2(common(part, pair[0])) >= area_m2(common(part, pair[1]))]
    if len(mine) in {0, len(parts)}:
        raise _nothing_left(code if not mine else other)
    rules = {"heir": other, "district": district, "snap_m": 0.0, "least_m2": least_m2}
    return moved_border(outlines, code, joined(mine), metric_epsg=metric_epsg, **rules)


def noded(outlines: Mapping[str, Any], *, district: Any = None) -> dict[str, Any]:
    """Give neighbours every corner of their common borders, for example after one of them was split.

    Parameters
    ----------
    outlines : mapping
        Code → WGS84 polygon, valid. Where two overlap, the first of them keeps the ground.
    district : shapely Polygon or MultiPolygon, optional
        See `moved_border`.

    Returns
    -------
    dict
        Code → outline on the storage grid, all of them, in their order. Empty in, empty out.

    Raises
    ------
    InvalidOutline
        Nothing would be left of a zone, because others cover it.
    """
    return _noded(outlines, district=district)


def _noded(
    zones: Mapping[str, Any], *, code: str = "", wanted: Any = None, heir: str = "", district: Any = None
) -> dict[str, Any]:
    """Faces between all lines, each given to one zone, joined again: every corner of a border is in both outlines."""
    held = {name: on_grid(shape) for name, shape in zones.items()}
    others = [shape for shape in (wanted, district) if shape is not None]
    faces = faces_of(shapely.boundary(shape) for shape in (*held.values(), *others))
    owners = _owners(faces, held, district)
    if wanted is not None:
        owners = _claimed(faces, owners, wanted, code)
    kept = {name: [face for face, owner in zip(faces, owners, strict=True) if owner == name] for name in held}
    for name, parts in kept.items():
        if not parts:
            raise _nothing_left(name)
    union = {name: shapely.coverage_union_all(parts) for name, parts in kept.items()}
    loose = [face for face, owner in zip(faces, owners, strict=True) if owner == _RELEASED]
    for piece in _pieces(loose):
        inside = [face for face in loose if shapely.covers(piece, shapely.point_on_surface(face))]
        kept[heir or _heir(piece, union, without=code)] += inside
    return {name: polygons_of(shapely.coverage_union_all(parts)) for name, parts in kept.items()}


def _owners(faces: list[Any], zones: Mapping[str, Any], district: Any) -> list[str]:
    """The zone of each face, "" for foreign ground; crumbs along the district's border are mended."""
    codes, points = list(zones), shapely.point_on_surface(faces)
    owners = [""] * len(faces)
    found, zone = shapely.STRtree(list(zones.values())).query(points, predicate="intersects")
    for face, index in sorted(zip(found.tolist(), zone.tolist(), strict=True), reverse=True):
        owners[face] = codes[index]
    if district is None:
        return owners
    for face in range(len(faces)):
        is_within = shapely.intersects(district, points[face])
        if bool(owners[face]) != is_within and area_m2(faces[face]) < LOST_M2:
            owners[face] = _RELEASED if is_within else ""
    return owners


def _claimed(faces: list[Any], owners: list[str], wanted: Any, code: str) -> list[str]:
    """Owners after the edited zone took what it wants and released what it does not."""
    taken = shapely.intersects(wanted, shapely.point_on_surface(faces))
    released = [_RELEASED if owner == code else owner for owner in owners]
    return [code if take and owner else owner for take, owner in zip(taken, released, strict=True)]


def _pieces(faces: list[Any]) -> list[Any]:
    return list(shapely.get_parts(polygons_of(shapely.coverage_union_all(faces)))) if faces else []


def _heir(piece: Any, zones: Mapping[str, Any], *, without: str) -> str:
    """The neighbour with the longest border to a piece; of equal ones the smallest code."""
    edge = shapely.boundary(piece)
    near = {name: shape for name, shape in zones.items() if shape.intersects(edge)}
    borders = {name: length_km(shapely.intersection(edge, shapely.boundary(shape))) for name, shape in near.items()}
    if area_m2(piece) >= LOST_M2:
        borders.pop(without, None)
    longest = max(sorted(borders), key=lambda name: borders[name], default="")
    if not borders.get(longest):
        raise InvalidOutline(
            "ground_left_over",
            "Zone {zone} would give up {value} m² that no neighbour borders on; {allowed} m² may be left over.",
            zone=without, value=round(area_m2(piece)), allowed=0,
        )  # fmt: skip
    return longest


def _reach(outlines: Mapping[str, Any], code: str, wanted: Any) -> dict[str, Any]:
    """The zones that an edit can reach: all others keep their corners."""
    window = shapely.box(*shapely.total_bounds([outlines[code], wanted])).buffer(_NEAR_DEGREES)
    return {name: shape for name, shape in outlines.items() if shape.intersects(window)}


def _require_codes(outlines: Mapping[str, Any], *codes: str) -> None:
    for code in codes:
        if code not in outlines:
            raise InvalidOutline(
                "zone_not_in_coverage", "Zone {zone} is none of the zones that are edited together: {allowed}.",
                zone=code, allowed=", ".join(outlines),
            )  # fmt: skip


def _nothing_left(name: str) -> InvalidOutline:
    return InvalidOutline("ground_taken", "Nothing would be left of zone {zone}; merge it instead.", zone=name)


def _is_same(before: Any, after: Any) -> bool:
    return bool(shapely.equals_exact(shapely.normalize(before), shapely.normalize(after), tolerance=GRID_DEGREES / 100))
