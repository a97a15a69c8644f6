"""Own numbers of issues, ``YYYY-NNNNN``, many at once; numbers that a ledger brings along are never given again."""

from collections.abc import Iterable

from sqlmodel import col, select

from db import counters
from db.tables.history import Counter
from db.unit_of_work import UnitOfWork


def take_numbers(work: UnitOfWork, n: int) -> list[str]:
    """Next ``n`` numbers of this year, without gaps."""
    year = work.today.year
    return [f"{year}-{number:05}" for number in counters.take(work.session, _sequence(year), n)] if n else []


def reserve_numbers(work: UnitOfWork, numbers: Iterable[str]) -> None:
    """Let the sequences go on after the highest of the numbers that records are given from elsewhere."""
    highest: dict[int, int] = {}
    for number in numbers:
        of_year, _, place = number.partition("-")
        highest[int(of_year)] = max(highest.get(int(of_year), 0), int(place))
    for year, top in sorted(highest.items()):
        query = select(Counter.last).where(col(Counter.name) == _sequence(year)).with_for_update()
        last = work.session.exec(query).first() or 0
        if top > last:
            counters.take(work.session, _sequence(year), top - last)


def _sequence(year: int) -> str:
    return f"issue_number:{year}"
