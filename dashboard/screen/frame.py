"""What stands around every page: browser title, style, who is signed in, and the mark of a demo district."""

from html import escape
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.i18n import _, current_locale, label
from dashboard.screen.names import name_of, plain_label
from dashboard.screen.visit import Visit

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
WALL: Final = "wall"


def page_frame(here: Visit, page: StreamlitPage) -> None:
    """Draw what surrounds a page; the wall has a title bar of its own and fills the screen."""
    title = f"{page.title} · {name_of(here.district)}"
    st.set_page_config(page_title=title, page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(STATIC / ("wall.css" if page.url_path == WALL else "page.css"))
    if page.url_path != WALL:
        _title_row(here, page)


def _title_row(here: Visit, page: StreamlitPage) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="page-title"):
        st.html(f'<h1 class="gg-title">{escape(title_of(here, page))}</h1>', width="stretch")
        if here.district.is_demo:
            st.html(demo_mark(), width="content")
        with st.popover(plain_label(here.signed_in.name), icon=":material/account_circle:"):
            _account(here)


def not_open() -> None:
    """What stands on a page that the person's role does not open."""
    st.warning(_("This page is not open to your role."))


def title_of(here: Visit, page: StreamlitPage) -> str:
    """The page's title with the district's name."""
    return f"{name_of(here.district)} · {page.title}"


def demo_mark() -> str:
    """The mark that stands on every page of a demo district."""
    why = escape(_("Synthetic data, made for demonstration"))
    return f'<span class="gg-demo" title="{why}">{escape(_("Demo data"))}</span>'


def _account(here: Visit) -> None:
    st.text(label(here.signed_in.role))
    other, words = ("en", "English") if current_locale() != "en" else ("zh_CN", _("Chinese"))
    st.link_button(words, f"/locale/{other}", icon=":material/translate:", width="stretch")
    st.link_button(_("Sign out"), "/sign-out", icon=":material/logout:", width="stretch")
