"""Two pictures of the past side by side: how it stood on two days, or what happened within two periods."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.heat_layers import counts_layer, zones_layer
from dashboard.i18n import _
from dashboard.map_component import LiveLayer
from dashboard.screen import panels
from dashboard.screen.address import zone_key
from dashboard.screen.heat_caches import cells_then, zones_then
from dashboard.screen.heat_panels import days_words, difference_table
from dashboard.screen.heat_parts import LOOK, Asked, Shape, draw_map, zones_drawn
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.heat import MOST_HEXAGONS
from dashboard.services.heat_past import Compared
from geo.codec import cell_name, parent_cell
from geo.hexagons import FINEST, summed
from governance.classes import class_bounds


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two pictures: its days in words, and number by place; None: not recorded."""

    title: str
    numbers: Mapping[str, float] | None
    layer: LiveLayer


def choose_days(look: Asked, *, today: date) -> None:
    """Draw the fields of the two days, or of the two periods."""
    is_day = look.what == Compared.UNRESOLVED
    titles = {"a_from": _("First: from"), "a_to": _("First: to"), "b_from": _("Second: from"), "b_to": _("Second: to")}
    titles |= {"a_to": _("First day"), "b_to": _("Second day")} if is_day else {}
    names = ["a_to", "b_to"] if is_day else list(titles)
    for column, name in zip(st.columns(len(names)), names, strict=True):
        column.date_input(titles[name], key=name, format="YYYY-MM-DD", max_value=today)


def sides(here: Visit, look: Asked) -> tuple[list[Side], list[float], dict[str, str]]:
    """Both pictures in the same classes, the bounds of these, and the names of the places."""
    spans = [(look.days["a_from"], look.days["a_to"]), (look.days["b_from"], look.days["b_to"])]
    is_day = look.what == Compared.UNRESOLVED
    if look.shape == Shape.CELLS:
        found = _cells(here, look, spans)
        bounds = class_bounds(n for one in found for n in one.values())
        layers = [counts_layer(one, bounds, look=LOOK) for one in found]
        numbers: list[Mapping[str, float] | None] = [{cell_name(cell): n for cell, n in one.items()} for one in found]
        names = {name: name.rstrip("f") for one in numbers if one for name in one}
    else:
        numbers, names = _zones(here, look, spans)
        bounds = class_bounds(n for one in numbers if one for n in one.values())
        layers = [zones_layer(dict(one or {}), bounds, look=LOOK) for one in numbers]
    titles = [days_words(None if is_day else first, last) for first, last in spans]
    made = [Side(title=title, numbers=n, layer=layer) for title, n, layer in zip(titles, numbers, layers, strict=True)]
    return made, bounds, names


def draw_side(here: Visit, side: Side, *, key: str) -> None:
    """Draw one picture under its days."""
    total = sum(side.numbers.values()) if side.numbers else 0
    words = _("{number} in all", number=round(total)) if side.numbers is not None else _("no record of that day")
    st.html(panels.panel(side.title, "", aside=words))
    draw_map(here, side.layer, key=key)


def differences(both: list[Side], names: Mapping[str, str]) -> None:
    """Draw the table of what changed; nothing where a side is not recorded."""
    one, other = both[0].numbers, both[1].numbers
    if one is None or other is None:
        st.html(panels.empty(_("One of the days has no record, so that nothing is compared.")))
        return
    rows = [(names[key], one.get(key, 0), other.get(key, 0)) for key in names]
    difference_table(rows, {"place": _("Place"), "a": both[0].title, "b": both[1].title})


def _cells(here: Visit, look: Asked, spans: list[tuple[date, date]]) -> list[dict[int, float]]:
    found = [cells_then(here, look.what, first, last) for first, last in spans]
    resolution = FINEST
    while resolution > 0 and len({parent_cell(cell, resolution) for one in found for cell in one}) > MOST_HEXAGONS:
        resolution -= 1
    return [summed(one, resolution) for one in found]


def _zones(
    here: Visit, look: Asked, spans: list[tuple[date, date]]
) -> tuple[list[Mapping[str, float] | None], dict[str, str]]:
    drawn = zones_drawn(here, look.shape)
    names = {zone_key(zone.kind, zone.code): name_of(zone) for zone in drawn}
    found = [zones_then(here, look.what, first, last) for first, last in spans]
    numbers: list[Mapping[str, float] | None] = [
        None if one is None else {zone_key(zone.kind, zone.code): one.get(zone.key, 0) for zone in drawn}
        for one in found
    ]
    return numbers, names
