"""Words of an issue's fields and of what happened to it, as plain text in the language of the visit."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from dashboard.i18n import _, label, pgettext, shown_date
from dashboard.screen.names import either, name_of
from dashboard.services.issue_view import Names, fields_of, kind_of
from db.repositories.issue_history import Happened
from db.tables.issues import Issue
from db.tables.people import Person, Unit
from governance.vocabulary import (
    Category,
    CheckArea,
    EvidenceKind,
    ExtensionState,
    IssueField,
    LookBackResult,
    Severity,
    SignOffLevel,
    Source,
    Stage,
    Term,
)

_LONGEST: Final = 200
_ISSUE_FIELDS: Final = frozenset(member.value for member in IssueField)
_SETS: Final[Mapping[str, type[StrEnum]]] = {
    "stage": Stage,
    "severity": Severity,
    "category": Category,
    "check_area": CheckArea,
    "term": Term,
    "sign_off_level": SignOffLevel,
    "source": Source,
    "state": ExtensionState,
    "result": LookBackResult,
}
# What the timeline tells beside the event's own word and reason; what follows from these is left out.
_TOLD: Final = (
    *("severity", "category", "check_area", "sign_off_level", "term", "rectify_due_on", "review_due_on"),
    *("requirement", "lead_unit_id", "unit_id", "person_in_charge_id", "measures", "notice_ends_on"),
    *("handed_in_document", "above_basis", "above_result", "merged_into_id", "wanted_due_on", "answer"),
    *("number", "title", "text", "reply", "words", "result"),
)
# What says by itself what it is.
_BARE: Final = frozenset({"number", "title", "text", "reply", "words", "answer"})
# The first event of an issue sets everything; the page says all of it elsewhere.
_BEGINNINGS: Final = frozenset({"reported", "imported"})


def field_label(name: str) -> str:
    """The word for a field of an issue or of what hangs on it."""
    if name in _ISSUE_FIELDS:
        return heading(label(IssueField(name)))
    return pgettext("column", {"joining_unit_ids": "joining_units", "unit_id": "joining_units"}.get(name, name))


def heading(text: str) -> str:
    """A word that stands within sentences, as it stands alone: with a capital letter, where the language has them."""
    return text[:1].upper() + text[1:]


def event_label(happened: Happened) -> str:
    """The word for what happened; for a file what it shows."""
    word = pgettext("event", happened.event.code)
    kind = fields_of(happened).get("kind") if happened.event.code == "evidence_added" else None
    return f"{word} · {label(EvidenceKind(kind))}" if kind in set(EvidenceKind) else word


def who(happened: Happened) -> str:
    """Who acted, and for whom: both names where somebody acted for a leader."""
    name = either(happened.name, happened.name_en) or happened.event.operator or "—"
    leader = either(happened.leader, happened.leader_en)
    return _("{name} for {leader}", name=name, leader=leader) if leader else name


def details(happened: Happened, names: Names) -> list[tuple[str, str]]:
    """What an event says beside its word: field and value in words, in a fixed order; no field for what needs none."""
    told = fields_of(happened)
    if happened.event.code in _BEGINNINGS:
        return []
    return [
        ("" if name in _BARE else field_label(name), value_words(name, told[name], names))
        for name in _TOLD
        if told.get(name) not in (None, "")
    ]


def value_words(name: str, value: Any, names: Names) -> str:
    """A field's value in words: closed sets by their words, numbers of records by name, days as people read them."""
    if value is None or value == "":
        return "—"
    if name in _SETS and value in set(_SETS[name]):
        return label(_SETS[name](value))
    if isinstance(value, int) and kind_of(name) is not None:
        return _named(name, value, names)
    if name.endswith("_on"):
        return shown_date(value if isinstance(value, date) else date.fromisoformat(str(value)))
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _named(name: str, number: int, names: Names) -> str:
    kind = kind_of(name)
    if kind is Issue:
        return names.issues.get(number, "—")
    known: Person | Unit | None = names.units.get(number) if kind is Unit else names.people.get(number)
    return name_of(known) if known else "—"
