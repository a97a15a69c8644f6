"""Unified social credit codes by GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.credit_code import ALPHABET, check_character, require_credit_code
from governance.errors import InvalidInput

# Codes that are printed as examples in public descriptions of the standard.
KNOWN = ["91350100M000100Y43", "91110000600037341L", "911101085923662400"]
bodies = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", KNOWN)
def test_a_published_code_is_accepted(code: str) -> None:
    assert require_credit_code(code) == code


def test_the_alphabet_leaves_out_letters_that_look_like_digits() -> None:
    assert ALPHABET == "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(body=bodies)
def test_a_body_with_its_check_character_is_accepted(body: str) -> None:
    assert require_credit_code(body + check_character(body)) == body + check_character(body)


@given(body=bodies, place=st.integers(0, 17), other=st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_refused(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(InvalidInput, match=wrong):
            require_credit_code(wrong)


def test_small_letters_and_outer_blanks_are_mended() -> None:
    assert require_credit_code(" 91350100m000100y43 ") == "91350100M000100Y43"


@pytest.mark.parametrize("code", ["", "91350100M000100Y4", "91350100M000100Y433"])
def test_a_code_of_another_length_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput, match=f"has {len(code)} characters"):
        require_credit_code(code)


@pytest.mark.parametrize("letter", "IOSVZ")
def test_a_letter_outside_the_alphabet_is_named(letter: str) -> None:
    with pytest.raises(InvalidInput, match=f"holds {letter}; allowed"):
        require_credit_code(f"9135010{letter}M000100Y43")


def test_a_wrong_check_character_is_told_the_right_one() -> None:
    with pytest.raises(InvalidInput, match="ends with 4; by GB 32100 it would have to be 3"):
        require_credit_code("91350100M000100Y44")
