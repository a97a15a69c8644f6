"""States of hot spots over twelve weeks, and the classes of maps."""

import pytest

from governance.classes import class_bounds, class_of
from governance.hot_spots import SpotState, state_of, was_hot


def weeks(marks: str) -> list[bool]:
    return [mark == "x" for mark in marks]


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ("...........x", SpotState.EMERGING),
        ("xxxx.......x", SpotState.EMERGING),
        (".......xxxxx", SpotState.EMERGING),
        ("xxxxx......x", SpotState.PERSISTENT),
        ("xxxxxxxxxxxx", SpotState.PERSISTENT),
        ("xx..........", SpotState.FADING),
        ("xxxxxxxxxxx.", SpotState.FADING),
        ("..........x.", None),
        ("............", None),
        ("x", SpotState.EMERGING),
        ("", None),
    ],
)
def test_the_state_follows_from_the_weeks(marks: str, state: SpotState | None) -> None:
    assert state_of(weeks(marks)) == state


@pytest.mark.parametrize(
    ("hot", "cells", "answer"), [(1, 2, True), (1, 3, False), (2, 3, True), (0, 1, False), (0, 0, False)]
)
def test_a_hot_spot_was_hot_when_half_of_its_cells_were(hot: int, cells: int, answer: bool) -> None:
    assert was_hot(hot, cells) is answer


def test_few_values_get_a_class_each() -> None:
    assert class_bounds([3, 0, 1, 3, -2]) == [1, 3]


def test_many_values_are_cut_where_each_class_holds_as_many() -> None:
    assert class_bounds(range(1, 11)) == [2, 4, 6, 8, 10]
    assert class_bounds([*range(1, 100), 1000], most=3) == [34, 67, 1000]


@pytest.mark.parametrize(("value", "place"), [(0, 0), (-1, 0), (1, 1), (2, 1), (2.5, 2), (10, 5), (99, 5)])
def test_a_value_stands_in_the_first_class_that_reaches_it(value: float, place: int) -> None:
    assert class_of(value, [2, 4, 6, 8, 10]) == place


def test_without_positive_values_there_are_no_classes() -> None:
    assert class_bounds([0, 0]) == []
    assert class_of(5, []) == 0
