"""The wall screen: how many problems are unresolved, how many are late, where they are and who must act."""

import streamlit as st

from dashboard.screen import wall_bar, wall_live, wall_parts
from dashboard.screen.frame import STATIC
from dashboard.screen.visit import Visit, visit
from dashboard.settings import settings


@st.fragment(key=wall_live.CONTENT)
def wall() -> None:
    """Draw the wall; this runs again when a look of the server or a touch finds something else to show."""
    here = visit()
    live = wall_live.current(here)
    wall_parts.draw(wall_parts.wall_of(here, live.view.step, listed=live.listed.name, page=live.listed.page))
    newly_overdue(here, live)


def newly_overdue(here: Visit, live: wall_live.LiveWall) -> None:
    """The severe issue that interrupts the playlist, if one does."""
    late = wall_live.alert_line(here, live)
    if late:
        st.html(wall_bar.alert_card(late, today=here.today))


@st.fragment(run_every=settings().poll_seconds, key=wall_live.LOOKING)
def looking() -> None:
    """Ask every few seconds whether the wall is still true; while it is, nothing is drawn."""
    wall_live.look()


def what_keeps_it_alive() -> None:
    """The band for a lost connection and the looks; they come first, so that no interruption keeps them away."""
    with st.container(key="wall-live"):
        st.html(STATIC / "wall-live.css")
        st.html(wall_bar.lost_band())
        looking()


wall_live.arrive(visit())
what_keeps_it_alive()
wall()
