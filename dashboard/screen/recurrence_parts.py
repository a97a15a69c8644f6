"""Recurrences, for the issue's page: what was closed before at the same enterprise, and the form that links to it."""

import streamlit as st

from dashboard.i18n import _, shown_date
from dashboard.screen import panels
from dashboard.screen.form_versions import look_again, version_seen
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.issues import target_of
from dashboard.services.ledger import IssueFile
from dashboard.services.recurrences import link_recurrence, recurrence_candidates
from db import records
from db.tables.issues import Issue
from db.unit_of_work import UnitOfWork, reading
from governance.counting import CLUES, UNRESOLVED
from governance.permissions import Right, may

LONGEST_WORDS = 500


def draw_recurrence(here: Visit, file: IssueFile) -> None:
    """Draw which closed issues an open one may be the recurrence of, for whoever may confirm it; else nothing.

    Parameters
    ----------
    here : Visit
    file : IssueFile
        Of an issue that the person may see.
    """
    issue = file.line.issue
    if issue.recurs_id is not None or issue.stage not in CLUES | UNRESOLVED:
        return
    if not may(here.actor, Right.CONFIRM, target_of(issue)):
        return
    with reading(here.engine) as session:
        found = [one for one in recurrence_candidates(session, issue) if may(here.actor, Right.SEE, target_of(one))]
    if found:
        rows = [(one.number, one.title, shown_date(one.closed_on) if one.closed_on else "—") for one in found]
        heads = (_("Number"), _("Issue"), _("Closed"))
        st.html(panels.panel(_("Closed before, of the same kind"), panels.rows(rows, heads=heads)))
        _link(here, issue, found)


def _link(here: Visit, issue: Issue, found: list[Issue]) -> None:
    form = f"recurrence-{issue.number}"
    token, seen = form_token(form), version_seen(form, issue)
    with st.form(form, border=False):
        place = st.selectbox(
            _("Recurrence of"),
            range(len(found)),
            format_func=lambda row: f"{found[row].number} {found[row].title}",
            key=f"{form}-of-{token}",
        )
        reason = st.text_input(_("Reason"), max_chars=LONGEST_WORDS, key=f"{form}-why-{token}")
        is_sent = st.form_submit_button(_("It is the same matter again"), icon=":material/link:")
    if not is_sent:
        return
    chosen = found[place]

    def write(work: UnitOfWork) -> str:
        row = records.get(work.session, Issue, issue.key, version=seen)
        earlier = records.get(work.session, Issue, chosen.key)
        return link_recurrence(work, row, earlier, reason=reason).number

    answer = carry_out(here, form, write, said=_("Linked as a recurrence"))
    look_again(form)
    if answer is not None:
        st.rerun()
