"""Rules: the numbers of the loop as they are in force, the form that sets them, their history and the holidays."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import rules_parts
from dashboard.screen.kept import keep, kept_switch, recall
from dashboard.screen.visit import visit

FIELDS = [kept_switch("edit")]

here = visit()
numbers = rules_parts.numbers_in_force(here)


def wants_to_edit() -> bool:
    """Whether the person may set the numbers and wants to."""
    if not rules_parts.may_edit(here):
        return False
    recall(FIELDS)
    is_wanted = st.toggle(_("Set the numbers"), key="edit")
    keep(FIELDS)
    return bool(is_wanted)


def below() -> None:
    """What stands under the numbers: which holidays they count by, and who set them."""
    left, right = st.columns(2)
    with left:
        rules_parts.holidays(here)
    with right:
        rules_parts.history(here)


st.text(_("By these numbers deadlines are counted and people are told. Whoever sees issues sees them."))
if wants_to_edit():
    rules_parts.edit_numbers(here)
else:
    rules_parts.show_numbers(numbers)
below()
