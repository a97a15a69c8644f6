"""Layers and points out: GeoJSON and GeoPackage whose bytes depend on their content alone."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import geopandas as gpd
import pyogrio
import shapely

from dashboard.exporters.columns import Column
from governance.errors import InvalidInput

LayerFormat = Literal["geojson", "gpkg"]

DIGITS: Final = 7
_WGS84: Final = "EPSG:4326"
_DRIVERS: Final = {"geojson": "GeoJSON", "gpkg": "GPKG"}
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "geojson": {"RFC7946": "YES", "COORDINATE_PRECISION": DIGITS, "WRITE_NAME": "NO"},
    "gpkg": {"IDENTIFIER": "", "FID": "fid"},
}
_TIMESTAMP: Final = "2000-01-01T00:00:00.000Z"


def points_frame(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> gpd.GeoDataFrame:
    """Return records as points: one row each, in their order, columns named by field.

    Parameters
    ----------
    columns : sequence of Column
        Two of them are the fields ``x`` and ``y``: longitude and latitude in WGS84, which become
        the geometry. Records without them keep a null geometry; nothing is dropped.
    rows : iterable of sequences
        Raw values in the order of the columns.

    Returns
    -------
    GeoDataFrame
        EPSG:4326; text, numbers and ISO dates as `Column.show` gives them.
    """
    kept = [(place, column) for place, column in enumerate(columns) if column.field not in ("x", "y")]
    x, y = (next(i for i, column in enumerate(columns) if column.field == name) for name in ("x", "y"))
    held = list(rows)
    data = {column.field: [_attribute(column.show(row[place])) for row in held] for place, column in kept}
    points = [None if row[x] is None or row[y] is None else shapely.Point(row[x], row[y]) for row in held]
    return gpd.GeoDataFrame(data, geometry=gpd.GeoSeries(points, crs=_WGS84), crs=_WGS84)


def write_layer(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    format: LayerFormat,  # noqa: A002 - the word of the command line
    layer: str,
) -> int:
    """Write a layer, in the order of its rows.

    Parameters
    ----------
    frame : GeoDataFrame
        Any CRS; written as WGS84. Null geometries stay null.
    path : Path
        Replaced when the whole file is written.
    format : {"geojson", "gpkg"}
        GeoJSON as RFC 7946 says (outer rings counterclockwise) with 7 decimals, about 1 cm;
        GeoPackage with full precision. Both carry no date of their making.
    layer : str
        Name of the layer in a GeoPackage.

    Returns
    -------
    int
        Features written.

    Raises
    ------
    InvalidInput
        ``layer_without_crs`` for a frame whose CRS nobody knows.
    """
    if frame.crs is None:
        raise InvalidInput("layer_without_crs", "The layer {layer} has no CRS; name one.", layer=layer)
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    part.unlink(missing_ok=True)
    try:
        with _fixed_time():
            pyogrio.write_dataframe(
                frame.to_crs(_WGS84), part, driver=_DRIVERS[format], layer=layer, layer_options=_OPTIONS[format]
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return len(frame)


def write_points(
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    path: Path,
    *,
    format: LayerFormat,  # noqa: A002 - the word of the command line
    layer: str,
) -> int:
    """Write records as points; see `points_frame` and `write_layer`."""
    return write_layer(points_frame(columns, rows), path, format=format, layer=layer)


def _attribute(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@contextmanager
def _fixed_time() -> Iterator[None]:
    """Keep the time of day out of the file."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _TIMESTAMP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
