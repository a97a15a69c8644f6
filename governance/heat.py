"""Heat: how much weight an unresolved issue has where unresolved problems are drawn by their place."""

from dataclasses import dataclass
from datetime import date

from governance.loop_numbers import LoopNumbers
from governance.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """Unresolved issues of one place, severity and lateness.

    Attributes
    ----------
    n
        How many.
    found_days
        Sum of the ordinals of the days on which they were found (`date.toordinal`): with it their ages add up.
    """

    severity: Severity
    is_late: bool
    n: int
    found_days: int


def heat_weight(severity: Severity, due_on: date | None, found_on: date, *, today: date, numbers: LoopNumbers) -> float:
    """Weight of one unresolved issue, without unit: severity × overdue factor × age.

    Parameters
    ----------
    severity : Severity
        Counts as `LoopNumbers.heat_severity` says: usually 1, 2 and 4.
    due_on : date or None
        Past it the weight is multiplied by `LoopNumbers.heat_overdue_times`; on it, and without one, it is not.
    found_on : date
        The age in days adds its share of `LoopNumbers.heat_age_days`: the factor is ``1 + age / heat_age_days``.
        With 0 in that number the age does not count.
    today : date
    numbers : LoopNumbers

    Notes
    -----
    The age counts in proportion and without an upper bound, so that the weights of many issues add up from their
    number and the sum of their days: see `heat_of`.
    """
    is_late = due_on is not None and due_on < today
    return heat_of(HeatGroup(severity, is_late, 1, found_on.toordinal()), today=today, numbers=numbers)


def heat_of(group: HeatGroup, *, today: date, numbers: LoopNumbers) -> float:
    """Weight of a group of unresolved issues: the sum of `heat_weight` over them, from sums alone."""
    aged = (group.n * today.toordinal() - group.found_days) / numbers.heat_age_days if numbers.heat_age_days else 0.0
    return severity_weight(group.severity, is_late=group.is_late, numbers=numbers) * (group.n + aged)


def severity_weight(severity: Severity, *, is_late: bool, numbers: LoopNumbers) -> int:
    """Weight of one unresolved issue without its age, without unit: severity × overdue factor."""
    return numbers.heat_severity[severity] * (numbers.heat_overdue_times if is_late else 1)
