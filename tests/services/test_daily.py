"""The daily message: what waits, what is late, whom to call; at its hour, once a day, and to those it concerns."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.i18n import set_locale
from dashboard.services.channels import add_channel
from dashboard.services.daily import daily_message, write_daily
from dashboard.services.directives import give_instruction
from dashboard.services.morning import morning_of
from dashboard.services.morning_words import message_sections
from dashboard.services.people import appoint, assign_zone
from db import records
from db.loop_rules import loop_numbers_of
from db.tables.issues import Issue
from db.tables.messages import Message
from db.tables.people import Person
from db.unit_of_work import reading, unit_of_work
from governance.vocabulary import AssignmentPart, Role
from tests.conftest import NOW, TODAY
from tests.services.loop_people import Loop, found_issue, handed_over, settle, zone
from tests.services.small_district import ACTOR

LONG_AFTER = date(2026, 8, 31)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def daily(loop: Loop, code: str, *, today: date = TODAY) -> str:
    with reading(loop.engine) as session:
        numbers = loop_numbers_of(session)
        found = daily_message(session, loop.actor(code), today=today, numbers=numbers)
    return f"{found.title}\n{found.body}" if found else ""


def test_it_names_what_waits_for_the_person(loop: Loop) -> None:
    found_issue(loop)
    words = daily(loop, "west-1")
    assert "1 waiting for you, 0 late" in words
    assert "2026-00001 Heap of sand without a cover" in words


@pytest.mark.parametrize("code", ["east-1", "butler-west", "bureau-1", "leader", "display"])
def test_who_has_nothing_to_do_gets_none(loop: Loop, code: str) -> None:
    found_issue(loop)
    assert daily(loop, code) == ""


@pytest.mark.parametrize(
    ("code", "is_told"), [("west-1", True), ("leader", True), ("committee-1", True), ("east-1", False)]
)
def test_what_is_late_goes_up_the_ladder_with_whom_to_call(loop: Loop, code: str, is_told: bool) -> None:
    handed_over(loop, found_issue(loop).number)
    words = daily(loop, code, today=LONG_AFTER)
    assert ("days late" in words) == is_told
    assert ("call " in words) == (is_told and code != "west-1")  # whose turn it is calls nobody


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, set()),
        (1, {"west-1", "bureau-1"}),
        (7, {"west-1", "bureau-1", "committee-1"}),
        (15, {"west-1", "bureau-1", "committee-1", "leader"}),
    ],
)
def test_each_role_is_told_from_its_days_of_the_ladder_on(loop: Loop, days: int, told: set[str]) -> None:
    due_on = handed_over(loop, found_issue(loop).number).due_on
    assert due_on is not None
    today = due_on + timedelta(days=days)
    people = ("west-1", "bureau-1", "committee-1", "east-1")
    assert {code for code in people if "late\n" in daily(loop, code, today=today).replace(", 0 late", "")} == told - {
        "leader"
    }
    assert ("1 matter needs you today" in daily(loop, "leader", today=today)) == ("leader" in told)


def test_late_instructions_are_in_it_for_both_sides(loop: Loop) -> None:
    with loop.as_("leader") as work:
        give_instruction(work, text="Cover all heaps", zone=zone(loop, "T1"))
    for code in ("west-1", "leader", "committee-1"):
        assert "PS-2026-001 Cover all heaps" in daily(loop, code, today=LONG_AFTER)
    assert daily(loop, "east-1", today=LONG_AFTER) == ""


def test_an_instruction_in_time_waits_for_its_doers_only(loop: Loop) -> None:
    with loop.as_("leader") as work:
        give_instruction(work, text="Cover all heaps", zone=zone(loop, "T1"))
    assert [bool(daily(loop, code)) for code in ("west-1", "leader", "committee-1")] == [True, False, False]


def channel(loop: Loop, code: str, daily_at: str | None, **details: Any) -> None:
    with loop.as_(code) as work:
        add_channel(work, name=code, address="wecombot://key-0001", daily_at=daily_at, **details)


def written(loop: Loop) -> list[str]:
    with reading(loop.engine) as session:
        return sorted(session.exec(select(Message.key)))


def at(hour: int, minute: int = 0, *, day: int = 30) -> datetime:
    """A local time of the district as UTC."""
    return NOW.replace(day=day, hour=0, minute=0) + timedelta(hours=hour - 8, minutes=minute)


def test_it_is_written_at_its_hour_and_once_a_day(loop: Loop) -> None:
    found_issue(loop)
    channel(loop, "west-1", "08:30")
    counts = [write_daily(loop.engine, now=at(*hour)) for hour in ((8, 29), (8, 30), (8, 31), (23, 0))]
    assert counts == [0, 1, 0, 0]
    assert write_daily(loop.engine, now=at(8, 30) + timedelta(days=1)) == 1
    assert written(loop) == ["daily:2026-06-30:1", "daily:2026-07-01:1"]


def test_who_had_nothing_at_the_hour_is_not_asked_again_that_day(loop: Loop) -> None:
    channel(loop, "west-1", "08:30")
    assert write_daily(loop.engine, now=at(8, 30)) == 0
    found_issue(loop)
    assert write_daily(loop.engine, now=at(9)) == 0
    assert write_daily(loop.engine, now=at(8, 30) + timedelta(days=1)) == 1


def test_a_round_decides_on_so_many_and_the_next_on_the_rest(loop: Loop) -> None:
    found_issue(loop)
    for code in ("east-1", "west-1", "west-2"):
        channel(loop, code, "08:30")
    assert [write_daily(loop.engine, now=at(9), most=2) for _round in range(3)] == [1, 1, 0]


def test_a_command_may_say_what_time_it_is(loop: Loop) -> None:
    found_issue(loop)
    channel(loop, "west-1", "08:30")
    assert write_daily(loop.engine, now=at(6), at=time(8, 0)) == 0
    assert write_daily(loop.engine, now=at(6), at=time(9, 0)) == 1


def test_without_an_hour_there_is_no_daily_message(loop: Loop) -> None:
    found_issue(loop)
    channel(loop, "west-1", None)
    assert write_daily(loop.engine, now=at(23)) == 0


def test_a_roles_channel_gets_the_roles_message(loop: Loop) -> None:
    handed_over(loop, found_issue(loop).number)
    channel(loop, "bureau-1", "08:30", role=Role.COMMITTEE_OFFICE)
    assert write_daily(loop.engine, now=at(9)) == 0
    with unit_of_work(loop.engine, actor=ACTOR, now=NOW) as work:
        issue = work.session.exec(select(Issue)).one()
        late = (issue.due_on or TODAY) + timedelta(days=10)
    assert write_daily(loop.engine, now=NOW + (late - TODAY)) == 1


@pytest.mark.parametrize("code", ["leader", "liaison"])
def test_a_leader_and_the_liaison_are_told_what_the_page_says(loop: Loop, code: str) -> None:
    due_on = handed_over(loop, found_issue(loop).number).due_on
    assert due_on is not None
    today = due_on + timedelta(days=20)
    with reading(loop.engine) as session:
        leader = session.get_one(Person, loop.key("leader"))
        sections = message_sections(morning_of(session, leader, today=today, yellow_days=3), today=today)
    words = daily(loop, code, today=today)
    assert [line for part in sections for line in (part.heading, *part.items) if line not in words] == []
    assert "20 days" in words


def test_a_leader_without_a_matter_is_told_the_numbers(loop: Loop) -> None:
    handed_over(loop, found_issue(loop).number)
    assert daily(loop, "leader").startswith("Nothing needs you today.\nUnresolved 1")


def test_a_liaison_of_two_leaders_is_told_of_both(loop: Loop) -> None:
    with unit_of_work(loop.engine, actor=ACTOR, now=NOW) as work:
        other = records.get(work.session, Person, loop.key("other-leader"))
        given: dict[str, Any] = {"valid_from": TODAY, "reason": "division of work", "part": AssignmentPart.DEPUTY}
        assign_zone(work, zone_id=zone(loop, "T1").key, person=other, **given)
        appoint(
            work,
            records.get(work.session, Person, loop.key("liaison")),
            Role.LIAISON,
            valid_from=TODAY,
            leader_id=other.key,
        )
    handed_over(loop, found_issue(loop).number)
    words = daily(loop, "liaison", today=LONG_AFTER)
    assert [words.count(f"[{name}]") for name in ("leader", "other-leader")] == [1, 1]
    assert "2 matters need you today" in words
