"""What is taken for a telephone number, and what a telephone dials for it."""

import pytest

from governance.errors import InvalidInput
from governance.phones import dialled, phone_number

EXTENSION = "0633-8280000 \N{CJK UNIFIED IDEOGRAPH-8F6C} 8001"
FULL_WIDTH = "\N{FULLWIDTH DIGIT EIGHT}\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH DIGIT ZERO}\N{FULLWIDTH DIGIT ONE}"


@pytest.mark.parametrize(
    ("text", "kept"), [(" 8001 ", "8001"), (FULL_WIDTH, "8001"), ("", None), (None, None), ("  ", None)]
)
def test_a_number_is_kept_in_half_width(text: str | None, kept: str | None) -> None:
    assert phone_number(text) == kept


@pytest.mark.parametrize("text", ["none", "12", "1" * 41, "call me", "\N{SUPERSCRIPT TWO}" * 2])
def test_what_nobody_could_call_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no telephone number"):
        phone_number(text)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("8001", "8001"),
        ("0633-828 0000", "06338280000"),
        ("+86 (633) 8280000", "+866338280000"),
        (EXTENSION, "06338280000,8001"),
        ("0633-8280000, 0633-8280001", "06338280000"),
        ("none", ""),
        ("", ""),
        ("+", ""),
    ],
)
def test_the_digits_are_dialled_with_a_pause_before_an_extension(text: str, keys: str) -> None:
    assert dialled(text) == keys
