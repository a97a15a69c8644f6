"""The fields of an action's form, each drawn by its kind; what stands in them is plain data that a draft can keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import streamlit as st

from dashboard.i18n import _, label
from dashboard.markdown import plain_label
from dashboard.screen.errors import REFUSALS, sentence
from dashboard.screen.issue_words import field_label
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.issue_actions import merge_target
from dashboard.services.issue_forms import (
    NOTICE_ISSUER,
    ActionForm,
    FieldKind,
    FormField,
    Reading,
    counted_day,
    leading_units,
    notice_issuers,
    people_of,
)
from dashboard.services.issue_view import IssueView
from db.unit_of_work import reading
from governance.stages import Action

LONGEST_TEXT: Final = 5_000
LONGEST_LINE: Final = 200
_SEEN_ON_SITE: Final = frozenset({Action.CHECK_ON_SITE, Action.WITNESS})


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form on the screen.

    Attributes
    ----------
    key
        Beginning of the keys of its widgets; another one begins the form anew.
    first
        What stands in the fields at first: a draft's values, else those of the rules.
    """

    here: Visit
    view: IssueView
    form: ActionForm
    key: str
    first: Mapping[str, Any]


def draw_fields(sheet: Sheet) -> dict[str, Any]:
    """Draw the fields and return what stands in them, by name; the kinds as in `plain_value`."""
    values: dict[str, Any] = {}
    for field in sheet.form.fields:
        values[field.name] = plain_value(_drawn(sheet, field, values))
    return values


def plain_value(value: Any) -> Any:
    """A value as a draft keeps it: days as ISO text, words of closed sets by their value, nothing as empty text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return "" if value is None else value


def real_values(form: ActionForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the services take them; what is not filled in is None."""
    return {field.name: _real(field, values.get(field.name)) for field in form.fields}


def label_of(form: ActionForm, name: str) -> str:
    """What a field of the form is called."""
    if name == "reason" and form.action in _SEEN_ON_SITE:
        return _("What was seen on site")
    return _("Rectification notice by") if name == NOTICE_ISSUER else field_label(name)


def _real(field: FormField, value: Any) -> Any:
    if value in (None, ""):
        return None
    if field.kind == FieldKind.DAY:
        return date.fromisoformat(value)
    return field.words(value) if field.words else value


def _drawn(sheet: Sheet, field: FormField, values: Mapping[str, Any]) -> Any:
    title = label_of(sheet.form, field.name) + (" *" if field.is_needed else "")
    key, first = f"{sheet.key}:{field.name}", sheet.first.get(field.name)
    match field.kind:
        case FieldKind.WORDS:
            return st.text_area(title, first or "", key=key, max_chars=LONGEST_TEXT)
        case FieldKind.LINE:
            return st.text_input(title, first or "", key=key, max_chars=LONGEST_LINE)
        case FieldKind.CHOICE:
            return _choice(title, field, first, key=key)
        case FieldKind.DAY:
            return _day(sheet, field, title, values, key=key)
        case FieldKind.ISSUE:
            return _other_issue(sheet, title, first, key=key)
    return _record(sheet, field, title, values, key=key)


def _choice(title: str, field: FormField, first: Any, *, key: str) -> Any:
    words = list(field.words or ())
    index = next((number for number, word in enumerate(words) if word == first), None)
    return st.selectbox(title, words, index=index, format_func=label, key=key, placeholder=_("Choose"))


def _day(sheet: Sheet, field: FormField, title: str, values: Mapping[str, Any], *, key: str) -> date | None:
    """A day with the counted deadline in it, counted anew for another term."""
    first = _date(sheet.first.get(field.name))
    if "term" in values and values["term"] != plain_value(sheet.first.get("term")):
        first = _counted(sheet, values) or first
    return st.date_input(title, first, key=f"{key}:{first}", format="YYYY-MM-DD", min_value=sheet.here.today)


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _counted(sheet: Sheet, values: Mapping[str, Any]) -> date | None:
    with reading(sheet.here.engine) as session:
        look = Reading(session=session, today=sheet.here.today, numbers=sheet.view.numbers)
        return counted_day(look, sheet.view.issue, sheet.form.action, real_values(sheet.form, values))


def _other_issue(sheet: Sheet, title: str, first: Any, *, key: str) -> str:
    """The number of another issue, with that issue's title beneath it as soon as there is one."""
    text = st.text_input(title, str(first or ""), key=key, max_chars=16, placeholder="2026-00001").strip()
    if text:
        try:
            with reading(sheet.here.engine) as session:
                other = merge_target(session, sheet.here.actor, sheet.view.issue, text)
            st.caption(f"{plain_label(other.number)} · {plain_label(other.title)} · {label(other.stage)}")
        except REFUSALS as refusal:
            st.caption(f"▲ {sentence(refusal)}")
    return text


def _record(sheet: Sheet, field: FormField, title: str, values: Mapping[str, Any], *, key: str) -> Any:
    names = _names(sheet, field, values)
    first = sheet.first.get(field.name)
    if field.kind == FieldKind.UNITS:
        others = [number for number in names if number != values.get("lead_unit_id")]
        kept = [number for number in first or [] if number in others]
        return st.multiselect(title, others, kept, format_func=names.__getitem__, key=key, placeholder=_("None"))
    options = list(names)
    index = options.index(first) if first in options else None
    empty = _("None") if field.kind == FieldKind.ISSUER else _("Choose")
    return st.selectbox(
        title,
        options,
        index=index,
        format_func=names.__getitem__,
        key=f"{key}:{_lead(field, values)}",
        placeholder=empty,
    )


def _lead(field: FormField, values: Mapping[str, Any]) -> Any:
    """People are chosen anew for another leading unit."""
    return values.get("lead_unit_id", "") if field.kind == FieldKind.PERSON else ""


def _names(sheet: Sheet, field: FormField, values: Mapping[str, Any]) -> dict[int, str]:
    here, issue = sheet.here, sheet.view.issue
    with reading(here.engine) as session:
        if field.kind == FieldKind.PERSON:
            lead = values.get("lead_unit_id") or None
            people: Sequence[Any] = people_of(session, issue, lead, today=here.today)
            return {person.key: f"{name_of(person)} · {label(role)}" for person, role in people}
        offers_notice = field.kind == FieldKind.ISSUER
        units = notice_issuers(session, here.actor, issue) if offers_notice else leading_units(session)
    return {unit.key: name_of(unit) for unit in units}
