"""The demo's people can be called, by numbers that nobody has."""

import re

from sqlmodel import Session, col, select

from db.repositories.people import actor_of
from db.tables.people import Person
from governance.vocabulary import Role
from tests.conftest import TODAY

SILENT = {Role.DISTRICT_LEADER, Role.DISPLAY}


def test_the_demos_numbers_are_extensions_of_four_digits(demo_session: Session) -> None:
    phones = list(demo_session.exec(select(Person.phone).where(col(Person.phone).is_not(None))))
    assert [phone for phone in phones if not re.fullmatch(r"[678]\d{3}", phone or "")] == []
    assert len(set(phones)) == len(phones) > 1000


def test_everybody_has_one_but_leaders_and_displays(demo_session: Session) -> None:
    without = demo_session.exec(select(Person).where(col(Person.phone).is_(None)))
    roles = frozenset[Role]().union(*(actor_of(demo_session, person.key, today=TODAY).roles for person in without))
    assert roles == SILENT
