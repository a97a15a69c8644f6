"""What an action does to an instruction or a supervision order: the table applied, and who stands on which side."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from governance.directives import OPEN, RUNNING, STEP_OF, STEPS, DirectiveAction, DirectiveStep, Party
from governance.errors import IllegalTransition, InvalidInput, NotAllowed
from governance.lights import light_of
from governance.permissions import Actor, Right, Target, may
from governance.vocabulary import DirectiveState, Light

Fields = Mapping[str, Any]
LONGEST_WORDS = 4000


def opening_directive(given: Fields, *, today: date) -> dict[str, Any]:
    """Fields of a directive as it is received.

    Parameters
    ----------
    given : mapping
        ``kind``, ``text``, ``due_on``, ``unit_id``, and either ``issue_id`` or ``zone_id``.
    today : date
        Local day of its receipt.

    Returns
    -------
    dict

    Raises
    ------
    InvalidInput
        No words, a day before today, nobody to carry it out, or not exactly one of issue and zone.
    """
    if (given.get("issue_id") is None) == (given.get("zone_id") is None):
        raise InvalidInput("directive_subject", "A directive is about exactly one issue or one zone")
    if given.get("unit_id") is None:
        raise InvalidInput("directive_unit", "A directive needs the unit that carries it out")
    _require_day(given["due_on"], today=today)
    text = _written(given.get("text") or "")
    return {**given, "text": text, "state": DirectiveState.RECEIVED, "received_on": today}


def take(
    action: DirectiveAction, directive: Fields, given: Fields, *, words: str, person_id: int | None, today: date
) -> dict[str, Any]:
    """Changes that an action makes to a directive, or a refusal.

    Parameters
    ----------
    action : DirectiveAction
    directive : mapping
        Its fields as they stand.
    given : mapping
        What belongs to the action beside the words: ``unit_id``, ``due_on``.
    words : str
        What the person writes.
    person_id : int or None
        Who acts; None for the operator of a command, who is apart from everybody.
    today : date
        Local day.

    Returns
    -------
    dict
        Field → new value.

    Raises
    ------
    IllegalTransition
        The state does not allow the action; names the state and what it allows.
    InvalidInput
        Words or a needed field are missing, a field does not belong to the action, or the new day is past.
    NotAllowed
        Whoever reported it carried out, or was named to do so, would end it.
    """
    row = _row_from(action, DirectiveState(directive["state"]))
    foreign = sorted(set(given) - set(row.needs))
    missing = [need for need in row.needs if given.get(need) is None]
    if foreign or missing:
        raise InvalidInput(
            "directive_fields",
            "The action {action} takes exactly these fields: {needs}; missing: {missing}; not taken: {foreign}",
            action=action,
            needs=row.needs or "-",
            missing=missing or "-",
            foreign=foreign or "-",
        )
    if "due_on" in given:
        _require_day(given["due_on"], today=today)
    _require_apart(row, directive, person_id)
    written = _written(words) if row.are_words_needed else words.strip()[:LONGEST_WORDS]
    return _changes(row, directive, {**given, row.words: written}, person_id=person_id, today=today)


def parties_of(actor: Actor, directive: Fields, *, subject: Target, doer: Target) -> frozenset[Party]:
    """On which sides of a directive somebody stands.

    Parameters
    ----------
    actor : Actor
    directive : mapping
        With ``giver_id`` and ``on_behalf_of_id``.
    subject : Target
        The issue or the zone that it is about.
    doer : Target
        The unit that carries it out, with its zone.

    Returns
    -------
    frozenset of Party
        Askers are the committee office, whoever gave it and the leader for whom it was given with the liaison of today,
        each as far as the right still reaches; doers are the people of the unit. The operator is both.
    """
    own = {directive.get("giver_id"), directive.get("on_behalf_of_id")} - {None}
    is_own = bool(own & ({actor.person_id, *actor.leader_ids} - {None}))
    has_given = is_own and may(actor, Right.END_DIRECTIVE)
    ends_any = may(actor, Right.END_DIRECTIVE, Target()) and may(actor, Right.END_DIRECTIVE, subject)
    sides = {Party.ASKER} if actor.is_operator or has_given or ends_any else set()
    return frozenset(sides | ({Party.DOER} if may(actor, Right.CARRY_OUT_DIRECTIVE, doer) else set()))


def actions_for(directive: Fields, parties: frozenset[Party], *, person_id: int | None) -> tuple[DirectiveAction, ...]:
    """What somebody may do next, in the table's order; empty when nothing is left or nothing is theirs."""
    state = DirectiveState(directive["state"])
    return tuple(
        row.action
        for row in STEPS
        if state in row.origins and row.party in parties and not _took_part(row, directive, person_id)
    )


def next_party(state: DirectiveState) -> Party | None:
    """Whose turn it is; None when the directive is done."""
    if state in RUNNING:
        return Party.DOER
    return Party.ASKER if state in OPEN else None


def light_of_directive(directive: Fields, *, today: date, yellow_days: int) -> Light | None:
    """Light by the time left to its deadline; None once it was reported: the doer's clock stands."""
    if DirectiveState(directive["state"]) not in RUNNING:
        return None
    return light_of(directive["due_on"], today=today, yellow_days=yellow_days)


def _row_from(action: DirectiveAction, state: DirectiveState) -> DirectiveStep:
    row = STEP_OF[action]
    if state in row.origins:
        return row
    raise IllegalTransition(
        "illegal_directive_step",
        "The action {action} is not possible in the state {state}; possible here: {allowed}",
        action=action,
        state=state,
        allowed=tuple(step.action for step in STEPS if state in step.origins) or "-",
    )


def _changes(
    row: DirectiveStep, directive: Fields, given: Fields, *, person_id: int | None, today: date
) -> dict[str, Any]:
    changes: dict[str, Any] = {name: None for name in row.clears if name not in given}
    changes |= {name: value for name, value in given.items() if name != "reason"}
    changes |= {row.dates: today} if row.dates else {}
    changes |= {row.marks: person_id} if row.marks else {}
    changes |= {row.counts: (directive.get(row.counts) or 0) + 1} if row.counts else {}
    return changes | ({"state": row.target} if row.target else {})


def _took_part(row: DirectiveStep, directive: Fields, person_id: int | None) -> bool:
    return person_id is not None and any(directive.get(name) == person_id for name in row.apart_from)


def _require_apart(row: DirectiveStep, directive: Fields, person_id: int | None) -> None:
    if _took_part(row, directive, person_id):
        raise NotAllowed(
            "directive_not_independent",
            "The action {action} needs somebody other than the person who carried it out and reported it",
            action=row.action,
        )


def _require_day(due_on: date, *, today: date) -> None:
    if due_on < today:
        raise InvalidInput(
            "directive_due_past", "The deadline {due_on} lies before today ({today})", due_on=due_on, today=today
        )


def _written(words: str) -> str:
    text = words.strip()
    if not 0 < len(text) <= LONGEST_WORDS:
        raise InvalidInput(
            "directive_words",
            "The words of an instruction, an order and their steps have 1 to {most} characters; these have {n}",
            most=LONGEST_WORDS,
            n=len(text),
        )
    return text
