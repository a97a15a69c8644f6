"""What is said of the district speaks to nobody in particular; what is said to a leader does."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from dashboard.i18n import set_locale
from dashboard.services.directives import carry_out, give_instruction, propose, report
from dashboard.services.morning import morning_of
from dashboard.services.morning_words import nothing_words, words_of
from db.tables.people import Person
from db.unit_of_work import reading
from tests.conftest import TODAY
from tests.services.loop_people import Loop, found_issue, handed_over, settle, zone


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def reasons(loop: Loop, code: str | None, *, today: date = TODAY) -> list[str]:
    with reading(loop.engine) as session:
        leader = session.get_one(Person, loop.key(code)) if code else None
        found = morning_of(session, leader, today=today, yellow_days=3)
    return [words_of(one, today=today, is_own=leader is not None).why for one in found.matters]


@pytest.mark.parametrize(("code", "who"), [("leader", "your answer"), (None, "an answer")])
def test_a_report_waits_for_the_leader_or_for_an_answer(loop: Loop, code: str | None, who: str) -> None:
    with loop.as_("leader") as work:
        asked = give_instruction(work, text="Cover all heaps", zone=zone(loop, "T1"))
        number = asked.key
    with loop.as_("west-1") as work:
        asked = work.session.get_one(type(asked), number)
        for step in (propose, carry_out, report):
            step(work, asked, "By hand")
    assert reasons(loop, code) == [f"PS-2026-001 was reported and waits for {who}"]


@pytest.mark.parametrize(
    ("code", "who"), [("leader", "so it comes to the leader"), (None, "up to the leader who guards the zone")]
)
def test_the_ladder_is_told_to_the_leader_or_of_the_leader(loop: Loop, code: str | None, who: str) -> None:
    due_on = handed_over(loop, found_issue(loop).number).due_on
    assert due_on is not None
    assert reasons(loop, code, today=due_on + timedelta(days=20)) == [f"20 days late, {who}"]


def test_a_quiet_district_is_not_addressed() -> None:
    assert "you" not in nothing_words(is_own=False).lower().split()
