"""The demo's units and people: roles and numbers, never names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.demo.layers import Layers
from dashboard.demo.recipe import recipe, rows
from dashboard.services.people import add_person, add_unit, appoint
from db.tables.people import Person, Unit
from db.unit_of_work import UnitOfWork
from governance.vocabulary import Role, UnitKind

People = tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class Units:
    """Organisations; townships' by the township's code, departments' by name."""

    bureau: Unit
    committee: Unit
    enforcement: Unit
    townships: Mapping[str, Unit]
    butlers: Mapping[str, Unit]
    departments: Mapping[str, Unit]
    teams: tuple[Unit, ...]
    groups: tuple[Unit, ...]


@dataclass(frozen=True, kw_only=True)
class Cast:
    """People by what they are; ``consultants`` holds the members of each inspection group."""

    units: Units
    leaders: People
    liaisons: People
    bureau: People
    committee: People
    offices: Mapping[str, Person]
    charges: Mapping[str, Person]
    departments: Mapping[str, People]
    enforcement: People
    consultants: tuple[People, ...]
    butlers: Mapping[str, People]
    display: Person


def named(work: UnitOfWork, kind: str, number: int, *, code: str | None = None) -> Person:
    """Add a person called by role and number, with an extension that no telephone network has."""
    name, name_en = (words.format(n=number) for words in recipe().roles[kind])
    phone = recipe().phones.get(kind, "").format(n=number)
    return add_person(work, code=code or f"{kind}-{number:03}", name=name, name_en=name_en, phone=phone)


def add_units(work: UnitOfWork, layers: Layers) -> Units:
    """Add every organisation."""
    counts = recipe().people
    return Units(
        bureau=_unit(work, "bureau", UnitKind.BUREAU),
        committee=_unit(work, "committee", UnitKind.COMMITTEE_OFFICE),
        enforcement=_unit(work, "enforcement", UnitKind.ENFORCEMENT),
        townships={code: _township_unit(work, layers, code, "township") for code in layers.townships},
        butlers={code: _township_unit(work, layers, code, "butlers") for code in layers.townships},
        departments=add_departments(work),
        teams=tuple(_unit(work, "team", UnitKind.CONSULTANT_TEAM, n=n) for n in range(1, counts.consultant_teams + 1)),
        groups=tuple(
            _unit(work, "group", UnitKind.INSPECTION_GROUP, n=n) for n in range(1, counts.inspection_groups + 1)
        ),
    )


def _unit(work: UnitOfWork, key: str, kind: UnitKind, **places: Any) -> Unit:
    name, name_en = (words.format(**places) for words in recipe().units[key])
    code = f"{key}-{places['n']}" if places else key
    return add_unit(work, code=code, kind=kind, name=name, name_en=name_en)


def _township_unit(work: UnitOfWork, layers: Layers, code: str, key: str) -> Unit:
    zone = layers.zones[code]
    name, name_en = recipe().units[key]
    return add_unit(
        work,
        code=f"{key}-{code}",
        kind=UnitKind.TOWNSHIP if key == "township" else UnitKind.BUTLER_TEAM,
        name=name.format(place=zone.name),
        name_en=name_en.format(place=zone.name_en),
        zone_id=zone.key,
    )


def add_departments(work: UnitOfWork) -> dict[str, Unit]:
    """Add the departments that answer for the industries; by name."""
    names = dict.fromkeys(row["department"] for row in rows("industries.csv"))
    return {name: _department(work, name) for name in names}


def _department(work: UnitOfWork, name: str) -> Unit:
    code, name_en = recipe().departments[name]
    return add_unit(work, code=f"department-{code}", kind=UnitKind.DEPARTMENT, name=name, name_en=name_en)


def add_cast(work: UnitOfWork, layers: Layers, units: Units) -> Cast:
    """Add everybody but directors and stationed cadres, each appointed from today on."""
    counts = recipe().people
    leaders = _staff(work, "leader", counts.leaders, Role.DISTRICT_LEADER)
    return Cast(
        units=units,
        leaders=leaders,
        liaisons=tuple(_liaison(work, n, leader) for n, leader in enumerate(leaders, start=1)),
        bureau=_staff(work, "bureau", counts.bureau_officers, Role.BUREAU, unit_id=units.bureau.key),
        committee=_staff(
            work, "committee", counts.committee_officers, Role.COMMITTEE_OFFICE, unit_id=units.committee.key
        ),
        offices=_township_staff(work, layers, units, "office"),
        charges=_township_staff(work, layers, units, "charge"),
        departments=_department_staff(work, units, counts.department_officers),
        enforcement=_staff(
            work, "enforcement", counts.enforcement_officers, Role.ENFORCEMENT, unit_id=units.enforcement.key
        ),
        consultants=_consultants(work, units),
        butlers=_butlers(work, layers, units),
        display=_staff(work, "display", 1, Role.DISPLAY)[0],
    )


def _staff(work: UnitOfWork, kind: str, count: int, role: Role, **reach: Any) -> People:
    people = tuple(named(work, kind, n) for n in range(1, count + 1))
    for person in people:
        appoint(work, person, role, valid_from=work.today, **reach)
    return people


def _liaison(work: UnitOfWork, number: int, leader: Person) -> Person:
    person = named(work, "liaison", number)
    appoint(work, person, Role.LIAISON, valid_from=work.today, leader_id=leader.key)
    return person


def _township_staff(work: UnitOfWork, layers: Layers, units: Units, kind: str) -> dict[str, Person]:
    staff = {}
    for number, code in enumerate(layers.townships, start=1):
        staff[code] = named(work, kind, number)
        reach: dict[str, Any] = {"unit_id": units.townships[code].key, "zone_id": layers.zones[code].key}
        appoint(work, staff[code], Role.TOWNSHIP, valid_from=work.today, **reach)
    return staff


def _department_staff(work: UnitOfWork, units: Units, each: int) -> dict[str, People]:
    staff = {}
    for number, (name, unit) in enumerate(units.departments.items()):
        numbers = range(number * each + 1, (number + 1) * each + 1)
        staff[name] = tuple(named(work, "department", n) for n in numbers)
        for person in staff[name]:
            appoint(work, person, Role.INDUSTRY_DEPARTMENT, valid_from=work.today, unit_id=unit.key)
    return staff


def _consultants(work: UnitOfWork, units: Units) -> tuple[People, ...]:
    each = recipe().people.consultants_per_team
    groups: list[list[Person]] = [[] for _ in units.groups]
    for number in range(each * len(units.teams)):
        team, group = number // each, number % len(units.groups)
        person = named(work, "consultant", number + 1)
        for unit in (units.teams[team], units.groups[group]):
            appoint(work, person, Role.CONSULTANT, valid_from=work.today, unit_id=unit.key)
        groups[group].append(person)
    return tuple(map(tuple, groups))


def _butlers(work: UnitOfWork, layers: Layers, units: Units) -> dict[str, People]:
    staff: dict[str, People] = {}
    number = 0
    for code in layers.townships:
        first, number = number + 1, number + recipe().people.butlers[code]
        staff[code] = tuple(named(work, "butler", n) for n in range(first, number + 1))
        reach: dict[str, Any] = {"unit_id": units.butlers[code].key, "zone_id": layers.zones[code].key}
        for person in staff[code]:
            appoint(work, person, Role.BUTLER, valid_from=work.today, **reach)
    return staff
