"""The wall's parts: title bar, number columns, map and trend, each drawn from the picture of one data version."""

from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from dashboard.charts import CONFIG
from dashboard.i18n import _, label, shown_date, shown_number, shown_percent
from dashboard.map_component import show_map
from dashboard.maps import LIGHT_LOOKS
from dashboard.registry import pages_for
from dashboard.screen import panels
from dashboard.screen.caches import district_map, outlines, wall_layer, wall_picture, weeks_figure
from dashboard.screen.figure_parts import counted_cell, counted_figure, rows_address
from dashboard.screen.frame import demo_mark
from dashboard.screen.names import either, name_of
from dashboard.screen.visit import Visit
from dashboard.services.overview import Standing
from dashboard.services.wall import WallPicture
from db.repositories.ledger_filter import LedgerFilter
from db.tables.territory import Zone
from governance import counting
from governance.counting import COMPLAINTS, INSPECTIONS, INSTRUCTIONS
from governance.lights import days_late
from governance.permissions import Right, may
from governance.vocabulary import Light, Source

# The bar has room for few; every other page is one step further, in their menu.
LINKED_PAGES: Final = ("my-zones", "inbox", "map", "ledger", "rankings")
MAP_HEIGHT: Final = 640
KEY_ZONE_ROWS: Final = 3
TOWNSHIP_ROWS: Final = 8


@dataclass(frozen=True, slots=True)
class Wall:
    """What is drawn: the visit and the picture of its data version."""

    here: Visit
    picture: WallPicture


def current_wall(here: Visit) -> Wall:
    """The wall of this moment; the picture is kept until the data or the day changes.

    A refresh runs without the page's entry script: whoever may no longer see the district leaves the wall here.
    """
    if not may(here.actor, Right.SEE_DISTRICT):
        st.rerun()
    return Wall(here, wall_picture(here))


def title_bar(wall: Wall) -> None:
    """District and title, scope, way to the other pages, freshness with the time of the data, date."""
    here = wall.here
    local = here.now.astimezone(here.zone)
    links = "".join(
        f'<a href="/{page.url}" target="_self">{escape(page.title)}</a>'
        for page in pages_for(here.actor)
        if page.url in LINKED_PAGES
    )
    st.html(
        f'<header class="gg-bar"><h1>{escape(_("{district} environmental grid", district=name_of(here.district)))}</h1>'
        f"{demo_mark() if here.district.is_demo else ''}{links}"
        f"<span>{escape(_('Scope'))} <b>{escape(_('Whole district'))}</b></span>"
        f'<span><b class="gg-fresh">●</b> {escape(_("Data as of"))} <b>{local:%H:%M:%S}</b></span>'
        f"<b>{escape(shown_date(local.date()))}</b></header>"
    )


def key_numbers(wall: Wall) -> None:
    """Unresolved, overdue, due soon, closed this month; clues apart."""
    now, picture = wall.picture.district, wall.picture
    change = now.unresolved - picture.weeks[-2].still_open
    note = _("{change} since last week", change=f"{change:+d}" if change else "±0")
    here, due_soon = wall.here, _("Due within {days} days", days=wall.here.settings.yellow_days)
    items = (
        counted_figure(here, counting.Figure.UNRESOLVED, _("Unresolved"), now.unresolved, note=note),
        counted_figure(here, counting.Figure.OVERDUE, _("Overdue"), now.overdue, light=Light.RED),
        counted_figure(here, counting.Figure.DUE_SOON, due_soon, now.due_soon, light=Light.YELLOW),
        counted_figure(here, counting.Figure.CLOSED, _("Closed this month"), picture.month.closed),
    )
    aside = panels.linked(
        _("Clues to confirm {number}", number=shown_number(now.clues)), rows_address(here, counting.Figure.CLUES)
    )
    st.html(panels.panel(_("Unresolved issues"), panels.figures(items), aside_html=aside))


def from_above(wall: Wall) -> None:
    """What came from above: open and overdue."""
    names = {INSPECTIONS: _("Inspections"), COMPLAINTS: _("12345 and petitions"), INSTRUCTIONS: _("Instructions")}
    lines = [
        (
            name,
            counted_cell(
                wall.here, counting.Figure.UNRESOLVED, wall.picture.above[kind].unresolved, within=_from(kind)
            ),
            counted_cell(wall.here, counting.Figure.OVERDUE, wall.picture.above[kind].overdue, within=_from(kind)),
        )
        for kind, name in names.items()
    ]
    st.html(panels.panel(_("From above"), panels.rows(lines, heads=("", _("Open"), _("Overdue")))))


def on_time(wall: Wall) -> None:
    """On-time rate with its formula and period."""
    rate = wall.picture.month.on_time_rate
    value = "—" if rate is None else shown_percent(rate, digits=1)
    why = _("nothing was due this month") if rate is None else _("closed on time ÷ (closed + open overdue)")
    body = panels.figures([counted_figure(wall.here, counting.Figure.ON_TIME_RATE, _("This month"), value, note=why)])
    st.html(panels.panel(_("On-time rate"), body, kind="gg-single"))


def severities(wall: Wall) -> None:
    """Unresolved issues by severity."""
    lines = [(label(severity), shown_number(n)) for severity, n in wall.picture.by_severity.items()]
    st.html(panels.panel(_("By severity"), panels.rows(lines), aside=_("Unresolved")))


def district_heat(wall: Wall) -> None:
    """The map: zones in their light, heat of unresolved issues, the worst zones with their counts."""
    with st.container(key="wall-map"):
        words = " ".join(panels.light_word(light) for light in LIGHT_LOOKS)
        st.html(
            f'<div class="gg-foot"><span>{escape(_("Heat of unresolved issues"))}</span>'
            f'<span class="gg-legend">{words}</span></div>'
        )
        show_map(district_map(wall.here, key="wall"), wall_layer(wall.here), height=MAP_HEIGHT)
        st.html(f'<div class="gg-foot"><span>{escape(map_note(wall.here))}</span></div>')


def map_note(here: Visit) -> str:
    """What must stand beneath a map: approximate outlines, and the map's approval number or its absence."""
    approval = here.settings.map_approval_number or here.district.map_approval or "—"
    number = _("Map approval number {number}", number=approval)
    if any(item.outline.is_approximate for item in outlines(here)):
        return f"{_('Outlines and key zones are approximate')} · {number}"
    return number


def trend(wall: Wall) -> None:
    """Twelve weeks of found, closed and still open."""
    with st.container(key="wall-trend"):
        st.html(f'<div class="gg-head"><h2>{escape(_("Last twelve weeks"))}</h2></div>')
        st.plotly_chart(weeks_figure(wall.here), height="stretch", config=CONFIG, theme=None, key="wall-weeks")


def urgent(wall: Wall) -> None:
    """The three matters that are latest: what, who answers, days late."""
    lines = [
        (
            line.issue.title,
            " · ".join(part for part in (either(line.zone, line.zone_en), either(line.unit, line.unit_en)) if part),
            Light.RED,
            days_late(line.issue.due_on, today=wall.here.today),
        )
        for line in wall.picture.urgent
    ]
    st.html(panels.panel(_("Most urgent"), panels.matters(lines)))


def townships(wall: Wall) -> None:
    """Townships, worst first."""
    ranked = wall.picture.townships
    lines = [
        (standing.light, (name_of(zone), *_counts(wall, zone, standing))) for zone, standing in ranked[:TOWNSHIP_ROWS]
    ]
    table = panels.light_rows(lines, heads=("", _("Township"), _("Unresolved"), _("Overdue")))
    aside = _("needing attention first {shown} / {all}", shown=len(lines), all=len(ranked))
    st.html(panels.panel(_("Townships"), table, aside=aside, kind="gg-townships"))


def key_zones(wall: Wall) -> None:
    """Key zones with unresolved issues, worst first, each with the leader who guards it."""
    lines = [
        (standing.light, (name_of(zone), wall.picture.leads.get(zone.key, "—"), _counts(wall, zone, standing)[0]))
        for zone, standing in wall.picture.key_zones[:KEY_ZONE_ROWS]
    ]
    table = panels.light_rows(lines, heads=("", _("Key zone"), _("Guarded by"), _("Unresolved")))
    st.html(panels.panel(_("Key zones"), table, kind="gg-townships"))


def _counts(wall: Wall, zone: Zone, standing: Standing) -> tuple[panels.Cell, panels.Cell]:
    within = LedgerFilter(zone_ids=frozenset({zone.key}))
    return (
        counted_cell(wall.here, counting.Figure.UNRESOLVED, standing.unresolved, within=within),
        counted_cell(wall.here, counting.Figure.OVERDUE, standing.overdue, within=within),
    )


def _from(sources: tuple[Source, ...]) -> LedgerFilter:
    return LedgerFilter(sources=frozenset(sources))
