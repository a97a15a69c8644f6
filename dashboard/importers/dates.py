"""Business dates as ledgers write them; what could mean two days is refused."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from dashboard.importers.refusals import Cell, Refusal, shown_cell
from dashboard.importers.words import ledger_words

FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2100
_SERIAL_ORIGIN: Final = date(1899, 12, 30)
_FIRST_SERIAL: Final = 32874
_LAST_SERIAL: Final = 73415

_CLOCK: Final = r"(?:[T\s]*\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})\s*([-./])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}})\.?{_CLOCK}")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_OTHER_ORDER: Final = re.compile(rf"\d{{1,4}}\s*[-./]\s*\d{{1,2}}\s*[-./]\s*\d{{1,4}}{_CLOCK}")


def parse_date(value: Cell) -> date:
    """Read a date: a date cell, a serial number, or text with the year first.

    Parameters
    ----------
    value : Cell
        A date or datetime (its day counts), an Excel serial of 1990 to 2100 as number or text,
        ``20210615``, or text such as ``2021-06-15``, ``2021.6.15``, ``2021/6/15 10:30`` and the
        same with the Chinese characters for year, month and day; full width counts as half.

    Raises
    ------
    Refusal
        ``date_short_year`` for a year of two digits or a year that does not come first,
        ``date_impossible`` for a day that no calendar has or outside 1950–2100,
        ``date_unclear`` for everything else.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number_date(value)
    if isinstance(value, str):
        return _text_date(value)
    raise _unclear(value)


def parse_due_date(value: Cell) -> date:
    """Read a deadline: like `parse_date`, and "by <date>" in the endings of ``ledger_words.toml``.

    Raises
    ------
    Refusal
        As `parse_date`.
    """
    if isinstance(value, str):
        text = value.strip()
        for ending in _due_endings():
            if text.endswith(ending):
                return parse_date(text.removesuffix(ending))
    return parse_date(value)


def _number_date(value: float) -> date:
    if _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
        return _SERIAL_ORIGIN + timedelta(days=int(value))
    if 19_000_000 < value < 22_000_000 and value == int(value):
        return _calendar_date(value, *_digits(str(int(value))))
    raise _unclear(value)


def _digits(text: str) -> tuple[int, int, int]:
    return int(text[:4]), int(text[4:6]), int(text[6:8])


def _text_date(value: str) -> date:
    text = _plain(value)
    if match := _YEAR_FIRST.fullmatch(text):
        return _calendar_date(value, int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(text):
        return _calendar_date(value, int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL.fullmatch(text):
        return _number_date(float(text))
    if _OTHER_ORDER.fullmatch(text):
        raise Refusal(
            "date_short_year",
            "“{value}” can mean several days; write the year first and in four digits, like 2021-06-15.",
            value=value,
        )
    raise _unclear(value)


def _calendar_date(value: Cell, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(
            "date_impossible",
            "“{value}” is no day of the calendar between {first} and {last}.",
            value=shown_cell(value), first=FIRST_YEAR, last=LAST_YEAR,
        )  # fmt: skip
    return found


def _unclear(value: Cell) -> Refusal:
    return Refusal("date_unclear", "“{value}” is no date; write it like 2021-06-15.", value=shown_cell(value))


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value.translate(_date_signs())).strip()


@lru_cache(maxsize=1)
def _date_signs() -> dict[int, str]:
    """Map the characters for year and month to dashes, for day to nothing."""
    words = ledger_words()["date"]
    signs = {ord(sign): "-" for key in ("year", "month", "dashes") for sign in words[key]}
    return signs | {ord(sign): " " for sign in words["day"]} | {ord(sign): "." for sign in words["dots"]}


@lru_cache(maxsize=1)
def _due_endings() -> tuple[str, ...]:
    return tuple(sorted(ledger_words()["date"]["due_endings"], key=len, reverse=True))
