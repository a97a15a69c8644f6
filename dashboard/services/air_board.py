"""What the wall tells of the air; every figure is absent until readings are imported."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session


@dataclass(frozen=True, kw_only=True)
class AirBoard:
    """Today's air and the year so far; None is a figure without data.

    Attributes
    ----------
    aqi, level
        Index of the day and its level, 1…6.
    month_change, index_change, pm10_change, so2_change
        Share by which a mean is better than a year before; positive is better.
    good_days, good_days_needed
        Days of level 1 or 2 this year, and how many more the year's aim needs.
    composite_index
        Of the year so far.
    meets_level_two
        Whether all six pollutants meet the second level of the standard so far.
    """

    aqi: int | None = None
    level: int | None = None
    month_change: float | None = None
    good_days: int | None = None
    good_days_needed: int | None = None
    composite_index: float | None = None
    index_change: float | None = None
    pm10_change: float | None = None
    so2_change: float | None = None
    meets_level_two: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no figure at all."""
        return self == AirBoard()


def air_board(session: Session, *, today: date) -> AirBoard:
    """The air of a local day; this version imports no readings, so that every figure is absent."""
    return AirBoard()
