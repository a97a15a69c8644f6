"""What counts as found, unresolved, rectified and on time; the one definition of each figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from governance.vocabulary import Light, Source, Stage

CLUES = frozenset({Stage.DISCOVERED})
UNRESOLVED = frozenset(
    {Stage.CONFIRMED, Stage.LEDGERED, Stage.RECTIFYING, Stage.SUPERVISED, Stage.PUBLIC_NOTICE, Stage.LONG_TERM}
)
RECTIFIED = frozenset({Stage.CLOSED})
FOUND = frozenset(Stage) - {Stage.MERGED}

# What a superior follows up.
INSPECTIONS = (Source.CENTRAL_INSPECTION, Source.PROVINCIAL_INSPECTION, Source.CITY_HAND_OVER)
COMPLAINTS = (Source.HOTLINE_12345, Source.HOTLINE_12369)
INSTRUCTIONS = (Source.INSTRUCTION,)
FOLLOWED_FROM_ABOVE = frozenset((*INSPECTIONS, *COMPLAINTS, *INSTRUCTIONS))


class Figure(StrEnum):
    """A figure of the screen; each has one definition in `DEFINITIONS`."""

    LISTED = "listed"
    UNRESOLVED = "unresolved"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    CLUES = "clues"
    CLOSED = "closed"
    CLOSED_ON_TIME = "closed_on_time"
    ON_TIME_RATE = "on_time_rate"


class Period(StrEnum):
    """Over which time a figure counts."""

    NOW = "now"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Which issues a figure counts, as data that a query is made from.

    Attributes
    ----------
    stages
        Any of them; empty for all.
    light
        Of unresolved issues.
    is_within_period
        Signed off within the figure's period.
    on_time
        Signed off by the deadline.
    is_judged
        Signed off within the period, or unresolved past the deadline: what the on-time rate is a share of.
    """

    stages: frozenset[Stage] = frozenset()
    light: Light | None = None
    is_within_period: bool = False
    on_time: bool | None = None
    is_judged: bool = False


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A figure: what is counted, as a share of what (None for a plain count), over which time."""

    numerator: Counted
    denominator: Counted | None = None
    period: Period = Period.NOW

    @property
    def rows(self) -> Counted:
        """The issues that the figure opens: what a rate judges, else what is counted."""
        return self.denominator or self.numerator


_ON_TIME = Counted(stages=RECTIFIED, is_within_period=True, on_time=True)
DEFINITIONS: Mapping[Figure, Definition] = MappingProxyType(
    {
        Figure.LISTED: Definition(numerator=Counted()),
        Figure.UNRESOLVED: Definition(numerator=Counted(stages=UNRESOLVED)),
        Figure.OVERDUE: Definition(numerator=Counted(stages=UNRESOLVED, light=Light.RED)),
        Figure.DUE_SOON: Definition(numerator=Counted(stages=UNRESOLVED, light=Light.YELLOW)),
        Figure.CLUES: Definition(numerator=Counted(stages=CLUES)),
        Figure.CLOSED: Definition(numerator=Counted(stages=RECTIFIED, is_within_period=True), period=Period.MONTH),
        Figure.CLOSED_ON_TIME: Definition(numerator=_ON_TIME, period=Period.MONTH),
        Figure.ON_TIME_RATE: Definition(
            numerator=_ON_TIME, denominator=Counted(is_judged=True, is_within_period=True), period=Period.MONTH
        ),
    }
)


def period_of(period: Period, *, today: date) -> tuple[date, date] | None:
    """First and last local day of a period, both included; None for what counts the present moment."""
    return (today.replace(day=1), today) if period == Period.MONTH else None


def is_overdue(stage: Stage, due_on: date | None, *, today: date) -> bool:
    """Whether an issue is unresolved past the deadline of the clock that runs."""
    return stage in UNRESOLVED and due_on is not None and due_on < today


def is_on_time(*, measures_on: date | None, rectify_due_on: date | None) -> bool:
    """Whether the measures that led to the sign-off were handed in by the deadline; no deadline counts as on time."""
    return rectify_due_on is None or (measures_on is not None and measures_on <= rectify_due_on)


def on_time_rate(*, closed_on_time: int, closed: int, open_overdue: int) -> float | None:
    """On-time rate in 0…1 of a period.

    Parameters
    ----------
    closed_on_time, closed : int
        Closed within the period, and those of them on time.
    open_overdue : int
        Unresolved and past the deadline at the period's end.

    Returns
    -------
    float or None
        ``closed_on_time / (closed + open_overdue)``; None when there is nothing to judge.
    """
    judged = closed + open_overdue
    return closed_on_time / judged if judged else None


def is_instant(*, handed_over_on: date | None, closed_on: date | None, is_on_the_spot: bool) -> bool:
    """Whether an issue was closed on the day of its hand-over; what was put right on the spot is no instant closure."""
    return closed_on is not None and handed_over_on == closed_on and not is_on_the_spot


def rebound_rate(*, reopened: int, looked_back: int) -> float | None:
    """Rebound rate in 0…1 of a period.

    Parameters
    ----------
    reopened, looked_back : int
        Issues that a look-back after their closing gave a result dated in the period, and those of them that one of
        these look-backs reopened; each issue counts once.

    Returns
    -------
    float or None
        ``reopened / looked_back``; None when nothing was looked back at.
    """
    return reopened / looked_back if looked_back else None


def per_hundred(n: int, *, enterprises: int) -> float | None:
    """A number per 100 enterprises; None where there is no enterprise."""
    return 100 * n / enterprises if enterprises else None


def places(values: Sequence[float | None], *, highest_first: bool) -> list[int | None]:
    """Places of values in their order, from 1.

    Parameters
    ----------
    values : sequence of float or None
    highest_first : bool

    Returns
    -------
    list of int or None
        Equal values share a place and the next ones are left out (1, 2, 2, 4); None has no place.
    """
    known = sorted((value for value in values if value is not None), reverse=highest_first)
    return [None if value is None else known.index(value) + 1 for value in values]
