"""What was unresolved at the end of days that are past, by cell and by zone, from history."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col

from dashboard.services.heat import known_issues
from db.repositories import heat as stored
from db.repositories.heat import Stay
from db.tables.issues import Issue
from db.unit_of_work import current_district
from geo.codec import parent_cell
from geo.hexagons import FINEST
from governance.counting import FOUND, RECTIFIED
from governance.permissions import Actor

SHOWN_WEEKS: Final = 26
WEEK: Final = timedelta(days=7)


class Compared(StrEnum):
    """What two pictures of the past compare: how it stood at the end of a day, or what happened within a period."""

    UNRESOLVED = "unresolved"
    FOUND = "found"
    CLOSED = "closed"


@dataclass(frozen=True)
class Past:
    """The known issues' stays, and the zones of each issue; one reading answers for every day."""

    stays: Sequence[Stay]
    links: Mapping[int, list[tuple[int, date, date | None]]]

    def by_cell(self, day: date, *, resolution: int = FINEST) -> dict[int, int]:
        """Unresolved at the end of a local day by cell, in ascending order; what has no place is left out."""
        stood = Counter(stay.cell for stay in self.stays if stay.cell is not None and stay.covers(day))
        sums: Counter[int] = Counter()
        for cell, n in stood.items():
            sums[parent_cell(cell, resolution)] += n
        return dict(sorted(sums.items()))

    def by_zone(self, day: date) -> dict[int, int]:
        """Unresolved at the end of a local day by the zones that the issues lay in on it."""
        sums = Counter(zone for stay in self.stays if stay.covers(day) for zone in self._zones(stay.issue_id, day))
        return dict(sorted(sums.items()))

    def _zones(self, issue_id: int, day: date) -> Iterable[int]:
        """Zones of a day; before the first link, as of an issue imported with its past, those of the first."""
        held = self.links.get(issue_id, [])
        on = day if not held else max(day, held[0][1])
        return [zone for zone, begins, ends in held if begins <= on and (ends is None or on < ends)]


def past_of(session: Session, actor: Actor) -> Past:
    """Everything that somebody may know of the past; the district's local days."""
    condition = known_issues(actor)
    found = stored.stays(session, condition, zone=ZoneInfo(current_district(session).time_zone))
    return Past(found, stored.links(session, condition))


def week_ends(today: date, n: int) -> list[date]:
    """Last days of the last ``n`` weeks, oldest first: Sundays, and today for the running week."""
    monday = today - timedelta(days=today.weekday())
    return [*(monday - timedelta(days=1) - back * WEEK for back in range(n - 2, -1, -1)), today]


def happened_by_cell(session: Session, actor: Actor, what: Compared, *, first: date, last: date) -> dict[int, int]:
    """Found or closed from ``first`` to ``last``, both included, by stored cell.

    As everywhere: found without what was merged, and a sign-off that a look-back undid counts no more.
    """
    return stored.found_by_cell(session, and_(known_issues(actor), _within(what, first, last)))


def happened_by_zone(session: Session, actor: Actor, what: Compared, *, first: date, last: date) -> dict[int, int]:
    """As `happened_by_cell`, by zone number of today's links."""
    return stored.found_by_zone(session, and_(known_issues(actor), _within(what, first, last)))


def _within(what: Compared, first: date, last: date) -> ColumnElement[bool]:
    column, stages = (Issue.closed_on, RECTIFIED) if what == Compared.CLOSED else (Issue.found_on, FOUND)
    return and_(col(Issue.stage).in_(sorted(stages)), col(column).between(first, last))
