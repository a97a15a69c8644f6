"""One issue: what, where and whose, its six links, the next action with its form, evidence, remarks and history."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen import issue_form_parts, issue_more_parts, issue_parts
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.issue_timeline_parts import timeline
from dashboard.screen.visit import visit
from dashboard.services.issue_view import IssueView

LEFT, RIGHT = 3, 2

here = visit()


def act_on(view: IssueView) -> None:
    """Who must act next and by when, the form of whatever the person may do now, and the evidence."""
    issue_form_parts.next_step_panel(here, view)
    issue_more_parts.on_the_spot(here, view)
    possible, drafts = issue_form_parts.actions_of(here, view)
    issue_form_parts.action_forms(here, view, possible, drafts)
    issue_form_parts.refusals(possible)
    issue_more_parts.evidence(here, view)


def about(view: IssueView) -> None:
    """Where the issue lies, and who acts, what, how and how far."""
    issue_parts.where(here, view)
    issue_parts.whose(view)


def course(view: IssueView) -> None:
    """Plan, extensions, ladder and look-backs, and everything that happened."""
    issue_more_parts.time_and_plan(here, view)
    timeline(here, view)


def papers_and_words(view: IssueView) -> None:
    """Where the issue came from, the notices that name it, what leaders asked for and what everybody remarked."""
    issue_parts.origin(view)
    issue_parts.notices(view)
    issue_more_parts.talk(here, view)


number = issue_parts.asked_number()
if not number:
    st.info(_("Open an issue from the ledger, the map or a message."))
    st.stop()

view = None
try:
    view = issue_parts.read_issue(here, number)
except REFUSALS as refusal:
    show_refusal(refusal)
if view is None:
    st.stop()

issue_parts.head(here, view)
left, right = st.columns([LEFT, RIGHT])
with left:
    act_on(view)
    course(view)
with right:
    about(view)
    papers_and_words(view)
