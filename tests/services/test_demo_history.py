"""The demo's history: nothing past the services, links in order, fitting people, and the same each time."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from db.history import head_hash
from db.repositories.people import actor_of
from db.tables.history import Event
from db.tables.issues import Issue
from db.verification import differences, tally_differences, verify_chain
from governance.permissions import RIGHT_OF, Right, may
from governance.stages import BY_ACTION, EVENT_CODE, SIX_LINKS, Action
from governance.vocabulary import Stage
from tests.conftest import TODAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dashboard.demo.build import DemoSummary

LOCAL = ZoneInfo("Asia/Shanghai")
ACTION_OF = {code: action for action, code in EVENT_CODE.items()}


@pytest.fixture
def histories(demo_session: Session) -> dict[int, list[Event]]:
    """The moves of each issue, in order."""
    query = select(Event).where(Event.subject_kind == "issue", col(Event.code).in_(ACTION_OF))
    events = demo_session.exec(query.order_by(col(Event.subject_id), col(Event.seq)))
    return {number: list(group) for number, group in groupby(events, key=lambda event: event.subject_id)}


def misplaced(events: list[Event]) -> Iterator[tuple[int, str]]:
    """Moves that the table does not allow in the stage that the moves before led to."""
    first, *rest = events
    if ACTION_OF[first.code] != Action.REPORT:
        yield first.subject_id, first.code
    stage = Stage.DISCOVERED
    for event in rest:
        row = BY_ACTION[ACTION_OF[event.code]]
        if stage not in row.origins:
            yield event.subject_id, event.code
        stage = row.target


def test_replaying_the_events_gives_every_record(demo_session: Session) -> None:
    assert (verify_chain(demo_session), differences(demo_session)) == ([], [])


def test_the_summaries_are_what_the_records_add_up_to(demo_session: Session) -> None:
    assert tally_differences(demo_session) == []


def test_events_stand_in_the_order_of_their_times(demo_session: Session) -> None:
    times = demo_session.exec(select(Event.at).order_by(col(Event.seq))).all()
    assert list(times) == sorted(times)


def test_events_fall_into_working_hours_of_the_200_days(demo_session: Session) -> None:
    times = [at.astimezone(LOCAL) for at in demo_session.exec(select(Event.at))]
    assert {at.hour for at in times} <= set(range(8, 18))
    assert (min(times).date(), max(times).date() < TODAY) == (TODAY - timedelta(days=200), True)


def test_every_issue_passed_its_links_in_order(histories: dict[int, list[Event]]) -> None:
    assert len(histories) == 1943
    assert [fault for events in histories.values() for fault in misplaced(events)] == []


def test_every_closed_issue_passed_all_six_links(demo_session: Session, histories: dict[int, list[Event]]) -> None:
    closed = demo_session.exec(select(Issue.id).where(Issue.stage == SIX_LINKS[-1])).all()
    passed = [set(SIX_LINKS) <= {event.stage for event in histories[number]} for number in closed if number]
    assert (len(passed), all(passed)) == (1678, True)


def test_every_move_has_a_person_and_every_judgement_a_reason(histories: dict[int, list[Event]]) -> None:
    events = [event for history in histories.values() for event in history]
    assert [event.seq for event in events if event.actor_id is None] == []
    assert [event.seq for event in events if not event.reason and ACTION_OF[event.code] != Action.REPORT] == []


def test_nobody_judges_the_own_work(demo_session: Session, histories: dict[int, list[Event]]) -> None:
    for issue in demo_session.exec(select(Issue).where(col(Issue.signer_id).is_not(None))):
        assert len({issue.rectifier_id, issue.checker_id, issue.signer_id}) == 3, issue.number
    confirmed = {n: {e.code: e.actor_id for e in events} for n, events in histories.items()}
    assert [n for n, by in confirmed.items() if by["reported"] == by.get("confirmed", -1)] == []


def test_everybody_had_the_right_to_the_move(demo_session: Session, histories: dict[int, list[Event]]) -> None:
    moves = {(e.actor_id, ACTION_OF[e.code]) for events in histories.values() for e in events}
    others = {(number, action) for number, action in moves if action != Action.RETURN}
    actors = {number: actor_of(demo_session, number, today=TODAY) for number, _ in others if number}
    assert [pair for pair in others if not may(actors[pair[0] or 0], Right(RIGHT_OF[pair[1]]))] == []


def test_some_issues_were_returned_also_by_leaders_and_for_them(demo_session: Session) -> None:
    query = text("SELECT count(*), count(on_behalf_of_id) FROM event WHERE code = 'returned'")
    returned, on_behalf = demo_session.execute(query).one()
    assert returned >= 100
    assert on_behalf >= 10


@pytest.mark.parametrize(
    "table", ["person", "unit", "zone", "enterprise", "issue", "notice", "assignment", "appointment", "account"]
)
def test_no_record_came_without_an_event(demo_session: Session, table: str) -> None:
    event = f"SELECT 1 FROM event WHERE subject_kind = '{table}' AND subject_id = record.id"
    query = text(f"SELECT count(*) FROM {table} record WHERE NOT EXISTS ({event})")
    assert demo_session.execute(query).scalar() == 0


def test_the_same_day_gives_the_same_head(demo: "tuple[Engine, DemoSummary]", demo_home: Path) -> None:
    """One was built here, the other by the command in a process of its own."""
    from db.engine import create_engine_for
    from db.unit_of_work import reading

    engine = create_engine_for(f"sqlite:///{demo_home / 'gridguard.db'}")
    with reading(engine) as session:
        assert head_hash(session) == demo[1].head
    engine.dispose()
