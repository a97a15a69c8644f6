"""Heat: where the unresolved issues weigh, in five ways to look, each place leading to exactly its issues."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import heat_panels, heat_parts, heat_spot_panels, heat_times
from dashboard.screen.heat_caches import spots_if_ready, warm_up
from dashboard.screen.heat_parts import Part, Shape, Way, choose
from dashboard.screen.kept import keep, recall
from dashboard.screen.visit import Visit, visit
from dashboard.screen.wall_map_parts import map_note
from dashboard.services.heat import Measure
from dashboard.services.heat_past import Compared
from dashboard.services.heat_spots import SpotPicture

ASK_AGAIN_S = 1


@st.fragment
def heat() -> None:
    """Draw the switch, the map and what stands beside it; a click draws only this again."""
    here = visit()
    known = heat_parts.fields(here)
    recall(known)
    switches(heat_parts.asked())
    look = heat_parts.asked()
    if look.way == Way.TIME and look.part == Part.COMPARISON:
        comparison(here, look)
    else:
        picture = spots_if_ready(here) if look.way == Way.SPOTS else None
        left, right = st.columns([3, 2])
        with left:
            click = heat_parts.draw_map(here, heat_parts.layer_of(here, look, picture))
            st.caption(map_note(here))
        with right:
            beside(here, look, picture)
        heat_parts.take(click, look)
    keep(known)


def switches(look: heat_parts.Asked) -> None:
    """The way to look, and what that way lets choose."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="heat-switches"):
        choose("way", list(Way), _("Way to look"))
        if look.way == Way.ZONES:
            choose("measure", list(Measure), _("Number"))
            choose("zones", list(heat_parts.ZONE_SHAPES), _("Zones"))
        if look.way == Way.TIME:
            choose("part", list(Part), _("Time"))
        if look.way == Way.TIME and look.part == Part.COMPARISON:
            choose("what", list(Compared), _("Compare"))
            choose("shape", list(Shape), _("Places"))


def beside(here: Visit, look: heat_parts.Asked, picture: SpotPicture | None) -> None:
    """What was clicked, the ranking of the way to look, and its legend."""
    if look.way == Way.SPOTS:
        if picture is None:
            st.info(_("The hot spots are being computed; they appear here by themselves."), icon=":material/hourglass:")
            ask_again()
            return
        heat_spot_panels.picked_spot(here, look, picture)
        heat_spot_panels.spot_table(here, picture)
        heat_spot_panels.spot_legend(picture)
        return
    heat_panels.picked(here, look)
    if look.way == Way.ZONES:
        heat_panels.zone_table(here, look)
    heat_panels.legend(here, look, *heat_parts.bounds_of(here, look))


def comparison(here: Visit, look: heat_parts.Asked) -> None:
    """Two days or periods side by side in the same classes, with a table of what changed."""
    heat_times.choose_days(look, today=here.today)
    both, bounds, names = heat_times.sides(here, look)
    left, right = st.columns([1, 1])
    with left:
        heat_times.draw_side(here, both[0], key="heat")
    with right:
        heat_times.draw_side(here, both[1], key="heat-second")
    heat_panels.legend(here, look, bounds, _("issues"))
    heat_times.differences(both, names)


@st.fragment(run_every=ASK_AGAIN_S)
def ask_again() -> None:
    """Look now and then whether the hot spots are there; then the page is drawn with them."""
    if spots_if_ready(visit()) is not None:
        st.rerun()


warm_up()
heat()
