"""My zones: what needs a leader today, what changed, how the guarded zones stand, and which issues are open there."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import caches, leader_parts, morning_list_parts, morning_parts
from dashboard.screen.visit import visit

here = visit()
chosen = leader_parts.choose_leader(here)
if chosen is None:
    st.info(_("Nobody's zones are open to you: this page is for leaders and those who work for them."))
    st.stop()

leader = chosen
here = leader_parts.acting(here, leader)
mine = leader_parts.zones_of(here, leader)
leader_parts.headline(here, mine, caches.morning(here, leader))
if not mine.zones:
    st.info(_("No zone is assigned to this leader today."))
    st.stop()
morning_parts.draw_briefing(here, leader)

since = morning_parts.look(here, leader)
today, lately = st.columns([3, 2])


def needed() -> None:
    """What needs the leader today, each with who acts next and the forms of one tap."""
    morning_parts.draw_matters(leader)


def around() -> None:
    """What changed since the last visit, and where it all lies."""
    morning_list_parts.draw_changes(leader, since)
    morning_parts.draw_map(leader)


with today:
    needed()
with lately:
    around()
morning_parts.draw_zones(leader)
morning_list_parts.draw_open_issues(leader)
