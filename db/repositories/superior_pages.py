"""Which issues stand on a page of the superior's ledger: found along an index that has its order, source by source."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, and_, func, text
from sqlalchemy import select as columns
from sqlmodel import Session, col

from db.repositories.ledger_pages import MOST_COUNTED, one_by_one
from db.tables.issues import ABOVE, Issue
from governance.counting import COMPLAINTS, INSPECTIONS, INSTRUCTIONS
from governance.vocabulary import Source

SOURCES: Final[tuple[Source, ...]] = (*INSPECTIONS, *COMPLAINTS, *INSTRUCTIONS)


def from_above() -> ColumnElement[bool]:
    """Condition on `Issue`: followed from above; spelled as the indexes of these are."""
    return cast(ColumnElement[bool], text(f"issue.{ABOVE}"))


def page_from_above(
    session: Session, condition: ColumnElement[bool], *, total: int, limit: int, offset: int = 0
) -> list[int]:
    """Numbers of one page of the issues that a condition on those from above finds.

    Parameters
    ----------
    session : Session
    condition : ColumnElement
        On `Issue`; it holds `from_above`.
    total : int
        How many issues it finds.
    limit, offset : int

    Returns
    -------
    list of int
        By source as in `SOURCES`, within each by the day set above (none last), then number.
    """
    # Where many are found, each that the order meets is asked: SQLite would else sort all of them.
    is_walked = total > MOST_COUNTED and session.get_bind().dialect.name == "sqlite"
    met = one_by_one(condition) if is_walked else condition
    ids: list[int] = []
    for part, order in _parts() if offset < total else ():
        ids += _along(session, and_(part, met), order, limit - len(ids), offset)
        if len(ids) == limit:
            break
        offset = max(offset - _number_of(session, and_(part, condition)), 0) if offset and not ids else 0
    return ids


def _parts() -> Iterator[tuple[ColumnElement[bool], Sequence[Any]]]:
    """The ledger in its order: of each source those with a day set above by that day, then the others by number."""
    day, number = col(Issue.source_due_on), col(Issue.id)
    for source in SOURCES:
        here = and_(from_above(), col(Issue.source) == source)
        yield and_(here, day.is_not(None)), (day, number)
        yield and_(here, day.is_(None)), (number,)


def _along(
    session: Session, condition: ColumnElement[bool], order: Sequence[Any], limit: int, offset: int
) -> list[int]:
    query = columns(col(Issue.id)).where(condition).order_by(*order).limit(limit).offset(offset)
    return [number for (number,) in session.connection().execute(query) if number is not None]


def _number_of(session: Session, condition: ColumnElement[bool]) -> int:
    query = columns(func.count()).select_from(Issue).where(condition)
    return int(session.connection().execute(query).scalar_one())
