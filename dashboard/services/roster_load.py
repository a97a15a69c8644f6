"""What stands unresolved in each zone, and with it on each leader, from the summaries alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session

from db.repositories.standing import StandingRow, standing_rows
from db.tables.history import StandingScope
from db.tally_keys import zones_of_place
from governance.assignments import Span
from governance.load import LoadGroup, load_of
from governance.loop_numbers import LoopNumbers
from governance.roster_days import holds_on
from governance.vocabulary import AssignmentPart, Light


@dataclass(frozen=True, kw_only=True)
class Pending:
    """What waits in one zone or several of them; each issue once, but in ``load``.

    Attributes
    ----------
    unresolved, overdue, clues
        As `dashboard.services.overview.Standing` counts them.
    load
        As `governance.load.load_of` weighs them; over several zones the sum of theirs.
    """

    unresolved: int = 0
    overdue: int = 0
    clues: int = 0
    load: int = 0


@dataclass(frozen=True, kw_only=True)
class Workload:
    """What a leader guards on a local day, and what waits there today.

    Attributes
    ----------
    zone_ids, deputy_zone_ids
        Led, and guarded as a deputy.
    pending
        In the zones led; a deputy's zones are their lead's work.
    """

    person_id: int
    zone_ids: frozenset[int]
    deputy_zone_ids: frozenset[int]
    pending: Pending


@dataclass(frozen=True)
class Ground:
    """The summaries of all places, read once: as many rows as there are places, whatever the number of issues."""

    rows: tuple[StandingRow, ...]
    numbers: LoopNumbers

    @cached_property
    def _by_place(self) -> Mapping[str, list[StandingRow]]:
        found: dict[str, list[StandingRow]] = {}
        for row in self.rows:
            found.setdefault(row.key, []).append(row)
        return found

    @cached_property
    def _places_of(self) -> Mapping[int, frozenset[str]]:
        found: dict[int, set[str]] = {}
        for place in self._by_place:
            for zone in zones_of_place(place):
                found.setdefault(zone, set()).add(place)
        return {zone: frozenset(places) for zone, places in found.items()}

    @cached_property
    def loads(self) -> Mapping[int, int]:
        """Zone number → load; zones without unresolved issues are left out."""
        found = {zone: load_of(_groups(self._of({zone})), numbers=self.numbers) for zone in self._places_of}
        return {zone: load for zone, load in found.items() if load}

    def pending(self, zone_ids: Iterable[int]) -> Pending:
        """What waits in some zones together; nothing for no zones."""
        zones = set(zone_ids)
        rows = self._of(zones)
        alive = [row for row in rows if row.light is not None]
        return Pending(
            unresolved=sum(row.n for row in alive),
            overdue=sum(row.n for row in alive if row.light == Light.RED),
            clues=sum(row.n for row in rows if row.light is None),
            load=sum(self.loads.get(zone, 0) for zone in zones),
        )

    def _of(self, zones: Iterable[int]) -> list[StandingRow]:
        places = frozenset[str]().union(*(self._places_of.get(zone, frozenset()) for zone in zones))
        return [row for place in places for row in self._by_place[place]]


def ground_of(session: Session, *, today: date, yellow_days: int, numbers: LoopNumbers) -> Ground:
    """Read what stands alive in each place on a local day."""
    rows = standing_rows(session, StandingScope.PLACE, today=today, yellow_days=yellow_days)
    return Ground(tuple(rows), numbers)


def workloads(spans: Iterable[Span], leaders: Iterable[int], ground: Ground, *, day: date) -> dict[int, Workload]:
    """What each leader guards on a local day by a roster, with what waits there today; nobody is left out.

    Parameters
    ----------
    spans : iterable of Span
    leaders : iterable of int
        Person numbers; whoever guards a zone on the day is added.
    ground : Ground
    day : date

    Returns
    -------
    dict
        Person number → workload, in the order of the numbers.
    """
    led: dict[int, set[int]] = {person: set() for person in leaders}
    served: dict[int, set[int]] = {}
    for span in spans:
        if holds_on(span, day):
            by_part = led if span.part == AssignmentPart.LEAD else served
            by_part.setdefault(span.person_id, set()).add(span.zone_id)
    return {
        person: Workload(
            person_id=person,
            zone_ids=frozenset(led.get(person, ())),
            deputy_zone_ids=frozenset(served.get(person, ())),
            pending=ground.pending(led.get(person, ())),
        )
        for person in sorted(led.keys() | served.keys())
    }


def _groups(rows: Iterable[StandingRow]) -> Iterable[LoadGroup]:
    return (LoadGroup(row.severity, row.light == Light.RED, row.n) for row in rows if row.light is not None)
