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
from dashboard.services.past_standings import is_recorded, past_standings
from db.repositories import heat as stored
from db.repositories.heat import Stay
from db.repositories.tallies import cell_weeks, cells_on
from db.tables.issues import Issue
from db.unit_of_work import current_district
from geo.codec import parent_cell
from geo.hexagons import FINEST
from governance.counting import FOUND, RECTIFIED
from governance.permissions import Actor, Right, may

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


def weeks_by_cell(session: Session, actor: Actor, ends: Sequence[date]) -> list[dict[int, int]]:
    """Unresolved at the end of each of `week_ends` by cell of resolution 8; of a whole district from the summaries."""
    if not may(actor, Right.SEE_DISTRICT):
        past = past_of(session, actor)
        return [past.by_cell(day) for day in ends]
    mondays = [day - timedelta(days=day.weekday()) for day in ends]
    found = cell_weeks(session, mondays=mondays)
    return [{cell: row[place] for cell, row in found.items() if row[place]} for place in range(len(ends))]


def stood_by_cell(session: Session, actor: Actor, day: date) -> dict[int, int]:
    """Unresolved at the end of a local day by cell of resolution 8."""
    return cells_on(session, day) if may(actor, Right.SEE_DISTRICT) else past_of(session, actor).by_cell(day)


def stood_by_zone(session: Session, actor: Actor, day: date) -> dict[int, int] | None:
    """Unresolved at the end of a local day by zone number; None where the days' records do not reach back to it."""
    if not may(actor, Right.SEE_DISTRICT):
        return past_of(session, actor).by_zone(day)
    if not is_recorded(session, day):
        return None
    return {zone: past.unresolved for zone, past in past_standings(session, day).items() if zone}


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
