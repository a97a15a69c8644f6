"""The district, its zones with dated outlines, villages, industries and their standards."""

from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from db import records
from db.repositories.territory import current_outline, standards_on
from db.tables.people import Unit
from db.tables.territory import District, Industry, IndustryStandard, Outline, Village, Zone
from db.unit_of_work import UnitOfWork, unit_of_work
from geo.codec import to_wkb
from geo.crs_names import metric_crs
from geo.metric import areas_m2
from governance.permissions import Actor, Right, require
from governance.vocabulary import ZoneKind


def found_district(engine: Engine, *, actor: Actor, now: Any, code: str, name: str, **details: Any) -> District:
    """Set up the one district of an empty database.

    Parameters
    ----------
    engine : Engine
    actor : Actor
        The operator of the command that does it.
    now : datetime
        Aware.
    code, name : str
    **details
        Other columns of `District`, for example ``time_zone`` or ``is_demo``.

    Returns
    -------
    District
    """
    district = District(code=code, name=name, **details)
    with unit_of_work(engine, actor=actor, now=now, founding=district) as work:
        require(work.actor, Right.EDIT_ZONES)
        records.create(work, district, code="founded")
    return district


def add_zone(work: UnitOfWork, *, code: str, kind: ZoneKind, name: str, name_en: str | None = None) -> Zone:
    """Add a zone; it has no outline yet."""
    require(work.actor, Right.EDIT_ZONES)
    return records.create(work, Zone(code=code, kind=kind, name=name, name_en=name_en))


def set_outline(
    work: UnitOfWork,
    zone: Zone,
    geometry: BaseGeometry,
    *,
    valid_from: date | None = None,
    is_approximate: bool = False,
    source: str | None = None,
) -> Outline:
    """Give a zone an outline from a local day on; the one before it ends on that day.

    Parameters
    ----------
    work : UnitOfWork
    zone : Zone
    geometry : shapely polygon
        Valid, WGS84. The first outline of a database decides the metric system of the district.
    valid_from : date, optional
        Today without it.
    is_approximate : bool
        Shown with the outline wherever it appears.
    source : str, optional

    Returns
    -------
    Outline
        Area in m² in the district's metric system.
    """
    require(work.actor, Right.EDIT_ZONES)
    begins = valid_from or work.today
    before = current_outline(work.session, zone.key)
    if before is not None:
        records.change(work, before, {"valid_to": max(begins, before.valid_from)}, code="outline_ended")
    row = Outline(
        zone_id=zone.key,
        geometry=to_wkb(geometry),
        area_m2=round(float(areas_m2([geometry], metric_epsg_of(work, geometry))[0]), 1),
        is_approximate=is_approximate,
        source=source,
        valid_from=begins,
        recorded_at=work.now,
    )
    return records.create(work, row, code="outline_begun")


def metric_epsg_of(work: UnitOfWork, geometry: BaseGeometry) -> int:
    """The district's metric system; decided here by the first outline that it is given."""
    if work.district.metric_epsg is None:
        centre = geometry.centroid
        district = records.get(work.session, District, work.district.key)
        records.change(work, district, {"metric_epsg": metric_crs(centre.x, centre.y)}, code="metric_system_chosen")
        work.district = district
    if work.district.metric_epsg is None:
        raise RuntimeError("a district with outlines has a metric system")
    return work.district.metric_epsg


def add_village(work: UnitOfWork, *, code: str, name: str, township: Zone, **details: Any) -> Village:
    """Add a village of a township; ``details``: ``name_en``, ``lon``, ``lat``, ``source``."""
    require(work.actor, Right.EDIT_ZONES)
    return records.create(work, Village(code=code, name=name, township_id=township.key, **details))


def add_industry(work: UnitOfWork, *, code: str, name: str, **details: Any) -> Industry:
    """Add an industry; ``details``: ``name_en``, ``gbt4754`` (codes of GB/T 4754-2017, by blanks)."""
    require(work.actor, Right.EDIT_ZONES)
    return records.create(work, Industry(code=code, name=name, **details))


def set_standard(
    work: UnitOfWork, industry: Industry, department: Unit, *, text: str, valid_from: date
) -> IndustryStandard:
    """Name the department that answers for an industry and its rectification standard from a local day on."""
    require(work.actor, Right.EDIT_ZONES)
    before = standards_on(work.session, valid_from).get(industry.key)
    if before is not None:
        records.change(work, before[0], {"valid_to": valid_from}, code="standard_ended")
    row = IndustryStandard(
        industry_id=industry.key,
        department_id=department.key,
        text=text,
        valid_from=valid_from,
        recorded_at=work.now,
    )
    return records.create(work, row, code="standard_set")
