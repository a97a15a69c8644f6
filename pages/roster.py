"""The roster: who guards what on any day, how a change would weigh, and changes drafted, carried out and undone."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import roster_change_parts, roster_parts, roster_plan_parts, roster_table
from dashboard.screen.kept import keep, recall
from dashboard.screen.visit import visit

here = visit()
roster_table.begin()
parts = roster_parts.parts_for(here)
fields = (*roster_parts.fields(here), *roster_plan_parts.FIELDS)
recall(fields)
if len(parts) > 1:
    st.segmented_control(
        _("Part"),
        parts,
        format_func=roster_plan_parts.part_title,
        key="part",
        required=True,
        label_visibility="collapsed",
    )
part = st.session_state["part"]

names = roster_parts.names(here)

if part == "board":
    board = roster_parts.board_of(here, roster_parts.choose_day(here))
    roster_parts.headline(here, board)
    by_zone, by_leader = st.tabs([_("By zone"), _("By leader")])
    with by_zone:
        roster_parts.zone_table(board)
    with by_leader:
        roster_parts.leader_table(board)
elif part == "change":
    roster_change_parts.draw_change(here, roster_parts.board_of(here, here.today), names)
else:
    roster_plan_parts.draw_plans(here, names)
keep(fields)
