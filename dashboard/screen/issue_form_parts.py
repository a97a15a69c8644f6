"""What comes next with an issue and the form for it: made from the rules, kept as a draft, sent once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard.evidence.photos import Examined, examine
from dashboard.evidence.store import FolderStore
from dashboard.i18n import _, label, message, shown_date, shown_number
from dashboard.markdown import plain_label
from dashboard.screen import panels
from dashboard.screen.errors import REFUSALS, show_refusal
from dashboard.screen.issue_conflict_parts import draw_conflict, draw_left_over
from dashboard.screen.issue_field_parts import Sheet, draw_fields, label_of, plain_value, real_values
from dashboard.screen.issue_parts import part_title
from dashboard.screen.issue_words import field_label, heading
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit, visit
from dashboard.screen.writing import carry_out, form_token, writing
from dashboard.services.desk import drafts_of, drop_draft, keep_draft
from dashboard.services.evidence import add_evidence
from dashboard.services.issue_actions import Possibility, perform, possible_actions, seen_issue
from dashboard.services.issue_forms import ActionForm, Reading, form_of
from dashboard.services.issue_view import IssueView
from db.unit_of_work import UnitOfWork, reading
from governance.errors import Conflict
from governance.stages import Action
from governance.vocabulary import EvidenceKind, Role

FILES: Final = ("jpg", "jpeg", "png", "webp", "pdf")
_STATE: Final = "issue_forms"
_REFUSED: Final = "issue_form_refused"
# It has a form of its own, with the steps of the plan: `dashboard.screen.plan_parts`.
_ELSEWHERE: Final = frozenset({Action.KEEP_LONG_TERM})
Files = Sequence[tuple[EvidenceKind, str, bytes, Examined]]
Drafts = Mapping[str, dict[str, Any]]


def actions_of(here: Visit, view: IssueView) -> tuple[list[Possibility], Drafts]:
    """What the person may do with the issue now, and what the person began to write earlier."""
    with reading(here.engine) as session:
        found = possible_actions(session, here.actor, view.issue, today=here.today)
        return found, drafts_of(session, here.signed_in.person_id, _form("", view.issue.number))


def next_step_panel(here: Visit, view: IssueView) -> None:
    """Say who must act next, what, and by when."""
    step = view.step
    if step is None:
        st.html(panels.panel(_("Next"), panels.empty(_("Nothing is left to do."))))
        return
    rows = [(_("Next action"), action_word(step.action)), (_("Whose turn"), _whose_turn(view))]
    rows += [(_("To be done by"), shown_date(step.due_on) if step.due_on else _("No deadline"))]
    rows += [(_("Steps of the plan before it"), shown_number(step.open_milestones))] if step.open_milestones else []
    rows += [(_("Not before"), shown_date(step.not_before))] if step.not_before else []
    rows += [(_("May witness"), label(step.witness))] if step.witness else []
    barred = [view.names.people[number] for number in sorted(step.barred_ids) if number in view.names.people]
    rows += [(_("Not by"), ", ".join(name_of(person) for person in barred))] if barred else []
    st.html(panels.panel(_("Next"), panels.rows(rows), kind="gg-next"))


def _whose_turn(view: IssueView) -> str:
    """The role with the unit or the one person who is meant."""
    step = view.step
    if step is None:
        return "—"
    person = view.names.people.get(step.person_id or 0)
    if person is not None:
        unit = view.names.units.get(step.unit_id or 0)
        return " · ".join(part for part in (name_of(person), person.phone, name_of(unit) if unit else "") if part)
    zone = view.names.zones.get(view.issue.township_id or 0)
    owner = {Role.TOWNSHIP: zone, Role.INDUSTRY_DEPARTMENT: view.whose.department}.get(step.role)
    return " · ".join(part for part in (label(step.role), name_of(owner) if owner else "") if part)


def refusals(possible: Sequence[Possibility]) -> None:
    """Say why what the person's role would allow is not possible just now."""
    told = [found for found in possible if found.refusal is not None and found.is_of_role]
    if told:
        with st.expander(_("Not possible for you now")):
            lines = [(action_word(found.action), message(found.refusal)) for found in told if found.refusal]
            st.html(f'<div class="gg-panel">{panels.rows(lines)}</div>')


def action_forms(here: Visit, view: IssueView, possible: Sequence[Possibility], drafts: Drafts) -> None:
    """Draw the choice between the possible actions and the form of the chosen one; nothing when there is none."""
    open_now = [found.action for found in possible if found.refusal is None and found.action not in _ELSEWHERE]
    _say_why_not(view, open_now)
    for form, draft in drafts.items():
        if form not in {_form(action, view.issue.number) for action in open_now}:
            _left_over(here, view, form, draft)
    if not open_now:
        return
    if view.step is None:
        with st.expander(_("Other actions")):
            _form_of_one(view, open_now, drafts)
    else:
        _form_of_one(view, open_now, drafts)


def _form_of_one(view: IssueView, open_now: Sequence[Action], drafts: Drafts) -> None:
    action = _chosen(view, open_now, drafts)
    _action_form(view, action, drafts.get(_form(action, view.issue.number)))


def _say_why_not(view: IssueView, open_now: Sequence[Action]) -> None:
    """Say that nothing was saved, where no form is left that says so itself with both versions."""
    refusal = st.session_state.pop(_REFUSED, None)
    forms = st.session_state.get(_STATE, {})
    kept = any(forms.get(_form(action, view.issue.number), {}).get("stale") for action in open_now)
    if refusal is not None and not kept:
        show_refusal(refusal)


def _form(action: str, number: str) -> str:
    return f"issue-{number}-{action}"


def _chosen(view: IssueView, open_now: Sequence[Action], drafts: Drafts) -> Action:
    """The action that is chosen; at first one with a draft, else the step that leads on."""
    key = f"action-of-{view.issue.number}"
    if st.session_state.get(key) not in open_now:
        begun = [action for action in open_now if _form(action, view.issue.number) in drafts]
        leading = [action for action in open_now if view.step is not None and action == view.step.action]
        st.session_state[key] = (*begun, *leading, *open_now)[0]
    ordered = sorted(open_now, key=lambda action: view.step is None or action != view.step.action)
    if len(open_now) == 1:
        part_title(action_word(open_now[0]))
        return open_now[0]
    chosen = st.segmented_control(
        _("What do you want to do?"), ordered, format_func=action_word, key=key, required=True
    )
    return next((action for action in open_now if action == chosen), open_now[0])


def action_word(action: Action) -> str:
    """The word for an action, on a button."""
    return heading(label(action))


@st.fragment
def _action_form(view: IssueView, action: Action, draft: dict[str, Any] | None) -> None:
    """The form of an action; a change of a field draws this part only, and keeps the draft."""
    here, name = visit(), _form(action, view.issue.number)
    with reading(here.engine) as session:
        form = form_of(Reading(session=session, today=here.today, numbers=view.numbers), view.issue, action)
    usual = {field.name: plain_value(field.default) for field in form.fields}
    token = form_token(name)
    begun = _begun(here, view, name, usual=usual, draft=draft, sending=f"{name}:send:{token}")
    sheet = Sheet(here=here, view=view, form=form, key=f"{name}:{token[:8]}:{begun['version']}", first=begun["values"])
    if begun["restored"]:
        st.caption(_("What you wrote earlier is back."))
    values = draw_fields(sheet)
    files = _files(here, form, sheet.key)
    _say_counted(form)
    begun["touched"] = values != usual or bool(files)
    _keep(here, name, begun, values, usual=usual)
    is_stale = begun["version"] != view.issue.version
    if is_stale:
        draw_conflict(here, view, form, values, since=begun["seq"])
    version = view.issue.version if is_stale else begun["version"]
    words = _("Send on the new version: {action}", action=action) if is_stale else action_word(action)
    key = f"{name}:again:{version}:{token}" if is_stale else f"{name}:send:{token}"
    if st.button(words, type="primary", key=key, icon=":material/send:"):
        _send(here, view, form, real_values(form, values), files=files, version=version)
    st.caption(plain_label(_("* must be filled in. What you write is kept until you send it.")))


def _begun(
    here: Visit, view: IssueView, name: str, *, usual: Mapping[str, Any], draft: dict[str, Any] | None, sending: str
) -> dict[str, Any]:
    """What the form was begun with: values, and the version and the last event that the writer knew of.

    A form in which nothing was written follows the record; one that is written in, or being sent, keeps its version.
    """
    forms: dict[str, dict[str, Any]] = st.session_state.setdefault(_STATE, {})
    begun = forms.get(name)
    if begun is None and draft is not None:
        values = {**usual, **{key: value for key, value in draft["values"].items() if key in usual}}
        begun = {"version": draft["version"], "seq": draft["seq"], "values": values, "touched": True, "restored": True}
    is_bound = begun is not None and (begun["touched"] or begun.get("stale") or st.session_state.get(sending))
    if begun is None or not is_bound:
        now = {"version": view.issue.version, "seq": here.version}
        begun = {**now, "values": dict(usual), "touched": False, "restored": False}
    forms[name] = begun
    return begun


def _files(here: Visit, form: ActionForm, key: str) -> list[Any]:
    """The files that the action still needs, as the browser gave them, each with the kind that it shows."""
    found = []
    for kind in form.evidence:
        files = st.file_uploader(
            f"{label(kind)} *", type=list(FILES), accept_multiple_files=True, key=f"{key}:file:{kind}"
        )
        found += [(kind, file) for file in files]
    return found


def _say_counted(form: ActionForm) -> None:
    """Days that the rules set by themselves."""
    for name, day in form.counted.items():
        st.caption(f"{field_label(name)}: {shown_date(day)}")


def _keep(
    here: Visit, name: str, begun: dict[str, Any], values: Mapping[str, Any], *, usual: Mapping[str, Any]
) -> None:
    """Keep what was written whenever it changed; a form as it was at first needs no draft."""
    if values == begun.get("kept", begun["values"] if begun["restored"] else usual):
        return
    body = {"values": dict(values), "version": begun["version"], "seq": begun["seq"]} if values != usual else {}
    try:
        with writing(here) as work:
            keep_draft(work, name, body)
    except REFUSALS as refusal:
        show_refusal(refusal)
        return
    begun["kept"] = dict(values)


def _send(
    here: Visit, view: IssueView, form: ActionForm, values: Mapping[str, Any], *, files: list[Any], version: int
) -> None:
    number, name = view.issue.number, _form(form.action, view.issue.number)
    is_stale: list[BaseException] = []

    def refused(refusal: BaseException) -> None:
        if isinstance(refusal, Conflict) and refusal.code == "stale":
            is_stale.append(refusal)
        show_refusal(refusal)

    try:
        looked_at = [_examined(here, kind, file) for kind, file in files]
    except REFUSALS as refusal:
        show_refusal(refusal)
        return

    def do(work: UnitOfWork) -> str:
        issue = seen_issue(work.session, work.actor, number, version=version)
        for kind, file_name, data, examined in looked_at:
            store = FolderStore(here.settings.home)
            add_evidence(work, store, issue, kind=kind, data=data, name=file_name, examined=examined)
        perform(work, number, form.action, values, version=version)
        drop_draft(work, name)
        return number

    if carry_out(here, name, do, said=_("Done: {action}", action=form.action), refused=refused) is not None:
        st.session_state[_STATE].pop(name, None)
        st.session_state.pop(f"action-of-{number}", None)
        st.rerun()
    if is_stale:
        st.session_state[_STATE][name]["stale"] = True
        st.session_state[_REFUSED] = is_stale[0]
        st.rerun()


def _examined(here: Visit, kind: EvidenceKind, file: Any) -> tuple[EvidenceKind, str, bytes, Examined]:
    data = file.getvalue()
    return kind, file.name, data, examine(data, name=file.name, time_zone=here.district.time_zone)


def _left_over(here: Visit, view: IssueView, form: str, draft: dict[str, Any]) -> None:
    """What was written for an action that is not possible any more; it stays until the person throws it away."""
    action = Action(form.rpartition("-")[2])
    with reading(here.engine) as session:
        known = form_of(Reading(session=session, today=here.today, numbers=view.numbers), view.issue, action)
    written = {label_of(known, name): text for name, text in draft["values"].items() if text}
    draw_left_over(here, view, known, written, since=draft["seq"])
    if st.button(_("Throw it away"), key=f"{form}:drop", icon=":material/delete:"):
        with writing(here) as work:
            drop_draft(work, form)
        st.session_state.get(_STATE, {}).pop(form, None)
        st.rerun()
