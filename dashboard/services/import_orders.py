"""What somebody asks to be imported: a file, what it holds and how it is to be understood; rehearsed, then done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from dashboard.importers.coordinates import Extent
from dashboard.importers.headers import Header
from dashboard.importers.refusals import RowError
from dashboard.importers.rows import parse_enterprises, parse_issues
from dashboard.importers.table_reading import Table, read_table
from dashboard.services.enterprise_import import import_enterprises
from dashboard.services.issue_import import import_issues
from dashboard.services.layer_import import LayerReport, import_layers, preview_layers
from dashboard.services.ledger_import import LedgerReport
from dashboard.services.ledger_places import extent_in, ground_on
from dashboard.services.uploads import Upload
from db.unit_of_work import UnitOfWork, current_district, reading, rehearsal, unit_of_work
from geo.crs_names import parse_crs
from governance.permissions import Actor
from governance.vocabulary import ZoneKind

LEDGERS: Final = ("enterprises", "issues")
Report = LedgerReport | LayerReport


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be imported.

    Attributes
    ----------
    what
        ``enterprises``, ``issues`` or ``layers``.
    crs
        What the coordinates are in; None: as the file says, for layers only.
    kind, layer, code_field, name_field
        Of a layer.
    sheet, mapping
        Of a ledger: which sheet, and field → header for headers that are not recognised.
    is_skipping, is_adding_names
        Of a ledger: see `dashboard.services.issue_import.import_issues`.
    """

    what: str
    upload: Upload
    crs: str | None = None
    kind: ZoneKind = ZoneKind.TOWNSHIP
    layer: str | None = None
    code_field: str | None = None
    name_field: str | None = None
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    is_skipping: bool = False
    is_adding_names: bool = False

    @property
    def is_layer(self) -> bool:
        """Whether it is a layer of zones and no table."""
        return self.what not in LEDGERS


def rehearse(engine: Engine, order: Order, *, actor: Actor, now: datetime, today: date) -> Report:
    """What importing would do; it goes the whole road and stores nothing.

    Raises
    ------
    GridGuardError, GeoError
        The file as a whole cannot be taken.
    """
    run = _prepared(engine, order, today)
    with rehearsal(engine, actor=actor, now=now) as work:
        return run(work)


def carry_out(engine: Engine, order: Order, *, actor: Actor, now: datetime, today: date) -> Report:
    """Import for real, in one transaction.

    Raises
    ------
    GridGuardError, GeoError
    """
    run = _prepared(engine, order, today)
    with unit_of_work(engine, actor=actor, now=now) as work:
        return run(work)


def table_of(order: Order) -> tuple[Table, Header]:
    """The table of a ledger with the places of its columns, for a workbook of its refused rows."""
    table = read_table(order.upload.path, sheet=order.sheet)
    parse = parse_enterprises if order.what == "enterprises" else parse_issues
    return table, parse(table, mapping=order.mapping or None).header


def is_refused(order: Order, errors: tuple[RowError, ...]) -> bool:
    """Whether nothing would be stored because rows are refused and may not be left out."""
    return bool(errors) and not order.is_skipping


def _prepared(engine: Engine, order: Order, today: date) -> Callable[[UnitOfWork], Report]:
    """The file read before the transaction begins."""
    if order.is_layer:
        plan = preview_layers(
            engine,
            Path(order.upload.path),
            order.kind,
            day=today,
            crs=order.crs,
            layer=order.layer,
            code_field=order.code_field,
            name_field=order.name_field,
        )
        return lambda work: import_layers(work, plan)
    crs, mapping = order.crs or "WGS84", order.mapping or None
    table, extent = read_table(order.upload.path, sheet=order.sheet), _extent(engine, crs, today)
    if order.what == "enterprises":
        firms = parse_enterprises(table, mapping=mapping, extent=extent)
        return lambda work: import_enterprises(work, firms, crs=crs, is_skipping=order.is_skipping)
    issues = parse_issues(table, mapping=mapping, extent=extent)
    return lambda work: import_issues(
        work, issues, crs=crs, is_skipping=order.is_skipping, is_adding_names=order.is_adding_names
    )


def _extent(engine: Engine, crs: str, today: date) -> Extent | None:
    with reading(engine) as session:
        return extent_in(ground_on(session, current_district(session), today), parse_crs(crs))
