"""More time to rectify: asked by the director, answered by the township, all of it kept in both histories."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.extensions import ask_extension, decide_extension, extension_lines
from db.repositories.issues import events_of
from db.repositories.loop import extensions_of
from db.tables.issues import Issue
from db.tables.loop import Extension
from db.unit_of_work import reading, unit_of_work
from db.verification import differences, tally_differences
from governance.errors import Conflict, GridGuardError, IllegalTransition, InvalidInput, NotAllowed
from tests.conftest import NOW, TODAY
from tests.services.loop_district import actor, do, found_loop, issue_of, person_id, report, walk

MORE = timedelta(days=7)


@pytest.fixture
def number(engine: Engine) -> str:
    """An issue that is being rectified."""
    found_loop(engine)
    return walk(engine, report(engine), "rectifying")


def ask(engine: Engine, number: str, by: str = "director01", *, days: float = 0, more: timedelta = MORE) -> Extension:
    with unit_of_work(engine, actor=actor(engine, by), now=NOW + timedelta(days=days)) as work:
        issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
        wanted = (issue.rectify_due_on or TODAY) + more
        return ask_extension(work, issue, wanted_due_on=wanted, reason="The nets come later")


def decide(engine: Engine, extension: Extension, by: str = "township01", *, is_granted: bool = True) -> Extension:
    with unit_of_work(engine, actor=actor(engine, by), now=NOW) as work:
        row = work.session.get_one(Extension, extension.key)
        return decide_extension(work, row, is_granted=is_granted, answer="Seen the order")


def test_a_granted_extension_moves_the_issues_deadline_by_an_event(engine: Engine, number: str) -> None:
    before = issue_of(engine, number)
    decide(engine, ask(engine, number))
    after = issue_of(engine, number)
    assert after.due_on == after.rectify_due_on == (before.rectify_due_on or TODAY) + MORE
    with reading(engine) as session:
        codes = [event.code for event, *_ in events_of(session, after.key)]
    assert codes[-1] == "extension_granted"


def test_a_refused_request_changes_nothing_but_is_kept(engine: Engine, number: str) -> None:
    before = issue_of(engine, number)
    decide(engine, ask(engine, number), is_granted=False)
    assert issue_of(engine, number).rectify_due_on == before.rectify_due_on
    with reading(engine) as session:
        (line,) = extension_lines(session, before.key)
    assert (line.extension.state, line.asked_by, line.decided_by) == ("refused", "director01 name", "township01 name")


def test_a_second_request_waits_for_the_answer_to_the_first(engine: Engine, number: str) -> None:
    ask(engine, number)
    with pytest.raises(Conflict, match="waits for its answer"):
        ask(engine, number, by="department01")


def test_no_more_is_asked_for_than_may_be_granted(engine: Engine, number: str) -> None:
    for _ in range(2):
        decide(engine, ask(engine, number))
    with pytest.raises(NotAllowed, match=r"2 time\(s\); allowed: 2"):
        ask(engine, number)


def test_asking_after_the_deadline_is_too_late(engine: Engine, number: str) -> None:
    with pytest.raises(NotAllowed, match="before the deadline"):
        ask(engine, number, days=60)


def test_a_township_does_not_answer_its_own_request(engine: Engine, number: str) -> None:
    extension = ask(engine, number, by="township01")
    with pytest.raises(NotAllowed, match="somebody other"):
        decide(engine, extension, by="township01")
    assert decide(engine, extension, by="township02").decided_by_id == person_id(engine, "township02")


@pytest.mark.parametrize("by", ["director01", "department01", "leader01", "butler01", "township03"])
def test_this_person_answers_no_request(engine: Engine, number: str, by: str) -> None:
    extension = ask(engine, number)
    with pytest.raises(NotAllowed):
        decide(engine, extension, by=by)


@pytest.mark.parametrize("by", ["butler01", "cadre01", "leader01", "bureau01", "committee01"])
def test_this_person_asks_for_no_time(engine: Engine, number: str, by: str) -> None:
    with pytest.raises(NotAllowed):
        ask(engine, number, by=by)


def test_what_was_handed_in_meanwhile_can_only_be_refused(engine: Engine, number: str) -> None:
    extension = ask(engine, number)
    do(engine, "director01", number, "submit_measures", measures="Covered")
    with pytest.raises(IllegalTransition, match="supervised"):
        decide(engine, extension)
    assert decide(engine, extension, is_granted=False).state == "refused"


def test_a_wanted_day_out_of_bounds_stores_nothing(engine: Engine, number: str) -> None:
    with pytest.raises(InvalidInput, match="up to"):
        ask(engine, number, more=timedelta(days=900))
    with reading(engine) as session:
        assert extensions_of(session, issue_of(engine, number).key) == []


def test_requests_and_answers_replay_to_what_stands(engine: Engine, number: str) -> None:
    decide(engine, ask(engine, number), is_granted=False)
    decide(engine, ask(engine, number))
    with pytest.raises(GridGuardError):
        decide(engine, ask(engine, number, by="township01"), by="township01")
    with reading(engine) as session:
        assert (differences(session), tally_differences(session)) == ([], [])
