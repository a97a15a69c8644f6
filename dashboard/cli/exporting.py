"""``gridguard export``: ledgers and layers as files that import again."""

from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

import typer

from dashboard.cli.call import AsOf, Call, command, day_of
from dashboard.i18n import _
from dashboard.services.exports import FORMATS, Format, Written, export_enterprises, export_issues
from dashboard.services.layer_exports import export_layers
from db.unit_of_work import current_district, reading
from governance.errors import InvalidInput
from governance.vocabulary import ZoneKind

What = Literal["enterprises", "issues", "layers"]
_ENDINGS: Final[dict[str, Format]] = {f".{name}": name for name in FORMATS} | {".json": "geojson"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    command(app, "export", example="gridguard export issues issues.xlsx --as-of 2026-06-30")(export)


def export(
    call: Call,
    what: Annotated[What, typer.Argument(metavar="enterprises|issues|layers")],
    out: Annotated[Path, typer.Argument(metavar="OUT", dir_okay=False)],
    *,
    format_: Annotated[
        Format | None, typer.Option("--format", metavar="xlsx|csv|geojson|gpkg", help="Else the ending of OUT says it.")
    ] = None,
    as_of: AsOf = None,
    kind: Annotated[ZoneKind | None, typer.Option(help="Only zones of this kind; for layers.")] = None,
) -> None:
    """Write enterprises, issues or zones to a file.

    The same records give the same bytes. Ledgers import again to the same records from every format, layers from
    GeoJSON and GeoPackage; a workbook or CSV of layers is a list without outlines.
    """
    chosen = format_ or _by_ending(out)
    day = day_of(as_of)
    with reading(call.engine()) as session:
        if what == "layers":
            today = call.now.astimezone(ZoneInfo(current_district(session).time_zone)).date()
            kinds = frozenset(ZoneKind) if kind is None else frozenset({kind})
            written = export_layers(session, call.actor, out, format=chosen, day=day or today, kinds=kinds)
        else:
            write = export_enterprises if what == "enterprises" else export_issues
            written = write(session, call.actor, out, format=chosen, as_of=day)
    _answer(call, written)


def _by_ending(path: Path) -> Format:
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise InvalidInput(
            "format_unknown",
            "The ending of {name} names no format; give one with --format: {allowed}",
            name=path.name,
            allowed=FORMATS,
        )
    return found


def _answer(call: Call, written: Written) -> None:
    answer = {"written": written.written, "path": str(written.path), "sha256": written.sha256}
    call.answer(answer)
    call.say(_("{count} records written to {path}", count=written.written, path=str(written.path)))
