"""A layer laid over existing zones: what it adds, removes and changes, matched by code."""

from typing import Any, Final

import geopandas
import shapely

from geo.editing_grid import joined, on_grid
from geo.editing_measures import change_of
from geo.errors import InvalidZones
from geo.metric import in_metres

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
COLUMNS: Final = ("code", "kind", "added_m2", "removed_m2", "hausdorff_m", "geometry")


def diff_layer(
    existing: geopandas.GeoDataFrame,
    incoming: geopandas.GeoDataFrame,
    *,
    metric_epsg: int,
    code_field: str = "code",
) -> geopandas.GeoDataFrame:
    """Compare a layer with the zones that there are.

    Parameters
    ----------
    existing, incoming : geopandas.GeoDataFrame
        WGS84, valid polygons; one zone per row.
    metric_epsg : int
        Metric system of the district, for the distance.
    code_field : str, default "code"
        Column with the zone's code, in both.

    Returns
    -------
    geopandas.GeoDataFrame
        WGS84; one row for each zone that differs, in the order of the codes; equal ones are left out. Columns:
        ``code`` (str), ``kind`` ("added", "removed" or "changed"), ``added_m2`` and ``removed_m2`` (square metres, see
        `geo.editing_measures.area_m2`), ``hausdorff_m`` (the farthest that a corner of one border lies from the
        other, metres; not a number where there is only one) and ``geometry`` (the ground gained or lost). Empty
        where nothing differs on the storage grid.

    Raises
    ------
    InvalidZones
        A code is given twice in one of the layers, or an outline is missing.
    """
    old, new = _by_code(existing, code_field), _by_code(incoming, code_field)
    rows = [_row(code, old.get(code), new.get(code), metric_epsg) for code in sorted({*old, *new})]
    found = [row for row in rows if row["added_m2"] or row["removed_m2"]]
    return geopandas.GeoDataFrame(found, columns=list(COLUMNS), geometry="geometry", crs="EPSG:4326")


def _row(code: str, old: Any, new: Any, metric_epsg: int) -> dict[str, Any]:
    change = change_of(old, new)
    kind = ADDED if old is None else REMOVED if new is None else CHANGED
    return {
        "code": code,
        "kind": kind,
        "added_m2": change.added_m2,
        "removed_m2": change.removed_m2,
        "hausdorff_m": _apart_m(old, new, metric_epsg) if kind == CHANGED else float("nan"),
        "geometry": joined([change.added, change.removed]),
    }


def _apart_m(old: Any, new: Any, metric_epsg: int) -> float:
    borders = [shapely.boundary(in_metres(shape, metric_epsg)) for shape in (old, new)]
    return float(shapely.hausdorff_distance(*borders))


def _by_code(frame: geopandas.GeoDataFrame, code_field: str) -> dict[str, Any]:
    zones: dict[str, Any] = {}
    for code, shape in zip(frame[code_field].astype(str), frame.geometry, strict=True):
        if code in zones:
            raise InvalidZones(
                "layer_code_repeats", "The zone code {zone} is given more than once in the layer; codes are unique.",
                zone=code,
            )  # fmt: skip
        if shape is None or shape.is_empty:
            raise InvalidZones("layer_without_outline", "Zone {zone} of the layer has no outline.", zone=code)
        zones[code] = on_grid(shape)
    return zones
