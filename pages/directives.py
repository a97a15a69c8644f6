"""Instructions and supervision orders: what was asked, whose turn it is, what is late, and each with its steps."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import directive_forms, directive_parts
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.kept import keep
from dashboard.screen.visit import visit

here = visit()
opened = st.query_params.get("directive")


def back() -> None:
    """Return to the list."""
    st.query_params.clear()


def one(number: str) -> None:
    """Draw one directive and what the person may do with it next."""
    st.button(_("All instructions and orders"), icon=":material/arrow_back:", on_click=back)
    try:
        file = directive_parts.open_file(here, number)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return
    left, right = st.columns([3, 2])
    with left:
        directive_parts.draw_file(here, file)
    with right:
        directive_forms.draw_next_steps(here, file)
        if not file.actions:
            st.caption(_("It is not your turn here."))


def everything() -> None:
    """Draw the list with its filters; a chosen row opens the directive."""
    wanted, is_mine = directive_parts.filters(here)
    found = directive_parts.current_page(here, wanted, is_mine=is_mine)
    directive_parts.headline(found)
    chosen = directive_parts.directive_table(here, found.lines, key="directives-table")
    if found.pages > 1:
        st.pagination(found.pages, key="page")
    keep(directive_parts.FIELDS)
    if chosen:
        st.query_params.from_dict({"directive": chosen})
        st.rerun()


if opened:
    one(opened)
else:
    everything()
