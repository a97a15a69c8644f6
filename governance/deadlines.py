"""Deadlines in working days; which day is one is asked of a calendar that is passed in."""

from collections.abc import Callable
from datetime import date, timedelta

from governance.vocabulary import Severity, Term

IsWorkingDay = Callable[[date], bool]

CONFIRM_DAYS = 3
CHECK_DAYS = 5
RECTIFY_DAYS = {
    Term.AT_ONCE: {Severity.MINOR: 1, Severity.MAJOR: 1, Severity.SEVERE: 1},
    Term.LIMITED: {Severity.MINOR: 15, Severity.MAJOR: 20, Severity.SEVERE: 30},
    Term.LONG_TERM: {Severity.MINOR: 120, Severity.MAJOR: 120, Severity.SEVERE: 120},
}


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


def confirm_due_on(found_on: date, *, is_working_day: IsWorkingDay) -> date:
    """Last day on which a clue should be confirmed or refused."""
    return add_working_days(found_on, CONFIRM_DAYS, is_working_day=is_working_day)


def rectify_due_on(start: date, *, term: Term, severity: Severity, is_working_day: IsWorkingDay) -> date:
    """Last day on which the measures should be handed in, counted from the entry in the ledger."""
    return add_working_days(start, RECTIFY_DAYS[term][severity], is_working_day=is_working_day)


def check_due_on(measures_on: date, *, is_working_day: IsWorkingDay) -> date:
    """Last day on which handed-in measures should be checked and signed off or returned."""
    return add_working_days(measures_on, CHECK_DAYS, is_working_day=is_working_day)
