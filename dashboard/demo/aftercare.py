"""What follows in the demo where a rectification takes long or does not last: plans, look-backs, reopenings."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlmodel import col, select

from dashboard.demo.recipe import reasons
from dashboard.services.issues import act
from dashboard.services.look_back import plan_look_back, record_look_back
from dashboard.services.plans import keep_long_term
from db.tables.issues import Issue
from db.tables.loop import LookBackItem
from db.unit_of_work import UnitOfWork
from governance.counting import RECTIFIED
from governance.stages import Action
from governance.vocabulary import LookBackKind, LookBackResult

SECOND_STEP: Final = timedelta(days=60)
REVIEW: Final = timedelta(days=90)
PERIOD: Final = timedelta(days=12)
SAMPLE: Final = 24
RISK_PERCENT: Final = 50


def keep_plan(work: UnitOfWork, issue: Issue, *, first_on: date, reason: str) -> None:
    """Keep an issue under a plan of two steps and a review."""
    first, second = reasons().of("milestones")
    steps = ((first, first_on), (second, first_on + SECOND_STEP))
    keep_long_term(work, issue, steps=steps, review_on=first_on + REVIEW, reason=reason)


def reopen(work: UnitOfWork, issue: Issue, *, reason: str) -> None:
    """Reopen an issue: by the look-back that drew it and waits for its result, else by what somebody saw."""
    waiting = select(LookBackItem).where(LookBackItem.issue_id == issue.key, col(LookBackItem.result).is_(None))
    item = work.session.exec(waiting).first()
    work.session.flush()
    if item is not None:
        record_look_back(work, item, result=LookBackResult.REOPENED, words=reason)
    else:
        act(work, issue, Action.REOPEN, reason=reason)


def plan(work: UnitOfWork, kind: LookBackKind, *, seed: int) -> int:
    """Plan a look-back at the closings that have just become old enough; returns its number."""
    closed_to = work.today - timedelta(days=work.numbers.look_back_after_days)
    made = plan_look_back(
        work,
        kind=kind,
        closed_from=closed_to - PERIOD,
        closed_to=closed_to,
        size=SAMPLE,
        risk_percent=RISK_PERCENT,
        seed=seed,
    )
    return made.key


def look(work: UnitOfWork, plan_id: int, *, most: int, words: Iterable[str], spared: frozenset[int]) -> None:
    """Look at some of a plan's issues that nobody has looked at yet, and find them as they were signed off.

    ``spared``: numbers of issues that will be reopened.
    """
    waiting = select(LookBackItem).where(LookBackItem.plan_id == plan_id, col(LookBackItem.result).is_(None))
    items = [item for item in work.session.exec(waiting.order_by(col(LookBackItem.id))) if item.issue_id not in spared]
    for item, seen in zip(items[:most], words, strict=False):
        if work.session.get_one(Issue, item.issue_id).stage in RECTIFIED:
            record_look_back(work, item, result=LookBackResult.KEPT, words=seen)
