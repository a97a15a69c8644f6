"""What lies in somebody's inbox, as conditions: one query for each tray, within the person's rights of today."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlmodel import col

from db.repositories.ledger_pages import alive, one_by_one
from db.repositories.next_steps import open_to, turn_condition
from db.repositories.scopes import about_issues, issues_within
from db.tables.issues import Issue, Notice, NoticeIssue
from db.tables.loop import Extension, LookBackItem
from governance.counting import CLUES, UNRESOLVED
from governance.loop_numbers import LoopNumbers
from governance.next_step import TURNS
from governance.permissions import RIGHT_OF, Actor, Right
from governance.stages import BY_ACTION, Action
from governance.vocabulary import ExtensionState


def my_turn(actor: Actor, numbers: LoopNumbers) -> ColumnElement[bool]:
    """Condition on `Issue`: it is the person's turn, in one of the roles held and within its reach."""
    turns = [turn for turn in TURNS if turn.role in actor.roles]
    stages = {stage for turn in turns for stage in turn.stages}
    own = (
        and_(turn_condition(turn, numbers), issues_within(actor, RIGHT_OF[turn.action]), open_to(actor, turn.action))
        for turn in turns
    )
    return and_(alive(), col(Issue.stage).in_(sorted(stages)), or_(false(), *own))


def to_witness(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Issue`: its rectification may be witnessed on site, and nobody did yet."""
    stages = sorted(BY_ACTION[Action.WITNESS].origins)
    within = and_(issues_within(actor, Right.WITNESS), open_to(actor, Action.WITNESS))
    return and_(col(Issue.stage).in_(stages), col(Issue.witness_id).is_(None), within)


def reported(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Issue`: found by the person, and neither closed nor refused yet."""
    alive = col(Issue.stage).in_(sorted(CLUES | UNRESOLVED))
    return and_(col(Issue.finder_id) == actor.person_id, alive, issues_within(actor))


def handed_in(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Issue`: the person handed the measures in, and they wait to be accepted."""
    judged = sorted(BY_ACTION[Action.SIGN_OFF].origins)
    return and_(col(Issue.rectifier_id) == actor.person_id, col(Issue.stage).in_(judged), issues_within(actor))


def to_decide(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Extension`: asked for by somebody else, and the person may grant or refuse it."""
    within = about_issues(Extension, issues_within(actor, Right.DECIDE_EXTENSION))
    apart = col(Extension.asked_by_id).is_distinct_from(actor.person_id) if actor.person_id is not None else None
    decided = and_(col(Extension.state) == ExtensionState.ASKED, within)
    return decided if apart is None else and_(decided, apart)


def asked(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Extension`: asked for by the person, and not answered yet."""
    return and_(col(Extension.state) == ExtensionState.ASKED, col(Extension.asked_by_id) == actor.person_id)


def to_look_back(actor: Actor) -> ColumnElement[bool]:
    """Condition on `LookBackItem`: without a result, about an issue that the person may look back at."""
    return and_(col(LookBackItem.result).is_(None), about_issues(LookBackItem, issues_within(actor, Right.LOOK_BACK)))


def to_reply(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Notice`: without a reply, about an issue for which the person may answer."""
    within = about_issues(NoticeIssue, issues_within(actor, Right.REPLY_NOTICE))
    named = exists().where(col(NoticeIssue.notice_id) == col(Notice.id), within).correlate(Notice)
    return and_(col(Notice.replied_on).is_(None), named)


def late(actor: Actor, today: date) -> ColumnElement[bool]:
    """Condition on `Issue`: unresolved past its deadline, within what the person may see."""
    unresolved = and_(alive(), col(Issue.stage).in_(sorted(UNRESOLVED)))
    return and_(unresolved, col(Issue.due_on) < today, one_by_one(issues_within(actor)))
