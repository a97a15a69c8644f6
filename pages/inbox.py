"""The inbox: what waits for the person, what is late and whom to call, and what was sent and is not answered."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import inbox_parts
from dashboard.screen.visit import visit
from dashboard.services.inbox import SENT, WAITING, Tray

LEFT, RIGHT = 3, 2

here = visit()
stacks = inbox_parts.read_inbox(here)
inbox_parts.headline(stacks)

left, right = st.columns([LEFT, RIGHT])
with left:
    inbox_parts.column(here, stacks, WAITING, empty=_("Nothing waits for you."))
with right:
    inbox_parts.column(here, stacks, (Tray.LATE,), empty=_("Nothing is overdue"))
    inbox_parts.column(here, stacks, SENT, empty=_("Nothing that you sent waits for an answer."))
