"""Words, codes and text of ledger cells."""

from collections.abc import Callable
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.i18n import LOCALES, label, set_locale
from dashboard.importers import values
from dashboard.importers.refusals import Cell, Refusal
from dashboard.importers.words import ledger_words, normal_word, words_of
from governance.vocabulary import Category, CheckArea, Severity, SignOffLevel, Source, Stage, Term

PARSERS: dict[type[StrEnum], Callable[..., StrEnum]] = {
    Stage: values.parse_stage,
    Severity: values.parse_severity,
    Category: values.parse_category,
    CheckArea: values.parse_check_area,
    Source: values.parse_source,
    Term: values.parse_term,
    SignOffLevel: values.parse_sign_off_level,
}
MEMBERS = [member for members in PARSERS for member in members]
TABLES = ["stage", "severity", "category", "check_area", "source", "term", "sign_off_level", "yes_no"]


@pytest.mark.parametrize("member", MEMBERS)
def test_every_member_reads_from_its_code_and_its_label_in_each_language(member: StrEnum) -> None:
    parse = PARSERS[type(member)]
    for locale in LOCALES:
        set_locale(locale)
        assert parse(label(member)) is parse(member.value) is parse(f" {member.value.upper()} ") is member
    set_locale(None)


@pytest.mark.parametrize("name", TABLES)
def test_no_word_stands_for_two_members(name: str) -> None:
    lists = ledger_words()[name]
    words = [(normal_word(word), key) for key, listed in lists.items() for word in (key, *listed)]
    assert all(words_of(name)[word] == key for word, key in words)


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("已销号", Stage.CLOSED),
        ("整改完成", Stage.CLOSED),
        ("已整改（待验收）", Stage.SUPERVISED),
        ("整改中", Stage.RECTIFYING),
        ("待整改", Stage.LEDGERED),
        ("待确认", Stage.DISCOVERED),
        ("长期坚持", Stage.LONG_TERM),
    ],
)
def test_stages_read_from_the_words_of_ledgers(word: str, stage: Stage) -> None:
    assert values.parse_stage(word) is stage


@pytest.mark.parametrize("word", ["完成", "进行中", "部分整改", "基本完成", "未完成", "超期", "已交办", "80%"])
def test_a_word_that_could_mean_two_stages_is_refused_with_the_words_allowed(word: str) -> None:
    with pytest.raises(Refusal) as caught:
        values.parse_stage(word)
    assert caught.value.code == "word_unknown"
    assert "销号" in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "cells"),
    [(True, ["√", "是", True, 1.0, "Y"]), (False, ["×", "否", "ＮＯ", False, 0.0])],
)
def test_yes_and_no_read_from_words_and_signs(answer: bool, cells: list[Cell]) -> None:
    assert {values.parse_yes_no(cell) for cell in cells} == {answer}


@given(st.text("ABCDEFGH0123456789", min_size=1, max_size=18))
def test_codes_read_alike_in_full_width(code: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert values.parse_code(f" {wide}　") == values.parse_code(code.lower()) == code


def test_a_telephone_number_in_a_number_cell_keeps_its_digits() -> None:
    assert values.parse_code(13800000000.0) == "13800000000"


def test_a_number_that_lost_digits_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        values.parse_code(9.1371103e17)
    assert caught.value.code == "code_lost_digits"


def test_units_are_parted_and_named_once() -> None:
    assert values.parse_units("住建局、交通局;住建局\n港口集团") == ("住建局", "交通局", "港口集团")


@pytest.mark.parametrize("cell", ["#N/A", "#DIV/0!", "#CALC!"])
def test_the_fault_of_a_formula_is_no_text(cell: str) -> None:
    with pytest.raises(Refusal) as caught:
        values.parse_text(cell)
    assert caught.value.code == "cell_fault"


def test_text_keeps_line_breaks_and_loses_control_signs() -> None:
    assert values.parse_text("  料场\r\n未苫盖\x07 ") == "料场\n未苫盖"


def test_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Refusal):
        values.parse_text("x" * 32_768)


@pytest.mark.parametrize("cell", ["2021-42", "21-00042", "无编号"])
def test_an_issue_number_has_one_form(cell: str) -> None:
    assert values.parse_own_number("２０２１－０００４２") == "2021-00042"
    with pytest.raises(Refusal):
        values.parse_own_number(cell)
