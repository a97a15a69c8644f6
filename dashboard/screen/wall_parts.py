"""The wall of one step: title bar, number column, map and weeks, places, and the list that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from dashboard.i18n import _, shown_date
from dashboard.registry import pages_for
from dashboard.screen import wall_bar
from dashboard.screen.frame import demo_mark
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.wall_caches import wall_list, wall_picture
from dashboard.screen.wall_list_parts import list_card
from dashboard.screen.wall_map_parts import map_panel, weeks_panel
from dashboard.screen.wall_number_parts import left_column
from dashboard.screen.wall_place_parts import key_zones, right_column
from dashboard.services.wall import WallPicture
from dashboard.services.wall_lists import Opened, list_name, open_to
from dashboard.services.wall_scopes import Scope
from db.unit_of_work import reading
from governance.errors import InvalidInput, NotFound
from governance.playlist import DISTRICT_STEP, Step, StepKind
from governance.vocabulary import Role

SEPARATOR: Final = "\N{IDEOGRAPHIC COMMA}"
MOST_ZONES: Final = 3
# Where the columns end in % of the width, and how far they give way to a seam.
SIDE: Final = 23.0
NEAR: Final = 12.0


@dataclass(frozen=True, slots=True)
class Wall:
    """What is drawn: the visit, the step with its picture, and the list that is open within the wall."""

    here: Visit
    step: Step
    picture: WallPicture
    opened: Opened | None = None


def wall_of(here: Visit, step: Step, *, listed: str = "", page: int = 1) -> Wall:
    """The wall of a step with the list that an address names; the district where the step has nothing to show.

    Parameters
    ----------
    here : Visit
    step : Step
    listed : str
        Name of a list; one that names none opens none.
    page : int
        From 1.
    """
    try:
        picture = wall_picture(here, step)
    except NotFound:
        step, picture = DISTRICT_STEP, wall_picture(here, DISTRICT_STEP)
    try:
        opened = wall_list(here, step, list_name(listed), page) if listed else None
    except InvalidInput:
        opened = None
    return Wall(here, step, picture, opened)


def draw(wall: Wall) -> None:
    """Draw the whole wall."""
    here, picture = wall.here, wall.picture
    st.html(title_bar(wall) + gutter_style(here.settings.wall_gutters))
    with st.container(key="wall-body"):
        st.html(left_column(here, picture))
        with st.container(key="wall-centre"):
            map_panel(here, wall.step)
            weeks_panel(here, wall.step)
        st.html(key_zones(here, picture))
        st.html(right_column(here, picture))
        st.html(_list(wall))


def gutter_style(gutters: Sequence[float]) -> str:
    """The style that lays the columns' edges on the seams of a video wall; nothing where no seam is near one.

    Parameters
    ----------
    gutters : sequence of float
        Seams in % of the wall's width.
    """
    sides = []
    for name, edge in (("left", SIDE), ("right", 100 - SIDE)):
        near = min(gutters, key=lambda seam: abs(seam - edge), default=edge)
        if gutters and abs(near - edge) <= NEAR:
            width = near if name == "left" else 100 - near
            sides.append(f"--{name}:calc({width:g}vw - 24 * var(--u) - var(--gap) / 2)")
    return f"<style>:root{{{';'.join(sides)}}}</style>" if sides else ""


def title_bar(wall: Wall) -> str:
    """District and title, scope, playlist, freshness with the time of the data, date and clock."""
    here = wall.here
    title = _("{district} environmental grid", district=name_of(here.district))
    today = here.now.astimezone(here.zone).date()
    return (
        f'<header class="gg-bar"><h1>{escape(title)}</h1>{demo_mark() if here.district.is_demo else ""}'
        f'{_menu(here)}<span class="gg-scope">{scope_words(wall.picture)}</span>'
        f"{wall_bar.controls()}{wall_bar.freshness_mark(here)}"
        f'<span class="gg-clock"><b>{escape(shown_date(today))}</b> {wall_bar.clock(here)}</span></header>'
    )


def scope_words(picture: WallPicture) -> str:
    """What is shown now, as HTML: the whole district, a leader with the guarded zones, a township with its leader."""
    scope = picture.scope
    match scope.step.kind:
        case StepKind.DISTRICT:
            return f"{escape(_('Scope'))} <b>{escape(_('Whole district'))}</b>"
        case StepKind.LEADER:
            who = name_of(scope.leader) if scope.leader else ""
            return f"<b>{escape(_zones(scope))}</b> {escape(_('guarded by {leader}', leader=who))}"
        case StepKind.TOWNSHIP:
            lead = picture.leads.get(scope.zones[0].key)
            guard = _("guarded by {leader}", leader=name_of(lead)) if lead else ""
            return f"{escape(_('Scope'))} <b>{escape(_zones(scope))}</b> {escape(guard)}"


def _zones(scope: Scope) -> str:
    names = [name_of(zone) for zone in scope.zones]
    shown = SEPARATOR.join(names[:MOST_ZONES]) if names[0][0] > "\u2e80" else ", ".join(names[:MOST_ZONES])
    return _("{zones} and {number} more", zones=shown, number=len(names) - MOST_ZONES) if names[MOST_ZONES:] else shown


def _menu(here: Visit) -> str:
    """The way to the other pages for those who have any."""
    pages = [page for page in pages_for(here.actor) if page.url not in ("wall", "issue")]
    links = "".join(f'<a href="/{page.url}" target="_self">{escape(page.title)}</a>' for page in pages)
    return (
        f'<details class="gg-menu"><summary>{escape(_("Pages"))}</summary><nav>{links}</nav></details>' if links else ""
    )


def _list(wall: Wall) -> str:
    """The opened list; an empty place for it otherwise, so that the map beside it is never mounted anew."""
    if wall.opened is None:
        return '<div class="gg-no-list"></div>'
    numbers = [one.number for one in wall.opened.rows if one.number]
    reachable: frozenset[str] = frozenset()
    if numbers and any(grant.role != Role.DISPLAY for grant in wall.here.actor.grants):
        with reading(wall.here.engine) as session:
            reachable = open_to(session, wall.here.actor, numbers)
    return list_card(wall.step, wall.opened, reachable=reachable, yellow_days=wall.here.settings.yellow_days)
