"""How a change of the roster is kept in its plan: lines, absences and what held before, as JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.tables.plans import Plan
from governance.assignments import Span
from governance.errors import InvalidInput
from governance.roster import Absence, Edit
from governance.vocabulary import AssignmentPart


@dataclass(frozen=True, kw_only=True)
class RosterChange:
    """What somebody asks for: lines, perhaps an absence with its stand-in, and what the change rests on."""

    title: str
    reason: str
    edits: tuple[Edit, ...] = ()
    absence: Absence | None = None
    document_number: str | None = None
    document_date: date | None = None
    approver: str | None = None

    @property
    def effective_on(self) -> date:
        """The first day on which anything is different.

        Raises
        ------
        InvalidInput
            Nothing is to be changed.
        """
        days = [edit.valid_from for edit in self.edits] + ([self.absence.valid_from] if self.absence else [])
        if not days:
            raise InvalidInput("nothing_to_change", "The change has no lines; say who is to guard which zone")
        return min(days)


def change_of(plan: Plan) -> RosterChange:
    """What a plan asks for, read back."""
    told = json.loads(plan.body)
    return RosterChange(
        title=plan.title,
        reason=plan.reason,
        edits=tuple(_edit(line) for line in told["lines"]),
        absence=None if told["absence"] is None else _absence(told["absence"]),
        document_number=plan.document_number,
        document_date=plan.document_date,
        approver=plan.approver,
    )


def fields_of(change: RosterChange, base: Mapping[int, str]) -> dict[str, Any]:
    """The columns of a plan that tell a change and the fingerprints that it was made from."""
    body = {
        "lines": [{**_told(edit), "ending": edit.is_ending} for edit in change.edits],
        "absence": None if change.absence is None else _told_absence(change.absence),
    }
    return {
        "title": change.title,
        "reason": change.reason,
        "document_number": change.document_number,
        "document_date": change.document_date,
        "approver": change.approver,
        "effective_on": change.effective_on,
        "body": as_json(body),
        "base": as_json(base),
    }


def outcome_text(before: Iterable[Span], after: Mapping[int, str]) -> str:
    """What carrying a change out found and left, for whoever takes it back."""
    return as_json({"before": [_told(span) for span in before], "after": after})


def found_by(plan: Plan) -> list[Span]:
    """The spans that a change found in its zones when it was carried out."""
    return [_span(line) for line in json.loads(plan.outcome or '{"before": []}')["before"]]


def left_by(plan: Plan) -> dict[int, str]:
    """Zone number → the fingerprint that a change left there."""
    return keyed(json.loads(plan.outcome or '{"after": {}}')["after"])


def base_of(plan: Plan) -> dict[int, str]:
    """Zone number → the fingerprint that a plan was made from."""
    return keyed(json.loads(plan.base))


def keyed(told: Mapping[str, str]) -> dict[int, str]:
    """The same with numbers as keys, which JSON does not have."""
    return {int(zone): text for zone, text in told.items()}


def as_json(value: Any) -> str:
    """Compact JSON; the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _told(one: Span | Edit) -> dict[str, Any]:
    return {
        "zone": one.zone_id,
        "person": one.person_id,
        "part": one.part.value,
        "from": one.valid_from.isoformat(),
        "to": one.valid_to.isoformat() if one.valid_to else None,
    }


def _read(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "zone_id": line["zone"],
        "person_id": line["person"],
        "part": AssignmentPart(line["part"]),
        "valid_from": date.fromisoformat(line["from"]),
        "valid_to": date.fromisoformat(line["to"]) if line["to"] else None,
    }


def _span(line: Mapping[str, Any]) -> Span:
    return Span(**_read(line))


def _edit(line: Mapping[str, Any]) -> Edit:
    return Edit(**_read(line), is_ending=line["ending"])


def _told_absence(absence: Absence) -> dict[str, Any]:
    return {
        "person": absence.person_id,
        "stand_in": absence.stand_in_id,
        "from": absence.valid_from.isoformat(),
        "to": absence.valid_to.isoformat(),
    }


def _absence(told: Mapping[str, Any]) -> Absence:
    return Absence(
        person_id=told["person"],
        stand_in_id=told["stand_in"],
        valid_from=date.fromisoformat(told["from"]),
        valid_to=date.fromisoformat(told["to"]),
    )
