"""Issues that show again after their closing: candidates for an open issue, and the link to the closed one."""

from sqlmodel import Session, col, select

from dashboard.services.issues import target_in
from db import records
from db.tables.issues import Issue
from db.unit_of_work import UnitOfWork
from governance.counting import RECTIFIED
from governance.look_back import require_recurrence
from governance.permissions import Right, require

MOST_CANDIDATES = 10


def link_recurrence(work: UnitOfWork, issue: Issue, earlier: Issue, *, reason: str) -> Issue:
    """Say that an open issue is the recurrence of a closed one of the same enterprise and category.

    Parameters
    ----------
    work : UnitOfWork
    issue, earlier : Issue
        Read in this unit of work; the person must be allowed to confirm the first and to see the second.
    reason : str

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require(work.actor, Right.CONFIRM, target_in(work, issue))
    require(work.actor, Right.SEE, target_in(work, earlier))
    fields, before = records.fields_of(issue), records.fields_of(earlier)
    require_recurrence(fields, before, found_on=issue.found_on, closed_on=earlier.closed_on)
    return records.change(work, issue, {"recurs_id": earlier.key}, code="recurrence_linked", reason=reason)


def recurrence_candidates(session: Session, issue: Issue) -> list[Issue]:
    """Issues that one may be the recurrence of: same enterprise and category, closed before it was found.

    The ten closed last, the latest first; through the index on enterprises.
    """
    if issue.enterprise_id is None:
        return []
    query = (
        select(Issue)
        .where(Issue.enterprise_id == issue.enterprise_id, Issue.category == issue.category)
        .where(col(Issue.stage).in_(RECTIFIED), col(Issue.closed_on) <= issue.found_on, Issue.id != issue.id)
        .order_by(col(Issue.closed_on).desc(), col(Issue.id).desc())
        .limit(MOST_CANDIDATES)
    )
    return list(session.exec(query))
