"""The ledger: every issue that the person may see, filtered, by page, and exported as shown."""

import streamlit as st

from dashboard.i18n import _, ngettext
from dashboard.screen import ledger_parts
from dashboard.screen.address import go_to_issue
from dashboard.screen.issue_table import issue_table
from dashboard.screen.visit import visit

TABLE_HEIGHT = 640

here = visit()
wanted = ledger_parts.filters(here)


def summary(total: int) -> None:
    """Say how many issues the filters find, with the export of exactly these beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(ngettext("{number} issue", "{number} issues", total), width="stretch")
        ledger_parts.export_links(here)


page = ledger_parts.current_page()
found = ledger_parts.read_page(here, wanted, page)
if page > found.pages:
    found = ledger_parts.read_page(here, wanted, found.pages)

summary(found.total)
chosen = issue_table(here, found.lines, key=f"ledger-{page}", height=TABLE_HEIGHT)
ledger_parts.turn_pages(found)
if found.total:
    st.caption(_("Choose a row to open the issue on the map."))
if chosen:
    go_to_issue(chosen)
