"""Parts of the import page: what is imported, the preview that goes the whole road, and the import itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, message, pgettext, shown_number
from dashboard.importers.coordinates import Extent
from dashboard.importers.mending import write_mending_workbook
from dashboard.importers.refusals import RowError
from dashboard.importers.rows import parse_enterprises, parse_issues
from dashboard.importers.table_reading import read_table
from dashboard.screen import panels
from dashboard.screen.panels import Figure
from dashboard.screen.visit import Visit
from dashboard.services.enterprise_import import import_enterprises
from dashboard.services.issue_import import import_issues
from dashboard.services.layer_import import LayerReport, import_layers, preview_layers
from dashboard.services.ledger_import import LedgerReport
from dashboard.services.ledger_places import extent_in, ground_on
from dashboard.services.newcomers import Newcomers
from dashboard.services.uploads import Upload, file_for, forget_old, keep_upload
from db.unit_of_work import UnitOfWork, reading, rehearsal, unit_of_work
from geo.crs_names import parse_crs
from governance.vocabulary import ZoneKind

TABLES: Final = ("xlsx", "xls", "csv", "tsv")
LAYERS: Final = ("gpkg", "geojson", "json", "zip", "kml")
LEDGERS: Final = ("enterprises", "issues")
CRS_NAMES: Final = ("WGS84", "CGCS2000", "GCJ02", "BD09", "EPSG:4528", "EPSG:4549", "EPSG:4509", "EPSG:3857")
FROM_FILE: Final = "file"
SHOWN_ERRORS: Final = 200


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be imported, and how the file is to be understood."""

    what: str
    upload: Upload
    crs: str
    kind: ZoneKind = ZoneKind.TOWNSHIP
    is_skipping: bool = False
    is_adding_names: bool = False

    @property
    def is_layer(self) -> bool:
        """Whether it is a layer of zones and no table."""
        return self.what not in LEDGERS


def order_form(here: Visit) -> Order | None:
    """Draw the choices and the upload; None until there is a file."""
    what = st.segmented_control(
        _("What to import"),
        [*LEDGERS, "layers"],
        format_func=lambda value: pgettext("import", value),
        default="enterprises",
        key="what",
        bind="query-params",
    )
    what = what or "enterprises"
    is_layer = what == "layers"
    first, second = st.columns(2)
    choices = (FROM_FILE, *CRS_NAMES) if is_layer else CRS_NAMES
    crs = first.selectbox(
        _("Coordinates are in"), choices, format_func=lambda name: _("as the file says") if name == FROM_FILE else name
    )
    kind = ZoneKind.TOWNSHIP
    if is_layer:
        kind = ZoneKind(str(second.selectbox(_("Kind of zone"), list(ZoneKind), index=1, format_func=label)))
    is_skipping = not is_layer and second.checkbox(_("Import the good rows although others are refused"))
    is_adding = what == "issues" and second.checkbox(_("Add units and people in charge that nobody has entered yet"))
    endings = LAYERS if is_layer else TABLES
    file = st.file_uploader(_("File"), type=list(endings), key=f"file-{what}")
    if file is None:
        return None
    forget_old(here.settings.home, now=here.now)
    upload = keep_upload(
        here.settings.home, here.signed_in.person_id, name=file.name, content=file.getvalue(), endings=endings
    )
    return Order(what=what, upload=upload, crs=crs, kind=kind, is_skipping=is_skipping, is_adding_names=is_adding)


def preview(here: Visit, order: Order) -> LedgerReport | LayerReport:
    """What importing would do; nothing is stored.

    Raises
    ------
    GridGuardError, GeoError
        The file as a whole cannot be taken.
    """
    run = _prepared(here, order)
    with rehearsal(here.engine, actor=here.actor, now=here.now) as work:
        return run(work)


def carry_out(here: Visit, order: Order) -> LedgerReport | LayerReport:
    """Import for real, in one transaction.

    Raises
    ------
    GridGuardError, GeoError
    """
    run = _prepared(here, order)
    with unit_of_work(here.engine, actor=here.actor, now=here.now) as work:
        return run(work)


def _prepared(here: Visit, order: Order) -> Callable[[UnitOfWork], LedgerReport | LayerReport]:
    """The file read before the transaction begins."""
    if order.is_layer:
        crs = None if order.crs == FROM_FILE else order.crs
        plan = preview_layers(here.engine, order.upload.path, order.kind, day=here.today, crs=crs)
        return lambda work: import_layers(work, plan)
    table, extent = read_table(order.upload.path), _extent(here, order.crs)
    if order.what == "enterprises":
        firms = parse_enterprises(table, extent=extent)
        return lambda work: import_enterprises(work, firms, crs=order.crs, is_skipping=order.is_skipping)
    issues = parse_issues(table, extent=extent)
    return lambda work: import_issues(
        work, issues, crs=order.crs, is_skipping=order.is_skipping, is_adding_names=order.is_adding_names
    )


def _extent(here: Visit, crs: str) -> Extent | None:
    with reading(here.engine) as session:
        return extent_in(ground_on(session, here.district, here.today), parse_crs(crs))


def show_report(here: Visit, order: Order, report: LedgerReport | LayerReport) -> None:
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
    elif report.newcomers.units or report.newcomers.people:
        _show_newcomers(report.newcomers)
    if report.errors:
        _show_errors(here, order, report.errors)


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
    table = read_table(order.upload.path)
    header = (parse_enterprises(table) if order.what == "enterprises" else parse_issues(table)).header
    name = f"{Path(order.upload.path).stem[::-1]}.xlsx"
    path = file_for(here.settings.home, here.signed_in.person_id, name)
    write_mending_workbook(table, errors, path, message, header=header, heading=pgettext)
    return name
