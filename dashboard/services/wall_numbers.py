"""How the numbers of a step of the wall are read: from the summaries, or issue by issue where zones overlap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from dashboard.services import overview
from dashboard.services.overview import WEEK, Month, Standing, Week
from dashboard.services.past_standings import Past, week_before
from dashboard.services.wall_scopes import Scope
from db.repositories import tallies
from db.repositories.coverage import count_each, not_covered
from db.repositories.unions import flows_of
from db.tables.history import Flow, TallyScope
from governance.counting import on_time_rate
from governance.coverage import COVERINGS, Coverage, coverage_period, coverage_rate
from governance.vocabulary import ZoneKind

WEEKS = 12
Days = Mapping[tuple[date, Flow], int]


@dataclass(frozen=True, kw_only=True)
class Covered:
    """A coverage: enterprises on record in the scope, how many of them nothing covers, and the rate in 0…1."""

    enterprises: int
    not_covered: int
    rate: float | None


@dataclass(frozen=True, kw_only=True)
class Lately:
    """Sign-offs of the last seven days up to today, and of the seven before."""

    closed: int
    before: int


def standing(session: Session, scope: Scope, *, today: date, yellow_days: int) -> Standing:
    """Standing of the step; every issue counts once."""
    if not scope.zones:
        return overview.district_standing(session, today=today, yellow_days=yellow_days)
    return overview.zones_standing(session, scope.zone_ids, today=today, yellow_days=yellow_days)


def past(session: Session, scope: Scope, *, today: date, yellow_days: int) -> Past | None:
    """How the step stood at the end of the same weekday a week ago.

    None where no record tells: before the first day that was kept, and where zones overlap, because the past is kept
    by zone and an issue in two of them would count twice.
    """
    if scope.overlaps:
        return None
    ids: list[int | None] = [zone.key for zone in scope.zones] or [None]
    parts = [week_before(session, today=today, zone_id=zone_id, yellow_days=yellow_days) for zone_id in ids]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    soon = [part.due_soon for part in known if part.due_soon is not None]
    return Past(
        unresolved=sum(part.unresolved for part in known),
        overdue=sum(part.overdue for part in known),
        due_soon=sum(soon) if len(soon) == len(known) else None,
    )


def flows(session: Session, scope: Scope, *, today: date, time_zone: str) -> Days:
    """What happened in the step's zones since the first of the weeks or of the month, by local day and kind."""
    since = min(_first_monday(today), today.replace(day=1))
    if scope.overlaps:
        return flows_of(session, scope.zone_ids, since=since, time_zone=time_zone)
    if not scope.zones:
        return tallies.flows(session, since=since)
    known: dict[tuple[date, Flow], int] = {}
    for kind in TallyScope.TOWNSHIP, TallyScope.KEY_ZONE:
        ids = [zone.key for zone in scope.zones if (zone.kind == ZoneKind.TOWNSHIP) == (kind == TallyScope.TOWNSHIP)]
        for key, n in tallies.flows(session, since=since, scope=kind, scope_ids=ids).items() if ids else ():
            known[key] = known.get(key, 0) + n
    return known


def weeks_of(days: Days, *, today: date, still_open: int) -> list[Week]:
    """The last twelve weeks, oldest first, the running one last; what was open follows backwards from now."""
    monday = today - timedelta(days=today.weekday())
    result = []
    for back in range(WEEKS):
        start = monday - back * WEEK
        week = {flow: sum(days.get((start + timedelta(days=d), flow), 0) for d in range(7)) for flow in Flow}
        result.append(Week(monday=start, found=week[Flow.FOUND], closed=week[Flow.CLOSED], still_open=still_open))
        still_open += week[Flow.LEFT] - week[Flow.OPENED]
    return result[::-1]


def month_of(days: Days, *, today: date, overdue: int) -> Month:
    """Sign-offs of the running month and their on-time rate."""
    first = today.replace(day=1)
    closed = sum(n for (day, flow), n in days.items() if flow == Flow.CLOSED and first <= day <= today)
    in_time = sum(n for (day, flow), n in days.items() if flow == Flow.CLOSED_ON_TIME and first <= day <= today)
    rate = on_time_rate(closed_on_time=in_time, closed=closed, open_overdue=overdue)
    return Month(closed=closed, closed_on_time=in_time, on_time_rate=rate)


def lately_of(days: Days, *, today: date) -> Lately:
    """Sign-offs of the last seven days beside the seven before."""
    closed = {(today - day).days: n for (day, flow), n in days.items() if flow == Flow.CLOSED}
    return Lately(closed=sum(closed.get(d, 0) for d in range(7)), before=sum(closed.get(d, 0) for d in range(7, 14)))


def coverages(session: Session, scope: Scope, *, today: date) -> dict[Coverage, Covered]:
    """The three coverages of the enterprises in the step's zones, this year up to today."""
    since, until = coverage_period(today)
    missing = [not_covered(covering, since=since, until=until) for covering in COVERINGS.values()]
    enterprises, *numbers = count_each(session, scope.enterprises, *missing)
    return {
        coverage: Covered(
            enterprises=enterprises,
            not_covered=number,
            rate=coverage_rate(enterprises=enterprises, not_covered=number),
        )
        for coverage, number in zip(COVERINGS, numbers, strict=True)
    }


def _first_monday(today: date) -> date:
    return today - timedelta(days=today.weekday()) - (WEEKS - 1) * WEEK
