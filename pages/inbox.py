"""The inbox: what waits for the person, what is late and whom to call, and what was sent and is not answered."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import inbox_parts, panels
from dashboard.screen.visit import visit
from dashboard.services.inbox import SENT, WAITING, Tray

LEFT, RIGHT = 3, 2
LATE = (Tray.LATE,)

here = visit()
stacks = inbox_parts.read_inbox(here)


def headline() -> None:
    """How much waits, how much is late, and how much was sent; the lists beneath hold what each counts."""
    items = (
        inbox_parts.figure(_("Waits for you"), stacks, WAITING),
        inbox_parts.figure(_("Late"), stacks, LATE),
        inbox_parts.figure(_("Sent and not answered"), stacks, SENT),
    )
    st.html(panels.panel(_("Your inbox"), panels.figures(items)))


def waiting() -> None:
    """What it is the person's turn to do: issues, requests, instructions, look-backs, notices."""
    inbox_parts.column(here, stacks, WAITING, empty=_("Nothing waits for you."))


def late_and_sent() -> None:
    """What is overdue within reach, with whom to call; then what others have yet to answer."""
    inbox_parts.column(here, stacks, LATE, empty=_("Nothing is overdue"))
    inbox_parts.column(here, stacks, SENT, empty=_("Nothing that you sent waits for an answer."))


headline()
left, right = st.columns([LEFT, RIGHT])
with left:
    waiting()
with right:
    late_and_sent()
