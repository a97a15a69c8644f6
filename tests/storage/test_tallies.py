"""Summaries kept up in the write: the same as counted anew from the events, and as counted from the issues."""

from collections import Counter
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from db import records
from db.tables.history import Flow, TallyScope
from db.tables.issues import Issue
from db.tallies import SUMMARIES, Sums, TallyChanges, rebuild
from db.tally_keys import NO_DEADLINE, key_of
from db.tally_replay import recounted
from db.unit_of_work import UnitOfWork, reading
from db.verification import tally_differences
from governance.counting import FOUND, RECTIFIED, UNRESOLVED
from governance.vocabulary import Severity, Stage
from tests.storage.conftest import FOUND_ON, Writing, issue_fields, new_issue, raw, rows_of, writer

DAY = date(2026, 6, 30)
TALLIES = (*(str(model.__tablename__) for model in SUMMARIES), "tally_day", "day_record")
days = st.none() | st.sampled_from([FOUND_ON, DAY, DAY + timedelta(days=9)])
states = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(Stage),
        "severity": st.sampled_from(Severity),
        "due_on": days,
        "found_on": st.sampled_from([FOUND_ON, DAY]),
        "township_id": st.sampled_from([None, 1, 2]),
        "key_zone_ids": st.sampled_from(["", "3", "4", "3,4"]),
        "industry_id": st.sampled_from([None, 1, 2]),
        "cell": st.sampled_from([None, 11, 12]),
        "measures_on": days,
        "closed_on": days,
        "rectify_due_on": days,
    }
)
# Each step: the state of issue 0, 1 or 2 from then on; the first step of an issue creates it.
History = list[tuple[int, dict[str, Any]]]
FRESH = count(1)
histories = st.lists(st.tuples(st.integers(0, 2), states), min_size=1, max_size=12)


def live(engine: Engine, history: History) -> None:
    """Write a history in two transactions, each step on a day of its own."""
    numbers: dict[int, int] = {}
    half = len(history) // 2
    for start, part in ((0, history[:half]), (half, history[half:])):
        with writer(engine)(minutes=start * 24 * 60) as work:
            for step, (issue, state) in enumerate(part):
                step_work = work.continued_by(work.actor, work.now + timedelta(days=step))
                _take_step(step_work, numbers, issue, state)


def _take_step(work: UnitOfWork, numbers: dict[int, int], issue: int, state: dict[str, Any]) -> None:
    if issue in numbers:
        records.change(work, records.get(work.session, Issue, numbers[issue]), state, code="reopened")
    else:
        numbers[issue] = records.create(work, new_issue(next(FRESH), **state)).key


def counted(engine: Engine) -> dict[tuple[Any, ...], int]:
    """Summary of the issues by township, stage, severity and deadline, counted from the rows."""
    return Counter(
        (TallyScope.TOWNSHIP, row["township_id"] or 0, row["stage"], row["severity"], row["due_on"] or NO_DEADLINE)
        for row in rows_of(engine, "issue")
    )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_summaries_kept_up_are_those_counted_anew(founded: Engine, history: History) -> None:
    live(founded, history)
    with reading(founded) as session:
        assert tally_differences(session) == []
    by_township = {
        (row["scope"], row["scope_id"], row["stage"], row["severity"], row["due_on"]): row["n"]
        for row in rows_of(founded, "issue_tally")
        if row["scope"] == TallyScope.TOWNSHIP
    }
    assert by_township == counted(founded)
    assert_flows_balance(founded)


def assert_flows_balance(engine: Engine) -> None:
    """What was found and opened and never left is what the issues are today."""
    flows: Counter[Flow] = Counter()
    for row in rows_of(engine, "flow_tally"):
        flows[row["flow"]] += row["n"] if row["scope"] == TallyScope.TOWNSHIP else 0
    stages = [row["stage"] for row in rows_of(engine, "issue")]
    assert flows[Flow.FOUND] == sum(stage in FOUND for stage in stages)
    assert flows[Flow.OPENED] - flows[Flow.LEFT] == sum(stage in UNRESOLVED for stage in stages)
    held = [row for row in rows_of(engine, "issue") if row["stage"] in RECTIFIED and row["closed_on"]]
    assert flows[Flow.CLOSED] == len(held)


def test_rows_that_reach_zero_are_gone(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        issue = records.create(work, new_issue(1, stage=Stage.CONFIRMED, cell=11))
        records.change(work, issue, {"stage": Stage.MERGED}, code="merged")
    with writing(minutes=2) as work:
        records.change(work, records.get(work.session, Issue, 1), {"stage": Stage.REFUSED}, code="refused")
    assert rows_of(founded, "cell_tally") == []
    assert [row["stage"] for row in rows_of(founded, "issue_tally")] == [Stage.REFUSED]
    assert raw(founded, "SELECT count(*) FROM flow_tally WHERE n = 0") == [(0,)]


def moves(*steps: tuple[int, dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    """Flows of one township issue that goes through the given states, each on its day of June."""
    changes, before = TallyChanges(), None
    for day, state in steps:
        now = key_of({"township_id": 1, **plain(), **state})
        changes.move(before, now, day=date(2026, 6, day))
        before = now
    sums = Sums()
    for _day, others in changes:
        sums.take(others)
    return {(key[1], key[2].day, key[3].value): n for key, n in sums.flows.items()}


def closed(day: int) -> dict[str, Any]:
    """State of an issue that was signed off on a day of June."""
    return {"stage": Stage.CLOSED, "closed_on": date(2026, 6, day)}


def plain() -> dict[str, Any]:
    empty = dict.fromkeys(
        ("due_on", "industry_id", "enterprise_id", "cell", "measures_on", "rectify_due_on", "closed_on")
    )
    return {**issue_fields(1), **empty, "key_zone_ids": ""}


def test_an_issue_that_lives_its_life_is_counted_in_each_flow_on_its_day() -> None:
    steps = [(2, Stage.DISCOVERED), (3, Stage.CONFIRMED), (4, Stage.RECTIFYING)]
    assert moves(*((day, {"stage": stage}) for day, stage in steps), (5, closed(5))) == {
        (1, 1, "found"): 1,
        (1, 3, "opened"): 1,
        (1, 5, "left"): 1,
        (1, 5, "closed"): 1,
        (1, 5, "closed_on_time"): 1,
    }


def test_an_issue_closed_late_is_not_counted_as_on_time() -> None:
    late = {"measures_on": date(2026, 6, 5), "rectify_due_on": date(2026, 6, 4)}
    flows = moves((2, {"stage": Stage.CONFIRMED}), (5, {**closed(5), **late}))
    assert ((1, 5, "closed") in flows, (1, 5, "closed_on_time") in flows) == (True, False)


def test_an_issue_closed_again_counts_once_on_the_day_of_its_last_sign_off() -> None:
    flows = moves((3, closed(3)), (4, {"stage": Stage.RECTIFYING}), (5, closed(5)))
    assert {key: n for key, n in flows.items() if key[2].startswith("closed")} == {
        (1, 5, "closed"): 1,
        (1, 5, "closed_on_time"): 1,
    }


def test_a_closed_issue_that_moves_to_another_zone_is_counted_where_it_lies() -> None:
    flows = moves((3, closed(3)), (9, {**closed(3), "township_id": 2}))
    assert {key for key in flows if key[2] == "closed"} == {(2, 3, "closed")}


def test_an_unresolved_issue_that_moves_leaves_one_zone_and_opens_in_the_other() -> None:
    flows = moves((3, {"stage": Stage.CONFIRMED}), (9, {"stage": Stage.CONFIRMED, "township_id": 2}))
    assert (flows[1, 9, "left"], flows[2, 9, "opened"], flows[2, 1, "found"]) == (1, 1, 1)
    assert (1, 1, "found") not in flows


def test_an_issue_found_on_another_day_than_first_said_is_counted_on_that_day() -> None:
    flows = moves((3, {}), (4, {"found_on": date(2026, 5, 30)}))
    assert flows == {(1, 30, "found"): 1}


def test_the_heat_counts_unresolved_issues_only(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        for number, stage in enumerate(Stage):
            records.create(work, new_issue(number, stage=stage, cell=11))
    assert [(row["cell"], row["n"]) for row in rows_of(founded, "cell_tally")] == [(11, len(UNRESOLVED))]


def test_an_issue_outside_every_township_is_counted_there(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(1, key_zone_ids="3,4", industry_id=2))
    scopes = [(row["scope"].value, row["scope_id"]) for row in rows_of(founded, "issue_tally")]
    assert sorted(scopes) == [("industry", 2), ("key_zone", 3), ("key_zone", 4), ("township", 0)]


@pytest.fixture
def spoilt(founded: Engine, writing: Writing) -> Engine:
    """A district with an issue whose summaries were lost."""
    with writing() as work:
        records.create(work, new_issue(1, stage=Stage.CONFIRMED, township_id=1, cell=11))
    for table in TALLIES:
        raw(founded, f"DELETE FROM {table}")
    return founded


def test_summaries_that_were_lost_are_rebuilt_from_the_events(spoilt: Engine) -> None:
    with spoilt.connect().execution_options(is_write=True) as connection, Session(connection) as session:
        rebuild(session, recounted(session))
        session.commit()
        assert tally_differences(session) == []
    assert len(rows_of(spoilt, "cell_tally")) == 1
