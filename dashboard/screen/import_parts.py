"""Parts of the import page: what is imported and how, the report of its preview, the workbook to mend."""

from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, message, pgettext, shown_number
from dashboard.importers.headers import load_mapping
from dashboard.importers.mending import write_mending_workbook
from dashboard.importers.refusals import RowError
from dashboard.screen import panels
from dashboard.screen.panels import Figure
from dashboard.screen.visit import Visit
from dashboard.services.import_orders import LEDGERS, Order, Report, carry_out, rehearse, table_of
from dashboard.services.layer_import import LayerReport
from dashboard.services.ledger_import import LedgerReport
from dashboard.services.newcomers import Newcomers
from dashboard.services.uploads import Upload, file_for, forget_old, keep_upload
from governance.vocabulary import ZoneKind

TABLES: Final = ("xlsx", "xls", "csv", "tsv", "geojson", "json", "gpkg")
LAYERS: Final = ("gpkg", "geojson", "json", "zip", "kml")
LAYER: Final = "layers"
CRS_NAMES: Final = ("WGS84", "CGCS2000", "GCJ02", "BD09", "EPSG:4528", "EPSG:4549", "EPSG:4509", "EPSG:3857")
FROM_FILE: Final = "file"
SHOWN_ERRORS: Final = 200


def order_form(here: Visit) -> Order | None:
    """Draw the choices and the upload; None until there is a file."""
    what = st.segmented_control(
        _("What to import"),
        [*LEDGERS, LAYER],
        format_func=lambda value: pgettext("import", value),
        default=LEDGERS[0],
        key="what",
    )
    what = what or LEDGERS[0]
    chosen = _layer_choices() if what == LAYER else _ledger_choices(here, what)
    file = _file(here, _("File"), endings=LAYERS if what == LAYER else TABLES, key=f"file-{what}")
    return Order(what=what, upload=file, **chosen) if file else None


def _layer_choices() -> dict[str, Any]:
    first, second = st.columns(2)
    crs = first.selectbox(
        _("Coordinates are in"),
        (FROM_FILE, *CRS_NAMES),
        format_func=lambda name: _("as the file says") if name == FROM_FILE else name,
    )
    kind = second.selectbox(_("Kind of zone"), list(ZoneKind), index=1, format_func=label)
    with st.expander(_("More options")):
        names = {
            "layer": st.text_input(_("Layer, where the file holds several"), max_chars=200),
            "code_field": st.text_input(_("Attribute with the zone's code"), max_chars=200),
            "name_field": st.text_input(_("Attribute with the zone's name"), max_chars=200),
        }
    stated = {name: text.strip() or None for name, text in names.items()}
    return {"crs": None if crs == FROM_FILE else crs, "kind": ZoneKind(str(kind)), **stated}


def _ledger_choices(here: Visit, what: str) -> dict[str, Any]:
    first, second = st.columns(2)
    crs = first.selectbox(_("Coordinates are in"), CRS_NAMES)
    is_skipping = second.checkbox(_("Import the good rows although others are refused"))
    is_adding = what == "issues" and second.checkbox(_("Add units and people in charge that nobody has entered yet"))
    with st.expander(_("More options")):
        sheet = st.text_input(_("Sheet; else the first with a table"), max_chars=100).strip()
        mapping = _file(here, _("Mapping of headers (TOML)"), endings=("toml",), key=f"mapping-{what}")
    return {
        "crs": crs,
        "sheet": sheet or None,
        "mapping": load_mapping(mapping.path) if mapping else {},
        "is_skipping": is_skipping,
        "is_adding_names": is_adding,
    }


def _file(here: Visit, title: str, *, endings: tuple[str, ...], key: str) -> Upload | None:
    file = st.file_uploader(title, type=list(endings), key=key)
    if file is None:
        return None
    forget_old(here.settings.home, now=here.now)
    return keep_upload(
        here.settings.home, here.signed_in.person_id, name=file.name, content=file.getvalue(), endings=endings
    )


def preview(here: Visit, order: Order) -> Report:
    """What importing would do; nothing is stored."""
    return rehearse(here.engine, order, actor=here.actor, now=here.now, today=here.today)


def store(here: Visit, order: Order) -> Report:
    """Import for real."""
    return carry_out(here.engine, order, actor=here.actor, now=here.now, today=here.today)


def show_report(here: Visit, order: Order, report: Report) -> None:
    """Draw the counts, what is refused and why, and for layers gaps, overlaps and what moved."""
    items = (
        Figure(_("Rows read"), shown_number(report.read)),
        Figure(_("New"), shown_number(report.imported)),
        Figure(_("Changed"), shown_number(report.changed)),
        Figure(_("Unchanged"), shown_number(report.unchanged)),
        Figure(_("Refused"), shown_number(report.refused)),
    )
    st.html(panels.panel(order.upload.name, panels.figures(items)))
    if isinstance(report, LayerReport):
        _show_coverage(report)
    else:
        _show_readings(report)
    if report.errors:
        _show_errors(here, order, report.errors)


def _show_readings(report: LedgerReport) -> None:
    """How the ledger was understood: columns left unread, blanks filled, names to be added."""
    if report.unused:
        st.text(_("No field takes these columns: {headers}.", headers=report.unused))
    if report.assumed:
        fields = tuple(pgettext("column", field) for field in report.assumed)
        st.text(_("Blank in some rows, so that a default is taken: {fields}.", fields=fields))
    if report.newcomers.units or report.newcomers.people:
        _show_newcomers(report.newcomers)


def _show_newcomers(newcomers: Newcomers) -> None:
    lines = [
        (_("Units to be added"), ", ".join(newcomers.units) or "—"),
        (_("People to be added"), ", ".join(newcomers.people) or "—"),
    ]
    st.html(panels.panel(_("Not entered yet"), panels.rows(lines)))


def _show_coverage(report: LayerReport) -> None:
    lines = [
        (_("Gaps between townships"), f"{report.coverage.gap_m2:,.0f} m²"),
        (_("Overlaps of townships"), f"{report.coverage.overlap_m2:,.0f} m²"),
        (_("Records linked anew"), shown_number(report.relink.relinked) if report.relink else "—"),
    ]
    st.html(panels.panel(_("Coverage"), panels.rows(lines)))
    if not report.has_district_outline:
        st.caption(_("There is no outline of the district itself; the union of the townships stands for it."))


def _show_errors(here: Visit, order: Order, errors: tuple[RowError, ...]) -> None:
    st.subheader(_("Refused rows"))
    frame = pd.DataFrame(
        [
            {
                _("Row"): error.row,
                _("Column"): pgettext("column", error.field),
                _("Value"): error.value,
                _("Reason"): message(error.error),
            }
            for error in errors[:SHOWN_ERRORS]
        ]
    )
    st.dataframe(frame, hide_index=True, alt=_("Refused rows"))
    if len(errors) > SHOWN_ERRORS:
        st.caption(_("The first {shown} of {all} reasons.", shown=SHOWN_ERRORS, all=len(errors)))
    if not order.is_layer:
        name = mending_workbook(here, order, errors)
        st.link_button(_("Workbook to mend and import again"), f"/api/v1/uploads/{name}", icon=":material/download:")


def mending_workbook(here: Visit, order: Order, errors: tuple[RowError, ...]) -> str:
    """Write the refused rows with their reasons; the name under which the person may fetch the file."""
    table, header = table_of(order)
    name = f"{Path(order.upload.path).stem[::-1]}.xlsx"
    path = file_for(here.settings.home, here.signed_in.person_id, name)
    write_mending_workbook(table, errors, path, message, header=header, heading=pgettext)
    return name
