"""Who must act next, what, and by when: one table, the first and only row that fits an open issue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from governance.issue_rules import running_deadline
from governance.loop_numbers import USUAL, LoopNumbers
from governance.permissions import TOWNSHIP_FINDINGS
from governance.stages import BY_ACTION, Action, actions_from
from governance.vocabulary import Role, SignOffLevel, Stage

Fields = Mapping[str, Any]


class Circumstance(StrEnum):
    """What decides, beside the stage, whose turn it is."""

    OWN_FINDING = "own_finding"
    OTHER_FINDING = "other_finding"
    AT_ENTERPRISE = "at_enterprise"
    AT_PLACE = "at_place"
    ELSEWHERE = "elsewhere"
    UNCHECKED = "unchecked"
    CHECKED = "checked"
    TOWNSHIP_CHECKS = "township_checks"
    DEPARTMENT_CHECKS = "department_checks"
    BUREAU_CHECKS = "bureau_checks"
    DEPARTMENT_SIGNS = "department_signs"
    BUREAU_SIGNS = "bureau_signs"
    NOTICE_MISSING = "notice_missing"
    NOTICE_SETTLED = "notice_settled"
    NOT_HANDED_IN = "not_handed_in"
    READY_TO_SIGN = "ready_to_sign"


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One row of the table: in these stages and circumstances this action is up, and this role's turn it is."""

    stages: frozenset[Stage]
    given: tuple[Circumstance, ...]
    action: Action
    role: Role


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What comes next in an issue's life.

    Attributes
    ----------
    action
        What leads on.
    instead
        What the same people may do in its place, for example send it back.
    role
        Whose turn it is.
    person_id, unit_id
        The named person in charge and the leading unit, where it is theirs to act.
    barred_ids
        People who took part in what must be judged by somebody else; they may not do it, whatever their role.
    due_on
        Last local day for it; None when no clock runs.
    not_before
        First local day on which it is possible, while a public notice runs; else None.
    witness
        Role that may be on site as a witness meanwhile.
    open_milestones
        Steps of the long-term plan that must be reached before.
    """

    action: Action
    role: Role
    instead: tuple[Action, ...] = ()
    person_id: int | None = None
    unit_id: int | None = None
    barred_ids: frozenset[int] = frozenset()
    due_on: date | None = None
    not_before: date | None = None
    witness: Role | None = None
    open_milestones: int = 0


S, A, C, W = Stage, Action, Circumstance, Role


def _turn(stages: Stage | tuple[Stage, ...], action: Action, role: Role, *given: Circumstance) -> Turn:
    several = stages if isinstance(stages, tuple) else (stages,)
    return Turn(stages=frozenset(several), given=given, action=action, role=role)


_RECTIFIED_IN = (S.RECTIFYING, S.LONG_TERM)
_JUDGED_IN = (S.SUPERVISED, S.PUBLIC_NOTICE)

# Townships answer for what they found themselves; the bureau, and for handing over the committee office, for the rest.
TURNS: tuple[Turn, ...] = (
    _turn(S.DISCOVERED, A.CONFIRM, W.TOWNSHIP, C.OWN_FINDING),
    _turn(S.DISCOVERED, A.CONFIRM, W.BUREAU, C.OTHER_FINDING),
    _turn(S.CONFIRMED, A.ENTER_LEDGER, W.TOWNSHIP, C.OWN_FINDING),
    _turn(S.CONFIRMED, A.ENTER_LEDGER, W.BUREAU, C.OTHER_FINDING),
    _turn(S.LEDGERED, A.HAND_OVER, W.TOWNSHIP, C.OWN_FINDING),
    _turn(S.LEDGERED, A.HAND_OVER, W.COMMITTEE_OFFICE, C.OTHER_FINDING),
    _turn(_RECTIFIED_IN, A.SUBMIT_MEASURES, W.ENVIRONMENT_DIRECTOR, C.AT_ENTERPRISE),
    _turn(_RECTIFIED_IN, A.SUBMIT_MEASURES, W.TOWNSHIP, C.AT_PLACE),
    _turn(_RECTIFIED_IN, A.SUBMIT_MEASURES, W.INDUSTRY_DEPARTMENT, C.ELSEWHERE),
    _turn(S.SUPERVISED, A.CHECK_ON_SITE, W.TOWNSHIP, C.UNCHECKED, C.TOWNSHIP_CHECKS),
    _turn(S.SUPERVISED, A.CHECK_ON_SITE, W.INDUSTRY_DEPARTMENT, C.UNCHECKED, C.DEPARTMENT_CHECKS),
    _turn(S.SUPERVISED, A.CHECK_ON_SITE, W.BUREAU, C.UNCHECKED, C.BUREAU_CHECKS),
    _turn(S.SUPERVISED, A.ANNOUNCE, W.TOWNSHIP, C.CHECKED, C.NOTICE_MISSING, C.TOWNSHIP_CHECKS),
    _turn(S.SUPERVISED, A.ANNOUNCE, W.INDUSTRY_DEPARTMENT, C.CHECKED, C.NOTICE_MISSING, C.DEPARTMENT_SIGNS),
    _turn(S.SUPERVISED, A.ANNOUNCE, W.BUREAU, C.CHECKED, C.NOTICE_MISSING, C.BUREAU_SIGNS),
    _turn(_JUDGED_IN, A.HAND_IN_ABOVE, W.BUREAU, C.CHECKED, C.NOTICE_SETTLED, C.NOT_HANDED_IN),
    _turn(_JUDGED_IN, A.SIGN_OFF, W.TOWNSHIP, C.CHECKED, C.NOTICE_SETTLED, C.READY_TO_SIGN, C.TOWNSHIP_CHECKS),
    _turn(
        _JUDGED_IN, A.SIGN_OFF, W.INDUSTRY_DEPARTMENT, C.CHECKED, C.NOTICE_SETTLED, C.READY_TO_SIGN, C.DEPARTMENT_SIGNS
    ),
    _turn(_JUDGED_IN, A.SIGN_OFF, W.BUREAU, C.CHECKED, C.NOTICE_SETTLED, C.READY_TO_SIGN, C.BUREAU_SIGNS),
)

# What the same people may do in place of the step that leads on, as far as the stage allows it.
INSTEAD: Mapping[Action, tuple[Action, ...]] = MappingProxyType(
    {
        A.CONFIRM: (A.REFUSE, A.MERGE),
        A.ENTER_LEDGER: (A.MERGE,),
        A.SUBMIT_MEASURES: (A.SEND_BACK, A.KEEP_LONG_TERM),
        A.CHECK_ON_SITE: (A.RETURN,),
        A.ANNOUNCE: (A.RETURN,),
        A.HAND_IN_ABOVE: (A.RETURN,),
        A.SIGN_OFF: (A.RETURN,),
    }
)


def _is_own_finding(issue: Fields) -> bool:
    return issue.get("source") in TOWNSHIP_FINDINGS and issue.get("township_id") is not None


def _is_for_township(issue: Fields) -> bool:
    return issue.get("sign_off_level") == SignOffLevel.TOWNSHIP and issue.get("township_id") is not None


def _is_for_department(issue: Fields, *levels: SignOffLevel) -> bool:
    return issue.get("sign_off_level") in levels and issue.get("industry_id") is not None


def _misses_notice(issue: Fields, numbers: LoopNumbers) -> bool:
    return issue.get("notice_ends_on") is None and issue.get("category") in numbers.notice_categories


def _waits_above(issue: Fields) -> bool:
    return issue.get("sign_off_level") == SignOffLevel.ABOVE and issue.get("handed_in_on") is None


# Levels whose issues a department checks; what it checks for the bureau, the bureau signs.
CHECKED_BY_DEPARTMENT = (SignOffLevel.DEPARTMENT, SignOffLevel.BUREAU, SignOffLevel.ABOVE)

HOLDS: Mapping[Circumstance, Callable[[Fields, LoopNumbers], bool]] = MappingProxyType(
    {
        C.OWN_FINDING: lambda issue, _: _is_own_finding(issue),
        C.OTHER_FINDING: lambda issue, _: not _is_own_finding(issue),
        C.AT_ENTERPRISE: lambda issue, _: issue.get("enterprise_id") is not None,
        C.AT_PLACE: lambda issue, _: issue.get("enterprise_id") is None and issue.get("township_id") is not None,
        C.ELSEWHERE: lambda issue, _: issue.get("enterprise_id") is None and issue.get("township_id") is None,
        C.UNCHECKED: lambda issue, _: issue.get("checker_id") is None,
        C.CHECKED: lambda issue, _: issue.get("checker_id") is not None,
        C.TOWNSHIP_CHECKS: lambda issue, _: _is_for_township(issue),
        C.DEPARTMENT_CHECKS: lambda issue, _: _is_for_department(issue, *CHECKED_BY_DEPARTMENT),
        C.BUREAU_CHECKS: lambda issue, _: (
            not (_is_for_township(issue) or _is_for_department(issue, *CHECKED_BY_DEPARTMENT))
        ),
        C.DEPARTMENT_SIGNS: lambda issue, _: _is_for_department(issue, SignOffLevel.DEPARTMENT),
        C.BUREAU_SIGNS: lambda issue, _: (
            not (_is_for_township(issue) or _is_for_department(issue, SignOffLevel.DEPARTMENT))
        ),
        C.NOTICE_MISSING: _misses_notice,
        C.NOTICE_SETTLED: lambda issue, numbers: not _misses_notice(issue, numbers),
        C.NOT_HANDED_IN: lambda issue, _: _waits_above(issue),
        C.READY_TO_SIGN: lambda issue, _: not _waits_above(issue),
    }
)


# How many of the six links are passed in a stage; the states beside them count as the link that they hold up.
_PASSED: Mapping[Stage, int] = MappingProxyType(
    {
        S.DISCOVERED: 1,
        S.REFUSED: 1,
        S.MERGED: 1,
        S.CONFIRMED: 2,
        S.LEDGERED: 3,
        S.RECTIFYING: 3,
        S.LONG_TERM: 3,
        S.SUPERVISED: 4,
        S.PUBLIC_NOTICE: 5,
        S.CLOSED: 6,
    }
)


def links_passed(issue: Fields) -> int:
    """How many of the six links an issue has passed, from 1 to 6; the check on site passes the fifth."""
    stage = Stage(issue["stage"])
    is_checked = stage == Stage.SUPERVISED and issue.get("checker_id") is not None
    return _PASSED[stage] + is_checked


def next_step(
    issue: Fields,
    *,
    today: date,
    numbers: LoopNumbers = USUAL,
    took_part: Mapping[str, frozenset[int]] = MappingProxyType({}),
    open_milestones: int = 0,
) -> NextStep | None:
    """What must be done next with an issue, by whom and by when.

    Parameters
    ----------
    issue : mapping
        The issue's fields as they stand.
    today : date
        Local day.
    numbers : LoopNumbers
        The district's numbers: some categories are announced before they are signed off.
    took_part : mapping
        Person field → everybody recorded in it in this opening, as in `governance.issue_facts.Facts`; they are
        barred as well.
    open_milestones : int
        Steps of the issue's plan that are not reached yet.

    Returns
    -------
    NextStep or None
        None when nothing is left to do: closed, refused or merged.
    """
    stage = Stage(issue["stage"])
    turn = next((turn for turn in TURNS if fits(turn, issue, numbers)), None)
    if turn is None:
        return None
    row, is_rectified_next = BY_ACTION[turn.action], turn.action == Action.SUBMIT_MEASURES
    others = {person for field in row.apart_from for person in (issue.get(field), *took_part.get(field, ()))}
    return NextStep(
        action=turn.action,
        role=turn.role,
        instead=tuple(action for action in INSTEAD.get(turn.action, ()) if action in actions_from(stage)),
        person_id=issue.get("person_in_charge_id") if is_rectified_next else None,
        unit_id=issue.get("lead_unit_id") if is_rectified_next else None,
        barred_ids=frozenset(person for person in others if person is not None),
        due_on=running_deadline(stage, issue),
        not_before=_first_day(issue, turn.action, today),
        witness=Role.VILLAGE_CADRE if turn.action == Action.CHECK_ON_SITE and _may_be_witnessed(issue) else None,
        open_milestones=open_milestones if is_rectified_next else 0,
    )


def fits(turn: Turn, issue: Fields, numbers: LoopNumbers = USUAL) -> bool:
    """Whether a row of the table is the one for an issue."""
    return Stage(issue["stage"]) in turn.stages and all(HOLDS[test](issue, numbers) for test in turn.given)


def _first_day(issue: Fields, action: Action, today: date) -> date | None:
    """The day after a public notice that still runs."""
    ends_on = issue.get("notice_ends_on")
    is_ending = action in (Action.SIGN_OFF, Action.HAND_IN_ABOVE)
    return date.fromordinal(ends_on.toordinal() + 1) if is_ending and ends_on is not None and today <= ends_on else None


def _may_be_witnessed(issue: Fields) -> bool:
    return issue.get("enterprise_id") is not None and issue.get("witness_id") is None
