"""The layers of the map page: one control, kept in the address, for what the map and everything beside it show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard.i18n import _, label, pgettext
from dashboard.screen.kept import Kept, keep, kept_choices, recall
from dashboard.screen.names import name_of
from dashboard.screen.panels import light_text
from dashboard.screen.visit import Visit
from db.repositories.territory import industries
from db.unit_of_work import reading
from governance.vocabulary import Light, ZoneKind

LAYERS, LIGHTS, INDUSTRIES = "layer", "light", "industry"
ENTERPRISES, ISSUES, VILLAGES, STATIONS, HEAT = "enterprise", "issue", "village", "station", "heat"
ZONE_LAYERS: Final = tuple(kind.value for kind in ZoneKind if kind != ZoneKind.DISTRICT)
ALL_LAYERS: Final = (*ZONE_LAYERS, ENTERPRISES, ISSUES, VILLAGES, STATIONS, HEAT)
USUAL: Final = (*ZONE_LAYERS, ENTERPRISES, ISSUES)
NONE: Final = "none"


@dataclass(frozen=True, kw_only=True)
class Layers:
    """What is switched on: layers by name, lights of issues, industries of enterprises by code (none: all)."""

    on: frozenset[str]
    lights: frozenset[Light]
    industries: frozenset[str]

    @property
    def hidden_kinds(self) -> tuple[str, ...]:
        """Kinds of zones that are switched off, in their order."""
        return tuple(kind for kind in ZONE_LAYERS if kind not in self.on)

    @property
    def is_lit_in_part(self) -> bool:
        """Whether some lights are left out."""
        return len(self.lights) < len(Light)


def layer_control(here: Visit) -> Layers:
    """Draw the control and return what it says."""
    with reading(here.engine) as session:
        names = {industry.code: name_of(industry) for industry in industries(session)}
    fields = [
        _all_but(LAYERS, ALL_LAYERS, USUAL),
        _all_but(LIGHTS, [light.value for light in Light], [light.value for light in Light]),
        kept_choices(INDUSTRIES, names),
    ]
    recall(fields)
    with st.popover(_title(), icon=":material/layers:", width="stretch"):
        st.pills(_("Shown on the map"), ALL_LAYERS, format_func=layer_name, selection_mode="multi", key=LAYERS)
        st.pills(
            _("Issues in these lights"),
            [light.value for light in Light],
            format_func=lambda value: light_text(Light(value)),
            selection_mode="multi",
            key=LIGHTS,
        )
        st.multiselect(
            _("Enterprises of these industries"),
            list(names),
            format_func=lambda code: names[code],
            key=INDUSTRIES,
            placeholder=_("All"),
        )
    keep(fields)
    return Layers(
        on=frozenset(st.session_state[LAYERS]),
        lights=frozenset(Light(value) for value in st.session_state[LIGHTS]),
        industries=frozenset(st.session_state[INDUSTRIES]),
    )


def layer_name(layer: str) -> str:
    """What a layer is called."""
    return label(ZoneKind(layer)) if layer in ZONE_LAYERS else pgettext("layer", layer)


def _title() -> str:
    """Says that something is left out, so that nobody takes a part for the whole."""
    usual = {LAYERS: set(USUAL), LIGHTS: {light.value for light in Light}, INDUSTRIES: set()}
    is_other = any(set(st.session_state.get(key, usual[key])) != known for key, known in usual.items())
    return _("Layers (changed)") if is_other else _("Layers")


def _all_but(key: str, allowed: Sequence[str], usual: Sequence[str]) -> Kept:
    """Some codes of which usually these are chosen: the usual choice is not written, an empty one is a word."""

    def read(asked: Sequence[str]) -> list[str]:
        return [value for value in allowed if value in asked] if asked else list(usual)

    def write(value: list[str] | None) -> list[str]:
        chosen = list(usual) if value is None else [name for name in allowed if name in value]
        return [] if chosen == list(usual) else chosen or [NONE]

    return Kept(key, read, write)
