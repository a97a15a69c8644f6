"""GeoJSON (RFC 7946, and the older crs member where it is a plain name) without any driver."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from geo.errors import HostileFile, UnreadableFile
from geo.raw_layer import RawLayer, ReadingLimits

_CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{3,6})", re.IGNORECASE)
_CRS84 = re.compile(r"(?:urn:ogc:def:crs:)?OGC:(?:[\d.]*:)?CRS84", re.IGNORECASE)
_TITLE = 80
_BARE = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")


def read_geojson(path: Path, limits: ReadingLimits) -> RawLayer:
    """Read a FeatureCollection, a single Feature or a bare geometry.

    Parameters
    ----------
    path : Path
        UTF-8 text, with or without a byte order mark.
    limits : ReadingLimits
        How many features are taken.

    Returns
    -------
    RawLayer
        Rows in the order of the file; a geometry that breaks the format is a fault of its row. Without a
        ``crs`` member the coordinates are WGS84.

    Raises
    ------
    UnreadableFile
        No JSON, not UTF-8, no GeoJSON, or more features than allowed.
    HostileFile
        The ``crs`` member is a link, or anything else than a name.
    """
    document = _parsed(path)
    features = _features(document)
    if len(features) > limits.features:
        raise UnreadableFile("too_many_features", "The layer has more than {allowed} rows.", allowed=limits.features)
    shapes: list[bytes | None] = []
    faults: dict[int, str] = {}
    for row, feature in enumerate(features):
        try:
            shapes.append(_wkb(feature.get("geometry")))
        except (ValueError, TypeError, LookupError, AttributeError, shapely.errors.ShapelyError) as error:
            shapes.append(None)
            faults[row] = str(error) or type(error).__name__
    return RawLayer("GeoJSON", "", _crs(document), "UTF-8", shapes, _columns(features), faults)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            "not_json", "The file is no readable JSON in UTF-8: {reason}.", reason=str(error)
        ) from error
    if not isinstance(document, dict):
        raise UnreadableFile("not_geojson", "The file is JSON but no GeoJSON.")
    return document


def _features(document: dict[str, Any]) -> list[dict[str, Any]]:
    kind = document.get("type")
    if kind in _BARE:
        return [{"geometry": document}]
    features = [document] if kind == "Feature" else document.get("features")
    if kind not in ("Feature", "FeatureCollection") or not isinstance(features, list):
        raise UnreadableFile("not_geojson", "The file is JSON but no GeoJSON.")
    if not all(isinstance(feature, dict) for feature in features):
        raise UnreadableFile("not_geojson", "The file is JSON but no GeoJSON.")
    return features


def _crs(document: dict[str, Any]) -> str:
    if document.get("crs") is None:
        return "WGS84"
    crs = document["crs"]
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or crs.get("type") != "name":
        raise HostileFile(
            "crs_not_a_name", "The file gives its coordinate system by something else than a name; links are refused."
        )  # fmt: skip
    if _CRS84.fullmatch(name):
        return "WGS84"
    found = _CRS_NAME.fullmatch(name)
    return f"EPSG:{found.group(1)}" if found else name[:_TITLE]


def _wkb(geometry: Any) -> bytes | None:
    if geometry is None:
        return None
    built = shape(geometry)
    if not np.isfinite(shapely.get_coordinates(built)).all():
        raise ValueError("its coordinates are not finite numbers")
    return bytes(shapely.to_wkb(shapely.force_2d(built)))


def _columns(features: list[dict[str, Any]]) -> dict[str, list[Any]]:
    rows = [feature.get("properties") or {} for feature in features]
    names = dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row)
    return {name: [_plain(row.get(name)) for row in rows] for name in names}


def _plain(value: Any) -> Any:
    """Keep simple values; nested ones become their JSON text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
