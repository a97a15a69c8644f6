"""The map: from the district to a zone, an enterprise and one issue, by clicking; the URL reopens the same view."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import map_drawing_parts, map_panel_parts, map_parts
from dashboard.screen.address import Place, current_place, step_to
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.map_layer_parts import layer_control
from dashboard.screen.map_search_parts import search_box
from dashboard.screen.visit import visit
from dashboard.screen.wall_map_parts import map_note

MAP_HEIGHT = 680
MAP, BESIDE = 3, 2
SEARCH, LAYERS = 3, 1


@st.fragment
def drill_down() -> None:
    """Draw the place that the address names; a click changes the address and runs this again, nothing else."""
    here = visit()
    with st.container(key="map-tools"):
        search, layers = st.columns([SEARCH, LAYERS])
    with layers:
        chosen = layer_control(here)
    with search:
        search_box(here)
    try:
        shown = map_parts.shown_at(here, current_place(), chosen)
    except REFUSALS as refusal:
        show_refusal(refusal)
        st.button(_("Back to the district"), on_click=step_to, args=(Place(),))
        return
    map_parts.breadcrumb(here, shown)
    left, right = st.columns([MAP, BESIDE])
    with left, st.container(key="drill-map"):
        map_drawing_parts.draw(here, shown, height=MAP_HEIGHT)
        st.caption(" · ".join((map_note(here), *map_panel_parts.notes(shown))))
    with right:
        map_panel_parts.describe(here, shown)
    map_panel_parts.list_issues(here, shown)


drill_down()
