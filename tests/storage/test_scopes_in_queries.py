"""Lists and details agree: what a query lists for somebody is what the same person may see one by one."""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from dashboard.services.issues import target_of
from dashboard.services.placing import begin_links
from db import records
from db.repositories.scopes import issues_within
from db.tables.issues import Issue, IssueLink
from db.tables.people import Unit
from db.unit_of_work import reading
from governance.permissions import Actor, Grant, Right, may, operator
from governance.vocabulary import Role, UnitKind
from tests.storage.conftest import Writing, new_issue

GRANTS: list[dict[str, Any]] = [
    {},
    {"zone_ids": frozenset({1})},
    {"zone_ids": frozenset({3, 4})},
    {"industry_ids": frozenset({1})},
    {"unit_ids": frozenset({1})},
    {"unit_ids": frozenset({2}), "industry_ids": frozenset({2})},
]
PLACES = [(None, ""), (1, ""), (1, "3"), (2, "3,4")]


@pytest.fixture
def stocked(founded: Engine, writing: Writing) -> Engine:
    """Issues of every mixture of zones, industry, units and enforcement, linked to their zones."""
    with writing() as work:
        for code in ("U1", "U2"):
            records.create(work, Unit(code=code, kind=UnitKind.ENFORCEMENT, name=code))
        mixtures = product(PLACES, (None, 1, 2), (None, 1), (None, 2))
        for number, ((township, key_zones), industry, finder, enforcement) in enumerate(mixtures):
            place = {"township_id": township, "key_zone_ids": key_zones, "industry_id": industry}
            units = {"finder_unit_id": finder, "lead_unit_id": enforcement, "enforcement_unit_id": enforcement}
            issue = records.create(work, new_issue(number, **place, **units))
            begin_links(work, IssueLink, [(issue.key, issue.zone_ids)])
    return founded


def listed(session: Session, actor: Actor) -> list[int | None]:
    return list(session.exec(select(Issue.id).where(issues_within(actor)).order_by(col(Issue.id))))


def test_a_list_holds_exactly_what_its_reader_may_see_one_by_one(stocked: Engine) -> None:
    with reading(stocked) as session:
        issues = session.exec(select(Issue).order_by(col(Issue.id))).all()
        for role, reach in product(Role, GRANTS):
            actor = Actor(person_id=1, name="x", grants=(Grant(role=role, **reach),))
            seen = [issue.id for issue in issues if may(actor, Right.SEE, target_of(issue))]
            assert listed(session, actor) == seen, (role, reach)


def test_somebody_without_a_role_is_listed_nothing(stocked: Engine) -> None:
    with reading(stocked) as session:
        assert listed(session, Actor(person_id=1, name="Nobody")) == []


def test_the_operator_is_listed_everything(stocked: Engine) -> None:
    with reading(stocked) as session:
        assert len(listed(session, operator("export"))) == 48
