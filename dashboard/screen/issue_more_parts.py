"""What hangs on an issue: its photos and files with the ways to add some, remarks, instructions, plan and time."""

import streamlit as st

from dashboard.i18n import _
from dashboard.screen.comment_parts import draw_comments
from dashboard.screen.directive_forms import draw_directives
from dashboard.screen.evidence_parts import add_files, add_photo, gallery
from dashboard.screen.extension_parts import draw_extensions
from dashboard.screen.issue_parts import part_title
from dashboard.screen.ladder_parts import draw_ladder
from dashboard.screen.look_back_parts import draw_look_backs
from dashboard.screen.on_the_spot_parts import draw_on_the_spot
from dashboard.screen.plan_parts import draw_plan
from dashboard.screen.recurrence_parts import draw_recurrence
from dashboard.screen.speaking_parts import draw_speaking
from dashboard.screen.visit import Visit
from dashboard.services.issue_view import IssueView
from dashboard.services.issues import target_of
from governance.evidence import TAKES_NO_EVIDENCE
from governance.permissions import Right, may


def evidence(here: Visit, view: IssueView) -> None:
    """Draw the gallery, and for whoever may add to it the two ways to do so."""
    issue = view.issue
    part_title(_("Photos and files"))
    gallery(here, issue)
    target = target_of(issue, [unit.key for unit in view.whose.joining])
    if issue.stage in TAKES_NO_EVIDENCE or not may(here.actor, Right.ADD_EVIDENCE, target):
        return
    with st.expander(_("Add evidence"), icon=":material/add_a_photo:"):
        by_camera, by_file = st.tabs([_("Take a photo"), _("Choose files")])
        with by_camera:
            add_photo(here, issue)
        with by_file:
            add_files(here, issue)


def on_the_spot(here: Visit, view: IssueView) -> None:
    """Draw what was put right on the spot and waits for somebody else to confirm it; nothing for any other issue."""
    draw_on_the_spot(here, view.file)


def talk(here: Visit, view: IssueView) -> None:
    """Draw what leaders asked for, and what everybody remarked."""
    part_title(_("Instructions and supervision orders"))
    draw_speaking(here, target_of(view.issue))
    draw_directives(here, view.issue.number)
    part_title(_("Remarks"))
    draw_comments(here, view.issue.number)


def time_and_plan(here: Visit, view: IssueView) -> None:
    """Draw the long-term plan, requests for more time, who is told of delay, look-backs and recurrences."""
    draw_plan(here, view.file)
    draw_extensions(here, view.file)
    draw_ladder(here, view.file)
    draw_look_backs(here, view.file)
    draw_recurrence(here, view.file)
