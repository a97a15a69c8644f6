"""Deadlines that were counted before a year's holidays were published: known again, and counted anew."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from governance.deadlines import IsWorkingDay, add_working_days, rectify_days
from governance.loop_numbers import LoopNumbers
from governance.stages import CLOCK
from governance.vocabulary import Stage

SATURDAY = 5
_ANNOUNCED = frozenset({Stage.PUBLIC_NOTICE})


@dataclass(frozen=True, kw_only=True)
class Counting:
    """How a deadline that the rules set is counted.

    Attributes
    ----------
    starts
        Fields of which the last day is the start of counting.
    days
        Working days by the numbers, for an issue's fields.
    """

    starts: tuple[str, ...]
    days: Callable[[Mapping[str, Any], LoopNumbers], int]


def _to_rectify(issue: Mapping[str, Any], numbers: LoopNumbers) -> int:
    return rectify_days(term=issue["term"], severity=issue["severity"], category=issue["category"], numbers=numbers)


# Deadlines that people set themselves (of a source, of an extension, of a plan) are not counted and stay.
COUNTED: Mapping[str, Counting] = MappingProxyType(
    {
        "confirm_due_on": Counting(starts=("found_on",), days=lambda _, numbers: numbers.confirm_days),
        "rectify_due_on": Counting(starts=("ledgered_on", "opened_again_on"), days=_to_rectify),
        "check_due_on": Counting(starts=("measures_on", "notice_ends_on"), days=lambda _, numbers: numbers.check_days),
        "notice_ends_on": Counting(starts=("announced_on",), days=lambda _, numbers: numbers.notice_days),
    }
)


def recounted(
    field: str,
    issue: Mapping[str, Any],
    *,
    is_working_day: IsWorkingDay,
    numbers_ever: Iterable[LoopNumbers],
) -> date | None:
    """The deadline that the published holidays give, where the stored one was counted without them.

    Parameters
    ----------
    field : str
        A key of `COUNTED`.
    issue : mapping
        Its fields, and ``opened_again_on``: the local day of its last return or reopening, or None.
    is_working_day : callable
        By the holidays as they are published now.
    numbers_ever : iterable of LoopNumbers
        All that were ever in force: which of them counted this deadline is not recorded.

    Returns
    -------
    date or None
        None where nothing is to be changed: nothing is stored, somebody set the day by hand, or it is right. A stored
        day is taken for counted when Monday to Friday of its year, and published days before, give just this day.
    """
    stored, start = issue.get(field), _start(field, issue)
    if stored is None or start is None or start >= stored or (field == "rectify_due_on" and not issue.get("term")):
        return None
    wanted = sorted({COUNTED[field].days(issue, numbers) for numbers in numbers_ever})
    right = {days: add_working_days(start, days, is_working_day=is_working_day) for days in wanted}
    if stored in right.values():
        return None
    before = _before_publication(stored.year, is_working_day)
    fitting = [days for days in wanted if add_working_days(start, days, is_working_day=before) == stored]
    return right[fitting[0]] if fitting else None


def running_fields(stage: Stage) -> tuple[str, ...]:
    """Counted deadlines that matter in a stage, in the order in which they are recounted."""
    clock = CLOCK[stage]
    running = (clock,) if clock is not None and clock in COUNTED else ()
    return ("notice_ends_on", *running) if stage in _ANNOUNCED else running


def _start(field: str, issue: Mapping[str, Any]) -> date | None:
    days = [issue.get(name) for name in COUNTED[field].starts]
    return max((day for day in days if day is not None), default=None)


def _before_publication(year: int, is_working_day: IsWorkingDay) -> IsWorkingDay:
    """The calendar as it was when the holidays of ``year`` were not published yet."""
    return lambda day: day.weekday() < SATURDAY if day.year >= year else is_working_day(day)
