"""Lights: how much time is left, one rule for map, list and number."""

from collections.abc import Iterable
from datetime import date

from governance.vocabulary import Light

ORDER = (Light.GREEN, Light.YELLOW, Light.RED)


def light_of(due_on: date | None, *, today: date, yellow_days: int) -> Light:
    """Light of an unresolved issue by the time left to its running deadline.

    Parameters
    ----------
    due_on : date or None
        Local date; the whole day counts, so an issue due today is not late. None: no clock runs.
    today : date
        Local date.
    yellow_days : int
        Yellow from this many days before the deadline, the day itself included.

    Returns
    -------
    Light
        Red after the deadline, yellow near it, green otherwise.
    """
    if due_on is None:
        return Light.GREEN
    if due_on < today:
        return Light.RED
    return Light.YELLOW if (due_on - today).days <= yellow_days else Light.GREEN


def worst(lights: Iterable[Light]) -> Light:
    """Worst of several lights; green for none."""
    return max(lights, key=ORDER.index, default=Light.GREEN)


def days_late(due_on: date | None, *, today: date) -> int:
    """Whole days past the deadline; 0 when not late or when no clock runs."""
    return max((today - due_on).days, 0) if due_on else 0
