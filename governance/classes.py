"""Classes of values on a map: the same few steps for everything that is compared."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

MOST_CLASSES: Final = 5


def class_bounds(values: Iterable[float], *, most: int = MOST_CLASSES) -> list[float]:
    """Upper bounds of the classes of the positive values, ascending; the last one is the largest value.

    Parameters
    ----------
    values : iterable of float
        Zero and negative values get no class.
    most : int
        At most so many classes. Up to so many different values get a class each, more are cut where each class
        holds about as many of the different values (quantiles of the distinct values, by nearest rank).

    Returns
    -------
    list of float
        Empty where no value is positive.
    """
    distinct = sorted({value for value in values if value > 0})
    if len(distinct) <= most:
        return distinct
    places = [-(-len(distinct) * step // most) - 1 for step in range(1, most + 1)]
    return [distinct[place] for place in places]


def class_of(value: float, bounds: Sequence[float]) -> int:
    """Class of a value, from 1; 0 for what is not positive. Beyond the last bound it is the last class."""
    if value <= 0 or not bounds:
        return 0
    return min(bisect_left(bounds, value), len(bounds) - 1) + 1
