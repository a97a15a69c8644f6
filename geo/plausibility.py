"""Whether numbers can be what they are said to be: the first check on every coordinate that comes in."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs_names import Box, Crs, Floats, degrees_of, parse_crs
from geo.errors import FalseCrs, InvalidPoints

Mask = NDArray[np.bool_]

# Districts lie across zone borders and at sea: an area of use is taken this much wider.
AREA_MARGIN_DEG = 1.0
_ROUNDING_DEG = 1e-9  # files say 180.00000000000006
_ROWS_NAMED = 5


def paired(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Take two coordinate columns as arrays, refusing holes.

    Parameters
    ----------
    x, y : array_like of float
        Two columns of equal length.

    Returns
    -------
    tuple of numpy.ndarray of float64
        One-dimensional; a single number becomes an array of one.

    Raises
    ------
    InvalidPoints
        The lengths differ, or numbers are missing or infinite; the first rows (from 1) are named.
    """
    xs, ys = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float))
    if xs.shape != ys.shape:
        raise InvalidPoints(
            "unequal_coordinates",
            "There are {lons} longitudes and {lats} latitudes; each point needs both.",
            lons=xs.size, lats=ys.size,
        )  # fmt: skip
    holes = np.flatnonzero(~(np.isfinite(xs) & np.isfinite(ys))) + 1
    if holes.size:
        raise InvalidPoints(
            "coordinates_missing",
            "{count} points have no finite coordinates; the first rows are {rows}.",
            count=int(holes.size), rows=", ".join(map(str, holes[:_ROWS_NAMED])),
        )  # fmt: skip
    return xs, ys


def fits(x: ArrayLike, y: ArrayLike, crs: Crs) -> Mask:
    """Tell which points can be what they are said to be.

    Parameters
    ----------
    x, y : array_like of float
        Longitude or easting, latitude or northing.
    crs : Crs
        What they are said to be in.

    Returns
    -------
    numpy.ndarray of bool
        False for what is not finite, for degrees beyond ±180 and ±90, for degrees given as metres, and
        for what lies more than one degree outside the area of use of the system.
    """
    xs, ys = np.atleast_1d(np.asarray(x, float)), np.atleast_1d(np.asarray(y, float))
    in_unit = ~_small(xs, ys, 180.0) if crs.is_projected else _small(xs, ys, 90.0)
    possible: Mask = np.isfinite(xs) & np.isfinite(ys) & in_unit
    lon, lat = xs[possible], ys[possible]
    if crs.is_projected:  # a shift between degrees is far smaller than the margin
        lon, lat = degrees_of(lon, lat, crs)
    possible[possible] = within(lon, lat, crs.area, AREA_MARGIN_DEG)
    return possible


def check_numbers(x: ArrayLike, y: ArrayLike, crs: Crs) -> None:
    """Refuse numbers that do not fit the system, and say what they may be instead.

    Parameters
    ----------
    x, y : array_like of float
        Longitude or easting, latitude or northing.
    crs : Crs
        What they are said to be in.

    Raises
    ------
    FalseCrs
        At least one point does not fit (see `fits`). The first such point is named, with the number of
        others and, where it can be told, the cause: axes swapped, degrees given as metres or the reverse,
        a system with zone number.
    InvalidPoints
        A number is missing or not finite, or the arrays differ in length.
    """
    xs, ys = paired(x, y)
    bad = ~fits(xs, ys, crs)
    if not bad.any():
        return
    raise _misfit(xs[bad], ys[bad], crs, first_bad(xs, ys, bad, crs))


def within(lon: Floats, lat: Floats, area: Box, margin: float) -> Mask:
    """Tell which points lie in an area of use, widened by a margin in degrees."""
    west, south, east, north = area
    in_lat = (lat >= south - margin) & (lat <= north + margin)
    left, right = lon >= west - margin, lon <= east + margin
    inside: Mask = in_lat & np.isfinite(lon) & ((left & right) if west <= east else (left | right))
    return inside


def first_bad(x: Floats, y: Floats, bad: Mask, crs: Crs) -> dict[str, object]:
    """Name the first bad point and count the others: the values that every message about points has."""
    first = int(np.argmax(bad))
    return {
        "x": float(x[first]), "y": float(y[first]), "row": first + 1,
        "count": int(bad.sum()), "total": int(bad.size), "crs": crs.name,
    }  # fmt: skip


def _small(x: Floats, y: Floats, most_y: float) -> Mask:
    """Tell which numbers are small enough to be degrees."""
    small: Mask = (np.abs(x) <= 180.0 + _ROUNDING_DEG) & (np.abs(y) <= most_y + _ROUNDING_DEG)
    return small


def _misfit(x: Floats, y: Floats, crs: Crs, named: dict[str, object]) -> FalseCrs:
    """Find what would explain all points that do not fit."""
    small = bool(_small(x, y, 180.0).all())
    if crs.is_projected and small:
        return FalseCrs(
            "degrees_given_as_metres",
            "The numbers ({x}, {y}) in row {row} do not fit {crs}; {count} of {total} points do not. "
            "They look like degrees; it takes metres.",
            **named,
        )
    if fits(y, x, crs).all():
        return FalseCrs(
            "axes_swapped",
            "The numbers ({x}, {y}) in row {row} do not fit {crs}; {count} of {total} points do not. "
            "They would with the axes swapped: longitude or easting first.",
            **named,
        )
    return _elsewhere(x, y, crs, named, small=small)


def _elsewhere(x: Floats, y: Floats, crs: Crs, named: dict[str, object], *, small: bool) -> FalseCrs:
    others = ", ".join(other.name for other in _by_size(x) if fits(x, y, other).all())
    if others:
        return FalseCrs(
            "another_crs_fits",
            "The numbers ({x}, {y}) in row {row} do not fit {crs}; {count} of {total} points do not. "
            "They would fit {others}.",
            **named, others=others,
        )  # fmt: skip
    if not crs.is_projected and not small:
        return FalseCrs(
            "metres_given_as_degrees",
            "The numbers ({x}, {y}) in row {row} do not fit {crs}; {count} of {total} points do not. "
            "They look like metres; it takes degrees.",
            **named,
        )
    return FalseCrs(
        "outside_area_of_crs",
        "The numbers ({x}, {y}) in row {row} do not fit {crs}; {count} of {total} points do not. "
        "They lie outside its area.",
        **named,
    )


def _by_size(x: Floats) -> list[Crs]:
    """List the systems that a first number of this size points to: web Mercator and zone numbers."""
    millions = int(np.median(x) // 1_000_000)
    codes = [3857] if 1 <= abs(millions) <= 20 else []
    if 25 <= millions <= 45:
        codes.append(4513 + millions - 25)
    if 13 <= millions <= 23:
        codes.append(4491 + millions - 13)
    return [parse_crs(f"EPSG:{code}") for code in codes if np.abs(x).max() > 180]
