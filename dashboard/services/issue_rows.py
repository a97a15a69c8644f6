"""The rows of a ledger of issues with their names resolved: what each states, and what is assumed where it is blank."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from dashboard.importers.refusals import Refusal
from dashboard.importers.rows import IssueRow
from dashboard.importers.words import normal_word
from dashboard.services.known_names import KnownNames, Lookup, known_names
from dashboard.services.ledger_import import Sorted
from dashboard.services.ledger_places import Ground, contradiction, place_rows
from dashboard.services.placing import NOWHERE, in_township
from dashboard.services.working_days import is_working_day
from db.unit_of_work import UnitOfWork
from geo.crs_names import Crs
from governance import deadlines
from governance.counting import CLUES, RECTIFIED
from governance.errors import InvalidInput
from governance.grading import sign_off_level
from governance.issue_rules import opening_fields, running_deadline
from governance.vocabulary import Category, Severity, Source, Stage

ASSUMED: Final[Mapping[str, Any]] = {
    "severity": Severity.MINOR,
    "category": Category.MANAGEMENT,
    "source": Source.TOWNSHIP_PATROL,
}
"""What is taken where a ledger says nothing; the report counts how often."""

_AS_STATED: Final = (
    "title", "description", "severity", "category", "check_area", "term", "sign_off_level", "source",
    "source_number", "source_document", "place", "requirement", "measures", "found_on", "rectify_due_on", "closed_on",
)  # fmt: skip
_PLACE: Final = tuple(NOWHERE)


@dataclass(frozen=True, slots=True)
class StatedIssue:
    """One row with its names resolved.

    Attributes
    ----------
    fields
        Columns of `Issue` that the row states; None where it is blank.
    placed
        Place fields of its own point, or None.
    enterprise
        Fields of the enterprise it names, or None.
    source_key
        By which a row without any number is known: a hash of source, title, day and where it is: enterprise and
        place, or the point (to about 10 m) where neither is named.
    """

    row: int
    number: str | None
    stage: Stage | None
    fields: dict[str, Any]
    placed: dict[str, Any] | None
    enterprise: Mapping[str, Any] | None
    township_id: int | None
    joining_unit_ids: tuple[int, ...]
    source_key: str

    @property
    def key(self) -> tuple[str, object]:
        """What the row is known by among new records."""
        if self.number is not None:
            return "number", self.number
        if self.fields["source_number"] is not None:
            return "source_number", (self.fields["source"], self.fields["source_number"])
        return "source_key", self.source_key


def stated_issues(
    work: UnitOfWork, held: Sequence[IssueRow], ground: Ground, crs: Crs, rows: Sorted
) -> list[StatedIssue]:
    """Resolve names and places of rows; the rows that cannot be are refused in ``rows``."""
    placed, faults = place_rows(held, ground, crs)
    rows.errors += faults.values()
    names = known_names(work.session, is_with_enterprises=True)
    lookups = {
        "township": Lookup.of(names.townships),
        "industry": Lookup.of(names.industries),
        "lead_unit": Lookup.of(names.units),
        "person_in_charge": Lookup.of(names.people),
        "enterprise": Lookup.of(names.enterprises),
    }
    found = (_stated(row, placed.get(row.row), names, lookups, ground, work.today, rows) for row in held)
    return [one for one in found if one is not None and one.row not in faults]


def _stated(
    row: IssueRow,
    point: dict[str, Any] | None,
    names: KnownNames,
    lookups: Mapping[str, Lookup],
    ground: Ground,
    today: date,
    rows: Sorted,
) -> StatedIssue | None:
    known: dict[str, Any] = {name: lookups[name](getattr(row, name)) for name in lookups if name != "enterprise"}
    known["enterprise"] = _enterprise(row, names, lookups["enterprise"], known["township"])
    joining = [lookups["lead_unit"](name) for name in row.joining_units]
    known["joining_units"] = next((unit for unit in joining if isinstance(unit, Refusal)), None)
    known["closed_on"] = _closed_fault(row)
    known["found_on"] = _found_fault(row, today)
    if point is not None and isinstance(known["township"], int):
        known["township"] = contradiction(point, known["township"], ground) or known["township"]
    refused = {name: value for name, value in known.items() if isinstance(value, InvalidInput)}
    for name, refusal in refused.items():
        value = getattr(row, name)
        rows.refuse(row.row, name, "".join(value) if isinstance(value, tuple) else value, refusal)
    return None if refused else _resolved(row, point, known, tuple(joining), names)  # type: ignore[arg-type]  # no refusal, no None left


def _resolved(
    row: IssueRow, point: dict[str, Any] | None, known: Mapping[str, Any], joining: tuple[int, ...], names: KnownNames
) -> StatedIssue:
    enterprise = names.enterprise_fields.get(known["enterprise"])
    fields = {name: getattr(row, name) for name in _AS_STATED}
    fields |= {
        "enterprise_id": known["enterprise"],
        "industry_id": known["industry"],
        "lead_unit_id": known["lead_unit"],
        "person_in_charge_id": known["person_in_charge"],
    }
    return StatedIssue(
        row=row.row,
        number=row.number,
        stage=row.stage,
        fields=fields,
        placed=point,
        enterprise=enterprise,
        township_id=known["township"],
        joining_unit_ids=joining,
        source_key=_source_key(row, enterprise["name"] if enterprise else "", point),
    )


def _enterprise(row: IssueRow, names: KnownNames, by_name: Lookup, township: object) -> int | Refusal | None:
    """The enterprise with the row's credit code, else the one with its name; a shared name is told by township."""
    code = row.enterprise_credit_code
    if code is not None and code in names.credit_codes:
        return names.credit_codes[code]
    found = by_name(row.enterprise)
    if isinstance(found, Refusal) and row.enterprise is not None:
        alike = names.enterprises.ids.get(normal_word(row.enterprise), frozenset())
        here = [number for number in alike if names.enterprise_fields[number]["township_id"] == township]
        found = here[0] if len(here) == 1 else found
    if code is None or found is None:
        return found if code is None else _unknown_code(code)
    is_other = isinstance(found, int) and names.enterprise_fields[found]["credit_code"] is not None
    return _unknown_code(code) if is_other else found


def _unknown_code(code: str) -> Refusal:
    return Refusal("enterprise_code_unknown", "No enterprise has the credit code {value}.", value=code)


def _closed_fault(row: IssueRow) -> Refusal | None:
    if row.closed_on is None or row.stage in RECTIFIED:
        return None
    return Refusal(
        "closed_on_without_stage",
        "A day of sign-off is given, but the stage does not say that the issue is closed.",
    )


def _found_fault(row: IssueRow, today: date) -> Refusal | None:
    if row.found_on is None or row.found_on <= today:
        return None
    return Refusal(
        "found_in_future",
        "The issue was found on {found_on}, after today ({today})",
        found_on=row.found_on, today=today,
    )  # fmt: skip


def _source_key(row: IssueRow, enterprise: str, point: Mapping[str, Any] | None) -> str:
    found_on = row.found_on.isoformat() if row.found_on else ""
    where = enterprise + (row.place or "")
    if not where and point is not None:
        where = f"{point['lon']:.4f} {point['lat']:.4f}"
    text = "\x1f".join((row.source or "", normal_word(row.title), normal_word(where), found_on))
    return f"issues:{sha256(text.encode()).hexdigest()[:40]}"


def new_fields(one: StatedIssue, *, today: date, assumed: Counter[str], finder_id: int | None = None) -> dict[str, Any]:
    """All fields of a new issue but its number: a clue, or with a stated stage as stated and unproven.

    Whoever brings in a clue without a stage reports it, and is kept from confirming it as any finder is.
    """
    fields = _completed(one, assumed)
    fields["found_on"] = fields["found_on"] or today
    shared = {**fields, **_place_of(one), "source_key": one.source_key}
    if one.stage is None or one.stage in CLUES:
        due_on = deadlines.confirm_due_on(fields["found_on"], is_working_day=is_working_day)
        given = {**shared, "confirm_due_on": due_on}
        del given["closed_on"]  # never stated for a clue, and the loop's own
        finder_id = finder_id if one.stage is None else None
        opened = opening_fields(given, finder_id=finder_id, today=today)
        level = fields["sign_off_level"] or opened["sign_off_level"]  # the district's own ledger says who signs
        return {**opened, "sign_off_level": level, "is_unproven": one.stage is not None}
    level = fields["sign_off_level"] or sign_off_level(source=fields["source"], severity=fields["severity"])
    stated = {"stage": one.stage, "sign_off_level": level, "finder_id": None, "confirm_due_on": None}
    return {**shared, **stated, "due_on": running_deadline(one.stage, fields), "is_unproven": True}


def _completed(one: StatedIssue, assumed: Counter[str]) -> dict[str, Any]:
    """The stated fields, with the industry of the enterprise and what is assumed where nothing is said."""
    fields = dict(one.fields)
    for name, value in ASSUMED.items():
        if fields[name] is None:
            fields[name] = value
            assumed[name] += 1
    if fields["found_on"] is None:
        assumed["found_on"] += 1
    if fields["industry_id"] is None and one.enterprise is not None:
        fields["industry_id"] = one.enterprise["industry_id"]
    return fields


def _place_of(one: StatedIssue) -> Mapping[str, Any]:
    """Its own point, else that of its enterprise unless the row states another township, else the township."""
    if one.placed is not None:
        return one.placed
    if one.enterprise is not None and one.township_id in (None, one.enterprise["township_id"]):
        return {name: one.enterprise[name] for name in _PLACE}
    return in_township(one.township_id)
