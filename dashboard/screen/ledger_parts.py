"""Parts of the ledger page: how many there are, the table in the chosen columns, its pages, saved views, the export."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs, urlencode

import pandas as pd
import streamlit as st

from dashboard.i18n import _, ngettext, shown_number
from dashboard.markdown import plain_label
from dashboard.screen import figure_parts
from dashboard.screen.issue_cells import shown_cells
from dashboard.screen.ledger_filters import PAGE, Choices, address_of, by_deadline, shown_columns
from dashboard.screen.light_column import light_column
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out
from dashboard.services.desk import remove_view, save_view, saved_views
from dashboard.services.issue_columns import columns_of
from dashboard.services.ledger import PAGE_LINES, LedgerPage, ledger_page
from dashboard.services.ledger_table import SEPARATOR, table_rows
from db.repositories.ledger_filter import LedgerFilter
from db.tables.desk import SavedView
from db.unit_of_work import UnitOfWork, reading
from governance.counting import Figure
from governance.permissions import Right, may

FORMATS: Final = ("xlsx", "csv")
PLACES: Final = ("geojson", "gpkg")
VIEWS: Final = "ledger"
_ROW_PX: Final = 35  # as Streamlit draws a row


def current_page(here: Visit, wanted: LedgerFilter) -> LedgerPage:
    """The page of the table that the person chose, or the last one when the filters leave fewer."""
    page = int(st.session_state[PAGE])
    found = _read(here, wanted, page)
    if page <= found.pages:
        return found
    st.session_state[PAGE] = found.pages
    return _read(here, wanted, found.pages)


def how_many(found: LedgerPage) -> str:
    """How many issues the filters find."""
    if found.is_more:
        return _("More than {number} issues", number=shown_number(found.total))
    return ngettext("{number} issue", "{number} issues", found.total)


def how_counted(here: Visit) -> str:
    """What the number of issues counts, and of which moment it tells."""
    return plain_label(figure_parts.how_counted(here, Figure.LISTED))


def ledger_table(here: Visit, found: LedgerPage, *, key: str, height: int) -> tuple[list[str], str | None]:
    """Draw the page in the chosen columns.

    Returns
    -------
    tuple of list and str or None
        Numbers of the issues whose rows are ticked, and of the one that was clicked.
    """
    if not found.ids:
        st.caption(_("No issue here."))
        return [], None
    keys = shown_columns()
    first = (int(st.session_state[PAGE]) - 1) * PAGE_LINES + 1
    with reading(here.engine) as session:
        numbers, rows = table_rows(
            session, found.ids, keys, today=here.today, yellow_days=here.settings.yellow_days, first=first
        )
    headings = [column.heading for column in columns_of(keys)]
    event = st.dataframe(
        pd.DataFrame([shown_cells(keys, row) for row in rows], columns=headings),
        hide_index=True,
        column_config={
            heading: light_column() for name, heading in zip(keys, headings, strict=True) if name == "light"
        },
        key=f"{key}:{SEPARATOR.join(numbers[:1])}:{len(numbers)}",
        height=min(height, (len(rows) + 1) * _ROW_PX + 3),
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        alt=_("Table of issues"),
    )
    ticked = [numbers[row] for row in event.selection.rows if row < len(numbers)]
    cells = [row for row, _column in event.selection.get("cells", []) if row < len(numbers)]
    return ticked, numbers[cells[0]] if cells else None


def turn_pages(found: LedgerPage) -> None:
    """Draw the control that turns the table's pages."""
    if found.pages > 1:
        st.pagination(found.pages, key=PAGE)


def export_links(here: Visit, offered: Choices) -> None:
    """Links that export exactly what is shown, in the same order; the route asks for the rights again."""
    if not may(here.actor, Right.EXPORT):
        return
    shown = [(name, value) for name, value in address_of(offered) if name != "columns"]
    columns = [("columns", SEPARATOR.join(shown_columns()))]
    with st.popover(_("Export"), icon=":material/download:"):
        st.caption(_("All pages, in the columns and the order of the table."))
        for name in FORMATS:
            query = urlencode([("format", name), *columns, *shown])
            st.link_button(name.upper(), f"/api/v1/export/issues?{query}", width="stretch")
        st.caption(_("Every field, to be imported again or put on a map."))
        for name in (*FORMATS, *PLACES):
            query = urlencode([("format", name), *shown])
            st.link_button(name.upper(), f"/api/v1/export/issues?{query}", width="stretch", key=f"whole-{name}")


def views(here: Visit, offered: Choices) -> None:
    """The person's saved views, each opened by one click, and the way to save and remove one."""
    with reading(here.engine) as session:
        known = saved_views(session, here.signed_in.person_id, VIEWS)
    for view in known:
        st.button(plain_label(view.name), key=f"view-{view.id}", on_click=_open, args=(view.parameters,))
    with st.popover(_("Views"), icon=":material/bookmark:"):
        name = st.text_input(_("Name of this view"), key="view-name", max_chars=80)
        if st.button(_("Save what is shown"), icon=":material/bookmark_add:", disabled=not name.strip()):
            _save(here, name, urlencode(address_of(offered)))
        _remove(here, known)


def _read(here: Visit, wanted: LedgerFilter, page: int) -> LedgerPage:
    with reading(here.engine) as session:
        return ledger_page(
            session,
            here.actor,
            wanted,
            today=here.today,
            yellow_days=here.settings.yellow_days,
            page=page,
            by_deadline=by_deadline(),
        )


def _open(parameters: str) -> None:
    """Show a saved view: the address says all of it."""
    st.query_params.from_dict(parse_qs(parameters))


def _save(here: Visit, name: str, parameters: str) -> None:
    def do(work: UnitOfWork) -> str:
        return save_view(work, VIEWS, name, parameters).name

    if carry_out(here, "ledger-view", do, said=_("The view is saved.")) is not None:
        st.rerun()


def _remove(here: Visit, known: Sequence[SavedView]) -> None:
    if not known:
        return
    name = st.selectbox(_("Remove a view"), [view.name for view in known], index=None, placeholder=_("Choose"))

    def do(work: UnitOfWork) -> str:
        remove_view(work, VIEWS, name or "")
        return ""

    is_asked = st.button(_("Remove"), icon=":material/delete:", disabled=name is None)
    if is_asked and carry_out(here, "ledger-view-removed", do, said=_("The view is removed.")) is not None:
        st.rerun()
