"""The small district with the people who report: each of the roles, in West and East, and pictures to send."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.people import add_person, add_unit, appoint
from db.repositories.people import actor_of
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.permissions import Actor
from governance.vocabulary import Role, UnitKind
from tests.conftest import NOW, TODAY
from tests.services.small_district import enterprises, found, writing

# code: (role, unit, zone, enterprise)
PEOPLE = {
    "officer": (Role.BUREAU, "B", None, None),
    "west": (Role.TOWNSHIP, "TW", "T1", None),
    "west2": (Role.TOWNSHIP, "TW", "T1", None),
    "west3": (Role.TOWNSHIP, "TW", "T1", None),
    "east": (Role.TOWNSHIP, "TE", "T2", None),
    "butler": (Role.BUTLER, "BW", "T1", None),
    "consultant": (Role.CONSULTANT, "C", None, None),
    "brigade": (Role.ENFORCEMENT, "E", None, None),
    "cadre": (Role.VILLAGE_CADRE, None, None, "Mill"),
    "director": (Role.ENVIRONMENT_DIRECTOR, None, None, "Mill"),
    "other_director": (Role.ENVIRONMENT_DIRECTOR, None, None, "Quay"),
    "leader": (Role.DISTRICT_LEADER, None, None, None),
    "forestry": (Role.INDUSTRY_DEPARTMENT, "U01", None, None),
    "screen": (Role.DISPLAY, None, None, None),
}
UNITS = {
    "B": (UnitKind.BUREAU, None),
    "TW": (UnitKind.TOWNSHIP, "T1"),
    "TE": (UnitKind.TOWNSHIP, "T2"),
    "BW": (UnitKind.BUTLER_TEAM, "T1"),
    "C": (UnitKind.INSPECTION_GROUP, None),
    "E": (UnitKind.ENFORCEMENT, None),
}


def peopled(engine: Engine) -> Engine:
    """Found the district with Mill in West, Quay in East, Shed in West without coordinates, and everybody."""
    found(engine)
    enterprises(
        engine,
        ("name", "township", "x", "y", "industry"),
        ("Mill", "West", 119.05, 35.05, "Timber"),
        ("Quay", "East", 119.15, 35.05, "Timber"),
        ("Shed", "West", None, None, "Timber"),
    )
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        for code, (kind, zone) in UNITS.items():
            add_unit(work, code=code, kind=kind, name=f"Unit {code}", zone_id=zones.get(zone or ""))
        units = {unit.code: unit.key for unit in work.session.exec(select(Unit))}
        firms = {firm.name: firm.key for firm in work.session.exec(select(Enterprise))}
        for code, (role, unit, zone, firm) in PEOPLE.items():
            reach = {"unit_id": units.get(unit or ""), "zone_id": zones.get(zone or "")}
            person = add_person(work, code=code, name=f"Name of {code}")
            appoint(work, person, role, valid_from=TODAY, enterprise_id=firms.get(firm or ""), **reach)
    return engine


def numbers(engine: Engine, model: type[Any] = Person, field: str = "code") -> dict[str, int]:
    """Records' numbers by code or name."""
    with reading(engine) as session:
        return {getattr(row, field): row.key for row in session.exec(select(model))}


def who(engine: Engine, code: str) -> Actor:
    """A person with the rights of the day."""
    with reading(engine) as session:
        person = session.exec(select(Person).where(Person.code == code)).one()
        return actor_of(session, person.key, today=TODAY)


@contextmanager
def as_(engine: Engine, code: str, *, now: datetime = NOW) -> Iterator[UnitOfWork]:
    """A unit of work of a person."""
    with unit_of_work(engine, actor=who(engine, code), now=now) as work:
        yield work


def picture(shade: int = 0, *, format: str = "JPEG") -> bytes:  # noqa: A002 - the name that the library has
    """A small picture that no other shade of it looks like."""
    image = Image.new("RGB", (64, 48), (shade, 255 - shade, 90))
    for x in range(0, 64, 4):
        image.paste((255 - shade, (x * 7 + shade) % 255, x * 3), (x, (x * shade) % 40, x + 3, 48))
    data = io.BytesIO()
    image.save(data, format)
    return data.getvalue()
