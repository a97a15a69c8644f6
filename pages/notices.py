"""Rectification notices: who issued which, what was answered, each as Word and PDF, and the form for a new one."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import notice_forms, notice_parts
from dashboard.screen.address import go_to_issue
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.kept import keep
from dashboard.screen.visit import visit

here = visit()
opened = st.query_params.get(notice_parts.NOTICE)


def back() -> None:
    """Return to the list."""
    st.query_params.clear()


def open_notice(number: str) -> None:
    """Show one notice: the address names it."""
    st.query_params.from_dict({notice_parts.NOTICE: number})
    st.rerun()


def one(number: str) -> None:
    """Draw one notice, its documents, its issues, and the reply form for whoever may answer."""
    st.button(_("All notices"), icon=":material/arrow_back:", on_click=back)
    try:
        file = notice_parts.open_file(here, number)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return
    chosen = notice_parts.draw_file(here, file)
    notice_parts.reply_form(here, file)
    if chosen:
        go_to_issue(chosen)


def everything() -> None:
    """Draw the list with its filters and counts; a chosen row opens the notice."""
    issued = notice_forms.issue_form(here)
    wanted = notice_parts.filters()
    found = notice_parts.current_page(here, wanted)
    st.text(notice_parts.how_many(found))
    chosen = notice_parts.notice_table(found.lines, key="notices-table")
    if found.pages > 1:
        st.pagination(found.pages, key="page")
    if found.total:
        notice_parts.counts(here, wanted)
    keep(notice_parts.FIELDS)
    if issued or chosen:
        open_notice(issued or chosen or "")


if opened:
    one(opened)
else:
    everything()
