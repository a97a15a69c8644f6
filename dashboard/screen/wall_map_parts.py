"""The wall's centre: the map with what its colours mean, and the twelve weeks beneath it."""

from html import escape

import streamlit as st

from dashboard.charts import CONFIG
from dashboard.i18n import _, label, shown_number
from dashboard.map_component import show_map
from dashboard.screen.caches import district_map, outlines
from dashboard.screen.visit import Visit
from dashboard.screen.wall_caches import heat_numbers, wall_layer, weeks_figure
from dashboard.screen.wall_html import light_mark
from governance.playlist import Step
from governance.vocabulary import Light, Severity

MAP_HEIGHT = 640


def map_panel(here: Visit, step: Step) -> None:
    """The map: zones in their light, heat of unresolved issues, the worst zones with their counts."""
    with st.container(key="wall-map"):
        lights = "".join(light_mark(light, label(light)) for light in Light)
        st.html(
            f'<div class="gg-foot"><h2>{escape(_("Heat of unresolved issues"))}</h2>'
            f'<span class="gg-ramp"><i></i>{escape(_("few"))} → {escape(_("many"))}</span>'
            f'<span class="gg-legend">{lights}</span></div>'
        )
        show_map(district_map(here, key="wall"), wall_layer(here, step), height=MAP_HEIGHT)
        st.html(
            f'<div class="gg-foot gg-notes"><span>{escape(heat_words(here))}</span>'
            f"<span>{escape(map_note(here))}</span></div>"
        )


def weeks_panel(here: Visit, step: Step) -> None:
    """Twelve weeks of found, closed and still open."""
    keys = (("found", _("Found")), ("closed", _("Closed")), ("open", _("Still open (right scale)")))
    legend = "".join(f'<span class="gg-series gg-{kind}">{escape(name)}</span>' for kind, name in keys)
    with st.container(key="wall-trend"):
        st.html(
            f'<div class="gg-head"><h2>{escape(_("Last twelve weeks"))}</h2>'
            f'<span class="gg-legend">{legend}</span></div>'
        )
        st.plotly_chart(weeks_figure(here, step), height="stretch", config=CONFIG, theme=None, key="wall-weeks")


def heat_words(here: Visit) -> str:
    """The weights of the heat in words, from the district's numbers."""
    numbers = heat_numbers(here)
    severities = " ".join(f"{label(one)} {shown_number(numbers.heat_severity[one])}" for one in Severity)
    age = _("× (1 + days ÷ {days})", days=numbers.heat_age_days) if numbers.heat_age_days else ""
    return _(
        "Weight: {severities}; overdue × {times} {age}",
        severities=severities,
        times=numbers.heat_overdue_times,
        age=age,
    ).strip()


def map_note(here: Visit) -> str:
    """What must stand beneath a map: approximate outlines, and the map's approval number or its absence."""
    approval = here.settings.map_approval_number or here.district.map_approval or "—"
    number = _("Map approval number {number}", number=approval)
    if any(item.outline.is_approximate for item in outlines(here)):
        return f"{_('Outlines and key zones are approximate')} · {number}"
    return number
