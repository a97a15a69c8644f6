"""What stands beside the map of hot spots: the one that was clicked, all of them, and what the words mean."""

from html import escape
from typing import Final

import streamlit as st

from dashboard.i18n import _, shown_number
from dashboard.screen import panels
from dashboard.screen.heat_panels import MOST_ROWS, heat_address, heat_lines, list_link
from dashboard.screen.heat_parts import LOOK, Asked, Way, word
from dashboard.screen.names import either, name_of
from dashboard.screen.visit import Visit
from dashboard.services.heat import rows_of_cells
from dashboard.services.heat_spots import Spot, SpotPicture
from geo.hot_spots import FEWEST_CELLS, Undefined
from governance.hot_spots import ALPHA, FADING_WEEKS, PERSISTENT_WEEKS, WEEKS, SpotState
from governance.permissions import Right, may

TINY_P: Final = 0.0001
LINES: Final = {SpotState.PERSISTENT: "solid", SpotState.EMERGING: "dashed", SpotState.FADING: "dotted"}


def picked_spot(here: Visit, look: Asked, picture: SpotPicture) -> None:
    """Draw the hot spot that was clicked, if the address names one of today."""
    target, _colon, name = look.pick.partition(":")
    spot = next((spot for spot in picture.spots if spot.name == name), None)
    if target == "spot" and spot is not None:
        describe_spot(here, spot)


def describe_spot(here: Visit, spot: Spot) -> None:
    """Draw a hot spot: numbers, how sure it is, its weeks, zones and people in charge."""
    zones = "; ".join(
        _("{zone}, guarded by {leader}", zone=name_of(zone), leader=name_of(lead)) if lead else name_of(zone)
        for zone, lead in spot.zones
    )
    units = "; ".join(f"{either(name, name_en)} {shown_number(n)}" for name, name_en, n in spot.units)
    lines = [
        (_("State"), word(spot.state)),
        *heat_lines(spot.heat),
        (_("Cells"), shown_number(len(spot.cells))),
        (_("Largest z"), f"{spot.z:.2f}"),
        (_("Smallest p"), shown_p(spot.p)),
        (_("Hot in the last twelve weeks"), _("{hot} of {weeks} weeks", hot=sum(spot.weeks), weeks=len(spot.weeks))),
        (_("Week by week"), "".join("■" if is_hot else "·" for is_hot in spot.weeks)),
        (_("Zones"), zones or "—"),
        (_("Lead units"), units or "—"),
    ]
    body = panels.rows(lines) + list_link(here, rows_of_cells(spot.cells), spot.heat.n)
    st.html(panels.panel(_("Hot spot {name}", name=spot.name.rstrip("f")), body, kind="gg-picked"))


def shown_p(p: float) -> str:
    """A probability: four decimals, or that it is below what these can say."""
    return f"< {TINY_P}" if p < TINY_P else f"{p:.4f}"


def spot_table(here: Visit, picture: SpotPicture) -> None:
    """Draw all hot spots, or why there are none, with what the words mean."""
    lines = [
        (
            panels.Linked(f"{word(spot.state)} {spot.name.rstrip('f')}", heat_address("spot", spot.name, Way.SPOTS)),
            ", ".join(name_of(zone) for zone, _lead in spot.zones[:1]) or "—",
            shown_number(spot.heat.n),
            f"{spot.z:.2f}",
        )
        for spot in picture.spots[:MOST_ROWS]
    ]
    heads = (_("Hot spot"), _("Place"), _("Unresolved"), "z")
    body = panels.rows(lines, heads=heads) if lines else ""
    body += _none_words(picture)
    aside = _("{shown} of {all}", shown=len(lines), all=len(picture.spots)) if picture.spots else ""
    st.html(panels.panel(_("Hot spots"), body, aside=aside))
    if picture.spots and may(here.actor, Right.EXPORT):
        links = " · ".join(
            f'<a href="/api/v1/heat/hot-spots?format={form}" target="_self">{form}</a>' for form in ("xlsx", "geojson")
        )
        st.html(f'<p class="gg-note">{escape(_("Export"))}: {links}</p>')


def _none_words(picture: SpotPicture) -> str:
    why = {
        Undefined.FEW_CELLS: _(
            "With fewer than {number} cells hot spots cannot be told from chance.", number=FEWEST_CELLS
        ),
        Undefined.CONSTANT: _("Every cell holds the same number: nothing stands out, so there is no statistic."),
    }
    if picture.why is not None:
        return panels.empty(why[picture.why])
    if not any(spot.state != SpotState.FADING for spot in picture.spots):
        return panels.empty(_("No cell is significantly hot today."))
    return ""


def spot_legend(picture: SpotPicture) -> None:
    """Draw what outlines, states and numbers of hot spots mean."""
    states = "".join(
        f'<li><i class="gg-line" style="border-top: 3px {LINES[state]} {LOOK.colour(4, 5)}"></i>'
        f"<b>{escape(word(state))}</b>&nbsp;{escape(_state_words(state))}</li>"
        for state in LINES
    )
    words = _(
        "Getis-Ord Gi* of the number of unresolved issues over {cells} cells, empty ones included (H3 resolution "
        "{resolution}); p one-sided; at most {alpha} % false discoveries expected (Benjamini–Hochberg).",
        cells=shown_number(picture.cells),
        resolution=picture.resolution,
        alpha=round(100 * ALPHA),
    )
    body = f'<ul class="gg-classes">{states}</ul><p class="gg-note">{escape(words)}</p>'
    st.html(panels.panel(_("Legend"), body))


def _state_words(state: SpotState) -> str:
    return {
        SpotState.PERSISTENT: _("hot now and in at least {n} of {weeks} weeks", n=PERSISTENT_WEEKS, weeks=WEEKS),
        SpotState.EMERGING: _("hot now and in fewer than {n} of {weeks} weeks", n=PERSISTENT_WEEKS, weeks=WEEKS),
        SpotState.FADING: _("not hot now, but in at least {n} of the weeks before", n=FADING_WEEKS),
    }[state]
