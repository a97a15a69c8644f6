"""Which issues stand on a page of the ledger, in time that hardly grows with the ledger.

Few hits are read whole and sorted. Where there are more than `MOST_COUNTED`, an index gives the order, and walking
along it (`ix_issue_found`, `ix_issue_due`) meets enough hits soon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, and_, case, func, text, true
from sqlalchemy import select as columns
from sqlmodel import Session, col

from db.tables.issues import ALIVE, Issue

MOST_COUNTED: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Issues of one page in their order, and how many there are.

    Attributes
    ----------
    counted
        All hits; one more than `MOST_COUNTED` when there are more than that.
    """

    ids: list[int]
    counted: int

    @property
    def is_more(self) -> bool:
        """Whether there are more hits than were counted."""
        return self.counted > MOST_COUNTED


def hits(
    session: Session,
    condition: ColumnElement[bool],
    *,
    limit: int,
    offset: int = 0,
    by_deadline: bool = False,
    known: int | None = None,
) -> Hits:
    """A page of the issues under a condition.

    Parameters
    ----------
    session : Session
    condition : ColumnElement
        On `Issue`.
    limit, offset : int
    by_deadline : bool
        Earliest running deadline first (none last), then number; else newest finding first, then number.
    known : int, optional
        How many hits there are, where that is known already.
    """
    if known is not None and known > MOST_COUNTED:
        return Hits(ids=_walked(session, condition, limit, offset, by_deadline=by_deadline), counted=known)
    few = _columns().where(condition).limit(MOST_COUNTED + 1).subquery()
    order = _order(few.c, by_deadline=by_deadline)
    query = columns(few.c.id, func.count().over()).order_by(*order).limit(limit).offset(offset)
    rows = session.connection().execute(query).all()
    counted = int(rows[0][1]) if rows else _counted(session, condition) if offset else 0
    if counted <= MOST_COUNTED:
        return Hits(ids=[row[0] for row in rows], counted=counted)
    return Hits(ids=_walked(session, condition, limit, offset, by_deadline=by_deadline), counted=counted)


def urgent(session: Session, condition: ColumnElement[bool], *, limit: int, offset: int = 0) -> list[int]:
    """Clues and unresolved issues under a condition: earliest running deadline first (none last), then number.

    Walks along `ix_issue_open_due`, which holds the few open issues with all that scopes and zones ask of them: what
    else a condition asks is looked up issue by issue.

    Parameters
    ----------
    session : Session
    condition : ColumnElement
        On `Issue`.
    limit, offset : int

    Returns
    -------
    list of int
        Numbers of the records, in their order.
    """
    return _walked(session, condition, limit, offset, by_deadline=True, among=alive())


def alive() -> ColumnElement[bool]:
    """Condition on `Issue`: a clue or unresolved; spelled as the indexes of these few are."""
    return cast(ColumnElement[bool], text(f"issue.{ALIVE}"))


def one_by_one(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, asked of each issue that is met: no index is taken for it."""
    return case((condition, 1), else_=0) == 1


def in_order(*, by_deadline: bool) -> Sequence[Any]:
    """The ledger's order as columns of `Issue`, for whoever reads it from end to end."""
    return _order(Issue, by_deadline=by_deadline)


def _columns() -> Any:
    return columns(col(Issue.id), col(Issue.found_on), col(Issue.due_on))


def _order(source: Any, *, by_deadline: bool) -> Sequence[Any]:
    if by_deadline:
        return col(source.due_on).is_(None), col(source.due_on), col(source.id)
    return col(source.found_on).desc(), col(source.id).desc()


def _counted(session: Session, condition: ColumnElement[bool]) -> int:
    few = columns(col(Issue.id)).where(condition).limit(MOST_COUNTED + 1).subquery()
    return int(session.connection().execute(columns(func.count()).select_from(few)).scalar_one())


def _walked(
    session: Session,
    condition: ColumnElement[bool],
    limit: int,
    offset: int,
    *,
    by_deadline: bool,
    among: ColumnElement[bool] | None = None,
) -> list[int]:
    """Hits along the index that has their order; with deadlines first those that have one, then the others."""
    if not by_deadline:
        return _along(session, condition, (col(Issue.found_on).desc(), col(Issue.id).desc()), limit, offset)
    few = among if among is not None else true()
    runs, stands = and_(few, col(Issue.due_on).is_not(None)), and_(few, col(Issue.due_on).is_(None))
    ids = _along(session, condition, (col(Issue.due_on), col(Issue.id)), limit, offset, part=runs)
    if len(ids) == limit:
        return ids
    before = max(offset - _number_of(session, condition, runs), 0) if offset else 0
    return ids + _along(session, condition, (col(Issue.id),), limit - len(ids), before, part=stands)


def _number_of(session: Session, condition: ColumnElement[bool], part: ColumnElement[bool]) -> int:
    query = columns(func.count()).select_from(Issue).where(condition, part)
    return int(session.connection().execute(query).scalar_one())


def _along(
    session: Session,
    condition: ColumnElement[bool],
    order: Sequence[Any],
    limit: int,
    offset: int,
    *,
    part: ColumnElement[bool] | None = None,
) -> list[int]:
    # SQLite keeps no statistics of its own accord: it would look every hit up by a filter's index and sort them all.
    # Within CASE it can use no filter's index; PostgreSQL finds the right one by itself.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    met = one_by_one(condition) if is_sqlite else condition
    query = columns(col(Issue.id)).where(met, part if part is not None else true())
    query = query.order_by(*order).limit(limit).offset(offset)
    return [number for (number,) in session.connection().execute(query) if number is not None]
