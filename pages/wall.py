"""The wall screen: how many problems are unresolved, how many are late, where they are and who must act."""

import streamlit as st

from dashboard.screen import wall_parts
from dashboard.screen.visit import visit
from dashboard.settings import settings

LEFT, CENTRE, RIGHT = 23, 54, 23


@st.fragment(run_every=settings().poll_seconds)
def wall() -> None:
    """Draw the wall; while nothing changes, a refresh reads the data version and draws what is kept."""
    now = wall_parts.current_wall(visit())
    wall_parts.title_bar(now)
    left, centre, right = st.columns([LEFT, CENTRE, RIGHT])
    with left, st.container(key="wall-left"):
        numbers(now)
    with centre:
        wall_parts.district_heat(now)
        wall_parts.trend(now)
    with right, st.container(key="wall-right"):
        people_and_places(now)


def numbers(now: wall_parts.Wall) -> None:
    """The left column: what is unresolved, what came from above, how much is done in time."""
    wall_parts.key_numbers(now)
    wall_parts.from_above(now)
    wall_parts.on_time(now)
    wall_parts.severities(now)


def people_and_places(now: wall_parts.Wall) -> None:
    """The right column: what is most urgent, and where attention is needed."""
    wall_parts.urgent(now)
    wall_parts.townships(now)
    wall_parts.key_zones(now)


wall()
