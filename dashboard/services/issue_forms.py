"""The forms of actions, made from the transition table: which fields, of which kind, with which value to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlmodel import Session, col, select

from dashboard.services.issues import Look, counted_deadlines, target_of
from db.records import fields_of
from db.repositories.dated import valid_on
from db.repositories.loop import evidence_kinds
from db.tables.issues import Issue
from db.tables.people import Appointment, Person, Unit
from db.tables.territory import IndustryStandard
from governance.issue_rules import KEPT_BY_THE_LOOP, evidence_for
from governance.loop_numbers import LoopNumbers
from governance.notices import ISSUERS, RIGHTS
from governance.permissions import Actor, may
from governance.stages import BY_ACTION, Action
from governance.vocabulary import (
    Category,
    CheckArea,
    EvidenceKind,
    Role,
    Severity,
    SignOffLevel,
    Term,
    UnitKind,
)


class FieldKind(StrEnum):
    """How a field of a form is asked for."""

    WORDS = "words"
    LINE = "line"
    DAY = "day"
    CHOICE = "choice"
    UNIT = "unit"
    UNITS = "units"
    PERSON = "person"
    ISSUE = "issue"
    ISSUER = "issuer"


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One field: its name as in the rules, how it is asked for, and what stands in it at first."""

    name: str
    kind: FieldKind
    is_needed: bool
    default: Any = None
    words: type[StrEnum] | None = None


@dataclass(frozen=True, kw_only=True)
class ActionForm:
    """The form of an action.

    Attributes
    ----------
    evidence
        Kinds of files that the action needs and that do not lie with the issue yet: they come with the form.
    counted
        Days that the rules set by themselves, to be said and not to be asked.
    """

    action: Action
    fields: tuple[FormField, ...]
    evidence: tuple[EvidenceKind, ...]
    counted: Mapping[str, date]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What forms and possibilities are made from: like a unit of work, without the turn to write."""

    session: Session
    today: date
    numbers: LoopNumbers


NOTICE_ISSUER: Final = "notice_issuer_id"
_KINDS: Final[Mapping[str, FieldKind]] = MappingProxyType(
    {
        "reason": FieldKind.WORDS,
        "requirement": FieldKind.WORDS,
        "measures": FieldKind.WORDS,
        "above_result": FieldKind.WORDS,
        "above_basis": FieldKind.LINE,
        "handed_in_document": FieldKind.LINE,
        "rectify_due_on": FieldKind.DAY,
        "review_due_on": FieldKind.DAY,
        "lead_unit_id": FieldKind.UNIT,
        "joining_unit_ids": FieldKind.UNITS,
        "person_in_charge_id": FieldKind.PERSON,
        "merged_into_id": FieldKind.ISSUE,
        NOTICE_ISSUER: FieldKind.ISSUER,
    }
)
_CHOICES: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {"term": Term, "severity": Severity, "category": Category, "check_area": CheckArea}
)
# What a form offers beside what its action needs.
_OFFERED: Final[Mapping[Action, tuple[str, ...]]] = MappingProxyType(
    {
        Action.CONFIRM: ("severity", "category", "check_area"),
        Action.ENTER_LEDGER: (NOTICE_ISSUER,),
        Action.HAND_OVER: ("joining_unit_ids",),
        Action.HAND_IN_ABOVE: ("above_basis",),
    }
)
_ABOVE: Final = ("above_basis", "above_result")
_COUNTED: Final = frozenset({"check_due_on", "notice_ends_on"})
# The files that come with the form itself; what was found must have been photographed before.
_BROUGHT: Final = frozenset({Action.SUBMIT_MEASURES})
_LEADING: Final = (UnitKind.DEPARTMENT, UnitKind.TOWNSHIP, UnitKind.BUREAU, UnitKind.COMMITTEE_OFFICE)


def form_of(look: Look, issue: Issue, action: Action) -> ActionForm:
    """The form of an action on an issue.

    Parameters
    ----------
    look : Look
        A unit of work, or a `Reading`.
    issue : Issue
    action : Action

    Returns
    -------
    ActionForm
        Fields in the order of the rules; text that the issue holds already stands in them.
    """
    usual = {"term": Term.LIMITED, "lead_unit_id": usual_lead(look.session, issue, today=look.today)}
    known = {**usual, **_set(fields_of(issue))}
    counted = counted_deadlines(look, action, known)
    needed = needed_fields(issue, action)
    offered = [name for name in _OFFERED.get(action, ()) if name not in needed]
    return ActionForm(
        action=action,
        fields=tuple(
            _field(name, is_needed=name in needed, default=_default(name, known, counted))
            for name in (*needed, *offered)
        ),
        evidence=missing_evidence(look, issue, action) if action in _BROUGHT else (),
        counted={name: day for name, day in counted.items() if name in _COUNTED},
    )


def needed_fields(issue: Issue, action: Action) -> tuple[str, ...]:
    """Fields that an action asks a person for; what the loop writes or counts itself is not among them."""
    needs = [name for name in BY_ACTION[action].needs if name not in KEPT_BY_THE_LOOP | _COUNTED]
    is_ending_above = action == Action.SIGN_OFF and issue.sign_off_level == SignOffLevel.ABOVE
    return (*needs, *(_ABOVE if is_ending_above else ()))


def missing_evidence(look: Look, issue: Issue, action: Action) -> tuple[EvidenceKind, ...]:
    """Kinds of evidence that an action needs and that do not lie with the issue in its present round."""
    wanted = evidence_for(BY_ACTION[action], issue.model_dump())
    present = evidence_kinds(look.session, issue) if wanted else frozenset()
    return tuple(kind for kind in wanted if kind not in present)


def counted_day(look: Look, issue: Issue, action: Action, values: Mapping[str, Any]) -> date | None:
    """The deadline that the rules count for what is chosen in a form so far; None where they count none."""
    day = counted_deadlines(look, action, {**fields_of(issue), **_set(values)}).get("rectify_due_on")
    return day if isinstance(day, date) else None


def leading_units(session: Session) -> list[Unit]:
    """Units that can lead or join in a rectification: departments and townships first, by code."""
    found = session.exec(select(Unit).where(col(Unit.kind).in_(_LEADING)).order_by(col(Unit.code)))
    return sorted(found, key=lambda unit: _LEADING.index(unit.kind))


def notice_issuers(session: Session, actor: Actor, issue: Issue) -> list[Unit]:
    """Units in whose name a person may issue a notice for an issue: the own ones, and the township's government."""
    kinds = [kind for kind, right in RIGHTS.items() if may(actor, right, target_of(issue))]
    issuers = {unit_kind for kind in kinds for unit_kind in ISSUERS[kind]}
    own = {unit for grant in actor.grants for unit in grant.unit_ids}
    here = (col(Unit.kind) == UnitKind.TOWNSHIP) & (col(Unit.zone_id) == issue.township_id)
    query = select(Unit).where(col(Unit.kind).in_(issuers), col(Unit.id).in_(own) | here)
    return list(session.exec(query.order_by(col(Unit.code))))


def usual_lead(session: Session, issue: Issue, *, today: date) -> int | None:
    """The unit that usually leads: the department of the industry, else the township; None where there is neither."""
    judged = select(IndustryStandard.department_id).where(
        IndustryStandard.industry_id == issue.industry_id, valid_on(IndustryStandard, today)
    )
    own = select(Unit.id).where(col(Unit.zone_id) == issue.township_id, Unit.kind == UnitKind.TOWNSHIP)
    by_industry = session.exec(judged).first() if issue.industry_id is not None else None
    return by_industry or (session.exec(own).first() if issue.township_id is not None else None)


def people_of(session: Session, issue: Issue, unit_id: int | None, *, today: date) -> list[tuple[Person, Role]]:
    """Who can be in charge: the enterprise's environment directors, then the people of the leading unit, by code.

    A township's people are those appointed to its territory as well.
    """
    unit = session.get(Unit, unit_id) if unit_id is not None else None
    reach = col(Appointment.unit_id) == unit_id
    if unit is not None and unit.zone_id is not None:
        reach = reach | ((col(Appointment.zone_id) == unit.zone_id) & (col(Appointment.role) == Role.TOWNSHIP))
    if issue.enterprise_id is not None:
        directs = col(Appointment.role) == Role.ENVIRONMENT_DIRECTOR
        reach = reach | ((col(Appointment.enterprise_id) == issue.enterprise_id) & directs)
    query = select(Person, Appointment.role).join(Appointment, col(Appointment.person_id) == col(Person.id))
    rows = session.exec(query.where(reach, valid_on(Appointment, today)).order_by(col(Person.code)))
    found = {person.key: (person, Role(role)) for person, role in rows}
    return sorted(found.values(), key=lambda pair: pair[1] != Role.ENVIRONMENT_DIRECTOR)


def _field(name: str, *, is_needed: bool, default: Any) -> FormField:
    words = _CHOICES.get(name)
    kind = FieldKind.CHOICE if words else _KINDS[name]
    return FormField(name=name, kind=kind, is_needed=is_needed, default=default, words=words)


def _default(name: str, known: Mapping[str, Any], counted: Mapping[str, Any]) -> Any:
    if name in counted:
        return counted[name]
    return known.get(name) if name != "measures" else None


def _set(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
