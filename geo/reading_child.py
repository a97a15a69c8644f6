"""The process in which files from users are opened: limited, without network, thrown away afterwards.

Started by `geo.reading` only; it writes ``result.json`` into its own empty folder and nothing else.
"""

import json
import resource
from pathlib import Path

from geo.errors import GeoError, HostileFile
from geo.geojson import read_geojson
from geo.raw_layer import Kind, RawLayer, ReadingLimits, write_layer

RESULT = "result.json"


def main(job: str) -> None:
    """Read the one file that the job names and write what came of it.

    Parameters
    ----------
    job : str
        JSON with ``kind``, ``file``, ``layer`` and ``limits``.
    """
    order = json.loads(job)
    limits = ReadingLimits(**order["limits"])
    limit_self(limits)
    target = Path(RESULT)
    try:
        write_layer(read_raw(Path(order["file"]), order["kind"], limits, layer=order["layer"]), target)
    except MemoryError:
        refusal = HostileFile("too_much_memory", "Reading the file needs more memory than is allowed.")
        target.write_text(json.dumps({"error": _record(refusal)}), encoding="utf-8")
    except GeoError as error:
        target.write_text(json.dumps({"error": _record(error)}), encoding="utf-8")


def read_raw(path: Path, kind: Kind, limits: ReadingLimits, *, layer: str | None) -> RawLayer:
    """Read a file of a kind that is already known from its first bytes.

    Parameters
    ----------
    path : Path
        A copy in a folder that may be written to.
    kind : {"gpkg", "zip", "kml", "geojson"}
        What the first bytes say.
    limits : ReadingLimits
        How much it may ask for.
    layer : str, optional
        Which of several layers; GeoJSON has none.

    Returns
    -------
    RawLayer
        Rows in the order of the file.

    Raises
    ------
    GeoError
        See the readers of `geo.geojson` and `geo.gdal_layers`.
    """
    if kind == "geojson":
        return read_geojson(path, limits)
    # The drivers are loaded only now: plain GeoJSON never comes near them.
    from geo import gdal_layers

    gdal_layers.check_drivers()
    readers = {
        "gpkg": gdal_layers.read_geopackage,
        "kml": gdal_layers.read_kml,
        "zip": gdal_layers.read_shapefile,
    }
    return readers[kind](path, limits, layer=layer)


def limit_self(limits: ReadingLimits) -> None:
    """Give up, for good, what reading a file does not need.

    Parameters
    ----------
    limits : ReadingLimits
        Memory, processor time, file sizes and open files.
    """
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.result_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _record(error: GeoError) -> dict[str, object]:
    return {
        "class": type(error).__name__,
        "code": error.code,
        "template": error.template,
        "params": error.params,
    }
