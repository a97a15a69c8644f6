"""A leader's morning: the five matters, the numbers, the zones with trend and coverage; one source for all who tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from dashboard.services import overview
from dashboard.services.escalation import Contact, contacts_of
from dashboard.services.my_zones import guarded_standings, together_standing
from dashboard.services.overview import Standing, Week
from db import records
from db.history import data_version
from db.loop_rules import loop_numbers_of
from db.repositories import changes
from db.repositories import morning as found
from db.repositories.dated import valid_on
from db.repositories.directives import DirectiveLine
from db.repositories.issues import IssueLine, lines_of
from db.repositories.morning import Reach
from db.repositories.people import directors_on, guarded_zone_ids, guarded_zones
from db.repositories.territory import zones as all_zones
from db.repositories.zone_coverage import ZoneCoverage, zone_coverage
from db.tables.directives import Directive
from db.tables.issues import Issue
from db.tables.people import Appointment, Person, Unit
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import current_district
from governance.loop_numbers import LoopNumbers
from governance.morning import MOST, Cause, Matter, Reason, cause_of_directive, causes_of_issue, matters_today
from governance.next_step import next_step
from governance.stages import EVENT_CODE, Action
from governance.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class MorningMatter:
    """A matter with what it is about and who acts next.

    Attributes
    ----------
    line
        The issue; None where a directive about a zone is the matter.
    directive
        The leader's own directive of the weightiest cause that has one.
    action
        What comes next in the issue's life; None where the leader ends a directive, or its doers act.
    doer
        Who acts next, or whom to call about it; None where nobody holds the part.
    phone
        Of the doer, else of the enterprise; empty when none is known.
    """

    matter: Matter
    line: IssueLine | None
    directive: DirectiveLine | None
    action: Action | None
    doer: Contact | None
    phone: str


@dataclass(frozen=True, kw_only=True)
class ZoneMorning:
    """A zone with its standing, its last twelve weeks (oldest first) and its coverage."""

    zone: Zone
    standing: Standing
    weeks: tuple[Week, ...]
    coverage: ZoneCoverage


@dataclass(frozen=True, kw_only=True)
class LastWeek:
    """The last seven days against the seven before: how many more are unresolved, what was found and closed.

    Attributes
    ----------
    newly_overdue
        Unresolved issues whose deadline passed within the last seven days.
    """

    unresolved_change: int
    found: int
    found_before: int
    closed: int
    closed_before: int
    newly_overdue: int


@dataclass(frozen=True, kw_only=True)
class Morning:
    """Everything that the morning page, the message and the briefing say.

    Attributes
    ----------
    leader
        None for the whole district.
    running
        Own instructions and orders that are open.
    version
        Last event that this knows.
    """

    leader: Person | None
    zone_ids: frozenset[int] | None
    matters: tuple[MorningMatter, ...]
    together: Standing
    zones: tuple[ZoneMorning, ...]
    week: LastWeek
    running: int
    version: int


def reach_of(session: Session, leader: Person | None, *, today: date) -> Reach:
    """A leader with the zones guarded today, or the whole district for None."""
    if leader is None:
        return Reach(leader_id=None, zone_ids=None)
    return Reach(leader_id=leader.key, zone_ids=guarded_zone_ids(session, leader.key, day=today))


def five_matters(
    session: Session, reach: Reach, *, today: date, numbers: LoopNumbers, most: int = MOST
) -> list[MorningMatter]:
    """The matters that need a leader today, by `governance.morning.matters_today`.

    Parameters
    ----------
    session : Session
    reach : Reach
    today : date
        Local day.
    numbers : LoopNumbers
    most : int

    Returns
    -------
    list of MorningMatter
        Fewer than ``most`` when fewer need the leader.
    """
    issues = found.candidates(session, reach, today=today, numbers=numbers, most=most)
    directives = {
        line.directive.number: line for line in found.directives_needing(session, reach, today=today, most=most)
    }
    causes = [
        *(
            (issue.number, issue.due_on, causes_of_issue(facts, today=today, numbers=numbers))
            for issue, facts in issues
        ),
        *(_of_directive(line, today) for line in directives.values()),
    ]
    chosen = matters_today(causes, today=today, most=most)
    lines = _lines(session, [matter.number for matter in chosen])
    return [_told(session, matter, lines, directives, today=today, numbers=numbers) for matter in chosen]


def morning_of(session: Session, leader: Person | None, *, today: date, yellow_days: int) -> Morning:
    """The morning of a leader, or of the whole district for None."""
    reach, version, numbers = reach_of(session, leader, today=today), data_version(session), loop_numbers_of(session)
    zones = all_zones(session) if leader is None else guarded_zones(session, leader.key, day=today)
    standings = guarded_standings(session, zones, today=today, yellow_days=yellow_days)
    covered = zone_coverage(session, [zone.key for zone in zones], today=today)
    return Morning(
        leader=leader,
        zone_ids=reach.zone_ids,
        matters=tuple(five_matters(session, reach, today=today, numbers=numbers)),
        together=together_standing(session, reach.zone_ids, today=today, yellow_days=yellow_days),
        zones=tuple(
            ZoneMorning(
                zone=zone,
                standing=standing,
                weeks=tuple(overview.weeks(session, today=today, still_open=standing.unresolved, zone=zone)),
                coverage=covered[zone.key],
            )
            for zone, standing in standings
        ),
        week=last_week(session, reach.zone_ids, today=today, version=version),
        running=found.running(session, reach),
        version=version,
    )


def last_week(session: Session, zone_ids: frozenset[int] | None, *, today: date, version: int) -> LastWeek:
    """The last seven local days, today included, against the seven before; each issue counts once."""
    district = current_district(session)
    start, before = (changes.day_begins(today - timedelta(days=days), district.time_zone) for days in (6, 13))
    first, second = changes.last_event_before(session, before), changes.last_event_before(session, start)
    closing = {EVENT_CODE[Action.SIGN_OFF]}

    def happened(codes: Iterable[str], after: int, upto: int) -> int:
        return len(changes.changed(session, frozenset(codes), zone_ids, after=after, upto=upto))

    return LastWeek(
        unresolved_change=changes.became(session, zone_ids, after=second, upto=version),
        found=happened(changes.FOUND_BY, second, version),
        found_before=happened(changes.FOUND_BY, first, second),
        closed=happened(closing, second, version),
        closed_before=happened(closing, first, second),
        newly_overdue=changes.newly_overdue(session, zone_ids, since=today - timedelta(days=7), today=today),
    )


def _of_directive(line: DirectiveLine, today: date) -> tuple[str, date | None, tuple[Cause, ...]]:
    directive = line.directive
    cause = cause_of_directive(records.fields_of(directive), today=today)
    # Once it is reported the doer's clock stands: its lateness is no longer the matter.
    due_on = None if cause and cause.reason == Reason.REPORTED else directive.due_on
    return line.issue or directive.number, due_on, (cause,) if cause else ()


def _lines(session: Session, numbers: list[str]) -> dict[str, IssueLine]:
    ids = session.exec(select(Issue.id).where(col(Issue.number).in_(numbers))).all()
    return {line.issue.number: line for line in lines_of(session, [number for number in ids if number is not None])}


def _told(
    session: Session,
    matter: Matter,
    lines: dict[str, IssueLine],
    directives: dict[str, DirectiveLine],
    *,
    today: date,
    numbers: LoopNumbers,
) -> MorningMatter:
    line = lines.get(matter.number)
    directive = next((directives[cause.directive] for cause in matter.causes if cause.directive in directives), None)
    action, doer = None, None
    if directive is not None and matter.causes[0].directive:
        doer = _doer_of(session, directive.directive, matter.reason, today=today)
    elif line is not None:
        step = next_step(records.fields_of(line.issue), today=today, numbers=numbers)
        action = step.action if step else None
        doer = _who(session, line.issue, step.role, step.person_id, today=today) if step else None
    phone = _phone(session, doer, line, today=today)
    return MorningMatter(matter=matter, line=line, directive=directive, action=action, doer=doer, phone=phone)


def _who(session: Session, issue: Issue, role: Role, person_id: int | None, *, today: date) -> Contact | None:
    """The named person, else the first by code who holds the part."""
    person = session.get(Person, person_id) if person_id is not None else None
    if person is not None:
        unit = session.get(Unit, issue.lead_unit_id) if issue.lead_unit_id is not None else None
        return Contact(person, unit)
    if role == Role.BUREAU:
        return _holder(session, Role.BUREAU, today=today)
    return next(iter(contacts_of(session, issue, role, today=today)), None)


def _doer_of(session: Session, directive: Directive, reason: Reason, *, today: date) -> Contact | None:
    """Who reported it, or who carries it out: the named person, else the first of the unit."""
    number = directive.reporter_id if reason == Reason.REPORTED else directive.person_id
    person = session.get(Person, number) if number is not None else None
    unit = session.get(Unit, directive.unit_id) if directive.unit_id is not None else None
    if person is not None:
        return Contact(person, unit)
    return _holder(session, None, unit_id=directive.unit_id, today=today)


def _holder(session: Session, role: Role | None, *, today: date, unit_id: int | None = None) -> Contact | None:
    query = (
        select(Person, Unit)
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .join(Unit, col(Unit.id) == col(Appointment.unit_id), isouter=True)
        .where(valid_on(Appointment, today))
        .order_by(col(Person.code))
    )
    query = query.where(Appointment.role == role) if role is not None else query
    query = query.where(Appointment.unit_id == unit_id) if unit_id is not None else query
    row = session.exec(query).first()
    return Contact(*row) if row else None


def _phone(session: Session, doer: Contact | None, line: IssueLine | None, *, today: date) -> str:
    """The person's own number, else the enterprise's where the person is its director."""
    number = line.issue.enterprise_id if line else None
    if doer is None or doer.person.phone or number is None:
        return (doer.person.phone or "") if doer else ""
    directing = any(person.id == doer.person.id for person in directors_on(session, number, day=today))
    enterprise = session.get(Enterprise, number) if directing else None
    return (enterprise.contact_phone or "") if enterprise else ""
