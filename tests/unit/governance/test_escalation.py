"""The ladder: who is told from which day on, never anybody above before whoever stands below."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.counting import UNRESOLVED
from governance.escalation import LADDER, height_of, ladder_of, next_rung
from governance.loop_numbers import LoopNumbers
from governance.vocabulary import Stage

DUE = date(2026, 6, 30)
# day: who is told by then (with the usual days 0, 1, 3, 7 and 15)
REACHED = [
    (date(2026, 6, 29), 0),
    (date(2026, 6, 30), 1),
    (date(2026, 7, 1), 2),
    (date(2026, 7, 2), 2),
    (date(2026, 7, 3), 3),
    (date(2026, 7, 6), 3),
    (date(2026, 7, 7), 4),
    (date(2026, 7, 14), 4),
    (date(2026, 7, 15), 5),
    (date(2027, 7, 15), 5),
]


@pytest.mark.parametrize(("today", "height"), REACHED)
def test_this_many_steps_are_reached_by_this_day(today: date, height: int) -> None:
    assert height_of(ladder_of(Stage.RECTIFYING, DUE, today=today)) == height


def test_the_ladder_leads_from_the_director_to_the_guarding_leader() -> None:
    roles = [rung.role for rung in ladder_of(Stage.RECTIFYING, DUE, today=DUE)]
    assert roles == [
        "environment_director",
        "township",
        "industry_department",
        "committee_office",
        "district_leader",
    ]


def test_the_next_step_and_its_day_are_named() -> None:
    step = next_rung(ladder_of(Stage.SUPERVISED, DUE, today=date(2026, 7, 1)))
    assert step is not None
    assert (step.role, step.on) == ("industry_department", date(2026, 7, 3))


def test_at_the_end_of_the_ladder_nobody_comes_next() -> None:
    assert next_rung(ladder_of(Stage.SUPERVISED, DUE, today=date(2026, 7, 15))) is None


@pytest.mark.parametrize("stage", sorted(set(Stage) - UNRESOLVED))
def test_what_is_not_unresolved_climbs_no_ladder(stage: Stage) -> None:
    assert ladder_of(stage, DUE, today=date(2026, 7, 15)) == ()


def test_without_a_deadline_there_is_no_ladder() -> None:
    assert ladder_of(Stage.RECTIFYING, None, today=DUE) == ()


@given(st.lists(st.integers(0, 60), min_size=5, max_size=5).map(sorted), st.integers(-10, 80), st.integers(0, 80))
def test_the_ladder_is_climbed_step_by_step_and_never_down(days: list[int], day: int, later: int) -> None:
    numbers = LoopNumbers(ladder=dict(zip(LADDER, days, strict=True)))
    first, second = (
        ladder_of(Stage.RECTIFYING, DUE, today=DUE + timedelta(days=n), numbers=numbers) for n in (day, day + later)
    )
    reached = [rung.is_reached for rung in first]
    assert reached == sorted(reached, reverse=True)
    assert height_of(second) >= height_of(first)
