"""The ladder of a late issue: who is told from which day on, and who comes next."""

from dataclasses import dataclass
from datetime import date, timedelta

from governance.counting import UNRESOLVED
from governance.loop_numbers import USUAL, LoopNumbers
from governance.vocabulary import Role, Stage

LADDER = (
    Role.ENVIRONMENT_DIRECTOR,
    Role.TOWNSHIP,
    Role.INDUSTRY_DEPARTMENT,
    Role.COMMITTEE_OFFICE,
    Role.DISTRICT_LEADER,
)


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A step of the ladder: a role, the days late from which it is told, the local day of that, and whether it came."""

    role: Role
    days: int
    on: date
    is_reached: bool


def ladder_of(stage: Stage, due_on: date | None, *, today: date, numbers: LoopNumbers = USUAL) -> tuple[Rung, ...]:
    """The ladder of an issue from its first step to its last.

    Parameters
    ----------
    stage : Stage
    due_on : date or None
        Running deadline, a local day.
    today : date
    numbers : LoopNumbers
        ``ladder`` holds the days late of each step; 0 is the deadline's own day.

    Returns
    -------
    tuple of Rung
        Empty where no clock runs that could be late. Steps with the same day are reached together.
    """
    if due_on is None or stage not in UNRESOLVED:
        return ()
    days = [(role, numbers.ladder[role]) for role in LADDER]
    days_of = [(role, late, due_on + timedelta(days=late)) for role, late in days]
    return tuple(Rung(role=role, days=late, on=day, is_reached=day <= today) for role, late, day in days_of)


def next_rung(ladder: tuple[Rung, ...]) -> Rung | None:
    """The first step that is not reached yet; None at the end of the ladder, or without one."""
    return next((rung for rung in ladder if not rung.is_reached), None)


def height_of(ladder: tuple[Rung, ...]) -> int:
    """How many steps are reached, 0 to 5."""
    return sum(rung.is_reached for rung in ladder)
