"""Values of ledger cells: text, names, codes, numbers of issues, yes and no, and the closed sets."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from dashboard.importers.refusals import Cell, Refusal, shown_cell
from dashboard.importers.words import blank_words, ledger_words, normal_word, proposed_words, words_of
from governance.vocabulary import Category, CheckArea, Severity, SignOffLevel, Source, Stage, Term

LONGEST_TEXT: Final = 32_767
_EXACT_DIGITS: Final = 1e15
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CELL_FAULT: Final = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA|SPILL!|CALC!)")
_OWN_NUMBER: Final = re.compile(r"\d{4}-\d{5,}")


def is_blank(value: Cell) -> bool:
    """Tell whether a cell is empty or holds only space."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_blank_word(value: Cell) -> bool:
    """Tell whether a cell is blank or says in a word or sign that there is nothing."""
    return is_blank(value) or (isinstance(value, str) and normal_word(value) in blank_words())


def parse_text(value: Cell) -> str:
    """Read free text: outer space and control signs go, line breaks stay, numbers lose their ``.0``.

    Raises
    ------
    Refusal
        ``cell_fault`` for a formula's error, ``text_too_long`` beyond 32,767 characters.
    """
    if not isinstance(value, str):
        return _whole(value)
    text = value.replace("\r\n", "\n").strip()
    if _CELL_FAULT.fullmatch(text):
        raise Refusal("cell_fault", "The formula in this cell gave {value}; write its value instead.", value=text)
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            "text_too_long",
            "The text has {length} characters; at most {most} are allowed.",
            length=len(text), most=LONGEST_TEXT,
        )  # fmt: skip
    return text if text.isprintable() else _CONTROL.sub("", text)


def parse_code(value: Cell) -> str:
    """Read a code or telephone number as text: half width, capitals, no space.

    Raises
    ------
    Refusal
        ``code_lost_digits`` for a number of more digits than a table program keeps; as `parse_text`.
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", parse_text(value))).upper()


def parse_own_number(value: Cell) -> str:
    """Read an issue's own number, ``YYYY-NNNNN``.

    Raises
    ------
    Refusal
        ``number_form`` for any other form.
    """
    text = parse_code(value)
    if not _OWN_NUMBER.fullmatch(text):
        raise Refusal("number_form", "“{value}” is no issue number; those look like 2021-00042.", value=text)
    return text


def parse_units(value: Cell) -> tuple[str, ...]:
    """Read a list of units, in the order written and each once; `words` names the separators."""
    parts = (part.strip() for part in _separators().split(parse_text(value)))
    return tuple(dict.fromkeys(part for part in parts if part))


def parse_yes_no(value: Cell) -> bool:
    """Read yes or no from a word, a tick or a truth value.

    Raises
    ------
    Refusal
        ``word_unknown`` for any other word.
    """
    if isinstance(value, bool):
        return value
    return _key_of(value, "yes_no") == "yes"


def parse_stage(value: Cell) -> Stage:
    """Read a stage; words that could mean two stages are in no list and refused as ``word_unknown``."""
    return Stage(_key_of(value, "stage"))


def parse_severity(value: Cell) -> Severity:
    """Read a severity; refused as ``word_unknown`` where no list holds the word."""
    return Severity(_key_of(value, "severity"))


def parse_category(value: Cell) -> Category:
    """Read a category; refused as ``word_unknown`` where no list holds the word."""
    return Category(_key_of(value, "category"))


def parse_check_area(value: Cell) -> CheckArea:
    """Read a check area; refused as ``word_unknown`` where no list holds the word."""
    return CheckArea(_key_of(value, "check_area"))


def parse_source(value: Cell) -> Source:
    """Read a source; refused as ``word_unknown`` where no list holds the word."""
    return Source(_key_of(value, "source"))


def parse_term(value: Cell) -> Term:
    """Read a term; refused as ``word_unknown`` where no list holds the word."""
    return Term(_key_of(value, "term"))


def parse_sign_off_level(value: Cell) -> SignOffLevel:
    """Read a level of sign-off; refused as ``word_unknown`` where no list holds the word."""
    return SignOffLevel(_key_of(value, "sign_off_level"))


def _key_of(value: Cell, table: str) -> str:
    text = parse_text(value)
    key = words_of(table).get(normal_word(text))
    if key is None:
        raise Refusal(
            "word_unknown",
            "“{value}” is not clear here; write one of: {allowed}.",
            value=text, allowed=proposed_words(table),
        )  # fmt: skip
    return key


def _whole(value: Cell) -> str:
    if isinstance(value, float) and abs(value) >= _EXACT_DIGITS:
        raise Refusal(
            "code_lost_digits",
            "The number {value} has more digits than a table program keeps; format the cell as text.",
            value=f"{value:.0f}",
        )
    return shown_cell(value)


@lru_cache(maxsize=1)
def _separators() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(sign) for sign in ledger_words()["list_separators"]))
