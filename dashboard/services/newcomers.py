"""Units and people that a ledger names and nobody has entered yet: added on request, within the import."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.importers.rows import IssueRow
from dashboard.importers.words import normal_word
from dashboard.services.known_names import Names, known_names
from dashboard.services.people import add_person, add_unit
from db import counters
from db.unit_of_work import UnitOfWork
from governance.vocabulary import UnitKind


@dataclass(frozen=True, kw_only=True)
class Newcomers:
    """Names that were added, as the ledger writes them first."""

    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def add_newcomers(work: UnitOfWork, rows: Sequence[IssueRow]) -> Newcomers:
    """Add the units and people in charge that rows name and that are not known; nobody can sign in as them.

    Parameters
    ----------
    work : UnitOfWork
    rows : sequence of IssueRow

    Returns
    -------
    Newcomers
        In the order in which the rows name them. Names that differ in blanks or width only are one.

    Raises
    ------
    NotAllowed
        The actor may not edit people.
    """
    known = known_names(work.session, is_with_enterprises=True)
    units = _unknown((name for row in rows for name in (row.lead_unit, *row.joining_units)), known.units)
    people = _unknown((row.person_in_charge for row in rows), known.people)
    for name in units:
        add_unit(work, code=_code(work, "unit"), kind=UnitKind.DEPARTMENT, name=name)
    for name in people:
        add_person(work, code=_code(work, "person"), name=name)
    work.session.flush()
    return Newcomers(units=units, people=people)


def _unknown(names: Iterable[str | None], known: Names) -> tuple[str, ...]:
    first = {normal_word(name): name for name in reversed([name for name in names if name])}
    return tuple(reversed([name for word, name in first.items() if word not in known.ids]))


def _code(work: UnitOfWork, kind: str) -> str:
    (number,) = counters.take(work.session, f"{kind}_code")
    return f"{kind}-{number:04}"
