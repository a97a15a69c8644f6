"""A file of outlines as zones of one kind: its fields recognised, its outlines checked, its faults by row."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from dashboard.importers.refusals import Refusal, RowError, shown_cell
from dashboard.importers.values import is_blank
from dashboard.importers.words import normal_word, words_of
from geo.crs import Crs, metric_crs
from geo.errors import InvalidOutline
from geo.outlines import repair_outline
from geo.reading import POLYGONS, LayerRead, read_layer
from governance.errors import InvalidInput
from governance.vocabulary import ZoneKind

LONGEST_CODE: Final = 32
_FIELDS_FILE: Final = Path(__file__).with_name("layer_fields.toml")


@dataclass(frozen=True, kw_only=True)
class ZoneRow:
    """One zone as a file states it.

    Attributes
    ----------
    row
        Position in the file, from 1.
    code
        None where the file has no codes: the zone is then known by its name.
    geometry
        Valid, two-dimensional, WGS84.
    is_approximate, source
        None where the file does not say.
    is_repaired
        Whether the outline was mended (by less than 0.1 % of its area).
    """

    row: int
    code: str | None
    name: str
    name_en: str | None
    geometry: BaseGeometry
    is_approximate: bool | None
    source: str | None
    is_repaired: bool


@dataclass(frozen=True, kw_only=True)
class LayerFile:
    """What a file holds of one kind of zone.

    Attributes
    ----------
    crs
        What its coordinates were taken as.
    rows, errors
        Every row of the kind is in exactly one of them.
    other_kinds
        Rows that the file itself says to be of another kind; they are left out.
    """

    kind: ZoneKind
    crs: Crs
    rows: tuple[ZoneRow, ...]
    errors: tuple[RowError, ...]
    other_kinds: int

    @property
    def read(self) -> int:
        """Rows of the kind, taken or refused."""
        return len(self.rows) + len({error.row for error in self.errors})


def read_layer_file(
    path: Path,
    kind: ZoneKind,
    *,
    layer: str | None = None,
    crs: str | None = None,
    code_field: str | None = None,
    name_field: str | None = None,
    metric_epsg: int | None = None,
) -> LayerFile:
    """Read zones of one kind from a GeoPackage, GeoJSON, zipped Shapefile or KML.

    Parameters
    ----------
    path : Path
    kind : ZoneKind
        If the file has a field of kinds, rows of other kinds are left out and counted.
    layer : str, optional
        Which of several layers.
    crs : str, optional
        Goes before what the file declares; see `geo.crs.parse_crs`.
    code_field, name_field : str, optional
        Without them fields are recognised by ``layer_fields.toml``.
    metric_epsg : int, optional
        The district's metric system; without one that of the middle of the layer.

    Raises
    ------
    InvalidInput
        A named field does not exist, or there is neither a code nor a name; the fields found are named.
    GeoError
        As `geo.reading.read_layer`.
    """
    read = read_layer(path, layer=layer, crs=crs, shapes=POLYGONS)
    columns = _columns(read.frame, code_field=code_field, name_field=name_field)
    frame, other_kinds = _of_kind(read.frame, columns.get("kind"), kind)
    epsg = metric_epsg or _middle_epsg(frame)
    errors = [_fault(read, index) for index in range(len(read.faults))]
    rows: list[ZoneRow] = []
    first_rows: dict[str, int] = {}
    for number, record in zip(frame.index, frame.to_dict("records"), strict=True):
        try:
            rows.append(_zone_row(int(number), record, columns, epsg, first_rows))
        except InvalidOutline as error:
            errors.append(RowError(int(number), "geometry", "", error.code, error.template, error.params))
        except Refusal as refusal:
            field = "code" if "code" in columns else "name"
            errors.append(RowError.of(refusal, row=int(number), name=field, value=_text(record.get(columns[field]))))
    errors.sort(key=lambda error: error.row)
    return LayerFile(kind=kind, crs=read.crs, rows=tuple(rows), errors=tuple(errors), other_kinds=other_kinds)


def _zone_row(
    number: int, record: Mapping[Any, Any], columns: Mapping[str, str], epsg: int, first_rows: dict[str, int]
) -> ZoneRow:
    code = _text(record[columns["code"]]) if "code" in columns else None
    name = _text(record[columns["name"]]) if "name" in columns else None
    known_by = code if "code" in columns else name
    if not known_by:
        raise Refusal("zone_unnamed", "The row has neither a code nor a name by which the zone is known.")
    if code and len(code) > LONGEST_CODE:
        raise Refusal(
            "zone_code_long",
            "The code {code} has {length} characters; at most {most} are allowed.",
            code=code, length=len(code), most=LONGEST_CODE,
        )  # fmt: skip
    first = first_rows.setdefault(known_by, number)
    if first != number:
        raise Refusal(
            "zone_twice", "{zone} stands in row {first} already; each zone is one row.", zone=known_by, first=first
        )
    geometry, repair = repair_outline(record["geometry"], epsg, row=number, zone=known_by)
    return ZoneRow(
        row=number,
        code=code,
        name=name or known_by,
        name_en=_text(record[columns["name_en"]]) if "name_en" in columns else None,
        geometry=geometry,
        is_approximate=_truth(record[columns["approximate"]]) if "approximate" in columns else None,
        source=_text(record[columns["source"]]) if "source" in columns else None,
        is_repaired=repair is not None,
    )


def _columns(frame: gpd.GeoDataFrame, *, code_field: str | None, name_field: str | None) -> dict[str, str]:
    """Which attribute holds which field; named ones first."""
    present = [str(name) for name in frame.columns if name != frame.geometry.name]
    found: dict[str, str] = {}
    for field, wanted in (("code", code_field), ("name", name_field)):
        if wanted is None:
            continue
        if wanted not in present:
            raise _no_field(wanted, present)
        found[field] = wanted
    by_word = {normal_word(name): name for name in reversed(present)}
    for field, words in _field_words().items():
        known = next((by_word[word] for word in words if word in by_word), None)
        if field not in found and known is not None:
            found[field] = known
    if not {"code", "name"} & found.keys():
        raise InvalidInput(
            "layer_fields_unknown",
            "None of the layer's fields is known as a code or a name; name one of: {fields}",
            fields=present or "-",
        )
    return found


def _no_field(wanted: str, present: list[str]) -> InvalidInput:
    return InvalidInput(
        "layer_field_missing",
        "The layer has no field {field}; its fields are: {fields}",
        field=wanted,
        fields=present or "-",
    )


def _of_kind(frame: gpd.GeoDataFrame, column: str | None, kind: ZoneKind) -> tuple[gpd.GeoDataFrame, int]:
    """Rows of the kind, if the file tells kinds in our words; else all."""
    if column is None:
        return frame, 0
    told = frame[column].map(lambda value: str(value) in set(ZoneKind))
    if not told.all():
        return frame, 0
    mine = frame[frame[column].map(str) == kind.value]
    return mine, len(frame) - len(mine)


def _middle_epsg(frame: gpd.GeoDataFrame) -> int:
    if frame.empty:
        return metric_crs(0.0, 0.0)
    west, south, east, north = frame.total_bounds
    return metric_crs(float(west + east) / 2, float(south + north) / 2)


def _fault(read: LayerRead, index: int) -> RowError:
    fault = read.faults[index]
    return RowError(fault.row, "geometry", fault.found, fault.code, fault.template, {"found": fault.found})


def _text(value: Any) -> str | None:
    """An attribute as text: whole numbers without ``.0``, None for nothing."""
    if value is None or pd.isna(value) or is_blank(value):
        return None
    return shown_cell(value.item() if hasattr(value, "item") else value).strip() or None


def _truth(value: Any) -> bool | None:
    text = _text(value)
    return words_of("yes_no").get(normal_word(text)) == "yes" if text is not None else None


@lru_cache(maxsize=1)
def _field_words() -> Mapping[str, tuple[str, ...]]:
    tables = tomllib.loads(_FIELDS_FILE.read_text(encoding="utf-8"))
    return {field: tuple(normal_word(word) for word in words) for field, words in tables.items()}
