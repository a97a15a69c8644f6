"""Look-backs: what waits to be looked at again, one to record on a phone, the plans, and how much did not last."""

import streamlit as st

from dashboard.i18n import _, pgettext
from dashboard.screen import look_back_parts, rebound_parts
from dashboard.screen.kept import keep, kept_choice, recall
from dashboard.screen.visit import visit

VIEWS = ("due", "plans", "rates")
FIELDS = [kept_choice("view", VIEWS, default="due")]

here = visit()


def back() -> None:
    """Return to the list."""
    st.query_params.clear()


def one(number: str) -> None:
    """Draw the form of one look-back."""
    st.button(_("All look-backs"), icon=":material/arrow_back:", on_click=back)
    line = look_back_parts.one_item(here, number)
    if line is not None:
        look_back_parts.record_form(here, line)


def everything() -> None:
    """Draw the chosen view: what is due, the plans with the form for a new one, or the rates."""
    recall(FIELDS)
    view = st.segmented_control(
        _("View"),
        VIEWS,
        format_func=lambda name: pgettext("look-backs", name),
        key="view",
        label_visibility="collapsed",
        required=True,
    )
    keep(FIELDS)
    if view == "due":
        look_back_parts.due_list(here)
    elif view == "plans":
        look_back_parts.plan_form(here)
        look_back_parts.plan_table(here)
    else:
        rebound_parts.draw_rates(here)


opened = st.query_params.get(look_back_parts.ITEM)
if opened:
    one(opened)
else:
    everything()
