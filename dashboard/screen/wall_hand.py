"""The wall's hand: the one browser component that reports touches and pressed words; nothing of it is seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.assets import asset_folders, asset_url

_NAME: Final = "gridguard_wall_hand"
_KEY: Final = "wall-hand"
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Said:
    """What the hand reports in this run: the word that was pressed, a touch anywhere, or that looks have stopped."""

    word: str = ""
    is_touched: bool = False
    is_stalled: bool = False


def wall_hand(
    *,
    as_of_ms: int,
    version: int,
    is_behind: bool,
    poll_seconds: int,
    zone: str,
    is_playing: bool,
    hear: Callable[[], None],
) -> None:
    """Tell the hand about a look of the server.

    Parameters
    ----------
    as_of_ms : int
        Server's time of this look, in milliseconds since 1970.
    version : int
        Data version that the look found; what is drawn from an older one is being refreshed.
    is_behind : bool
        Whether the wall must be drawn anew; the hand then calls ``hear`` at once.
    poll_seconds : int
        Time between two looks; three without one mean that the server is gone.
    zone : str
        Name of the district's time zone, in which times are shown.
    is_playing : bool
        Whether a touch matters.
    hear : callable
        Called when the hand has something to say, before anything is drawn; `said` tells what.
    """
    data = {
        "asOf": as_of_ms,
        "version": version,
        "behind": is_behind,
        "poll": poll_seconds,
        "zone": zone,
        "playing": is_playing,
        "build": asset_folders()["gridguard"].version,
    }
    _component()(
        key=_KEY, data=data, on_go_change=hear, on_touch_change=hear, on_behind_change=hear, on_stalled_change=hear
    )


def said() -> Said:
    """What the hand says in this run; it comes from the browser and is believed in nothing but being a short text."""
    found = st.session_state.get(_KEY)
    if not isinstance(found, Mapping):
        return Said()
    word = found.get("go")
    is_word = isinstance(word, str) and len(word) <= _LONGEST
    return Said(
        word=str(word) if is_word else "",
        is_touched=found.get("touch") is True,
        is_stalled=found.get("stalled") is True,
    )


@cache
def _component() -> ComponentRenderer:
    address = asset_url("gridguard", "wall-hand.js")
    # The script is a stub of two lines, because it is sent with every look; a string without a line break would be
    # taken for a file's name.
    script = f"const {{ default: hand }} = await import(location.origin + '{address}');\nexport default hand;\n"
    return st.components.v2.component(_NAME, js=script)
