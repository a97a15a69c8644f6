"""Who is told of what happened: whoever must act next, and whoever waited for the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlmodel import Session

from dashboard.i18n import _, label, pgettext
from dashboard.services.directives import parties
from dashboard.services.issues import target_of
from db.records import fields_of
from db.repositories.loop import joining_units
from db.tables.directives import Directive
from db.tables.history import Event
from db.tables.issues import Issue, Notice
from db.tables.loop import Extension
from db.tables.people import Unit
from governance.directives import DIRECTIVE_EVENT, GIVEN, DirectiveAction, Party
from governance.loop_numbers import LoopNumbers
from governance.next_step import NextStep, next_step
from governance.permissions import RIGHT_OF, Actor, Right, Scope, Target, may, scope_of
from governance.stages import EVENT_CODE, Action
from governance.vocabulary import Role

LONGEST_WORDS: Final = 80
Reaches = Callable[[Actor], bool]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Something that somebody is told of.

    Attributes
    ----------
    about
        What it is about: of several events on one thing only the last is told.
    line
        In the language in force.
    path
        Where it is opened in the product.
    reaches
        Whether it concerns somebody, as far as the person may see it.
    """

    about: tuple[str, int]
    line: str
    path: str
    reaches: Reaches


def matter_of(session: Session, event: Event, *, today: date, numbers: LoopNumbers) -> Matter | None:
    """What an event tells, and whom; None when it tells nothing (any more).

    Parameters
    ----------
    session : Session
    event : Event
        With one of `TOLD`.
    today : date
        Local day.
    numbers : LoopNumbers
    """
    kind = (event.subject_kind, event.code)
    if event.code in _NEXT and event.subject_kind == Issue.subject:
        return _next_in(session, event, today=today, numbers=numbers)
    making = _MAKING.get(kind)
    return making(session, event) if making else None


def shortened(text: str) -> str:
    """A record's words as one line of a message: at most 80 characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_WORDS else f"{line[: LONGEST_WORDS - 1]}…"


def _next_in(session: Session, event: Event, *, today: date, numbers: LoopNumbers) -> Matter | None:
    """Who must act next on an issue, as it stands now."""
    issue = session.get_one(Issue, event.subject_id)
    step = next_step(fields_of(issue), today=today, numbers=numbers)
    if step is None:
        return None
    target = _target(session, issue)
    line = _("{number} {title}: {step}", number=issue.number, title=shortened(issue.title), step=label(step.action))
    if step.due_on:
        line = _("{line} by {day}", line=line, day=step.due_on)
    return _of_issue(issue, f"{pgettext('event', event.code)} · {line}", _must_act(step, target))


def _must_act(step: NextStep, target: Target) -> Reaches:
    def reaches(actor: Actor) -> bool:
        if actor.person_id in step.barred_ids or not may(actor, Right.SEE, target):
            return False
        is_named = step.person_id is not None and actor.person_id == step.person_id
        units = frozenset[int]().union(*(grant.unit_ids for grant in actor.grants))
        has_turn = step.role in actor.roles and may(actor, RIGHT_OF[step.action], target)
        return is_named or step.unit_id in units or has_turn

    return reaches


def _refused(session: Session, event: Event) -> Matter:
    issue = session.get_one(Issue, event.subject_id)
    line = f"{pgettext('event', event.code)} · {issue.number} {shortened(issue.title)}: {shortened(event.reason)}"
    return _of_issue(issue, line, _persons(_target(session, issue), issue.finder_id))


def _asked_for_time(session: Session, event: Event) -> Matter:
    extension, issue = _extension(session, event)
    target = _target(session, issue)
    line = _("{number} {title}: more time asked for, to {day}", **_named(issue), day=extension.wanted_due_on)

    def reaches(actor: Actor) -> bool:
        return may(actor, Right.DECIDE_EXTENSION, target) and actor.person_id != extension.asked_by_id

    return _of_issue(issue, line, reaches)


def _answered(session: Session, event: Event) -> Matter:
    extension, issue = _extension(session, event)
    line = _("{number} {title}: more time {state}", **_named(issue), state=label(extension.state))
    concerned = _persons(_target(session, issue), extension.asked_by_id, issue.person_in_charge_id)
    return _of_issue(issue, line, concerned)


def _noticed(session: Session, event: Event) -> Matter | None:
    notice = session.get_one(Notice, event.subject_id)
    if notice.enterprise_id is None:
        return None

    def reaches(actor: Actor) -> bool:
        return any(
            grant.role == Role.ENVIRONMENT_DIRECTOR and notice.enterprise_id in grant.enterprise_ids
            for grant in actor.grants
        )

    line = _("Rectification notice {number}, to be answered by {day}", number=notice.number, day=notice.due_on or "—")
    return Matter(about=(Notice.subject, notice.key), line=line, path="/ledger", reaches=reaches)


def _for_doers(session: Session, event: Event) -> Matter:
    """The people of the unit that carries a directive out, and whoever is named; not all who might do it for them."""
    directive = session.get_one(Directive, event.subject_id)
    unit = session.get(Unit, directive.unit_id) if directive.unit_id is not None else None

    def reaches(actor: Actor) -> bool:
        is_named = directive.person_id is not None and actor.person_id == directive.person_id
        return is_named or any(_belongs(grant.unit_ids, grant.zone_ids, grant.role, unit) for grant in actor.grants)

    return _of_directive(directive, event, reaches)


def _for_askers(session: Session, event: Event) -> Matter:
    directive = session.get_one(Directive, event.subject_id)

    def reaches(actor: Actor) -> bool:
        return Party.ASKER in parties(session, actor, directive) and actor.person_id != directive.reporter_id

    return _of_directive(directive, event, reaches)


def _belongs(unit_ids: frozenset[int], zone_ids: frozenset[int], role: Role, unit: Unit | None) -> bool:
    scope = scope_of(Right.CARRY_OUT_DIRECTIVE, role)
    if unit is None or scope is None:
        return False
    return unit.key in unit_ids or (scope == Scope.TOWNSHIP and unit.zone_id in zone_ids)


def _of_directive(directive: Directive, event: Event, reaches: Reaches) -> Matter:
    words = shortened(event.reason or directive.text)
    line = _(
        "{happened}: {kind} {number}, due on {day}: {words}",
        happened=pgettext("event", event.code),
        kind=label(directive.kind),
        number=directive.number,
        day=directive.due_on,
        words=words,
    )
    path = f"/directives?directive={directive.number}"
    return Matter(about=(Directive.subject, directive.key), line=line, path=path, reaches=reaches)


def _of_issue(issue: Issue, line: str, reaches: Reaches) -> Matter:
    return Matter(about=(Issue.subject, issue.key), line=line, path=f"/issue?id={issue.number}", reaches=reaches)


def _persons(target: Target, *person_ids: int | None) -> Reaches:
    wanted = frozenset(person for person in person_ids if person is not None)
    return lambda actor: actor.person_id in wanted and may(actor, Right.SEE, target)


def _target(session: Session, issue: Issue) -> Target:
    return target_of(issue, [row.unit_id for row in joining_units(session, issue.key)])


def _extension(session: Session, event: Event) -> tuple[Extension, Issue]:
    extension = session.get_one(Extension, event.subject_id)
    return extension, session.get_one(Issue, extension.issue_id)


def _named(issue: Issue) -> dict[str, str]:
    return {"number": issue.number, "title": shortened(issue.title)}


A, D = Action, DirectiveAction
# Moves after which it is somebody's turn who may not know it yet.
_NEXT: Final = frozenset(
    EVENT_CODE[action]
    for action in (
        *(A.REPORT, A.CONFIRM, A.ENTER_LEDGER, A.HAND_OVER, A.SEND_BACK, A.SUBMIT_MEASURES, A.CHECK_ON_SITE),
        *(A.RETURN, A.ANNOUNCE, A.HAND_IN_ABOVE, A.REOPEN),
    )
)
_MAKING: Final[Mapping[tuple[str, str], Callable[[Session, Event], Matter | None]]] = MappingProxyType(
    {
        (Issue.subject, EVENT_CODE[A.REFUSE]): _refused,
        (Extension.subject, "extension_asked"): _asked_for_time,
        (Extension.subject, "extension_granted"): _answered,
        (Extension.subject, "extension_refused"): _answered,
        (Notice.subject, "notice_issued"): _noticed,
        **{(Directive.subject, code): _for_doers for code in GIVEN.values()},
        **{(Directive.subject, DIRECTIVE_EVENT[a]): _for_doers for a in (D.REDIRECT, D.HAND_BACK, D.URGE, D.FINISH)},
        **{(Directive.subject, DIRECTIVE_EVENT[a]): _for_askers for a in (D.PROPOSE, D.REPORT)},
    }
)
TOLD: Final = _NEXT | frozenset(code for _subject, code in _MAKING)
