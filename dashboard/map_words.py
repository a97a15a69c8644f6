"""The words of the map's own controls, as a script made for the language of the request."""

import json
from typing import Any

from dashboard.assets import asset_url
from dashboard.i18n import _


def map_words_script() -> str:
    """Return the script that gives the map's script its words and the place of Leaflet's pictures."""
    images = asset_url("leaflet", "images/marker-icon.png").rsplit("/", 1)[0]
    words: dict[str, Any] = {
        "iconPath": f"{images}/",
        "approximate": _("Outline approximate"),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "drawLocal": {"draw": _draw_words(), "edit": _edit_words()},
    }
    encoded = json.dumps(words, ensure_ascii=True).replace("<", "\\u003c")
    return f"window.GRIDGUARD_WORDS = {encoded};\n"


def _draw_words() -> dict[str, Any]:
    start = _("Click to begin the outline.")
    polyline = {"start": start, "cont": _("Click to go on."), "end": _("Click the last point to finish.")}
    polygon = {"start": start, "cont": _("Click to go on."), "end": _("Click the first point to finish.")}
    return {
        "toolbar": {
            "actions": {"title": _("Cancel drawing"), "text": _("Cancel")},
            "finish": {"title": _("Finish drawing"), "text": _("Finish")},
            "undo": {"title": _("Delete the last point"), "text": _("Undo")},
            "buttons": {
                "polyline": _("Draw a line"),
                "polygon": _("Draw an outline"),
                "rectangle": _("Draw a rectangle"),
                "circle": _("Draw a circle"),
                "marker": _("Place a point"),
                "circlemarker": _("Place a round point"),
            },
        },
        "handlers": {
            "circle": {"tooltip": {"start": _("Press and drag to draw a circle.")}, "radius": _("Radius")},
            "circlemarker": {"tooltip": {"start": _("Click to place the point.")}},
            "marker": {"tooltip": {"start": _("Click to place the point.")}},
            "polygon": {"tooltip": polygon, "error": _("An outline may not cross itself.")},
            "polyline": {"error": _("An outline may not cross itself."), "tooltip": polyline},
            "rectangle": {"tooltip": {"start": _("Press and drag to draw a rectangle.")}},
            "simpleshape": {"tooltip": {"end": _("Release to finish.")}},
        },
    }


def _edit_words() -> dict[str, Any]:
    return {
        "toolbar": {
            "actions": {
                "save": {"title": _("Keep the changes"), "text": _("Keep")},
                "cancel": {"title": _("Discard all changes"), "text": _("Cancel")},
                "clearAll": {"title": _("Delete everything drawn"), "text": _("Delete all")},
            },
            "buttons": {
                "edit": _("Change what is drawn"),
                "editDisabled": _("Nothing to change"),
                "remove": _("Delete what is drawn"),
                "removeDisabled": _("Nothing to delete"),
            },
        },
        "handlers": {
            "edit": {
                "tooltip": {"text": _("Drag the points to change the outline."), "subtext": _("Cancel undoes it.")}
            },
            "remove": {"tooltip": {"text": _("Click what is to be deleted.")}},
        },
    }
