"""The table of next steps says the same in a query as for a single issue."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db import records
from db.repositories.next_steps import open_to, turn_condition, turn_of_role
from db.tables.issues import Issue
from db.tables.people import Person
from db.unit_of_work import reading
from governance.loop_numbers import loop_numbers
from governance.next_step import TURNS, fits
from governance.permissions import Actor, operator
from governance.stages import Action
from governance.vocabulary import Category, Role, SignOffLevel, Source, Stage
from tests.storage.conftest import Writing, issue_fields

NUMBERS = loop_numbers({"notice_categories": ["dust"]})
DAY = date(2026, 6, 30)


def situations() -> list[dict[str, Any]]:
    """Issues that differ in everything that the table asks for; the database wants no impossible numbers."""
    rows = product(
        [Stage.DISCOVERED, Stage.LEDGERED, Stage.RECTIFYING, Stage.SUPERVISED, Stage.PUBLIC_NOTICE],
        [Source.BUTLER, Source.CONSULTANT],
        SignOffLevel,
        [Category.DUST, Category.ODOUR],
        *[(None, 1)] * 3,
        *[(None, DAY)] * 2,
    )
    names = ("stage", "source", "sign_off_level", "category", "township_id", "industry_id", "checker_id")
    return [dict(zip((*names, "handed_in_on", "notice_ends_on"), row, strict=True)) for row in rows]


@pytest.fixture
def issues(founded: Engine, writing: Writing) -> Engine:
    with writing() as work:
        records.create(work, Person(code="P1", name="Person 1"))
        rows = [issue_fields(number, **more) for number, more in enumerate(situations(), start=1)]
        records.create_many(work, Issue, rows)
    return founded


def test_each_row_finds_in_a_query_what_it_fits(issues: Engine) -> None:
    with reading(issues) as session:
        every = {issue.key: issue.model_dump() for issue in session.exec(select(Issue))}
        for turn in TURNS:
            found = set(session.exec(select(Issue.id).where(turn_condition(turn, NUMBERS))))
            assert found == {key for key, fields in every.items() if fits(turn, fields, NUMBERS)}, turn


def test_a_roles_turns_are_those_of_its_rows(issues: Engine) -> None:
    with reading(issues) as session:
        found = session.exec(select(Issue).where(turn_of_role(Role.TOWNSHIP, NUMBERS, action=Action.CONFIRM)))
        assert {(issue.stage, issue.source, issue.township_id) for issue in found} == {
            (Stage.DISCOVERED, Source.BUTLER, 1)
        }


def test_nobody_is_offered_what_somebody_else_must_judge(issues: Engine) -> None:
    person = Actor(person_id=1, name="Person 1")
    with reading(issues) as session:
        checked = col(Issue.checker_id) == 1
        found = [
            session.exec(select(Issue.id).where(checked, open_to(actor, Action.SIGN_OFF))).all()
            for actor in (person, operator("x"))
        ]
    assert (len(found[0]), len(found[1]) > 0) == (0, True)
