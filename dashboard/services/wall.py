"""What the wall shows of one step, data version and day, read in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Engine
from sqlmodel import Session, col, select

from dashboard.services import overview, wall_numbers
from dashboard.services.air_board import AirBoard, air_board
from dashboard.services.figure_rows import rows_behind
from dashboard.services.overview import Month, Standing, Week
from dashboard.services.past_standings import Past
from dashboard.services.wall_numbers import Covered, Lately
from dashboard.services.wall_scopes import Scope, scope_of
from db.repositories.issues import IssueLine, count, lines
from db.repositories.ledger_filter import LedgerFilter, condition_of
from db.repositories.people import leads_on
from db.repositories.territory import zones
from db.tables.issues import Issue
from db.tables.loop import LookBackItem
from db.tables.people import Person
from db.tables.territory import Zone
from db.unit_of_work import current_district, reading
from governance.counting import UNRESOLVED
from governance.coverage import Coverage
from governance.look_back import DISMISSED
from governance.playlist import Step
from governance.vocabulary import LookBackResult, Source, ZoneKind
from governance.wall_figures import ABOVE, NOT_COVERED, WALL_FIGURES, WallFigure

URGENT = 3


@dataclass(frozen=True, kw_only=True)
class WallPicture:
    """Everything that the wall's panels draw of one step.

    Attributes
    ----------
    scope
        The whole district, or the zones of a leader or a township.
    numbers
        Every figure that opens a list, by its name: the length of that list.
    standing, month, lately, weeks, above, coverages
        Of the scope; an issue in two zones of a leader counts once.
    urgent
        The latest three, worst first.
    townships, key_zones
        Of the whole district, worst first: by light, overdue, unresolved, then code.
    own_zones
        Those of the scope in the same order; none for the district.
    leads
        Zone number → the leader who guards it as lead.
    """

    scope: Scope
    numbers: Mapping[WallFigure, int]
    standing: Standing
    past: Past | None
    month: Month
    lately: Lately
    weeks: list[Week]
    above: dict[tuple[Source, ...], Standing]
    coverages: dict[Coverage, Covered]
    urgent: list[IssueLine]
    townships: list[tuple[Zone, Standing]]
    key_zones: list[tuple[Zone, Standing]]
    own_zones: list[tuple[Zone, Standing]]
    leads: dict[int, Person]
    air: AirBoard


def wall_picture(engine: Engine, step: Step, *, today: date, yellow_days: int) -> WallPicture:
    """The wall's picture of a step on a local day.

    Raises
    ------
    NotFound
        ``no_wall_scope``: there is nothing to show for the step today.
    """
    with reading(engine) as session:
        scope = scope_of(session, step, today=today)
        now = wall_numbers.standing(session, scope, today=today, yellow_days=yellow_days)
        days = wall_numbers.flows(session, scope, today=today, time_zone=current_district(session).time_zone)
        month = wall_numbers.month_of(days, today=today, overdue=now.overdue)
        inside = scope.zone_ids or None
        above = overview.from_above(session, today=today, yellow_days=yellow_days, zone_ids=inside)
        coverages = wall_numbers.coverages(session, scope, today=today)
        ranked = _ranked(session, today=today, yellow_days=yellow_days)
        return WallPicture(
            scope=scope,
            numbers=_numbers(now, month, above, coverages) | {WallFigure.REBOUNDS: _rebounds(session, scope, today)},
            standing=now,
            past=wall_numbers.past(session, scope, today=today, yellow_days=yellow_days),
            month=month,
            lately=wall_numbers.lately_of(days, today=today),
            weeks=wall_numbers.weeks_of(days, today=today, still_open=now.unresolved),
            above=above,
            coverages=coverages,
            urgent=_urgent(session, scope, today),
            townships=[pair for pair in ranked if pair[0].kind == ZoneKind.TOWNSHIP],
            key_zones=[pair for pair in ranked if pair[0].kind != ZoneKind.TOWNSHIP],
            own_zones=[pair for pair in ranked if pair[0].key in scope.zone_ids],
            leads=leads_on(session, today),
            air=air_board(session, today=today),
        )


def condition_behind(
    figure: WallFigure, within: LedgerFilter, *, today: date, yellow_until: date
) -> ColumnElement[bool]:
    """Condition on `Issue` for the issues that a figure of the wall counts; for coverages there is none.

    Parameters
    ----------
    figure : WallFigure
        One that counts issues.
    within : LedgerFilter
        The zones that it is about.
    today, yellow_until : date
        The local day, and the last day of the yellow light.
    """
    counts = WALL_FIGURES[figure]
    if counts.figure is None:
        return condition_of(within, today=today, yellow_until=yellow_until) & reopened_in_month(today)
    narrowed = replace(within, sources=frozenset(counts.sources))
    wanted = rows_behind(counts.figure, today=today, within=narrowed)
    return condition_of(wanted, today=today, yellow_until=yellow_until)


def reopened_in_month(today: date) -> ColumnElement[bool]:
    """Condition on `Issue`: a look-back reopened it between the first of the month and today."""
    query = select(LookBackItem.issue_id).where(
        LookBackItem.result == LookBackResult.REOPENED,
        col(LookBackItem.looked_on).between(today.replace(day=1), today),
    )
    return col(Issue.id).in_(query) & col(Issue.stage).not_in(sorted(DISMISSED))


def _numbers(
    now: Standing,
    month: Month,
    above: dict[tuple[Source, ...], Standing],
    coverages: dict[Coverage, Covered],
) -> dict[WallFigure, int]:
    numbers = {
        WallFigure.UNRESOLVED: now.unresolved,
        WallFigure.OVERDUE: now.overdue,
        WallFigure.DUE_SOON: now.due_soon,
        WallFigure.CLUES: now.clues,
        WallFigure.CLOSED: month.closed,
        WallFigure.JUDGED: month.closed + now.overdue,
    }
    for sources, (is_open, is_overdue) in ABOVE.items():
        numbers |= {is_open: above[sources].unresolved, is_overdue: above[sources].overdue}
    return numbers | {figure: coverages[coverage].not_covered for coverage, figure in NOT_COVERED.items()}


def _rebounds(session: Session, scope: Scope, today: date) -> int:
    return count(session, reopened_in_month(today) & scope.issues)


def _urgent(session: Session, scope: Scope, today: date) -> list[IssueLine]:
    late = col(Issue.stage).in_(UNRESOLVED) & (col(Issue.due_on) < today)
    return lines(session, late & scope.issues, limit=URGENT, by_deadline=True, is_open=True)


def _ranked(session: Session, *, today: date, yellow_days: int) -> list[tuple[Zone, Standing]]:
    known = overview.standings(session, today=today, yellow_days=yellow_days)
    return overview.worst_first((zone, known.get(zone.key, overview.nothing())) for zone in zones(session))
