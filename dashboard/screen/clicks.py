"""Clicks on maps: each is answered once, although the component reports the last one on every rerun."""

import streamlit as st

from dashboard.map_component import MapClick

_HANDLED = "handled_map_clicks"


def is_new(click: MapClick) -> bool:
    """Whether this click was not answered yet; asking answers it."""
    handled: set[tuple[str, str, int]] = st.session_state.setdefault(_HANDLED, set())
    key = (click.target, click.id, click.count)
    if key in handled:
        return False
    handled.add(key)
    return True
