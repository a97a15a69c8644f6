"""Parts of the morning page: the matters with their one-tap forms, the zones, the map, the briefing's links."""

from html import escape
from typing import Final
from urllib.parse import quote

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, pgettext
from dashboard.map_component import show_map
from dashboard.screen import caches, directive_forms, leader_parts, panels
from dashboard.screen.address import go_to_issue, go_to_zone, zone_key
from dashboard.screen.clicks import is_new
from dashboard.screen.directive_forms import Subject
from dashboard.screen.light_column import light_cell, light_column
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services import morning_visits
from dashboard.services.figure_rows import is_whole_for
from dashboard.services.morning import MorningMatter, ZoneMorning
from dashboard.services.morning_visits import Since
from dashboard.services.morning_words import MatterWords, asked_words, nothing_words, words_of
from db.records import get
from db.tables.people import Person
from db.tables.territory import Zone
from db.unit_of_work import reading
from governance.phones import dialled
from governance.vocabulary import DirectiveKind

_ASKING: Final = "morning-asking"


@st.fragment
def draw_matters(leader: Person) -> None:
    """Draw the matters that need the leader today; a button opens a filled form, one more sends it."""
    here = leader_parts.now(leader)
    morning = caches.morning(here, leader)
    st.html(f'<h2 class="gg-part">{escape(_("Needs you today"))} {len(morning.matters)}</h2>')
    if not morning.matters:
        st.html(panels.panel(nothing_words(), ""))
    for place, matter in enumerate(morning.matters, 1):
        with st.container(border=True, key=f"matter-{place}"):
            st.html(_card(place, words_of(matter, today=here.today)))
            _draw_tapping(here, leader, matter)


@st.fragment
def draw_zones(leader: Person) -> None:
    """Draw each zone in a row with its trend and coverage; a chosen row opens the map there."""
    here = leader_parts.now(leader)
    st.html(f'<h2 class="gg-part">{escape(_("Zones"))}</h2>')
    chosen = _zone_rows(caches.morning(here, leader).zones)
    if chosen:
        go_to_zone(chosen)


@st.fragment
def draw_map(leader: Person) -> None:
    """Draw the map of the zones with their issues; a click leads to the issue or the zone."""
    here = leader_parts.now(leader)
    base, live = leader_parts.map_of(here, leader_parts.zones_of(here, leader))
    clicked = show_map(base, live, height=420)
    st.caption(leader_parts.note(here))
    if clicked and is_new(clicked):
        if clicked.target == "issue":
            go_to_issue(clicked.id)
        go_to_zone(clicked.id)


def draw_briefing(here: Visit, leader: Person) -> None:
    """Draw the links of the one-page briefing: of the leader, and of the district for those who see all of it."""
    links = [(name_of(leader), f"leader/{quote(leader.code)}")]
    if is_whole_for(here.actor):
        links.append((_("Whole district"), "district"))
    parts = [
        f'<a href="/api/v1/briefings/{path}.{ending}" download>{escape(name)} {kind}</a>'
        for name, path in links
        for ending, kind in (("docx", "Word"), ("pdf", "PDF"))
    ]
    st.html(f'<p class="gg-note gg-briefing">{escape(_("One-page briefing"))}: {" · ".join(parts)}</p>')


def look(here: Visit, leader: Person) -> Since:
    """Note the visit, and say since when changes are shown."""
    return morning_visits.look(
        here.engine,
        person_id=here.signed_in.person_id,
        page=f"mz:{leader.code}",
        now=here.now,
        seq=here.version,
        time_zone=here.district.time_zone,
    )


def _draw_tapping(here: Visit, leader: Person, matter: MorningMatter) -> None:
    subject = _subject(here, matter)
    kinds = [kind for kind in DirectiveKind if directive_forms.may_give(here, kind, subject)] if subject else []
    if not kinds or subject is None:
        return
    number = matter.matter.number
    with st.container(horizontal=True):
        for kind in kinds:
            icon = ":material/edit_note:" if kind == DirectiveKind.INSTRUCTION else ":material/visibility:"
            if st.button(label(kind), key=f"tap-{kind}-{number}", icon=icon):
                is_open = st.session_state.get(_ASKING) == (number, kind)
                st.session_state[_ASKING] = None if is_open else (number, kind)
    asked = st.session_state.get(_ASKING)
    if asked and asked[0] == number and asked[1] in kinds:
        st.caption(_on_behalf(here, leader))
        text = asked_words(matter, asked[1], today=here.today)
        directive_forms.draw_one_tap(here, subject, asked[1], form=f"one-tap-{asked[1]}-{number}", text=text)


def _on_behalf(here: Visit, leader: Person) -> str:
    """For whom it is recorded."""
    if here.actor.on_behalf_of_id != leader.key:
        return _("It goes to whoever answers for it, with the usual deadline.")
    names = {"name": here.actor.name, "leader": name_of(leader)}
    return _("It goes to whoever answers for it; recorded as given by {name} for {leader}.", **names)


def _subject(here: Visit, matter: MorningMatter) -> Subject | None:
    if matter.line is not None:
        return directive_forms.of_issue(matter.line.issue)
    zone_id = matter.directive.directive.zone_id if matter.directive else None
    if zone_id is None:
        return None
    with reading(here.engine) as session:
        return directive_forms.of_zone(get(session, Zone, zone_id))


def _card(place: int, words: MatterWords) -> str:
    call = _call(words.phone)
    return (
        f'<div class="gg-matter"><span class="gg-place">{place}</span><div>'
        f"<b>{panels.linked(words.title, words.address)}</b>"
        f"<i>{escape(' · '.join(part for part in (words.number, words.place) if part))}</i>"
        f'<p class="gg-why">{escape(words.why)} <em>{escape(words.since)}</em></p>'
        f"<p>{escape(_('Next'))}: {escape(words.who)} {call}</p></div></div>"
    )


def _call(phone: str) -> str:
    number = dialled(phone)
    if not number:
        return f'<span class="gg-note">{escape(_("no number on record"))}</span>'
    return f'<a class="gg-call" href="tel:{number}">{escape(_("Call {number}", number=phone))}</a>'


def _zone_rows(zones: tuple[ZoneMorning, ...]) -> str | None:
    event = st.dataframe(
        pd.DataFrame([_zone_row(one) for one in zones]),
        hide_index=True,
        column_config={
            _("Light"): light_column(),
            _("12 weeks"): st.column_config.LineChartColumn(width="small", y_min=0),
        },
        key="guarded-zones",
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Table of zones"),
    )
    chosen = event.selection.rows
    if not chosen or chosen[0] >= len(zones):
        return None
    zone = zones[chosen[0]].zone
    return zone_key(zone.kind, zone.code)


def _zone_row(one: ZoneMorning) -> dict[str, object]:
    covered = one.coverage
    return {
        _("Light"): light_cell(one.standing.light),
        _("Zone"): name_of(one.zone),
        _("Unresolved"): one.standing.unresolved,
        _("Overdue"): one.standing.overdue,
        pgettext("column", "Due soon"): one.standing.due_soon,
        _("12 weeks"): [week.still_open for week in one.weeks],
        _("With a director"): _share(covered.with_director, covered.enterprises),
        _("Inspected this year"): _share(covered.inspected, covered.enterprises),
    }


def _share(n: int, of: int) -> str:
    """A part of a whole as it was counted; a dash where there is no enterprise."""
    return f"{n} / {of}" if of else "—"
