"""The change of the roster that a person puts together, kept in the visit until it is saved or discarded."""

from datetime import date
from typing import Any, Final

import streamlit as st

from dashboard.screen.visit import Visit
from dashboard.services.roster_lines import RosterChange
from dashboard.services.roster_preview import Preview, preview
from db.tables.plans import Plan
from db.unit_of_work import reading
from governance.roster import Absence, Edit

LINES: Final = "roster_lines"
ABSENCE: Final = "roster_absence"
BASE: Final = "roster_base"
SEEN: Final = "roster_seen"
DRAFT: Final = "roster_draft"
DONE: Final = "roster_done"
TEXTS: Final = ("roster-title", "roster-reason", "roster-document", "roster-approver")
DAY: Final = "roster-document-date"


def open_draft(plan: Plan, change: RosterChange, base: dict[int, str]) -> None:
    """Put a draft on the table, as it was written."""
    clear()
    st.session_state[LINES] = list(change.edits)
    st.session_state[ABSENCE] = change.absence
    st.session_state[BASE] = dict(base)
    st.session_state[DRAFT] = plan.key
    values = (change.title, change.reason, change.document_number or "", change.approver or "")
    for key, value in zip(TEXTS, values, strict=True):
        st.session_state[key] = value
    st.session_state[DAY] = change.document_date


def clear() -> None:
    """Take everything off the table."""
    for key in (LINES, ABSENCE, BASE, SEEN, DRAFT, DAY, *TEXTS):
        st.session_state.pop(key, None)


def begin() -> None:
    """Keep what was typed while another part is drawn, and clear what was saved; before anything is drawn."""
    if st.session_state.pop(DONE, False):
        clear()
    for key in (*TEXTS, DAY):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def lines() -> list[Edit]:
    """The lines so far; the list itself."""
    found: list[Edit] = st.session_state.setdefault(LINES, [])
    return found


def absence() -> Absence | None:
    """The absence, if the change has one."""
    found: Absence | None = st.session_state.get(ABSENCE)
    return found


def put(key: str, value: Any) -> None:
    """Keep a value of the change, for a button."""
    st.session_state[key] = value


def take_out(place: int) -> None:
    """Take a line out by its place."""
    lines().pop(place)


def change_on_the_table() -> RosterChange:
    """The change as it stands on the screen."""
    title, reason, document, approver = (str(st.session_state.get(key) or "").strip() for key in TEXTS)
    day = st.session_state.get(DAY)
    return RosterChange(
        title=title,
        reason=reason,
        edits=tuple(lines()),
        absence=absence(),
        document_number=document or None,
        document_date=day if isinstance(day, date) else None,
        approver=approver or None,
    )


def preview_of(here: Visit) -> Preview:
    """What the change on the screen would do."""
    with reading(here.engine) as session:
        return preview(session, change_on_the_table(), today=here.today, yellow_days=here.settings.yellow_days)


def leave(zones: frozenset[int]) -> None:
    """Take out what concerns some zones: a colleague's change stands there."""
    st.session_state[LINES] = [edit for edit in lines() if edit.zone_id not in zones]
    for zone in zones:
        st.session_state[BASE].pop(zone, None)
        st.session_state[SEEN].pop(zone, None)
