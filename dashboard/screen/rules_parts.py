"""The loop's numbers on the screen: read by everybody, set by the bureau, with their history and the holidays known."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.i18n import _, label, pgettext, shown_date, shown_number, shown_time
from dashboard.screen import panels
from dashboard.screen.visit import Visit
from dashboard.screen.writing import carry_out, form_token
from dashboard.services.recounting import provisional_count, provisional_lines
from dashboard.services.rules import Difference, differences, rules_history, rules_version, set_numbers
from dashboard.services.working_days import published_years
from db.loop_rules import loop_numbers_of
from db.unit_of_work import UnitOfWork, reading
from governance.escalation import LADDER
from governance.loop_numbers import LONGEST_DAYS, LoopNumbers, loop_numbers
from governance.permissions import Right, may
from governance.vocabulary import Category, Role, Severity, Term

FORM: Final = "rules"
SINGLE: Final = (
    *("confirm_days", "check_days", "notice_days", "extensions"),
    *("look_back_after_days", "look_back_days", "photo_distance_m", "directive_days"),
)
HEAT: Final = ("heat_overdue_times", "heat_age_days")
SHOWN_LINES: Final = 20
SHOWN_CHANGES: Final = 20
LONGEST_REASON: Final = 500
_BEGUN: Final = "rules_begun"
_ATTEMPT: Final = "rules_attempt"


def numbers_in_force(here: Visit) -> LoopNumbers:
    """The numbers as they are now."""
    with reading(here.engine) as session:
        return loop_numbers_of(session)


def may_edit(here: Visit) -> bool:
    """Whether the person may set the numbers."""
    return may(here.actor, Right.EDIT_RULES)


def show_numbers(numbers: LoopNumbers) -> None:
    """Draw all numbers to be read."""
    left, right = st.columns(2)
    with left:
        st.html(panels.panel(_("Working days to rectify"), _days_table(numbers), aside=_("working days")))
        st.html(panels.panel(_("Days late from which somebody is told"), _ladder_table(numbers), aside=_("days late")))
    with right:
        single = [(name_of_number(name), shown_number(getattr(numbers, name)), unit_of(name)) for name in SINGLE]
        st.html(panels.panel(_("Other numbers"), panels.rows(single)))
        st.html(panels.panel(_("Weight of an issue on heat maps"), _heat_table(numbers), aside=_("no unit")))
    st.html(panels.panel(_("By category"), _category_table(numbers), aside=_("working days")))


def unit_of(name: str) -> str:
    """Unit of a number that stands alone."""
    units = {
        "extensions": _("times per issue"),
        "look_back_after_days": _("days"),
        "photo_distance_m": _("metres"),
        "heat_overdue_times": _("times, no unit"),
        "heat_age_days": _("days"),
    }
    return units.get(name, _("working days"))


def _heat_table(numbers: LoopNumbers) -> str:
    rows = [(label(one), str(numbers.heat_severity[one]), _("no unit")) for one in Severity]
    rows += [(name_of_number(name), str(getattr(numbers, name)), unit_of(name)) for name in HEAT]
    words = _(
        "Weight = severity × (overdue: this many times) × (1 + days since it was found ÷ days of age). With 0 days the "
        "age does not count."
    )
    return f'{panels.rows(rows)}<p class="gg-note">{escape(words)}</p>'


def name_of_number(name: str, key: str = "") -> str:
    """The word for a number of the loop, with what it is for where there are several."""
    word = pgettext("LoopNumbers", name)
    return f"{word}: {_key_word(name, key)}" if key else word


def _key_word(name: str, key: str) -> str:
    if name == "ladder":
        return label(Role(key))
    if name == "category_days":
        return label(Category(key))
    if name == "heat_severity":
        return label(Severity(key))
    term, _dot, severity = key.partition(".")
    return f"{label(Term(term))}, {label(Severity(severity))}"


def _days_table(numbers: LoopNumbers) -> str:
    heads = ("", *(label(severity) for severity in Severity))
    rows = [(label(term), *(str(numbers.rectify_days[f"{term}.{one}"]) for one in Severity)) for term in Term]
    return panels.rows(rows, heads=heads)


def _ladder_table(numbers: LoopNumbers) -> str:
    return panels.rows([(label(role), str(numbers.ladder[role])) for role in LADDER])


def _category_table(numbers: LoopNumbers) -> str:
    heads = ("", _("Working days of its own"), _("Public notice before sign-off"))
    rows = [
        (
            label(category),
            str(numbers.category_days.get(category, "—")),
            _("Yes") if category in numbers.notice_categories else "—",
        )
        for category in Category
    ]
    return panels.rows(rows, heads=heads)


def edit_numbers(here: Visit) -> None:
    """Draw the form that sets the numbers; a conflict shows what others set beside what stands in the form."""
    begun = _begun(here)
    numbers: LoopNumbers = begun["numbers"]
    token = f"{form_token(FORM)}-{st.session_state.get(_ATTEMPT, 0)}"
    with st.form(FORM):
        stated = {**_single_inputs(numbers, token), **_table_inputs(numbers, token), **_heat_inputs(numbers, token)}
        reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=f"{FORM}-why-{token}")
        st.caption(_("Numbers hold for deadlines that are counted from now on; deadlines that run stay as they are."))
        is_sent = st.form_submit_button(_("Set the numbers"), type="primary", icon=":material/save:")
    if is_sent:
        _send(here, stated, version=begun["version"], reason=reason)
    _conflict(here, begun, stated)


def _begun(here: Visit) -> dict[str, Any]:
    """Numbers and version that the form was made from, kept until it is carried out."""
    with reading(here.engine) as session:
        now = {"version": rules_version(session), "numbers": loop_numbers_of(session)}
    kept: dict[str, Any] = st.session_state.setdefault(_BEGUN, {})
    begun: dict[str, Any] = kept.setdefault(form_token(FORM), now)
    return begun


def _single_inputs(numbers: LoopNumbers, token: str) -> dict[str, Any]:
    columns = st.columns(4)
    return {
        name: columns[place % 4].number_input(
            f"{name_of_number(name)} ({unit_of(name)})",
            0,
            LONGEST_DAYS,
            getattr(numbers, name),
            key=f"{FORM}-{name}-{token}",
        )
        for place, name in enumerate(SINGLE)
    }


def _heat_inputs(numbers: LoopNumbers, token: str) -> dict[str, Any]:
    st.text(_("Weight of an issue on heat maps"))
    columns = st.columns(len(Severity) + len(HEAT))
    severities = {
        one.value: column.number_input(
            f"{label(one)} ({_('no unit')})",
            0,
            LONGEST_DAYS,
            numbers.heat_severity[one],
            key=f"{FORM}-heat-{one}-{token}",
        )
        for one, column in zip(Severity, columns, strict=False)
    }
    others = {
        name: column.number_input(
            f"{name_of_number(name)} ({unit_of(name)})",
            0,
            LONGEST_DAYS,
            getattr(numbers, name),
            key=f"{FORM}-{name}-{token}",
        )
        for name, column in zip(HEAT, columns[len(Severity) :], strict=True)
    }
    return {"heat_severity": severities, **others}


def _table_inputs(numbers: LoopNumbers, token: str) -> dict[str, Any]:
    left, middle, right = st.columns(3)
    with left:
        st.text(_("Working days to rectify"))
        days = _rectify_editor(numbers, token)
    with middle:
        st.text(_("By category"))
        own, notices = _category_editor(numbers, token)
    with right:
        st.text(_("Days late from which somebody is told"))
        ladder = {
            role.value: st.number_input(
                label(role), 0, LONGEST_DAYS, numbers.ladder[role], key=f"{FORM}-{role.value}-{token}"
            )
            for role in LADDER
        }
    return {"rectify_days": days, "category_days": own, "notice_categories": notices, "ladder": ladder}


def _rectify_editor(numbers: LoopNumbers, token: str) -> dict[str, int]:
    words = {severity: label(severity) for severity in Severity}
    rows = [{words[one]: numbers.rectify_days[f"{term}.{one}"] for one in Severity} for term in Term]
    frame = pd.DataFrame(rows, index=[label(term) for term in Term])
    whole = st.column_config.NumberColumn(min_value=0, max_value=LONGEST_DAYS, step=1, required=True)
    edited = st.data_editor(frame, column_config=dict.fromkeys(words.values(), whole), key=f"{FORM}-days-{token}")
    return {f"{term}.{one}": int(edited.iloc[row][words[one]]) for row, term in enumerate(Term) for one in Severity}


def _category_editor(numbers: LoopNumbers, token: str) -> tuple[dict[str, int], list[str]]:
    days, notice = _("Working days of its own"), _("Public notice before sign-off")
    rows = [{days: numbers.category_days.get(one), notice: one in numbers.notice_categories} for one in Category]
    frame = pd.DataFrame(rows, index=[label(one) for one in Category]).astype({days: "Int64"})
    whole = st.column_config.NumberColumn(min_value=0, max_value=LONGEST_DAYS, step=1)
    edited = st.data_editor(frame, column_config={days: whole}, key=f"{FORM}-categories-{token}")
    own = {one.value: edited.iloc[row][days] for row, one in enumerate(Category)}
    notices = [one.value for row, one in enumerate(Category) if bool(edited.iloc[row][notice])]
    return {name: int(value) for name, value in own.items() if pd.notna(value)}, notices


def _send(here: Visit, stated: Mapping[str, Any], *, version: int, reason: str) -> None:
    def write(work: UnitOfWork) -> str:
        return str(set_numbers(work, loop_numbers(stated), version=version, reason=reason).version)

    if carry_out(here, FORM, write, said=_("The numbers are set")) is not None:
        st.rerun()


def _conflict(here: Visit, begun: dict[str, Any], stated: Mapping[str, Any]) -> None:
    """Where somebody else set numbers since the form was begun: what stands beside what the form holds."""
    with reading(here.engine) as session:
        version, standing = rules_version(session), loop_numbers_of(session)
    if version == begun["version"]:
        return
    found = differences(standing, loop_numbers(stated))
    rows = [(name_of_number(one.name, one.key), _value(one.one), _value(one.other)) for one in found]
    heads = ("", _("As set by somebody else"), _("In this form"))
    st.html(panels.panel(_("The numbers were changed meanwhile"), panels.rows(rows, heads=heads)))
    st.button(_("Set the form's numbers nevertheless"), on_click=_take_version, args=(begun, version))
    st.button(_("Begin again with what stands"), on_click=_begin_again)


def _take_version(begun: dict[str, Any], version: int) -> None:
    begun["version"] = version


def _begin_again() -> None:
    st.session_state.get(_BEGUN, {}).clear()
    st.session_state[_ATTEMPT] = st.session_state.get(_ATTEMPT, 0) + 1


def _value(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(label(Category(one)) for one in sorted(value)) or "—"
    return "—" if value is None else str(value)


def history(here: Visit) -> None:
    """Draw who set which number when, the newest first."""
    with reading(here.engine) as session:
        changes = rules_history(session)
    before = [*(change.numbers for change in changes[1:]), LoopNumbers()]
    rows = [
        (
            shown_time(change.at, zone=here.district.time_zone),
            change.by or "—",
            change.reason,
            "; ".join(_difference(one) for one in differences(earlier, change.numbers)) or "—",
        )
        for change, earlier in zip(changes[:SHOWN_CHANGES], before, strict=False)
    ]
    heads = (_("When"), _("Who"), _("Reason"), _("What"))
    body = panels.rows(rows, heads=heads) if rows else panels.empty(_("All numbers are the usual ones"))
    st.html(panels.panel(_("History"), body))


def _difference(one: Difference) -> str:
    return f"{name_of_number(one.name, one.key)} {_value(one.one)} → {_value(one.other)}"


def holidays(here: Visit) -> None:
    """Say which years' holidays are known, and name deadlines that lie beyond them: they are provisional."""
    first, last = published_years()
    with reading(here.engine) as session:
        n = provisional_count(session)
        lines = provisional_lines(session, limit=SHOWN_LINES) if n and may_edit(here) else []
    words = _(
        "The holidays of {first} to {last} are known; later deadlines count Monday to Friday.", first=first, last=last
    )
    body = f"<p>{escape(words)}</p><p>{escape(_('Provisional deadlines: {n}', n=n))}</p>"
    rows = [(line.issue.number, line.issue.title, shown_date(line.issue.due_on)) for line in lines if line.issue.due_on]
    st.html(panels.panel(_("Holidays"), body + (panels.rows(rows) if rows else "")))
    if n and may_edit(here):
        st.caption(_("After the library of holidays was updated: {command}", command="gridguard deadlines recount"))
