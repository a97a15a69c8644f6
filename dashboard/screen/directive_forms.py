"""Forms of instructions and supervision orders: asking for something in one tap, and the step that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from dashboard.i18n import _, label
from dashboard.screen.directive_parts import summary_of
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.directive_lists import DirectiveFile, directives_about
from dashboard.services.directives import (
    doing_units,
    give_instruction,
    order_supervision,
    redirect,
    step,
    usual_due_on,
)
from dashboard.services.issues import target_of
from db import records
from db.repositories.issues import IssueLine, line_by_number
from db.repositories.loop import joining_units
from db.repositories.scopes import issues_within
from db.tables.directives import Directive
from db.tables.issues import Issue
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork, reading
from governance.directive_rules import LONGEST_WORDS
from governance.directives import GIVING_RIGHT, STEP_OF, DirectiveAction
from governance.permissions import Target, may
from governance.vocabulary import DirectiveKind

_GIVE: Final = {DirectiveKind.INSTRUCTION: give_instruction, DirectiveKind.SUPERVISION_ORDER: order_supervision}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What somebody may ask about: an issue or a zone by its number in the database, with its name as shown."""

    key: str
    name: str
    target: Target
    issue_id: int | None = None
    zone_id: int | None = None


def draw_directives(here: Visit, issue_number: str) -> None:
    """Draw what was asked about an issue, and the form for whoever may ask; nothing for whoever may not see it.

    Parameters
    ----------
    here : Visit
    issue_number : str
        The issue's own number.
    """
    with reading(here.engine) as session:
        line = line_by_number(session, issue_number, issues_within(here.actor))
        if line is None:
            return
        lines = directives_about(session, here.actor, line.issue.key)
        joining = [row.unit_id for row in joining_units(session, line.issue.key)]
    for known in lines:
        st.html(summary_of(here, known))
    if not lines:
        st.caption(_("No instruction and no supervision order here."))
    subject = of_issue(line.issue, joining)
    draw_asking(here, [subject], form=f"ask-{issue_number}")


def draw_asking_among(here: Visit, *, zones: Sequence[Zone], lines: Sequence[IssueLine]) -> None:
    """Draw one form to instruct or to order a supervision, on any of some zones and issues; for a leader's page."""
    if not any(may(here.actor, right) for right in GIVING_RIGHT.values()):
        return
    subjects = [*(of_zone(zone) for zone in zones), *(of_issue(line.issue) for line in lines)]
    with st.expander(_("Instruct, or order a supervision"), icon=":material/campaign:"):
        draw_asking(here, subjects, form="ask-my-zones")


def of_issue(issue: Issue, joining_unit_ids: Sequence[int] = ()) -> Subject:
    """An issue as a subject."""
    name = f"{issue.number} {issue.title}"
    return Subject(key=name, name=name, target=target_of(issue, joining_unit_ids), issue_id=issue.key)


def of_zone(zone: Zone) -> Subject:
    """A zone as a subject."""
    return Subject(
        key=f"zone-{zone.key}",
        name=f"{label(zone.kind)} {name_of(zone)}",
        target=Target(zone_ids=frozenset({zone.key})),
        zone_id=zone.key,
    )


def draw_asking(here: Visit, subjects: Sequence[Subject], *, form: str) -> None:
    """Draw the form that asks: words, and if wanted another unit and another day; nothing for whoever may not ask."""
    allowed = [s for s in subjects if any(may(here.actor, right, s.target) for right in GIVING_RIGHT.values())]
    if not allowed:
        return
    kinds = [kind for kind, right in GIVING_RIGHT.items() if may(here.actor, right)]
    with st.form(form, border=True):
        subject = _choose_subject(allowed, form)
        kind = st.segmented_control(
            _("Kind"), kinds, default=kinds[0], format_func=label, key=_key(form, "kind"), required=True
        )
        text = st.text_area(_("What is asked"), max_chars=LONGEST_WORDS, key=_key(form, "text"))
        left, right = st.columns(2)
        with left:
            unit_id = _choose_unit(here, form)
        due_on = right.date_input(_("Due on, if not as usual"), value=None, min_value=here.today, key=_key(form, "due"))
        is_sent = st.form_submit_button(_("Send"), icon=":material/send:", type="primary")
    if is_sent and carry_out(
        here,
        form,
        lambda work: _ask(work, kind or kinds[0], subject, text=text, unit_id=unit_id, due_on=_day(due_on)),
        said=_("It is recorded, with its deadline, and whoever carries it out is told."),
    ):
        st.rerun()


def draw_one_tap(here: Visit, subject: Subject, kind: DirectiveKind, *, form: str, text: str) -> None:
    """Draw the short form of one kind of directive, filled already: one more tap sends it to whoever answers.

    Parameters
    ----------
    here : Visit
        A liaison's acts for the leader whose page is open.
    subject : Subject
    kind : DirectiveKind
    form : str
        Key of the form.
    text : str
        What stands in it at first; the person may change it.
    """
    with st.form(form, border=False):
        words = st.text_area(
            _("What is asked"), value=text, max_chars=LONGEST_WORDS, key=_key(form, "text"), height=100
        )
        is_sent = st.form_submit_button(_("Send"), icon=":material/send:", type="primary")
    if is_sent and carry_out(
        here,
        form,
        lambda work: _ask(work, kind, subject, text=words, unit_id=None, due_on=None),
        said=_("It is recorded, with its deadline, and whoever carries it out is told."),
    ):
        st.rerun()


def may_give(here: Visit, kind: DirectiveKind, subject: Subject) -> bool:
    """Whether the person may give such a directive about a subject."""
    return may(here.actor, GIVING_RIGHT[kind], subject.target)


def draw_next_steps(here: Visit, file: DirectiveFile) -> None:
    """Draw a form for each step that the person may take now, the usual one open."""
    for place, action in enumerate(_usual_first(file.actions)):
        with st.expander(label(action), expanded=place == 0):
            _step_form(here, file, action)


def _usual_first(actions: Sequence[DirectiveAction]) -> list[DirectiveAction]:
    return sorted(actions, key=lambda action: action in (DirectiveAction.REDIRECT, DirectiveAction.URGE))


def _step_form(here: Visit, file: DirectiveFile, action: DirectiveAction) -> None:
    directive, row = file.line.directive, STEP_OF[action]
    form = f"{directive.number}-{action}"
    with st.form(form, border=False):
        words = st.text_area(
            label(action) if row.are_words_needed else _("Words, if wanted"),
            max_chars=LONGEST_WORDS,
            key=_key(form, "words"),
        )
        given: dict[str, Any] = {}
        if "unit_id" in row.needs:
            given["unit_id"] = _choose_unit(here, form)
        if "due_on" in row.needs:
            given["due_on"] = _day(
                st.date_input(_("New deadline"), value=None, min_value=here.today, key=_key(form, "due"))
            )
        is_sent = st.form_submit_button(label(action), type="primary")
    if is_sent and carry_out(
        here, form, lambda work: _take(work, directive, action, words, given), said=_("The step is recorded.")
    ):
        st.rerun()


def _take(work: UnitOfWork, seen: Directive, action: DirectiveAction, words: str, given: dict[str, Any]) -> str:
    directive = records.get(work.session, Directive, seen.key, version=seen.version)
    if action == DirectiveAction.REDIRECT:
        return redirect(work, directive, words, unit_id=given["unit_id"]).number
    if action == DirectiveAction.HAND_BACK:
        given = {"due_on": given["due_on"] or usual_due_on(work)}
    return step(work, directive, action, words=words, **given).number


def _ask(
    work: UnitOfWork, kind: DirectiveKind, subject: Subject, *, text: str, unit_id: int | None, due_on: date | None
) -> str:
    issue = records.get(work.session, Issue, subject.issue_id) if subject.issue_id is not None else None
    zone = records.get(work.session, Zone, subject.zone_id) if subject.zone_id is not None else None
    given: dict[str, Any] = {"issue": issue, "zone": zone, "unit_id": unit_id, "due_on": due_on}
    return _GIVE[DirectiveKind(kind)](work, text=text, **given).number


def _choose_subject(subjects: Sequence[Subject], form: str) -> Subject:
    if len(subjects) == 1:
        return subjects[0]
    names = {subject.key: subject for subject in subjects}
    key = st.selectbox(_("About"), list(names), format_func=lambda key: names[key].name, key=_key(form, "subject"))
    return names[key or subjects[0].key]


def _choose_unit(here: Visit, form: str) -> int | None:
    with reading(here.engine) as session:
        units = {unit.key: name_of(unit) for unit in doing_units(session)}
    return st.selectbox(
        _("Unit that carries it out"),
        list(units),
        index=None,
        format_func=lambda key: units[key],
        placeholder=_("Whoever answers for it"),
        key=_key(form, "unit"),
    )


def _key(form: str, field: str) -> str:
    """The key of a field: it changes when the form was carried out, so that the next one begins empty."""
    return f"{form}-{field}-{form_token(form)}"


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
