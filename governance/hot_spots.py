"""Hot spots over time: when one is emerging, persistent or fading, as data."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

WEEKS: Final = 12
ALPHA: Final = 0.05
"""Rate of false discoveries that is accepted among the cells called hot in one week."""
PERSISTENT_WEEKS: Final = 6
FADING_WEEKS: Final = 2
HOT_SHARE: Final = 0.5
"""Share of a hot spot's cells that must have been hot in a week for the hot spot to count as hot in it."""


class SpotState(StrEnum):
    """How a hot spot stands over the last twelve weeks.

    EMERGING
        Hot now, and hot in fewer than `PERSISTENT_WEEKS` of the twelve weeks.
    PERSISTENT
        Hot now, and hot in at least `PERSISTENT_WEEKS` of the twelve weeks, the running one included.
    FADING
        Not hot now, and hot in at least `FADING_WEEKS` of the eleven weeks before.
    """

    EMERGING = "emerging"
    PERSISTENT = "persistent"
    FADING = "fading"


def state_of(weeks: Sequence[bool]) -> SpotState | None:
    """State by whether it was hot at the end of each week, oldest first, the last one now; None: never worth a word.

    Fewer than twelve weeks, as in a young ledger, are judged by the same numbers.
    """
    if not weeks:
        return None
    n = sum(weeks)
    if weeks[-1]:
        return SpotState.PERSISTENT if n >= PERSISTENT_WEEKS else SpotState.EMERGING
    return SpotState.FADING if n >= FADING_WEEKS else None


def was_hot(hot: int, cells: int) -> bool:
    """Whether a hot spot of ``cells`` cells, of which ``hot`` were hot, counts as hot in that week."""
    return cells > 0 and hot >= HOT_SHARE * cells
