"""The numbers of the loop that a district may set itself: what is taken, what is refused, what is kept."""

from typing import Any

import pytest

from governance.errors import InvalidInput
from governance.loop_numbers import USUAL, loop_numbers, stated_numbers

# Every number with its usual value, by hand.
PLAIN = {
    "confirm_days": 3,
    "check_days": 5,
    "notice_days": 5,
    "extensions": 2,
    "look_back_after_days": 30,
    "look_back_days": 20,
    "photo_distance_m": 200,
    "directive_days": 10,
}
LADDER = {
    "environment_director": 0,
    "township": 1,
    "industry_department": 3,
    "committee_office": 7,
    "district_leader": 15,
}


def test_without_a_word_the_usual_numbers_hold() -> None:
    assert loop_numbers({}) == USUAL
    assert {name: getattr(USUAL, name) for name in PLAIN} == PLAIN
    assert dict(USUAL.ladder) == LADDER
    assert (dict(USUAL.category_days), USUAL.notice_categories) == ({}, frozenset())


@pytest.mark.parametrize("name", sorted(PLAIN))
@pytest.mark.parametrize("value", [0, 1, 1000])
def test_a_number_within_its_bounds_is_taken(name: str, value: int) -> None:
    numbers = loop_numbers({name: value})
    assert getattr(numbers, name) == value
    assert {other: getattr(numbers, other) for other in PLAIN if other != name} == {
        other: usual for other, usual in PLAIN.items() if other != name
    }


@pytest.mark.parametrize("name", sorted(PLAIN))
@pytest.mark.parametrize("value", [-1, 1001, 2.5, "3", None, True])
def test_a_number_outside_of_its_bounds_is_refused_by_name_and_value(name: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=f"{value} is not possible for {name}; allowed: 0…1000"):
        loop_numbers({name: value})


def test_a_name_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match=r"patience is no number of the loop; allowed: .*check_days"):
        loop_numbers({"patience": 3})


NESTED: list[tuple[dict[str, Any], str]] = [
    ({"rectify_days": {"limited.minor": -1}}, "-1 is not possible for rectify_days.limited.minor"),
    ({"rectify_days": {"soon.minor": 3}}, "soon.minor is not possible for rectify_days"),
    ({"category_days": {"fog": 3}}, "fog is not possible for category_days"),
    ({"category_days": {"odour": "3"}}, "3 is not possible for category_days.odour"),
    ({"ladder": {"butler": 3}}, "butler is not possible for ladder"),
    ({"notice_categories": ["odour", "fog"]}, "fog is not possible for notice_categories"),
]


@pytest.mark.parametrize(("stated", "why"), NESTED)
def test_a_key_or_value_inside_is_refused_by_name(stated: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        loop_numbers(stated)


def test_what_is_not_named_inside_keeps_its_usual_value() -> None:
    numbers = loop_numbers({"rectify_days": {"limited.minor": 9}, "ladder": {"township": 2}})
    assert (numbers.rectify_days["limited.minor"], numbers.rectify_days["limited.major"]) == (9, 20)
    assert dict(numbers.ladder) == {**LADDER, "township": 2}


def test_a_ladder_that_falls_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must rise"):
        loop_numbers({"ladder": {"township": 4}})


def test_what_differs_is_stated_and_read_back_the_same() -> None:
    stated = {"check_days": 9, "notice_categories": ["odour"], "category_days": {"noise": 4}}
    assert stated_numbers(loop_numbers(stated)) == stated
    assert loop_numbers(stated_numbers(loop_numbers(stated))) == loop_numbers(stated)
    assert stated_numbers(USUAL) == {}
