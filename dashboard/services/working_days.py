"""Working days by China's published holidays and make-up days; Monday to Friday where nothing is published yet."""

from datetime import date
from functools import lru_cache

import chinese_calendar

SATURDAY = 5


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether a local date is a working day, make-up working days included."""
    if is_provisional(day):
        return day.weekday() < SATURDAY
    return bool(chinese_calendar.is_workday(day))


def is_provisional(day: date) -> bool:
    """Whether the holidays of the date's year were not published yet when the library was made."""
    return not _first_year() <= day.year <= _last_year()


def published_years() -> tuple[int, int]:
    """First and last year whose holidays the kept library knows."""
    return _first_year(), _last_year()


def _first_year() -> int:
    return int(min(chinese_calendar.holidays).year)


def _last_year() -> int:
    return int(max(chinese_calendar.holidays).year)
