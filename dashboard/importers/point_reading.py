"""Points as tables: the features of GeoJSON and GeoPackage files, as the exports write them."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from dashboard.importers.refusals import Cell
from geo.reading import POINTS, read_layer
from governance.errors import InvalidInput

_GEOPACKAGE: Final = b"SQLite format 3\x00"


def is_layer(path: Path) -> bool:
    """Whether a file is GeoJSON or a GeoPackage, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(256)
    return head.startswith(_GEOPACKAGE) or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read_points(path: Path, *, layer: str | None = None) -> list[list[Cell]]:
    """Rows of a layer of points, the first one naming the attributes and ``x`` and ``y`` in WGS84.

    Parameters
    ----------
    path : Path
        Read in a child process with limits, as all layers.
    layer : str, optional
        Which of several layers.

    Returns
    -------
    list of rows
        In the order of the file; a feature without a place keeps blank coordinates.

    Raises
    ------
    InvalidInput
        A feature that is no point; names its row.
    GeoError
        The file as a whole cannot be taken.
    """
    read = read_layer(path, layer=layer, shapes=POINTS, is_place_optional=True)
    for fault in read.faults:
        raise InvalidInput(
            "feature_no_point",
            "Row {row} of {name} is no point: {found}; a ledger's features are points.",
            row=fault.row,
            name=path.name,
            found=fault.found or fault.code,
        )
    names = [str(name) for name in read.frame.columns if name != read.frame.geometry.name]
    columns = [read.frame[name].tolist() for name in names]
    places = [(None, None) if point is None else (point.x, point.y) for point in read.frame.geometry]
    rows = [[*(_cell(value) for value in values), *place] for *values, place in zip(*columns, places, strict=True)]
    return [[*names, "x", "y"], *rows]


def _cell(value: Any) -> Cell:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    return value if isinstance(value, str | bool | int | float) else str(value)
