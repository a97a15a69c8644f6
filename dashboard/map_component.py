"""The one place that talks to the map's browser component: serialised arguments in, clicks out."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import streamlit as st
import streamlit_folium

Target = Literal["zone", "issue", "enterprise", "cell", "spot"]
_RETURNED: Final = ("last_active_drawing", "last_object_clicked_count")
_DEFAULT: Final = {"last_active_drawing": None, "last_object_clicked_count": 0}
_TARGETS: Final[tuple[Target, ...]] = ("zone", "issue", "enterprise", "cell", "spot")


# folium compiles what it has rendered as a template once more: a brace in a text would run on the server.
_BRACES: Final = {ord("{"): "\ue07b", ord("}"): "\ue07d"}
_BRACES_BACK: Final = {0xE07B: "{", 0xE07D: "}"}


def inert(value: Any) -> Any:
    """Return JSON-like data with every brace in a text replaced by a private character.

    Our script in the browser and `clicked` put the braces back.
    """
    if isinstance(value, str):
        return value.translate(_BRACES)
    if isinstance(value, Mapping):
        return {inert(name): inert(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [inert(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A serialised base map; a change of ``script`` or ``key`` remounts the frame, nothing else does."""

    key: str
    script: str
    header: str
    html: str
    css_links: tuple[str, ...]
    js_links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LiveLayer:
    """Serialised live data; a change replaces the layer inside the mounted map without flicker."""

    script: str


@dataclass(frozen=True, slots=True)
class MapClick:
    """What was clicked: the kind of thing, its code or number, and a count that grows with each click."""

    target: Target
    id: str
    count: int


def serialise_base(fig: Any, *, key: str) -> BaseMap:
    """Return the arguments that draw ``fig``, a ``folium.Map``; the object itself is spent afterwards.

    The same content and key give the same arguments, whenever and in whichever process.
    """
    fig.get_root().render()
    html = streamlit_folium._get_html(fig)
    header = streamlit_folium._get_header(fig)
    css_links = tuple(address for _, address in fig.default_css)
    js_links = tuple(address for _, address in fig.default_js)
    script = streamlit_folium._get_map_string(fig)
    digest = hashlib.sha256("\n".join((script, header, html)).encode()).hexdigest()
    return BaseMap(f"{key}-{digest[:16]}", script, header, html, css_links, js_links)


def serialise_live(group: Any, *, parent: Any) -> LiveLayer:
    """Return the script that draws ``group``, a ``folium.FeatureGroup``, on any mounted map.

    ``parent`` is an empty ``folium.Map`` for rendering; both objects are spent afterwards.
    """
    return LiveLayer(streamlit_folium._get_feature_group_string(group, map=parent))


def clicked(value: object) -> MapClick | None:
    """Return the click that the browser reported, or None when nothing of ours was clicked.

    The value comes from the browser and is believed in nothing: unknown kinds and shapes are None, and
    whoever uses the id asks the services whether the person may see it.
    """
    if not isinstance(value, Mapping):
        return None
    feature, count = value.get("last_active_drawing"), value.get("last_object_clicked_count")
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(properties, Mapping) or not isinstance(count, int):
        return None
    target, identifier = properties.get("target"), properties.get("id")
    if target not in _TARGETS or not isinstance(identifier, str):
        return None
    return MapClick(target, identifier.translate(_BRACES_BACK), count)


def show_map(
    base: BaseMap, live: LiveLayer | None = None, *, height: int, on_click: Callable[[], None] | None = None
) -> MapClick | None:
    """Draw the map at this place of the page and return the last click, or None before the first.

    Parameters
    ----------
    base, live : BaseMap, LiveLayer
        Serialised by `dashboard.maps`; cache these, they are plain text.
    height : int
        CSS pixels; the width is that of the container.
    on_click : callable, optional
        Called before the rerun that a click causes; the click is in ``st.session_state[base.key]``.

    Notes
    -----
    The returned click stays the same over reruns: compare its ``count`` with the last one handled.
    Callable inside a fragment; then a click reruns only the fragment.
    """
    value = streamlit_folium._component_func(
        **component_arguments(base, live, height=height), key=base.key, on_change=on_click
    )
    return clicked(value)


def last_click(base: BaseMap) -> MapClick | None:
    """Return the click that a callback of `show_map` is about."""
    return clicked(st.session_state.get(base.key))


def component_arguments(base: BaseMap, live: LiveLayer | None, *, height: int) -> dict[str, Any]:
    """Return what is sent to the browser: identical values are sent once and then by reference."""
    links: dict[str, Sequence[str]] = {"css_links": base.css_links, "js_links": base.js_links}
    return {
        "script": base.script,
        "header": base.header,
        "html": base.html,
        "id": "map_div",
        "height": height,
        "width": None,
        "returned_objects": list(_RETURNED),
        "default": dict(_DEFAULT),
        "zoom": None,
        "center": None,
        "feature_group": live.script if live else None,
        "return_on_hover": False,
        "layer_control": None,
        "pixelated": False,
        "wrap_longitude": False,
    } | {name: list(addresses) for name, addresses in links.items()}
