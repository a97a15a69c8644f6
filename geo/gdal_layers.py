"""The three formats that need a driver, opened only inside the reading process."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import defusedxml
import defusedxml.ElementTree
import numpy as np
import pyogrio
import pyproj

from geo.errors import HostileFile, UnclearLayer, UnreadableFile
from geo.raw_layer import RawLayer, ReadingLimits
from geo.shapefile_zip import unpack_shapefile

DRIVERS = ("GPKG", "ESRI Shapefile", "LIBKML")
# Columns that the KML driver makes up for how a place is drawn; they are no attributes.
_KML_DRAWING = (
    "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder",
    "icon", "snippet",
)  # fmt: skip
_CHINESE = ("GBK", "GB2312", "GB18030", "CP936", "936", "ANSI 936", "EUC-CN")
_TITLE = 80
_IDENTIFYING = 60  # per cent of confidence at which a definition counts as a registered system


def check_drivers() -> None:
    """Refuse to go on if this process has drivers that nobody asked for.

    Raises
    ------
    RuntimeError
        The environment of the process did not switch them off.
    """
    loaded = set(pyogrio.list_drivers()) - set(DRIVERS)
    if loaded:
        raise RuntimeError(f"drivers that are not wanted are loaded: {sorted(loaded)[:5]}")


def read_geopackage(path: Path, limits: ReadingLimits, *, layer: str | None) -> RawLayer:
    """Read one layer of a GeoPackage.

    Parameters
    ----------
    path : Path
        A copy in the folder of the reading process.
    limits : ReadingLimits
        How many features are taken.
    layer : str, optional
        Needed if there are several layers with geometry.

    Returns
    -------
    RawLayer
        Rows in the order of the file.

    Raises
    ------
    HostileFile
        It holds views, or virtual tables other than the spatial index.
    UnclearLayer
        Several layers and no name, or none of the name given.
    UnreadableFile
        Damaged, without layers, or too many features.
    """
    _check_tables(path)
    return _read(path, limits, driver="GeoPackage", layer=_chosen(path, layer), encoding=None)


def read_kml(path: Path, limits: ReadingLimits, *, layer: str | None) -> RawLayer:
    """Read one folder of a KML; always WGS84.

    Parameters
    ----------
    path : Path
        A copy in the folder of the reading process.
    limits : ReadingLimits
        How many features are taken.
    layer : str, optional
        Needed if there are several folders or documents with places.

    Returns
    -------
    RawLayer
        Rows in the order of the file; how a place is drawn is left out.

    Raises
    ------
    HostileFile
        It declares entities or links to other files.
    UnclearLayer
        Several layers and no name, or none of the name given.
    UnreadableFile
        No KML, damaged, or too many features.
    """
    _check_xml(path)
    raw = _read(path, limits, driver="KML", layer=_chosen(path, layer), encoding=None)
    columns = {name: values for name, values in raw.columns.items() if name not in _KML_DRAWING}
    return RawLayer("KML", raw.layer, "WGS84", raw.encoding, raw.shapes, columns)


def read_shapefile(path: Path, limits: ReadingLimits, *, layer: str | None) -> RawLayer:
    """Read one Shapefile of a zip.

    Parameters
    ----------
    path : Path
        The zip, a copy in the folder of the reading process; unpacked beside it.
    limits : ReadingLimits
        What may be unpacked, and how many features are taken.
    layer : str, optional
        Needed if the zip holds several.

    Returns
    -------
    RawLayer
        Rows in the order of the file. Text is read as the ``.cpg`` says, else, or if it is not that, as
        UTF-8, else as GB 18030, else as Latin-1.

    Raises
    ------
    HostileFile, UnreadableFile, UnclearLayer
        See `geo.shapefile_zip.unpack_shapefile`.
    """
    name, declared = unpack_shapefile(path, path.parent, limits, layer=layer)
    shp = path.parent / "layer.shp"
    raw = _decoded(shp, limits, _encodings(declared))
    return RawLayer(raw.driver, name, raw.crs, raw.encoding, raw.shapes, raw.columns)


def _decoded(shp: Path, limits: ReadingLimits, encodings: list[str]) -> RawLayer:
    """Read with the first encoding that the text is in; the last one, Latin-1, takes any bytes."""
    try:
        return _read(shp, limits, driver="Shapefile", layer="layer", encoding=encodings[0])
    except UnicodeDecodeError:
        return _decoded(shp, limits, encodings[1:])


def _encodings(declared: str) -> list[str]:
    plain = ["UTF-8", "GB18030", "ISO-8859-1"]
    if declared.upper() in _CHINESE:
        return ["GB18030", "ISO-8859-1"]
    return ["ISO-8859-1"] if declared.upper() in ("ISO-8859-1", "88591", "LATIN1") else plain


def _check_tables(path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
            rows = connection.execute("select type, name, coalesce(sql, '') from sqlite_master").fetchall()
    except sqlite3.DatabaseError as error:
        raise UnreadableFile("damaged_gpkg", "The GeoPackage is damaged: {reason}.", reason=str(error)) from error
    for kind, name, sql in rows:
        words = " ".join(str(sql).lower().split())
        is_foreign = words.startswith("create virtual table") and " using rtree" not in words
        if kind == "view" or is_foreign:
            raise HostileFile(
                "gpkg_view", 'The GeoPackage holds "{name}", a view or virtual table; only plain tables are taken.',
                name=str(name)[:80],
            )  # fmt: skip


def _check_xml(path: Path) -> None:
    try:
        events = defusedxml.ElementTree.iterparse(path, events=("start", "end"), forbid_dtd=True)
        root = next(events)[1].tag
        links = any(_local(element.tag) == "NetworkLink" for _, element in events)
    except defusedxml.DefusedXmlException as error:
        raise HostileFile("kml_entities", "The KML declares a document type or entities; both are refused.") from error
    except (defusedxml.ElementTree.ParseError, ValueError) as error:
        raise UnreadableFile("damaged_xml", "The XML is damaged: {reason}.", reason=str(error)) from error
    if _local(root) != "kml":
        raise UnreadableFile("not_kml", "The file is XML, but {root} and no KML.", root=_local(root)[:40])
    if links:
        raise HostileFile("kml_link", "The KML links to another file (NetworkLink); links are refused.")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _chosen(path: Path, layer: str | None) -> str:
    """Choose the one layer with geometry, or the one named."""
    try:
        listed = pyogrio.list_layers(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise UnreadableFile("damaged_file", "The file is damaged: {reason}.", reason=_reason(error, path)) from error
    names = [str(name) for name, kind in listed if kind is not None]
    if not names:
        raise UnreadableFile("no_layer", "The file holds no layer with geometry.")
    if layer in names:
        return str(layer)
    if layer is not None or len(names) > 1:
        raise UnclearLayer(
            "which_layer", "The file holds these layers: {layers}. Name one of them.", layers=", ".join(names)
        )
    return names[0]


def _read(path: Path, limits: ReadingLimits, *, driver: str, layer: str, encoding: str | None) -> RawLayer:
    try:
        meta, _, shapes, values = pyogrio.raw.read(
            path, layer=layer, encoding=encoding, max_features=limits.features + 1, datetime_as_string=True
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise UnreadableFile("damaged_file", "The file is damaged: {reason}.", reason=_reason(error, path)) from error
    if len(shapes) > limits.features:
        raise UnreadableFile("too_many_features", "The layer has more than {allowed} rows.", allowed=limits.features)
    columns = {str(name): _plain(column) for name, column in zip(meta["fields"], values, strict=True)}
    return RawLayer(driver, layer, _crs_name(meta["crs"]), encoding or "UTF-8", list(shapes), columns)


def _reason(error: Exception, path: Path) -> str:
    return str(error).replace(str(path), path.name)[:200]


def _crs_name(crs: str | None) -> str | None:
    """Give ``EPSG:n`` where the definition is a registered system, else the title it goes by."""
    if not crs or crs.startswith("EPSG:"):
        return crs or None
    try:
        found = pyproj.CRS.from_wkt(crs)
    except pyproj.exceptions.CRSError:
        return crs[:_TITLE]
    if found.name.lower().startswith("undefined"):
        return None
    epsg = found.to_epsg(min_confidence=_IDENTIFYING)
    return f"EPSG:{epsg}" if epsg else found.name[:_TITLE]


def _plain(column: Any) -> list[Any]:
    """Turn an array into JSON values: bytes as hexadecimal text, what is not a number as None."""
    if np.issubdtype(column.dtype, np.floating):
        return [None if not np.isfinite(value) else float(value) for value in column]
    return [value.hex() if isinstance(value, bytes) else value for value in column.tolist()]
