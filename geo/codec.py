"""Geometry as it is stored: two-dimensional WKB in WGS84, and the integer H3 cell of a point."""

from typing import Any

import h3.api.basic_int as h3
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import InvalidGeometry, InvalidPoints

CELL_RESOLUTION = 9
NO_CELL = -1
_LONGEST_NAME, _DIGITS, _DIGIT_BITS, _RESOLUTION_SHIFT = 16, 15, 3, 52  # of an H3 index


def to_wkb(geometry: Any) -> bytes:
    """Encode a geometry for storing.

    Parameters
    ----------
    geometry : shapely geometry
        WGS84 longitude and latitude in degrees; heights and measures are dropped.

    Returns
    -------
    bytes
        Little-endian WKB without SRID. The same coordinates in the same order give the same bytes.

    Raises
    ------
    InvalidGeometry
        ``geometry`` is None or not a shapely geometry.
    """
    if not isinstance(geometry, shapely.Geometry):
        raise InvalidGeometry(
            "not_a_geometry",
            "A {given} was given; a shapely geometry is needed.",
            given=type(geometry).__name__,
        )
    flat = shapely.force_2d(geometry)
    return bytes(shapely.to_wkb(flat, byte_order=1, output_dimension=2, include_srid=False))


def from_wkb(data: bytes) -> Any:
    """Decode stored bytes.

    Parameters
    ----------
    data : bytes
        WKB as written by `to_wkb`; other byte orders and heights are read too, heights dropped.

    Returns
    -------
    shapely geometry
        In the CRS it was stored in (WGS84).

    Raises
    ------
    InvalidGeometry
        The bytes are no WKB.
    """
    try:
        geometry = shapely.from_wkb(data)
    except (shapely.errors.GEOSException, TypeError) as error:
        raise InvalidGeometry(
            "damaged_wkb", "The stored bytes are no geometry: {reason}.", reason=str(error)
        ) from error
    return shapely.force_2d(geometry)


def cell_of(lon: float, lat: float) -> int:
    """Give the H3 cell of a point at resolution 9 (about 0.1 km²).

    Parameters
    ----------
    lon, lat : float
        WGS84 degrees.

    Returns
    -------
    int
        Positive, fits a signed 64-bit column.

    Raises
    ------
    InvalidPoints
        A number is not finite, or the latitude is outside ±90 or the longitude outside ±180.
    """
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise InvalidPoints(
            "not_a_place",
            "The point ({lon}, {lat}) is no place: longitude goes from -180 to 180, latitude from -90 to 90.",
            lon=lon,
            lat=lat,
        )
    return int(h3.latlng_to_cell(lat, lon, CELL_RESOLUTION))


def cells_of(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
    """Give the cells of many points; see `cell_of`.

    Parameters
    ----------
    lon, lat : array_like of float
        WGS84 degrees, of equal length.

    Returns
    -------
    numpy.ndarray of int64
        In the order of the points; `NO_CELL` (-1) where a number is missing, infinite or out of range.
        Empty in, empty out.

    Raises
    ------
    InvalidPoints
        The two arrays differ in length.
    """
    lons, lats = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
    if lons.shape != lats.shape:
        raise InvalidPoints(
            "unequal_coordinates",
            "There are {lons} longitudes and {lats} latitudes; each point needs both.",
            lons=lons.size,
            lats=lats.size,
        )
    cells = np.full(lons.size, NO_CELL, np.int64)
    good = (np.abs(lons) <= 180) & (np.abs(lats) <= 90)
    pairs = zip(lats[good].tolist(), lons[good].tolist(), strict=True)
    cells[good] = [h3.latlng_to_cell(y, x, CELL_RESOLUTION) for y, x in pairs]
    return cells


def cell_centre(cell: int) -> tuple[float, float]:
    """Give the centre of a cell of any resolution.

    Parameters
    ----------
    cell : int
        H3 index.

    Returns
    -------
    tuple of float
        Longitude and latitude in WGS84 degrees.

    Raises
    ------
    InvalidGeometry
        The number is no H3 cell.
    """
    lat, lon = h3.cell_to_latlng(_valid(cell))
    return float(lon), float(lat)


def parent_cell(cell: int, resolution: int) -> int:
    """Give the coarser cell that a cell belongs to.

    Parameters
    ----------
    cell : int
        H3 index.
    resolution : int
        From 0 (continents) to the cell's own resolution, which gives the cell itself.

    Returns
    -------
    int
        H3 index of the parent.

    Raises
    ------
    InvalidGeometry
        The number is no H3 cell, or the resolution is finer than the cell's.
    """
    own = h3.get_resolution(_valid(cell))
    if not 0 <= resolution <= own:
        raise InvalidGeometry(
            "resolution_out_of_range",
            "Resolution {resolution} is not between 0 and the cell's own, {own}.",
            resolution=resolution,
            own=own,
        )
    return int(h3.cell_to_parent(cell, resolution))


def cell_name(cell: int) -> str:
    """Name of a cell in addresses: its index as 15 hexadecimal digits.

    Raises
    ------
    InvalidGeometry
        The number is no H3 cell.
    """
    return str(h3.int_to_str(_valid(cell)))


def named_cell(name: str) -> int:
    """Cell of a name.

    Raises
    ------
    InvalidGeometry
        It is no H3 cell's, or the cell is smaller than those that are stored.
    """
    try:
        cell = int(name, 16) if len(name) <= _LONGEST_NAME else 0
    except ValueError:
        cell = 0
    is_cell = 0 < cell < 2**63 and h3.is_valid_cell(cell)
    if not is_cell or h3.get_resolution(cell) > CELL_RESOLUTION:
        raise InvalidGeometry("no_cell_name", "{name} is no name of an H3 cell of the resolutions 0 to 9.", name=name)
    return cell


def cell_span(cell: int) -> tuple[int, int]:
    """First and last index that a stored cell within a coarser cell can have.

    Every cell of resolution 9 between the two, both included, lies within ``cell``: an index holds its ancestors
    in its upper bits.

    Raises
    ------
    InvalidGeometry
        The number is no H3 cell, or the cell is smaller than those that are stored.
    """
    own = h3.get_resolution(_valid(cell))
    if own > CELL_RESOLUTION:
        raise InvalidGeometry(
            "cell_too_small", "The cell {cell} is smaller than those of resolution {most}.", cell=cell,
            most=CELL_RESOLUTION,
        )  # fmt: skip
    free = sum(0b111 << (_DIGIT_BITS * (_DIGITS - place)) for place in range(own + 1, CELL_RESOLUTION + 1))
    stem = (cell & ~(0b1111 << _RESOLUTION_SHIFT)) | (CELL_RESOLUTION << _RESOLUTION_SHIFT)
    return stem & ~free, stem | free


def coarse_cell(cell: int, resolution: int) -> int:
    """Give the coarser cell that a stored cell belongs to, by its bits alone: for sums over very many cells.

    Parameters
    ----------
    cell : int
        H3 index, not looked at: what is no cell gives a number that is none either.
    resolution : int
        From 0 to the cell's own resolution.

    Returns
    -------
    int
        The same as `parent_cell` for a cell.

    Notes
    -----
    An H3 index holds its resolution in bits 52 to 55, and three bits for each of 15 finer and finer digits, the finest
    in the lowest bits; digits that are not used are all ones (H3 documentation, "H3Index Bit Layout").
    """
    return cell & ~(0xF << 52) | resolution << 52 | (1 << 3 * (15 - resolution)) - 1


def _valid(cell: int) -> int:
    if not (0 < cell < 2**63 and h3.is_valid_cell(int(cell))):
        raise InvalidGeometry("not_a_cell", "The number {cell} is no H3 cell.", cell=cell)
    return int(cell)
