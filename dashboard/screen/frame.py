"""What stands around every page: browser title, style, who is signed in, and the mark of a demo district."""

from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.i18n import _, current_locale, label
from dashboard.markdown import plain_label
from dashboard.registry import PAGES, PageEntry, pages_for
from dashboard.screen.caches import waiting_count
from dashboard.screen.counts import shown_count
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import say_what_was_done
from dashboard.theme import theme_style

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
WALL: Final = "wall"
INBOX: Final = "inbox"


def page_frame(here: Visit, page: StreamlitPage) -> None:
    """Draw what surrounds a page; the wall has a title bar of its own and fills the screen."""
    title = f"{page.title} · {name_of(here.district)}"
    st.set_page_config(page_title=title, page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(theme_style(here.settings.theme))
    st.html(STATIC / ("wall.css" if page.url_path == WALL else "page.css"))
    if page.url_path != WALL:
        _title_row(here, page)
        say_what_was_done()


def _title_row(here: Visit, page: StreamlitPage) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="page-title"):
        st.html(f'<h1 class="gg-title">{escape(title_of(here, page))}</h1>', width="stretch")
        if here.district.is_demo:
            st.html(demo_mark(), width="content")
        if waiting := waiting_mark(here, page):
            st.html(waiting, width="content")
        with st.popover(plain_label(here.signed_in.name), icon=":material/account_circle:"):
            _account(here, page)


def not_open() -> None:
    """What stands on a page that the person's role does not open."""
    st.warning(_("This page is not open to your role."))


def title_of(here: Visit, page: StreamlitPage) -> str:
    """The page's title with the district's name."""
    plain = next((entry.title for entry in PAGES if entry.url == page.url_path), page.title)
    return f"{name_of(here.district)} · {plain}"


def menu_title(here: Visit, entry: PageEntry) -> str:
    """The page's title in the menu; the inbox's says how much waits there."""
    waiting = waiting_count(here) if entry.url == INBOX else 0
    return f"{entry.title} ({shown_count(waiting)})" if waiting else entry.title


def waiting_mark(here: Visit, page: StreamlitPage) -> str:
    """How much waits in the inbox, as a link; the style shows it where the menu is folded away, on a phone."""
    entry = next(entry for entry in PAGES if entry.url == INBOX)
    waiting = waiting_count(here) if page.url_path != INBOX and entry in pages_for(here.actor) else 0
    if not waiting:
        return ""
    words = escape(f"{entry.title} {shown_count(waiting)}")
    return f'<a class="gg-waiting" href="/{INBOX}" target="_self">{words}</a>'


def demo_mark() -> str:
    """The mark that stands on every page of a demo district."""
    why = escape(_("Synthetic data, made for demonstration"))
    return f'<span class="gg-demo" style="font-size: max(16px, .9em)" title="{why}">{escape(_("Demo data"))}</span>'


def _account(here: Visit, page: StreamlitPage) -> None:
    other, words = ("en", "English") if current_locale() != "en" else ("zh_CN", _("Chinese"))
    st.text(label(here.signed_in.role))
    st.html(
        f'<nav class="gg-account"><a href="/locale/{other}?next={_address_of(page)}" target="_self">{escape(words)}</a>'
        f'<a href="/sign-out" target="_self">{escape(_("Sign out"))}</a></nav>'
    )


def _address_of(page: StreamlitPage) -> str:
    """Path and parameters of the page as it is shown, as a value within an address."""
    parameters = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    path = f"/{page.url_path}?{urlencode(parameters)}" if parameters else f"/{page.url_path}"
    return quote(path, safe="")
