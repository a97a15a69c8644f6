"""The wall's rotation: which step is shown at a moment, whatever was touched and interrupted before."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import InvalidInput
from governance.freshness import Freshness, next_turn
from governance.playlist import DISTRICT_STEP, Step, StepKind, step_of
from governance.rotation import Alert, Pace, Rotation, advanced, begin, interrupted, moved, paused, resumed, shown
from governance.rotation import with_steps as over

T0 = datetime(2026, 6, 30, 1, 0, tzinfo=UTC)
PACE = Pace(step=timedelta(seconds=20), pause=timedelta(seconds=120))
LEADER = Step(StepKind.LEADER, "L-01")
TOWN = Step(StepKind.TOWNSHIP, "100")
FAR = Step(StepKind.TOWNSHIP, "200")
STEPS = (DISTRICT_STEP, LEADER, TOWN)
ALERT = Alert("2026-0001", TOWN)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def playing(first: Step = DISTRICT_STEP) -> Rotation:
    return begin(STEPS, first=first, is_playing=True, now=T0)


def seen(rotation: Rotation, seconds: float) -> Step:
    return advanced(rotation, pace=PACE, now=at(seconds)).step


@pytest.mark.parametrize("step", [*STEPS, Step(StepKind.TOWNSHIP, "a.b")])
def test_a_steps_name_leads_back_to_it(step: Step) -> None:
    assert step_of(step.name) == step


@pytest.mark.parametrize("name", ["", "leader", "leader.", "village.1", "district.1", "township"])
def test_a_name_of_no_step_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="names no step"):
        step_of(name)


@pytest.mark.parametrize(
    ("seconds", "step"), [(0, DISTRICT_STEP), (19.9, DISTRICT_STEP), (20, LEADER), (40, TOWN), (60, DISTRICT_STEP)]
)
def test_each_step_is_shown_for_its_time_and_the_last_leads_to_the_first(seconds: float, step: Step) -> None:
    assert seen(playing(), seconds) == step


def test_a_wall_that_does_not_play_stays_at_its_step() -> None:
    assert seen(begin(STEPS, first=TOWN, is_playing=False, now=T0), 10_000) == TOWN


def test_a_first_step_outside_the_playlist_is_shown_all_the_same() -> None:
    assert begin(STEPS, first=FAR, is_playing=False, now=T0).step == FAR


def test_a_touch_holds_the_step_and_it_goes_on_with_what_was_left() -> None:
    held = paused(playing(), pace=PACE, now=at(15))
    assert [seen(held, s) for s in (134, 136, 139.9, 140)] == [DISTRICT_STEP, DISTRICT_STEP, DISTRICT_STEP, LEADER]


def test_another_touch_holds_it_anew() -> None:
    held = paused(paused(playing(), pace=PACE, now=at(15)), pace=PACE, now=at(100))
    assert (seen(held, 219), seen(held, 225)) == (DISTRICT_STEP, LEADER)


def test_going_on_by_hand_ends_the_pause() -> None:
    going = resumed(paused(playing(), pace=PACE, now=at(15)), pace=PACE, now=at(16))
    assert not going.is_paused
    assert seen(going, 21) == LEADER


def test_next_and_back_move_by_one_and_hold() -> None:
    forth = moved(playing(), 1, pace=PACE, now=at(5))
    back = moved(forth, -2, pace=PACE, now=at(6))
    assert (forth.step, back.step, back.is_paused) == (LEADER, TOWN, True)
    assert (seen(back, 145), seen(back, 146)) == (TOWN, DISTRICT_STEP)


def test_a_chosen_step_is_shown_and_one_that_is_not_there_changes_nothing() -> None:
    chosen = shown(playing(), TOWN, pace=PACE, now=at(5))
    assert chosen.step == TOWN
    assert shown(chosen, FAR, pace=PACE, now=at(6)) == chosen


def test_an_alert_is_shown_for_one_step_and_the_rotation_goes_on_where_it_was() -> None:
    told = interrupted(playing(), [ALERT], pace=PACE, now=at(15))
    assert (told.step, told.alert) == (TOWN, ALERT)
    assert [seen(told, s) for s in (34.9, 35, 39.9, 40)] == [TOWN, DISTRICT_STEP, DISTRICT_STEP, LEADER]


def test_alerts_follow_one_another_and_each_comes_once() -> None:
    other = Alert("2026-0002", FAR)
    told = interrupted(playing(), [ALERT, other, ALERT], pace=PACE, now=at(0))
    assert [seen(told, s) for s in (0, 20, 40)] == [TOWN, FAR, DISTRICT_STEP]


def test_an_alert_waits_while_somebody_looks_closer() -> None:
    told = interrupted(paused(playing(), pace=PACE, now=at(15)), [ALERT], pace=PACE, now=at(30))
    assert (told.step, told.alert) == (DISTRICT_STEP, None)
    assert [seen(told, s) for s in (134, 135, 155)] == [DISTRICT_STEP, TOWN, DISTRICT_STEP]


def test_a_touch_holds_an_alert_too() -> None:
    held = paused(interrupted(playing(), [ALERT], pace=PACE, now=at(0)), pace=PACE, now=at(10))
    assert (seen(held, 139), seen(held, 140)) == (TOWN, DISTRICT_STEP)


def test_a_step_by_hand_leads_from_an_alert_to_where_the_rotation_was() -> None:
    told = interrupted(playing(LEADER), [ALERT], pace=PACE, now=at(3))
    assert moved(told, 1, pace=PACE, now=at(5)).step == LEADER


def test_a_wall_that_does_not_play_is_not_interrupted() -> None:
    still = begin(STEPS, first=LEADER, is_playing=False, now=T0)
    assert interrupted(still, [ALERT], pace=PACE, now=at(5)).step == LEADER


def test_other_steps_keep_the_one_that_is_shown() -> None:
    assert over(playing(TOWN), (DISTRICT_STEP, TOWN)).step == TOWN
    assert over(playing(TOWN), (DISTRICT_STEP, LEADER)).step == DISTRICT_STEP


def test_a_clock_that_is_set_back_changes_nothing() -> None:
    later = advanced(playing(), pace=PACE, now=at(45))
    assert advanced(later, pace=PACE, now=at(10)) == later


MOMENTS = st.lists(st.integers(0, 2000), min_size=1, max_size=8).map(sorted)


@given(looks=MOMENTS, touch=st.integers(0, 500), told=st.integers(0, 500))
def test_how_often_it_is_asked_makes_no_difference(looks: list[int], touch: int, told: int) -> None:
    first, second = sorted((touch, told))
    held = paused(playing(), pace=PACE, now=at(first))
    both = interrupted(held, [ALERT, Alert("2026-0002", FAR)], pace=PACE, now=at(second))
    asked = both
    for moment in looks:
        asked = advanced(asked, pace=PACE, now=at(second + moment))
    assert asked.step == seen(both, second + looks[-1])


@given(seconds=st.integers(0, 10**7), length=st.integers(1, 30))
def test_at_every_moment_one_step_of_the_playlist_is_shown(seconds: int, length: int) -> None:
    steps = tuple(Step(StepKind.TOWNSHIP, str(n)) for n in range(length))
    turning = begin(steps, first=steps[0], is_playing=True, now=T0)
    assert seen(turning, seconds) == steps[seconds // 20 % length]


def test_what_is_drawn_is_true_until_a_write_or_the_next_day() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    key = Freshness(7, next_turn(T0, zone))
    assert key.turns_at == datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
    assert key.holds(7, now=T0)
    assert not key.holds(8, now=T0)
    assert not key.holds(7, now=key.turns_at)


def test_at_midnight_itself_the_next_turn_is_a_day_away() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    midnight = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
    assert next_turn(midnight, zone) - midnight == timedelta(days=1)


def test_where_clocks_leave_midnight_out_the_day_still_turns() -> None:
    before = datetime(2018, 11, 3, 12, 0, tzinfo=UTC)
    assert next_turn(before, ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, 0, tzinfo=UTC)
