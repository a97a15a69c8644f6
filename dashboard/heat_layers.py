"""What the heat page lays over the map, in compact form: fills of zones, hexagons, hot spots, frames of weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from dashboard.i18n import _, shown_date, shown_number
from dashboard.map_component import LiveLayer
from dashboard.map_shapes import ZoneFill
from dashboard.maps import live_layer
from dashboard.services.heat import CellHeat
from dashboard.services.heat_spots import Spot
from geo.codec import cell_name
from geo.hexagons import corners
from governance.classes import class_of
from governance.hot_spots import SpotState

RAMP: Final = ("#7C3A06", "#B45309", "#E58A0B", "#FBBF60", "#FFF3D6")
"""Heat from little to much, one hue from dark amber to near white, for dark grounds."""
RAMP_LIGHT: Final = ("#FDE3B0", "#F9BE62", "#DF8A14", "#A9560A", "#6A3205")
"""The same hue for light grounds: there much is dark."""
OPACITY: Final = 0.78
HOOK: Final = "heat"
DASHES: Final[Mapping[SpotState, str]] = {SpotState.PERSISTENT: "", SpotState.EMERGING: "10 7", SpotState.FADING: "2 7"}
_SCALE: Final = 100_000  # five decimals: a metre


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of the heat's classes, from the least to the most."""

    ramp: tuple[str, ...] = RAMP

    def colour(self, place: int, classes: int) -> str:
        """Colour of a class from 1: few classes are spread over the whole ramp."""
        last = len(self.ramp) - 1
        return self.ramp[last if classes <= 1 else round((place - 1) * last / (classes - 1))]

    def colours(self, classes: int) -> list[str]:
        """Colours of all classes in their order."""
        return [self.colour(place, classes) for place in range(1, classes + 1)]


def zones_layer(
    values: Mapping[str, float | None], bounds: Sequence[float], *, look: Look, selected: str | None = None
) -> LiveLayer:
    """Zones filled by the class of their value; those of no value or of zero keep the ground."""
    fills = {
        code: ZoneFill(look.colour(place, len(bounds)), OPACITY)
        for code, value in values.items()
        if value is not None and (place := class_of(value, bounds))
    }
    return live_layer(lights={}, fills=fills, selected=selected)


def kernel_layer(heat: Sequence[tuple[float, float, float]]) -> LiveLayer:
    """Kernel heat of (lat, lon, weight)."""
    return live_layer(lights={}, heat=heat)


def hexagons_layer(
    cells: Mapping[int, CellHeat], bounds: Sequence[float], *, look: Look, selected: str | None = None
) -> LiveLayer:
    """Hexagons in the class of their weight, with number and weight in the tip."""
    drawn = [
        [*_hexagon(cell), class_of(round(heat.weight, 1), bounds), _tip(heat)] for cell, heat in cells.items() if heat.n
    ]
    data = {"kind": "hexagons", "ramp": look.colours(len(bounds)), "cells": drawn, "selected": selected}
    return live_layer(lights={}, extras={HOOK: data})


def counts_layer(cells: Mapping[int, float], bounds: Sequence[float], *, look: Look) -> LiveLayer:
    """Hexagons in the class of a number."""
    drawn = [[*_hexagon(cell), class_of(n, bounds), shown_number(round(n))] for cell, n in cells.items() if n]
    data = {"kind": "hexagons", "ramp": look.colours(len(bounds)), "cells": drawn, "selected": None}
    return live_layer(lights={}, extras={HOOK: data})


def spots_layer(
    spots: Sequence[Spot], words: Mapping[SpotState, str], *, look: Look, selected: str | None = None
) -> LiveLayer:
    """Hot spots as outlines whose line tells their state, with its word and the number of issues beside it."""
    drawn = [
        [spot.name, _rings(spot.outline), DASHES[spot.state], f"{words[spot.state]} {shown_number(spot.heat.n)}"]
        for spot in spots
    ]
    data = {
        "kind": "spots",
        "colour": look.colour(3, 5),
        "line": look.colour(4, 5),
        "spots": drawn,
        "selected": selected,
    }
    return live_layer(lights={}, extras={HOOK: data})


def frames_layer(
    weeks: Sequence[Mapping[int, float]], ends: Sequence[date], bounds: Sequence[float], *, look: Look
) -> LiveLayer:
    """Hexagons of several weeks, sent once: each week is a text with one digit, the class, for each hexagon."""
    cells = sorted({cell for week in weeks for cell in week})
    data = {
        "kind": "frames",
        "ramp": look.colours(len(bounds)),
        "cells": [_hexagon(cell) for cell in cells],
        "frames": ["".join(str(class_of(week.get(cell, 0), bounds)) for cell in cells) for week in weeks],
        "labels": [
            f"{shown_date(end)} · {_unresolved(round(sum(week.values())))}"
            for week, end in zip(weeks, ends, strict=True)
        ],
        "words": {"play": _("Play"), "pause": _("Pause"), "week": _("Week")},
    }
    return live_layer(lights={}, extras={HOOK: data})


def _unresolved(n: int) -> str:
    return _("{number} unresolved", number=shown_number(n))


def _tip(heat: CellHeat) -> str:
    weight = _("weight {number}", number=shown_number(round(heat.weight)))
    return f"{_unresolved(heat.n)} · {weight}"


def _hexagon(cell: int) -> list[Any]:
    """Name of a cell and its corners: the first as whole hundred-thousandths of a degree, then steps from each to the
    next.
    """
    return [cell_name(cell), _steps(corners(cell))]


def _steps(points: Sequence[tuple[float, float]]) -> list[int]:
    whole = [(round(lat * _SCALE), round(lon * _SCALE)) for lat, lon in points]
    before = [(0, 0), *whole[:-1]]
    return [step for one, last in zip(whole, before, strict=True) for step in (one[0] - last[0], one[1] - last[1])]


def _rings(outline: BaseGeometry) -> list[list[int]]:
    parts = getattr(outline, "geoms", [outline])
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return [_steps([(lat, lon) for lon, lat in ring.coords[:-1]]) for ring in rings]
