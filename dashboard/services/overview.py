"""What stands unresolved: key numbers, lights of zones, trend and heat, from the summaries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session

from db.repositories import tallies
from db.repositories.scopes import issues_in_zones, issues_within
from db.repositories.tallies import Group
from db.tables.history import Flow, TallyScope
from db.tables.territory import Zone
from geo.display import heat_points
from governance.counting import (
    CLUES,
    COMPLAINTS,
    INSPECTIONS,
    INSTRUCTIONS,
    UNRESOLVED,
    heat_weight,
    is_overdue,
    on_time_rate,
)
from governance.lights import ORDER, light_of, worst
from governance.permissions import Actor, Right, may
from governance.vocabulary import Light, Source, ZoneKind

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the issues of one place stand on a local day.

    Attributes
    ----------
    unresolved
        Confirmed and not closed, long-term included.
    overdue
        Of them, past the deadline of the clock that runs.
    due_soon
        Of them, not late, with the deadline within the days of the yellow light.
    clues
        Discovered and waiting for confirmation; not part of ``unresolved``.
    light
        The worst of the unresolved issues.
    """

    unresolved: int
    overdue: int
    due_soon: int
    clues: int
    light: Light


@dataclass(frozen=True, kw_only=True)
class Week:
    """Found, closed, and still open at its end (or today), for one week that begins on ``monday``."""

    monday: date
    found: int
    closed: int
    still_open: int


@dataclass(frozen=True, kw_only=True)
class Month:
    """Sign-offs from the first of the month up to today, and their on-time rate."""

    closed: int
    closed_on_time: int
    on_time_rate: float | None


def standing_of(groups: Iterable[Group], *, today: date, yellow_days: int) -> Standing:
    """Standing of groups of issues."""
    known = list(groups)
    alive = [group for group in known if group.stage in UNRESOLVED]
    lights = [(light_of(group.due_on, today=today, yellow_days=yellow_days), group.n) for group in alive]
    return Standing(
        unresolved=sum(group.n for group in alive),
        overdue=sum(group.n for group in alive if is_overdue(group.stage, group.due_on, today=today)),
        due_soon=sum(n for light, n in lights if light == Light.YELLOW),
        clues=sum(group.n for group in known if group.stage in CLUES),
        light=worst(light for light, n in lights if n > 0),
    )


def district_standing(session: Session, *, today: date, yellow_days: int) -> Standing:
    """Standing of the whole district."""
    return standing_of(tallies.district_groups(session), today=today, yellow_days=yellow_days)


def zones_standing(session: Session, zone_ids: frozenset[int], *, today: date, yellow_days: int) -> Standing:
    """Standing of several zones together; an issue in two of them counts once."""
    groups = tallies.issue_groups(session, issues_in_zones(zone_ids))
    return standing_of(groups, today=today, yellow_days=yellow_days)


def standings(session: Session, *, today: date, yellow_days: int) -> dict[int, Standing]:
    """Standing of each zone that has clues or unresolved issues: zone number → standing; 0 is outside."""
    groups = tallies.zone_groups(session)
    return {zone: standing_of(rows, today=today, yellow_days=yellow_days) for zone, rows in groups.items()}


def seen_standing(session: Session, actor: Actor, *, today: date, yellow_days: int) -> Standing:
    """Standing of the district as far as a person may know it: all of it, or what the own rights reach."""
    if may(actor, Right.SEE_DISTRICT):
        return district_standing(session, today=today, yellow_days=yellow_days)
    return standing_of(tallies.issue_groups(session, issues_within(actor)), today=today, yellow_days=yellow_days)


def seen_standings(session: Session, actor: Actor, *, today: date, yellow_days: int) -> dict[int, Standing]:
    """Standing of each zone as far as a person may know it: zone number → standing, as `standings`."""
    if may(actor, Right.SEE_DISTRICT):
        return standings(session, today=today, yellow_days=yellow_days)
    groups = tallies.zone_issue_groups(session, issues_within(actor))
    return {zone: standing_of(rows, today=today, yellow_days=yellow_days) for zone, rows in groups.items()}


def worst_first(pairs: Iterable[tuple[Zone, Standing]]) -> list[tuple[Zone, Standing]]:
    """Zones that need attention first: by light, overdue, unresolved, then code."""
    return sorted(
        pairs, key=lambda pair: (-ORDER.index(pair[1].light), -pair[1].overdue, -pair[1].unresolved, pair[0].code)
    )


def nothing() -> Standing:
    """Standing of a place without issues."""
    return Standing(unresolved=0, overdue=0, due_soon=0, clues=0, light=Light.GREEN)


def from_above(
    session: Session, *, today: date, yellow_days: int, condition: ColumnElement[bool] | None = None
) -> dict[tuple[Source, ...], Standing]:
    """Standing of what came from above: inspections, complaints, instructions."""
    kinds = (INSPECTIONS, COMPLAINTS, INSTRUCTIONS)
    found = tallies.source_groups(session, [source for kind in kinds for source in kind], condition)
    return {
        kind: standing_of(
            [group for source in kind for group in found.get(source, [])], today=today, yellow_days=yellow_days
        )
        for kind in kinds
    }


def weeks(session: Session, *, today: date, still_open: int, zone: Zone | None = None, n: int = 12) -> list[Week]:
    """The last weeks, oldest first, the running one last.

    Parameters
    ----------
    session : Session
    today : date
    still_open : int
        Unresolved now; earlier weeks follow by taking back what happened since.
    zone : Zone, optional
        The whole district without one.
    n : int
        Number of weeks.
    """
    monday = today - timedelta(days=today.weekday())
    since = monday - (n - 1) * WEEK
    scope = TallyScope.TOWNSHIP if zone is None or zone.kind == ZoneKind.TOWNSHIP else TallyScope.KEY_ZONE
    found = tallies.flows(session, since=since, scope=scope, scope_ids=None if zone is None else [zone.key])
    result = []
    for back in range(n):
        start = monday - back * WEEK
        week = {flow: sum(found.get((start + timedelta(days=d), flow), 0) for d in range(7)) for flow in Flow}
        result.append(Week(monday=start, found=week[Flow.FOUND], closed=week[Flow.CLOSED], still_open=still_open))
        still_open += week[Flow.LEFT] - week[Flow.OPENED]
    return result[::-1]


def month(session: Session, *, today: date, overdue: int, zone: Zone | None = None) -> Month:
    """Sign-offs of the running month and the on-time rate of the month."""
    scope = TallyScope.TOWNSHIP if zone is None or zone.kind == ZoneKind.TOWNSHIP else TallyScope.KEY_ZONE
    first = today.replace(day=1)
    found = tallies.flows(session, since=first, scope=scope, scope_ids=None if zone is None else [zone.key])
    closed = sum(n for (_, flow), n in found.items() if flow == Flow.CLOSED)
    in_time = sum(n for (_, flow), n in found.items() if flow == Flow.CLOSED_ON_TIME)
    rate = on_time_rate(closed_on_time=in_time, closed=closed, open_overdue=overdue)
    return Month(closed=closed, closed_on_time=in_time, on_time_rate=rate)


def heat(session: Session, *, today: date, resolution: int = 9) -> list[tuple[float, float, float]]:
    """Heat of the unresolved issues: (lat, lon, weight) per cell, weights by `governance.counting.heat_weight`."""
    found = tallies.cells(session)
    weights = [n * heat_weight(severity, due_on, today=today) for _, severity, due_on, n in found]
    points = heat_points([cell for cell, *_ in found], weights, resolution=resolution)
    return [(lat, lon, weight) for lat, lon, weight in points]
