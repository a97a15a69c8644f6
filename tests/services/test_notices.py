"""Rectification notices: issued for issues of the ledger, numbered without gaps, answered, seen within scopes."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.i18n import set_locale
from dashboard.services.notices import (
    issue_notice,
    issuing_units,
    notice_counts,
    notice_file,
    notice_page,
    reply_to_notice,
)
from dashboard.services.people import add_person, add_unit, appoint
from db import records
from db.repositories.notices import NoticeFilter
from db.repositories.people import actor_of
from db.tables.issues import Issue, Notice
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.errors import InvalidInput, NotAllowed, NotFound
from governance.permissions import Actor
from governance.vocabulary import NoticeKind, Role, UnitKind
from tests.conftest import NOW, TODAY
from tests.services.small_district import ACTOR, enterprises, every, found, issues, writing

ISSUES = (
    ("title", "enterprise", "stage", "rectify_due_on"),
    ("Dust", "Mill", "rectifying", "2026-07-20"),
    ("Oil", "Mill", "ledgered", "2026-08-01"),
    ("Noise", "Quay", "rectifying", "2026-07-10"),
    ("Clue", "Mill", "", ""),
)
ROLES = {"bureau": Role.BUREAU, "west": Role.TOWNSHIP, "east": Role.TOWNSHIP, "director": Role.ENVIRONMENT_DIRECTOR}
THREADS, EACH = 6, 4


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def held(engine: Engine) -> Engine:
    """The small district with issuers, people of four roles, and four issues of two enterprises."""
    enterprises(found(engine), ("name", "x", "y"), ("Mill", 119.05, 35.05), ("Quay", 119.15, 35.05))
    issues(engine, *ISSUES)
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        add_unit(work, code="office", kind=UnitKind.COMMITTEE_OFFICE, name="Office")
        add_unit(work, code="west", kind=UnitKind.TOWNSHIP, name="West", zone_id=zones["T1"])
        add_unit(work, code="east", kind=UnitKind.TOWNSHIP, name="East", zone_id=zones["T2"])
        mill = work.session.exec(select(Enterprise).where(Enterprise.name == "Mill")).one()
        reach = {
            "west": {"zone_id": zones["T1"]},
            "east": {"zone_id": zones["T2"]},
            "director": {"enterprise_id": mill.key},
        }
        for code, role in ROLES.items():
            person = add_person(work, code=code, name=f"Person {code}")
            appoint(work, person, role, valid_from=date(2026, 1, 1), **reach.get(code, {}))
    return engine


def acting(engine: Engine, code: str) -> Actor:
    with reading(engine) as session:
        person = session.exec(select(Person).where(Person.code == code)).one()
        return actor_of(session, person.key, today=TODAY)


def issued(
    work: UnitOfWork, *titles: str, kind: NoticeKind = NoticeKind.DISTRICT, by: str = "office", **more: Any
) -> Notice:
    issuer = work.session.exec(select(Unit).where(Unit.code == by)).one()
    named = [work.session.exec(select(Issue).where(Issue.title == title)).one() for title in titles]
    return issue_notice(work, kind=kind, issuer=issuer, issues=named, **more)


def issue_as(engine: Engine, code: str, *titles: str, **more: Any) -> Notice:
    with unit_of_work(engine, actor=acting(engine, code), now=NOW) as work:
        return issued(work, *titles, **more)


def test_a_notice_names_issues_of_an_enterprise_and_is_due_with_the_last(held: Engine) -> None:
    notice = issue_as(held, "bureau", "Dust", "Oil", requirement=" Cover it ")
    with reading(held) as session:
        file = notice_file(session, acting(held, "bureau"), notice.number)
    assert (notice.number, notice.due_on, notice.requirement) == ("HWB-2026-001", date(2026, 8, 1), "Cover it")
    assert [line.issue.title for line in file.issues] == ["Dust", "Oil"]
    assert (file.line.named, file.line.unresolved, file.line.enterprise) == (2, 2, "Mill")


@pytest.mark.parametrize(
    ("titles", "given", "told"),
    [
        (["Dust", "Noise"], {}, "belong to 2"),
        (["Clue"], {}, "stands at discovered"),
        ([], {}, "names 0"),
        (["Dust"], {"by": "west"}, "is issued by"),
        (["Dust"], {"kind": NoticeKind.TOWNSHIP, "by": "east"}, "does not lie in the territory of East"),
        (["Dust"], {"requirement": "x" * 5001}, "at most 5000 characters"),
    ],
)
def test_what_no_notice_can_say_is_refused(held: Engine, titles: list[str], given: dict[str, Any], told: str) -> None:
    with writing(held) as work, pytest.raises(InvalidInput, match=told):
        issued(work, *titles, **given)


@pytest.mark.parametrize(
    ("who", "given"),
    [
        ("west", {}),
        ("director", {}),
        ("east", {"kind": NoticeKind.TOWNSHIP, "by": "west"}),
        ("bureau", {"kind": NoticeKind.TOWNSHIP, "by": "west"}),
    ],
)
def test_whoever_may_not_issue_a_notice_does_not(held: Engine, who: str, given: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        issue_as(held, who, "Dust", **given)
    assert every(held, Notice) == []


def test_numbers_have_no_gaps_for_each_issuer(held: Engine) -> None:
    numbers = [issue_as(held, "bureau", title).number for title in ("Dust", "Noise")]
    numbers.append(issue_as(held, "west", "Oil", kind=NoticeKind.TOWNSHIP, by="west").number)
    assert numbers == ["HWB-2026-001", "HWB-2026-002", "west-2026-001"]


def test_a_refused_notice_takes_no_number(held: Engine) -> None:
    with pytest.raises(InvalidInput):
        issue_as(held, "bureau", "Dust", requirement="x" * 5001)
    assert issue_as(held, "bureau", "Dust").number == "HWB-2026-001"


def test_numbers_have_no_gaps_when_many_issue_at_once(held: Engine) -> None:
    actor = acting(held, "bureau")

    def issue_some() -> None:
        for _ in range(EACH):
            with unit_of_work(held, actor=actor, now=NOW) as work:
                issued(work, "Dust")

    threads = [threading.Thread(target=issue_some) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = sorted(notice.number for notice in every(held, Notice))
    assert numbers == [f"HWB-2026-{n:03}" for n in range(1, THREADS * EACH + 1)]


def test_a_district_numbers_in_its_own_form(held: Engine) -> None:
    assert issue_as(held, "bureau", "Dust", pattern="{unit}[{year}]{n}").number == "office[2026]1"


def test_the_director_answers_and_a_later_answer_takes_its_place(held: Engine) -> None:
    notice = issue_as(held, "bureau", "Dust", "Oil")
    for words in ("Ordered covers", "Covered"):
        with unit_of_work(held, actor=acting(held, "director"), now=NOW) as work:
            reply_to_notice(work, records.get(work.session, Notice, notice.key), words)
    with reading(held) as session:
        line = notice_file(session, acting(held, "director"), notice.number).line
    assert (line.notice.reply, line.notice.replied_on, line.replied_by) == ("Covered", TODAY, "Person director")


@pytest.mark.parametrize("who", ["bureau", "east"])
def test_nobody_else_answers(held: Engine, who: str) -> None:
    notice = issue_as(held, "bureau", "Dust")
    with unit_of_work(held, actor=acting(held, who), now=NOW) as work, pytest.raises(NotAllowed):
        reply_to_notice(work, records.get(work.session, Notice, notice.key), "Done")


def test_an_empty_answer_is_refused(held: Engine) -> None:
    notice = issue_as(held, "bureau", "Dust")
    with writing(held) as work, pytest.raises(InvalidInput, match="what was put right"):
        reply_to_notice(work, records.get(work.session, Notice, notice.key), "  ")


@pytest.mark.parametrize(("who", "seen"), [("bureau", 2), ("west", 1), ("east", 1), ("director", 1)])
def test_everybody_sees_the_notices_about_their_issues(held: Engine, who: str, seen: int) -> None:
    for title in ("Dust", "Noise"):
        issue_as(held, "bureau", title)
    with reading(held) as session:
        assert notice_page(session, acting(held, who), NoticeFilter()).total == seen


def test_a_notice_of_others_is_not_there(held: Engine) -> None:
    number = issue_as(held, "bureau", "Noise").number
    with reading(held) as session, pytest.raises(NotFound):
        notice_file(session, acting(held, "director"), number)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (NoticeFilter(text="Mill"), 2),
        (NoticeFilter(text="HWB-2026-002"), 1),
        (NoticeFilter(year=2026), 3),
        (NoticeFilter(year=2025), 0),
        (NoticeFilter(kinds=frozenset({NoticeKind.TOWNSHIP})), 1),
        (NoticeFilter(is_replied=False), 2),
        (NoticeFilter(is_replied=True), 1),
    ],
)
def test_a_filter_finds_notices(held: Engine, wanted: NoticeFilter, titles: int) -> None:
    three(held)
    with reading(held) as session:
        found_lines = notice_page(session, ACTOR, wanted).lines
    assert len(found_lines) == titles


def test_notices_are_counted_by_issuer_and_year(held: Engine) -> None:
    three(held)
    with reading(held) as session:
        counted = notice_counts(session, ACTOR, NoticeFilter())
    told = [(one.year, one.issuer, one.kind, one.issued, one.replied, one.settled) for one in counted]
    assert told == [(2026, "Office", NoticeKind.DISTRICT, 2, 1, 0), (2026, "West", NoticeKind.TOWNSHIP, 1, 0, 0)]


def three(engine: Engine) -> None:
    """Two notices of the office, the first answered, and one of West."""
    first = issue_as(engine, "bureau", "Dust")
    issue_as(engine, "bureau", "Noise")
    issue_as(engine, "west", "Oil", kind=NoticeKind.TOWNSHIP, by="west")
    with unit_of_work(engine, actor=acting(engine, "director"), now=NOW) as work:
        reply_to_notice(work, records.get(work.session, Notice, first.key), "Covered")


def test_units_in_whose_name_somebody_issues(held: Engine) -> None:
    with reading(held) as session:
        names = {
            (who, kind): [unit.code for unit in issuing_units(session, acting(held, who), kind)]
            for who in ("bureau", "west")
            for kind in NoticeKind
        }
    assert names[("bureau", NoticeKind.DISTRICT)] == ["office"]
    assert names[("west", NoticeKind.TOWNSHIP)] == ["west"]
    assert names[("bureau", NoticeKind.TOWNSHIP)] == names[("west", NoticeKind.DISTRICT)] == []
