"""The map's search box and its short list of results."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.i18n import _, pgettext
from dashboard.markdown import plain_label
from dashboard.screen.address import Place, step_to, zone_key
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.map_search import LONGEST_QUESTION, Found, FoundKind, search_places
from db.unit_of_work import reading

KEY: Final = "map-search"
_ICONS: Final = {
    FoundKind.ZONE: ":material/crop_free:",
    FoundKind.VILLAGE: ":material/home_pin:",
    FoundKind.ENTERPRISE: ":material/factory:",
    FoundKind.ISSUE: ":material/report:",
}


def search_box(here: Visit) -> None:
    """Draw the box, and beneath it what was found; choosing one goes there and empties the box."""
    text = st.text_input(
        _("Search the map"),
        key=KEY,
        max_chars=LONGEST_QUESTION,
        placeholder=_("Name, credit code or issue number"),
        label_visibility="collapsed",
        icon=":material/search:",
    )
    if not text.strip():
        return
    with reading(here.engine) as session:
        found = search_places(session, here.actor, text)
    if not found:
        st.caption(_("Nothing that is open to you has this name or number."))
    with st.container(key="map-found", gap="xsmall"):
        for index, one in enumerate(found):
            st.button(
                _line(one),
                key=f"found-{index}",
                icon=_ICONS[one.kind],
                on_click=partial(_choose, _place(one)),
                width="stretch",
            )


def _line(one: Found) -> str:
    name = name_of(one) if one.kind != FoundKind.ISSUE else one.name
    parts = (pgettext("found", one.kind.value), name, one.aside)
    return plain_label(" · ".join(part for part in parts if part))


def _place(one: Found) -> Place:
    if one.zone:
        return Place(zone=zone_key(*one.zone))
    return Place(enterprise=one.key) if one.kind == FoundKind.ENTERPRISE else Place(issue=one.key)


def _choose(place: Place) -> None:
    st.session_state[KEY] = ""
    step_to(place)
