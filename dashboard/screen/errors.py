"""The refusals that a page answers with a sentence instead of failing."""

from html import escape
from typing import Final

import streamlit as st

from dashboard.i18n import message
from dashboard.markdown import plain_label
from geo.errors import GeoError
from governance.errors import GridGuardError

REFUSALS: Final = (GridGuardError, GeoError)


def show_refusal(refusal: BaseException) -> None:
    """Draw a refusal's sentence; what an address or a file said stands in it as text, never as Markdown or a link."""
    st.html(f'<p class="gg-refusal" role="alert">▲ {escape(message(refusal))}</p>')


def sentence(refusal: BaseException) -> str:
    """A refusal's sentence for the places where Streamlit reads Markdown."""
    return plain_label(message(refusal))
