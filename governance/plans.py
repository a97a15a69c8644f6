"""Long-term plans: what one must hold, which of its days is the deadline, and whether it is on schedule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from governance.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from governance.vocabulary import Pace, Stage

# A plan runs, and its steps are reached, added and shifted, in these stages.
PLANNED = frozenset({Stage.LONG_TERM})


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a plan: what, by which local day, and the day on which it was reached."""

    title: str
    due_on: date
    reached_on: date | None = None


def require_plan(steps: Iterable[Step], *, review_on: date, today: date) -> None:
    """Refuse a plan without a step, with a step that is over already or lies after the day of its review.

    Parameters
    ----------
    steps : iterable of Step
    review_on : date
        Local day on which the whole plan is reviewed: by then the measures are handed in.
    today : date

    Raises
    ------
    InvalidInput
    """
    known = list(steps)
    if not known:
        raise InvalidInput("plan_empty", "A long-term plan needs at least one step with its day")
    for step in known:
        require_step(step.title, step.due_on, review_on=review_on, today=today)


def require_step(title: str, due_on: date, *, review_on: date | None, today: date) -> None:
    """Refuse a step without words, of a day that has passed, or after the plan's review.

    Raises
    ------
    InvalidInput
    """
    if not title.strip():
        raise InvalidInput("step_untitled", "A step of a plan needs a title of at least one character")
    if due_on < today or (review_on is not None and due_on > review_on):
        raise InvalidInput(
            "step_day",
            "The day {due_on} is not possible for a step; allowed: from {today} up to the plan's review on {review_on}",
            due_on=due_on,
            today=today,
            review_on=review_on or "-",
        )


def require_review(review_on: date, steps: Iterable[Step], *, today: date) -> None:
    """Refuse a review before today or before the plan's last step.

    Raises
    ------
    InvalidInput
    """
    earliest = max([today, *(step.due_on for step in steps)])
    if review_on < earliest:
        raise InvalidInput(
            "review_day",
            "The review cannot be on {review_on}; allowed: from {earliest} on",
            review_on=review_on,
            earliest=earliest,
        )


def require_running(stage: Stage) -> None:
    """Refuse to touch the plan of an issue that follows none.

    Raises
    ------
    IllegalTransition
    """
    if stage not in PLANNED:
        raise IllegalTransition(
            "plan_not_running",
            "Only the plan of a long-term issue moves; this one is in the stage {stage}",
            stage=stage,
        )


def require_unreached(step: Step) -> None:
    """Refuse to reach or shift what was reached.

    Raises
    ------
    Conflict
    """
    if step.reached_on is not None:
        raise Conflict("step_reached", "The step {title} was reached on {day}", title=step.title, day=step.reached_on)


def require_judge(*, person_id: int | None, rectifier_id: int | None, person_in_charge_id: int | None) -> None:
    """Refuse that whoever rectifies says that a step was reached.

    Parameters
    ----------
    person_id : int or None
        Who says so; None for the operator of a command.
    rectifier_id, person_in_charge_id : int or None
        Who handed in measures before, and who answers for the rectification.

    Raises
    ------
    NotAllowed
    """
    if person_id is not None and person_id in (rectifier_id, person_in_charge_id):
        raise NotAllowed("step_own", "A step is judged by somebody other than who rectifies")


def require_reason(reason: str) -> None:
    """Refuse a change of a plan without a reason.

    Raises
    ------
    InvalidInput
    """
    if not reason.strip():
        raise InvalidInput("plan_reason", "A plan changes with a reason only")


def next_day(steps: Iterable[Step], *, review_on: date | None) -> date | None:
    """The day by which a plan is judged: that of the earliest unreached step, else of its review.

    Parameters
    ----------
    steps : iterable of Step
        In any order.
    review_on : date or None

    Returns
    -------
    date or None
        None for a plan without steps and review.
    """
    return min((step.due_on for step in steps if step.reached_on is None), default=review_on)


def pace_of(stage: Stage, due_on: date | None, *, today: date) -> Pace | None:
    """Whether a long-term issue keeps up with its plan.

    Parameters
    ----------
    stage : Stage
    due_on : date or None
        The running deadline: `next_day` of the plan; the whole day counts.
    today : date

    Returns
    -------
    Pace or None
        ``behind`` exactly where the light is red; None for issues that follow no plan.
    """
    if stage not in PLANNED:
        return None
    return Pace.BEHIND if due_on is not None and due_on < today else Pace.ON_SCHEDULE
