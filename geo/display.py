"""Geometry for the screen: simplified, rounded and aggregated; what is stored never is."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas
import numpy as np
import pandas
import shapely

from geo.codec import NO_CELL, cell_centre, parent_cell
from geo.errors import InvalidPoints
from geo.metric import in_degrees, in_metres

DECIMALS = 5  # about one metre


def simplify_outlines(frame: geopandas.GeoDataFrame, metric_epsg: int, *, tolerance_m: float) -> geopandas.GeoDataFrame:
    """Simplify outlines so that neighbours still share their borders.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        WGS84 polygons. Townships with noded borders stay without gaps and overlaps; zones that overlap are
        simplified one by one.
    metric_epsg : int
        Metric system of the district.
    tolerance_m : float
        Corners are dropped whose triangle with their neighbours is smaller than the square of this.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows and columns; no outline vanishes. Empty in, empty out.
    """
    outlines = in_metres(frame.geometry.to_numpy(), metric_epsg)
    if shapely.coverage_is_valid(outlines):
        simple = shapely.coverage_simplify(outlines, tolerance_m)
    else:
        simple = np.array([shapely.coverage_simplify([one], tolerance_m)[0] for one in outlines], object)
    geometry = geopandas.GeoSeries(in_degrees(simple, metric_epsg), index=frame.index, crs=frame.crs)
    return frame.set_geometry(geometry)


def to_geojson(
    frame: geopandas.GeoDataFrame, columns: Sequence[str] = (), *, decimals: int = DECIMALS
) -> dict[str, Any]:
    """Make a FeatureCollection for the map.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        WGS84.
    columns : sequence of str
        The columns that become properties; nothing else leaves the frame.
    decimals : int, default 5
        Digits after the point of the coordinates; 5 is about one metre. Rounding does not promise a valid
        outline: for drawing only.

    Returns
    -------
    dict
        Plain JSON values, features in the order of the rows; a missing or empty geometry is null, a value
        that is not a number is null, dates are ISO text.

    Raises
    ------
    KeyError
        A column is not in the frame.
    """
    rows = zip(frame.geometry, *(frame[name] for name in columns), strict=True)
    features = [
        {
            "type": "Feature",
            "properties": {name: _plain(value) for name, value in zip(columns, values, strict=True)},
            "geometry": _rounded(geometry, decimals),
        }
        for geometry, *values in rows
    ]
    return {"type": "FeatureCollection", "features": features}


def to_geojson_text(frame: geopandas.GeoDataFrame, columns: Sequence[str] = (), *, decimals: int = DECIMALS) -> str:
    """Make the same as `to_geojson` as compact text: the same frame gives the same text.

    Parameters
    ----------
    frame, columns, decimals
        See `to_geojson`.

    Returns
    -------
    str
        JSON without blanks; Chinese is kept as it is.

    Raises
    ------
    KeyError
        A column is not in the frame.
    """
    return json.dumps(
        to_geojson(frame, columns, decimals=decimals), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def heat_points(cells: Iterable[int], weights: Iterable[float], *, resolution: int) -> list[list[float]]:
    """Add up weights by coarser cells for the heat layer.

    Parameters
    ----------
    cells : iterable of int
        H3 cells as stored; `geo.codec.NO_CELL` (-1) is left out, having no place.
    weights : iterable of float
        One per cell.
    resolution : int
        H3 resolution of the sums, at most that of the cells.

    Returns
    -------
    list of [lat, lon, weight]
        Centres in WGS84 degrees, latitude first as the map wants it; one per cell, in the order of the
        cell numbers. Empty in, empty out.

    Raises
    ------
    InvalidPoints
        There are more cells than weights, or the other way round.
    InvalidGeometry
        A number is no H3 cell, or the resolution is finer than a cell's.
    """
    numbers, sizes = list(cells), list(weights)
    if len(numbers) != len(sizes):
        raise InvalidPoints(
            "unequal_weights", "There are {cells} cells and {weights} weights; each cell needs one.",
            cells=len(numbers), weights=len(sizes),
        )  # fmt: skip
    by_cell: defaultdict[int, float] = defaultdict(float)
    for cell, weight in zip(numbers, sizes, strict=True):
        by_cell[int(cell)] += float(weight)
    sums: defaultdict[int, float] = defaultdict(float)
    for cell, weight in by_cell.items():
        if cell != NO_CELL:
            sums[parent_cell(cell, resolution)] += weight
    return [[lat, lon, sums[cell]] for cell in sorted(sums) for lon, lat in [cell_centre(cell)]]


def _rounded(geometry: Any, decimals: int) -> dict[str, Any] | None:
    if geometry is None or geometry.is_empty:
        return None
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, decimals))
    shape: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return shape


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if pandas.api.types.is_scalar(value) and pandas.isna(value):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
