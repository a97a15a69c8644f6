"""What crosses the border between the reading process and this one: plain values, never objects."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Kind = Literal["gpkg", "zip", "kml", "geojson"]


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much a file may ask for; what asks for more is refused.

    Parameters
    ----------
    file_bytes, unpacked_bytes : int
        Size of the file, and of what a zip unpacks to.
    zip_entries, zip_ratio : int
        Entries of a zip, and how many times smaller than unpacked it may be.
    features, vertices : int
        Rows of the layer and corners of all outlines together.
    memory_bytes, result_bytes : int
        Address space of the reading process, and size of any file it writes.
    open_files : int
        Files the reading process may hold open.
    cpu_seconds : int
        Processor time of the reading process.
    wall_seconds : float
        Time after which it is ended.
    """

    file_bytes: int = 100 * 2**20
    unpacked_bytes: int = 200 * 2**20
    zip_entries: int = 64
    zip_ratio: int = 100
    features: int = 200_000
    vertices: int = 5_000_000
    memory_bytes: int = 4 * 2**30
    result_bytes: int = 512 * 2**20
    open_files: int = 128
    cpu_seconds: int = 60
    wall_seconds: float = 90.0


@dataclass(frozen=True, slots=True)
class RawLayer:
    """A layer as it stands in the file.

    Parameters
    ----------
    driver : str
        ``GeoPackage``, ``GeoJSON``, ``Shapefile`` or ``KML``.
    layer : str
        Its name in the file; empty for GeoJSON.
    crs : str or None
        As the file declares it, as a name that `geo.crs.parse_crs` takes; None if it declares none.
    encoding : str
        How its text was encoded.
    shapes : list of bytes or None
        WKB in the file's own coordinates, one per row.
    columns : dict of str to list
        Attributes, one value per row: text, numbers, true or false, None; dates as ISO text.
    faults : dict of int to str
        Rows, from 0, whose geometry could not be read at all, and why.
    """

    driver: str
    layer: str
    crs: str | None
    encoding: str
    shapes: list[bytes | None]
    columns: dict[str, list[Any]]
    faults: dict[int, str] = field(default_factory=dict)


def write_layer(layer: RawLayer, path: Path) -> None:
    """Write a layer as JSON; geometry in base64.

    Parameters
    ----------
    layer : RawLayer
        What was read.
    path : Path
        Where to; an existing file is replaced.
    """
    shapes = [None if shape is None else base64.b64encode(shape).decode() for shape in layer.shapes]
    record = {
        "driver": layer.driver,
        "layer": layer.layer,
        "crs": layer.crs,
        "encoding": layer.encoding,
        "shapes": shapes,
        "columns": layer.columns,
        "faults": list(layer.faults.items()),
    }
    path.write_text(json.dumps(record), encoding="utf-8")


def layer_of(record: dict[str, Any]) -> RawLayer:
    """Take a layer from what `write_layer` wrote.

    Parameters
    ----------
    record : dict
        The parsed JSON.

    Returns
    -------
    RawLayer
        Equal to what was written.
    """
    shapes = [None if shape is None else base64.b64decode(shape) for shape in record["shapes"]]
    faults = {int(row): str(reason) for row, reason in record["faults"]}
    return RawLayer(
        record["driver"], record["layer"], record["crs"], record["encoding"], shapes, record["columns"], faults
    )
