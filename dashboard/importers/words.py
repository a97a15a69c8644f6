"""The words of ledgers, read from data: normal form, and the member that a word stands for."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_WORDS_FILE: Final = Path(__file__).with_name("ledger_words.toml")
_INSIGNIFICANT: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=1)
def ledger_words() -> Mapping[str, Any]:
    """Return the tables of ``ledger_words.toml``."""
    return tomllib.loads(_WORDS_FILE.read_text(encoding="utf-8"))


def normal_word(text: str) -> str:
    """Return the text by which words are compared: no width, case, space or punctuation.

    Signs that are words by themselves (a tick, a slash) keep their only character.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return _INSIGNIFICANT.sub("", folded) or folded


@lru_cache(maxsize=64)
def words_of(table: str) -> Mapping[str, str]:
    """Return normal word → key for one table of word lists; each key is also a word for itself."""
    lists: Mapping[str, list[str]] = ledger_words()[table]
    known = {normal_word(key): key for key in lists}
    return known | {normal_word(word): key for key, words in lists.items() for word in words}


def proposed_words(table: str) -> str:
    """Return the first word of each list, as a refusal shows what may be written."""
    return ", ".join(words[0] for words in ledger_words()[table].values())


@lru_cache(maxsize=1)
def blank_words() -> frozenset[str]:
    """Return what people write into a cell to say that there is nothing."""
    return frozenset(normal_word(word) for word in ledger_words()["blank"])
