"""The life of an issue: reported, moved through its links."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from sqlmodel import Session, select

from dashboard.services.issue_numbers import take_numbers
from dashboard.services.placing import Placing, begin_links, in_township, place_one
from dashboard.services.working_days import is_working_day
from db import records
from db.repositories.loop import evidence_kinds, joining_unit_ids, joining_units, open_milestones, took_part
from db.repositories.people import directors_on
from db.repositories.territory import standard_on
from db.tables.issues import Issue, IssueLink, IssueUnit
from db.tables.territory import Enterprise
from db.unit_of_work import UnitOfWork
from governance import deadlines
from governance.errors import InvalidInput
from governance.issue_facts import Facts
from governance.issue_rules import advance, opening_fields, require_nothing_counted
from governance.loop_numbers import LoopNumbers
from governance.on_the_spot import PutRight, opened
from governance.permissions import RIGHT_OF, Right, Target, require
from governance.stages import BY_ACTION, EVENT_CODE, Action
from governance.vocabulary import Category, Severity, Source, Term


class Look(Protocol):
    """What can be read within a unit of work, and as well without the turn to write."""

    @property
    def session(self) -> Session:
        """What is read from."""
        ...

    @property
    def today(self) -> date:
        """The local day in the district."""
        ...

    @property
    def numbers(self) -> LoopNumbers:
        """The district's numbers of the loop."""
        ...


def report_issue(
    work: UnitOfWork,
    placing: Placing,
    *,
    title: str,
    severity: Severity,
    category: Category,
    source: Source,
    enterprise: Enterprise | None = None,
    lon: float | None = None,
    lat: float | None = None,
    township_id: int | None = None,
    put_right: PutRight | None = None,
    **details: Any,
) -> Issue:
    """Report an issue: a clue that waits for confirmation.

    Parameters
    ----------
    work : UnitOfWork
    placing : Placing
        The zones of today.
    title : str
    severity, category, source
    enterprise : Enterprise, optional
        Gives industry, and place where no coordinates are given.
    lon, lat : float, optional
        WGS84 degrees.
    township_id : int, optional
        Zone in which it lies, where there are no coordinates; else that of the enterprise.
    put_right : PutRight, optional
        It was put right on the spot; somebody else confirms that (`dashboard.services.on_the_spot`).
    **details
        Other columns of `Issue` that a report may carry.

    Returns
    -------
    Issue
        With its own number and the deadline of its confirmation.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    if enterprise is not None:
        details = {"enterprise_id": enterprise.key, "industry_id": enterprise.industry_id, **details}
        lon, lat = (enterprise.lon, enterprise.lat) if lon is None else (lon, lat)
        township_id = township_id or enterprise.township_id
    given = {"title": title, "severity": severity, "category": category, "source": source, **details}
    given |= in_township(township_id) if lon is None else place_one(placing, lon, lat)
    found_on = details.get("found_on") or work.today
    given["confirm_due_on"] = deadlines.confirm_due_on(found_on, is_working_day=is_working_day, numbers=work.numbers)
    (number,) = take_numbers(work, 1)
    clue = opening_fields(given, finder_id=work.actor.person_id, today=work.today)
    if put_right is not None:
        directors = directors_on(work.session, clue.get("enterprise_id"), day=work.today)
        clue = opened(clue, put_right, director_ids=frozenset(director.key for director in directors))
    issue = Issue(number=number, **clue)
    require(work.actor, Right.REPORT, target_of(issue))
    records.create(work, issue, code=EVENT_CODE[Action.REPORT])
    begin_links(work, IssueLink, [(issue.key, issue.zone_ids)])
    return issue


def act(work: UnitOfWork, issue: Issue, action: Action, *, reason: str = "", **given: Any) -> Issue:
    """Move an issue along its life.

    Parameters
    ----------
    work : UnitOfWork
    issue : Issue
        Read in this unit of work; with the version that the person saw (see `db.records.get`).
    action : Action
    reason : str
        Kept on the event.
    **given
        Fields that the person hands in; deadlines that are left out are counted by the rules.

    Returns
    -------
    Issue

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput, NotFound
    """
    target = target_in(work, issue)
    work.speak_about(target)
    require(work.actor, RIGHT_OF[action], target)
    require_nothing_counted(action, given)
    work.history.write(work.session)  # who took part is read from the events
    fields = records.fields_of(issue)
    facts = facts_of(work, issue, action, duplicate=_duplicate(work, action, given.get("merged_into_id")))
    given = {**counted_deadlines(work, action, {**fields, **given}), **given, "reason": reason}
    changes = advance(action, fields, given, person_id=work.actor.person_id, today=work.today, facts=facts)
    return records.change(work, issue, changes, code=EVENT_CODE[action], reason=reason)


def _duplicate(work: UnitOfWork, action: Action, number: int | None) -> Issue | None:
    """The issue that another one is to be merged into; whoever merges must see both."""
    if action != Action.MERGE or number is None:
        return None
    other = records.get(work.session, Issue, number)
    require(work.actor, Right.SEE, target_in(work, other))
    return other


def facts_of(work: Look, issue: Issue, action: Action, *, duplicate: Issue | None = None) -> Facts:
    """What the rules must know beside the issue's fields, as far as the action asks for it."""
    return Facts(
        took_part=took_part(work.session, issue.key) if BY_ACTION[action].apart_from else {},
        duplicate=duplicate.stage if duplicate else None,
        evidence=evidence_kinds(work.session, issue) if BY_ACTION[action].evidence else frozenset(),
        open_milestones=open_milestones(work.session, issue.key) if action == Action.SUBMIT_MEASURES else 0,
        numbers=work.numbers,
    )


def hand_over(
    work: UnitOfWork,
    issue: Issue,
    *,
    lead_unit_id: int,
    person_in_charge_id: int,
    joining_unit_ids: Iterable[int] = (),
    reason: str = "",
    **given: Any,
) -> Issue:
    """Hand an issue over to the unit that leads its rectification, the units that join, and one person in charge.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput
        Also when the leading unit is to join itself.
    """
    joining = sorted(set(joining_unit_ids))
    if lead_unit_id in joining:
        raise InvalidInput("lead_joins", "The leading unit cannot join as well")
    units = {"lead_unit_id": lead_unit_id, "person_in_charge_id": person_in_charge_id}
    act(work, issue, Action.HAND_OVER, reason=reason, **units, **given)
    known = {row.unit_id for row in joining_units(work.session, issue.key)}
    for unit_id in joining:
        if unit_id not in known:
            records.create(work, IssueUnit(issue_id=issue.key, unit_id=unit_id), code="joined")
    return issue


def enter_ledger(work: UnitOfWork, issue: Issue, *, term: Term, requirement: str, **given: Any) -> Issue:
    """Enter a confirmed issue in the ledger, judged by its industry's standard of today."""
    standard = standard_on(work.session, issue.industry_id, work.today)
    standard_id = standard.key if standard else None
    return act(
        work, issue, Action.ENTER_LEDGER, term=term, requirement=requirement, **{"standard_id": standard_id, **given}
    )


def target_of(issue: Issue, joining_unit_ids: Iterable[int] = ()) -> Target:
    """What rights are asked for an issue; the units that join count as the finder's and the leading one do."""
    units = (issue.finder_unit_id, issue.lead_unit_id, *joining_unit_ids)
    return Target(
        zone_ids=frozenset(issue.zone_ids),
        unit_ids=frozenset(unit for unit in units if unit is not None),
        lead_unit_id=issue.lead_unit_id,
        finder_unit_id=issue.finder_unit_id,
        industry_id=issue.industry_id,
        enterprise_id=issue.enterprise_id,
        is_with_enforcement=issue.enforcement_unit_id is not None,
        is_in_township=issue.township_id is not None,
        source=issue.source,
        level=issue.sign_off_level,
    )


def target_in(work: Look, issue: Issue) -> Target:
    """What rights are asked for an issue, with the units that join in it."""
    return target_of(issue, joining_unit_ids(work.session, issue.key))


def issue_by_number(work: UnitOfWork, number: str) -> Issue | None:
    """Issue with its own number, if there is one."""
    return work.session.exec(select(Issue).where(Issue.number == number)).first()


def counted_deadlines(work: Look, action: Action, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Deadlines that an action sets by the rules, unless somebody hands others in."""
    counting: dict[str, Any] = {"is_working_day": is_working_day, "numbers": work.numbers}
    if action in (Action.ENTER_LEDGER, Action.RETURN, Action.REOPEN) and fields.get("term"):
        kind = {name: fields[name] for name in ("term", "severity", "category")}
        return {"rectify_due_on": deadlines.rectify_due_on(work.today, **kind, **counting)}
    if action == Action.SUBMIT_MEASURES:
        return {"check_due_on": deadlines.check_due_on(work.today, **counting)}
    if action == Action.ANNOUNCE:
        ends_on = deadlines.notice_ends_on(work.today, **counting)
        return {"notice_ends_on": ends_on, "check_due_on": deadlines.check_due_on(ends_on, **counting)}
    return {}
