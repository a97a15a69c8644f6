"""The inbox of each role: what the next step's rule gives it, what is late, and what was sent and is not answered."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.extensions import ask_extension
from dashboard.services.inbox import Stack, Tray, inbox, inbox_summary
from dashboard.services.issue_actions import possible_actions
from db.tables.issues import Issue
from db.unit_of_work import reading, unit_of_work
from governance.next_step import next_step
from governance.permissions import RIGHT_OF, may
from tests.conftest import NOW, TODAY
from tests.services.loop_district import PEOPLE, actor, found_loop, report, walk

STAGES = ("discovered", "confirmed", "ledgered", "rectifying", "supervised", "checked", "closed")


@pytest.fixture
def loop(engine: Engine) -> Engine:
    """One issue in each stage of the loop, numbered in their order."""
    found_loop(engine)
    for stage in STAGES:
        walk(engine, report(engine), stage)
    return engine


def trays(engine: Engine, login: str, *, days: int = 0) -> dict[Tray, Stack]:
    with reading(engine) as session:
        found = inbox(session, actor(engine, login), today=TODAY + timedelta(days=days))
        return {stack.tray: stack for stack in found}


def numbers(stack: Stack | None) -> list[str]:
    return sorted(letter.about[0] for letter in stack.letters) if stack else []


# login: stages whose issue it is the person's turn to move on
TURNS = {
    "township01": ["discovered", "confirmed", "ledgered", "supervised"],
    "township02": ["discovered", "confirmed", "ledgered", "supervised", "checked"],
    "township03": [],
    "director01": ["rectifying"],
    "bureau01": [],
    "committee01": [],
    "department01": [],
    "butler01": [],
    "cadre01": [],
    "leader01": [],
    "display01": [],
}


def test_each_issue_waits_for_whoever_moves_it_on(loop: Engine) -> None:
    place = {stage: f"2026-{number:05}" for number, stage in enumerate(STAGES, 1)}
    wanted = {login: [place[stage] for stage in stages] for login, stages in TURNS.items()}
    assert {login: numbers(trays(loop, login).get(Tray.TURN)) for login in TURNS} == wanted


def test_whose_turn_it_is_may_do_what_the_step_says(loop: Engine) -> None:
    turns = [(login, number) for login in TURNS for number in numbers(trays(loop, login).get(Tray.TURN))]
    with reading(loop) as session:
        for login, number in turns:
            who = actor(loop, login)
            issue = session.exec(select(Issue).where(Issue.number == number)).one()
            step = next_step(issue.model_dump(), today=TODAY)
            assert step is not None
            assert may(who, RIGHT_OF[step.action])
            assert step.action in [p.action for p in possible_actions(session, who, issue, today=TODAY) if p.is_of_role]


def test_the_summary_counts_what_the_trays_hold(loop: Engine) -> None:
    for login in PEOPLE:
        with reading(loop) as session:
            counts = inbox_summary(session, actor(loop, login), today=TODAY).counts
        stacks = {tray: stack.count for tray, stack in trays(loop, login).items()}
        assert {tray: n for tray, n in counts.items() if n} == stacks, login


def test_a_cadre_may_witness_what_was_handed_in(loop: Engine) -> None:
    assert numbers(trays(loop, "cadre01").get(Tray.WITNESS)) == ["2026-00005", "2026-00006"]


def test_who_reported_sees_what_became_of_it_until_it_is_closed(loop: Engine) -> None:
    assert len(numbers(trays(loop, "butler01").get(Tray.REPORTED))) == len(STAGES) - 1


def test_who_handed_measures_in_sees_them_wait(loop: Engine) -> None:
    assert numbers(trays(loop, "director01").get(Tray.HANDED_IN)) == ["2026-00005", "2026-00006"]


def test_what_is_late_says_for_how_long_and_whom_to_call(loop: Engine) -> None:
    (letter,) = [one for one in trays(loop, "bureau01", days=40)[Tray.LATE].letters if one.about[0] == "2026-00004"]
    assert letter.days_late > 0
    assert "138-" in letter.call


def test_a_director_is_not_told_to_call_himself(loop: Engine) -> None:
    assert {"director01" in letter.call for letter in trays(loop, "director01", days=40)[Tray.LATE].letters} == {False}


def test_an_asked_extension_waits_for_those_who_decide_and_for_who_asked(loop: Engine) -> None:
    with unit_of_work(loop, actor=actor(loop, "director01"), now=NOW) as work:
        issue = work.session.exec(select(Issue).where(Issue.number == "2026-00004")).one()
        assert issue.due_on is not None
        ask_extension(work, issue, wanted_due_on=issue.due_on + timedelta(days=3), reason="Rain")
    assert trays(loop, "director01")[Tray.ASKED].count == 1
    assert trays(loop, "township01")[Tray.EXTENSIONS].count == 1
    assert [Tray.EXTENSIONS in trays(loop, login) for login in ("bureau01", "director01", "township03")] == [
        True,
        False,
        False,
    ]


def test_a_display_has_an_empty_inbox(loop: Engine) -> None:
    assert trays(loop, "display01", days=40) == {}
