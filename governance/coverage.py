"""The three coverages: which dated records count an enterprise as inspected, helped and followed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from governance.vocabulary import Source


class Coverage(StrEnum):
    """What every enterprise should see once within the period."""

    INSPECTION = "inspection"
    HELP = "help"
    FOLLOW_UP = "follow_up"


class GroupPart(StrEnum):
    """What a consultant's finding counts as: inspection groups inspect, all others help."""

    BY_GROUPS = "by_groups"
    BY_OTHERS = "by_others"


@dataclass(frozen=True, kw_only=True)
class Covering:
    """The dated records that cover an enterprise; any one of them, dated within the period, is enough.

    Attributes
    ----------
    sources
        An issue found there by one of these, by the day of its finding. Merged issues count: somebody was there.
    consultants
        An issue found there by a consultant, of an inspection group or of any other unit.
    notices
        A rectification notice addressed to it, by the day of its issue.
    checks
        An on-site check of a rectification there, by its day.
    look_backs
        A look-back at a closed issue there, by the day of its result.
    """

    sources: frozenset[Source] = frozenset()
    consultants: GroupPart | None = None
    notices: bool = False
    checks: bool = False
    look_backs: bool = False


COVERINGS: Mapping[Coverage, Covering] = MappingProxyType(
    {
        Coverage.INSPECTION: Covering(
            sources=frozenset(
                {
                    Source.CENTRAL_INSPECTION,
                    Source.PROVINCIAL_INSPECTION,
                    Source.CITY_HAND_OVER,
                    Source.ENFORCEMENT,
                    Source.TOWNSHIP_PATROL,
                }
            ),
            consultants=GroupPart.BY_GROUPS,
            notices=True,
        ),
        Coverage.HELP: Covering(sources=frozenset({Source.BUTLER}), consultants=GroupPart.BY_OTHERS),
        Coverage.FOLLOW_UP: Covering(checks=True, look_backs=True),
    }
)


def coverage_period(today: date) -> tuple[date, date]:
    """First and last local day that count: this year up to today, both included."""
    return today.replace(month=1, day=1), today


def coverage_rate(*, enterprises: int, not_covered: int) -> float | None:
    """Coverage in 0…1: (enterprises - not covered) ÷ enterprises on record; None where there is no enterprise."""
    return (enterprises - not_covered) / enterprises if enterprises else None
