"""The timeline of an issue: what happened, when, by whom and for whom, newest first, older events on request."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.i18n import _, shown_time
from dashboard.screen import panels
from dashboard.screen.issue_parts import show_all_events
from dashboard.screen.issue_words import details, event_label, who
from dashboard.screen.visit import Visit
from dashboard.services.issue_view import IssueView, Names
from db.repositories.issue_history import Happened


def timeline(here: Visit, view: IssueView) -> None:
    """Draw the newest events, and a button that reads the older ones."""
    told = [happened for number, happened in enumerate(view.happened) if not _is_echo(view.happened, number)]
    steps = "".join(_step(happened, view.names, zone=here.district.time_zone) for happened in told)
    aside = _("the newest {number}", number=len(view.happened)) if view.has_more else ""
    st.html(panels.panel(_("Timeline"), f'<ol class="gg-timeline">{steps}</ol>', aside=aside))
    if view.has_more:
        st.button(
            _("Show all events"),
            icon=":material/history:",
            on_click=show_all_events,
            args=(view.issue.number,),
            key="all-events",
        )


def _is_echo(happened: Sequence[Happened], number: int) -> bool:
    """Whether the event before says the same: one act writes an event of each record that it changes."""
    if number == 0:
        return False
    one, other = happened[number].event, happened[number - 1].event
    return (one.code, one.at, one.actor_id) == (other.code, other.at, other.actor_id) and (
        one.subject_kind != other.subject_kind
    )


def _step(happened: Happened, names: Names, *, zone: str) -> str:
    event = happened.event
    reason = f"<p>{escape(event.reason)}</p>" if event.reason else ""
    told = "".join(
        f"<span>{escape(f'{name}: {value}' if name else value)}</span>"
        for name, value in details(happened, names)
        if value != event.reason
    )
    return (
        f"<li><b>{escape(event_label(happened))}</b> <i>{escape(shown_time(event.at, zone=zone))}</i>"
        f"<div>{escape(who(happened))}</div>{reason}" + (f'<div class="gg-told">{told}</div>' if told else "") + "</li>"
    )
