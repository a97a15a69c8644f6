"""What an action does to an issue: the transition table applied, nothing else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from governance.counting import CLUES, UNRESOLVED
from governance.errors import IllegalTransition, InvalidInput, NotAllowed
from governance.grading import sign_off_level
from governance.independence import require_independence
from governance.issue_facts import NO_FACTS, Facts
from governance.stages import BY_ACTION, CLEARS, CLOCK, TRANSITIONS, Action, Transition, actions_from
from governance.vocabulary import CheckArea, EvidenceKind, IssueField, SignOffLevel, Stage

Fields = Mapping[str, Any]

# What only the loop itself writes: nobody hands in who checked, or when, or how often.
KEPT_BY_THE_LOOP = frozenset({"stage", "due_on", "finder_id", "is_unproven", "is_on_the_spot"}) | {
    field for row in TRANSITIONS for field in (row.marks, row.dates, row.counts) if field
}
# What only later actions bring, and what a report therefore cannot.
_LATER = frozenset({"check_due_on", "review_due_on", "notice_ends_on", "merged_into_id", "handed_in_document"})
_ABOVE = frozenset({"above_basis", "above_result"})
# Whoever acts does not set the clock by which the others judge: these days are counted, never handed in.
COUNTED_BY_THE_LOOP = frozenset({"check_due_on", "notice_ends_on"})
_ABOVE_NEEDS = ("handed_in_on", *sorted(_ABOVE))


def opening_fields(given: Fields, *, finder_id: int | None, today: date) -> dict[str, Any]:
    """Fields of a newly reported issue: a clue whose confirmation clock runs.

    Parameters
    ----------
    given : mapping
        Must hold ``title``, ``source``, ``severity`` and ``confirm_due_on``.
    finder_id : int or None
        Person who found it; None for the operator of a command.
    today : date
        Local day of the report; ``found_on`` unless given earlier.

    Returns
    -------
    dict

    Raises
    ------
    InvalidInput
        A title that is empty, a finding dated after today, or a field that only the loop itself or a later action
        writes.
    """
    if not str(given.get("title") or "").strip():
        raise InvalidInput("title_missing", "An issue needs a title of at least one character")
    found_on = given.get("found_on") or today
    if found_on > today:
        raise InvalidInput(
            "found_in_future",
            "The issue was found on {found_on}, after today ({today})",
            found_on=found_on,
            today=today,
        )
    _require_nothing_kept(Action.REPORT, given, kept=KEPT_BY_THE_LOOP | _LATER | _ABOVE)
    level = sign_off_level(source=given["source"], severity=given["severity"], wanted=given.get("sign_off_level"))
    opened = {
        **given,
        "stage": Stage.DISCOVERED,
        "found_on": found_on,
        "finder_id": finder_id,
        "sign_off_level": level,
    }
    return {**opened, "due_on": running_deadline(Stage.DISCOVERED, opened)}


def advance(
    action: Action, issue: Fields, given: Fields, *, person_id: int | None, today: date, facts: Facts = NO_FACTS
) -> dict[str, Any]:
    """Changes that an action makes to an issue, or a refusal.

    Parameters
    ----------
    action : Action
    issue : mapping
        The issue's fields as they stand.
    given : mapping
        What the person hands in and the days that were counted: no field but those that the action needs or
        takes. ``reason`` belongs to the event and is not returned.
    person_id : int or None
        Who acts; None for the operator of a command, who is apart from everybody.
    today : date
        Local day of the action.
    facts : Facts
        Evidence, plan and past of the issue, and the district's numbers.

    Returns
    -------
    dict
        Field → new value, ``stage`` and the running ``due_on`` included.

    Raises
    ------
    IllegalTransition
        The stage does not allow the action; names the stage and the actions that it allows.
    InvalidInput
        A needed field or piece of evidence is missing or blank, a field was handed in that the action does not take
        or only the loop itself writes, or what must come first has not: the public notice, the submission above,
        the plan's last step.
    NotAllowed
        The person took part in what must be judged by somebody else, or the action was done as often as it may be.
    """
    row = _row_from(action, Stage(issue["stage"]))
    _require_nothing_kept(action, given)
    _require_taken(row, given)
    _require_needs(row, issue, given)
    require_independence(row, issue, facts, person_id)
    _require_fewer(row, issue)
    _require_evidence(row, issue, facts)
    _require_order(action, issue, given, facts, today)
    changes = {key: value for key, value in given.items() if key != "reason"}
    changes |= _graded(issue, given)
    changes |= {field: None for field in CLEARS.get(action, ()) if field not in given}
    changes |= {row.marks: person_id} if row.marks else {}
    changes |= {row.dates: today} if row.dates else {}
    changes |= {row.counts: (issue.get(row.counts) or 0) + 1} if row.counts else {}
    changes["stage"] = row.target
    changes["due_on"] = running_deadline(row.target, {**issue, **changes})
    return changes


def running_deadline(stage: Stage, issue: Fields) -> date | None:
    """Local date on which the clock that runs in ``stage`` ends; None when none runs or none was set."""
    field = CLOCK[stage]
    return issue.get(field) if field else None


def _row_from(action: Action, stage: Stage) -> Transition:
    row = BY_ACTION.get(action)
    if row is not None and stage in row.origins:
        return row
    raise IllegalTransition(
        "illegal_transition",
        "The action {action} is not possible in the stage {stage}; possible here: {allowed}",
        action=action,
        stage=stage,
        allowed=actions_from(stage) or "-",
    )


def require_nothing_counted(action: Action, given: Fields) -> None:
    """Refuse days that are counted by the rules: nobody sets the clock of whoever judges the own work.

    Parameters
    ----------
    action : Action
    given : mapping
        What the person hands in, before the counted days are added.

    Raises
    ------
    InvalidInput
    """
    _require_nothing_kept(action, given, kept=COUNTED_BY_THE_LOOP)


def _require_nothing_kept(action: Action, given: Fields, *, kept: frozenset[str] = KEPT_BY_THE_LOOP) -> None:
    handed_in = sorted(kept & given.keys())
    if handed_in:
        raise InvalidInput(
            "field_kept",
            "The action {action} writes {fields} itself; nobody can hand it in",
            action=action,
            fields=", ".join(handed_in),
        )


def _require_taken(row: Transition, given: Fields) -> None:
    strange = sorted(given.keys() - {*row.needs, *row.takes, "reason"})
    if strange:
        raise InvalidInput(
            "field_not_taken",
            "The action {action} does not take {fields}; allowed: {allowed}",
            action=row.action,
            fields=", ".join(strange),
            allowed=", ".join(sorted({*row.needs, *row.takes})) or "-",
        )


def _graded(issue: Fields, given: Fields) -> dict[str, SignOffLevel]:
    """The level anew where severity or level are handed in: a level is raised by people and lowered by nobody."""
    if not {"severity", "sign_off_level"} & given.keys():
        return {}
    known = {**issue, **given}
    level = sign_off_level(source=known["source"], severity=known["severity"], wanted=given.get("sign_off_level"))
    return {"sign_off_level": level}


def _require_needs(row: Transition, issue: Fields, given: Fields) -> None:
    known = {**issue, "reason": None, **given}
    missing = [need for need in row.needs if _is_blank(known.get(need))]
    if missing:
        raise InvalidInput(
            "field_missing",
            "The action {action} needs {fields}",
            action=row.action,
            fields=tuple(IssueField(name) for name in missing),
        )


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _require_fewer(row: Transition, issue: Fields) -> None:
    if row.at_most and (issue.get(row.counts) or 0) >= row.at_most:
        raise NotAllowed(
            "done_often_enough",
            "The action {action} may be done {most} time(s) in an issue's life, and was",
            action=row.action,
            most=row.at_most,
        )


def _require_evidence(row: Transition, issue: Fields, facts: Facts) -> None:
    missing = tuple(kind for kind in evidence_for(row, issue) if kind not in facts.evidence)
    if missing:
        raise InvalidInput(
            "evidence_missing", "The action {action} needs evidence: {kinds}", action=row.action, kinds=missing
        )


def evidence_for(row: Transition, issue: Fields) -> tuple[EvidenceKind, ...]:
    """Evidence that an action needs; what monitoring found is proved by a monitoring report as well.

    Parameters
    ----------
    row : Transition
    issue : mapping
        The issue's fields.

    Returns
    -------
    tuple of EvidenceKind
    """
    is_monitored = EvidenceKind.AFTER in row.evidence and issue.get("check_area") == CheckArea.MONITORING
    return (*row.evidence, EvidenceKind.MONITORING_REPORT) if is_monitored else row.evidence


def _require_order(action: Action, issue: Fields, given: Fields, facts: Facts, today: date) -> None:
    if action == Action.MERGE and given.get("merged_into_id") == issue.get("id"):
        raise InvalidInput("merged_into_itself", "An issue cannot be merged into itself")
    if facts.duplicate is not None and facts.duplicate not in CLUES | UNRESOLVED:
        raise InvalidInput(
            "merged_into_ended",
            "An issue is merged only into one that still lives; that one is {stage}",
            stage=facts.duplicate,
        )
    if action == Action.SUBMIT_MEASURES and facts.open_milestones:
        raise InvalidInput(
            "plan_unfinished", "{n} steps of the long-term plan are not reached yet", n=facts.open_milestones
        )
    if action == Action.HAND_IN_ABOVE and issue.get("sign_off_level") != SignOffLevel.ABOVE:
        raise InvalidInput("not_from_above", "Only what came from above is handed in above; this issue did not")
    if action == Action.SIGN_OFF:
        _require_ending(issue, given, facts, today)


def _require_ending(issue: Fields, given: Fields, facts: Facts, today: date) -> None:
    """What came from above was signed off above; where the category asks for it, the public had its say."""
    known = {**issue, **given}
    missing = tuple(IssueField(name) for name in _ABOVE_NEEDS if _is_blank(known.get(name)))
    if issue.get("sign_off_level") == SignOffLevel.ABOVE and missing:
        raise InvalidInput(
            "field_missing", "The action {action} needs {fields}", action=Action.SIGN_OFF, fields=missing
        )
    ends_on = issue.get("notice_ends_on")
    if ends_on is None and issue.get("category") in facts.numbers.notice_categories:
        raise InvalidInput(
            "notice_needed",
            "Issues of the category {category} are announced before they are signed off",
            category=issue.get("category"),
        )
    if ends_on is not None and today <= ends_on:
        raise InvalidInput("notice_running", "The public notice runs until {ends_on}", ends_on=ends_on)


def round_of(issue: Fields) -> int:
    """How often an issue was returned or reopened: the number of its present round, from 0."""
    return int(issue.get("times_returned") or 0) + int(issue.get("times_reopened") or 0)
