"""The column of lights in a table: shape and word in the light's colour, the same as on the map and the wall."""

from typing import Any, Final

import streamlit as st

from dashboard.screen.panels import light_text
from governance.vocabulary import Light, Pace

# The hues of the lights, so dark or bright that the word upon them has a contrast of at least 4.5 : 1.
_GROUNDS: Final = {Light.GREEN: "#15803D", Light.YELLOW: "#FACC15", Light.RED: "#BE123C"}


# What follows a plan is worded by its pace; a step that is due soon is still on schedule.
_PACES: Final = ((Light.GREEN, Pace.ON_SCHEDULE), (Light.YELLOW, Pace.ON_SCHEDULE), (Light.RED, Pace.BEHIND))


def light_column() -> Any:
    """How a column of lights is drawn; its cells are made by `light_cell`."""
    worded = [*((light, None) for light in Light), *_PACES]
    return st.column_config.MultiselectColumn(
        options=[light_text(light, pace) for light, pace in worded], color=[_GROUNDS[light] for light, _ in worded]
    )


def light_cell(light: Light | None, pace: Pace | None = None) -> list[str]:
    """A light as the cell of such a column; nothing where no clock runs."""
    return [light_text(light, pace)] if light else []
