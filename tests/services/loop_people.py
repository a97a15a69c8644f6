"""People of the closed loop in the small district: one of each side of directives and messages, and an issue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.issues import act as move
from dashboard.services.issues import hand_over, report_issue
from dashboard.services.people import add_person, add_unit, appoint, assign_zone
from dashboard.services.placing import placing_on
from db.repositories.people import actor_of, person_by_code
from db.tables.issues import Issue
from db.tables.people import Unit
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.permissions import Actor
from governance.stages import Action
from governance.vocabulary import AssignmentPart, Category, Role, Severity, Source, Term, UnitKind, ZoneKind
from tests.conftest import NOW, TODAY
from tests.services.small_district import ACTOR, found, writing

TITLE = "Heap of sand without a cover"


@dataclass(frozen=True)
class Loop:
    """The district with its people by code."""

    engine: Engine

    def actor(self, code: str) -> Actor:
        """A person with the rights of today."""
        with reading(self.engine) as session:
            person = person_by_code(session, code)
            assert person is not None
            return actor_of(session, person.key, today=TODAY)

    def as_(self, code: str, *, hours: float = 0) -> Any:
        """A unit of work of a person."""
        return unit_of_work(self.engine, actor=self.actor(code), now=NOW + timedelta(hours=hours))

    def key(self, code: str) -> int:
        """A person's number."""
        return self.actor(code).person_id or 0

    def unit(self, code: str) -> int:
        """A unit's number."""
        with reading(self.engine) as session:
            return session.exec(select(Unit).where(Unit.code == code)).one().key


def settle(engine: Engine) -> Loop:
    """Found the small district and appoint its people."""
    found(engine)
    with writing(engine) as work:
        zones = {zone.code: zone for zone in work.session.exec(select(Zone))}
        units = {
            "bureau": add_unit(work, code="bureau", kind=UnitKind.BUREAU, name="Bureau"),
            "committee": add_unit(work, code="committee", kind=UnitKind.COMMITTEE_OFFICE, name="Committee office"),
            "west": add_unit(work, code="west", kind=UnitKind.TOWNSHIP, name="West", zone_id=zones["T1"].key),
            "east": add_unit(work, code="east", kind=UnitKind.TOWNSHIP, name="East", zone_id=zones["T2"].key),
        }
        _appoint_all(work, units, zones)
    return Loop(engine)


def _appoint_all(work: UnitOfWork, units: dict[str, Unit], zones: dict[str, Zone]) -> None:
    for code, role, unit in (
        ("bureau-1", Role.BUREAU, "bureau"),
        ("bureau-2", Role.BUREAU, "bureau"),
        ("committee-1", Role.COMMITTEE_OFFICE, "committee"),
        ("committee-2", Role.COMMITTEE_OFFICE, "committee"),
        ("west-1", Role.TOWNSHIP, "west"),
        ("west-2", Role.TOWNSHIP, "west"),
        ("east-1", Role.TOWNSHIP, "east"),
    ):
        reach = {"unit_id": units[unit].key}
        reach |= {"zone_id": zone} if (zone := units[unit].zone_id) else {}
        _person(work, code, role, **reach)
    leader = _person(work, "leader", Role.DISTRICT_LEADER)
    _person(work, "other-leader", Role.DISTRICT_LEADER)
    _person(work, "liaison", Role.LIAISON, leader_id=leader)
    _person(work, "butler-west", Role.BUTLER, zone_id=zones["T1"].key)
    _person(work, "butler-east", Role.BUTLER, zone_id=zones["T2"].key)
    _person(work, "display", Role.DISPLAY)
    person = person_by_code(work.session, "leader")
    assert person is not None
    guarding = {"part": AssignmentPart.LEAD, "valid_from": TODAY, "reason": "division of work"}
    assign_zone(work, zone_id=zones["T1"].key, person=person, **guarding)


def _person(work: UnitOfWork, code: str, role: Role, **reach: Any) -> int:
    person = add_person(work, code=code, name=code)
    appoint(work, person, role, valid_from=TODAY, **reach)
    return person.key


def found_issue(loop: Loop, *, code: str = "butler-west", lon: float = 119.05, **details: Any) -> Issue:
    """An issue in West that its butler reported."""
    with loop.as_(code) as work:
        given = {"severity": Severity.MINOR, "category": Category.DUST, "source": Source.BUTLER, **details}
        return report_issue(
            work, placing_on(work.session, work.district, TODAY), title=TITLE, lon=lon, lat=35.05, **given
        )


def handed_over(loop: Loop, number: str, *, now: datetime = NOW) -> Issue:
    """The issue confirmed, entered and handed over to West's government, 1 h later each."""
    with unit_of_work(loop.engine, actor=ACTOR, now=now) as work:
        issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
        move(work, issue, Action.CONFIRM)
        move(work, issue, Action.ENTER_LEDGER, term=Term.LIMITED, requirement="cover it")
        return hand_over(work, issue, lead_unit_id=loop.unit("west"), person_in_charge_id=loop.key("west-1"))


def zone(loop: Loop, code: str) -> Zone:
    """A zone by its code."""
    with reading(loop.engine) as session:
        return session.exec(select(Zone).where(Zone.code == code, Zone.kind != ZoneKind.DISTRICT)).one()
