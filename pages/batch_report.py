"""Batch report: several findings for villages and small firms, entered in one table, all of them or none."""

import streamlit as st

from dashboard.i18n import _, ngettext
from dashboard.screen import batch_parts
from dashboard.screen.visit import visit

here = visit()
with st.container(horizontal=True, vertical_alignment="center"):
    st.text(
        _("One line for each finding: what, whose, which kind. Photos follow on each issue's page."), width="stretch"
    )
    st.link_button(_("Report by QR code"), batch_parts.QR_SHEET, icon=":material/qr_code:")

offered = batch_parts.choices(here)
if not offered.enterprises and not offered.villages:
    st.info(_("There is no enterprise and no village here for you to report of."))
    st.stop()

given = batch_parts.source_fields(here)
lines = batch_parts.table(here, offered)


def state() -> None:
    """Say how many findings stand in the table; they are kept, also when the browser is closed."""
    words = ngettext(
        "{number} finding in the table, kept as a draft", "{number} findings in the table, kept as a draft", len(lines)
    )
    st.text(words if lines else _("The table is empty."), width="stretch")


with st.container(horizontal=True, vertical_alignment="center"):
    state()
    is_clearing = st.button(_("Clear the table"), icon=":material/delete:", disabled=not lines)
    is_sending = st.button(_("Report all"), type="primary", icon=":material/send:", disabled=not lines)

if is_clearing:
    batch_parts.clear(here)
    st.rerun()

if is_sending:
    numbers = batch_parts.report_all(here, lines, given)
    if numbers is not None:
        st.session_state["batch_numbers"] = numbers
        st.rerun()

reported = st.session_state.pop("batch_numbers", "")
if reported:
    st.success(_("Reported: {numbers}", numbers=reported))
