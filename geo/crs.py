"""Coordinates between any taken system and WGS84, refusing what cannot be true or lies far away."""

import numpy as np
import pyproj
from numpy.typing import ArrayLike

from geo.crs_names import (
    Box,
    Crs,
    Floats,
    degrees_of,
    likely_crs,
    metric_crs,
    numbers_in,
    parse_crs,
)
from geo.errors import FalseCrs
from geo.plausibility import AREA_MARGIN_DEG, check_numbers, first_bad, fits, paired, within

__all__ = [
    "Box", "Crs", "check_near", "check_numbers", "fits", "from_wgs84", "km_from", "likely_crs",
    "metric_crs", "paired", "parse_crs", "to_wgs84",
]  # fmt: skip

_GROUND = pyproj.Geod(ellps="WGS84")


def to_wgs84(x: ArrayLike, y: ArrayLike, crs: Crs | str) -> tuple[Floats, Floats]:
    """Convert coordinates to WGS84.

    Parameters
    ----------
    x, y : array_like of float
        Longitude or easting, latitude or northing; axes in this order for every system.
    crs : Crs or str
        What the numbers are in; CGCS2000 (EPSG:4490) is taken as equal to WGS84.

    Returns
    -------
    tuple of numpy.ndarray of float64
        Longitude and latitude in degrees, in the order given. Empty in, empty out.

    Raises
    ------
    UnknownCrs
        The name is not known.
    FalseCrs
        A number does not fit the system; see `check_numbers`.
    InvalidPoints
        A number is missing or not finite, or the arrays differ in length.
    """
    system = parse_crs(crs) if isinstance(crs, str) else crs
    xs, ys = paired(x, y)
    check_numbers(xs, ys, system)
    return degrees_of(xs, ys, system)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: Crs | str) -> tuple[Floats, Floats]:
    """Convert WGS84 coordinates for an export.

    Parameters
    ----------
    lon, lat : array_like of float
        WGS84 degrees.
    crs : Crs or str
        What is wanted.

    Returns
    -------
    tuple of numpy.ndarray of float64
        Longitude or easting first, in the order given. Empty in, empty out.

    Raises
    ------
    UnknownCrs
        The name is not known.
    FalseCrs
        A place lies outside the area of the system, which then has no true numbers for it.
    InvalidPoints
        A number is missing or not finite, or the arrays differ in length.
    """
    system = parse_crs(crs) if isinstance(crs, str) else crs
    lons, lats = paired(lon, lat)
    outside = ~within(lons, lats, system.area, AREA_MARGIN_DEG)
    if outside.any():
        raise FalseCrs(
            "outside_area", "The place ({x}, {y}), row {row}, lies outside the area of {crs}.",
            **first_bad(lons, lats, outside, system),
        )  # fmt: skip
    return numbers_in(lons, lats, system)


def km_from(lon: ArrayLike, lat: ArrayLike, extent: Box) -> Floats:
    """Measure how far points lie from a box.

    Parameters
    ----------
    lon, lat : array_like of float
        WGS84 degrees.
    extent : tuple of float
        West, south, east, north in WGS84 degrees.

    Returns
    -------
    numpy.ndarray of float64
        Kilometres along the ellipsoid to the nearest longitude and latitude of the box; 0 inside and on
        its edge.
    """
    lons, lats = paired(lon, lat)
    west, south, east, north = extent
    near_lon, near_lat = np.clip(lons, west, east), np.clip(lats, south, north)
    metres = _GROUND.inv(lons, lats, near_lon, near_lat)[2]
    return np.asarray(metres, float) / 1000.0


def check_near(
    lon: ArrayLike,
    lat: ArrayLike,
    extent: Box,
    *,
    margin_km: float,
    crs: Crs | None = None,
    source: tuple[ArrayLike, ArrayLike] | None = None,
) -> None:
    """Refuse points that lie far from the district, and say what may be wrong.

    Parameters
    ----------
    lon, lat : array_like of float
        WGS84 degrees, already converted.
    extent : tuple of float
        West, south, east, north of the district in WGS84 degrees.
    margin_km : float
        How far outside the extent is still taken.
    crs : Crs, optional
        What the numbers were declared as; WGS84 if left out.
    source : tuple of array_like, optional
        The numbers before the conversion; the converted ones if left out.

    Raises
    ------
    FalseCrs
        At least one point is farther than ``margin_km``. The first is named with its distance and the
        number of others; the cause is named if swapping the axes or one of `likely_crs` would bring it
        into the district.
    InvalidPoints
        A number is missing or not finite, or the arrays differ in length.
    """
    distance_km = km_from(lon, lat, extent)
    far = distance_km > margin_km
    if not far.any():
        return
    declared = crs or parse_crs("WGS84")
    xs, ys = paired(*(source or (lon, lat)))
    first = int(np.argmax(far))
    named = first_bad(xs, ys, far, declared)
    named |= {"distance_km": round(float(distance_km[first]), 1), "margin_km": margin_km}
    one = slice(first, first + 1)
    raise _too_far(xs[one], ys[one], declared, extent, named)


def _too_far(x: Floats, y: Floats, declared: Crs, extent: Box, named: dict[str, object]) -> FalseCrs:
    """Find what would bring the first far point into the district."""
    west, south, east, north = extent
    likely = likely_crs((west + east) / 2, (south + north) / 2)
    margin_km = float(str(named["margin_km"]))
    others = [crs.name for crs in likely if crs.epsg != declared.epsg and _lands(x, y, crs, extent, margin_km)]
    if _lands(y, x, declared, extent, margin_km):
        return FalseCrs(
            "far_axes_swapped",
            "The point ({x}, {y}), row {row}, lies {distance_km} km from the district if taken as {crs} "
            "({count} of {total} points lie farther than {margin_km} km). "
            "With the axes swapped it would lie in it.",
            **named,
        )
    if others:
        return FalseCrs(
            "far_other_crs",
            "The point ({x}, {y}), row {row}, lies {distance_km} km from the district if taken as {crs} "
            "({count} of {total} points lie farther than {margin_km} km). It would lie in it as {others}.",
            **named, others=", ".join(others),
        )  # fmt: skip
    return FalseCrs(
        "far_from_district",
        "The point ({x}, {y}), row {row}, lies {distance_km} km from the district if taken as {crs} "
        "({count} of {total} points lie farther than {margin_km} km).",
        **named,
    )


def _lands(x: Floats, y: Floats, crs: Crs, extent: Box, margin_km: float) -> bool:
    """Tell whether all numbers, taken as this system, lie in the district or near it."""
    if not fits(x, y, crs).all():
        return False
    return bool((km_from(*degrees_of(x, y, crs), extent) <= margin_km).all())
