"""The ladder names the people who hold each part today."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from dashboard.services.escalation import LadderStep, ladder_for, reached_contacts
from db.records import get
from db.tables.issues import Issue
from db.unit_of_work import reading, unit_of_work
from governance.loop_numbers import USUAL
from governance.permissions import operator
from tests.conftest import NOW, TODAY
from tests.services.loop_district import found_loop, issue_of, report, walk


@pytest.fixture
def number(engine: Engine) -> str:
    """An issue that is being rectified."""
    found_loop(engine)
    return walk(engine, report(engine), "rectifying")


def steps(engine: Engine, number: str, *, late: int) -> list[LadderStep]:
    issue = issue_of(engine, number)
    day = (issue.due_on or TODAY) + timedelta(days=late)
    with reading(engine) as session:
        return ladder_for(session, get(session, Issue, issue.key), today=day, numbers=USUAL)


def test_each_step_names_whoever_holds_its_part(engine: Engine, number: str) -> None:
    found = {step.rung.role.value: [one.person.code for one in step.contacts] for step in steps(engine, number, late=0)}
    assert found == {
        "environment_director": ["director01"],
        "township": ["township01", "township02"],
        "industry_department": ["department01", "department02"],
        "committee_office": ["committee01"],
        "district_leader": ["leader01"],
    }


def test_people_come_with_phone_and_unit(engine: Engine, number: str) -> None:
    township = steps(engine, number, late=1)[1]
    assert [(one.person.phone, one.unit.code if one.unit else None) for one in township.contacts] == [
        ("138-township01", "U-T1"),
        ("138-township02", "U-T1"),
    ]


@pytest.mark.parametrize(("late", "reached"), [(-1, 0), (0, 1), (3, 3), (15, 5)])
def test_messages_go_to_the_steps_that_are_reached(engine: Engine, number: str, late: int, reached: int) -> None:
    issue = issue_of(engine, number)
    days = ((issue.due_on or TODAY) - TODAY).days + late
    with unit_of_work(engine, actor=operator("test"), now=NOW + timedelta(days=days)) as work:
        assert len(reached_contacts(work, issue)) == reached


def test_an_issue_without_an_enterprise_names_the_person_in_charge_first(engine: Engine) -> None:
    found_loop(engine)
    number = walk(engine, report(engine, enterprise_id=None), "rectifying")
    first, *_ = steps(engine, number, late=0)
    assert [one.person.code for one in first.contacts] == ["director01"]


def test_a_closed_issue_has_no_ladder(engine: Engine) -> None:
    found_loop(engine)
    closed = walk(engine, report(engine), "closed")
    assert steps(engine, closed, late=9) == []
