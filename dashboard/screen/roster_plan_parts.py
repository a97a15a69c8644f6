"""Changes of the roster on the screen: drafts with their remarks, what was carried out with its sheets, and undoing."""

from collections.abc import Callable
from typing import Final

import streamlit as st
from sqlmodel import Session

from dashboard.i18n import _, label, pgettext, shown_date, shown_time
from dashboard.markdown import plain_label
from dashboard.screen import roster_table
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.kept import Kept, kept_choice
from dashboard.screen.names import name_of
from dashboard.screen.roster_preview_parts import draw_preview
from dashboard.screen.roster_words import Names, absence_sentence, line_sentence
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out
from dashboard.services import roster_plans
from dashboard.services.plan_remarks import LONGEST_REMARK, remark, remarks_on
from dashboard.services.roster_lines import base_of, change_of
from dashboard.services.roster_preview import preview
from db import records
from db.repositories.territory import zones
from db.tables.people import Person
from db.tables.plans import Plan
from db.unit_of_work import UnitOfWork, reading
from governance.vocabulary import AssignmentPart, PlanState

STATES: Final = tuple(state.value for state in (PlanState.DRAFT, PlanState.APPLIED, PlanState.WITHDRAWN))
FIELDS: Final[tuple[Kept, ...]] = (kept_choice("state", STATES, default=STATES[0]),)
LONGEST_REASON: Final = 500


def draw_plans(here: Visit, names: Names) -> None:
    """Draw the changes of one state, the newest first, each to be opened."""
    state = st.segmented_control(_("State"), STATES, format_func=_state_words, key="state", required=True)
    with reading(here.engine) as session:
        plans = roster_plans.roster_plans(session, PlanState(state or STATES[0]))
        authors = {plan.key: _author(session, plan) for plan in plans}
    if not plans:
        st.info(_("There is none."))
    for plan in plans:
        told = _("{title} · takes effect on {day}", title=plan.title, day=shown_date(plan.effective_on))
        with st.expander(plain_label(told), icon=":material/swap_horiz:"):
            _draw(here, plan, authors[plan.key], names)


def _state_words(state: str) -> str:
    return label(PlanState(state))


def _author(session: Session, plan: Plan) -> str:
    return name_of(records.get(session, Person, plan.author_id)) if plan.author_id else ""


def _draw(here: Visit, plan: Plan, author: str, names: Names) -> None:
    change = change_of(plan)
    st.caption(
        plain_label(
            _("Written by {author} on {time}", author=author, time=shown_time(plan.written_at, zone=str(here.zone)))
        )
    )
    for edit in change.edits:
        st.text(line_sentence(edit, names))
    if change.absence:
        st.text(absence_sentence(change.absence, names))
    st.text(_("Reason: {reason}", reason=plan.reason))
    if plan.document_number:
        st.text(_("Document: {number}, approved by {person}", number=plan.document_number, person=plan.approver or "—"))
    if plan.state == PlanState.DRAFT:
        _remarks(here, plan)
        _draft_actions(here, plan)
    elif plan.state == PlanState.APPLIED:
        _sheets(here, plan)
        _undo(here, plan, names)


def _remarks(here: Visit, plan: Plan) -> None:
    with reading(here.engine) as session:
        for comment, author in remarks_on(session, plan):
            time = shown_time(comment.written_at, zone=str(here.zone))
            st.text(f"{name_of(author) if author else ''} · {time}\n{comment.text}")
    with st.form(f"remark-{plan.key}", clear_on_submit=False, border=False):
        text = st.text_area(_("Remark"), max_chars=LONGEST_REMARK, height=80, key=f"remark-text-{plan.key}")
        if st.form_submit_button(_("Write the remark"), icon=":material/comment:"):
            _do(here, f"remark-{plan.key}", plan, lambda work, row: remark(work, row, text).key, _("Written."))


def _draft_actions(here: Visit, plan: Plan) -> None:
    opened, given_up = st.columns(2)
    opened.button(
        _("Open it: preview, change, carry out"),
        icon=":material/edit:",
        key=f"open-{plan.key}",
        on_click=_open,
        args=(plan,),
    )
    with given_up.popover(_("Give the draft up"), icon=":material/delete:"):
        reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=f"withdraw-reason-{plan.key}")
        if st.button(_("Give it up"), disabled=not reason.strip(), key=f"withdraw-{plan.key}"):
            form = f"withdraw-{plan.key}"
            _do(here, form, plan, lambda work, row: roster_plans.withdraw(work, row, reason=reason).key, _("Given up."))


def _open(plan: Plan) -> None:
    roster_table.open_draft(plan, change_of(plan), base_of(plan))
    st.session_state["part"] = "change"


def _sheets(here: Visit, plan: Plan) -> None:
    """Links to the sheets of handover of the zones whose lead the change passed on."""
    passed = sorted({edit.zone_id for edit in change_of(plan).edits if edit.part == AssignmentPart.LEAD})
    with reading(here.engine) as session:
        known = [zone for zone in zones(session) if zone.key in passed]
    for zone in known:
        word, pdf = st.columns(2)
        address = f"/api/v1/handovers/{plan.key}/{zone.code}"
        name = plain_label(name_of(zone))
        word.link_button(_("{zone}: handover sheet, Word", zone=name), f"{address}.docx", icon=":material/description:")
        pdf.link_button(_("{zone}: handover sheet, PDF", zone=name), f"{address}.pdf", icon=":material/picture_as_pdf:")


def _undo(here: Visit, plan: Plan, names: Names) -> None:
    """Undo as a change of its own: what it would do is shown, then a reason is asked for."""
    key = f"undo-{plan.key}"
    if not st.toggle(_("Undo this change"), key=f"{key}-wanted"):
        return
    try:
        with reading(here.engine) as session:
            back = roster_plans.undoing(session, plan, reason="—", today=here.today)
            found = preview(session, back, today=here.today, yellow_days=here.settings.yellow_days)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return
    draw_preview(here, found, names)
    reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=f"{key}-reason")
    if st.button(_("Undo, as a change from today on"), type="primary", disabled=not reason.strip(), key=key):
        _do(here, key, plan, lambda work, row: roster_plans.undo(work, row, reason=reason).key, _("Undone."))


def _do(here: Visit, form: str, plan: Plan, do: Callable[[UnitOfWork, Plan], int], said: str) -> None:
    answer = carry_out(here, form, lambda work: str(do(work, records.get(work.session, Plan, plan.key))), said=said)
    if answer is not None:
        st.rerun()


def part_title(part: str) -> str:
    """A part of the page in words."""
    return pgettext("roster part", part)
