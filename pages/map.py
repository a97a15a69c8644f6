"""The map: from the district to a zone, an enterprise and one issue, by clicking; the URL reopens the same view."""

import streamlit as st

from dashboard.i18n import _
from dashboard.map_component import show_map
from dashboard.screen import map_parts
from dashboard.screen.address import Place, current_place, go_to, go_to_issue
from dashboard.screen.clicks import is_new
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.issue_table import issue_table
from dashboard.screen.visit import visit
from dashboard.screen.wall_parts import map_note

MAP_HEIGHT = 560

here = visit()
try:
    shown = map_parts.shown_at(here, current_place())
except REFUSALS as refusal:
    show_refusal(refusal)
    if st.button(_("Back to the district")):
        go_to(Place())
    st.stop()

step = map_parts.breadcrumb(here, shown)
if step is not None:
    go_to(step)

left, right = st.columns([3, 2])
with left:
    base, live = map_parts.map_of(here, shown)
    clicked = show_map(base, live, height=MAP_HEIGHT)
    st.caption(map_note(here))
with right:
    zone = map_parts.describe(here, shown)
    if zone is not None:
        go_to(zone)

if clicked and is_new(clicked):
    go_to(Place(**{clicked.target: clicked.id}))

if not shown.issue:
    st.subheader(_("Open issues, the most urgent first"))
    if words := map_parts.how_many(shown):
        st.caption(words)
    chosen = issue_table(here, shown.lines, key="open-issues", height=420)
    if chosen:
        go_to_issue(chosen)
