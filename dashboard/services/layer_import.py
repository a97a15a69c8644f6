"""Layers in: previewed without a write, then stored in one transaction that also relinks what it can affect."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dashboard.importers.refusals import RowError
from dashboard.services.layer_files import LayerFile, read_layer_file
from dashboard.services.layer_plans import (
    LayerPlan,
    PlannedZone,
    ZoneChange,
    is_marked_alike,
    is_named_alike,
    plan_layers,
)
from dashboard.services.progress import Advance, silent
from dashboard.services.relinking import OutlineChange, RelinkReport, relink
from dashboard.services.territory import add_zone, set_outline
from db import records
from db.tables.territory import District, Zone
from db.unit_of_work import UnitOfWork, current_district, reading
from geo.outlines import Coverage
from governance.permissions import Right, require
from governance.vocabulary import ZoneKind


@dataclass(frozen=True, kw_only=True)
class LayerReport:
    """What an import of a layer did, or why it did nothing.

    Attributes
    ----------
    read
        Rows of the kind; the sum of the four counts where the import was stored.
    imported, changed
        Zones made and amended; 0 where nothing was stored.
    errors
        With any of them nothing was stored.
    coverage
        Gaps and overlaps of the townships after the import.
    relink
        What moved; None where nothing was stored.
    """

    read: int
    imported: int
    changed: int
    unchanged: int
    refused: int
    errors: tuple[RowError, ...]
    coverage: Coverage
    has_district_outline: bool
    other_kinds: int
    crs: str
    relink: RelinkReport | None


def preview_layers(engine: Engine, path: Path, kind: ZoneKind, *, day: date, **options: Any) -> LayerPlan:
    """What importing a file would change; nothing is written.

    Parameters
    ----------
    engine : Engine
    path : Path
    kind : ZoneKind
    day : date
        Local day.
    **options
        ``layer``, ``crs``, ``code_field``, ``name_field``; see `dashboard.services.layer_files.read_layer_file`.

    Raises
    ------
    InvalidInput, GeoError
        The file as a whole cannot be taken; single rows are refused in the plan.
    """
    with reading(engine) as session:
        district = current_district(session)
    file = read_layer_file(path, kind, metric_epsg=district.metric_epsg, **options)
    with reading(engine) as session:
        return plan_layers(session, file, district=district, day=day)


def import_layers(work: UnitOfWork, file: LayerFile | LayerPlan, *, advance: Advance = silent) -> LayerReport:
    """Store the zones of a file, all or none, and relink what their outlines can affect.

    Parameters
    ----------
    work : UnitOfWork
    file : LayerFile or LayerPlan
        As read or previewed; it is compared anew with what stands now.
    advance : Advance, optional
        Told of the records that are relinked.

    Returns
    -------
    LayerReport
        Importing the same file again changes nothing: no event is written.

    Raises
    ------
    NotAllowed
    InvalidInput, FalseCrs
        As `dashboard.services.layer_plans.plan_layers`.
    """
    require(work.actor, Right.IMPORT)
    require(work.actor, Right.EDIT_ZONES)
    held = file.file if isinstance(file, LayerPlan) else file
    plan = plan_layers(work.session, held, district=work.district, day=work.today)
    if plan.errors:
        return report_of(plan)
    changes = [change for planned in plan.zones if (change := _store(work, planned, held.kind))]
    linking = [change for change in changes if change.zone.kind != ZoneKind.DISTRICT]
    empty = RelinkReport(candidates=0, relinked=0, moved=())
    return report_of(plan, relink(work, linking, advance=advance) if linking else empty)


def report_of(plan: LayerPlan, relinked: RelinkReport | None = None) -> LayerReport:
    """The report on a plan that was carried out, or refused (without ``relinked``)."""
    return LayerReport(
        read=plan.file.read,
        imported=plan.count(ZoneChange.NEW) if relinked is not None else 0,
        changed=plan.count(ZoneChange.CHANGED) if relinked is not None else 0,
        unchanged=plan.count(ZoneChange.UNCHANGED),
        refused=plan.refused,
        errors=plan.errors,
        coverage=plan.coverage,
        has_district_outline=plan.has_district_outline,
        other_kinds=plan.file.other_kinds,
        crs=plan.file.crs.name,
        relink=relinked,
    )


def _store(work: UnitOfWork, planned: PlannedZone, kind: ZoneKind) -> OutlineChange | None:
    """Write one zone; return how its outline changed, or None if it did not."""
    if planned.change == ZoneChange.UNCHANGED:
        return None
    row = planned.row
    zone = planned.zone
    if zone is None:
        zone = add_zone(work, code=_code(work, planned, kind), kind=kind, name=row.name, name_en=row.name_en)
    if not is_named_alike(row, zone):
        names = {"name": row.name, "name_en": row.name_en or zone.name_en}
        records.change(work, zone, names, code="renamed")
    if kind == ZoneKind.DISTRICT:
        _name_district(work, zone)
    if planned.is_moved or planned.before is None or not is_marked_alike(row, planned.before):
        _set_outline(work, zone, planned)
    if not planned.is_moved:
        return None
    before = planned.before.geometry if planned.before else None
    return OutlineChange(zone=zone, before=before, after=row.geometry)


def _set_outline(work: UnitOfWork, zone: Zone, planned: PlannedZone) -> None:
    row, before = planned.row, planned.before
    kept = before.outline if before is not None else None
    is_approximate = row.is_approximate if row.is_approximate is not None else bool(kept and kept.is_approximate)
    geometry = row.geometry if planned.is_moved or before is None else before.geometry
    source = row.source or (kept.source if kept else None)
    set_outline(work, zone, geometry, is_approximate=is_approximate, source=source)


def _code(work: UnitOfWork, planned: PlannedZone, kind: ZoneKind) -> str:
    return work.district.code if kind == ZoneKind.DISTRICT else planned.code


def _name_district(work: UnitOfWork, zone: Zone) -> None:
    """A district that was founded without a name takes that of its outline."""
    if work.district.name != work.district.code:
        return
    district = records.get(work.session, District, work.district.key)
    records.change(work, district, {"name": zone.name, "name_en": zone.name_en}, code="renamed")
