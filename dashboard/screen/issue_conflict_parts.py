"""Two versions side by side: what the record says now, who changed it and when, and what somebody wrote."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from dashboard.i18n import _, pgettext, shown_time
from dashboard.screen import panels
from dashboard.screen.issue_field_parts import label_of
from dashboard.screen.issue_words import field_label, value_words, who
from dashboard.screen.visit import Visit
from dashboard.services.issue_conflicts import Changed, changed_since
from dashboard.services.issue_forms import ActionForm
from dashboard.services.issue_view import IssueView
from db.unit_of_work import reading


def draw_conflict(here: Visit, view: IssueView, form: ActionForm, written: Mapping[str, Any], *, since: int) -> None:
    """Draw what changed since a form was begun beside what stands in the form; both stay as they are."""
    why = _("Somebody changed this issue while you wrote. Nothing was saved, and nothing you wrote is lost.")
    yours = {name: (label_of(form, name), value_words(name, value, view.names)) for name, value in written.items()}
    _compare(here, view, yours, since=since, why=why)


def draw_left_over(here: Visit, view: IssueView, form: ActionForm, written: Mapping[str, Any], *, since: int) -> None:
    """Draw what was written for an action that is not possible any more, beside what changed."""
    why = _("{action} is not possible any more. What you wrote is kept here.", action=form.action)
    yours = {f"written:{name}": (name, str(value)) for name, value in written.items()}
    _compare(here, view, yours, since=since, why=why)


def _compare(here: Visit, view: IssueView, yours: Mapping[str, tuple[str, str]], *, since: int, why: str) -> None:
    with reading(here.engine) as session:
        changed = {change.field: change for change in changed_since(session, view.issue, since)}
    heads = (_("Field"), _("The record says now"), _("Changed by"), _("You wrote"))
    lines = [_line(here, view, change, yours) for change in changed.values()]
    lines += [
        (name, _now(view, field), "—", text)
        for field, (name, text) in yours.items()
        if field not in changed and text != "—"
    ]
    st.html(f'<p class="gg-refusal" role="alert">▲ {escape(why)}</p>')
    st.html(panels.panel(_("Two versions"), f'<div class="gg-wide">{panels.rows(lines, heads=heads)}</div>'))


def _line(
    here: Visit, view: IssueView, change: Changed, yours: Mapping[str, tuple[str, str]]
) -> tuple[str, str, str, str]:
    event = change.happened.event
    when = shown_time(event.at, zone=here.district.time_zone)
    by = f"{who(change.happened)} · {when} · {pgettext('event', event.code)}"
    return (
        yours.get(change.field, (field_label(change.field),))[0],
        value_words(change.field, change.value, view.names),
        by,
        yours.get(change.field, ("", "—"))[1],
    )


def _now(view: IssueView, field: str) -> str:
    return value_words(field, getattr(view.issue, field, None), view.names)
