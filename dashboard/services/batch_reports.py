"""Several findings entered at once, for villages and small firms: all of them or none, each fault named by its row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from dashboard.services.placing import placing_on
from dashboard.services.reporting import Finding, report_finding, townships_to_report
from db.repositories.scopes import enterprises_within
from db.tables.territory import Enterprise, Village, Zone
from db.unit_of_work import UnitOfWork
from governance.errors import GridGuardError, InvalidInput
from governance.permissions import Actor, Right
from governance.vocabulary import Category, CheckArea, Severity, Source

MOST_ROWS: Final = 100
MOST_CHOICES: Final = 3000


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; whatever was left empty is None.

    Attributes
    ----------
    number
        As it stands on the screen, from 1.
    """

    number: int
    title: str | None = None
    enterprise_id: int | None = None
    village_id: int | None = None
    place: str | None = None
    category: Category | None = None
    severity: Severity | None = None
    check_area: CheckArea | None = None
    found_on: date | None = None
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a row is refused, and for which of its fields."""

    row: int
    field: str
    error: GridGuardError


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the rows may name, within the scope of whoever enters them; by name."""

    enterprises: Sequence[Enterprise]
    villages: Sequence[Village]
    townships: Mapping[int, Zone]


class BatchRefused(InvalidInput):
    """Rows that cannot be taken; nothing was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        rows = sorted({fault.row for fault in faults})
        super().__init__(
            "batch_refused",
            "{n} rows cannot be taken as they are ({rows}); nothing was stored",
            n=len(rows),
            rows=", ".join(map(str, rows[:20])),
        )
        self.faults = tuple(faults)


def choices_for(session: Session, actor: Actor) -> Choices:
    """Enterprises and villages of which the person may report."""
    firms = select(Enterprise).where(enterprises_within(actor, Right.REPORT)).order_by(col(Enterprise.name))
    townships = {zone.key: zone for zone in townships_to_report(session, actor)}
    villages = select(Village).where(col(Village.township_id).in_(townships)).order_by(col(Village.name))
    return Choices(
        enterprises=session.exec(firms.limit(MOST_CHOICES)).all(),
        villages=session.exec(villages.limit(MOST_CHOICES)).all(),
        townships=townships,
    )


def report_batch(
    work: UnitOfWork, rows: Sequence[Row], *, source: Source | None = None, source_document: str = ""
) -> list[str]:
    """Report every row, in its order.

    Parameters
    ----------
    work : UnitOfWork
    rows : sequence of Row
        1 to 100.
    source, source_document
        Of all rows, from those who have a choice.

    Returns
    -------
    list of str
        The issues' numbers, in the order of the rows.

    Raises
    ------
    InvalidInput
        No row, or too many.
    BatchRefused
        With every fault of every row.
    """
    if not 0 < len(rows) <= MOST_ROWS:
        raise InvalidInput("batch_size", "A batch has 1 to {most} rows; this one has {n}", most=MOST_ROWS, n=len(rows))
    placing = placing_on(work.session, work.district, work.today)
    shared = {"source": source, "source_document": source_document}
    faults, numbers = [fault for row in rows for fault in _blanks(row)], []
    for row in rows if not faults else ():
        with work.attempt() as attempt:
            try:
                finding = _finding(work.session, row, shared)
                numbers.append(report_finding(work, placing, finding).number)
            except GridGuardError as error:
                faults.append(Fault(row=row.number, field=str(error.params.get("field", "")), error=error))
                attempt.is_undone = True
    if faults:
        raise BatchRefused(faults)
    return numbers


def _blanks(row: Row) -> list[Fault]:
    """What every row must say; all that is missing at once."""
    missing = [name for name in ("title", "category", "severity") if not str(getattr(row, name) or "").strip()]
    if row.enterprise_id is None and row.village_id is None:
        missing.append("enterprise")
    return [Fault(row=row.number, field=name, error=_blank(name)) for name in missing]


def _blank(name: str) -> InvalidInput:
    if name == "enterprise":
        return InvalidInput("whose_missing", "Name the enterprise or the village", field=name)
    return InvalidInput("cell_blank", "This must not be left empty", field=name)


def _finding(session: Session, row: Row, shared: Mapping[str, Any]) -> Finding:
    if row.category is None or row.severity is None:
        raise _blank("category")
    place, township_id = (row.place or "").strip(), None
    if row.enterprise_id is None and row.village_id is not None:
        village = session.get(Village, row.village_id)
        if village is None:
            raise InvalidInput("village_unknown", "There is no such village", field="village")
        place, township_id = f"{village.name} {place}".strip(), village.township_id
    return Finding(
        title=row.title or "",
        category=row.category,
        severity=row.severity,
        check_area=row.check_area,
        description=row.description or "",
        enterprise_id=row.enterprise_id,
        township_id=township_id,
        place=place,
        found_on=row.found_on,
        **shared,
    )
