"""Look-backs: planned as a reproducible sample, recorded by somebody who took no part, kept or reopened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col

from dashboard.evidence.photos import Examined
from dashboard.evidence.store import Store
from dashboard.services.evidence import add_evidence
from dashboard.services.issues import act, report_issue, target_in
from dashboard.services.look_back_samples import Sample, draw_sample
from dashboard.services.placing import placing_on
from dashboard.services.working_days import is_working_day
from db import counters, records
from db.repositories import look_back as stored
from db.repositories.look_back import LookBackLine
from db.tables.issues import Issue
from db.tables.loop import LookBackItem, LookBackPlan
from db.tables.territory import Enterprise
from db.unit_of_work import UnitOfWork
from governance import deadlines, look_back
from governance.counting import RECTIFIED
from governance.errors import Conflict, NotFound
from governance.permissions import Right, require
from governance.stages import Action
from governance.vocabulary import EvidenceKind, LookBackResult, Source, Term


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a look-back: its bytes, the name of its file, and what was seen in it before the write began."""

    data: bytes
    name: str
    examined: Examined | None = None


def keep_sample(work: UnitOfWork, sample: Sample) -> LookBackPlan:
    """Make a plan of a sample, with the day by which all of it is looked at.

    Parameters
    ----------
    work : UnitOfWork
    sample : Sample
        Drawn a moment ago.

    Returns
    -------
    LookBackPlan
        With its items.

    Raises
    ------
    NotAllowed
    Conflict
        An issue of the sample was reopened, or drawn by somebody else, since.
    """
    require(work.actor, Right.PLAN_LOOK_BACK)
    if stored.taken_since(work.session, sample.kind, [key for key, _ in sample.drawn]):
        raise Conflict("sample_stale", "Issues of this sample were taken meanwhile; please draw it again")
    plan = LookBackPlan(
        number=_number(work),
        kind=sample.kind,
        closed_from=sample.closed_from,
        closed_to=sample.closed_to,
        size=sample.size,
        risk_percent=sample.risk_percent,
        seed=sample.seed,
        population=sample.population,
        planned_on=work.today,
        due_on=deadlines.add_working_days(work.today, work.numbers.look_back_days, is_working_day=is_working_day),
        planned_by_id=work.actor.person_id,
    )
    records.create(work, plan, code="look_back_planned")
    for issue_id, drawn_by in sample.drawn:
        item = LookBackItem(plan_id=plan.key, issue_id=issue_id, drawn_by=drawn_by, due_on=plan.due_on)
        records.create(work, item, code="drawn")
    return plan


def plan_look_back(work: UnitOfWork, **order: Any) -> LookBackPlan:
    """Draw a sample and keep it in one transaction; parameters and refusals as of `draw_sample` and `keep_sample`."""
    require(work.actor, Right.PLAN_LOOK_BACK)
    return keep_sample(work, draw_sample(work.session, today=work.today, **order))


def record_look_back(
    work: UnitOfWork,
    item: LookBackItem,
    *,
    result: LookBackResult,
    words: str,
    photos: Iterable[Photo] = (),
    store: Store | None = None,
    rectify_due_on: date | None = None,
) -> LookBackItem:
    """Record what a look-back found: the closing is kept, or the issue is open again.

    Parameters
    ----------
    work : UnitOfWork
    item : LookBackItem
        Read in this unit of work.
    result : LookBackResult
        ``reopened`` reopens a closed issue; a refused one is reported anew, as the recurrence of the refused one.
    words : str
        What was seen.
    photos : iterable of Photo
        Kept as evidence: of the check; where a refused issue is reported anew, with the new one.
    store : Store, optional
        Where photos are kept; needed for photos only.
    rectify_due_on : date, optional
        Counted by the rules without it.

    Returns
    -------
    LookBackItem

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput, Conflict
    """
    issue, plan = _seen(work, item)
    look_back.require_open_item(item.result, words=words)
    look_back.require_still_ended(plan.kind, issue.stage)
    look_back.require_looker(plan.kind, records.fields_of(issue), work.actor.person_id)
    is_closed = issue.stage in RECTIFIED
    if is_closed or result == LookBackResult.KEPT:
        _keep_photos(work, store, issue, EvidenceKind.CHECK, photos)
    found = {"result": result, "words": words, "looked_on": work.today, "looked_by_id": work.actor.person_id}
    records.change(work, item, found, code="looked_back", reason=words)
    reason = f"{plan.number}: {words}"
    if result == LookBackResult.REOPENED and is_closed:
        _open_again(work, issue, reason=reason, rectify_due_on=rectify_due_on)
    elif result == LookBackResult.REOPENED:
        _keep_photos(work, store, _report_anew(work, issue, reason), EvidenceKind.BEFORE, photos)
    return item


def due_look_backs(session: Session, *, limit: int | None = None) -> list[LookBackLine]:
    """Look-backs without a result, the one due first at the top."""
    return stored.lines_of(session, col(LookBackItem.result).is_(None), limit=limit)


def look_backs_on(session: Session, issue_id: int) -> list[LookBackLine]:
    """Look-backs that drew an issue: an open one first."""
    return stored.lines_of(session, col(LookBackItem.issue_id) == issue_id)


def look_back_line(session: Session, number: int) -> LookBackLine:
    """One item of a look-back.

    Raises
    ------
    NotFound
    """
    found = stored.lines_of(session, col(LookBackItem.id) == number)
    if not found:
        raise NotFound("no_look_back", "There is no look-back with the number {number}", number=number)
    return found[0]


def plan_items(session: Session, plan_id: int) -> list[LookBackLine]:
    """All items of a plan: open ones first."""
    return stored.lines_of(session, col(LookBackItem.plan_id) == plan_id)


def suggested_period(session: Session, *, today: date, after_days: int, first: date) -> tuple[date, date]:
    """The period that the next plan should cover: from the day after the last plan's end to what lies far enough back.

    Without a plan it begins on ``first``; where the last plan reaches that far, it is the last day alone.
    """
    latest = today - timedelta(days=after_days)
    ends = [plan.closed_to for plan, _ in stored.plans_of(session)]
    begin = max(ends) + timedelta(days=1) if ends else first
    return min(begin, latest), latest


def _number(work: UnitOfWork) -> str:
    (number,) = counters.take(work.session, f"look_back_plan_number:{work.today.year}")
    return f"LB-{work.today.year}-{number:03}"


def _seen(work: UnitOfWork, item: LookBackItem) -> tuple[Issue, LookBackPlan]:
    issue = records.get(work.session, Issue, item.issue_id)
    require(work.actor, Right.LOOK_BACK, target_in(work, issue))
    return issue, records.get(work.session, LookBackPlan, item.plan_id)


def _keep_photos(
    work: UnitOfWork, store: Store | None, issue: Issue, kind: EvidenceKind, photos: Iterable[Photo]
) -> None:
    for photo in photos:
        if store is None:
            raise ValueError("photos need a store")
        given: dict[str, Any] = {"data": photo.data, "name": photo.name, "examined": photo.examined}
        add_evidence(work, store, issue, kind=kind, is_of_look_back=True, **given)


def _open_again(work: UnitOfWork, issue: Issue, *, reason: str, rectify_due_on: date | None) -> None:
    kind: dict[str, Any] = {"term": issue.term or Term.LIMITED, "severity": issue.severity, "category": issue.category}
    due_on = rectify_due_on or deadlines.rectify_due_on(
        work.today, is_working_day=is_working_day, numbers=work.numbers, **kind
    )
    act(work, issue, Action.REOPEN, reason=reason, rectify_due_on=due_on)


def _report_anew(work: UnitOfWork, issue: Issue, reason: str) -> Issue:
    """A refusal that did not stand: nothing follows a refused issue, so a new one takes its matter up."""
    enterprise = work.session.get(Enterprise, issue.enterprise_id) if issue.enterprise_id else None
    return report_issue(
        work,
        placing_on(work.session, work.district, work.today),
        title=issue.title,
        severity=issue.severity,
        category=issue.category,
        source=Source.ENFORCEMENT,
        enterprise=enterprise,
        lon=issue.lon,
        lat=issue.lat,
        description=reason,
        check_area=issue.check_area,
        place=issue.place,
        industry_id=issue.industry_id,
        recurs_id=issue.key,
    )
