"""The superior's ledger: everything that came from above, in the layout that the superior wants, with its evidence."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import layout_parts, ledger_filters, list_parts, superior_parts
from dashboard.screen.kept import keep, recall
from dashboard.screen.visit import visit
from dashboard.services.layouts import Layout
from dashboard.services.lists import ListPage

here = visit()
layouts = superior_parts.superior_layouts(here)
kept = superior_parts.kept_layout(layouts)
recall([kept])
offered = ledger_filters.choices(here)
wanted = ledger_filters.asked_filter(here, offered)
asked = list_parts.asked_of(here, wanted)


def clear() -> None:
    """Take all filters away: the address without parameters says so."""
    st.query_params.clear()


def toolbar(layout: Layout, found: ListPage) -> None:
    """Say how many items there are, with the files for the superior and the forms for layouts beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(superior_parts.how_many(found), width="stretch")
        if wanted != ledger_filters.EVERYTHING:
            st.button(_("Clear the filters"), icon=":material/filter_alt_off:", on_click=clear)
        layout_parts.file_link(here, layout, ledger_filters.address_of(offered))
        superior_parts.pack_link(here, layout, offered)
        layout_parts.layout_forms(here, layout.list_kind, layout)


standing = superior_parts.headline(here, asked)
shown = superior_parts.choose_layout(here, layouts)
page = superior_parts.current_page(here, shown, asked, standing)
toolbar(shown, page)
list_parts.list_rows(shown, page)
keep([kept, *offered.fields])
