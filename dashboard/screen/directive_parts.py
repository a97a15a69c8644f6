"""Instructions and supervision orders on the screen: the list with its lights and filters, and one with its steps."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, pgettext, shown_date, shown_number, shown_time
from dashboard.screen import panels
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.kept import Kept, kept_choice, kept_choices, kept_number, kept_switch, kept_text, recall
from dashboard.screen.light_column import light_cell, light_column
from dashboard.screen.names import either
from dashboard.screen.panels import Figure, days_text, light_word
from dashboard.screen.visit import Visit
from dashboard.services.directive_lists import (
    DirectiveFile,
    DirectivePage,
    directive_file,
    directive_page,
    light_of_line,
)
from dashboard.services.ledger_address import filter_of, span_of
from db.repositories.directives import DirectiveFilter, DirectiveLine
from db.unit_of_work import reading
from governance.lights import days_late
from governance.vocabulary import DirectiveKind, DirectiveState, Light

LONGEST_TEXT: Final = 80
FIELDS: Final[tuple[Kept, ...]] = (
    kept_text("q", longest=LONGEST_TEXT),
    kept_choice("light", list(Light)),
    kept_choices("kind", list(DirectiveKind)),
    kept_choices("state", list(DirectiveState)),
    kept_switch("mine"),
    kept_number("page"),
)


def filters(here: Visit) -> tuple[DirectiveFilter, bool]:
    """Draw the filters; what they say with the link, and whether only the person's own turns are wanted."""
    if recall(FIELDS) - {"page"}:
        st.session_state["page"] = 1
    columns = st.columns([3, 2, 3, 3, 2], vertical_alignment="bottom")
    text = columns[0].text_input(_("Search"), key="q", placeholder=_("Words or number"), max_chars=LONGEST_TEXT)
    light = columns[1].segmented_control(
        _("Light"), list(Light), format_func=lambda value: label(Light(value)), key="light"
    )
    kinds = columns[2].multiselect(
        _("Kind"),
        list(DirectiveKind),
        format_func=lambda kind: label(DirectiveKind(kind)),
        key="kind",
        placeholder=_("All"),
    )
    states = columns[3].multiselect(
        _("State"),
        list(DirectiveState),
        format_func=lambda state: label(DirectiveState(state)),
        key="state",
        placeholder=_("All"),
    )
    is_mine = columns[4].toggle(_("My turn only"), key="mine")
    wanted = DirectiveFilter(
        text=text or "",
        light=Light(light) if light else None,
        kinds=frozenset(DirectiveKind(kind) for kind in kinds),
        states=frozenset(DirectiveState(state) for state in states),
    )
    return _narrowed(here, wanted), is_mine


def _narrowed(here: Visit, wanted: DirectiveFilter) -> DirectiveFilter:
    """The filter as a link narrows it, with a way back to everything; a link that says nonsense is refused."""
    given = st.query_params.get("given")
    if not given:
        return wanted
    try:
        with reading(here.engine) as session:
            zones = filter_of(session, [("zone", code) for code in st.query_params.get_all("zone")]).zone_ids
        narrowed = replace(wanted, given=span_of(given, name="given"), in_zone_ids=zones)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return wanted
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Only what was given since an earlier visit, in the zones of the link"))
        st.button(_("Show all"), icon=":material/filter_alt_off:", on_click=st.query_params.clear)
    return narrowed


def current_page(here: Visit, wanted: DirectiveFilter, *, is_mine: bool) -> DirectivePage:
    """The page of the list that the person chose, or the last one when the filters leave fewer."""
    found = _read(here, wanted, int(st.session_state["page"]), is_mine=is_mine)
    if int(st.session_state["page"]) <= found.pages:
        return found
    st.session_state["page"] = found.pages
    return _read(here, wanted, found.pages, is_mine=is_mine)


def headline(found: DirectivePage) -> None:
    """How many there are, how many are late, and how many wait for the person."""
    items = (
        Figure(_("Shown"), shown_number(found.total)),
        Figure(_("Waiting for me"), shown_number(found.waiting)),
        Figure(_("Overdue"), shown_number(found.late), Light.RED if found.late else None),
    )
    st.html(panels.panel(_("Instructions and supervision orders"), panels.figures(items)))


def directive_table(here: Visit, lines: Sequence[DirectiveLine], *, key: str) -> str | None:
    """Draw directives as a table and return the number of the chosen one."""
    if not lines:
        st.caption(_("No instruction and no supervision order here."))
        return None
    event = st.dataframe(
        pd.DataFrame([_row(here, line) for line in lines]),
        hide_index=True,
        column_config={_("Light"): light_column()},
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        alt=_("Table of instructions and supervision orders"),
    )
    chosen = event.selection.rows
    return lines[chosen[0]].directive.number if chosen and chosen[0] < len(lines) else None


def open_file(here: Visit, number: str) -> DirectiveFile:
    """One directive within the person's scope.

    Raises
    ------
    NotFound
    """
    with reading(here.engine) as session:
        return directive_file(session, here.actor, number)


def draw_file(here: Visit, file: DirectiveFile) -> None:
    """Draw what is asked, of whom, by when, and every step so far; with the links to its documents."""
    line = file.line
    title = f"{label(line.directive.kind)} {line.directive.number}"
    st.html(panels.panel(title, panels.rows(_facts(here, line)) + _steps(here, file), aside=_standing(here, line)))
    with st.container(horizontal=True):
        for ending, words in (("docx", _("Word document")), ("pdf", _("PDF document"))):
            address = f"/api/v1/directives/{line.directive.number}.{ending}"
            st.link_button(words, address, icon=":material/description:")
        if line.issue:
            st.link_button(_("Open the issue"), f"/issue?id={line.issue}", icon=":material/arrow_forward:")


def summary_of(here: Visit, line: DirectiveLine) -> str:
    """A directive in a few lines of HTML, every text escaped."""
    light = light_of_line(line, today=here.today, yellow_days=here.settings.yellow_days)
    words = f"{label(line.directive.kind)} {line.directive.number} · {label(line.directive.state)} · {_who(line)}"
    shown = light_word(light) if light else ""
    due = _("Due on {day}", day=line.directive.due_on)
    address = f"/directives?directive={escape(line.directive.number)}"
    return (
        f"<p><b>{escape(line.directive.text)}</b><br><span>{escape(words)} · {escape(due)}</span> {shown}"
        f' <a href="{address}" target="_self">{escape(_("Open it"))}</a></p>'
    )


def _read(here: Visit, wanted: DirectiveFilter, page: int, *, is_mine: bool) -> DirectivePage:
    with reading(here.engine) as session:
        return directive_page(
            session,
            here.actor,
            wanted,
            today=here.today,
            yellow_days=here.settings.yellow_days,
            page=page,
            is_mine=is_mine,
        )


def _row(here: Visit, line: DirectiveLine) -> dict[str, Any]:
    directive = line.directive
    light = light_of_line(line, today=here.today, yellow_days=here.settings.yellow_days)
    late = days_late(directive.due_on, today=here.today) if light else 0
    return {
        _("Light"): light_cell(light),
        _("Number"): directive.number,
        _("Kind"): label(directive.kind),
        _("What is asked"): directive.text,
        _("State"): label(directive.state),
        _("Carried out by"): _who(line),
        _("Asked by"): _asker(line),
        _("About"): _about(line),
        _("Due on"): shown_date(directive.due_on),
        _("Late"): days_text(late) if late else "",
        _("Reminders"): directive.times_urged,
    }


def _facts(here: Visit, line: DirectiveLine) -> list[tuple[str, str]]:
    directive = line.directive
    steps = (
        (_("Proposal"), directive.proposal),
        (_("What was done"), directive.deed),
        (_("Report"), directive.report),
        (_("How it ended"), directive.ending),
    )
    return [
        (_("What is asked"), directive.text),
        (_("About"), _about(line)),
        (_("Asked by"), _asker(line)),
        (_("Carried out by"), _who(line)),
        (_("Received on"), shown_date(directive.received_on)),
        (_("Due on"), shown_date(directive.due_on)),
        (_("Reminders"), shown_number(directive.times_urged)),
        *((name, words) for name, words in steps if words),
    ]


def _standing(here: Visit, line: DirectiveLine) -> str:
    light = light_of_line(line, today=here.today, yellow_days=here.settings.yellow_days)
    late = days_late(line.directive.due_on, today=here.today) if light else 0
    parts = (label(line.directive.state), panels.light_text(light) if light else "", days_text(late) if late else "")
    return " · ".join(part for part in parts if part)


def _steps(here: Visit, file: DirectiveFile) -> str:
    items = "".join(
        f"<li><b>{escape(pgettext('event', event.code))}</b> {escape(_actor(event.operator, name, leader))}"
        f" <i>{escape(shown_time(event.at, zone=here.district.time_zone))}</i>"
        f"{'<br>' + escape(event.reason) if event.reason else ''}</li>"
        for event, name, leader in file.events
    )
    return f'<ol class="gg-timeline">{items}</ol>'


def _actor(operator: str | None, name: str | None, leader: str | None) -> str:
    who = name or operator or "—"
    return _("{name} for {leader}", name=who, leader=leader) if leader else who


def _who(line: DirectiveLine) -> str:
    names = (either(line.unit, line.unit_en), either(line.person, line.person_en))
    return " · ".join(name for name in names if name) or "—"


def _asker(line: DirectiveLine) -> str:
    return _actor(None, either(line.giver, line.giver_en), either(line.leader, line.leader_en))


def _about(line: DirectiveLine) -> str:
    return f"{line.issue} {line.issue_title}" if line.issue else either(line.zone, line.zone_en) or "—"
