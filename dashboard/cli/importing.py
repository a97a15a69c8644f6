"""``gridguard import``: layers of zones, and ledgers of enterprises and issues."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from dashboard.cli.call import REFUSED, Call, command
from dashboard.cli.reports import layer_answer, ledger_answer, place_answer, tell_layers, tell_ledger, tell_places
from dashboard.i18n import _, message, pgettext
from dashboard.importers.headers import load_mapping
from dashboard.importers.mending import write_mending_workbook
from dashboard.importers.refusals import RowError
from dashboard.importers.rows import Parsed, parse_enterprises, parse_issues
from dashboard.importers.table_reading import Table, read_table
from dashboard.services.enterprise_import import import_enterprises
from dashboard.services.issue_import import import_issues
from dashboard.services.layer_import import import_layers, preview_layers
from dashboard.services.ledger_import import LedgerReport
from dashboard.services.ledger_places import extent_in, ground_on
from dashboard.services.place_import import PlaceKind, import_places
from db.repositories.territory import zones
from db.unit_of_work import UnitOfWork, current_district, reading, rehearsal, unit_of_work
from geo.crs_names import parse_crs
from governance.vocabulary import ZoneKind

LayerKind = Literal[
    "district", "township", "key_road", "port", "fishing_harbour", "shipyard", "timber_park", "village", "station"
]

group = typer.Typer(no_args_is_help=True, help="Bring in layers of zones and ledgers of enterprises and issues.")

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; store nothing.")]
Mapping = Annotated[
    Path | None,
    typer.Option(metavar="M.toml", exists=True, dir_okay=False, help='Lines of field = "header" for unknown headers.'),
]
LedgerCrs = Annotated[str, typer.Option("--crs", metavar="C", help="EPSG:n, WGS84, CGCS2000, GCJ02 or BD09.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Import the good rows although others are refused.")]
Errors = Annotated[
    Path | None, typer.Option(metavar="OUT.xlsx", help="Write the refused rows to mend and import again.")
]
Sheet = Annotated[str | None, typer.Option(metavar="NAME", help="Sheet of a workbook; else the first with a table.")]


def layers(
    call: Call,
    file: File,
    *,
    kind: Annotated[LayerKind, typer.Option(help="What the zones or points of the file are.")],
    layer: Annotated[str | None, typer.Option(metavar="L", help="Which of several layers in the file.")] = None,
    crs: Annotated[
        str | None, typer.Option(metavar="C", help="What the coordinates are in, whatever the file says.")
    ] = None,
    code_field: Annotated[str | None, typer.Option(metavar="F", help="Attribute with the zone's code.")] = None,
    name_field: Annotated[str | None, typer.Option(metavar="F", help="Attribute with the zone's name.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Import outlines of one kind of zone from GeoPackage, GeoJSON, zipped Shapefile or KML.

    All rows or none. Zones are known by their code within the kind, or by their name where the file has no
    codes; an outline that changed ends today and a new one begins, and the records near it are linked anew.
    Villages and stations are points: a workbook, CSV, GeoJSON or GeoPackage with code, name, township and place.
    """
    if kind in set(PlaceKind):
        _import_places(call, file, PlaceKind(kind), sheet=layer, crs=crs or "WGS84", dry_run=dry_run)
        return
    engine = call.engine()
    with reading(engine) as session:
        day = call.now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
    fields = {"layer": layer, "crs": crs, "code_field": code_field, "name_field": name_field}
    plan = preview_layers(engine, file, ZoneKind(kind), day=day, **fields)
    with _work(call, is_rehearsal=dry_run) as work, call.progress(_("Linking records")) as advance:
        report = import_layers(work, plan, advance=advance)
        names = {zone.key: zone.name for zone in zones(work.session)}
    call.answer(layer_answer(report, names))
    tell_layers(call, report, names, is_dry=dry_run)
    if report.errors:
        raise typer.Exit(REFUSED)


def enterprises(
    call: Call,
    file: File,
    *,
    mapping: Mapping = None,
    crs: LedgerCrs = "WGS84",
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    errors: Errors = None,
) -> None:
    """Import a ledger of enterprises from a workbook or CSV file.

    All rows or none, unless --skip-bad. An enterprise is known by its credit code, else by name and township;
    the same file again changes nothing.
    """
    _import_ledger(
        call, file, parse_enterprises, import_enterprises,
        mapping=mapping, crs=crs, sheet=sheet, dry_run=dry_run, skip_bad=skip_bad, errors=errors,
    )  # fmt: skip


def issues(
    call: Call,
    file: File,
    *,
    mapping: Mapping = None,
    crs: LedgerCrs = "WGS84",
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    add_names: Annotated[
        bool, typer.Option("--add-names", help="Add units and people in charge that nobody has entered yet.")
    ] = False,
    errors: Errors = None,
) -> None:
    """Import a ledger of issues from a workbook or CSV file.

    All rows or none, unless --skip-bad. An issue is known by its own number, else by its source's number, else
    by source, title, enterprise, place and day. A stated stage begins a new issue as stated, marked unproven;
    it never moves a known one.
    """
    _import_ledger(
        call, file, parse_issues, partial(import_issues, is_adding_names=add_names),
        mapping=mapping, crs=crs, sheet=sheet, dry_run=dry_run, skip_bad=skip_bad, errors=errors,
    )  # fmt: skip


command(
    group, "layers", path="import layers", example="gridguard import layers towns.gpkg --kind township --crs EPSG:4528"
)(layers)
command(
    group,
    "enterprises",
    path="import enterprises",
    example="gridguard import enterprises firms.xlsx --errors mend.xlsx",
)(enterprises)
command(group, "issues", path="import issues", example="gridguard import issues ledger.csv --crs GCJ02 --dry-run")(
    issues
)


def _import_places(call: Call, file: Path, kind: PlaceKind, *, sheet: str | None, crs: str, dry_run: bool) -> None:
    table = read_table(file, sheet=sheet)
    with _work(call, is_rehearsal=dry_run) as work:
        report = import_places(work, table, kind, crs=crs)
    call.answer(place_answer(report))
    tell_places(call, report, is_dry=dry_run)
    if report.errors:
        raise typer.Exit(REFUSED)


def _import_ledger(
    call: Call,
    file: Path,
    parse: Callable[..., Parsed[Any]],
    store: Callable[..., LedgerReport],
    *,
    mapping: Path | None,
    crs: str,
    sheet: str | None,
    dry_run: bool,
    skip_bad: bool,
    errors: Path | None,
) -> None:
    table = read_table(file, sheet=sheet)
    with reading(call.engine()) as session:
        district = current_district(session)
        day = call.now.astimezone(ZoneInfo(district.time_zone)).date()
        extent = extent_in(ground_on(session, district, day), parse_crs(crs))
    parsed = parse(table, mapping=load_mapping(mapping) if mapping else None, extent=extent)
    with _work(call, is_rehearsal=dry_run) as work, call.progress(_("Importing")) as advance:
        report = store(work, parsed, crs=crs, is_skipping=skip_bad, advance=advance)
    if errors is not None and report.errors:
        _write_errors(table, parsed, report.errors, errors)
    call.answer(ledger_answer(report))
    tell_ledger(call, table, report, is_dry=dry_run)
    if report.errors:
        raise typer.Exit(REFUSED)


@contextmanager
def _work(call: Call, *, is_rehearsal: bool) -> Iterator[UnitOfWork]:
    begin = rehearsal if is_rehearsal else unit_of_work
    with begin(call.engine(), actor=call.actor, now=call.now) as work:
        yield work


def _write_errors(table: Table, parsed: Parsed[Any], errors: tuple[RowError, ...], path: Path) -> None:
    write_mending_workbook(table, errors, path, message, header=parsed.header, heading=pgettext)
