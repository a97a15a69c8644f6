"""The ledger as a table: the columns that somebody chose, on the screen and in an export, and nothing else."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import select as columns
from sqlmodel import Session, col

from dashboard.exporters.tables import TableFormat, write_table
from dashboard.services.exports import Written, digest_of
from dashboard.services.issue_columns import CATALOGUE, rows_of, sheet_columns
from dashboard.services.issue_facts import Line, issue_facts, lines_of
from dashboard.services.ledger import ledger_condition
from db.repositories.ledger_filter import LedgerFilter
from db.tables.issues import Issue
from governance.permissions import Actor, Right, require

# What the ledger shows to whoever has chosen nothing else.
USUAL_COLUMNS: Final[tuple[str, ...]] = (
    "light",
    "number",
    "title",
    "zone",
    "enterprise",
    "stage",
    "severity",
    "due_on",
    "days_late",
    "lead_unit",
    "person_in_charge",
    "found_on",
    "source",
)
SEPARATOR: Final = ","


def chosen_columns(stated: Sequence[str]) -> tuple[str, ...]:
    """Columns as an address states them: each by itself, or several with commas between them; none are the usual ones.

    Keys are not checked here; twice the same counts once.
    """
    keys = [key.strip() for text in stated for key in text.split(SEPARATOR)]
    return tuple(dict.fromkeys(key for key in keys if key)) or USUAL_COLUMNS


def known_columns(stated: Sequence[str]) -> tuple[str, ...]:
    """As `chosen_columns`, without those that are not in the catalogue."""
    return tuple(key for key in chosen_columns(stated) if key in CATALOGUE) or USUAL_COLUMNS


def table_rows(
    session: Session, ids: Sequence[int], keys: Sequence[str], *, today: date, yellow_days: int, first: int = 1
) -> tuple[list[str], list[list[object]]]:
    """What stands in the table's cells for the given issues.

    Parameters
    ----------
    session : Session
    ids : sequence of int
        Issues that the person may see.
    keys : sequence of str
        Columns of the catalogue.
    today : date
        Local day on which lights are asked.
    yellow_days : int
    first : int
        Position of the first issue in the whole list.

    Returns
    -------
    tuple of list and list
        The issues' own numbers, and their rows, both in the order of ``ids``; values not yet in words.

    Raises
    ------
    InvalidInput
        A column that is not in the catalogue.
    """
    shown = col(Issue.id).in_(ids)
    query = columns(*Issue.__table__.c).where(shown)  # type: ignore[attr-defined]  # SQLModel sets it on table classes
    found: dict[int, Line] = {row.id: row for row in session.connection().execute(query)}
    lines = [found[number] for number in ids]
    facts = issue_facts(session, shown, today=today, yellow_days=yellow_days)
    return [line.number for line in lines], list(rows_of(facts, keys, lines, first=first))


def export_table(
    session: Session,
    actor: Actor,
    wanted: LedgerFilter,
    path: Path,
    *,
    format: TableFormat,  # noqa: A002 - the word of the command line
    keys: Sequence[str],
    today: date,
    yellow_days: int,
    by_deadline: bool = False,
) -> Written:
    """Write the ledger as it is shown: the same filter, the same columns, the same order, all pages.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    require(actor, Right.EXPORT)
    condition = ledger_condition(actor, wanted, today=today, yellow_days=yellow_days, right=Right.EXPORT)
    facts = issue_facts(session, condition, today=today, yellow_days=yellow_days)
    rows: Iterator[list[object]] = rows_of(facts, keys, lines_of(facts, by_deadline=by_deadline))
    count = write_table(sheet_columns(keys), rows, path, format=format)
    return Written(written=count, path=path, sha256=digest_of(path))
