"""What counts as found, unresolved, rectified and on time; the one definition of each."""

from datetime import date

from governance.vocabulary import Severity, Stage

CLUES = frozenset({Stage.DISCOVERED})
UNRESOLVED = frozenset(
    {Stage.CONFIRMED, Stage.LEDGERED, Stage.RECTIFYING, Stage.SUPERVISED, Stage.PUBLIC_NOTICE, Stage.LONG_TERM}
)
RECTIFIED = frozenset({Stage.CLOSED})
FOUND = frozenset(Stage) - {Stage.MERGED}

SEVERITY_WEIGHT = {Severity.MINOR: 1.0, Severity.MAJOR: 2.0, Severity.SEVERE: 4.0}
OVERDUE_FACTOR = 2.0


def is_overdue(stage: Stage, due_on: date | None, *, today: date) -> bool:
    """Whether an issue is unresolved past the deadline of the clock that runs."""
    return stage in UNRESOLVED and due_on is not None and due_on < today


def is_on_time(*, measures_on: date | None, rectify_due_on: date | None) -> bool:
    """Whether the measures that led to the sign-off were handed in by the deadline; no deadline counts as on time."""
    return rectify_due_on is None or (measures_on is not None and measures_on <= rectify_due_on)


def heat_weight(severity: Severity, due_on: date | None, *, today: date) -> float:
    """Weight of one unresolved issue on the heat map, without unit: severity (1, 2, 4), doubled when overdue."""
    late = due_on is not None and due_on < today
    return SEVERITY_WEIGHT[severity] * (OVERDUE_FACTOR if late else 1.0)


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
