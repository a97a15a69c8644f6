"""Which matters need a leader today, and in which order: the one rule behind the page, the message and the briefing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from governance.counting import UNRESOLVED
from governance.directives import OPEN, RUNNING
from governance.lights import days_late
from governance.loop_numbers import USUAL, LoopNumbers
from governance.vocabulary import DirectiveState, Role, Severity, Stage

MOST = 5
# Days after which a request for more time that nobody answered comes to the leader.
ANSWER_DAYS = 3


class Reason(StrEnum):
    """Why a matter needs a leader today; the order of the members is their rank."""

    REPORTED = "reported"
    DIRECTIVE_LATE = "directive_late"
    SEVERE_LATE = "severe_late"
    LADDER = "ladder"
    REBOUND = "rebound"
    NOTICE = "notice"
    MORE_TIME = "more_time"


RANK: Mapping[Reason, int] = {reason: place for place, reason in enumerate(Reason)}


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One reason why a matter needs the leader, and the local day since which it does.

    Attributes
    ----------
    directive
        Number of the leader's own instruction or order that it is about; empty for the others.
    """

    reason: Reason
    since: date
    directive: str = ""


@dataclass(frozen=True, kw_only=True)
class IssueFacts:
    """What the rule asks of an issue in the guarded zones.

    Attributes
    ----------
    due_on
        Running deadline.
    reopened_on
        Local day of the last reopening; None when it was never reopened.
    notice_due_on
        Earliest day by which a notice that names it and has no reply was to be answered.
    asked_on
        Local day on which more time was asked for, while the request waits.
    is_in_hand
        The leader asked for something about it already, and that runs in time.
    """

    stage: Stage
    severity: Severity
    due_on: date | None
    reopened_on: date | None = None
    notice_due_on: date | None = None
    asked_on: date | None = None
    is_in_hand: bool = False


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A matter with everything that brings it to the leader, the weightiest cause first.

    Attributes
    ----------
    number
        Of the issue, or of the directive where that is about a zone.
    days_late
        Days past its running deadline, or past that of the leader's directive, whichever is more; 0 when in time.
    """

    number: str
    causes: tuple[Cause, ...]
    days_late: int

    @property
    def reason(self) -> Reason:
        """The weightiest reason."""
        return self.causes[0].reason


def causes_of_issue(facts: IssueFacts, *, today: date, numbers: LoopNumbers = USUAL) -> tuple[Cause, ...]:
    """Why an issue needs the leader who guards its zone, by rank; none when it does not.

    Parameters
    ----------
    facts : IssueFacts
    today : date
        Local day; on the deadline's own day nothing is late.
    numbers : LoopNumbers
        The last step of ``ladder`` says from how many days late on a leader is told.

    Returns
    -------
    tuple of Cause
        Empty for clues, for what is closed, and for what the leader has in hand.
    """
    if facts.stage not in UNRESOLVED or facts.is_in_hand:
        return ()
    late = days_late(facts.due_on, today=today)
    answer_by = facts.asked_on + timedelta(days=ANSWER_DAYS) if facts.asked_on else None
    ladder_days = numbers.ladder[Role.DISTRICT_LEADER.value]
    since: list[tuple[Reason, date | None, bool]] = [
        (Reason.SEVERE_LATE, facts.due_on, late > 0 and facts.severity == Severity.SEVERE),
        (Reason.LADDER, facts.due_on, late > 0 and late >= ladder_days),
        (Reason.REBOUND, facts.reopened_on, True),
        (Reason.NOTICE, facts.notice_due_on, facts.notice_due_on is not None and facts.notice_due_on < today),
        (Reason.MORE_TIME, facts.asked_on, answer_by is not None and answer_by <= today),
    ]
    return tuple(Cause(reason=reason, since=day) for reason, day, holds in since if holds and day is not None)


def cause_of_directive(directive: Mapping[str, Any], *, today: date) -> Cause | None:
    """Why an own instruction or order needs the leader: it was reported, or is late; None when it does not.

    Parameters
    ----------
    directive : mapping
        With ``number``, ``state``, ``due_on`` and ``reported_on``.
    today : date
    """
    state = DirectiveState(directive["state"])
    if state in OPEN - RUNNING:
        since = directive["reported_on"] or directive["due_on"]
        return Cause(reason=Reason.REPORTED, since=since, directive=directive["number"])
    if state in RUNNING and directive["due_on"] < today:
        return Cause(reason=Reason.DIRECTIVE_LATE, since=directive["due_on"], directive=directive["number"])
    return None


def matters_today(
    found: Iterable[tuple[str, date | None, Iterable[Cause]]], *, today: date, most: int = MOST
) -> list[Matter]:
    """The matters that need a leader today, the most urgent first, never more than ``most``.

    Parameters
    ----------
    found : iterable of (number, due_on, causes)
        A number may come several times, with the deadline of the issue or of the directive: its causes are one matter.
    today : date
    most : int

    Returns
    -------
    list of Matter
        By the rank of the weightiest reason, then days late (most first), then number; what has no cause is left out.
    """
    causes: dict[str, list[Cause]] = {}
    late: dict[str, int] = {}
    for number, due_on, own in found:
        causes.setdefault(number, []).extend(own)
        late[number] = max(late.get(number, 0), days_late(due_on, today=today))
    known = (
        Matter(number=number, causes=_ranked(own), days_late=late[number]) for number, own in causes.items() if own
    )
    return sorted(known, key=lambda matter: (RANK[matter.reason], -matter.days_late, matter.number))[:most]


def _ranked(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """By rank, then the earliest day, then the directive's number; the same cause once."""
    return tuple(sorted(set(causes), key=lambda cause: (RANK[cause.reason], cause.since, cause.directive)))
