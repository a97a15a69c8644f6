"""What stands unresolved: key numbers, lights of zones, trend and heat, from the summaries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session

from dashboard.services.heat_weights import heat as heat
from dashboard.services.heat_weights import heat_cells as heat_cells
from dashboard.services.past_standings import Past as Past
from dashboard.services.past_standings import is_recorded as is_recorded
from dashboard.services.past_standings import past_standings as past_standings
from dashboard.services.past_standings import week_before as week_before
from db.repositories import tallies
from db.repositories.scopes import issues_within
from db.repositories.standing import StandingRow, standing_rows
from db.repositories.tallies import Group
from db.tables.history import Flow, StandingScope, TallyScope
from db.tables.territory import Zone
from db.tally_keys import OUTSIDE, zones_of_place
from governance.counting import (
    CLUES,
    COMPLAINTS,
    INSPECTIONS,
    INSTRUCTIONS,
    UNRESOLVED,
    is_overdue,
    on_time_rate,
)
from governance.lights import ORDER, light_of, worst
from governance.permissions import Actor, Right, Scope, may, scope_of
from governance.vocabulary import Light, Severity, Source, ZoneKind

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
    return _standing(standing_rows(session, StandingScope.PLACE, today=today, yellow_days=yellow_days))


def district_severities(session: Session, *, today: date) -> dict[Severity, int]:
    """Unresolved issues of the whole district by severity, the most severe first."""
    rows = standing_rows(session, StandingScope.PLACE, today=today, yellow_days=0)
    return {
        severity: sum(row.n for row in rows if row.severity == severity and row.light is not None)
        for severity in reversed(Severity)
    }


def zones_standing(session: Session, zone_ids: frozenset[int], *, today: date, yellow_days: int) -> Standing:
    """Standing of several zones together; an issue in two of them counts once."""
    rows = standing_rows(session, StandingScope.PLACE, today=today, yellow_days=yellow_days)
    return _standing(row for row in rows if zones_of_place(row.key) & zone_ids)


def standings(session: Session, *, today: date, yellow_days: int) -> dict[int, Standing]:
    """Standing of each zone that has clues or unresolved issues: zone number → standing; 0 is outside."""
    return _by_zone(standing_rows(session, StandingScope.PLACE, today=today, yellow_days=yellow_days))


def enterprise_standings(session: Session, *, today: date, yellow_days: int) -> dict[int, Standing]:
    """Standing of each enterprise that has clues or unresolved issues: its number → standing."""
    found: dict[int, list[StandingRow]] = {}
    for row in standing_rows(session, StandingScope.ENTERPRISE, today=today, yellow_days=yellow_days):
        found.setdefault(int(row.key), []).append(row)
    return {number: _standing(rows) for number, rows in found.items()}


def seen_standing(session: Session, actor: Actor, *, today: date, yellow_days: int) -> Standing:
    """Standing of the district as far as a person may know it: all of it, or what the own rights reach."""
    if may(actor, Right.SEE_DISTRICT):
        return district_standing(session, today=today, yellow_days=yellow_days)
    own = _own_zones(actor)
    if own is not None:
        return zones_standing(session, own, today=today, yellow_days=yellow_days)
    return standing_of(tallies.issue_groups(session, issues_within(actor)), today=today, yellow_days=yellow_days)


def seen_standings(session: Session, actor: Actor, *, today: date, yellow_days: int) -> dict[int, Standing]:
    """Standing of each zone as far as a person may know it: zone number → standing, as `standings`."""
    if may(actor, Right.SEE_DISTRICT):
        return standings(session, today=today, yellow_days=yellow_days)
    own = _own_zones(actor)
    if own is not None:
        rows = standing_rows(session, StandingScope.PLACE, today=today, yellow_days=yellow_days)
        within = _by_zone(row for row in rows if zones_of_place(row.key) & own)
        return {zone: standing for zone, standing in within.items() if zone != OUTSIDE}
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
    session: Session,
    *,
    today: date,
    yellow_days: int,
    zone_ids: frozenset[int] | None = None,
    condition: ColumnElement[bool] | None = None,
) -> dict[tuple[Source, ...], Standing]:
    """Standing of what came from above: inspections, complaints, instructions.

    Parameters
    ----------
    session : Session
    today : date
    yellow_days : int
    zone_ids : frozenset of int, optional
        Only in these zones, each issue once; the whole district without them.
    condition : ColumnElement, optional
        On `Issue`: only those that fulfil it, counted one by one.
    """
    kinds = (INSPECTIONS, COMPLAINTS, INSTRUCTIONS)
    if condition is None:
        rows = standing_rows(session, StandingScope.SOURCE, today=today, yellow_days=yellow_days)
        keyed = [(row, row.key.split(" ")) for row in rows if row.light is not None]
        inside = [(row, key[1]) for row, key in keyed if zone_ids is None or zones_of_place(key[0]) & zone_ids]
        return {kind: _standing(row for row, source in inside if source in kind) for kind in kinds}
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


def _standing(rows: Iterable[StandingRow]) -> Standing:
    sums: Counter[Light | None] = Counter()
    for row in rows:
        sums[row.light] += row.n
    clues = sums.pop(None, 0)
    return Standing(
        unresolved=sums.total(),
        overdue=sums[Light.RED],
        due_soon=sums[Light.YELLOW],
        clues=clues,
        light=worst(light for light, n in sums.items() if light is not None and n),
    )


def _by_zone(rows: Iterable[StandingRow]) -> dict[int, Standing]:
    found: dict[int, list[StandingRow]] = {}
    for row in rows:
        for zone in zones_of_place(row.key):
            found.setdefault(zone, []).append(row)
    return {zone: _standing(zone_rows) for zone, zone_rows in found.items()}


def _own_zones(actor: Actor) -> frozenset[int] | None:
    """The zones that a person's rights reach where they reach whole zones only; else None."""
    scopes = {grant: scope_of(Right.SEE, grant.role) for grant in actor.grants}
    reaching = {grant: scope for grant, scope in scopes.items() if scope is not None}
    if not set(reaching.values()) <= {Scope.GUARDED, Scope.TOWNSHIP}:
        return None
    return frozenset(zone for grant in reaching for zone in grant.zone_ids)
