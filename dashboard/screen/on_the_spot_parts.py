"""The quick path on the issue's page: what was put right on the spot, and the form of whoever may confirm it."""

import streamlit as st

from dashboard.i18n import _, shown_date
from dashboard.screen import panels
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.ledger import IssueFile
from dashboard.services.on_the_spot import confirm_on_the_spot, leading_units, may_confirm_on_the_spot
from db import records
from db.tables.issues import Issue
from db.tables.people import Person, Unit
from db.unit_of_work import UnitOfWork, reading
from governance.on_the_spot import saw_it_put_right, waits_for_confirmation

LONGEST_WORDS = 1000


def draw_on_the_spot(here: Visit, file: IssueFile) -> None:
    """Draw what a report says was put right on the spot as long as nobody has confirmed it, and the form to do so.

    Parameters
    ----------
    here : Visit
    file : IssueFile
        Of an issue that the person may see; nothing is drawn for any that does not wait for this.
    """
    issue = file.line.issue
    if not waits_for_confirmation(issue.model_dump()):
        return
    with reading(here.engine) as session:
        people = {number: session.get(Person, number) for number in (issue.finder_id, issue.rectifier_id) if number}
        units = leading_units(session, issue)
    names = {number: name_of(person) for number, person in people.items() if person is not None}
    lines = [
        (_("Found by"), names.get(issue.finder_id or 0, "—")),
        (_("Put right by"), names.get(issue.rectifier_id or 0, "—")),
        (_("On the day"), shown_date(issue.found_on)),
        (_("How it was put right"), issue.measures or "—"),
    ]
    st.html(panels.panel(_("Put right on the spot, waits for confirmation"), panels.rows(lines)))
    if may_confirm_on_the_spot(here.actor, issue):
        _form(here, issue, units)


def _form(here: Visit, issue: Issue, units: list[Unit]) -> None:
    form = f"on-the-spot-{issue.number}"
    with st.form(f"{form}-{form_token(form)[:8]}"):
        st.caption(
            _(
                "Both photos show it: one confirmation writes every link, each with its own person and day. "
                "What is not put right is confirmed or refused in the usual way."
            )
        )
        unit = _unit(units)
        seen = ""
        if not saw_it_put_right(issue.model_dump()):
            seen = st.text_input(
                _("What you saw on site yourself; empty if you were not there"), max_chars=LONGEST_WORDS
            )
        reason = st.text_input(_("Remark"), max_chars=LONGEST_WORDS)
        is_signing = st.checkbox(_("Sign it off as well, where I may"), value=True)
        is_sent = st.form_submit_button(_("Confirm"), type="primary", icon=":material/done_all:")
    if is_sent:
        _confirm(here, form, issue, unit=unit, seen=seen or "", reason=reason or "", is_signing=is_signing)


def _unit(units: list[Unit]) -> Unit | None:
    """Which unit leads: asked only where no township answers for the place."""
    if len(units) < 2:
        return units[0] if units else None
    return st.selectbox(_("Leading unit"), units, format_func=name_of, index=None, placeholder=_("Please choose one."))


def _confirm(
    here: Visit, form: str, issue: Issue, *, unit: Unit | None, seen: str, reason: str, is_signing: bool
) -> None:
    def do(work: UnitOfWork) -> str:
        row = records.get(work.session, Issue, issue.key, version=issue.version)
        unit_id = unit.key if unit else None
        done = confirm_on_the_spot(work, row, lead_unit_id=unit_id, seen=seen, reason=reason, is_signing=is_signing)
        return done.number

    if carry_out(here, form, do, said=_("Confirmed")) is not None:
        st.rerun()
