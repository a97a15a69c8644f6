"""The ledger: every issue that the person may see, filtered, in chosen columns, by page, and exported as shown."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import bulk_parts, ledger_filters, ledger_parts
from dashboard.screen.address import go_to_issue
from dashboard.screen.kept import keep
from dashboard.screen.visit import visit

TABLE_HEIGHT = 640

here = visit()
offered = ledger_filters.choices(here)
wanted = ledger_filters.asked_filter(here, offered)


def clear() -> None:
    """Take all filters away: the address without parameters says so."""
    st.query_params.clear()


def toolbar(words: str) -> None:
    """Say how many issues the filters find, with the views, the columns and the export of exactly these beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(words, width="stretch", help=ledger_parts.how_counted(here))
        if wanted != ledger_filters.EVERYTHING:
            st.button(_("Clear the filters"), icon=":material/filter_alt_off:", on_click=clear)
        ledger_parts.views(here, offered)
        with st.popover(_("Columns"), icon=":material/view_column:"):
            ledger_filters.choose_columns()
        ledger_parts.export_links(here, offered)


found = ledger_parts.current_page(here, wanted)
toolbar(ledger_parts.how_many(found))
ticked, clicked = ledger_parts.ledger_table(here, found, key="ledger-table", height=TABLE_HEIGHT)
ledger_parts.turn_pages(found)
keep(offered.fields)
if ticked:
    bulk_parts.act_on(here, ticked)
elif found.ids:
    st.caption(_("Click a row to open the issue; tick rows to deal with several at once."))
if clicked and not ticked:
    go_to_issue(clicked)
