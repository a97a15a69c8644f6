"""What the loop keeps beside an issue: evidence of the present round, joining units, plans, extensions, remarks."""

import json
from typing import Any

from sqlalchemy import bindparam, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.tables.history import Event
from db.tables.issues import Evidence, Issue, IssueUnit
from db.tables.loop import Comment, Extension, LookBackItem, LookBackPlan, Milestone
from governance.issue_rules import round_of
from governance.stages import EVENT_CODE, Action
from governance.vocabulary import EvidenceKind, ExtensionState

_JOINING = columns(col(IssueUnit.unit_id)).where(col(IssueUnit.issue_id) == bindparam("issue_id")).order_by("id")
# These prove what was done since the issue was last returned or reopened; all others hold for good.
_OF_ROUND = frozenset({EvidenceKind.AFTER, EvidenceKind.MONITORING_REPORT})
# Whose work others judge: whoever was once recorded here took part, also when somebody else is recorded now.
_RECORDED_BY = {EVENT_CODE[Action.SUBMIT_MEASURES]: "rectifier_id", EVENT_CODE[Action.CHECK_ON_SITE]: "checker_id"}


def evidence_kinds(session: Session, issue: Issue) -> frozenset[EvidenceKind]:
    """Kinds of evidence that count for an issue: after photos and monitoring reports of the present round only."""
    present = round_of(issue.model_dump(include={"times_returned", "times_reopened"}))
    rows = session.exec(select(Evidence.kind, Evidence.round).where(Evidence.issue_id == issue.key).distinct())
    return frozenset(EvidenceKind(kind) for kind, number in rows if kind not in _OF_ROUND or number == present)


def took_part(session: Session, issue_id: int) -> dict[str, frozenset[int]]:
    """Everybody who was recorded as the one who rectified or checked an issue since it was last opened.

    Parameters
    ----------
    session : Session
        The transaction's own events are written already; see `db.history.History.write`.
    issue_id : int

    Returns
    -------
    dict
        ``rectifier_id`` and ``checker_id`` → numbers of people.
    """
    named = [col(Event.params).contains(f'"{field}":') for field in _RECORDED_BY.values()]
    query = select(Event.code, Event.params).where(
        Event.subject_kind == Issue.subject,
        Event.subject_id == issue_id,
        or_(col(Event.code).in_((EVENT_CODE[Action.REOPEN], *_RECORDED_BY)), *named),
    )
    present: dict[str, Any] = {}
    found: dict[str, set[int]] = {field: set() for field in _RECORDED_BY.values()}
    for code, params in session.exec(query.order_by(col(Event.seq))):
        told = json.loads(params)["set"]
        present |= told
        if code == EVENT_CODE[Action.REOPEN]:
            found = {field: set() for field in found}
        for field, people in found.items():
            if present.get(field) is not None and (field in told or _RECORDED_BY.get(code) == field):
                people.add(present[field])  # whoever does it again is not told again
    return {field: frozenset(people) for field, people in found.items()}


def joining_units(session: Session, issue_id: int) -> list[IssueUnit]:
    """Units that join in an issue's rectification."""
    return list(session.exec(select(IssueUnit).where(IssueUnit.issue_id == issue_id).order_by(col(IssueUnit.id))))


def joining_unit_ids(session: Session, issue_id: int) -> list[int]:
    """Numbers of the units that join; asked before every act, so without the rows."""
    return list(session.connection().execute(_JOINING, {"issue_id": issue_id}).scalars())


def open_milestones(session: Session, issue_id: int) -> int:
    """Steps of the plan that are not reached yet."""
    query = select(func.count()).select_from(Milestone)
    return session.exec(query.where(Milestone.issue_id == issue_id, col(Milestone.reached_on).is_(None))).one()


def milestones_of(session: Session, issue_id: int) -> list[Milestone]:
    """Steps of the plan by their days."""
    query = select(Milestone).where(Milestone.issue_id == issue_id)
    return list(session.exec(query.order_by(col(Milestone.due_on), col(Milestone.id))))


def extensions_of(session: Session, issue_id: int) -> list[Extension]:
    """Requests for more time, the newest last."""
    return list(session.exec(select(Extension).where(Extension.issue_id == issue_id).order_by(col(Extension.id))))


def asked_extension(session: Session, issue_id: int) -> Extension | None:
    """The request that waits for its answer, if there is one."""
    query = select(Extension).where(Extension.issue_id == issue_id, Extension.state == ExtensionState.ASKED)
    return session.exec(query).first()


def comments_of(session: Session, issue_id: int) -> list[Comment]:
    """Remarks on an issue in their order."""
    return list(session.exec(select(Comment).where(Comment.issue_id == issue_id).order_by(col(Comment.id))))


def look_backs_of(session: Session, issue_id: int) -> list[tuple[LookBackItem, LookBackPlan]]:
    """Look-backs that drew an issue, the newest last."""
    query = (
        select(LookBackItem, LookBackPlan)
        .join(LookBackPlan, col(LookBackPlan.id) == col(LookBackItem.plan_id))
        .where(LookBackItem.issue_id == issue_id)
        .order_by(col(LookBackItem.id))
    )
    return [(item, plan) for item, plan in session.exec(query)]
