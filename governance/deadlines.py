"""Deadlines in working days; which day is one is asked of a calendar that is passed in."""

from collections.abc import Callable
from datetime import date, timedelta

from governance.loop_numbers import USUAL, LoopNumbers
from governance.vocabulary import Category, Severity, Term

IsWorkingDay = Callable[[date], bool]


def add_working_days(start: date, days: int, *, is_working_day: IsWorkingDay) -> date:
    """Date that is ``days`` working days after ``start``.

    Parameters
    ----------
    start : date
        Local date; not counted itself.
    days : int
        Working days, at least 1.
    is_working_day : callable
        Local date → bool, make-up working days included.

    Returns
    -------
    date
        Always a working day.
    """
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def confirm_due_on(found_on: date, *, is_working_day: IsWorkingDay, numbers: LoopNumbers = USUAL) -> date:
    """Last day on which a clue should be confirmed or refused."""
    return add_working_days(found_on, numbers.confirm_days, is_working_day=is_working_day)


def rectify_days(*, term: Term, severity: Severity, category: Category | None, numbers: LoopNumbers = USUAL) -> int:
    """Working days to rectify: those of the category where it has its own and the term is ``limited``."""
    if term == Term.LIMITED and category is not None and category in numbers.category_days:
        return numbers.category_days[category]
    return numbers.rectify_days[f"{term}.{severity}"]


def rectify_due_on(
    start: date,
    *,
    term: Term,
    severity: Severity,
    is_working_day: IsWorkingDay,
    category: Category | None = None,
    numbers: LoopNumbers = USUAL,
) -> date:
    """Last day on which the measures should be handed in, counted from the entry in the ledger."""
    days = rectify_days(term=term, severity=severity, category=category, numbers=numbers)
    return add_working_days(start, days, is_working_day=is_working_day)


def check_due_on(measures_on: date, *, is_working_day: IsWorkingDay, numbers: LoopNumbers = USUAL) -> date:
    """Last day on which handed-in measures should be checked and signed off or returned."""
    return add_working_days(measures_on, numbers.check_days, is_working_day=is_working_day)


def notice_ends_on(announced_on: date, *, is_working_day: IsWorkingDay, numbers: LoopNumbers = USUAL) -> date:
    """Last day of a public notice; signed off from the day after."""
    return add_working_days(announced_on, numbers.notice_days, is_working_day=is_working_day)
