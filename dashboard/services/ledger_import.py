"""Ledgers in: rows matched with records, all or nothing unless bad ones may be skipped, and the report on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from sqlmodel import col, select

from dashboard.importers.refusals import Cell, Refusal, RowError
from dashboard.importers.rows import Parsed
from dashboard.services.ledger_places import is_same_place
from dashboard.services.newcomers import Newcomers
from dashboard.services.placing import LinkTable, begin_links, end_links, in_township, zone_ids_of
from dashboard.services.progress import Advance
from db import records
from db.tables.record import Located
from db.unit_of_work import UnitOfWork
from governance.errors import InvalidInput

IMPORTED: Final = "imported"
AMENDED: Final = "amended"
_BATCH: Final = 5_000
_PARAMETERS: Final = 5_000
AnyLocated = TypeVar("AnyLocated", bound=Located)


@dataclass(frozen=True, kw_only=True)
class LedgerReport:
    """What an import of a ledger did.

    Attributes
    ----------
    read
        Rows that hold something; the sum of the four counts where the import was stored.
    imported, changed
        Records made and amended; 0 where nothing was stored.
    unchanged
        Rows that say what is known already, rows repeated in the file included.
    refused
        Rows of which at least one value is refused.
    errors
        All of them, by row.
    is_stored
        False where rows are refused and may not be skipped.
    assumed
        Field → rows that left it blank and were given its default.
    unused
        Headers of columns that no field takes.
    newcomers
        Units and people that were added because the rows name them.
    """

    read: int
    imported: int
    changed: int
    unchanged: int
    refused: int
    errors: tuple[RowError, ...]
    is_stored: bool
    assumed: Mapping[str, int] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    newcomers: Newcomers = field(default_factory=Newcomers)


@dataclass
class Sorted:
    """Rows of a ledger parted into new, changed, unchanged and refused ones.

    Attributes
    ----------
    new
        Fields of the records to make, in the order of the rows.
    changed
        Record number → fields that differ.
    errors
        By row of the sheet.
    first_rows
        What a row is known by → the row that was the first with it.
    """

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    first_rows: dict[object, int] = field(default_factory=dict)

    def refuse(self, row: int, name: str, value: Cell, refusal: InvalidInput) -> None:
        """Refuse a row for one of its values."""
        self.errors.append(RowError.of(refusal, row=row, name=name, value=value))

    def claim(self, key: object, row: int, name: str, value: Cell) -> bool:
        """Whether the row is the first that speaks of a record; a later one that differs is refused."""
        first = self.first_rows.setdefault(key, row)
        if first == row:
            return True
        refusal = Refusal(
            "row_contradicts", "Row {first} is about the same record and says something else.", first=first
        )
        self.refuse(row, name, value, refusal)
        return False

    @property
    def refused_rows(self) -> set[int]:
        """Rows with at least one refused value."""
        return {error.row for error in self.errors}


def differing(record: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Stated values that a record does not have yet; what a row does not state (None) is left as it is."""
    return {name: value for name, value in stated.items() if value is not None and record[name] != value}


def moved(record: Mapping[str, Any], placed: Mapping[str, Any] | None, stated_township: int | None) -> dict[str, Any]:
    """Place fields that a row gives a record anew: another point, or a township where it has no point."""
    if placed is not None:
        return {} if is_same_place(placed, record["lon"], record["lat"]) else dict(placed)
    if record["lon"] is None and stated_township is not None and record["township_id"] != stated_township:
        return in_township(stated_township)
    return {}


def matched(
    work: UnitOfWork, model: type[AnyLocated], column: str, values: Iterable[object]
) -> dict[object, list[Mapping[str, Any]]]:
    """Records by the value of a column, each as its fields; values that no record has are left out."""
    wanted = list(dict.fromkeys(value for value in values if value is not None))
    names = list(model.model_fields)
    found: dict[object, list[Mapping[str, Any]]] = {}
    for start in range(0, len(wanted), _PARAMETERS):
        query = select(*(getattr(model, name) for name in names)).where(
            col(getattr(model, column)).in_(wanted[start : start + _PARAMETERS])
        )
        for row in work.session.connection().execute(query.order_by(col(model.id))):
            record = dict(zip(names, row, strict=True))
            found.setdefault(record[column], []).append(record)
    return found


def report_of(
    parsed: Parsed[Any], rows: Sorted, *, is_stored: bool, assumed: Mapping[str, int] | None = None
) -> LedgerReport:
    """The report on a ledger's rows; rows repeated in the file share the fate of the first."""
    by_row: dict[int, list[RowError]] = {}
    for error in rows.errors:
        by_row.setdefault(error.row, []).append(error)
    repeated = [replace(error, row=row) for row, first in parsed.duplicates for error in by_row.get(first, ())]
    errors = sorted([*rows.errors, *repeated], key=lambda error: error.row)
    return LedgerReport(
        read=parsed.read,
        imported=len(rows.new) if is_stored else 0,
        changed=len(rows.changed) if is_stored else 0,
        unchanged=rows.unchanged + sum(first not in by_row for _, first in parsed.duplicates),
        refused=len({error.row for error in errors}),
        errors=tuple(errors),
        is_stored=is_stored,
        assumed=assumed or {},
        unused=parsed.header.unused,
    )


def store_new(
    work: UnitOfWork,
    model: type[AnyLocated],
    table: LinkTable,
    rows: Sequence[dict[str, Any]],
    *,
    code: str,
    advance: Advance,
) -> list[int]:
    """Make the records with their links; return their numbers in the order of the rows."""
    numbers: list[int] = []
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        given = records.create_many(work, model, batch, code=code)
        links = [(number, zone_ids_of(row)) for number, row in zip(given, batch, strict=True)]
        begin_links(work, table, links)
        numbers += given
        advance(len(batch))
    return numbers


def store_changed(
    work: UnitOfWork, model: type[AnyLocated], table: LinkTable, changes: Mapping[int, dict[str, Any]], advance: Advance
) -> None:
    """Amend records, with new links where their zones differ."""
    numbers = sorted(changes)
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        relinked: list[tuple[int, tuple[int, ...]]] = []
        for row in work.session.exec(select(model).where(col(model.id).in_(batch)).order_by(col(model.id))):
            before = row.zone_ids
            records.change(work, row, changes[row.key], code=AMENDED)
            if row.zone_ids != before:
                relinked.append((row.key, row.zone_ids))
        end_links(work, table, [number for number, _ in relinked])
        begin_links(work, table, relinked)
        work.session.flush()
        advance(len(batch))
