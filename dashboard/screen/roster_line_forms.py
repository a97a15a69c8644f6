"""Forms of a change of the roster: a line, an absence, what stands in it so far, and what it rests on."""

from collections.abc import Callable
from datetime import date
from typing import Final

import streamlit as st

from dashboard.i18n import _, pgettext
from dashboard.screen import roster_table as table
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.roster_words import Names, absence_sentence, line_sentence, part
from dashboard.screen.visit import Visit
from dashboard.services.roster_board import Board
from dashboard.services.roster_rules import LONGEST_TITLE
from governance.roster import Absence, Edit
from governance.vocabulary import AssignmentPart

KINDS: Final = ("lead", "deputy", "no_deputy")
LONGEST_REASON: Final = 500
LONGEST_WORDS: Final = 100


def line_form(here: Visit, board: Board, names: Names) -> None:
    """Draw the form of one line: a zone, what changes there, the leader, the days."""
    part(_("Who guards what"))
    with st.form("roster-line", border=True):
        zones = [line.zone.key for line in board.lines]
        zone = st.selectbox(_("Zone"), zones, format_func=lambda one: _zone_words(board, one, names))
        kind = st.selectbox(_("What changes"), KINDS, format_func=lambda one: pgettext("roster line", one))
        person = st.selectbox(_("Leader"), _leaders(board), format_func=names.person)
        since, until = _days("roster-line", here.today)
        if st.form_submit_button(_("Add the line"), icon=":material/add:") and since:
            is_lead = kind == "lead"
            edit = Edit(
                zone_id=zone,
                person_id=person,
                part=AssignmentPart.LEAD if is_lead else AssignmentPart.DEPUTY,
                valid_from=since,
                valid_to=until,
                is_ending=kind == "no_deputy",
            )
            _try(here, lambda: table.lines().append(edit), lambda: table.lines().remove(edit))


def absence_form(here: Visit, board: Board, names: Names) -> None:
    """Draw the form of an absence with its stand-in, folded away."""
    with st.expander(_("A leader is absent"), icon=":material/event_busy:"), st.form("roster-absence", border=False):
        person = st.selectbox(_("Absent"), _leaders(board), format_func=names.person)
        stand_in = st.selectbox(_("Stands in"), _leaders(board), format_func=names.person)
        since, until = _days("roster-absence", here.today)
        if not st.form_submit_button(_("Put the absence in"), icon=":material/add:") or since is None:
            return
        if until is None:
            st.error(_("An absence needs the day on which the leader is back."))
            return
        before = table.absence()
        wanted = Absence(person_id=person, stand_in_id=stand_in, valid_from=since, valid_to=until)
        _try(here, lambda: table.put(table.ABSENCE, wanted), lambda: table.put(table.ABSENCE, before))


def _try(here: Visit, do: Callable[[], None], take_back: Callable[[], None]) -> None:
    """Put something into the change if it can be worked out; else say why not and leave the change as it was."""
    do()
    try:
        table.preview_of(here)
    except REFUSALS as refusal:
        take_back()
        show_refusal(refusal)
        return
    st.rerun()


def _days(form: str, today: date) -> tuple[date | None, date | None]:
    first, second = st.columns(2)
    since = first.date_input(_("From"), today, key=f"{form}-from", format="YYYY-MM-DD")
    until = second.date_input(_("Until before (open if empty)"), None, key=f"{form}-to", format="YYYY-MM-DD")
    return since, until


def _zone_words(board: Board, zone: int, names: Names) -> str:
    line = next(line for line in board.lines if line.zone.key == zone)
    return f"{names.zones[zone]} · {names.person(line.lead.person_id if line.lead else None)}"


def _leaders(board: Board) -> list[int]:
    return [load.person_id for load in board.loads]


def listed(names: Names) -> None:
    """Draw what the change holds so far, each part to be taken out again."""
    for place, edit in enumerate(table.lines()):
        words, button = st.columns([6, 1], vertical_alignment="center")
        words.text(line_sentence(edit, names))
        button.button(
            _("Take out"), key=f"roster-out-{place}", icon=":material/close:", on_click=table.take_out, args=(place,)
        )
    absence = table.absence()
    if absence:
        words, button = st.columns([6, 1], vertical_alignment="center")
        words.text(absence_sentence(absence, names))
        button.button(
            _("Take out"),
            key="roster-out-absence",
            icon=":material/close:",
            on_click=table.put,
            args=(table.ABSENCE, None),
        )


def words() -> None:
    """Draw the title, the reason and the document that the change rests on."""
    st.text_input(_("Title"), key=table.TEXTS[0], max_chars=LONGEST_TITLE)
    st.text_area(_("Reason"), key=table.TEXTS[1], max_chars=LONGEST_REASON, height=80)
    number, day, approver = st.columns(3)
    number.text_input(_("Document number"), key=table.TEXTS[2], max_chars=LONGEST_WORDS)
    day.date_input(_("Document date"), None, key=table.DAY, format="YYYY-MM-DD")
    approver.text_input(_("Approved by"), key=table.TEXTS[3], max_chars=LONGEST_WORDS)
