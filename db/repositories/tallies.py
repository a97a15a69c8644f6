"""Reading the summaries: counts by zone, flows by day, cells; never a walk over the issues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, true
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.tables.history import CellTally, Flow, FlowTally, IssueTally, TallyScope
from db.tables.issues import Issue, IssueLink
from db.tallies import NO_DEADLINE
from governance.counting import CLUES, UNRESOLVED
from governance.vocabulary import Severity, Source, Stage

ALIVE = CLUES | UNRESOLVED


@dataclass(frozen=True, slots=True)
class Group:
    """So many issues with the same stage, severity and running deadline."""

    stage: Stage
    severity: Severity
    due_on: date | None
    n: int


def district_groups(session: Session) -> list[Group]:
    """Clues and unresolved issues of the whole district; each issue counts once, through its township."""
    return _groups(session, col(IssueTally.scope) == TallyScope.TOWNSHIP)


def zone_groups(session: Session) -> dict[int, list[Group]]:
    """Clues and unresolved issues of every zone: zone number → groups; 0 is outside every township."""
    query = select(IssueTally).where(
        col(IssueTally.scope).in_((TallyScope.TOWNSHIP, TallyScope.KEY_ZONE)), col(IssueTally.stage).in_(ALIVE)
    )
    found: dict[int, list[Group]] = {}
    for row in session.exec(query):
        found.setdefault(row.scope_id, []).append(_group(row.stage, row.severity, row.due_on, row.n))
    return found


def issue_groups(session: Session, condition: ColumnElement[bool]) -> list[Group]:
    """Clues and unresolved issues under a condition on `Issue`, each once; for unions of zones."""
    query = (
        columns(col(Issue.stage), col(Issue.severity), col(Issue.due_on), func.count())
        .where(col(Issue.stage).in_(ALIVE), condition)
        .group_by(col(Issue.stage), col(Issue.severity), col(Issue.due_on))
    )
    return [Group(stage, severity, due_on, n) for stage, severity, due_on, n in session.connection().execute(query)]


def zone_issue_groups(session: Session, condition: ColumnElement[bool]) -> dict[int, list[Group]]:
    """Clues and unresolved issues under a condition on `Issue`, by each zone that they lie in today."""
    query = (
        columns(col(IssueLink.zone_id), col(Issue.stage), col(Issue.severity), col(Issue.due_on), func.count())
        .join(Issue, col(Issue.id) == col(IssueLink.issue_id))
        .where(col(IssueLink.valid_to).is_(None), col(Issue.stage).in_(ALIVE), condition)
        .group_by(col(IssueLink.zone_id), col(Issue.stage), col(Issue.severity), col(Issue.due_on))
    )
    found: dict[int, list[Group]] = {}
    for zone, stage, severity, due_on, n in session.connection().execute(query):
        found.setdefault(zone, []).append(Group(stage, severity, due_on, n))
    return found


def source_groups(
    session: Session, sources: Iterable[Source], condition: ColumnElement[bool] | None = None
) -> dict[Source, list[Group]]:
    """Unresolved issues of some sources: source → groups."""
    query = (
        columns(col(Issue.source), col(Issue.stage), col(Issue.severity), col(Issue.due_on), func.count())
        .where(col(Issue.stage).in_(UNRESOLVED), col(Issue.source).in_(set(sources)))
        .where(condition if condition is not None else true())
        .group_by(col(Issue.source), col(Issue.stage), col(Issue.severity), col(Issue.due_on))
    )
    found: dict[Source, list[Group]] = {}
    for source, stage, severity, due_on, n in session.connection().execute(query):
        found.setdefault(source, []).append(Group(stage, severity, due_on, n))
    return found


def flows(
    session: Session, *, since: date, scope: TallyScope = TallyScope.TOWNSHIP, scope_ids: Sequence[int] | None = None
) -> dict[tuple[date, Flow], int]:
    """What happened on each local day from ``since`` on: (day, flow) → number.

    Parameters
    ----------
    session : Session
    since : date
    scope : TallyScope
        Townships count each issue once.
    scope_ids : sequence of int, optional
        All of the scope without it.
    """
    query = (
        columns(col(FlowTally.day), col(FlowTally.flow), func.sum(FlowTally.n))
        .where(col(FlowTally.scope) == scope, col(FlowTally.day) >= since)
        .group_by(col(FlowTally.day), col(FlowTally.flow))
    )
    if scope_ids is not None:
        query = query.where(col(FlowTally.scope_id).in_(scope_ids))
    return {(day, flow): int(n) for day, flow, n in session.connection().execute(query)}


def cells(session: Session) -> list[tuple[int, Severity, date | None, int]]:
    """Unresolved issues by cell, severity and running deadline, in the order of the cells."""
    query = select(CellTally).order_by(col(CellTally.cell), col(CellTally.severity), col(CellTally.due_on))
    return [(row.cell, row.severity, _deadline(row.due_on), row.n) for row in session.exec(query)]


def _groups(session: Session, condition: ColumnElement[bool]) -> list[Group]:
    query = (
        columns(col(IssueTally.stage), col(IssueTally.severity), col(IssueTally.due_on), func.sum(IssueTally.n))
        .where(condition, col(IssueTally.stage).in_(ALIVE))
        .group_by(col(IssueTally.stage), col(IssueTally.severity), col(IssueTally.due_on))
    )
    return [
        _group(stage, severity, due_on, int(n)) for stage, severity, due_on, n in session.connection().execute(query)
    ]


def _group(stage: Stage, severity: Severity, due_on: date, n: int) -> Group:
    return Group(stage, severity, _deadline(due_on), n)


def _deadline(due_on: date) -> date | None:
    return None if due_on == NO_DEADLINE else due_on
