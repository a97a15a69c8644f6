"""More time to rectify, for the issue's page: what was asked and answered, and the forms that do so."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from dashboard.i18n import _, label, shown_date
from dashboard.screen import panels
from dashboard.screen.form_versions import look_again, version_seen
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.extensions import ExtensionLine, ask_extension, decide_extension, extension_lines
from dashboard.services.issues import target_of
from dashboard.services.ledger import IssueFile
from dashboard.services.working_days import is_working_day
from db import records
from db.loop_rules import loop_numbers_of
from db.repositories.loop import joining_units
from db.tables.issues import Issue
from db.tables.loop import Extension
from db.unit_of_work import UnitOfWork, reading
from governance.extensions import EXTENDABLE, latest_wanted
from governance.loop_numbers import LoopNumbers
from governance.permissions import Right, Target, may
from governance.vocabulary import ExtensionState

LONGEST_WORDS = 1000


def draw_extensions(here: Visit, file: IssueFile) -> None:
    """Draw an issue's requests for more time, and the form for whoever may ask or answer now.

    Parameters
    ----------
    here : Visit
    file : IssueFile
        Of an issue that the person may see.
    """
    issue = file.line.issue
    with reading(here.engine) as session:
        lines = extension_lines(session, issue.key)
        target = target_of(issue, [row.unit_id for row in joining_units(session, issue.key)])
        numbers = loop_numbers_of(session)
    st.html(panels.panel(_("More time"), _table(lines), aside=_spent(lines, numbers)))
    waiting = next((one.extension for one in lines if one.extension.state == ExtensionState.ASKED), None)
    if waiting is not None:
        _answer(here, waiting, target)
    elif _may_ask(here, issue, target, lines, numbers):
        _ask(here, issue, numbers)


def _table(lines: list[ExtensionLine]) -> str:
    if not lines:
        return panels.empty(_("Nobody has asked for more time"))
    heads = (_("Asked"), _("From → to"), _("Reason"), _("Answer"))
    return panels.rows([_row(line) for line in lines], heads=heads)


def _row(line: ExtensionLine) -> tuple[str, ...]:
    row = line.extension
    asked = f"{shown_date(row.asked_on)} {line.asked_by or ''}"
    answer = [label(row.state), shown_date(row.decided_on) if row.decided_on else "", line.decided_by, row.answer]
    days = f"{shown_date(row.old_due_on)} → {shown_date(row.wanted_due_on)}"
    return asked, days, row.reason, " · ".join(part for part in answer if part)


def _spent(lines: list[ExtensionLine], numbers: LoopNumbers) -> str:
    granted = sum(line.extension.state == ExtensionState.GRANTED for line in lines)
    return _("{granted} of {most} granted", granted=granted, most=numbers.extensions)


def _may_ask(here: Visit, issue: Issue, target: Target, lines: list[ExtensionLine], numbers: LoopNumbers) -> bool:
    granted = sum(line.extension.state == ExtensionState.GRANTED for line in lines)
    is_in_time = issue.rectify_due_on is not None and here.today <= issue.rectify_due_on
    is_possible = issue.stage in EXTENDABLE and is_in_time and granted < numbers.extensions
    return is_possible and may(here.actor, Right.ASK_EXTENSION, target)


def _ask(here: Visit, issue: Issue, numbers: LoopNumbers) -> None:
    form = f"extension-{issue.number}"
    seen = version_seen(form, issue)
    due_on = issue.rectify_due_on or here.today
    latest = latest_wanted(records.fields_of(issue), is_working_day=is_working_day, numbers=numbers)
    with st.form(form, border=False):
        wanted = st.date_input(
            _("New deadline"),
            value=due_on + timedelta(days=1),
            min_value=due_on + timedelta(days=1),
            max_value=latest,
            key=f"{form}-day-{form_token(form)}",
        )
        reason = st.text_area(_("Reason"), max_chars=LONGEST_WORDS, key=f"{form}-why-{form_token(form)}")
        st.caption(_("At most until {latest}: the issue's own term once more.", latest=latest))
        is_sent = st.form_submit_button(_("Ask for more time"), icon=":material/more_time:")
    if not is_sent:
        return

    def write(work: UnitOfWork) -> str:
        row = records.get(work.session, Issue, issue.key, version=seen)
        return str(ask_extension(work, row, wanted_due_on=wanted, reason=reason).key)

    _send(here, form, write, said=_("Asked for more time"))


def _answer(here: Visit, extension: Extension, target: Target) -> None:
    is_own = extension.asked_by_id == here.actor.person_id
    if is_own or not may(here.actor, Right.DECIDE_EXTENSION, target):
        st.caption(_("The request waits for its answer."))
        return
    form = f"extension-answer-{extension.key}"
    seen = version_seen(form, extension)
    with st.form(form, border=False):
        answer = st.text_area(_("Why"), max_chars=LONGEST_WORDS, key=f"{form}-why-{form_token(form)}")
        with st.container(horizontal=True):
            is_granted = st.form_submit_button(_("Grant"), type="primary", icon=":material/check:")
            is_refused = st.form_submit_button(_("Refuse the request"), icon=":material/close:")
    if not (is_granted or is_refused):
        return

    def write(work: UnitOfWork) -> str:
        row = records.get(work.session, Extension, extension.key, version=seen)
        return decide_extension(work, row, is_granted=is_granted, answer=answer).state.value

    _send(here, form, write, said=_("The request is answered"))


def _send(here: Visit, form: str, write: Callable[[UnitOfWork], str], *, said: str) -> None:
    answer = carry_out(here, form, write, said=said)
    look_again(form)
    if answer is not None:
        st.rerun()
