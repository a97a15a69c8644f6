"""Which closed issues are looked at again, by risk and by chance, the same again from the same seed; and by whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from heapq import nsmallest
from typing import Any

from governance.counting import RECTIFIED
from governance.errors import Conflict, InvalidInput, NotAllowed
from governance.vocabulary import DrawnBy, IssueField, LookBackKind, LookBackResult, Severity, Stage

LARGEST_SIZE = 1000
SEEDS = 2**31
# What each sign of risk adds to an issue's score; what happened often counts up to MOST_TIMES.
SEVERITY_POINTS: Mapping[Severity, int] = {Severity.MINOR: 0, Severity.MAJOR: 2, Severity.SEVERE: 4}
RETURNED_POINTS = 2
REOPENED_POINTS = 3
INSTANT_POINTS = 3
REBOUND_POINTS = 2
LATE_POINTS = 1
MOST_TIMES = 3

# Beside closed issues, a look-back at townships draws what they refused; nothing else of theirs has ended.
DISMISSED = frozenset({Stage.REFUSED})
ENDED_BY: Mapping[LookBackKind, frozenset[Stage]] = {
    LookBackKind.CLOSED_ISSUES: RECTIFIED,
    LookBackKind.TOWNSHIP_FINDINGS: RECTIFIED | DISMISSED,
}
# Whoever took part in closing an issue does not look back at it.
TOOK_PART = ("rectifier_id", "checker_id", "signer_id")
CONFIRMED_TOO = (*TOOK_PART, "confirmer_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An issue that may be drawn, with the signs of risk as they stand on the day of the draw.

    Attributes
    ----------
    number
        The issue's own number: what the draw is reproducible by.
    is_instant, is_late
        Closed on the day of its hand-over (on-the-spot ones excepted); measures handed in after the deadline.
    enterprise_rebounds
        Look-backs of the same enterprise that reopened an issue.
    """

    number: str
    severity: Severity
    times_returned: int = 0
    times_reopened: int = 0
    is_instant: bool = False
    is_late: bool = False
    enterprise_rebounds: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """An issue of a sample, why it is in it, and its score."""

    number: str
    drawn_by: DrawnBy
    score: int


def risk_score(candidate: Candidate) -> int:
    """How likely it is that an issue was closed on paper only, in points of our own: no published formula.

    Parameters
    ----------
    candidate : Candidate

    Returns
    -------
    int
        0…29: severity (minor 0, major 2, severe 4), each return 2, each reopening 3, instant closure 3, each rebound
        of the enterprise 2, late closing 1; what happened more than three times counts three times.
    """
    often = (
        (candidate.times_returned, RETURNED_POINTS),
        (candidate.times_reopened, REOPENED_POINTS),
        (candidate.enterprise_rebounds, REBOUND_POINTS),
    )
    return (
        SEVERITY_POINTS[candidate.severity]
        + sum(min(times, MOST_TIMES) * points for times, points in often)
        + INSTANT_POINTS * candidate.is_instant
        + LATE_POINTS * candidate.is_late
    )


def draw(candidates: Iterable[Candidate], *, size: int, risk_percent: int, seed: int) -> list[Drawn]:
    """Draw a sample: first by risk, then by chance from what is left.

    Parameters
    ----------
    candidates : iterable of Candidate
        In any order, each number once.
    size : int
        Wanted; all are drawn where there are fewer.
    risk_percent : int
        0…100: the share drawn by risk, rounded half up to whole issues.
    seed : int
        The same candidates and seed give the same sample, on every machine.

    Returns
    -------
    list of Drawn
        By risk: highest score first. Then by chance. Equal scores and chance are decided by the SHA-256 of seed,
        purpose and number, so neither the order of a database nor a random generator plays a part.
    """
    known = list(candidates)
    by_risk = (size * risk_percent + 50) // 100
    risky = nsmallest(by_risk, known, key=lambda one: (-risk_score(one), lot(seed, DrawnBy.RISK, one.number)))
    taken = {one.number for one in risky}
    left = (one for one in known if one.number not in taken)
    lucky = nsmallest(size - by_risk, left, key=lambda one: lot(seed, DrawnBy.CHANCE, one.number))
    parts = ((DrawnBy.RISK, risky), (DrawnBy.CHANCE, lucky))
    return [Drawn(number=one.number, drawn_by=why, score=risk_score(one)) for why, part in parts for one in part]


def lot(seed: int, purpose: DrawnBy, number: str) -> bytes:
    """An issue's lot in a draw: SHA-256 of ``"seed:purpose:number"``; the lowest is drawn first."""
    return sha256(f"{seed}:{purpose}:{number}".encode()).digest()


def require_order(*, size: int, risk_percent: int, seed: int, closed_from: date, closed_to: date) -> None:
    """Refuse a sample of no or too many issues, a share or seed out of bounds, or a period that ends first.

    Raises
    ------
    InvalidInput
    """
    bounds = (("size", size, 1, LARGEST_SIZE), ("risk_percent", risk_percent, 0, 100), ("seed", seed, 0, SEEDS - 1))
    for name, value, lowest, highest in bounds:
        if not lowest <= value <= highest:
            raise InvalidInput(
                "look_back_number",
                "{value} is not possible for {name} of a look-back; allowed: {lowest} to {highest}",
                name=name,
                value=value,
                lowest=lowest,
                highest=highest,
            )
    if closed_from > closed_to:
        raise InvalidInput(
            "look_back_period", "The period ends on {to}, before it begins on {from_}", from_=closed_from, to=closed_to
        )


def require_looker(kind: LookBackKind, issue: Mapping[str, Any], person_id: int | None) -> None:
    """Refuse that somebody who took part in an issue's closing looks back at it.

    Parameters
    ----------
    kind : LookBackKind
        A look-back at townships' findings is also kept from whoever confirmed the issue.
    issue : mapping
        Its fields.
    person_id : int or None
        None for the operator of a command, who is apart from everybody.

    Raises
    ------
    NotAllowed
        Names the part.
    """
    parts = CONFIRMED_TOO if kind == LookBackKind.TOWNSHIP_FINDINGS else TOOK_PART
    for field in parts:
        if person_id is not None and issue.get(field) == person_id:
            raise NotAllowed(
                "look_back_own",
                "A look-back is made by somebody other than the person recorded as {field}",
                field=IssueField(field),
            )


def require_open_item(result: LookBackResult | None, *, words: str) -> None:
    """Refuse a second result, and one without words.

    Raises
    ------
    Conflict, InvalidInput
    """
    if result is not None:
        raise Conflict("looked_back", "This look-back has its result already: {result}", result=result)
    if not words.strip():
        raise InvalidInput("look_back_words", "A look-back needs words on what was seen")


def require_still_ended(kind: LookBackKind, stage: Stage) -> None:
    """Refuse a result for an issue that was reopened since it was drawn.

    Raises
    ------
    Conflict
    """
    if stage not in ENDED_BY[kind]:
        raise Conflict("look_back_overtaken", "The issue is not closed any more; its stage is {stage}", stage=stage)


def require_recurrence(
    issue: Mapping[str, Any], earlier: Mapping[str, Any], *, found_on: date, closed_on: date | None
) -> None:
    """Refuse to call an issue the recurrence of another that is not closed, elsewhere, or was closed later.

    Parameters
    ----------
    issue, earlier : mapping
        Fields of the new issue and of the closed one.
    found_on : date
        Local day on which the new one was found.
    closed_on : date or None
        Local day on which the earlier one was closed.

    Raises
    ------
    InvalidInput
    """
    same_place = issue["enterprise_id"] is not None and issue["enterprise_id"] == earlier["enterprise_id"]
    if earlier["stage"] not in RECTIFIED or issue["stage"] in RECTIFIED | DISMISSED:
        raise InvalidInput("recurrence_stage", "An open issue recurs from a closed one; these two are not such")
    if not same_place or issue["category"] != earlier["category"]:
        raise InvalidInput("recurrence_kind", "Only an issue of the same enterprise and category can recur")
    if closed_on is None or closed_on > found_on:
        raise InvalidInput(
            "recurrence_order",
            "The issue was found on {found_on}, before the other one was closed ({closed_on})",
            found_on=found_on,
            closed_on=closed_on or "-",
        )
