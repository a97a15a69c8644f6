"""The quick path: found and put right on the spot, told with both photos, and confirmed by somebody else in one act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from governance.counting import CLUES
from governance.errors import InvalidInput, NotAllowed
from governance.issue_facts import NO_FACTS, Facts
from governance.issue_rules import advance, round_of
from governance.stages import Action
from governance.vocabulary import CheckArea, IssueField, Severity, SignOffLevel

Fields = Mapping[str, Any]

# What a confirmation records for somebody else, and whom the report named for it.
TOLD_OF: Mapping[Action, str] = MappingProxyType(
    {Action.SUBMIT_MEASURES: "rectifier_id", Action.CHECK_ON_SITE: "finder_id"}
)


@dataclass(frozen=True, kw_only=True)
class PutRight:
    """What a report says was done on the spot: the measures in words, and the person who took them."""

    measures: str
    rectifier_id: int


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who did something, and on which local day, where somebody else records it later."""

    person_id: int
    day: date


def opened(clue: Fields, put_right: PutRight, *, director_ids: frozenset[int]) -> dict[str, Any]:
    """Fields of a clue that was put right on the spot; nothing is confirmed by it.

    Parameters
    ----------
    clue : mapping
        From `governance.issue_rules.opening_fields`.
    put_right : PutRight
    director_ids : frozenset of int
        Environment directors of the enterprise on the day of the report; empty without an enterprise.

    Returns
    -------
    dict
        The clue with the measures and their person as told; they count from the confirmation on.

    Raises
    ------
    InvalidInput
        The issue is too grave for the quick path, came from above, or asks for a monitoring report; the measures
        are blank; or the person is neither the reporter nor one of the directors. Names the field.
    """
    _require_small(clue)
    if not put_right.measures.strip():
        raise InvalidInput(
            "measures_missing", "Say in a few words how it was put right", field=IssueField.MEASURES.value
        )
    if put_right.rectifier_id not in director_ids | {clue.get("finder_id")}:
        raise InvalidInput(
            "rectifier_unknown",
            "Whoever put it right is one of the enterprise's environment directors of today, or the reporter",
            field=IssueField.RECTIFIER.value,
        )
    told = {"measures": put_right.measures.strip(), "rectifier_id": put_right.rectifier_id}
    return {**clue, **told, "is_on_the_spot": True}


def _require_small(clue: Fields) -> None:
    if clue["severity"] != Severity.MINOR:
        raise InvalidInput(
            "not_minor",
            "Only minor issues are put right on the spot; this one is {severity}",
            field="severity",
            severity=clue["severity"],
        )
    if clue["sign_off_level"] == SignOffLevel.ABOVE:
        raise InvalidInput(
            "from_above", "What came from above goes the whole way and is signed off above", field="source"
        )
    if clue.get("check_area") == CheckArea.MONITORING:
        raise InvalidInput(
            "report_needed",
            "What monitoring found is proved by a monitoring report and cannot be put right on the spot",
            field="check_area",
        )


def waits_for_confirmation(issue: Fields) -> bool:
    """Whether an issue was reported as put right on the spot and nobody has confirmed or refused it yet."""
    return bool(issue.get("is_on_the_spot")) and issue["stage"] in CLUES


def require_confirmer(issue: Fields, person_id: int | None) -> None:
    """Refuse whoever put it right as the one who confirms it; the finder is refused by the transition itself.

    Raises
    ------
    InvalidInput
        The issue was not put right on the spot.
    NotAllowed
    """
    if not waits_for_confirmation(issue):
        raise InvalidInput("not_on_the_spot", "This issue was not put right on the spot, or was confirmed already")
    if person_id is not None and issue.get("rectifier_id") == person_id:
        raise NotAllowed(
            "not_independent",
            "The action {action} needs somebody other than the person recorded as {field}",
            action=Action.CONFIRM,
            field=IssueField.RECTIFIER,
        )


def saw_it_put_right(issue: Fields) -> bool:
    """Whether the finder looked on while somebody else put it right."""
    return issue.get("finder_id") is not None and issue["finder_id"] != issue.get("rectifier_id")


def record(
    deed: Deed,
    action: Action,
    issue: Fields,
    given: Fields,
    *,
    recorder_id: int | None,
    today: date,
    facts: Facts = NO_FACTS,
) -> dict[str, Any]:
    """Changes that an action makes which one person did and another records.

    Allowed in one place only: whoever confirms an issue that was put right on the spot records, in the same act, the
    measures of the person that the report named for them, and the finder's look at the result, both with the day on
    which the issue was found. Every rule of the action holds for the person who did it.

    Parameters
    ----------
    deed : Deed
    action : Action
    issue : mapping
        The issue's fields as they stand: confirmed already, by ``recorder_id``, today.
    given : mapping
        As for `governance.issue_rules.advance`.
    recorder_id : int or None
    today : date
    facts : Facts

    Returns
    -------
    dict

    Raises
    ------
    NotAllowed
        In every other case; and as `governance.issue_rules.advance`.
    """
    named = issue.get(TOLD_OF.get(action, ""))
    is_the_one_act = (
        bool(issue.get("is_on_the_spot"))
        and not round_of(issue)
        and (issue.get("confirmer_id"), issue.get("confirmed_on")) == (recorder_id, today)
        and (deed.person_id, deed.day) == (named, issue.get("found_on"))
    )
    if not is_the_one_act:
        raise NotAllowed(
            "not_the_own_deed",
            "The action {action} is recorded for somebody else only when what the report told is confirmed",
            action=action,
        )
    return advance(action, issue, given, person_id=deed.person_id, today=deed.day, facts=facts)
