"""The column of lights in a table: shape and word in the light's colour, the same as on the map and the wall."""

from typing import Any, Final

import streamlit as st

from dashboard.screen.panels import light_text
from governance.vocabulary import Light

# The hues of the lights, so dark or bright that the word upon them has a contrast of at least 4.5 : 1.
_GROUNDS: Final = {Light.GREEN: "#15803D", Light.YELLOW: "#FACC15", Light.RED: "#BE123C"}


def light_column() -> Any:
    """How a column of lights is drawn; its cells are made by `light_cell`."""
    return st.column_config.MultiselectColumn(
        options=[light_text(light) for light in Light], color=[_GROUNDS[light] for light in Light]
    )


def light_cell(light: Light | None) -> list[str]:
    """A light as the cell of such a column; nothing where no clock runs."""
    return [light_text(light)] if light else []
