"""What importing a layer would change: its zones matched with those of today, checked against the district."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from dashboard.importers.refusals import Refusal, RowError
from dashboard.services.layer_files import LONGEST_CODE, LayerFile, ZoneRow
from db.repositories.territory import ZoneOutline, district_outline, zones_on
from db.tables.territory import District, Zone
from geo.crs import check_near, metric_crs
from geo.crs_names import numbers_in
from geo.errors import FalseCrs
from geo.metric import in_metres
from geo.outlines import Coverage, coverage, union_outline
from governance.errors import InvalidInput
from governance.vocabulary import KEY_ZONE_KINDS, ZoneKind

FAR_KM: Final = 50.0
"""Farther from the district than this no outline of it lies: its coordinate system is then taken for false."""

ROUNDING_DEG: Final = 1.1e-7
"""Coordinates that differ by less were rounded: seven decimals are what layers are exchanged with."""

ROUNDING_M: Final = 0.02


class ZoneChange(StrEnum):
    """What importing does to a zone."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True)
class PlannedZone:
    """One row of the file beside the zone that it is about; ``is_moved`` if its outline differs."""

    row: ZoneRow
    code: str
    zone: Zone | None
    before: ZoneOutline | None
    change: ZoneChange
    is_moved: bool


@dataclass(frozen=True, kw_only=True)
class LayerPlan:
    """What importing a file would do.

    Attributes
    ----------
    zones
        In the order of the file; one for each row that is not refused.
    errors
        Why rows are refused; with any of them nothing is imported.
    coverage
        Gaps and overlaps of the townships as they would be.
    has_district_outline
        Whether gaps were measured against an outline of the district; else against the townships' union.
    """

    file: LayerFile
    zones: tuple[PlannedZone, ...]
    errors: tuple[RowError, ...]
    coverage: Coverage
    has_district_outline: bool

    def count(self, change: ZoneChange) -> int:
        """How many zones the import would treat so."""
        return sum(planned.change == change for planned in self.zones)

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return len({error.row for error in self.errors})


def plan_layers(session: Session, file: LayerFile, *, district: District, day: date) -> LayerPlan:
    """Match the zones of a file with those of a day.

    Parameters
    ----------
    session : Session
        Only read.
    file : LayerFile
    district : District
    day : date
        Local day whose outlines count.

    Returns
    -------
    LayerPlan
        Matched by code within the kind, or by name where the file has no codes. An outline is changed if it
        differs by more than the rounding of coordinates, or is marked otherwise as approximate.

    Raises
    ------
    FalseCrs
        Outlines lie more than 50 km from the district if taken as declared.
    InvalidInput
        ``one_district``: several outlines are given for the one district.
    """
    if file.kind == ZoneKind.DISTRICT and len(file.rows) > 1:
        raise InvalidInput(
            "one_district",
            "The file holds {n} outlines; a database has one district, so one is needed",
            n=len(file.rows),
        )
    outlines = {item.zone.key: item for item in zones_on(session, day, kinds=frozenset(ZoneKind))}
    epsg = district.metric_epsg or _epsg_of([row.geometry for row in file.rows])
    ground = _ground(session, day, outlines.values())
    if ground is not None:
        _check_near(file, ground)
    too_far = _too_far(file, ground, margin_m=district.sea_margin_m, epsg=epsg)
    errors = [*file.errors, *too_far.values()]
    near = [row for row in file.rows if row.row not in too_far]
    planned = _matched(session, file, near, outlines, errors, epsg)
    after = _townships_after(outlines.values(), planned, file.kind)
    own = _district_after(outlines.values(), planned, file.kind)
    return LayerPlan(
        file=file,
        zones=tuple(planned),
        errors=tuple(sorted(errors, key=lambda error: error.row)),
        coverage=coverage(after, epsg, district=own if len(after) else None),
        has_district_outline=own is not None,
    )


def _matched(
    session: Session,
    file: LayerFile,
    rows: Sequence[ZoneRow],
    outlines: dict[int, ZoneOutline],
    errors: list[RowError],
    epsg: int,
) -> list[PlannedZone]:
    """Rows with their zones; a name that several zones share is refused."""
    existing = list(session.exec(select(Zone).where(Zone.kind == file.kind).order_by(col(Zone.code))))
    planned: list[PlannedZone] = []
    for row in rows:
        found = _candidates(existing, row, file.kind)
        if len(found) > 1:
            refusal = Refusal("zone_name_shared", "Several zones are called {name}; give their codes.", name=row.name)
            errors.append(RowError.of(refusal, row=row.row, name="name", value=row.name))
            continue
        zone = found[0] if found else None
        planned.append(_planned(row, zone, outlines.get(zone.key) if zone else None, epsg))
    return planned


def _candidates(existing: Sequence[Zone], row: ZoneRow, kind: ZoneKind) -> list[Zone]:
    if kind == ZoneKind.DISTRICT:
        return list(existing)
    if row.code is not None:
        return [zone for zone in existing if zone.code == row.code]
    return [zone for zone in existing if zone.name == row.name]


def _planned(row: ZoneRow, zone: Zone | None, before: ZoneOutline | None, epsg: int) -> PlannedZone:
    is_moved = before is None or not is_same_outline(before.geometry, row.geometry, epsg)
    change = ZoneChange.NEW
    if zone is not None:
        is_same = not is_moved and before is not None and is_marked_alike(row, before) and is_named_alike(row, zone)
        change = ZoneChange.UNCHANGED if is_same else ZoneChange.CHANGED
    code = zone.code if zone is not None else row.code or _code_from(row.name)
    return PlannedZone(row=row, code=code, zone=zone, before=before, change=change, is_moved=is_moved)


def is_marked_alike(row: ZoneRow, before: ZoneOutline) -> bool:
    """Whether what the file says of accuracy and source stands already; what it does not say is left."""
    same_mark = row.is_approximate is None or row.is_approximate == before.outline.is_approximate
    return same_mark and (row.source is None or row.source == before.outline.source)


def is_named_alike(row: ZoneRow, zone: Zone) -> bool:
    """Whether the zone has the file's names already; a missing English name is left."""
    return row.name == zone.name and (row.name_en is None or row.name_en == zone.name_en)


def is_same_outline(one: BaseGeometry, other: BaseGeometry, metric_epsg: int) -> bool:
    """Whether two WGS84 outlines are the same but for the rounding of their coordinates (seven decimals, 2 cm)."""
    if one.equals_exact(other, 0.0):
        return True
    if _normal(one).equals_exact(_normal(other), ROUNDING_DEG):
        return True
    if shapely.get_num_coordinates(one) != shapely.get_num_coordinates(other):
        return False
    in_m = in_metres(np.array([one, other], object), metric_epsg)
    return bool(shapely.hausdorff_distance(in_m[0], in_m[1]) <= ROUNDING_M)


def _normal(outline: BaseGeometry) -> Any:
    """One form for an outline, whether it was written as one part or as several."""
    return shapely.normalize(shapely.MultiPolygon(list(shapely.get_parts(outline))))


def _code_from(name: str) -> str:
    """A code for a zone that is known by its name only: the name, shortened where it is too long."""
    if len(name) <= LONGEST_CODE:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_CODE - 9]}-{digest}"


def _ground(session: Session, day: date, outlines: Iterable[ZoneOutline]) -> BaseGeometry | None:
    """The district's outline, else the union of its townships, else None."""
    own = district_outline(session, day)
    if own is not None:
        return own.geometry
    townships = [item for item in outlines if item.zone.kind == ZoneKind.TOWNSHIP]
    return union_outline(_frame((item.zone.code, item.geometry) for item in townships)) if townships else None


def _check_near(file: LayerFile, ground: BaseGeometry) -> None:
    """Refuse a layer whose outlines lie far away; the cause is looked for in the numbers of the file."""
    if not file.rows:
        return
    spots = shapely.get_coordinates(shapely.point_on_surface([row.geometry for row in file.rows]))
    lon, lat = spots[:, 0], spots[:, 1]
    source = numbers_in(lon, lat, file.crs)
    west, south, east, north = ground.bounds
    try:
        check_near(lon, lat, (west, south, east, north), margin_km=FAR_KM, crs=file.crs, source=source)
    except FalseCrs as error:
        row = file.rows[int(str(error.params["row"])) - 1].row
        raise FalseCrs(error.code, error.template, **{**error.params, "row": row}) from error


def _too_far(file: LayerFile, ground: BaseGeometry | None, *, margin_m: float, epsg: int) -> dict[int, RowError]:
    """Refuse key zones that reach farther out than zones may lie at sea: row → error."""
    if ground is None or file.kind not in KEY_ZONE_KINDS:
        return {}
    reach = {row.row: _beyond_m(row.geometry, ground, epsg) for row in file.rows}
    return {row.row: _far_out(row, reach[row.row], margin_m) for row in file.rows if reach[row.row] > margin_m}


def _beyond_m(outline: BaseGeometry, ground: BaseGeometry, epsg: int) -> float:
    """Metres between the farthest corner of an outline and the ground; 0 within."""
    zone, land = in_metres(np.array([outline, ground], object), epsg)
    shapely.prepare(land)
    return float(shapely.distance(shapely.points(shapely.get_coordinates(zone)), land).max())


def _far_out(row: ZoneRow, distance_m: float, margin_m: float) -> RowError:
    refusal = Refusal(
        "zone_far_out",
        "{zone} reaches {distance_m} m beyond the district; at most {margin_m} m are allowed.",
        zone=row.name, distance_m=round(distance_m), margin_m=round(margin_m),
    )  # fmt: skip
    return RowError.of(refusal, row=row.row, name="geometry", value=row.name)


def _townships_after(
    outlines: Iterable[ZoneOutline], planned: Sequence[PlannedZone], kind: ZoneKind
) -> gpd.GeoDataFrame:
    after = {item.zone.code: item.geometry for item in outlines if item.zone.kind == ZoneKind.TOWNSHIP}
    if kind == ZoneKind.TOWNSHIP:
        after |= {item.code: item.row.geometry for item in planned}
    return _frame(sorted(after.items()))


def _district_after(
    outlines: Iterable[ZoneOutline], planned: Sequence[PlannedZone], kind: ZoneKind
) -> BaseGeometry | None:
    if kind == ZoneKind.DISTRICT and planned:
        return planned[0].row.geometry
    return next((item.geometry for item in outlines if item.zone.kind == ZoneKind.DISTRICT), None)


def _frame(zones: Iterable[tuple[str, BaseGeometry]]) -> gpd.GeoDataFrame:
    held = list(zones)
    shapes = gpd.GeoSeries([geometry for _, geometry in held], crs="EPSG:4326")
    return gpd.GeoDataFrame({"code": [code for code, _ in held]}, geometry=shapes, crs="EPSG:4326")


def _epsg_of(geometries: Sequence[BaseGeometry]) -> int:
    if not geometries:
        return metric_crs(0.0, 0.0)
    west, south, east, north = shapely.total_bounds(geometries)
    return metric_crs(float(west + east) / 2, float(south + north) / 2)
