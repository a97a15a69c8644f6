"""Who guards what on a day, past or to come, zone by zone and leader by leader, with what waits there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from dashboard.services.past_standings import is_recorded, past_standings
from dashboard.services.roster import Roster, offices, roster
from dashboard.services.roster_load import Ground, Workload, ground_of, workloads
from db.loop_rules import loop_numbers_of
from db.repositories.territory import zones
from db.tables.people import Assignment, Person
from db.tables.territory import Zone
from governance.roster_days import holds_on
from governance.vocabulary import AssignmentPart, ZoneKind


@dataclass(frozen=True, kw_only=True)
class ZoneLine:
    """A zone on the day: who leads it since when, who helps, and what waited there.

    Attributes
    ----------
    lead
        The row in force; None where nobody leads.
    coming
        The next lead that is written down already: its row begins after the day.
    unresolved, overdue
        At the end of a past day, else today; None where the past day is not recorded.
    """

    zone: Zone
    lead: Assignment | None
    deputies: tuple[Assignment, ...]
    coming: Assignment | None
    unresolved: int | None
    overdue: int | None


@dataclass(frozen=True, kw_only=True)
class Board:
    """The roster of one day.

    Attributes
    ----------
    lines
        Of all zones that can be guarded: key zones first, then townships, each by code.
    loads
        Leaders in office on the day, by code, with what they guard and what waits there today.
    people
        Everybody whom the lines name, and all leaders in office, by number.
    """

    day: date
    lines: tuple[ZoneLine, ...]
    loads: tuple[Workload, ...]
    people: Mapping[int, Person]


def board_on(session: Session, day: date, *, today: date, yellow_days: int) -> Board:
    """Read the roster of a local day, past or to come.

    Parameters
    ----------
    session : Session
    day : date
        Who guards.
    today : date
        The loads are counted as they stand on this local day.
    yellow_days : int

    Returns
    -------
    Board
    """
    known = roster(session)
    ground = ground_of(session, today=today, yellow_days=yellow_days, numbers=loop_numbers_of(session))
    counted = _counted(session, ground, day=day, today=today)
    guarded = [zone for zone in zones(session) if zone.kind != ZoneKind.DISTRICT and not zone.is_retired]
    guarded.sort(key=lambda zone: (zone.kind == ZoneKind.TOWNSHIP, zone.kind, zone.code))
    in_office = [person for person, (begun, end) in offices(session).items() if begun <= day < (end or date.max)]
    loads = workloads(known.spans, in_office, ground, day=day)
    people = {row.key: row for row in session.exec(select(Person).where(col(Person.id).in_(_named(known, loads))))}
    return Board(
        day=day,
        lines=tuple(_line(zone, known.of({zone.key}), counted(zone.key), day=day) for zone in guarded),
        loads=tuple(sorted(loads.values(), key=lambda load: people[load.person_id].code)),
        people=people,
    )


def _counted(session: Session, ground: Ground, *, day: date, today: date) -> Callable[[int], tuple[int, int] | None]:
    """What gives a zone's unresolved and overdue issues of the day; None where they are not recorded."""
    if day >= today:
        now = {zone: ground.pending({zone}) for zone in ground.loads}
        return lambda zone: (now[zone].unresolved, now[zone].overdue) if zone in now else (0, 0)
    if not is_recorded(session, day):
        return lambda _zone: None
    past = past_standings(session, day)
    return lambda zone: (past[zone].unresolved, past[zone].overdue) if zone in past else (0, 0)


def _named(known: Roster, loads: Mapping[int, Workload]) -> set[int]:
    return {row.person_id for row in known.rows} | set(loads)


def _line(zone: Zone, part: Roster, counted: tuple[int, int] | None, *, day: date) -> ZoneLine:
    here = [row for row, span in zip(part.rows, part.spans, strict=True) if holds_on(span, day)]
    later = [row for row in part.rows if row.part == AssignmentPart.LEAD and day < row.valid_from != row.valid_to]
    unresolved, overdue = counted or (None, None)
    return ZoneLine(
        zone=zone,
        lead=next((row for row in here if row.part == AssignmentPart.LEAD), None),
        deputies=tuple(row for row in here if row.part == AssignmentPart.DEPUTY),
        coming=min(later, key=lambda row: row.valid_from, default=None),
        unresolved=unresolved,
        overdue=overdue,
    )
