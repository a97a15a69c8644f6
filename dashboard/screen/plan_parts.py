"""The long-term plan, for the issue's page: its steps, whether it is on schedule, and the forms that move it."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

import streamlit as st

from dashboard.i18n import _, label, shown_date
from dashboard.screen import panels
from dashboard.screen.form_versions import look_again, version_seen, versions_seen
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.issues import target_of
from dashboard.services.ledger import IssueFile, light_of_issue
from dashboard.services.plans import (
    PlanLine,
    add_milestone,
    keep_long_term,
    plan_lines,
    reach_milestone,
    shift_milestone,
    shift_review,
)
from db import records
from db.repositories.loop import joining_units
from db.tables.issues import Issue
from db.tables.loop import Milestone
from db.unit_of_work import UnitOfWork, reading
from governance.permissions import Right, Target, may
from governance.plans import PLANNED, pace_of
from governance.stages import Action, actions_from

LONGEST_TITLE = 120
LONGEST_WORDS = 1000
MOST_STEPS = 12


def draw_plan(here: Visit, file: IssueFile) -> None:
    """Draw an issue's long-term plan and what the person may do with it; nothing for issues that need none.

    Parameters
    ----------
    here : Visit
    file : IssueFile
        Of an issue that the person may see.
    """
    issue = file.line.issue
    with reading(here.engine) as session:
        lines = plan_lines(session, issue.key)
        target = target_of(issue, [row.unit_id for row in joining_units(session, issue.key)])
    if lines:
        st.html(panels.panel(_("Long-term plan"), _table(here, lines) + _review(issue), aside=_standing(here, issue)))
    if issue.stage in PLANNED:
        _reach(here, issue, target, lines)
        _change(here, issue, target, lines)
    elif Action.KEEP_LONG_TERM in actions_from(issue.stage) and may(here.actor, Right.KEEP_LONG_TERM, target):
        with st.expander(_("Keep under a long-term plan"), icon=":material/event_repeat:"):
            _keep(here, issue)


def _standing(here: Visit, issue: Issue) -> str:
    pace = pace_of(issue.stage, issue.due_on, today=here.today)
    light = light_of_issue(issue, today=here.today, yellow_days=here.settings.yellow_days)
    return panels.light_text(light, pace) if light and pace else ""


def _table(here: Visit, lines: list[PlanLine]) -> str:
    heads = (_("Step"), _("Due on"), _("Reached"), _("Shifted"))
    return panels.rows([_row(here, line) for line in lines], heads=heads)


def _row(here: Visit, line: PlanLine) -> tuple[str, ...]:
    row = line.milestone
    late = row.reached_on is None and row.due_on < here.today
    reached = (
        shown_date(row.reached_on)
        if row.reached_on
        else panels.days_text((here.today - row.due_on).days)
        if late
        else "—"
    )
    words = " · ".join(part for part in (reached, line.reached_by, row.words) if part)
    return row.title, shown_date(row.due_on), words, f"× {line.times_shifted}" if line.times_shifted else ""


def _review(issue: Issue) -> str:
    if issue.stage not in PLANNED or issue.rectify_due_on is None:
        return ""
    return f"<p>{escape(_('All is reached and handed in by {day}', day=issue.rectify_due_on))}</p>"


def _keep(here: Visit, issue: Issue) -> None:
    form = f"plan-{issue.number}"
    token, seen = form_token(form), version_seen(form, issue)
    usual = [{"title": "", "due_on": here.today + timedelta(days=90)}]
    st.caption(_("At least one step with its day; the plan's review is on or after the last one."))
    with st.form(form, border=False):
        rows: list[dict[str, Any]] = st.data_editor(
            usual,
            num_rows="dynamic",
            column_config={
                "title": st.column_config.TextColumn(_("Step"), max_chars=LONGEST_TITLE, required=True),
                "due_on": st.column_config.DateColumn(_("Due on"), min_value=here.today, required=True),
            },
            key=f"{form}-steps-{token}",
        )
        review_on = st.date_input(
            _("Review on"), value=here.today + timedelta(days=120), min_value=here.today, key=f"{form}-review-{token}"
        )
        reason = st.text_area(_("Reason"), max_chars=LONGEST_WORDS, key=f"{form}-why-{token}")
        is_sent = st.form_submit_button(label(Action.KEEP_LONG_TERM), icon=":material/event_repeat:")
    if not is_sent:
        return
    steps = [(str(row["title"] or ""), row["due_on"]) for row in rows[:MOST_STEPS] if row["title"] and row["due_on"]]

    def write(work: UnitOfWork) -> str:
        row = records.get(work.session, Issue, issue.key, version=seen)
        return keep_long_term(work, row, steps=steps, review_on=review_on, reason=reason).number

    _send(here, form, write, said=_("The plan is kept"))


def _reach(here: Visit, issue: Issue, target: Target, lines: list[PlanLine]) -> None:
    open_steps = [line.milestone for line in lines if line.milestone.reached_on is None]
    is_own = here.actor.person_id in (issue.rectifier_id, issue.person_in_charge_id)
    if not open_steps or is_own or not may(here.actor, Right.REACH_MILESTONE, target):
        return
    form = f"plan-reach-{issue.number}"
    seen = versions_seen(form, open_steps)
    with st.form(form, border=False):
        step = _choose(open_steps, form)
        words = st.text_area(_("What was seen"), max_chars=LONGEST_WORDS, key=f"{form}-words-{form_token(form)}")
        is_sent = st.form_submit_button(_("This step is reached"), icon=":material/flag:")
    if not is_sent or step is None:
        return

    def write(work: UnitOfWork) -> str:
        row = records.get(work.session, Milestone, step.key, version=seen[step.key])
        return str(reach_milestone(work, row, words=words).key)

    _send(here, form, write, said=_("The step is reached"))


def _change(here: Visit, issue: Issue, target: Target, lines: list[PlanLine]) -> None:
    if not may(here.actor, Right.KEEP_LONG_TERM, target):
        return
    with st.expander(_("Change the plan"), icon=":material/edit_calendar:"):
        _shift(here, issue, [line.milestone for line in lines if line.milestone.reached_on is None])
        _add(here, issue)


def _shift(here: Visit, issue: Issue, open_steps: list[Milestone]) -> None:
    form = f"plan-shift-{issue.number}"
    seen, seen_issue = versions_seen(form, open_steps), version_seen(form, issue)
    with st.form(form, border=False):
        step = _choose([*open_steps, None], form)
        day, reason = _day_and_reason(form, here.today)
        is_sent = st.form_submit_button(_("Shift to this day"))
    if not is_sent:
        return

    def write(work: UnitOfWork) -> str:
        if step is None:
            owner = records.get(work.session, Issue, issue.key, version=seen_issue)
            return shift_review(work, owner, review_on=day, reason=reason).number
        row = records.get(work.session, Milestone, step.key, version=seen[step.key])
        return str(shift_milestone(work, row, due_on=day, reason=reason).key)

    _send(here, form, write, said=_("The plan is changed"))


def _add(here: Visit, issue: Issue) -> None:
    form = f"plan-add-{issue.number}"
    seen = version_seen(form, issue)
    with st.form(form, border=False):
        title = st.text_input(_("Further step"), max_chars=LONGEST_TITLE, key=f"{form}-title-{form_token(form)}")
        day, reason = _day_and_reason(form, here.today)
        is_sent = st.form_submit_button(_("Add this step"))
    if not is_sent:
        return

    def write(work: UnitOfWork) -> str:
        owner = records.get(work.session, Issue, issue.key, version=seen)
        return str(add_milestone(work, owner, title=title, due_on=day, reason=reason).key)

    _send(here, form, write, said=_("The plan is changed"))


def _send(here: Visit, form: str, write: Callable[[UnitOfWork], str], *, said: str) -> None:
    answer = carry_out(here, form, write, said=said)
    look_again(form)
    if answer is not None:
        st.rerun()


def _choose(steps: Sequence[Milestone | None], form: str) -> Milestone | None:
    chosen = st.selectbox(
        _("Step"),
        range(len(steps)),
        format_func=lambda place: _step_name(steps[place]),
        key=f"{form}-step-{form_token(form)}",
    )
    return steps[chosen]


def _step_name(step: Milestone | None) -> str:
    return f"{step.title} · {shown_date(step.due_on)}" if step else _("The plan's review")


def _day_and_reason(form: str, today: date) -> tuple[date, str]:
    token = form_token(form)
    day = st.date_input(_("Due on"), value=today, min_value=today, key=f"{form}-day-{token}")
    reason = st.text_input(_("Reason"), max_chars=LONGEST_WORDS, key=f"{form}-why-{token}")
    return day, reason
