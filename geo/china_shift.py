"""The shifted coordinates of Chinese web maps: GCJ-02 and BD-09 against WGS84, for whole arrays.

The formulas are the ones in public use since 2010 (the shift itself was never published officially);
the tests compare them with an independent implementation and with tabulated vectors.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

# The shift is applied inside this box only: west, south, east, north in degrees.
SHIFTED_BOX = (72.004, 0.8293, 137.8347, 55.8271)

_SEMI_MAJOR_M = 6378245.0  # Krasovsky 1940
_ECCENTRICITY_SQ = 0.00669342162296594323
_BAIDU_STEP = np.pi * 3000.0 / 180.0
_ROUNDS = 5  # each round of the inverse gains two digits and more; the first guess is off by 0.01 degrees


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Shift WGS84 to GCJ-02.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        WGS84 degrees.

    Returns
    -------
    tuple of numpy.ndarray
        GCJ-02 longitude and latitude in degrees, in the order of the points; outside `SHIFTED_BOX`
        unchanged.
    """
    west, south, east, north = SHIFTED_BOX
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - 105.0, lat - 35.0
    phi = np.radians(lat)
    flat = 1.0 - _ECCENTRICITY_SQ * np.sin(phi) ** 2
    north_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQ) / (flat * np.sqrt(flat))
    east_m = _SEMI_MAJOR_M / np.sqrt(flat) * np.cos(phi)
    d_lat = np.degrees(_northing_shift(x, y) / north_m)
    # At the poles the radius of the parallel is nought; they are outside the box.
    d_lon = np.degrees(_easting_shift(x, y) / np.where(inside, east_m, 1.0))
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    """Undo `wgs84_to_gcj02` to better than a millimetre (fixed-point iteration).

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        GCJ-02 degrees.

    Returns
    -------
    tuple of numpy.ndarray
        WGS84 longitude and latitude in degrees, in the order of the points. Within one shift (about
        600 m) of the edge of `SHIFTED_BOX` the shift jumps and the answer may be off by it.
    """
    guess_lon, guess_lat = lon, lat
    for _ in range(_ROUNDS):
        shifted_lon, shifted_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - shifted_lon), guess_lat + (lat - shifted_lat)
    return guess_lon, guess_lat


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    """Shift GCJ-02 to BD-09.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        GCJ-02 degrees.

    Returns
    -------
    tuple of numpy.ndarray
        BD-09 longitude and latitude in degrees, in the order of the points.
    """
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_STEP)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_STEP)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    """Undo `gcj02_to_bd09` to better than a millimetre (fixed-point iteration).

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        BD-09 degrees.

    Returns
    -------
    tuple of numpy.ndarray
        GCJ-02 longitude and latitude in degrees, in the order of the points.
    """
    guess_lon, guess_lat = lon, lat
    for _ in range(_ROUNDS):
        shifted_lon, shifted_lat = gcj02_to_bd09(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - shifted_lon), guess_lat + (lat - shifted_lat)
    return guess_lon, guess_lat


def _northing_shift(x: Floats, y: Floats) -> Floats:
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)
    swells = 160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)
    shift: Floats = plane + (_ripples(x) + waves + swells) * 2.0 / 3.0
    return shift


def _easting_shift(x: Floats, y: Floats) -> Floats:
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    waves = 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)
    swells = 150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)
    shift: Floats = plane + (_ripples(x) + waves + swells) * 2.0 / 3.0
    return shift


def _ripples(x: Floats) -> Floats:
    ripples: Floats = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    return ripples
