"""What an import says: its JSON for programs, its sentences for people."""

from collections.abc import Mapping
from typing import Final

from dashboard.cli.call import Call
from dashboard.i18n import _, label, message, ngettext, pgettext, shown, shown_number
from dashboard.importers.refusals import RowError
from dashboard.importers.table_reading import Table
from dashboard.services.layer_import import LayerReport
from dashboard.services.ledger_import import LedgerReport
from dashboard.services.place_import import PlaceReport
from governance.vocabulary import Subject

SHOWN_ERRORS: Final = 20
Report = LedgerReport | LayerReport | PlaceReport
Names = Mapping[int, str]


def ledger_answer(report: LedgerReport) -> dict[str, object]:
    """The JSON of an import of a ledger."""
    added = {"units": list(report.newcomers.units), "people": list(report.newcomers.people)}
    return {**_counts(report), "assumed": dict(report.assumed), "unused": list(report.unused), "added": added}


def layer_answer(report: LayerReport, names: Names) -> dict[str, object]:
    """The JSON of an import of a layer; ``names`` are those of the zones by number."""
    moved = report.relink.moved if report.relink else ()
    return {
        **_counts(report),
        "coverage": {
            "gap_m2": round(report.coverage.gap_m2, 1),
            "overlap_m2": round(report.coverage.overlap_m2, 1),
            "beyond_m2": round(report.coverage.beyond_m2, 1),
            "against": "district" if report.has_district_outline else "union",
        },
        "relinked": report.relink.relinked if report.relink else 0,
        "moved": [
            {
                "kind": one.kind,
                "from": names.get(one.from_zone_id or 0),
                "to": names.get(one.to_zone_id or 0),
                "count": one.count,
            }
            for one in moved
        ],
        "crs": report.crs,
        "other_kinds": report.other_kinds,
    }


def tell_ledger(call: Call, table: Table, report: LedgerReport, *, is_dry: bool) -> None:
    """Say what became of a ledger, on standard error."""
    if table.other_sheets:
        call.say(_("Only the sheet {sheet} was read, not {others}.", sheet=table.sheet, others=table.other_sheets))
    if report.unused:
        call.say(_("No field takes these columns: {headers}.", headers=report.unused))
    for field, rows in report.assumed.items():
        call.say(
            ngettext(
                "{field} is blank in {number} row; a default was taken.",
                "{field} is blank in {number} rows; a default was taken.",
                rows,
                field=pgettext("column", field),
            )
        )
    for words, names in (
        (_("Units that nobody has entered yet: {names}"), report.newcomers.units),
        (_("People that nobody has entered yet: {names}"), report.newcomers.people),
    ):
        if names:
            call.say(words.format(names=shown(names)))
    _tell(call, report, is_dry=is_dry, is_stored=report.is_stored)


def place_answer(report: PlaceReport) -> dict[str, object]:
    """The JSON of an import of villages or stations; points have no gaps and move no record."""
    return {**_counts(report), "coverage": {"gap_m2": 0.0, "overlap_m2": 0.0}, "relinked": 0}


def tell_places(call: Call, report: PlaceReport, *, is_dry: bool) -> None:
    """Say what became of villages or stations, on standard error."""
    _tell(call, report, is_dry=is_dry, is_stored=not report.errors)


def tell_layers(call: Call, report: LayerReport, names: Names, *, is_dry: bool) -> None:
    """Say what became of a layer, on standard error."""
    call.say(_("The coordinates were taken as {crs}.", crs=report.crs))
    if report.other_kinds:
        call.say(_("{count} rows are of another kind and were left out.", count=report.other_kinds))
    gap, overlap = shown_number(report.coverage.gap_m2), shown_number(report.coverage.overlap_m2)
    call.say(_("Townships: gaps of {gap} m², overlaps of {overlap} m².", gap=gap, overlap=overlap))
    if not report.has_district_outline:
        call.say(_("There is no outline of the district itself; the union of the townships stands for it."))
    for one in report.relink.moved if report.relink else ():
        old, new = (names.get(zone or 0) or _("outside") for zone in (one.from_zone_id, one.to_zone_id))
        kind = label(Subject(one.kind))
        call.say(_("{count} × {kind}: {old} → {new}", count=one.count, kind=kind, old=old, new=new))
    _tell(call, report, is_dry=is_dry, is_stored=report.relink is not None)


def _tell(call: Call, report: Report, *, is_dry: bool, is_stored: bool) -> None:
    for error in report.errors[:SHOWN_ERRORS]:
        call.say(_error_line(error))
    if len(report.errors) > SHOWN_ERRORS:
        call.say(_("… and {count} more.", count=len(report.errors) - SHOWN_ERRORS))
    call.say(
        _(
            "{read} rows read: {imported} new, {changed} changed, {unchanged} unchanged, {refused} refused.",
            read=report.read,
            imported=report.imported,
            changed=report.changed,
            unchanged=report.unchanged,
            refused=report.refused,
        )
    )
    if not is_stored:
        call.say(_("Nothing was stored, because rows are refused."))
    elif is_dry:
        call.say(_("This was a rehearsal; nothing was stored."))


def _error_line(error: RowError) -> str:
    field = pgettext("column", error.field)
    return _("Row {row}, {field}: {reason}", row=error.row, field=field, reason=message(error.error))


def _counts(report: Report) -> dict[str, object]:
    return {
        "read": report.read,
        "imported": report.imported,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": report.refused,
        "errors": [error.as_dict(message) for error in report.errors],
    }
