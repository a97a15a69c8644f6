"""My zones: what a leader guards, how it stands, and which issues are open there."""

import streamlit as st

from dashboard.i18n import _
from dashboard.map_component import show_map
from dashboard.screen import directive_forms, leader_parts
from dashboard.screen.address import go_to_issue, go_to_zone
from dashboard.screen.clicks import is_new
from dashboard.screen.issue_table import issue_table
from dashboard.screen.visit import visit
from dashboard.screen.zone_table import zone_table

OPEN_ISSUES = 200

here = visit()
leader = leader_parts.choose_leader(here)
if leader is None:
    st.info(_("Nobody's zones are open to you: this page is for leaders and those who work for them."))
    st.stop()

mine = leader_parts.zones_of(here, leader)
leader_parts.headline(here, mine)
if not mine.zones:
    st.info(_("No zone is assigned to this leader today."))
    st.stop()

left, right = st.columns([2, 3])
with left:
    zone = zone_table(mine.zones, key="guarded-zones")
with right:
    base, live = leader_parts.map_of(here, mine)
    clicked = show_map(base, live, height=420)
    st.caption(leader_parts.note(here))

if zone:
    go_to_zone(zone)

st.subheader(_("Open issues, the most urgent first"))
lines = leader_parts.open_lines(here, mine, limit=OPEN_ISSUES)
if mine.together.unresolved > len(lines):
    st.caption(_("The first {shown} of {all}; the ledger shows all.", shown=len(lines), all=mine.together.unresolved))
directive_forms.draw_asking_among(here, zones=[zone for zone, _standing in mine.zones], lines=lines)
chosen = issue_table(here, lines, key="my-open-issues", height=460)
if chosen:
    go_to_issue(chosen)
if clicked and is_new(clicked):
    if clicked.target == "issue":
        go_to_issue(clicked.id)
    go_to_zone(clicked.id)
