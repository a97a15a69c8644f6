"""What pages find along their own indexes is what reading everything and asking of each one gives."""

from collections import Counter
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, true
from sqlmodel import Session, col, select

from dashboard.services.issues import target_of
from dashboard.services.ledger_choices import lead_units, people_in_charge
from dashboard.services.lists import Asked
from dashboard.services.notice_choices import addressees
from dashboard.services.superior_ledger import Standing, standing, superior_condition
from db import records
from db.repositories import notices, superior_pages
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.notices import notices_within
from db.repositories.scopes import issues_in_zones, issues_within, sees_every_issue
from db.repositories.superior_pages import SOURCES, from_above, page_from_above
from db.tables.issues import Evidence, Issue, Notice, NoticeIssue
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise
from db.unit_of_work import reading
from governance.counting import FOLLOWED_FROM_ABOVE, FOUND, RECTIFIED, UNRESOLVED
from governance.notices import IN_THE_LEDGER
from governance.permissions import Actor, Grant, Right, may, operator
from governance.vocabulary import EvidenceKind, NoticeKind, Role, Source, Stage, UnitKind
from tests.storage.conftest import START, Writing, new_issue

TODAY = date(2026, 6, 30)
MANY = 90
PLACES = [(None, ""), (1, ""), (2, ""), (1, "3"), (2, "3,4"), (None, "4")]
REACHES: list[dict[str, Any]] = [
    {},
    {"zone_ids": frozenset({1})},
    {"zone_ids": frozenset({3, 4})},
    {"industry_ids": frozenset({1})},
    {"unit_ids": frozenset({2})},
    {"enterprise_ids": frozenset({1})},
]
NOW = START
WINDOWS = [(5, 0), (4, 3), (7, 11), (MANY, 0), (3, 20), (5, MANY)]


@pytest.fixture
def stocked(founded: Engine, writing: Writing) -> Engine:
    """Issues of every stage and source, some with papers, in and out of zones, enterprises and hands."""
    random = Random(5)
    with writing() as work:
        for number in (1, 2, 3):
            records.create(work, Unit(code=f"U{number}", kind=UnitKind.DEPARTMENT, name=f"Unit {number}"))
            records.create(work, Person(code=f"P{number}", name=f"Person {number}"))
            records.create(work, Enterprise(name=f"Enterprise {4 - number}"))
        for number in range(MANY):
            issue = records.create(work, new_issue(number, **_fields(random)))
            if number % 3 == 0:
                file: dict[str, Any] = {
                    "sha256": f"{number:064}",
                    "media_type": "image/png",
                    "size_bytes": 1,
                    "name": "photo.png",
                }
                records.create(work, Evidence(issue_id=issue.key, kind=EvidenceKind.BEFORE, added_at=NOW, **file))
            if number % 2 == 0:
                _named(work, issue, number)
    return founded


def _fields(random: Random) -> dict[str, Any]:
    def maybe(*values: Any) -> Any:
        return random.choice([None, *values])

    township, key_zones = random.choice(PLACES)
    return {
        "stage": random.choice(list(Stage)),
        "source": random.choice(list(Source)),
        "township_id": township,
        "key_zone_ids": key_zones,
        "industry_id": maybe(1, 2),
        "enterprise_id": maybe(1, 2, 3),
        "lead_unit_id": maybe(1, 2),
        "person_in_charge_id": maybe(1, 2),
        "due_on": maybe(*(TODAY + timedelta(days=days) for days in (-3, 0, 4))),
        "source_due_on": maybe(*(TODAY + timedelta(days=days) for days in (-8, 1))),
    }


def _named(work: Any, issue: Issue, number: int) -> None:
    day = TODAY - timedelta(days=number % 7)
    notice = Notice(number=f"N-{number}", kind=NoticeKind.DISTRICT, issuer_id=1, issued_on=day)
    records.create(work, notice)
    records.create(work, NoticeIssue(notice_id=notice.key, issue_id=issue.key))


def acting(role: Role, reach: dict[str, Any]) -> Actor:
    return Actor(person_id=1, name="x", grants=(Grant(role=role, **reach),))


def seen_by(session: Session, actor: Actor, right: Right = Right.SEE) -> list[Issue]:
    every = session.exec(select(Issue).order_by(col(Issue.id)))
    return [issue for issue in every if may(actor, right, target_of(issue))]


def asked(actor: Actor, **wanted: Any) -> Asked:
    return Asked(actor=actor, wanted=LedgerFilter(**wanted), today=TODAY, now=NOW, yellow_days=3)


def test_the_indexes_hold_what_is_followed_from_above(stocked: Engine) -> None:
    with reading(stocked) as session:
        found = set(session.exec(select(Issue.source).where(from_above())))
    assert found == FOLLOWED_FROM_ABOVE == set(SOURCES)


@pytest.mark.parametrize("counted", [3, 2000])
@pytest.mark.parametrize("zones", [frozenset(), frozenset({1, 3})])
def test_a_page_from_above_is_a_part_of_all_in_order(
    stocked: Engine, monkeypatch: pytest.MonkeyPatch, counted: int, zones: frozenset[int]
) -> None:
    monkeypatch.setattr(superior_pages, "MOST_COUNTED", counted)
    condition = issues_in_zones(zones) if zones else true()
    with reading(stocked) as session:
        rows = session.exec(select(Issue).where(condition)).all()
        plain = sorted((one for one in rows if one.source in FOLLOWED_FROM_ABOVE), key=above_first)
        within = condition & from_above()
        for limit, offset in WINDOWS:
            found = page_from_above(session, within, total=len(plain), limit=limit, offset=offset)
            assert found == [issue.key for issue in plain][offset : offset + limit]


def above_first(issue: Issue) -> tuple[int, date, int]:
    return SOURCES.index(issue.source), issue.source_due_on or date.max, issue.key


@pytest.mark.parametrize("wanted", [{}, {"has_evidence": False}, {"stages": frozenset({Stage.CLOSED})}])
@pytest.mark.parametrize("actor", [operator("x"), acting(Role.TOWNSHIP, {"zone_ids": frozenset({1})})])
def test_the_standing_is_what_the_issues_say_one_by_one(stocked: Engine, actor: Actor, wanted: dict[str, Any]) -> None:
    question = asked(actor, **wanted)
    with reading(stocked) as session:
        shown = set(session.exec(select(Evidence.issue_id)))
        rows = session.exec(select(Issue).where(superior_condition(question))).all()
        late = [one for one in rows if one.stage in UNRESOLVED and one.due_on and one.due_on < TODAY]
        plain = Standing(
            items=len([one for one in rows if one.stage in FOUND]),
            unresolved=len([one for one in rows if one.stage in UNRESOLVED]),
            overdue=len(late),
            bare=len([one for one in rows if one.stage in RECTIFIED and one.key not in shown]),
        )
        assert standing(session, question) == plain


def test_choices_name_whoever_stands_on_an_issue_that_the_reader_sees(stocked: Engine) -> None:
    with reading(stocked) as session:
        for role, reach in product(Role, REACHES):
            actor = acting(role, reach)
            seen = seen_by(session, actor)
            units = sorted({one.lead_unit_id for one in seen if one.lead_unit_id})
            people = sorted({one.person_in_charge_id for one in seen if one.person_in_charge_id})
            assert [unit.id for unit in lead_units(session, actor)] == units, (role, reach)
            assert [person.id for person in people_in_charge(session, actor)] == people, (role, reach)


def test_only_who_reaches_every_issue_is_said_to(stocked: Engine) -> None:
    with reading(stocked) as session:
        every = len(session.exec(select(Issue.id)).all())
        for role, reach, right in product(Role, REACHES[:2], Right):
            actor = acting(role, reach)
            if sees_every_issue(actor, right):
                assert len(session.exec(select(Issue.id).where(issues_within(actor, right))).all()) == every
        assert [sees_every_issue(acting(role, REACHES[1])) for role in (Role.BUREAU, Role.TOWNSHIP)] == [True, False]


def test_a_notice_is_seen_by_whoever_sees_an_issue_of_it(stocked: Engine) -> None:
    with reading(stocked) as session:
        for role, reach in product(Role, REACHES):
            actor = acting(role, reach)
            seen = {issue.key for issue in seen_by(session, actor)}
            plain = {one.notice_id for one in session.exec(select(NoticeIssue)) if one.issue_id in seen}
            assert notices.count(session, notices_within(actor)) == len(plain), (role, reach)
            assert notices.count(session, notices_within(actor), most=4) == min(len(plain), 4)


def test_a_new_notice_can_go_to_whoever_has_issues_in_the_ledger(stocked: Engine) -> None:
    with reading(stocked) as session:
        names = {one.id: one.name for one in session.exec(select(Enterprise))}
        issuer = session.get_one(Unit, 1)
        for role in (Role.BUREAU, Role.COMMITTEE_OFFICE, Role.TOWNSHIP):
            actor = acting(role, REACHES[1])
            seen = seen_by(session, actor, Right.ISSUE_DISTRICT_NOTICE)
            counts = Counter(one.enterprise_id for one in seen if one.stage in IN_THE_LEDGER)
            plain = sorted(counts.items(), key=lambda pair: (pair[0] is None, names.get(pair[0], "")))
            told = addressees(session, actor, NoticeKind.DISTRICT, issuer)
            assert [(one.enterprise_id, one.issues) for one in told] == plain
