"""Dealing with several issues at once: only what the rules allow for each, with the reasons why not before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.i18n import _, label, message, ngettext
from dashboard.markdown import plain_label
from dashboard.screen import panels
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.issue_field_parts import Sheet, draw_fields, plain_value, real_values
from dashboard.screen.visit import Visit, visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.issue_actions import Possibility, act_on_many, possible_actions, seen_issue
from dashboard.services.issue_forms import Reading, form_of
from dashboard.services.issue_view import issue_view
from db.tables.issues import Issue
from db.unit_of_work import UnitOfWork, reading
from governance.stages import Action


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """An issue of the selection and what the person may do with it now."""

    issue: Issue
    possible: Mapping[Action, Possibility]


def act_on(here: Visit, numbers: Sequence[str]) -> None:
    """Offer the actions that are possible for all ticked issues, and say for the others which stand in the way."""
    try:
        chosen = _ticked(here, numbers)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return
    st.subheader(ngettext("{number} issue chosen", "{number} issues chosen", len(chosen)))
    offered = _offered(chosen)
    if not offered:
        st.caption(_("Nothing that your role may do is possible for any of these now."))
        return
    action = st.segmented_control(
        _("What do you want to do?"), offered, format_func=lambda action: _title(action, chosen), key="bulk-action"
    )
    if action is None:
        return
    refused = {one.issue.number: _why_not(one, action) for one in chosen if not _is_possible(one, action)}
    if refused:
        _say_refused(refused, of=len(chosen))
        return
    _form([one.issue for one in chosen], action)


def _ticked(here: Visit, numbers: Sequence[str]) -> list[Ticked]:
    with reading(here.engine) as session:
        issues = [seen_issue(session, here.actor, number) for number in numbers]
        return [
            Ticked(
                issue=issue,
                possible={
                    found.action: found for found in possible_actions(session, here.actor, issue, today=here.today)
                },
            )
            for issue in issues
        ]


def _offered(chosen: Sequence[Ticked]) -> list[Action]:
    """Actions that are possible for at least one of the issues, in the order of the loop; a plan is made for one."""
    offered = (action for action in Action if action != Action.KEEP_LONG_TERM)
    return [action for action in offered if any(_is_possible(one, action) for one in chosen)]


def _is_possible(one: Ticked, action: Action) -> bool:
    return action in one.possible and one.possible[action].refusal is None


def _title(action: Action, chosen: Sequence[Ticked]) -> str:
    n = sum(_is_possible(one, action) for one in chosen)
    return label(action) if n == len(chosen) else f"{label(action)} ({n} / {len(chosen)})"


def _why_not(one: Ticked, action: Action) -> str:
    refusal = one.possible[action].refusal if action in one.possible else None
    return message(refusal) if refusal else _("Not possible in the stage {stage}", stage=one.issue.stage)


def _say_refused(refused: Mapping[str, str], *, of: int) -> None:
    words = _("Possible for {n} of {of}. Untick these to go on:", n=of - len(refused), of=of)
    st.html(panels.panel(words, panels.rows(list(refused.items()))))


@st.fragment
def _form(issues: Sequence[Issue], action: Action) -> None:
    """The action's form, once for all; what needs files of each issue is done on the issue's own page."""
    here, first = visit(), issues[0]
    with reading(here.engine) as session:
        view = issue_view(session, here.actor, first.number, today=here.today, newest=1)
        form = form_of(Reading(session=session, today=here.today, numbers=view.numbers), first, action)
    if len({issue.enterprise_id for issue in issues}) > 1:
        view.issue.enterprise_id = None  # nobody of the first one's enterprise is offered for the others
    if form.evidence:
        st.caption(_("This needs files of each issue; it is done on the issue's own page."))
        return
    name = f"bulk-{action}"
    usual = {field.name: plain_value(field.default) if len(issues) == 1 else "" for field in form.fields}
    sheet = Sheet(here=here, view=view, form=form, key=f"{name}:{form_token(name)[:8]}", first=usual)
    values = draw_fields(sheet)
    words = ngettext("{action}: {number} issue", "{action}: {number} issues", len(issues), action=label(action))
    if st.button(plain_label(words), type="primary", key=f"{name}:send", icon=":material/send:"):
        _send(here, [issue.number for issue in issues], action, real_values(form, values))


def _send(here: Visit, numbers: Sequence[str], action: Action, values: Mapping[str, Any]) -> None:
    def do(work: UnitOfWork) -> str:
        return str(len(act_on_many(work, numbers, action, values)))

    said = _("Done: {action}", action=action)
    if carry_out(here, f"bulk-{action}", do, said=said) is not None:
        st.session_state.pop("bulk-action", None)
        st.rerun()
