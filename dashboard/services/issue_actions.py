"""What somebody may do with an issue now, why not, and the doing of it: on one issue, or on many at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlmodel import Session, select

from dashboard.services.issue_forms import NOTICE_ISSUER, FieldKind, FormField, Reading, form_of, needed_fields
from dashboard.services.issues import act, counted_deadlines, enter_ledger, facts_of, hand_over, target_in
from dashboard.services.notices import issue_notice
from db import records
from db.loop_rules import loop_numbers_of
from db.repositories.scopes import issues_within
from db.tables.issues import Issue
from db.tables.people import Unit
from db.unit_of_work import UnitOfWork
from governance.errors import Conflict, GridGuardError, InvalidInput, NotFound
from governance.issue_rules import advance
from governance.notices import ISSUERS
from governance.permissions import RIGHT_OF, Actor, Target, require
from governance.plans import require_plan
from governance.stages import Action, actions_from
from governance.vocabulary import NoticeKind, Term

MOST_AT_ONCE: Final = 200
_STANDS_FOR: Final[Mapping[FieldKind, Callable[[date], Any]]] = {
    FieldKind.WORDS: lambda _: "-",
    FieldKind.LINE: lambda _: "-",
    FieldKind.DAY: lambda today: today,
    FieldKind.CHOICE: lambda _: Term.LIMITED,
    FieldKind.UNIT: lambda _: 0,
    FieldKind.PERSON: lambda _: 0,
    FieldKind.ISSUE: lambda _: 0,
}


@dataclass(frozen=True, kw_only=True)
class Possibility:
    """An action that the issue's stage knows, and why the person cannot do it; None: it is possible.

    Attributes
    ----------
    is_of_role
        The person's role would allow it here: what stands in the way is the issue, or a part already taken in it.
    """

    action: Action
    is_of_role: bool
    refusal: GridGuardError | None = None


class ManyRefused(InvalidInput):
    """An action on several issues that is refused for some of them, so that nothing was done.

    Attributes
    ----------
    refusals
        Number of the issue → why.
    """

    refusals: Mapping[str, GridGuardError]


def possible_actions(session: Session, actor: Actor, issue: Issue, *, today: date) -> list[Possibility]:
    """What a person may do with an issue as it stands, and why not the rest.

    Parameters
    ----------
    session : Session
    actor : Actor
    issue : Issue
        One that the person may see.
    today : date
        Local day.

    Returns
    -------
    list of Possibility
        Every action that the stage knows, in the order of the transition table. What a form asks for (words, days,
        files that come with it) is taken as given: the rules are asked for everything else.
    """
    look = Reading(session=session, today=today, numbers=loop_numbers_of(session))
    target = target_in(look, issue)
    return [_possibility(look, actor, issue, action, target) for action in actions_from(issue.stage)]


def perform(
    work: UnitOfWork, number: str, action: Action, values: Mapping[str, Any], *, version: int | None = None
) -> Issue:
    """Do what a form says.

    Parameters
    ----------
    work : UnitOfWork
    number : str
        The issue's own number.
    action : Action
    values : mapping
        Fields of `dashboard.services.issue_forms.form_of`; blank ones are left out. ``merged_into_id`` may be the
        other issue's own number, as people know it; ``notice_issuer_id`` issues a notice with the entry in the ledger.
    version : int, optional
        Of the issue that the form was made from.

    Raises
    ------
    NotFound, Conflict, NotAllowed, IllegalTransition, InvalidInput
    """
    issue = seen_issue(work.session, work.actor, number, version=version)
    needed = needed_fields(issue, action)
    given = {
        name: value
        for name, value in values.items()
        if not _is_blank(value) and (name in needed or getattr(issue, name, None) != value)
    }
    if isinstance(given.get("merged_into_id"), str):
        given["merged_into_id"] = merge_target(work.session, work.actor, issue, given["merged_into_id"]).key
    issuer_id = given.pop(NOTICE_ISSUER, None)
    if action == Action.KEEP_LONG_TERM:  # only with its steps, see dashboard.services.plans.keep_long_term
        require_plan((), review_on=given.get("review_due_on", work.today), today=work.today)
    match action:
        case Action.HAND_OVER if {"lead_unit_id", "person_in_charge_id"} <= given.keys():
            return hand_over(work, issue, **given)
        case Action.ENTER_LEDGER if {"term", "requirement"} <= given.keys():
            enter_ledger(work, issue, **given)
            if issuer_id is not None:
                _issue_notice(work, issue, issuer_id)
            return issue
    return act(work, issue, action, **given)


def act_on_many(work: UnitOfWork, numbers: Sequence[str], action: Action, values: Mapping[str, Any]) -> list[Issue]:
    """Do the same with several issues: all of them, or none.

    Parameters
    ----------
    work : UnitOfWork
    numbers : sequence of str
        The issues' own numbers, 1 to 200; named twice counts once.
    action : Action
    values : mapping
        The same fields for each, as for `perform`; deadlines that are left out are counted for each.

    Returns
    -------
    list of Issue

    Raises
    ------
    InvalidInput
        None or too many.
    ManyRefused
        The rules or the person's rights refuse it for at least one; leaves the unit of work, so that nothing is stored.
    """
    wanted = list(dict.fromkeys(numbers))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise InvalidInput(
            "how_many", "1 to {most} issues can be dealt with at once; here are {n}", most=MOST_AT_ONCE, n=len(wanted)
        )
    done, refusals = [], {}
    for number in wanted:
        try:
            done.append(perform(work, number, action, values))
        except GridGuardError as refusal:
            refusals[number] = refusal
    if refusals:
        raise _many_refused(action, refusals, of=len(wanted))
    return done


def possible_for_all(session: Session, actor: Actor, issues: Iterable[Issue], *, today: date) -> tuple[Action, ...]:
    """Actions that a person may do with each of several issues, in the order of the transition table; none for none."""
    possible = [
        {found.action for found in possible_actions(session, actor, issue, today=today) if found.refusal is None}
        for issue in issues
    ]
    shared = set.intersection(*possible) if possible else set()
    return tuple(action for action in Action if action in shared)


def seen_issue(session: Session, actor: Actor, number: str, *, version: int | None = None) -> Issue:
    """An issue by its own number, for whoever may see it, in the version that a form was made from.

    Raises
    ------
    NotFound, Conflict
    """
    query = select(Issue.id).where(Issue.number == number, issues_within(actor))
    key = session.exec(query).first()
    if key is None:
        raise NotFound("no_issue", "There is no issue with the number {number} for you", number=number)
    try:
        return records.get(session, Issue, key, version=version)
    except Conflict as stale:  # people know the issue by its own number
        raise Conflict(stale.code, stale.template, **{**stale.params, "number": number}) from stale


def merge_target(session: Session, actor: Actor, issue: Issue, number: str) -> Issue:
    """The issue into which another is to be merged, by its own number.

    Raises
    ------
    NotFound
        There is none, or not for this person.
    InvalidInput
        It is the issue itself.
    """
    other = seen_issue(session, actor, number.strip())
    if other.key == issue.key:
        raise InvalidInput("merged_into_itself", "An issue cannot be merged into itself")
    return other


def _possibility(look: Reading, actor: Actor, issue: Issue, action: Action, target: Target) -> Possibility:
    try:
        require(actor, RIGHT_OF[action], target)
    except GridGuardError as refusal:
        return Possibility(action=action, is_of_role=False, refusal=refusal)
    try:
        _try(look, actor, issue, action)
    except GridGuardError as refusal:
        return Possibility(action=action, is_of_role=True, refusal=refusal)
    return Possibility(action=action, is_of_role=True)


def _try(look: Reading, actor: Actor, issue: Issue, action: Action) -> None:
    """Ask the rules with a form that is filled in; what it says does not matter."""
    fields, form = records.fields_of(issue), form_of(look, issue, action)
    filled = {field.name: _stand_in(field, look.today) for field in form.fields if field.is_needed}
    counted = counted_deadlines(look, action, {**fields, **filled})
    facts = facts_of(look, issue, action)
    facts = replace(facts, evidence=facts.evidence | frozenset(form.evidence))
    advance(action, fields, {**filled, **counted}, person_id=actor.person_id, today=look.today, facts=facts)


def _stand_in(field: FormField, today: date) -> Any:
    return field.default if field.default is not None else _STANDS_FOR[field.kind](today)


def _issue_notice(work: UnitOfWork, issue: Issue, issuer_id: int) -> None:
    issuer = records.get(work.session, Unit, issuer_id)
    kind = next((kind for kind, kinds in ISSUERS.items() if issuer.kind in kinds), NoticeKind.DISTRICT)
    issue_notice(work, kind=kind, issuer=issuer, issues=[issue])


def _is_blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _many_refused(action: Action, refusals: Mapping[str, GridGuardError], *, of: int) -> ManyRefused:
    refused = ManyRefused(
        "many_refused",
        "The action {action} is refused for {n} of {of} issues, so nothing was done: {numbers}",
        action=action,
        n=len(refusals),
        of=of,
        numbers=tuple(refusals),
    )
    refused.refusals = refusals
    return refused
