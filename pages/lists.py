"""The three lists: problems, responsibilities and rectification, each a view of the one ledger under one filter.

What they are called and which columns they have is the district's own; each comes as a workbook as it is shown.
"""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import layout_parts, ledger_filters, list_parts
from dashboard.screen.kept import keep, recall
from dashboard.screen.visit import visit
from dashboard.services.layouts import Layout

here = visit()
lists = list_parts.three_lists(here)
recall([list_parts.kept_list()])
shown = list_parts.choose_list(lists)
offered = ledger_filters.choices(here)
wanted = ledger_filters.asked_filter(here, offered)
asked = list_parts.asked_of(here, wanted)


def clear() -> None:
    """Take all filters away and stay with the list."""
    st.query_params.from_dict({list_parts.LIST: shown.list_kind.value})


def toolbar(layout: Layout, words: str) -> None:
    """Say how many issues the list has, with its workbook and the form for its name and columns beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(words, width="stretch")
        if wanted != ledger_filters.EVERYTHING:
            st.button(_("Clear the filters"), icon=":material/filter_alt_off:", on_click=clear)
        layout_parts.file_link(here, layout, ledger_filters.address_of(offered))
        layout_parts.list_form(here, layout)


found = list_parts.current_page(here, shown, asked)
toolbar(shown, list_parts.how_many(found))
list_parts.list_rows(shown, found)
keep([list_parts.kept_list(), *offered.fields])
