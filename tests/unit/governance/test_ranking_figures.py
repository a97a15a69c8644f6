"""Figures that units are ranked by: instant closures, rebound rate, per 100 enterprises, places."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.counting import is_instant, per_hundred, places, rebound_rate

DAY, NEXT = date(2026, 6, 30), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("handed_over_on", "closed_on", "is_on_the_spot", "expected"),
    [
        (DAY, DAY, False, True),
        (DAY, DAY, True, False),
        (DAY, NEXT, False, False),
        (None, DAY, False, False),
        (DAY, None, False, False),
    ],
)
def test_an_instant_closure_is_one_on_the_day_of_the_hand_over(
    *, handed_over_on: date | None, closed_on: date | None, is_on_the_spot: bool, expected: bool
) -> None:
    found = is_instant(handed_over_on=handed_over_on, closed_on=closed_on, is_on_the_spot=is_on_the_spot)
    assert found is expected


def test_the_rebound_rate_is_reopened_by_looked_back() -> None:
    assert (rebound_rate(reopened=1, looked_back=4), rebound_rate(reopened=0, looked_back=0)) == (0.25, None)


def test_finding_is_told_per_hundred_enterprises() -> None:
    assert (per_hundred(3, enterprises=60), per_hundred(3, enterprises=0)) == (5.0, None)


def test_equal_values_share_a_place_and_nothing_has_none() -> None:
    values = [0.5, None, 0.9, 0.5, 0.1]
    assert places(values, highest_first=True) == [2, None, 1, 2, 4]
    assert places(values, highest_first=False) == [2, None, 4, 2, 1]


@given(st.lists(st.none() | st.integers(0, 5).map(float)), st.booleans())
def test_a_place_says_how_many_are_better(values: list[float | None], highest_first: bool) -> None:
    for value, place in zip(values, places(values, highest_first=highest_first), strict=True):
        known = [one for one in values if one is not None]
        better = [one for one in known if value is not None and (one > value if highest_first else one < value)]
        assert place == (None if value is None else len(better) + 1)
