"""Whether zones cover their district: gaps and overlaps as pieces with their size and place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import shapely

from geo.editing_grid import common, joined, minus
from geo.editing_measures import area_m2
from geo.errors import InvalidZones

GAP_M2: Final = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A piece of ground that lies in no zone, in two, or beyond the district.

    Parameters
    ----------
    codes : tuple of str
        The zones that border on a gap, both that overlap, or the one that reaches beyond; ascending.
    m2 : float
        Square metres.
    outline : shapely Polygon or MultiPolygon
        WGS84.
    """

    codes: tuple[str, ...]
    m2: float
    outline: Any


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """How far zones are from covering their district; pieces largest first.

    Parameters
    ----------
    gaps, overlaps, beyond : tuple of Piece
        Ground in no zone; ground in two (a piece for each pair); ground of zones outside the district.
    """

    gaps: tuple[Piece, ...]
    overlaps: tuple[Piece, ...]
    beyond: tuple[Piece, ...]

    @property
    def gap_m2(self) -> float:
        """Square metres in no zone."""
        return sum(piece.m2 for piece in self.gaps)

    @property
    def overlap_m2(self) -> float:
        """Square metres in two zones, summed over all pairs."""
        return sum(piece.m2 for piece in self.overlaps)

    @property
    def beyond_m2(self) -> float:
        """Square metres of zones outside the district."""
        return sum(piece.m2 for piece in self.beyond)


def coverage_of(outlines: Mapping[str, Any], *, district: Any = None) -> CoverageReport:
    """Find gaps and overlaps of zones that ought to cover a district.

    Parameters
    ----------
    outlines : mapping
        Code → WGS84 polygon, valid.
    district : shapely Polygon or MultiPolygon, optional
        WGS84. Without it, gaps are the holes between the zones, and nothing lies beyond.

    Returns
    -------
    CoverageReport
        Overlaid in degrees on the storage grid and measured on the ellipsoid: a corner on a straight border
        makes no gap, however long the border is. `geo.outlines.coverage` measures raw layers in the plane instead.
    """
    whole = joined(list(outlines.values()))
    ground = _without_holes(whole) if district is None else district
    beyond = {code: minus(shape, ground) for code, shape in outlines.items()}
    return CoverageReport(
        _sorted(Piece(_touching(piece, outlines), area_m2(piece), piece) for piece in _parts(minus(ground, whole))),
        _sorted(_overlaps(outlines)),
        _sorted(Piece((code,), area_m2(piece), piece) for code, shape in beyond.items() for piece in _parts(shape)),
    )


def require_coverage(outlines: Mapping[str, Any], *, district: Any = None, allowed_m2: float = GAP_M2) -> None:
    """Refuse zones that leave a gap or overlap.

    Parameters
    ----------
    outlines, district
        See `coverage_of`.
    allowed_m2 : float
        Gaps, overlaps and ground beyond the district may each sum up to less than this.

    Raises
    ------
    InvalidZones
        Names the zones at the largest piece, the place of it, the sum and what is allowed.
    """
    found = coverage_of(outlines, district=district)
    if found.gap_m2 >= allowed_m2:
        raise InvalidZones(
            "coverage_gap",
            "Between the zones {zone}, {value} m² lie in none (the largest piece at longitude {lon}, latitude {lat}); "
            "less than {allowed} m² is allowed.",
            **_named(found.gaps[0], found.gap_m2, allowed_m2),
        )
    if found.overlap_m2 >= allowed_m2:
        raise InvalidZones(
            "coverage_overlap",
            "{value} m² lie in two zones (the largest piece in {zone} at longitude {lon}, latitude {lat}); "
            "less than {allowed} m² is allowed.",
            **_named(found.overlaps[0], found.overlap_m2, allowed_m2),
        )
    if found.beyond_m2 >= allowed_m2:
        raise InvalidZones(
            "coverage_beyond",
            "{value} m² of the zones lie outside the district (the largest piece in {zone} at longitude {lon}, "
            "latitude {lat}); less than {allowed} m² is allowed.",
            **_named(found.beyond[0], found.beyond_m2, allowed_m2),
        )


def _named(piece: Piece, value: float, allowed: float) -> dict[str, object]:
    at = shapely.point_on_surface(piece.outline)
    place = {"lon": round(at.x, 6), "lat": round(at.y, 6)}
    return {"zone": ", ".join(piece.codes), "value": round(value, 2), "allowed": allowed, **place}


def _overlaps(outlines: Mapping[str, Any]) -> list[Piece]:
    codes = sorted(outlines)
    shapes = [outlines[code] for code in codes]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = sorted((int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b)
    both = [((codes[a], codes[b]), common(shapes[a], shapes[b])) for a, b in pairs]
    return [Piece(names, area_m2(shape), shape) for names, shape in both if not shape.is_empty]


def _touching(piece: Any, outlines: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(code for code, shape in outlines.items() if shapely.dwithin(shape, piece, 1e-7)))


def _without_holes(whole: Any) -> Any:
    return joined([shapely.Polygon(part.exterior) for part in shapely.get_parts(whole)])


def _parts(shape: Any) -> list[Any]:
    return list(shapely.get_parts(shape))


def _sorted(pieces: Any) -> tuple[Piece, ...]:
    return tuple(sorted(pieces, key=lambda piece: (-piece.m2, piece.codes)))
