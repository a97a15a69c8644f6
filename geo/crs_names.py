"""Which coordinate systems are known by which name, and the bare arithmetic between each and WGS84."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pyproj
from numpy.typing import NDArray

from geo.china_shift import (
    SHIFTED_BOX,
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_gcj02,
)
from geo.errors import UnknownCrs

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]

ALLOWED = "EPSG:n (for example EPSG:4326, EPSG:4490, EPSG:4528, EPSG:4549), WGS84, CGCS2000, GCJ02, BD09"
_WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
_EPSG_OF_NAME = {"WGS84": 4326, "CGCS2000": 4490}
_DIGITS_AT_MOST = 8  # the register has numbers of up to six


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate system that numbers may be given in.

    Parameters
    ----------
    name : str
        ``EPSG:n``, ``WGS84``, ``CGCS2000``, ``GCJ02`` or ``BD09``.
    kind : {"degrees", "metres", "gcj02", "bd09"}
        Degrees and metres mean geographic and projected systems of the EPSG register.
    epsg : int or None
        The register's number; None for the two shifted systems.
    area : tuple of float
        Area of use in degrees: west, south, east, north. West exceeds east across the date line.
    """

    name: str
    kind: Literal["degrees", "metres", "gcj02", "bd09"]
    epsg: int | None
    area: Box

    @property
    def is_projected(self) -> bool:
        """Whether numbers are metres (or another length), not degrees."""
        return self.kind == "metres"


def parse_crs(name: str) -> Crs:
    """Read the name of a coordinate system.

    Parameters
    ----------
    name : str
        ``EPSG:n``, ``WGS84``, ``CGCS2000``, ``GCJ02`` or ``BD09``; case and blanks around do not count,
        and ``GCJ-02``, ``BD-09`` and ``WGS-84`` are read too.

    Returns
    -------
    Crs
        Axes are always longitude or easting first, whatever the register says.

    Raises
    ------
    UnknownCrs
        Another name, a number the EPSG register does not have, or one that is no two-dimensional
        geographic or projected system.
    """
    word = name.strip().upper()
    plain = word.replace("-", "")
    if plain in ("GCJ02", "BD09"):
        return Crs(plain, "gcj02" if plain == "GCJ02" else "bd09", None, SHIFTED_BOX)
    if plain in _EPSG_OF_NAME:
        return _registered(plain, _EPSG_OF_NAME[plain])
    digits = word.removeprefix("EPSG:").strip()
    if not word.startswith("EPSG:") or not (digits.isascii() and digits.isdigit()):
        raise UnknownCrs(
            "unknown_crs", 'The coordinate system "{name}" is not known; allowed are {allowed}.',
            name=name, allowed=ALLOWED,
        )  # fmt: skip
    return _registered(f"EPSG:{int(digits[:_DIGITS_AT_MOST])}", int(digits[:_DIGITS_AT_MOST]))


def degrees_of(x: Floats, y: Floats, crs: Crs) -> tuple[Floats, Floats]:
    """Convert to WGS84 without asking whether the numbers make sense; see `geo.crs.to_wgs84`.

    Parameters
    ----------
    x, y : numpy.ndarray of float
        Longitude or easting, latitude or northing.
    crs : Crs
        What the numbers are in.

    Returns
    -------
    tuple of numpy.ndarray
        WGS84 longitude and latitude; infinite where the projection has no answer.
    """
    if crs.kind == "gcj02":
        return gcj02_to_wgs84(x, y)
    if crs.kind == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    if crs.epsg is None or crs.epsg in _EPSG_OF_NAME.values():
        return x, y
    lon, lat = _to_degrees(crs.epsg).transform(x, y)
    return np.asarray(lon, float), np.asarray(lat, float)


def numbers_in(lon: Floats, lat: Floats, crs: Crs) -> tuple[Floats, Floats]:
    """Convert from WGS84; see `geo.crs.from_wgs84`.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        WGS84 degrees.
    crs : Crs
        What is wanted.

    Returns
    -------
    tuple of numpy.ndarray
        Longitude or easting first.
    """
    if crs.kind == "gcj02":
        return wgs84_to_gcj02(lon, lat)
    if crs.kind == "bd09":
        return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    if crs.epsg is None or crs.epsg in _EPSG_OF_NAME.values():
        return lon, lat
    x, y = _from_degrees(crs.epsg).transform(lon, lat)
    return np.asarray(x, float), np.asarray(y, float)


def metric_crs(lon: float, lat: float | None = None) -> int:
    """Choose the system in which metres around a place are true.

    Parameters
    ----------
    lon, lat : float
        WGS84 degrees of the middle of the district. Without a latitude the place is taken to be in China
        if its longitude is (73.5 to 135 degrees), and north of the equator.

    Returns
    -------
    int
        EPSG number: in and around China (latitude 15 to 54) the 3-degree Gauss-Krüger zone of CGCS2000
        without zone number (4534 to 4554; a longitude midway belongs to the eastern zone), elsewhere the
        UTM zone of WGS84. The scale error within 1.5 degrees of the middle is below 0.04 %.
    """
    in_china = 73.5 <= lon < 135.0 and (lat is None or 15.0 <= lat <= 54.0)
    if in_china:
        return 4534 + int((lon + 1.5) // 3) - 25
    zone = min(int((lon + 180.0) // 6), 59) + 1
    return (32700 if lat is not None and lat < 0 else 32600) + zone


def likely_crs(lon: float, lat: float) -> tuple[Crs, ...]:
    """List the systems in which data of a place usually come.

    Parameters
    ----------
    lon, lat : float
        WGS84 degrees of the middle of the district.

    Returns
    -------
    tuple of Crs
        WGS84, web Mercator, the UTM zone and, in China, the Gauss-Krüger zones of 3 and 6 degrees with
        and without zone number. The shifted systems are left out: their numbers cannot be told from WGS84.
    """
    south = 32700 if lat < 0 else 32600
    codes = [4326, 3857, south + min(int((lon + 180.0) // 6), 59) + 1]
    narrow = metric_crs(lon, lat)
    if narrow < 32600:
        wide = int(lon // 6) - 12
        codes += [narrow - 21, narrow, 4491 + wide, 4502 + wide]
    return tuple(parse_crs(f"EPSG:{code}") for code in codes)


@lru_cache(maxsize=256)
def _registered(name: str, epsg: int) -> Crs:
    try:
        found = pyproj.CRS.from_epsg(epsg)
    except pyproj.exceptions.CRSError as error:
        raise UnknownCrs(
            "unknown_epsg", "The EPSG register has no coordinate system {epsg}; allowed are {allowed}.",
            epsg=epsg, allowed=ALLOWED,
        ) from error  # fmt: skip
    if len(found.axis_info) != 2 or not (found.is_geographic or found.is_projected):
        raise UnknownCrs(
            "not_a_map_crs", "EPSG:{epsg} ({title}) has no two axes on a map; allowed are {allowed}.",
            epsg=epsg, title=found.name, allowed=ALLOWED,
        )  # fmt: skip
    area = _WORLD if epsg == 4326 or found.area_of_use is None else found.area_of_use.bounds
    return Crs(name, "metres" if found.is_projected else "degrees", epsg, area)


def _geodetic(epsg: int) -> int:
    """Give the WGS84 to aim at: CGCS2000 is taken as equal, so its projections only unroll."""
    ground = pyproj.CRS.from_epsg(epsg).geodetic_crs
    return 4490 if ground is not None and ground.to_epsg() == 4490 else 4326


@lru_cache(maxsize=256)
def _to_degrees(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(epsg, _geodetic(epsg), always_xy=True)


@lru_cache(maxsize=256)
def _from_degrees(epsg: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(_geodetic(epsg), epsg, always_xy=True)
