"""The ledger of issues in: known by number, by the source's number, else by what identifies the row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlmodel import col, select

from dashboard.importers.refusals import Refusal, shown_cell
from dashboard.importers.rows import IssueRow, Parsed
from dashboard.services.issue_numbers import reserve_numbers, take_numbers
from dashboard.services.issue_rows import StatedIssue, new_fields, stated_issues
from dashboard.services.ledger_import import (
    IMPORTED,
    LedgerReport,
    Sorted,
    differing,
    matched,
    moved,
    report_of,
    store_changed,
    store_new,
)
from dashboard.services.ledger_places import ground_on
from dashboard.services.newcomers import Newcomers, add_newcomers
from dashboard.services.placing import NOWHERE
from dashboard.services.progress import Advance, silent
from db import records
from db.tables.issues import Issue, IssueLink, IssueUnit
from db.unit_of_work import UnitOfWork
from geo.crs_names import parse_crs
from governance.counting import CLUES, RECTIFIED
from governance.grading import RISING
from governance.issue_rules import running_deadline
from governance.permissions import Right, require
from governance.stages import EVENT_CODE, Action

Record = Mapping[str, Any]
_JOINED: Final = "joined"
# By these an issue is judged: once its life has begun here, its actions change them, with their rights and reasons.
_JUDGED_BY: Final = frozenset(
    {"severity", "category", "check_area", "term", "source", "requirement", "measures", "rectify_due_on"}
)
_BATCH: Final = 5_000


def import_issues(
    work: UnitOfWork,
    parsed: Parsed[IssueRow],
    *,
    crs: str = "WGS84",
    is_skipping: bool = False,
    is_adding_names: bool = False,
    advance: Advance = silent,
) -> LedgerReport:
    """Store a ledger of issues.

    Parameters
    ----------
    work : UnitOfWork
    parsed : Parsed of IssueRow
    crs : str
        What x and y are in; see `geo.crs.parse_crs`.
    is_skipping : bool
        Store the good rows although others are refused.
    is_adding_names : bool
        Add the units and people in charge that rows name and nobody has entered yet, instead of refusing them.
    advance : Advance, optional

    Returns
    -------
    LedgerReport
        A row with a stage begins its issue with one event marked unproven; without one it is reported as a
        clue. A row about a known issue amends what it states, but moves no stage and changes nothing that is
        closed: it is refused. Blank cells leave an issue as it is. The same file again changes nothing.

    Raises
    ------
    NotAllowed, UnknownCrs
    """
    require(work.actor, Right.IMPORT)
    with work.attempt() as attempt:
        newcomers = add_newcomers(work, parsed.rows) if is_adding_names else Newcomers()
        report = _import_rows(work, parsed, crs=crs, is_skipping=is_skipping, advance=advance)
        attempt.is_undone = not report.is_stored
    return replace(report, newcomers=newcomers)


def _import_rows(
    work: UnitOfWork, parsed: Parsed[IssueRow], *, crs: str, is_skipping: bool, advance: Advance
) -> LedgerReport:
    ground = ground_on(work.session, work.district, work.today)
    rows = Sorted(errors=list(parsed.errors))
    stated = stated_issues(work, parsed.rows, ground, parse_crs(crs), rows)
    assumed: Counter[str] = Counter()
    joining: dict[int, tuple[int, ...]] = {}
    new = _match(work, stated, rows, joining)
    finder_id = work.actor.person_id
    rows.new = [new_fields(one, today=work.today, assumed=assumed, finder_id=finder_id) for one in new]
    is_stored = is_skipping or not rows.errors
    if is_stored:
        advance(0, len(rows.new) + len(rows.changed))
        joining |= _store_new(work, new, rows.new, advance)
        store_changed(work, Issue, IssueLink, rows.changed, advance)
        _join(work, joining)
    return report_of(parsed, rows, is_stored=is_stored, assumed=assumed)


def _match(
    work: UnitOfWork, stated: Sequence[StatedIssue], rows: Sorted, joining: dict[int, tuple[int, ...]]
) -> list[StatedIssue]:
    """Note changed and unchanged rows; return those that begin new issues."""
    by_number = matched(work, Issue, "number", (one.number for one in stated))
    by_source = matched(work, Issue, "source_number", (one.fields["source_number"] for one in stated))
    by_key = matched(work, Issue, "source_key", (one.source_key for one in stated if one.number is None))
    new: list[StatedIssue] = []
    known: list[tuple[StatedIssue, Record]] = []
    for one in stated:
        found = _records_of(one, by_number, by_source, by_key)
        key = ("id", found[0]["id"]) if len(found) == 1 else one.key
        if len(found) > 1:
            shared = Refusal("issue_shared", "Several issues have this source number; give their own numbers.")
            rows.refuse(one.row, "source_number", one.fields["source_number"], shared)
        elif rows.claim(key, one.row, "title", one.fields["title"]):
            new += [] if found else [one]
            known += [(one, record) for record in found]
    units = _units_of(work, [record["id"] for one, record in known if one.joining_unit_ids])
    for one, record in known:
        _note_changes(one, record, rows, units.get(record["id"], frozenset()), joining)
    return new


def _records_of(
    one: StatedIssue,
    by_number: Mapping[object, list[Record]],
    by_source: Mapping[object, list[Record]],
    by_key: Mapping[object, list[Record]],
) -> list[Record]:
    if one.number is not None:
        return by_number.get(one.number, [])
    alike = by_key.get(one.source_key, [])
    if one.fields["source_number"] is None:
        return alike[:1]
    source = one.fields["source"]
    numbered = by_source.get(one.fields["source_number"], ())
    found = [record for record in numbered if source is None or record["source"] == source]
    return found or [record for record in alike if record["source_number"] is None][:1]


def _note_changes(
    one: StatedIssue, record: Record, rows: Sorted, units: frozenset[int], joining: dict[int, tuple[int, ...]]
) -> None:
    changes = {**differing(record, one.fields), **moved(record, one.placed, one.township_id)}
    joined = tuple(unit for unit in one.joining_unit_ids if unit not in units)
    if one.stage is not None and one.stage != record["stage"]:
        rows.refuse(one.row, "stage", one.stage, _stage_refusal(one, record))
    elif (changes or joined) and record["stage"] in RECTIFIED:
        _refuse_closed(one, record, rows, changes)
    elif judged := _judged_otherwise(record, changes):
        _refuse_judged(one, record, rows, judged)
    elif changes or joined:
        due_on = running_deadline(record["stage"], {**record, **changes})
        rows.changed[record["id"]] = {**changes, "due_on": due_on}
        joining[record["id"]] = joined
    else:
        rows.unchanged += 1


def _stage_refusal(one: StatedIssue, record: Record) -> Refusal:
    """An import moves no issue along its life, and reopens none."""
    return Refusal(
        "stage_not_by_import",
        "The issue stands at {found}, the row says {stated}; a stage is changed by its actions, not by an import.",
        found=record["stage"], stated=one.stage,
    )  # fmt: skip


def _refuse_closed(one: StatedIssue, record: Record, rows: Sorted, changes: Mapping[str, Any]) -> None:
    """What is closed stays as it was signed off: every value that would change it is refused by its name."""
    stated = {name: (value, record[name]) for name, value in changes.items() if name not in NOWHERE}
    if one.placed is not None and "lon" in changes:
        stated["x"] = (changes["lon"], record["lon"])
    elif "township_id" in changes:
        stated["township"] = (changes["township_id"], record["township_id"])
    for name, (value, stands) in (stated or {"joining_units": (None, None)}).items():
        refusal = Refusal(
            "closed_issue",
            "Issue {number} is closed with {stands} here; only reopening it changes that.",
            number=record["number"],
            stands="-" if stands is None else shown_cell(stands),
        )
        rows.refuse(one.row, name, value, refusal)


def _judged_otherwise(record: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes that only an action may make; a level of sign-off is raised by people and lowered by nobody."""
    has_begun = not record["is_unproven"] and (record["stage"] not in CLUES or record["is_on_the_spot"])
    kept = _JUDGED_BY if has_begun else frozenset[str]()
    level = changes.get("sign_off_level")
    is_lowered = level is not None and RISING.index(level) < RISING.index(record["sign_off_level"])
    return {name: value for name, value in changes.items() if name in kept or (is_lowered and name == "sign_off_level")}


def _refuse_judged(one: StatedIssue, record: Record, rows: Sorted, judged: Mapping[str, Any]) -> None:
    for name, value in judged.items():
        refusal = Refusal(
            "led_by_actions",
            "Issue {number} stands with {stands} here; that is changed by its actions, not by an import.",
            number=record["number"],
            stands="-" if record[name] is None else shown_cell(record[name]),
        )
        rows.refuse(one.row, name, value, refusal)


def _units_of(work: UnitOfWork, numbers: Sequence[int]) -> dict[int, frozenset[int]]:
    """Units that join in issues already."""
    found: dict[int, set[int]] = {}
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        query = select(IssueUnit.issue_id, IssueUnit.unit_id).where(col(IssueUnit.issue_id).in_(part))
        for issue_id, unit_id in work.session.exec(query):
            found.setdefault(issue_id, set()).add(unit_id)
    return {number: frozenset(units) for number, units in found.items()}


def _store_new(
    work: UnitOfWork, new: Sequence[StatedIssue], fields: Sequence[dict[str, Any]], advance: Advance
) -> dict[int, tuple[int, ...]]:
    """Make the issues, numbered in the order of the rows; return the units that join in each."""
    reserve_numbers(work, (one.number for one in new if one.number is not None))
    free = iter(take_numbers(work, sum(one.number is None for one in new)))
    for one, row in zip(new, fields, strict=True):
        row["number"] = one.number or next(free)
    joining: dict[int, tuple[int, ...]] = {}
    for is_unproven, code in ((True, IMPORTED), (False, EVENT_CODE[Action.REPORT])):
        chosen = [place for place, row in enumerate(fields) if row["is_unproven"] == is_unproven]
        numbers = store_new(work, Issue, IssueLink, [fields[place] for place in chosen], code=code, advance=advance)
        joining |= {number: new[place].joining_unit_ids for number, place in zip(numbers, chosen, strict=True)}
    return joining


def _join(work: UnitOfWork, joining: Mapping[int, tuple[int, ...]]) -> None:
    pairs = [{"issue_id": number, "unit_id": unit} for number, units in joining.items() for unit in units]
    records.create_many(work, IssueUnit, pairs, code=_JOINED)
