"""What the ledger can be asked for, as one condition on issues."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, true
from sqlmodel import col, select

from db.repositories.happenings import Happened, happened_to
from db.repositories.scopes import issues_in_zones
from db.tables.issues import Evidence, Issue
from db.tables.loop import LookBackItem
from db.tables.territory import Enterprise
from geo.codec import cell_span, named_cell
from governance.counting import FOLLOWED_FROM_ABOVE, RECTIFIED, UNRESOLVED
from governance.look_back import DISMISSED
from governance.vocabulary import (
    Category,
    CheckArea,
    Light,
    LookBackResult,
    Severity,
    SignOffLevel,
    Source,
    Stage,
    Term,
)


@dataclass(frozen=True, kw_only=True)
class LedgerFilter:
    """What the ledger shows; empty fields do not filter.

    Attributes
    ----------
    text
        Part of the title, the numbers or the enterprise's name.
    source_number
        Part of the number that the source gave.
    person_in_charge_ids, finder_id, rectifier_id, signer_id
        People: who is in charge, who found it, who handed the measures in, who signed it off.
    found_from, found_to, closed_from, closed_to, due_from, due_to, looked_from, looked_to
        Local dates, both included. Due dates are those of the clock that runs; a look-back's is that of its result.
    look_back_results
        Results of look-backs after closing, within the looking dates; all of them where only the dates are given.
    is_unresolved
        Only issues that are confirmed and not closed.
    is_overdue
        Of them, those past the deadline of the clock that runs.
    is_judged
        What the on-time rate judges: closed within the closing dates, and unresolved past the deadline.
    on_time
        Closed issues: by the deadline, or after it.
    is_instant
        Closed issues: on the day of the hand-over, on-the-spot ones excepted.
    is_recurrence
        Linked to a closed issue that it shows again.
    is_from_above
        From inspections, the city, complaints by 12345 and 12369, and instructions; or from none of them.
    light
        Of unresolved issues, by ``today`` and ``yellow_days``.
    cells
        Names of H3 cells of resolution 9 or coarser: issues whose place lies in any of them.
    happened
        Something that happened to the issue in a span of events.
    """

    text: str = ""
    source_number: str = ""
    stages: frozenset[Stage] = frozenset()
    severities: frozenset[Severity] = frozenset()
    categories: frozenset[Category] = frozenset()
    sources: frozenset[Source] = frozenset()
    check_areas: frozenset[CheckArea] = frozenset()
    levels: frozenset[SignOffLevel] = frozenset()
    terms: frozenset[Term] = frozenset()
    zone_ids: frozenset[int] = frozenset()
    industry_ids: frozenset[int] = frozenset()
    lead_unit_ids: frozenset[int] = frozenset()
    person_in_charge_ids: frozenset[int] = frozenset()
    finder_id: int | None = None
    rectifier_id: int | None = None
    signer_id: int | None = None
    enterprise_id: int | None = None
    found_from: date | None = None
    found_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    looked_from: date | None = None
    looked_to: date | None = None
    look_back_results: frozenset[LookBackResult] = frozenset()
    is_unresolved: bool = False
    is_overdue: bool = False
    is_judged: bool = False
    on_time: bool | None = None
    is_instant: bool | None = None
    is_recurrence: bool | None = None
    has_evidence: bool | None = None
    is_on_the_spot: bool | None = None
    is_reopened: bool | None = None
    is_from_above: bool | None = None
    light: Light | None = None
    cells: frozenset[str] = frozenset()
    happened: Happened | None = None


def condition_of(wanted: LedgerFilter, *, today: date, yellow_until: date) -> ColumnElement[bool]:
    """Condition on `Issue` for a filter; ``yellow_until`` is the last day of the yellow light."""
    return and_(
        true(),
        *_words(wanted),
        *_things(wanted),
        *_days(wanted, today),
        *_marks(wanted),
        *_light(wanted.light, today, yellow_until),
        *_text(wanted),
        *_cells(wanted.cells),
        *([happened_to(wanted.happened)] if wanted.happened else []),
    )


def was_on_time() -> ColumnElement[bool]:
    """Condition on closed issues: the measures that led to the sign-off came by the deadline.

    As `governance.counting.is_on_time`; what was imported without a day of its measures is judged by its closing.
    """
    done = func.coalesce(col(Issue.measures_on), col(Issue.closed_on))
    return or_(col(Issue.rectify_due_on).is_(None), func.coalesce(done <= col(Issue.rectify_due_on), False))


def was_instant() -> ColumnElement[bool]:
    """Condition on closed issues: closed on the day of the hand-over, not on the spot; as `counting.is_instant`."""
    same_day = col(Issue.handed_over_on) == col(Issue.closed_on)
    return and_(col(Issue.stage).in_(sorted(RECTIFIED)), same_day, ~col(Issue.is_on_the_spot))


def _words(wanted: LedgerFilter) -> Iterable[ColumnElement[bool]]:
    pairs = (
        (Issue.stage, wanted.stages),
        (Issue.severity, wanted.severities),
        (Issue.category, wanted.categories),
        (Issue.source, wanted.sources),
        (Issue.check_area, wanted.check_areas),
        (Issue.sign_off_level, wanted.levels),
        (Issue.term, wanted.terms),
    )
    return [col(column).in_(sorted(values)) for column, values in pairs if values]


def _things(wanted: LedgerFilter) -> Iterable[ColumnElement[bool]]:
    sets = (
        (Issue.industry_id, wanted.industry_ids),
        (Issue.lead_unit_id, wanted.lead_unit_ids),
        (Issue.person_in_charge_id, wanted.person_in_charge_ids),
    )
    ones = (
        (Issue.enterprise_id, wanted.enterprise_id),
        (Issue.finder_id, wanted.finder_id),
        (Issue.rectifier_id, wanted.rectifier_id),
        (Issue.signer_id, wanted.signer_id),
    )
    conditions = [issues_in_zones(wanted.zone_ids)] if wanted.zone_ids else []
    conditions += [col(column).in_(sorted(ids)) for column, ids in sets if ids]
    return conditions + [col(column) == number for column, number in ones if number is not None]


def _days(wanted: LedgerFilter, today: date) -> Iterable[ColumnElement[bool]]:
    closing = _span(col(Issue.closed_on), wanted.closed_from, wanted.closed_to)
    overdue = and_(col(Issue.stage).in_(sorted(UNRESOLVED)), col(Issue.due_on) < today)
    judged = or_(and_(col(Issue.stage).in_(sorted(RECTIFIED)), *closing), overdue)
    return [
        *_span(col(Issue.found_on), wanted.found_from, wanted.found_to),
        *_span(col(Issue.due_on), wanted.due_from, wanted.due_to),
        *([judged] if wanted.is_judged else closing),
        *_looked_back(wanted),
        *([overdue] if wanted.is_overdue else []),
    ]


def _looked_back(wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    results = sorted(wanted.look_back_results) or list(LookBackResult)
    span = _span(col(LookBackItem.looked_on), wanted.looked_from, wanted.looked_to)
    if not span and not wanted.look_back_results:
        return []
    of_issue = and_(col(LookBackItem.issue_id) == col(Issue.id), col(LookBackItem.result).in_(results), *span)
    return [col(Issue.stage).not_in(sorted(DISMISSED)), exists().where(of_issue)]


def _span(column: Any, first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    return ([column >= first] if first else []) + ([column <= last] if last else [])


def _marks(wanted: LedgerFilter) -> Iterable[ColumnElement[bool]]:
    evidence = exists(select(Evidence.id).where(Evidence.issue_id == Issue.id))
    asked: tuple[tuple[bool | None, Any], ...] = (
        (wanted.has_evidence, evidence),
        (wanted.is_on_the_spot, col(Issue.is_on_the_spot)),
        (wanted.is_reopened, col(Issue.times_reopened) > 0),
        (wanted.is_instant, func.coalesce(was_instant(), False)),
        (wanted.is_recurrence, col(Issue.recurs_id).is_not(None)),
        (wanted.is_from_above, col(Issue.source).in_(sorted(FOLLOWED_FROM_ABOVE))),
    )
    if wanted.is_unresolved or wanted.light:
        yield col(Issue.stage).in_(sorted(UNRESOLVED))
    if wanted.on_time is not None:
        yield col(Issue.stage).in_(sorted(RECTIFIED))
        yield was_on_time() if wanted.on_time else ~was_on_time()
    for answer, condition in asked:
        if answer is not None:
            yield condition if answer else ~condition


def _light(light: Light | None, today: date, yellow_until: date) -> list[ColumnElement[bool]]:
    due = col(Issue.due_on)
    match light:
        case None:
            return []
        case Light.RED:
            return [due < today]
        case Light.YELLOW:
            return [due >= today, due <= yellow_until]
        case Light.GREEN:
            return [or_(due.is_(None), due > yellow_until)]


def _text(wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if source_number := wanted.source_number.strip():
        conditions.append(col(Issue.source_number).contains(source_number, autoescape=True))
    if text := wanted.text.strip():
        named = select(Enterprise.id).where(col(Enterprise.name).contains(text, autoescape=True))
        conditions.append(
            or_(
                *(
                    col(column).contains(text, autoescape=True)
                    for column in (Issue.title, Issue.number, Issue.source_number)
                ),
                col(Issue.enterprise_id).in_(named),
            )
        )
    return conditions


def _cells(names: Iterable[str]) -> list[ColumnElement[bool]]:
    """Stored cells of one coarser cell follow each other: each name is one span, and spans that meet become one."""
    spans: list[tuple[int, int]] = []
    for first, last in sorted(cell_span(named_cell(name)) for name in names):
        meets = bool(spans) and first <= spans[-1][1] + 1
        start = spans.pop() if meets else (first, last)
        spans.append((start[0], max(start[1], last)))
    return [or_(*(col(Issue.cell).between(first, last) for first, last in spans))] if spans else []
