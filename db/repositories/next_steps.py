"""The table of next steps as conditions of queries, so that lists and counts agree with a single issue's page."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, false, not_, or_
from sqlmodel import col

from db.tables.issues import Issue
from governance.loop_numbers import LoopNumbers
from governance.next_step import CHECKED_BY_DEPARTMENT, TURNS, Circumstance, Turn
from governance.permissions import TOWNSHIP_FINDINGS, Actor
from governance.stages import BY_ACTION, Action
from governance.vocabulary import Role, SignOffLevel

C = Circumstance


def turn_condition(turn: Turn, numbers: LoopNumbers) -> ColumnElement[bool]:
    """Condition on `Issue`: those for which a row of the table is the one."""
    given = (_circumstance(test, numbers) for test in turn.given)
    return and_(col(Issue.stage).in_(turn.stages), *given)


def turn_of_role(role: Role, numbers: LoopNumbers, *, action: Action | None = None) -> ColumnElement[bool]:
    """Condition on `Issue`: it is this role's turn, for one action or any.

    The scope is not part of it: join it with `db.repositories.scopes.issues_within` of the action's right.
    """
    turns = [turn for turn in TURNS if turn.role == role and action in (None, turn.action)]
    stages = {stage for turn in turns for stage in turn.stages}  # said once more, so that an index is used
    return and_(col(Issue.stage).in_(sorted(stages)), or_(false(), *(turn_condition(turn, numbers) for turn in turns)))


def open_to(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Condition on `Issue`: the person took no part in what somebody else must judge by this action."""
    if actor.person_id is None:
        return not_(false())
    parts = (col(getattr(Issue, field)).is_distinct_from(actor.person_id) for field in BY_ACTION[action].apart_from)
    return and_(not_(false()), *parts)


def _circumstance(test: Circumstance, numbers: LoopNumbers) -> ColumnElement[bool]:
    return _circumstances(numbers.notice_categories)[test]


@lru_cache(maxsize=8)
def _circumstances(notice_categories: frozenset[str]) -> Mapping[Circumstance, ColumnElement[bool]]:
    """Every circumstance as a condition; kept, because a list asks for some twenty of them."""
    own = and_(col(Issue.source).in_(TOWNSHIP_FINDINGS), _is_set("township_id"))
    missing = and_(col(Issue.notice_ends_on).is_(None), col(Issue.category).in_(notice_categories))
    waiting = and_(col(Issue.sign_off_level) == SignOffLevel.ABOVE, col(Issue.handed_in_on).is_(None))
    township = and_(col(Issue.sign_off_level) == SignOffLevel.TOWNSHIP, _is_set("township_id"))
    checking, signing = _department(*CHECKED_BY_DEPARTMENT), _department(SignOffLevel.DEPARTMENT)
    return {
        C.OWN_FINDING: own,
        C.OTHER_FINDING: not_(own),
        C.AT_ENTERPRISE: _is_set("enterprise_id"),
        C.AT_PLACE: and_(not_(_is_set("enterprise_id")), _is_set("township_id")),
        C.ELSEWHERE: and_(not_(_is_set("enterprise_id")), not_(_is_set("township_id"))),
        C.UNCHECKED: not_(_is_set("checker_id")),
        C.CHECKED: _is_set("checker_id"),
        C.TOWNSHIP_CHECKS: township,
        C.DEPARTMENT_CHECKS: checking,
        C.BUREAU_CHECKS: not_(or_(township, checking)),
        C.DEPARTMENT_SIGNS: signing,
        C.BUREAU_SIGNS: not_(or_(township, signing)),
        C.NOTICE_MISSING: missing,
        C.NOTICE_SETTLED: not_(missing),
        C.NOT_HANDED_IN: waiting,
        C.READY_TO_SIGN: not_(waiting),
    }


def _is_set(field: str) -> ColumnElement[bool]:
    return col(getattr(Issue, field)).is_not(None)


def _department(*levels: SignOffLevel) -> ColumnElement[bool]:
    return and_(col(Issue.sign_off_level).in_(levels), _is_set("industry_id"))
