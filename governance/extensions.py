"""More time to rectify: when it may be asked for, how much, how often, and who may not answer it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from governance.deadlines import IsWorkingDay, add_working_days, rectify_days
from governance.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed
from governance.loop_numbers import USUAL, LoopNumbers
from governance.vocabulary import ExtensionState, Stage

# Only the rectifier's clock is extended, and only while it runs.
EXTENDABLE = frozenset({Stage.RECTIFYING})
# However short an issue's own term is, a request for a working week is not absurd.
SHORTEST_LIMIT_DAYS = 5


def latest_wanted(
    issue: Mapping[str, Any], *, is_working_day: IsWorkingDay, numbers: LoopNumbers = USUAL
) -> date | None:
    """Latest day that one extension may lead to: the issue's own term once more, counted from its deadline.

    Parameters
    ----------
    issue : mapping
        With ``rectify_due_on``, ``term``, ``severity`` and ``category``.
    is_working_day : callable
        Local date → bool.
    numbers : LoopNumbers
        The days of each term; at least five working days are always possible.

    Returns
    -------
    date or None
        None for an issue without a deadline.
    """
    due_on = issue.get("rectify_due_on")
    if due_on is None:
        return None
    kind = {name: issue.get(name) for name in ("term", "severity", "category")}
    own = rectify_days(**kind, numbers=numbers) if kind["term"] else 0  # type: ignore[arg-type]  # as the record holds them
    return add_working_days(due_on, max(own, SHORTEST_LIMIT_DAYS), is_working_day=is_working_day)


def extendable_deadline(
    issue: Mapping[str, Any], *, today: date, granted: int, has_open: bool, numbers: LoopNumbers = USUAL
) -> date:
    """The deadline for which more time may be asked now, or a refusal.

    Parameters
    ----------
    issue : mapping
        With ``stage`` and ``rectify_due_on``.
    today : date
        Local day; on the deadline's own day it may still be asked for.
    granted : int
        Extensions that the issue was granted in its life.
    has_open : bool
        Whether an earlier request waits for its answer.
    numbers : LoopNumbers

    Returns
    -------
    date

    Raises
    ------
    IllegalTransition
        The issue is not being rectified.
    InvalidInput
        It has no deadline.
    NotAllowed
        The deadline has passed, or the issue was extended as often as it may be.
    Conflict
        A request waits for its answer.
    """
    _require_rectifying(issue)
    due_on: date | None = issue.get("rectify_due_on")
    if due_on is None:
        raise InvalidInput("extension_no_deadline", "This issue has no deadline that could be extended")
    if today > due_on:
        raise NotAllowed(
            "extension_too_late",
            "More time is asked for before the deadline; this one was {due_on}",
            due_on=due_on,
        )
    if has_open:
        raise Conflict("extension_open", "A request for more time waits for its answer already")
    _require_fewer(granted, numbers)
    return due_on


def require_wanted(
    issue: Mapping[str, Any],
    wanted_due_on: date,
    *,
    reason: str,
    is_working_day: IsWorkingDay,
    numbers: LoopNumbers = USUAL,
) -> None:
    """Refuse a request without a reason, for no more time, or for more than the issue's own term once more.

    Raises
    ------
    InvalidInput
        Names the day and what is allowed.
    """
    if not reason.strip():
        raise InvalidInput("extension_reason", "A request for more time needs its reason")
    due_on, latest = issue["rectify_due_on"], latest_wanted(issue, is_working_day=is_working_day, numbers=numbers)
    if wanted_due_on <= due_on or (latest is not None and wanted_due_on > latest):
        raise InvalidInput(
            "extension_day",
            "The new deadline {wanted} is not possible; allowed: after {due_on}, up to {latest}",
            wanted=wanted_due_on,
            due_on=due_on,
            latest=latest,
        )


def require_decidable(state: ExtensionState, *, asked_by_id: int | None, person_id: int | None, answer: str) -> None:
    """Refuse an answer that was given before, comes from whoever asked, or says nothing.

    Parameters
    ----------
    state : ExtensionState
    asked_by_id, person_id : int or None
        Who asked and who answers; None is the operator of a command, who is apart from everybody.
    answer : str

    Raises
    ------
    Conflict, NotAllowed, InvalidInput
    """
    if state != ExtensionState.ASKED:
        raise Conflict("extension_decided", "This request was answered already: {state}", state=state)
    if person_id is not None and person_id == asked_by_id:
        raise NotAllowed("extension_own", "A request for more time is answered by somebody other than who asked")
    if not answer.strip():
        raise InvalidInput("extension_answer", "The answer to a request for more time needs its reason")


def require_grantable(
    issue: Mapping[str, Any], wanted_due_on: date, *, granted: int, numbers: LoopNumbers = USUAL
) -> None:
    """Refuse to grant what has been overtaken: measures handed in, a later deadline, or the last extension given.

    Raises
    ------
    IllegalTransition, NotAllowed
    InvalidInput
        The issue's deadline is that late already.
    """
    _require_rectifying(issue)
    _require_fewer(granted, numbers)
    if issue["rectify_due_on"] is not None and wanted_due_on <= issue["rectify_due_on"]:
        raise InvalidInput(
            "extension_overtaken",
            "The deadline is {due_on} by now, not before the wanted {wanted}; the request can only be refused",
            due_on=issue["rectify_due_on"],
            wanted=wanted_due_on,
        )


def granted_changes(wanted_due_on: date) -> dict[str, Any]:
    """What a granted extension changes in the issue."""
    return {"rectify_due_on": wanted_due_on, "due_on": wanted_due_on}


def _require_rectifying(issue: Mapping[str, Any]) -> None:
    if issue["stage"] not in EXTENDABLE:
        raise IllegalTransition(
            "extension_stage",
            "More time is given while an issue is rectified; this one is in the stage {stage}",
            stage=issue["stage"],
        )


def _require_fewer(granted: int, numbers: LoopNumbers) -> None:
    if granted >= numbers.extensions:
        raise NotAllowed(
            "extensions_spent",
            "This issue was given more time {granted} time(s); allowed: {most}",
            granted=granted,
            most=numbers.extensions,
        )
