"""Into the district's metres and back: no distance, area or buffer is ever taken in degrees."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs_names import degrees_of, numbers_in, parse_crs

Floats = NDArray[np.float64]


def in_metres(geometries: Any, metric_epsg: int) -> Any:
    """Project WGS84 geometries to the metric system.

    Parameters
    ----------
    geometries : shapely geometry or array of them
        WGS84 degrees; CGCS2000 is taken as equal. None stays None.
    metric_epsg : int
        See `geo.crs.metric_crs`.

    Returns
    -------
    shapely geometry or array of them
        Metres, vertex by vertex: straight lines stay straight between the same vertices. Heights are
        dropped.
    """
    crs = parse_crs(f"EPSG:{metric_epsg}")
    return shapely.transform(geometries, lambda xy: np.column_stack(numbers_in(xy[:, 0], xy[:, 1], crs)))


def in_degrees(geometries: Any, metric_epsg: int) -> Any:
    """Undo `in_metres`.

    Parameters
    ----------
    geometries : shapely geometry or array of them
        Metres of the metric system. None stays None.
    metric_epsg : int
        See `geo.crs.metric_crs`.

    Returns
    -------
    shapely geometry or array of them
        WGS84 degrees. Heights are dropped.
    """
    crs = parse_crs(f"EPSG:{metric_epsg}")
    return shapely.transform(geometries, lambda xy: np.column_stack(degrees_of(xy[:, 0], xy[:, 1], crs)))


def points_in_metres(lon: Floats, lat: Floats, metric_epsg: int) -> tuple[Floats, Floats]:
    """Project WGS84 points to the metric system.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        WGS84 degrees.
    metric_epsg : int
        See `geo.crs.metric_crs`.

    Returns
    -------
    tuple of numpy.ndarray of float64
        Easting and northing in metres, in the order given.
    """
    return numbers_in(lon, lat, parse_crs(f"EPSG:{metric_epsg}"))


def areas_m2(geometries: Any, metric_epsg: int) -> Floats:
    """Measure WGS84 polygons in the metric system.

    Parameters
    ----------
    geometries : array of shapely polygons
        WGS84 degrees.
    metric_epsg : int
        See `geo.crs.metric_crs`.

    Returns
    -------
    numpy.ndarray of float64
        Square metres in the order given; not a number for None. Empty in, empty out.
    """
    areas: Floats = np.atleast_1d(shapely.area(in_metres(geometries, metric_epsg)))
    return areas
