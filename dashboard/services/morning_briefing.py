"""What a one-page briefing is made of: a morning, its weeks, the outlines and the points of its issues."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from dashboard.services.ledger import light_of_issue
from dashboard.services.morning import Morning, morning_of
from dashboard.services.my_zones import leaders_open_to
from dashboard.services.overview import WEEK, Week, worst_first
from db.repositories import changes
from db.repositories.morning import Reach, issues_of
from db.repositories.people import person_by_code
from db.repositories.territory import ZoneOutline, zones_on
from db.tables.issues import Issue
from db.tables.people import Person
from db.tables.territory import District
from db.unit_of_work import current_district
from governance.counting import UNRESOLVED
from governance.errors import NotFound
from governance.permissions import Actor, Right, Scope, scope_of
from governance.stages import EVENT_CODE, Action
from governance.vocabulary import Light, ZoneKind

MOST_POINTS = 2000
MOST_ZONES = 8
WEEKS = 12


@dataclass(frozen=True, slots=True)
class Point:
    """An unresolved issue as a point, WGS84 degrees, with its light."""

    lon: float
    lat: float
    light: Light


@dataclass(frozen=True, kw_only=True)
class BriefingFacts:
    """Everything that the briefing says.

    Attributes
    ----------
    morning
        With at most eight zones, those first that need attention.
    zone_count
        How many there are.
    weeks
        Oldest first; each issue counts once.
    outlines
        Of all zones today; those of the morning are filled.
    at
        Aware: the moment of the data.
    """

    morning: Morning
    zone_count: int
    weeks: tuple[Week, ...]
    outlines: tuple[ZoneOutline, ...]
    points: tuple[Point, ...]
    district: District
    today: date
    at: datetime


def leader_for(session: Session, actor: Actor, code: str | None, *, today: date) -> Person | None:
    """The leader whose briefing somebody asks for, or None for the whole district.

    Raises
    ------
    NotFound
        No such leader, or not for this person; the district's is for whoever sees all of it.
    """
    if code is None:
        if actor.is_operator or any(scope_of(Right.SEE, grant.role) == Scope.ALL for grant in actor.grants):
            return None
    else:
        leader = person_by_code(session, code)
        if leader is not None and leader.key in {one.key for one in leaders_open_to(session, actor, today=today)}:
            return leader
    raise NotFound("no_briefing", "There is no leader {code} whose briefing you may have", code=code or "-")


def briefing_facts(
    session: Session, leader: Person | None, *, today: date, at: datetime, yellow_days: int
) -> BriefingFacts:
    """The facts of a briefing; for the district the zones are its townships."""
    morning = morning_of(session, leader, today=today, yellow_days=yellow_days)
    # A township counts what lies in its key zones: the district is told by townships.
    known = [one for one in morning.zones if leader is not None or one.zone.kind == ZoneKind.TOWNSHIP]
    ranked = worst_first((one.zone, one.standing) for one in known)
    place = {zone.key: number for number, (zone, _standing) in enumerate(ranked)}
    shown = sorted(known, key=lambda one: place[one.zone.key])[:MOST_ZONES]
    district = current_district(session)
    return BriefingFacts(
        morning=replace(morning, zones=tuple(shown)),
        zone_count=len(known),
        weeks=tuple(weeks_of(session, morning, today=today, time_zone=district.time_zone)),
        outlines=tuple(zones_on(session, today)),
        points=tuple(_points(session, morning, today=today, yellow_days=yellow_days)),
        district=district,
        today=today,
        at=at,
    )


def weeks_of(session: Session, morning: Morning, *, today: date, time_zone: str) -> list[Week]:
    """The last twelve weeks of all zones of a morning together, oldest first; each issue counts once."""
    upto, still_open, weeks = morning.version, morning.together.unresolved, list[Week]()
    monday = today - timedelta(days=today.weekday())
    for back in range(WEEKS):
        start = monday - back * WEEK
        after = changes.last_event_before(session, changes.day_begins(start, time_zone))
        span = {"after": after, "upto": upto}
        found = changes.changed(session, changes.FOUND_BY, morning.zone_ids, **span)
        closed = changes.changed(session, {EVENT_CODE[Action.SIGN_OFF]}, morning.zone_ids, **span)
        weeks.append(Week(monday=start, found=len(found), closed=len(closed), still_open=still_open))
        still_open -= changes.became(session, morning.zone_ids, **span)
        upto = after
    return weeks[::-1]


def _points(session: Session, morning: Morning, *, today: date, yellow_days: int) -> list[Point]:
    reach = Reach(leader_id=None, zone_ids=morning.zone_ids)
    query = (
        select(Issue)
        .where(col(Issue.stage).in_(sorted(UNRESOLVED)), col(Issue.lon).is_not(None), issues_of(reach))
        .order_by(col(Issue.due_on).is_(None), col(Issue.due_on), col(Issue.id))
        .limit(MOST_POINTS)
    )
    return [
        Point(issue.lon, issue.lat, light_of_issue(issue, today=today, yellow_days=yellow_days) or Light.GREEN)
        for issue in session.exec(query)
        if issue.lon is not None and issue.lat is not None
    ][::-1]
