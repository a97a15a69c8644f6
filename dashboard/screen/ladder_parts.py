"""The escalation ladder, for the issue's page: who is told from which day on, and whom to call."""

import streamlit as st

from dashboard.i18n import _, label, shown_date
from dashboard.screen import panels
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.escalation import Contact, LadderStep, ladder_for
from dashboard.services.issues import target_of
from dashboard.services.ledger import IssueFile
from db.loop_rules import loop_numbers_of
from db.unit_of_work import reading
from governance.escalation import next_rung
from governance.permissions import Right, may


def draw_ladder(here: Visit, file: IssueFile) -> None:
    """Draw the ladder of an issue whose clock runs; phones only for those who press for it to be done.

    Parameters
    ----------
    here : Visit
    file : IssueFile
        Of an issue that the person may see.
    """
    issue = file.line.issue
    with reading(here.engine) as session:
        steps = ladder_for(session, issue, today=here.today, numbers=loop_numbers_of(session))
    if not steps:
        return
    has_phones = may(here.actor, Right.HAND_OVER, target_of(issue))
    heads = (_("Told"), _("From"), _("Who"))
    table = panels.rows([_row(step, has_phones=has_phones) for step in steps], heads=heads)
    st.html(panels.panel(_("Escalation"), table, aside=_next(steps)))


def _row(step: LadderStep, *, has_phones: bool) -> tuple[str, ...]:
    mark = "■" if step.rung.is_reached else "○"
    late = _("{days} days late", days=step.rung.days) if step.rung.days else _("on the deadline's day")
    people = ", ".join(_contact(one, has_phones=has_phones) for one in step.contacts)
    return (
        f"{mark} {label(step.rung.role)}",
        f"{shown_date(step.rung.on)} · {late}",
        people or _("Nobody holds this part"),
    )


def _contact(contact: Contact, *, has_phones: bool) -> str:
    unit = name_of(contact.unit) if contact.unit else ""
    phone = contact.person.phone if has_phones else None
    return " ".join(part for part in (name_of(contact.person), unit, phone) if part)


def _next(steps: list[LadderStep]) -> str:
    rung = next_rung(tuple(step.rung for step in steps))
    if rung is None:
        return _("Everybody has been told")
    return _("Next: {role} on {day}", role=rung.role, day=rung.on)
