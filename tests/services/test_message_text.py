"""The text of a message fits every service: cut between items, each cut counted, no line and no character broken."""

from collections.abc import Iterator

import pytest

from dashboard.i18n import set_locale
from dashboard.services.message_text import MOST_BYTES, Section, as_text

CITY = "\N{CJK UNIFIED IDEOGRAPH-5C9A}"
PAGE = "https://grid.example.org/my-zones"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


def items(number: int, *, signs: int = 100) -> tuple[str, ...]:
    return tuple(f"{place}. {CITY * signs}" for place in range(1, number + 1))


def test_what_fits_is_told_whole() -> None:
    section = Section(heading="[Late 2]", items=items(2))
    assert as_text([section], ending=PAGE).split("\n") == ["[Late 2]", *items(2), PAGE]


@pytest.mark.parametrize("signs", range(90, 120))
def test_it_is_cut_between_two_items(signs: int) -> None:
    known = items(30, signs=signs)
    text = as_text([Section(heading="[Late 30]", items=known)], ending=PAGE)
    head, *told, more, ending = text.split("\n")
    assert (tuple(told), more) == (known[: len(told)], f"and {30 - len(told)} more")
    assert (head, ending, len(text.encode()) <= MOST_BYTES) == ("[Late 30]", PAGE, True)


def test_an_item_of_two_lines_is_never_halved() -> None:
    pairs = tuple(f"{CITY * 60}\nhttps://grid.example.org/issue?id={number}" for number in range(20))
    told = as_text([Section(items=pairs)]).split("\n")[:-1]
    assert [line.startswith("https") for line in told] == [False, True] * (len(told) // 2)


def test_each_heading_says_how_much_of_its_own_is_left_out() -> None:
    text = as_text([Section(heading="[A 9]", items=items(9)), Section(heading="[B 3]", items=items(3))])
    lines = text.split("\n")
    assert lines[lines.index("[B 3]") - 1] == "and 4 more"
    assert lines[-1] == "and 3 more"


def test_more_than_the_known_items_is_counted() -> None:
    assert as_text([Section(heading="[Late 9]", items=items(5), total=9)]).split("\n")[-1] == "and 4 more"


def test_the_rest_has_its_address() -> None:
    assert as_text([Section(items=items(9))], more_at=PAGE).split("\n")[-1].endswith(f"more {PAGE}")


def test_one_item_that_is_too_long_is_counted_and_not_cut() -> None:
    assert as_text([Section(heading="[Late 1]", items=items(1, signs=900))], ending=PAGE) == (
        f"[Late 1]\nand 1 more\n{PAGE}"
    )


def test_marks_of_commands_are_counted_as_they_are_sent() -> None:
    text = as_text([Section(items=("<@all>" * 40,) * 20)], ending=PAGE)
    assert ("<" in text, len(text.encode()) <= MOST_BYTES) == (False, True)


def test_a_heading_stands_alone_where_nothing_belongs_to_it() -> None:
    assert as_text([Section(heading="Unresolved 4")]) == "Unresolved 4"
