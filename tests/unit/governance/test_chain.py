"""Canonical text, chain links and replay: what makes history the same on every machine."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.chain import GENESIS, canonical, link
from governance.replay import replay
from governance.vocabulary import Stage

zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones)  # noqa: DTZ001 - zones are added
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), moments
)
mappings = st.dictionaries(st.text(), values, max_size=6)


class Plain(Enum):
    ONE = "one"


ENCODED = [
    (None, "null"),
    (True, "true"),
    (7, "7"),
    (7.0, "7.0"),
    (0.1, "0.1"),
    ("\u5c9a", '"\u5c9a"'),
    (date(2026, 6, 30), '"2026-06-30"'),
    (datetime(2026, 6, 30, 9, 30, tzinfo=timezone(timedelta(hours=8))), '"2026-06-30T01:30:00.000000Z"'),
    (datetime(26, 1, 2, 3, 4, 5, 6, tzinfo=UTC), '"0026-01-02T03:04:05.000006Z"'),
    (Stage.CLOSED, '"closed"'),
    (Plain.ONE, '"one"'),
    ((1, "a"), '[1,"a"]'),
    (b"", '"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'),
]


@pytest.mark.parametrize(("value", "text"), ENCODED)
def test_each_kind_of_value_has_one_canonical_text(value: object, text: str) -> None:
    assert canonical({"v": value}) == f'{{"v":{text}}}'


@given(value=mappings)
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


@given(value=mappings)
def test_canonical_text_is_a_fixed_point(value: dict[str, Any]) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(moment=moments, zone=zones)
def test_a_moment_has_one_text_in_all_zones(moment: datetime, zone: timezone) -> None:
    text = canonical({"at": moment.astimezone(zone)})
    assert text == canonical({"at": moment})
    assert len(text) == len('{"at":"2026-06-30T01:30:00.000000Z"}')


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(TypeError, match="naive"):
        canonical({"at": datetime(2026, 6, 30)})  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"v": value})


def test_a_value_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="complex has no canonical form"):
        canonical({"v": 1j})


def test_a_link_is_the_hash_of_the_one_before_and_the_body() -> None:
    assert link(GENESIS, "{}") == "5649d09ed68c17156095d175eef152856c5b1a81c117c409c1e00f096aa6838e"


def test_a_link_depends_on_the_one_before() -> None:
    assert link(GENESIS, "{}") != link("1" * 64, "{}")


@given(bodies=st.lists(st.text(), min_size=2, max_size=5, unique=True))
def test_another_order_gives_another_head(bodies: list[str]) -> None:
    def head(order: list[str]) -> str:
        last = GENESIS
        for body in order:
            last = link(last, body)
        return last

    assert head(bodies) != head([*bodies[1:], bodies[0]])


@dataclass
class Told:
    subject_kind: str
    subject_id: int
    params: dict[str, Any] = field(default_factory=dict)


def test_replay_gives_each_record_its_last_values() -> None:
    told = [
        Told("zone", 1, {"set": {"name": "old", "code": "a"}}),
        Told("issue", 1, {"set": {"stage": "discovered"}}),
        Told("zone", 1, {"set": {"name": "new"}}),
    ]
    expected = {("zone", 1): {"name": "new", "code": "a"}, ("issue", 1): {"stage": "discovered"}}
    assert replay(told) == expected


def test_replay_knows_a_record_whose_events_set_nothing() -> None:
    assert replay([Told("zone", 1)]) == {("zone", 1): {}}


def test_replay_of_nothing_is_nothing() -> None:
    assert replay([]) == {}
