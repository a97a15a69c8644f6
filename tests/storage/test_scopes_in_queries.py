"""Lists and details agree: what a query lists for somebody is what the same person may see one by one."""

from itertools import count, product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from dashboard.services.issues import target_of
from dashboard.services.placing import begin_links
from db import records
from db.repositories.scopes import issues_within
from db.tables.issues import Issue, IssueLink, IssueUnit
from db.tables.people import Unit
from db.tables.territory import Enterprise
from db.unit_of_work import reading
from governance.permissions import Actor, Grant, Right, may, operator
from governance.vocabulary import Role, SignOffLevel, Source, UnitKind
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


ids = st.frozensets(st.sampled_from([1, 2]), max_size=2)
units = st.sampled_from([None, 1, 2])
issues = st.fixed_dictionaries(
    {
        "place": st.sampled_from(PLACES),
        "industry_id": units,
        "finder_unit_id": units,
        "lead_unit_id": units,
        "enforcement_unit_id": units,
        "enterprise_id": units,
        "source": st.sampled_from([Source.BUTLER, Source.CONSULTANT, Source.CENTRAL_INSPECTION]),
        "sign_off_level": st.sampled_from(SignOffLevel),
        "joining": ids,
    }
)
reaches = st.builds(
    Grant,
    role=st.sampled_from(Role),
    zone_ids=st.frozensets(st.sampled_from([1, 2, 3, 4]), max_size=2),
    unit_ids=ids,
    industry_ids=ids,
    enterprise_ids=ids,
)
FRESH = count(1000)


def store(writing: Writing, found: list[dict[str, Any]]) -> None:
    """Add issues of any kind, with the units that join in them, and the two enterprises that they may name."""
    with writing() as work:
        if work.session.get(Enterprise, 1) is None:
            for name in ("Mill", "Quay"):
                records.create(work, Enterprise(name=name))
        for fields in found:
            joining, (township, key_zones) = fields.pop("joining"), fields.pop("place")
            place = {"township_id": township, "key_zone_ids": key_zones}
            issue = records.create(work, new_issue(next(FRESH), **place, **fields))
            begin_links(work, IssueLink, [(issue.key, issue.zone_ids)])
            for unit in joining:
                records.create(work, IssueUnit(issue_id=issue.key, unit_id=unit), code="joined")


@settings(max_examples=8, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
@given(found=st.lists(issues, min_size=6, max_size=6), grants=st.lists(reaches, min_size=8, max_size=8))
def test_every_right_reaches_in_a_list_what_it_reaches_one_by_one(
    stocked: Engine, writing: Writing, found: list[dict[str, Any]], grants: list[Grant]
) -> None:
    store(writing, found)
    with reading(stocked) as session:
        joined: dict[int, set[int]] = {}
        for row in session.exec(select(IssueUnit)):
            joined.setdefault(row.issue_id, set()).add(row.unit_id)
        every = [(issue.id, target_of(issue, joined.get(issue.key, ()))) for issue in session.exec(select(Issue))]
        for grant, right in product(grants, Right):
            actor = Actor(person_id=1, name="x", grants=(grant,))
            seen = {number for number, target in every if may(actor, right, target)}
            assert set(session.exec(select(Issue.id).where(issues_within(actor, right)))) == seen, (grant, right)


@settings(max_examples=6, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
@given(grants=st.lists(reaches, min_size=2, max_size=3), right=st.sampled_from(Right))
def test_several_roles_reach_what_each_of_them_reaches(stocked: Engine, grants: list[Grant], right: Right) -> None:
    def reached(*held: Grant) -> set[int | None]:
        actor = Actor(person_id=1, name="x", grants=held)
        return set(session.exec(select(Issue.id).where(issues_within(actor, right))))

    with reading(stocked) as session:
        assert reached(*grants) == set().union(*(reached(grant) for grant in grants))
