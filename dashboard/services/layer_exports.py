"""Layers out: the zones of a day with their outlines and leads."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
from sqlmodel import Session, select

from dashboard.exporters.columns import Column, OutCell
from dashboard.exporters.layers import write_layer
from dashboard.exporters.tables import write_table
from dashboard.i18n import label, pgettext
from dashboard.services.exports import Format, Written, digest_of
from db.repositories.people import leads_on
from db.repositories.scopes import zones_within
from db.repositories.territory import ZoneOutline, zones_on
from db.tables.territory import Zone
from governance.permissions import Actor, Right, require
from governance.vocabulary import ZoneKind

FIELDS: Final = ("kind", "code", "name", "name_en", "approximate", "source", "area_km2", "lead")
_WIDTH: Final = 16


def export_layers(
    session: Session,
    actor: Actor,
    path: Path,
    *,
    format: Format,  # noqa: A002 - the word of the command line
    day: date,
    kinds: frozenset[ZoneKind] = frozenset(ZoneKind),
) -> Written:
    """Write the zones of a local day that a person may know, the district's own outline among them.

    Parameters
    ----------
    session : Session
    actor : Actor
    path : Path
        Replaced when the whole file is written.
    format : {"xlsx", "csv", "geojson", "gpkg"}
        A layer in the last two, which imports again kind by kind; a list without outlines in the first two.
    day : date
        Local day whose outlines and leads count.
    kinds : frozenset of ZoneKind

    Returns
    -------
    Written
        Ordered by kind, then code. The same zones give the same bytes.

    Raises
    ------
    NotAllowed
    """
    require(actor, Right.EXPORT)
    order = list(ZoneKind)
    known = set(session.exec(select(Zone.id).where(zones_within(actor, Right.EXPORT))))
    held = [item for item in zones_on(session, day, kinds=kinds) if item.zone.key in known]
    held.sort(key=lambda item: (order.index(item.zone.kind), item.zone.code))
    leads = {number: person.name for number, person in leads_on(session, day).items()}
    rows = [_row(item, leads.get(item.zone.key)) for item in held]
    if format == "xlsx" or format == "csv":
        count = write_table(_columns(), _shown(rows), path, format=format)
    else:
        shapes = gpd.GeoSeries([item.geometry for item in held], crs="EPSG:4326")
        frame = gpd.GeoDataFrame({name: [row[name] for row in rows] for name in FIELDS}, geometry=shapes)
        count = write_layer(frame, path, format=format, layer="zones")
    return Written(written=count, path=path, sha256=digest_of(path))


def _row(item: ZoneOutline, lead: str | None) -> dict[str, Any]:
    return {
        "kind": item.zone.kind.value,
        "code": item.zone.code,
        "name": item.zone.name,
        "name_en": item.zone.name_en,
        "approximate": item.outline.is_approximate,
        "source": item.outline.source,
        "area_km2": round(item.outline.area_m2 / 1e6, 4),
        "lead": lead,
    }


def _shown(rows: Sequence[dict[str, Any]]) -> list[list[object]]:
    told = [{**row, "kind": label(ZoneKind(row["kind"]))} for row in rows]
    return [[row[name] for name in FIELDS] for row in told]


def _columns() -> tuple[Column, ...]:
    return tuple(Column(name, pgettext("column", name), _WIDTH, _cell) for name in FIELDS)


def _cell(value: Any) -> OutCell:
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    return value  # type: ignore[no-any-return]  # text, number or None
