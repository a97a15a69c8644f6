"""What units are ranked by: sums of the summaries by township and industry, and counts that no summary holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from db.repositories.ledger_filter import was_instant
from db.repositories.look_back import looked_in
from db.tables.history import Flow, FlowTally, IssueTally, TallyScope
from db.tables.issues import Issue
from db.tables.loop import LookBackItem
from db.tables.territory import Enterprise
from governance.counting import FOUND, RECTIFIED, UNRESOLVED
from governance.look_back import DISMISSED
from governance.vocabulary import LookBackResult, Stage

_GROUP: dict[TallyScope, Any] = {TallyScope.TOWNSHIP: Issue.township_id, TallyScope.INDUSTRY: Issue.industry_id}
_LEFT_OUT = frozenset(Stage) - FOUND
_FLOWS = (Flow.FOUND, Flow.CLOSED, Flow.CLOSED_ON_TIME)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Everything that a unit is ranked by, for one township or one industry; sums of them for several."""

    found: int = 0
    closed: int = 0
    closed_on_time: int = 0
    open_overdue: int = 0
    instant: int = 0
    looked_back: int = 0
    reopened: int = 0
    recurrences: int = 0
    enterprises: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        names = self.__dataclass_fields__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


def counts_by(session: Session, scope: TallyScope, *, since: date, until: date, today: date) -> dict[int, Counts]:
    """What townships or industries are ranked by in [since, until].

    Parameters
    ----------
    session : Session
    scope : TallyScope
        ``township`` or ``industry``.
    since, until : date
        Local days of finding, closing, look-back and finding again, both included.
    today : date
        For what is open and overdue.

    Returns
    -------
    dict
        Zone or industry → counts; those without any are left out.

    Notes
    -----
    Found, closed, on time and overdue come from the summaries. Instant closures, recurrences and look-backs of the
    period are read one by one through indexes that hold nothing else.
    """
    found: dict[int, dict[str, int]] = {}
    parts = (
        _flows(session, scope, since, until),
        _overdue(session, scope, today),
        _instant(session, scope, since, until),
        _looked_back(session, scope, since, until),
        _recurrences(session, scope, since, until),
        _enterprises(session, scope),
    )
    for part in parts:
        for key, name, n in part:
            if key is not None:
                found.setdefault(key, {})[name] = n
    return {key: Counts(**values) for key, values in found.items()}


Part = Iterable[tuple[int | None, str, int]]


def _flows(session: Session, scope: TallyScope, since: date, until: date) -> Part:
    query = (
        columns(col(FlowTally.scope_id), col(FlowTally.flow), func.sum(FlowTally.n))
        .where(col(FlowTally.scope) == scope, col(FlowTally.flow).in_(_FLOWS))
        .where(col(FlowTally.day) >= since, col(FlowTally.day) <= until)
        .group_by(col(FlowTally.scope_id), col(FlowTally.flow))
    )
    return [(key, Flow(flow).value, int(n)) for key, flow, n in session.connection().execute(query)]


def _overdue(session: Session, scope: TallyScope, today: date) -> Part:
    query = (
        columns(col(IssueTally.scope_id), func.sum(IssueTally.n))
        .where(col(IssueTally.scope) == scope, col(IssueTally.stage).in_(UNRESOLVED), col(IssueTally.due_on) < today)
        .group_by(col(IssueTally.scope_id))
    )
    return [(key, "open_overdue", int(n)) for key, n in session.connection().execute(query)]


def _instant(session: Session, scope: TallyScope, since: date, until: date) -> Part:
    group = col(_GROUP[scope])
    query = (
        columns(group, func.count())
        .where(col(Issue.stage).in_(RECTIFIED), col(Issue.closed_on).between(since, until), was_instant())
        .group_by(group)
    )
    return [(key, "instant", int(n)) for key, n in session.connection().execute(query)]


def _looked_back(session: Session, scope: TallyScope, since: date, until: date) -> Part:
    group = col(_GROUP[scope])
    looked = func.count(col(LookBackItem.issue_id).distinct())
    query = (
        columns(group, looked, looked.filter(col(LookBackItem.result) == LookBackResult.REOPENED))
        .select_from(LookBackItem)
        .join(Issue, col(Issue.id) == col(LookBackItem.issue_id))
        .where(looked_in(since, until), col(Issue.stage).not_in(DISMISSED))
        .group_by(group)
    )
    for key, n, reopened in session.connection().execute(query):
        yield key, "looked_back", int(n)
        yield key, "reopened", int(reopened)


def _recurrences(session: Session, scope: TallyScope, since: date, until: date) -> Part:
    group = col(_GROUP[scope])
    query = (
        columns(group, func.count())
        .where(col(Issue.recurs_id).is_not(None), col(Issue.found_on).between(since, until))
        .where(col(Issue.stage).not_in(_LEFT_OUT))  # not "in the others": the index on recurrences is the right one
        .group_by(group)
    )
    return [(key, "recurrences", int(n)) for key, n in session.connection().execute(query)]


def _enterprises(session: Session, scope: TallyScope) -> Part:
    group = col(Enterprise.township_id if scope == TallyScope.TOWNSHIP else Enterprise.industry_id)
    query = columns(group, func.count()).group_by(group)
    return [(key, "enterprises", int(n)) for key, n in session.connection().execute(query)]
