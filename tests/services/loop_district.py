"""A small district with one enterprise and one person of each role around it, to walk issues through their life in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.accounts import add_account
from dashboard.services.enterprises import add_enterprise
from dashboard.services.issue_actions import perform
from dashboard.services.issues import report_issue
from dashboard.services.people import add_person, add_unit, appoint, assign_zone
from dashboard.services.placing import placing_on
from dashboard.services.territory import add_industry, add_zone, found_district, set_outline, set_standard
from db import records
from db.repositories.people import actor_of
from db.tables.issues import Evidence, Issue
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.issue_rules import round_of
from governance.permissions import Actor, operator
from governance.stages import Action
from governance.vocabulary import AssignmentPart, Category, EvidenceKind, Role, Severity, Source, UnitKind, ZoneKind
from tests.conftest import NOW, TODAY
from tests.services.small_district import EAST, WEST

FIRM = "Timber yard"
PLACE = (119.05, 35.05)
# login: role, and what it reaches; whoever shares a role is there to stand in where somebody else must judge.
PEOPLE: dict[str, tuple[Role, str]] = {
    "leader01": (Role.DISTRICT_LEADER, ""),
    "bureau01": (Role.BUREAU, "U-BUR"),
    "bureau02": (Role.BUREAU, "U-BUR"),
    "committee01": (Role.COMMITTEE_OFFICE, "U-COM"),
    "township01": (Role.TOWNSHIP, "U-T1"),
    "township02": (Role.TOWNSHIP, "U-T1"),
    "township03": (Role.TOWNSHIP, "U-T2"),
    "department01": (Role.INDUSTRY_DEPARTMENT, "U-DEP"),
    "department02": (Role.INDUSTRY_DEPARTMENT, "U-DEP"),
    "butler01": (Role.BUTLER, "T1"),
    "cadre01": (Role.VILLAGE_CADRE, FIRM),
    "director01": (Role.ENVIRONMENT_DIRECTOR, FIRM),
    "display01": (Role.DISPLAY, ""),
}
_UNITS = {
    "U-BUR": UnitKind.BUREAU,
    "U-COM": UnitKind.COMMITTEE_OFFICE,
    "U-T1": UnitKind.TOWNSHIP,
    "U-T2": UnitKind.TOWNSHIP,
    "U-DEP": UnitKind.DEPARTMENT,
}


def found_loop(engine: Engine, *, at: datetime = NOW) -> Engine:
    """Found the district with its people, each with a demo login named like the person's code."""
    found_district(engine, actor=operator("test"), now=at, code="000001", name="Test district", is_demo=True)
    with unit_of_work(engine, actor=operator("test"), now=at) as work:
        zones = {code: add_zone(work, code=code, kind=ZoneKind.TOWNSHIP, name=name) for code, name in _ZONES}
        for zone, outline in zip(zones.values(), (WEST, EAST), strict=True):
            set_outline(work, zone, outline)
        industry = add_industry(work, code="I01", name="Timber")
        units = {
            code: add_unit(work, code=code, kind=kind, name=code, **_own(code, zones)) for code, kind in _UNITS.items()
        }
        set_standard(work, industry, units["U-DEP"], text="Cover every heap.", valid_from=work.today)
        placing = placing_on(work.session, work.district, day=work.today)
        firm = add_enterprise(work, placing, name=FIRM, lon=PLACE[0], lat=PLACE[1], industry_id=industry.key)
        for login, (role, where) in PEOPLE.items():
            person = add_person(work, code=login, name=f"{login} name", phone=f"138-{login}")
            appoint(work, person, role, valid_from=work.today, **_reach(where, units, zones, firm))
            add_account(work, person, login=login, is_demo=True)
        _guard(work, zones["T1"])
    return engine


_ZONES = (("T1", "West"), ("T2", "East"))


def _own(code: str, zones: dict[str, Zone]) -> dict[str, Any]:
    zone = zones.get(code.removeprefix("U-"))
    return {"zone_id": zone.key} if zone else {}


def _reach(where: str, units: dict[str, Any], zones: dict[str, Zone], firm: Enterprise) -> dict[str, Any]:
    if where == FIRM:
        return {"enterprise_id": firm.key}
    if where in zones:
        return {"zone_id": zones[where].key}
    unit = units.get(where)
    return {"unit_id": unit.key, **({"zone_id": unit.zone_id} if unit.zone_id else {})} if unit else {}


def _guard(work: UnitOfWork, zone: Zone) -> None:
    leader = work.session.exec(select(Person).where(Person.code == "leader01")).one()
    assign_zone(work, zone_id=zone.key, person=leader, part=AssignmentPart.LEAD, valid_from=work.today, reason="Agreed")


def actor(engine: Engine, login: str) -> Actor:
    """Somebody with the rights of the test's day."""
    with reading(engine) as session:
        person = session.exec(select(Person).where(Person.code == login)).one()
        return actor_of(session, person.key, today=TODAY)


def person_id(engine: Engine, login: str) -> int:
    """Number of a person."""
    found = actor(engine, login).person_id
    assert found is not None
    return found


def report(engine: Engine, by: str = "butler01", **more: Any) -> str:
    """Report dust at the enterprise, with a photo of it; the issue's number."""
    plain = {"severity": Severity.MINOR, "category": Category.DUST, "source": Source.BUTLER}
    with unit_of_work(engine, actor=actor(engine, by), now=NOW) as work:
        firm = work.session.exec(select(Enterprise)).one()
        placing = placing_on(work.session, work.district, day=work.today)
        issue = report_issue(work, placing, title="Uncovered heap", enterprise=firm, **{**plain, **more})
        show(work, issue, EvidenceKind.BEFORE)
    return issue.number


def show(work: UnitOfWork, issue: Issue, kind: EvidenceKind) -> Evidence:
    """Note a photo without its bytes."""
    row = Evidence(
        issue_id=issue.key,
        kind=kind,
        sha256="0" * 64,
        media_type="image/jpeg",
        size_bytes=1,
        name=f"{kind}.jpg",
        added_by_id=work.actor.person_id,
        added_at=work.now,
        round=round_of(issue.model_dump()),
    )
    return records.create(work, row, code="evidence_added")


def do(engine: Engine, by: str, number: str, action: Action | str, *, minutes: float = 0, **values: Any) -> Issue:
    """Do something to an issue as somebody."""
    with unit_of_work(engine, actor=actor(engine, by), now=NOW + timedelta(minutes=minutes)) as work:
        if action == Action.SUBMIT_MEASURES:
            issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
            show(work, issue, EvidenceKind.AFTER)
        return perform(work, number, Action(action), values)


def walk(engine: Engine, number: str, until: str) -> str:
    """Take a reported issue along its life until it stands in a stage; its number."""
    for stage, step in _WALK.items():
        if stage == until:
            return number
        step(engine, number)
    assert until == "closed"
    return number


def _hand_over(engine: Engine, number: str) -> None:
    director = person_id(engine, "director01")
    do(engine, "township01", number, "hand_over", lead_unit_id=unit_id(engine, "U-DEP"), person_in_charge_id=director)


def unit_id(engine: Engine, code: str) -> int:
    """Number of a unit."""
    with reading(engine) as session:
        return session.exec(select(Unit).where(Unit.code == code)).one().key


# Stage that an issue stands in: what leads on from it.
_WALK: dict[str, Callable[[Engine, str], Any]] = {
    "discovered": lambda engine, n: do(engine, "township01", n, "confirm"),
    "confirmed": lambda engine, n: do(
        engine, "township01", n, "enter_ledger", term="limited", requirement="Cover the heap"
    ),
    "ledgered": _hand_over,
    "rectifying": lambda engine, n: do(engine, "director01", n, "submit_measures", measures="Covered"),
    "supervised": lambda engine, n: do(engine, "township01", n, "check_on_site", reason="Seen on site"),
    "checked": lambda engine, n: do(engine, "township02", n, "sign_off"),
}


def issue_of(engine: Engine, number: str) -> Issue:
    """An issue as it stands."""
    with reading(engine) as session:
        return session.exec(select(Issue).where(Issue.number == number)).one()
