"""The refusals that a page answers with a sentence instead of failing."""

from typing import Final

from dashboard.i18n import message
from dashboard.screen.names import plain_label
from geo.errors import GeoError
from governance.errors import GridGuardError

REFUSALS: Final = (GridGuardError, GeoError)


def sentence(refusal: BaseException) -> str:
    """A refusal's sentence for Streamlit, which reads Markdown: what an address or a file said stays plain text."""
    return plain_label(message(refusal))
