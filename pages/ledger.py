"""The ledger: every issue that the person may see, filtered, by page, and exported as shown."""

import streamlit as st

from dashboard.i18n import _, ngettext
from dashboard.screen import ledger_parts
from dashboard.screen.address import go_to_issue
from dashboard.screen.issue_table import issue_table
from dashboard.screen.visit import visit
from dashboard.services.ledger import LedgerPage

TABLE_HEIGHT = 640

here = visit()
wanted = ledger_parts.filters(here)
is_urgent_first = ledger_parts.sorts_by_deadline()


def summary(total: int) -> None:
    """Say how many issues the filters find, with the export of exactly these beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(ngettext("{number} issue", "{number} issues", total), width="stretch")
        ledger_parts.export_links(here, wanted)


def page_of_table(*, by_deadline: bool) -> LedgerPage:
    """The page that the address names, or the last one when the filters leave fewer."""
    page = ledger_parts.current_page()
    found = ledger_parts.read_page(here, wanted, page, by_deadline=by_deadline)
    return found if page <= found.pages else ledger_parts.read_page(here, wanted, found.pages, by_deadline=by_deadline)


found = page_of_table(by_deadline=is_urgent_first)

summary(found.total)
chosen = issue_table(here, found.lines, key="ledger-table", height=TABLE_HEIGHT)
ledger_parts.turn_pages(found)
if found.total:
    st.caption(_("Choose a row to open the issue on the map."))
if chosen:
    go_to_issue(chosen)
