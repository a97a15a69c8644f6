"""Lists of the morning page: what changed since the last visit, and the open issues; each leads to all of them."""

from datetime import date
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import _, label, shown_time
from dashboard.screen import caches, directive_forms, leader_parts, panels
from dashboard.screen.address import go_to_issue
from dashboard.screen.issue_table import issue_table
from dashboard.screen.names import either
from dashboard.services.ledger_address import parameters_of
from dashboard.services.morning_visits import Changed, Since
from db.repositories.ledger_filter import LedgerFilter
from db.tables.people import Person
from db.unit_of_work import reading
from governance.lights import days_late

OPEN_ISSUES: Final = 200


@st.fragment
def draw_changes(leader: Person, since: Since) -> None:
    """Draw what changed since the last visit: counts that open their list, and the page that shows all of it."""
    here = leader_parts.now(leader)
    found = caches.changes(here, leader, since)
    st.html(f'<h2 class="gg-part">{escape(_("Since your last visit"))}</h2>')
    at = shown_time(since.at, zone=here.district.time_zone)
    st.caption(_("Your first visit here: the last seven days") if since.is_first else _("Since {time}", time=at))
    if not found:
        st.html(f'<p class="gg-note">{escape(_("Nothing changed in these zones."))}</p>')
        return
    names = {one.change.value: f"{label(one.change)} {one.count}" for one in found}
    picked = st.pills(
        _("Changes"),
        list(names),
        format_func=lambda key: names[key],
        default=found[0].change.value,
        label_visibility="collapsed",
        key=f"changes-{leader.code}",
    )
    shown = next((one for one in found if one.change.value == picked), None)
    if shown:
        st.html(_changed_list(shown, here.today))


@st.fragment
def draw_open_issues(leader: Person) -> None:
    """Draw the open issues of the zones, the most urgent first, with the form that asks; a row opens its issue."""
    here = leader_parts.now(leader)
    mine = leader_parts.zones_of(here, leader)
    st.subheader(_("Open issues, the most urgent first"))
    lines = leader_parts.open_lines(here, mine, limit=OPEN_ISSUES)
    if mine.together.unresolved > len(lines):
        with reading(here.engine) as session:
            parameters = parameters_of(session, LedgerFilter(zone_ids=mine.zone_ids, is_unresolved=True))
        words = _("The first {shown} of {all}; the ledger shows all.", shown=len(lines), all=mine.together.unresolved)
        st.html(f'<p class="gg-note">{panels.linked(words, f"/ledger?{urlencode(parameters)}&urgent=true")}</p>')
    directive_forms.draw_asking_among(here, zones=[zone for zone, _standing in mine.zones], lines=lines)
    chosen = issue_table(here, lines, key="my-open-issues", height=460)
    if chosen:
        go_to_issue(chosen)


def _changed_list(changed: Changed, today: date) -> str:
    items = [
        _item(f"/issue?id={line.issue.number}", line.issue.title, _about(line), _late(line.issue.due_on, today))
        for line in changed.lines
    ]
    items += [
        _item(f"/directives?directive={row.number}", row.text, f"{row.number} · {label(row.kind)}", label(row.state))
        for row in changed.directives
    ]
    every = panels.linked(_("Show all {number}", number=changed.count), changed.address)
    listed = f'<ol class="gg-letters">{"".join(items)}</ol>'
    return f'<section class="gg-panel">{listed}<p class="gg-note">{every}</p></section>'


def _item(address: str, title: str, about: str, aside: str) -> str:
    return (
        f'<li><a href="{escape(address)}" target="_self"><b>{escape(title)}</b><i>{escape(about)}</i></a>'
        f"<span>{escape(aside)}</span></li>"
    )


def _about(line: Any) -> str:
    place = either(line.enterprise, line.enterprise_en) or line.issue.place or either(line.zone, line.zone_en) or ""
    return " · ".join(part for part in (line.issue.number, label(line.issue.stage), place) if part)


def _late(due_on: date | None, today: date) -> str:
    late = days_late(due_on, today=today)
    return panels.days_text(late) if late else ""
