"""Layers from files of users: checked, read in a process of their own, brought to WGS84, faults by row."""

import dataclasses
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas
import pyogrio
import shapely

from geo.crs import Crs, check_numbers, fits, parse_crs
from geo.crs_names import degrees_of
from geo.errors import FalseCrs, GeoError, HostileFile, InvalidGeometry, UnknownCrs, UnreadableFile
from geo.file_kinds import kind_of
from geo.raw_layer import Kind, RawLayer, ReadingLimits, layer_of

POLYGONS = frozenset({"Polygon", "MultiPolygon"})
POINTS = frozenset({"Point"})
ANY_SHAPE = POLYGONS | POINTS | {"MultiPoint", "LineString", "MultiLineString"}

_ROOT = Path(__file__).resolve().parent.parent
_TAKEN_DRIVERS = ("GPKG", "ESRI Shapefile", "LIBKML")
_START = "import sys; sys.path.insert(0, sys.argv[1]); from geo.reading_child import main; main(sys.argv[2])"
_TIMES_UP = (-signal.SIGXCPU, -signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that is left out of the frame, and why.

    Parameters
    ----------
    row : int
        Position in the file, from 1.
    code, template : str
        Stable code, and the English sentence as message id; it has the place ``{found}``.
    found : str
        What was found.
    """

    row: int
    code: str
    template: str
    found: str


@dataclass(frozen=True, slots=True, eq=False)
class LayerRead:
    """A layer from a file.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        WGS84 (EPSG:4326), two-dimensional, all columns of the file; the index ``row`` is the position in
        the file, from 1.
    driver, layer, encoding : str
        What it was read as.
    crs : Crs
        What its coordinates were taken as.
    file_crs : str or None
        What the file itself declares.
    count : int
        Rows in the file: those of the frame and the faults together.
    faults : tuple of RowFault
        Rows without a usable geometry, in the order of the file.
    """

    frame: geopandas.GeoDataFrame
    driver: str
    layer: str
    encoding: str
    crs: Crs
    file_crs: str | None
    count: int
    faults: tuple[RowFault, ...]


def read_layer(
    path: Path | str,
    *,
    layer: str | None = None,
    crs: str | None = None,
    shapes: frozenset[str] = ANY_SHAPE,
    is_place_optional: bool = False,
    limits: ReadingLimits | None = None,
) -> LayerRead:
    """Read one layer of a GeoPackage, GeoJSON, zipped Shapefile or KML file.

    Parameters
    ----------
    path : Path or str
        The file. Its name does not count; what it is, its first bytes say.
    layer : str, optional
        Needed where the file holds several.
    crs : str, optional
        What the coordinates are in (see `geo.crs.parse_crs`). Goes before what the file declares: GCJ-02
        and BD-09 always come in files that say something else.
    shapes : frozenset of str, default ANY_SHAPE
        Geometry types that are taken; `POLYGONS` for zones, `POINTS` for places.
    is_place_optional : bool, default False
        Keep rows without any geometry, as None; else they are faults.
    limits : ReadingLimits, optional
        How much the file may ask for.

    Returns
    -------
    LayerRead
        Rows in the order of the file. Rows with a missing, empty, unreadable, not finite or unwanted
        geometry are faults, never dropped in silence. A layer without rows gives an empty frame.

    Raises
    ------
    UnreadableFile
        Missing, damaged, too large, or of a kind that is not taken.
    HostileFile
        It links elsewhere, unpacks to too much, holds views, or takes too long to read.
    UnclearLayer
        Several layers and no name, or none of the name given.
    UnknownCrs
        Neither file nor caller names a coordinate system that is known.
    FalseCrs
        Coordinates do not fit the system; the first row is named.
    """
    bounds = limits or ReadingLimits()
    raw = _read_apart(Path(path), layer, bounds)
    system = _system(raw.crs, crs)
    geometries, faults = _sorted_out(raw, shapes, is_place_optional=is_place_optional)
    good = np.array([row for row in range(len(raw.shapes)) if row not in faults], int)
    kept = geometries[good]
    if int(shapely.get_num_coordinates(kept).sum()) > bounds.vertices:
        raise UnreadableFile(
            "too_many_vertices", "The outlines have more than {allowed} corners.", allowed=bounds.vertices
        )
    frame = geopandas.GeoDataFrame(
        {_free(name): [values[row] for row in good] for name, values in raw.columns.items()},
        geometry=_in_wgs84(kept, good + 1, system),
        crs="EPSG:4326",
        index=pandas.Index(good + 1, name="row"),
    )
    named = tuple(faults[row] for row in sorted(faults))
    return LayerRead(frame, raw.driver, raw.layer, raw.encoding, system, raw.crs, len(raw.shapes), named)


def _read_apart(path: Path, layer: str | None, limits: ReadingLimits) -> RawLayer:
    """Copy the file into an empty folder and have it read there by a process that can do little else."""
    if not path.is_file():
        raise UnreadableFile("file_missing", 'There is no file "{name}".', name=path.name)
    if path.stat().st_size > limits.file_bytes:
        raise UnreadableFile(
            "file_too_large", "The file has {size} bytes; {allowed} are allowed.",
            size=path.stat().st_size, allowed=limits.file_bytes,
        )  # fmt: skip
    kind = kind_of(path)
    with tempfile.TemporaryDirectory(prefix="layer-") as folder:
        shutil.copyfile(path, Path(folder) / f"upload.{kind}")
        _run(Path(folder), kind, layer, limits)
        result = Path(folder) / "result.json"
        record = json.loads(result.read_text(encoding="utf-8"))
    if "error" in record:
        raise _error_of(record["error"])
    return layer_of(record)


def _run(folder: Path, kind: Kind, layer: str | None, limits: ReadingLimits) -> None:
    job = {"kind": kind, "file": f"upload.{kind}", "layer": layer, "limits": dataclasses.asdict(limits)}
    command = [sys.executable, "-I", "-B", "-c", _START, str(_ROOT), json.dumps(job)]
    try:
        done = subprocess.run(
            command, cwd=folder, env=_environment(folder), timeout=limits.wall_seconds, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _too_slow(limits) from error
    if done.returncode in _TIMES_UP:
        raise _too_slow(limits)
    if done.returncode != 0:
        raise UnreadableFile("reading_failed", "The file is damaged, or asks for more than is allowed.")


def _too_slow(limits: ReadingLimits) -> HostileFile:
    return HostileFile(
        "reading_too_slow", "Reading the file took longer than {seconds} seconds.", seconds=limits.wall_seconds
    )


def _environment(folder: Path) -> dict[str, str]:
    """Give the reading process nothing of this one's environment, and GDAL no way out."""
    unwanted = _unwanted_drivers()
    return {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OGR_SKIP": unwanted,
        "GDAL_SKIP": unwanted,
        "GDAL_DRIVER_PATH": "disable",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
        "CPL_TMPDIR": str(folder),
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "PROJ_NETWORK": "OFF",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
    }


@lru_cache(maxsize=1)
def _unwanted_drivers() -> str:
    return ",".join(sorted(set(pyogrio.list_drivers()) - set(_TAKEN_DRIVERS)))


def _error_of(record: dict[str, Any]) -> GeoError:
    known = {cls.__name__: cls for cls in GeoError.__subclasses__()}
    return known.get(record["class"], UnreadableFile)(record["code"], record["template"], **record["params"])


def _system(in_file: str | None, declared: str | None) -> Crs:
    if declared is None and in_file is None:
        raise UnknownCrs("crs_missing", "The file does not say which coordinate system it is in; declare it.")
    return parse_crs(declared or in_file or "")


def _sorted_out(raw: RawLayer, shapes: frozenset[str], *, is_place_optional: bool) -> tuple[Any, dict[int, RowFault]]:
    geometries = shapely.force_2d(shapely.from_wkb(np.array(raw.shapes, object), on_invalid="ignore"))
    faults: dict[int, RowFault] = {}
    for row, geometry in enumerate(geometries):
        is_nowhere = is_place_optional and geometry is None and row not in raw.faults
        error = None if is_nowhere else _fault(raw, row, geometry, shapes)
        if error:
            faults[row] = RowFault(row + 1, error.code, error.template, str(error.params["found"]))
    return geometries, faults


def _fault(raw: RawLayer, row: int, geometry: Any, shapes: frozenset[str]) -> InvalidGeometry | None:
    if row in raw.faults:
        return InvalidGeometry("unreadable_geometry", "The geometry cannot be read: {found}.", found=raw.faults[row])
    if geometry is None:
        return InvalidGeometry("missing_geometry", "The row has no geometry.", found="")
    if geometry.is_empty:
        return InvalidGeometry("empty_geometry", "The geometry is empty.", found="")
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return InvalidGeometry("not_finite", "The geometry has coordinates that are not numbers.", found="")
    if geometry.geom_type not in shapes:
        return InvalidGeometry(
            "unwanted_geometry", "The geometry is a {found}, which is not taken here.", found=geometry.geom_type
        )
    return None


def _in_wgs84(geometries: Any, rows: Any, crs: Crs) -> Any:
    _check_rows(geometries, rows, crs)
    return shapely.transform(geometries, lambda xy: np.column_stack(degrees_of(xy[:, 0], xy[:, 1], crs)))


def _check_rows(geometries: Any, rows: Any, crs: Crs) -> None:
    """Refuse coordinates that do not fit, naming the row of the file and not the corner."""
    xy, owner = shapely.get_coordinates(geometries, return_index=True)
    bad = ~fits(xy[:, 0], xy[:, 1], crs)
    if not bad.any():
        return
    _, firsts = np.unique(owner[bad], return_index=True)
    chosen = np.flatnonzero(bad)[firsts]
    try:
        check_numbers(xy[chosen, 0], xy[chosen, 1], crs)
    except FalseCrs as error:
        row, total = int(rows[owner[chosen[0]]]), len(geometries)
        raise FalseCrs(error.code, error.template, **{**error.params, "row": row, "total": total}) from error


def _free(name: str) -> str:
    return f"{name}_" if name == "geometry" else name
