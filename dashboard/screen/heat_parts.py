"""Parts of the heat page: the switch, the map of each way to look, its legend, and what was clicked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import streamlit as st

from dashboard.heat_layers import Look, frames_layer, hexagons_layer, kernel_layer, spots_layer, zones_layer
from dashboard.i18n import _, pgettext
from dashboard.map_component import LiveLayer, MapClick, show_map
from dashboard.screen.address import zone_key
from dashboard.screen.caches import district_map, outlines
from dashboard.screen.clicks import is_new
from dashboard.screen.heat_caches import cells_of_today, weeks, zones_of_today
from dashboard.screen.kept import Kept, kept_choice, kept_text
from dashboard.screen.visit import Visit
from dashboard.services.heat import CellHeat, Measure, ZoneHeat, coarser, shown_resolution
from dashboard.services.heat_past import SHOWN_WEEKS, Compared, week_ends
from dashboard.services.heat_spots import SpotPicture
from db.tables.territory import Zone
from geo.codec import cell_centre
from geo.hexagons import summed
from governance.classes import class_bounds
from governance.hot_spots import SpotState
from governance.vocabulary import ZoneKind

MAP_HEIGHT: Final = 620
PICK: Final = "pick"
LONGEST_PICK: Final = 60
LOOK: Final = Look()


class Way(StrEnum):
    """Ways to look at heat."""

    ZONES = "zones"
    KERNEL = "kernel"
    HEXAGONS = "hexagons"
    SPOTS = "spots"
    TIME = "time"


class Part(StrEnum):
    """What time shows."""

    ANIMATION = "animation"
    COMPARISON = "comparison"


class Shape(StrEnum):
    """Places that a number is shown by."""

    TOWNSHIPS = "townships"
    KEY_ZONES = "key_zones"
    CELLS = "cells"


ZONE_SHAPES: Final = (Shape.TOWNSHIPS, Shape.KEY_ZONES)
_DAYS: Final = ("a_from", "a_to", "b_from", "b_to")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the page is asked to show."""

    way: Way
    measure: Measure
    zones: Shape
    part: Part
    what: Compared
    shape: Shape
    days: Mapping[str, date]
    pick: str


def fields(here: Visit) -> list[Kept]:
    """Everything of the page that stands in the address."""
    usual = _usual_days(here.today)
    return [
        kept_choice("way", [one.value for one in Way], default=Way.ZONES.value),
        kept_choice("measure", [one.value for one in Measure], default=Measure.COUNT.value),
        kept_choice("zones", [one.value for one in ZONE_SHAPES], default=Shape.TOWNSHIPS.value),
        kept_choice("part", [one.value for one in Part], default=Part.ANIMATION.value),
        kept_choice("what", [one.value for one in Compared], default=Compared.UNRESOLVED.value),
        kept_choice("shape", [one.value for one in Shape], default=Shape.TOWNSHIPS.value),
        *(_kept_day(name, usual[name], here.today) for name in _DAYS),
        kept_text(PICK, longest=LONGEST_PICK),
    ]


def asked() -> Asked:
    """What the widgets say; a switch that was taken off says its first choice."""
    said = st.session_state
    return Asked(
        way=Way(said.get("way") or Way.ZONES),
        measure=Measure(said.get("measure") or Measure.COUNT),
        zones=Shape(said.get("zones") or Shape.TOWNSHIPS),
        part=Part(said.get("part") or Part.ANIMATION),
        what=Compared(said.get("what") or Compared.UNRESOLVED),
        shape=Shape(said.get("shape") or Shape.TOWNSHIPS),
        days={name: said[name] for name in _DAYS},
        pick=said.get(PICK, ""),
    )


def word(member: StrEnum) -> str:
    """The word for a choice of the page."""
    return pgettext(type(member).__name__, member.value)


def choose(name: str, members: list[StrEnum], title: str) -> None:
    """Draw a switch of several choices; its value stands in the address."""
    st.segmented_control(
        title,
        [one.value for one in members],
        format_func={one.value: word(one) for one in members}.__getitem__,
        key=name,
    )


def _usual_days(today: date) -> dict[str, date]:
    four = timedelta(days=28)
    return {
        "a_from": today - 2 * four + timedelta(days=1),
        "a_to": today - four,
        "b_from": today - four + timedelta(days=1),
        "b_to": today,
    }


def _kept_day(name: str, usual: date, today: date) -> Kept:
    def read(said: object) -> date:
        texts = list(said) if isinstance(said, list | tuple) else []
        try:
            return min(date.fromisoformat(texts[0]), today) if texts else usual
        except ValueError:
            return usual

    return Kept(name, read, lambda value: [] if value in (None, usual) else [value.isoformat()])


def zone_rows(here: Visit, shape: Shape) -> list[tuple[Zone, ZoneHeat | None]]:
    """Zones of a choropleth with their heat; None of those that are not open to the person."""
    known = zones_of_today(here)
    return [(zone, known.get(zone.key)) for zone in zones_drawn(here, shape)]


def zones_drawn(here: Visit, shape: Shape) -> list[Zone]:
    """Townships or key zones, by code."""
    is_township = shape == Shape.TOWNSHIPS
    return [item.zone for item in outlines(here) if (item.zone.kind == ZoneKind.TOWNSHIP) == is_township]


def zone_values(here: Visit, look: Asked) -> dict[str, float | None]:
    """Value of each zone of the choropleth by its public name."""
    return {
        zone_key(zone.kind, zone.code): rounded(heat.value(look.measure)) if heat else None
        for zone, heat in zone_rows(here, look.zones)
    }


def shown_cells(here: Visit) -> dict[int, CellHeat]:
    """Hexagons of today at the finest resolution that the browser gets."""
    cells = cells_of_today(here)
    return coarser(cells, shown_resolution(cells))


def shown_weeks(here: Visit) -> tuple[list[dict[int, float]], list[date]]:
    """Weeks of the animation by hexagon, at one resolution for all of them, and their last days."""
    ends = week_ends(here.today, SHOWN_WEEKS)
    found = weeks(here, tuple(ends))
    resolution = shown_resolution({cell for week in found for cell in week})
    return [summed(week, resolution) for week in found], ends


def layer_of(here: Visit, look: Asked, picture: SpotPicture | None) -> LiveLayer:
    """The live layer of a way to look; hot spots that are not computed yet leave the map empty."""
    picked = look.pick.partition(":")[2] or None
    match look.way:
        case Way.ZONES:
            values = zone_values(here, look)
            return zones_layer(values, class_bounds(_numbers(values)), look=LOOK, selected=picked)
        case Way.KERNEL:
            return kernel_layer([_centre(cell, heat) for cell, heat in shown_cells(here).items()])
        case Way.HEXAGONS:
            cells = shown_cells(here)
            return hexagons_layer(cells, class_bounds(_weights(cells)), look=LOOK, selected=picked)
        case Way.SPOTS:
            spots = picture.spots if picture else ()
            return spots_layer(spots, {state: word(state) for state in SpotState}, look=LOOK, selected=picked)
        case Way.TIME:
            found, ends = shown_weeks(here)
            bounds = class_bounds(n for week in found for n in week.values())
            return frames_layer(found, ends, bounds, look=LOOK)


def rounded(value: float | None) -> float | None:
    """As it is shown and classed: one decimal."""
    return None if value is None else round(value, 1)


def _numbers(values: Mapping[str, float | None]) -> list[float]:
    return [value for value in values.values() if value is not None]


def _weights(cells: Mapping[int, CellHeat]) -> list[float]:
    return [round(heat.weight, 1) for heat in cells.values()]


def _centre(cell: int, heat: CellHeat) -> tuple[float, float, float]:
    lon, lat = cell_centre(cell)
    return lat, lon, round(heat.weight, 2)


def draw_map(here: Visit, layer: LiveLayer, *, key: str = "heat") -> MapClick | None:
    """Draw the map, the same for all ways to look; return what was clicked and not answered yet."""
    clicked = show_map(district_map(here, key=key), layer, height=MAP_HEIGHT)
    return clicked if clicked and is_new(clicked) else None


def pick_of(click: MapClick, look: Asked) -> str | None:
    """How what was clicked stands in the address; None of what the way to look does not describe."""
    wanted = {Way.ZONES: "zone", Way.HEXAGONS: "cell", Way.SPOTS: "spot"}.get(look.way)
    return f"{click.target}:{click.id}" if click.target == wanted else None


def take(click: MapClick | None, look: Asked) -> None:
    """Put what was clicked into the address and draw the page's part again."""
    picked = pick_of(click, look) if click else None
    if picked is not None:
        st.session_state[PICK] = picked
        st.query_params[PICK] = picked
        st.rerun(scope="fragment")


def bounds_of(here: Visit, look: Asked) -> tuple[list[float], str]:
    """Bounds of the classes that the map shows, and their unit."""
    if look.way == Way.ZONES:
        units = {
            Measure.COUNT: _("issues"),
            Measure.RATE: _("issues per 100 enterprises"),
            Measure.OVERDUE_SHARE: _("% of the unresolved overdue"),
        }
        return class_bounds(_numbers(zone_values(here, look))), units[look.measure]
    if look.way == Way.TIME:
        return class_bounds(n for week in shown_weeks(here)[0] for n in week.values()), _("unresolved issues per cell")
    return class_bounds(_weights(shown_cells(here))), _("weight per cell, no unit")
