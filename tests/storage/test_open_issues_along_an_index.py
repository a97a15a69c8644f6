"""What is found along the indexes of open issues is what reading all of them gives."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, true
from sqlmodel import Session, col, select

from dashboard.services.placing import begin_links
from db import records
from db.repositories import trays
from db.repositories.issues import lines
from db.repositories.ledger_pages import urgent
from db.repositories.scopes import issues_in_zones
from db.repositories.tallies import ALIVE, issue_groups, zone_issue_groups
from db.repositories.unions import overlap
from db.tables.issues import Issue, IssueLink
from db.unit_of_work import reading
from governance.counting import UNRESOLVED
from governance.permissions import Actor, Grant
from governance.vocabulary import Role, Severity, Stage
from tests.storage.conftest import Writing, new_issue

TODAY = date(2026, 6, 30)
MANY = 80
PLACES = [(None, ""), (1, ""), (2, ""), (1, "3"), (2, "3,4"), (None, "4")]
REACHES = [frozenset({1}), frozenset({3}), frozenset({2, 4}), frozenset({1, 2, 3, 4})]


@pytest.fixture
def stocked(founded: Engine, writing: Writing) -> Engine:
    """Issues of every stage, with and without a deadline, in and out of zones."""
    random = Random(3)
    with writing() as work:
        for number in range(MANY):
            township, key_zones = random.choice(PLACES)
            due_on = random.choice([None, TODAY + timedelta(days=random.randint(-9, 9))])
            more = {"stage": random.choice(list(Stage)), "severity": random.choice(list(Severity)), "due_on": due_on}
            place = {"township_id": township, "key_zone_ids": key_zones}
            issue = records.create(work, new_issue(number, **place, **more))
            begin_links(work, IssueLink, [(issue.key, issue.zone_ids)])
    return founded


def all_open(session: Session) -> list[Issue]:
    return [issue for issue in session.exec(select(Issue)) if issue.stage in ALIVE]


def by_deadline(issue: Issue) -> tuple[date, int]:
    return issue.due_on or date.max, issue.key


@pytest.mark.parametrize("reach", REACHES)
@pytest.mark.parametrize(("limit", "offset"), [(5, 0), (4, 3), (3, 20), (MANY, 0), (MANY, 7)])
def test_the_urgent_of_zones_come_by_deadline(stocked: Engine, reach: frozenset[int], limit: int, offset: int) -> None:
    with reading(stocked) as session:
        plain = sorted((one for one in all_open(session) if reach & set(one.zone_ids)), key=by_deadline)
        wanted = [issue.key for issue in plain][offset : offset + limit]
        assert urgent(session, issues_in_zones(reach), limit=limit, offset=offset) == wanted
        found = lines(session, issues_in_zones(reach), limit=limit, offset=offset, by_deadline=True, is_open=True)
        assert [line.issue.key for line in found] == wanted


@pytest.mark.parametrize("reach", REACHES)
def test_the_late_of_a_reach_are_all_unresolved_past_their_deadline(stocked: Engine, reach: frozenset[int]) -> None:
    actor = Actor(person_id=1, name="x", grants=(Grant(role=Role.DISTRICT_LEADER, zone_ids=reach),))
    with reading(stocked) as session:
        plain = {
            one.key
            for one in all_open(session)
            if one.stage in UNRESOLVED and one.due_on and one.due_on < TODAY and reach & set(one.zone_ids)
        }
        assert set(session.exec(select(Issue.id).where(trays.late(actor, TODAY)))) == plain


def test_groups_by_zone_count_every_link_of_today(stocked: Engine) -> None:
    minor = col(Issue.severity) == Severity.MINOR
    with reading(stocked) as session:
        held = {zone: sum(group.n for group in groups) for zone, groups in zone_issue_groups(session, minor).items()}
        linked = session.exec(
            select(IssueLink.zone_id, Issue).join(Issue, col(Issue.id) == col(IssueLink.issue_id)).where(minor)
        ).all()
        counted = [zone for zone, issue in linked if issue.stage in ALIVE]
        assert held == {zone: counted.count(zone) for zone in set(counted)}


def test_groups_of_issues_count_each_once(stocked: Engine) -> None:
    with reading(stocked) as session:
        assert sum(group.n for group in issue_groups(session, true())) == len(all_open(session))
        assert issue_groups(session, true(), enterprise_id=1) == []


@pytest.mark.parametrize(
    "reach", [*REACHES, frozenset({3, 4}), frozenset({1, 4}), frozenset({1, 3}), frozenset({1, 2})]
)
def test_zones_overlap_where_an_issue_has_links_to_two_of_them(stocked: Engine, reach: frozenset[int]) -> None:
    with reading(stocked) as session:
        issues = session.exec(select(Issue)).all()
        assert overlap(session, reach) == any(len(reach & set(issue.zone_ids)) > 1 for issue in issues)
