"""Standing, heat and past days out of the summaries: the same as a plain replay of what the issues went through."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from db import records
from db.repositories.standing import endings, heat_groups, standing_rows
from db.repositories.tallies import cell_weeks, cells_on, zones_flows
from db.tables.history import Flow, RecordScope, StandingScope
from db.tables.issues import Issue
from db.unit_of_work import reading
from db.verification import tally_differences
from geo.codec import coarse_cell
from governance.counting import CLUES, UNRESOLVED
from governance.heat import heat_of, heat_weight
from governance.lights import light_of
from governance.loop_numbers import USUAL
from governance.vocabulary import Severity, Source, Stage
from tests.storage.conftest import new_issue, raw, writer

FIRST = date(2026, 6, 30)
YELLOW_DAYS = 3
CELLS = (0x8931A9C5B4FFFFF, 0x8931A9C5B4BFFFF, 0x8931A9C5A23FFFF)
DAY = timedelta(days=1)
State = dict[str, Any]
# Days before or after the day of the step stand in for deadlines and findings.
states = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(Stage),
        "severity": st.sampled_from(Severity),
        "source": st.sampled_from([Source.BUTLER, Source.HOTLINE_12345]),
        "due_on": st.none() | st.integers(-3, 6),
        "found_on": st.integers(-20, 0),
        "township_id": st.sampled_from([None, 1, 2]),
        "key_zone_ids": st.sampled_from(["", "3", "3,4"]),
        "industry_id": st.sampled_from([None, 1]),
        "cell": st.sampled_from([None, *CELLS]),
        "closed_on": st.none() | st.integers(-5, 0),
    }
)
# Each step: days since the one before, which of the example's issues, and its state from then on.
steps = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), states), min_size=1, max_size=10)


@dataclass
class Lives:
    """What the issues of a district went through: (day, issue, state), in order; examples follow each other."""

    engine: Engine
    told: list[tuple[date, int, State]] = field(default_factory=list)
    day: date = FIRST
    fresh: Any = field(default_factory=lambda: count(1))

    def go_on(self, history: list[tuple[int, int, State]]) -> None:
        """Live an example, in two transactions over some days each."""
        numbers: dict[int, int] = {}
        for part in (history[: len(history) // 2], history[len(history) // 2 :]):
            with writer(self.engine)(minutes=(self.day - FIRST).days * 24 * 60) as work:
                for later, issue, state in part:
                    self.day += later * DAY
                    now = work.continued_by(work.actor, work.now + (self.day - work.today))
                    fields = {name: self._dated(name, value) for name, value in state.items()}
                    if issue in numbers:
                        row = records.get(work.session, Issue, numbers[issue])
                        records.change(now, row, fields, code="reopened")
                    else:
                        numbers[issue] = records.create(now, new_issue(next(self.fresh), **fields)).key
                    self.told.append((self.day, numbers[issue], fields))

    def on(self, day: date) -> list[State]:
        """The states of all issues at the end of a day."""
        return list({issue: state for when, issue, state in self.told if when <= day}.values())

    def begun_before(self, day: date) -> list[State]:
        """First states of issues that are known only from a later day on, and say that they were open on this one."""
        first: dict[int, tuple[date, State]] = {}
        for when, issue, state in self.told:
            first.setdefault(issue, (when, state))
        later = [(when, state) for when, state in first.values() if when > day and state["found_on"] <= day]
        return [state for when, state in later if is_open(state) or is_ended_after(state, day, when)]

    def _dated(self, name: str, value: Any) -> Any:
        return self.day + value * DAY if name.endswith("_on") and value is not None else value


def is_open(state: State) -> bool:
    return state["stage"] in UNRESOLVED


def is_ended_after(state: State, day: date, recorded_on: date) -> bool:
    ended = max(state["closed_on"] or recorded_on, state["found_on"])
    return state["stage"] == Stage.CLOSED and ended > day


def zones_of(state: State) -> set[int]:
    return {state["township_id"] or 0, *(int(zone) for zone in state["key_zone_ids"].split(",") if zone)}


def ends(states: list[State], day: date) -> tuple[int, int, int]:
    dues = [state["due_on"] for state in states]
    overdue = sum(due is not None and due < day for due in dues)
    soon = sum(due is not None and day <= due <= day + YELLOW_DAYS * DAY for due in dues)
    return len(states), overdue, soon


def recorded(session: Session, day: date, scope: RecordScope) -> dict[int, tuple[int, int, int]]:
    found = endings(session, day, scope)
    assert found is not None
    return {number: (end.unresolved, end.overdue, end.due_within[YELLOW_DAYS]) for number, end in found.items()}


@pytest.fixture
def lives(founded: Engine) -> Lives:
    return Lives(founded)


randomly = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


@randomly
@given(history=steps)
def test_each_past_day_ended_as_a_replay_says(lives: Lives, history: list[tuple[int, int, State]]) -> None:
    begun = lives.day
    lives.go_on(history)
    with reading(lives.engine) as session:
        for n in range((lives.day - begun).days + 3):
            day = begun + n * DAY
            open_ = [state for state in lives.on(day) if is_open(state)]
            zones = {zone for state in open_ for zone in zones_of(state)}
            assert recorded(session, day, RecordScope.DISTRICT) == {0: ends(open_, day)}
            by_zone = {zone: ends([state for state in open_ if zone in zones_of(state)], day) for zone in zones}
            assert recorded(session, day, RecordScope.ZONE) == by_zone
        assert tally_differences(session) == []


@randomly
@given(history=steps)
def test_what_was_open_in_a_cell_is_what_a_replay_says(lives: Lives, history: list[tuple[int, int, State]]) -> None:
    lives.go_on(history)
    days = [lives.day - n * DAY for n in range(40)]
    open_on = {day: [*filter(is_open, lives.on(day)), *lives.begun_before(day)] for day in days}
    counted = {
        day: Counter(coarse_cell(state["cell"], 8) for state in open_ if state["cell"] is not None)
        for day, open_ in open_on.items()
    }
    mondays = [day - 6 * DAY for day in days if day.weekday() == 6]
    with reading(lives.engine) as session:
        assert {day: cells_on(session, day) for day in days} == {day: dict(found) for day, found in counted.items()}
        by_week = cell_weeks(session, mondays=mondays)
    for place, monday in enumerate(mondays):
        week = {cell: found[place] for cell, found in by_week.items() if found[place]}
        assert week == counted[monday + 6 * DAY]


@randomly
@given(history=steps, ahead=st.integers(-4, 5))
def test_what_stands_is_what_counting_says_on_any_day(lives: Lives, history: Any, ahead: int) -> None:
    lives.go_on(history)
    today = lives.day + ahead * DAY
    alive = [state for state in lives.on(lives.day) if is_open(state) or state["stage"] in CLUES]
    counted = Counter(
        (
            f"{state['township_id'] or 0}:{state['key_zone_ids']}",
            state["severity"],
            light_of(state["due_on"], today=today, yellow_days=YELLOW_DAYS) if is_open(state) else None,
        )
        for state in alive
    )
    with reading(lives.engine) as session:
        rows = standing_rows(session, StandingScope.PLACE, today=today, yellow_days=YELLOW_DAYS)
        groups = heat_groups(session, today=today)
    assert {(row.key, row.severity, row.light): row.n for row in rows} == counted
    weights = [
        heat_weight(state["severity"], state["due_on"], state["found_on"], today=today, numbers=USUAL)
        for state in alive
        if is_open(state) and state["cell"] is not None
    ]
    warm = sum(heat_of(group, today=today, numbers=USUAL) for _cell, group in groups)
    assert warm == pytest.approx(sum(weights))


def test_zones_together_count_what_happened_once(lives: Lives) -> None:
    state = {"stage": Stage.CONFIRMED, "township_id": 1, "key_zone_ids": "3,4", "found_on": 0}
    lives.go_on([(0, 0, state), (1, 1, {**state, "key_zone_ids": ""}), (1, 0, {**state, "stage": Stage.CLOSED})])
    with reading(lives.engine) as session:
        flows = zones_flows(session, frozenset({3, 4}), since=FIRST)
    assert flows[FIRST, Flow.OPENED] == 1
    assert sum(n for (_, flow), n in flows.items() if flow == Flow.LEFT) == 1


def test_before_the_first_issue_nothing_is_recorded(lives: Lives) -> None:
    with reading(lives.engine) as session:
        assert endings(session, FIRST, RecordScope.DISTRICT) is None
    lives.go_on([(0, 0, {"stage": Stage.CONFIRMED})])
    with reading(lives.engine) as session:
        assert endings(session, FIRST - DAY, RecordScope.DISTRICT) is None
        assert endings(session, FIRST, RecordScope.DISTRICT) is not None


def test_a_record_of_a_day_that_was_changed_is_named(lives: Lives) -> None:
    lives.go_on([(0, 0, {"stage": Stage.CONFIRMED}), (2, 1, {"stage": Stage.CONFIRMED})])
    raw(lives.engine, "UPDATE day_record SET overdue = 9 WHERE day = '2026-07-01' AND scope = 'district'")
    with reading(lives.engine) as session:
        (fault,) = tally_differences(session)
    assert fault.kind == "day_record"
    assert fault.what.startswith("2026-07-01 district 0: 1 9")
