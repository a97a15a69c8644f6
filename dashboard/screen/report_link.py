"""The navigation's entry for reporting an issue: it leads out of Streamlit to the page for phones."""

from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.i18n import _
from dashboard.screen.visit import Visit
from governance.permissions import Right, may

REPORT_PATH: Final = "/report"


def report_entry(here: Visit) -> list[StreamlitPage]:
    """The entry, for those who may report; none where the browser's address is not known."""
    origin = _origin(st.context.url)
    if not origin or not may(here.actor, Right.REPORT):
        return []
    return [st.Page(f"{origin}{REPORT_PATH}", title=_("Report an issue"), icon=":material/add_a_photo:")]


def _origin(address: object) -> str:
    parts = urlsplit(address if isinstance(address, str) else "")
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""
