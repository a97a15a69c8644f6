"""Streamlit's entry script: the visit is checked, then the page runs."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.registry import PAGES, Section, by_section, pages_for
from dashboard.screen.frame import menu_title, not_open, page_frame
from dashboard.screen.report_link import report_entry
from dashboard.screen.visit import visit
from dashboard.security.destinations import HOME_PAGES

here = visit()
may_open = pages_for(here.actor)
pages = {
    entry.url: st.Page(
        entry.file,
        title=menu_title(here, entry),
        icon=entry.icon,
        url_path=entry.url,
        visibility="visible" if entry.is_in_menu else "hidden",
    )
    for entry in may_open
}
closed = [
    st.Page(not_open, title=entry.title, url_path=entry.url, visibility="hidden")
    for entry in PAGES
    if entry not in may_open
]


def home() -> None:
    """The address without a page leads to the page that the person's role begins with."""
    st.switch_page(pages[HOME_PAGES[here.signed_in.role].strip("/")])


hidden_home = st.Page(home, default=True, visibility="hidden", url_path="home")
menu: dict[str, list[StreamlitPage]] = {"": [hidden_home, *closed]}
for section, entries in by_section(may_open).items():
    menu.setdefault(section.heading, []).extend(pages[entry.url] for entry in entries)
if reporting := report_entry(here):
    menu.setdefault(Section.WORK.heading, []).extend(reporting)
page = st.navigation(menu, position="top")
page_frame(here, page)
page.run()
