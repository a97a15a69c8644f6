"""Remarks on an issue, for the issue's page: what was said, by whom and for whom, and a field for one more."""

import streamlit as st
from sqlmodel import select

from dashboard.i18n import _, shown_time
from dashboard.markdown import plain_label
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.comments import LONGEST_COMMENT, comments_on, write_comment
from db.repositories.issues import line_by_number
from db.repositories.scopes import issues_within
from db.tables.issues import Issue
from db.tables.people import Person
from db.unit_of_work import UnitOfWork, reading
from governance.permissions import Right, may


def draw_comments(here: Visit, issue_number: str) -> None:
    """Draw an issue's remarks and the field for a new one; nothing for whoever may not see the issue.

    Parameters
    ----------
    here : Visit
    issue_number : str
        The issue's own number.
    """
    with reading(here.engine) as session:
        line = line_by_number(session, issue_number, issues_within(here.actor))
        remarks = comments_on(session, here.actor, line.issue.key) if line else []
    if line is None:
        return
    for comment, author, leader in remarks:
        st.caption(f"{who(author, leader)} · {shown_time(comment.written_at, zone=here.district.time_zone)}")
        st.text(comment.text)
    if not remarks:
        st.caption(_("Nobody has commented yet."))
    if may(here.actor, Right.COMMENT):
        _form(here, issue_number)


def who(person: Person | None, leader: Person | None) -> str:
    """Name of who wrote something, and of the leader for whom; names are text, not Markdown."""
    name = plain_label(name_of(person)) if person else "—"
    return _("{name} for {leader}", name=name, leader=plain_label(name_of(leader))) if leader else name


def _form(here: Visit, issue_number: str) -> None:
    form = f"comment-{issue_number}"
    with st.form(form, border=False):
        text = st.text_area(_("Your comment"), max_chars=LONGEST_COMMENT, key=f"{form}-{form_token(form)}")
        is_sent = st.form_submit_button(_("Comment"), icon=":material/comment:")
    if not is_sent:
        return

    def write(work: UnitOfWork) -> str:
        issue = work.session.exec(select(Issue).where(Issue.number == issue_number)).one()
        return str(write_comment(work, issue, text).key)

    if carry_out(here, form, write, said=_("The comment is kept.")) is not None:
        st.rerun()
