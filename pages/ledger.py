"""The ledger: every issue that the person may see, filtered, by page, and exported as shown."""

import streamlit as st

from dashboard.i18n import _, ngettext
from dashboard.screen import ledger_parts
from dashboard.screen.address import go_to_issue
from dashboard.screen.issue_table import issue_table
from dashboard.screen.kept import keep
from dashboard.screen.visit import visit

TABLE_HEIGHT = 640

here = visit()
offered = ledger_parts.choices(here)
wanted = ledger_parts.filters(offered)
is_urgent_first = ledger_parts.sorts_by_deadline()


def clear() -> None:
    """Take all filters away: the address without parameters says so."""
    st.query_params.clear()


def summary(total: int) -> None:
    """Say how many issues the filters find, with the export of exactly these beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(ngettext("{number} issue", "{number} issues", total), width="stretch")
        if wanted != ledger_parts.EVERYTHING:
            st.button(_("Clear the filters"), icon=":material/filter_alt_off:", on_click=clear)
        ledger_parts.export_links(here, wanted)


found = ledger_parts.current_page(here, wanted, by_deadline=is_urgent_first)
summary(found.total)
chosen = issue_table(here, found.lines, key="ledger-table", height=TABLE_HEIGHT)
ledger_parts.turn_pages(found)
keep(offered.fields)
if found.total:
    st.caption(_("Choose a row to open the issue on the map."))
if chosen:
    go_to_issue(chosen)
