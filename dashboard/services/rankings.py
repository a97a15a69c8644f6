"""Townships and departments ranked: finding, fixing and lasting apart, each figure with the rows that it counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import reduce

from sqlmodel import Session

from dashboard.services.rebounds import Rate, signers_rates
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.people import units
from db.repositories.rankings import Counts, counts_by
from db.repositories.territory import standards_on, zones
from db.tables.history import TallyScope
from db.tables.people import Person, Unit
from db.tables.territory import Zone
from governance.counting import FOUND, RECTIFIED, on_time_rate, per_hundred, places, rebound_rate
from governance.permissions import Actor, Right, may
from governance.vocabulary import LookBackResult, Role, UnitKind, ZoneKind


class Measure(StrEnum):
    """What units are ranked by; each has a ranking of its own and no sum is made of them."""

    FINDING = "finding"
    FIXING = "fixing"
    LASTING = "lasting"


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """One township or department with its figures and its places.

    Attributes
    ----------
    place
        Zone of a township, or the department.
    values
        Found per 100 enterprises; on-time rate; rebound rate. None where there is nothing to judge by.
    places
        By each measure, from 1; equal values share one, None has none.
    filters
        By the name of a count: what the ledger shows as exactly these rows.
    """

    place: Zone | Unit
    counts: Counts
    values: Mapping[Measure, float | None]
    places: Mapping[Measure, int | None]
    filters: Mapping[str, LedgerFilter]


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Who signed off what was looked back at: whoever accepts answers for it."""

    person: Person | None
    rate: Rate
    filter: LedgerFilter


@dataclass(frozen=True, kw_only=True)
class Rankings:
    """Everything that the page of rankings shows of a period."""

    townships: list[Ranked]
    departments: list[Ranked]
    signers: list[Signer]


# The most found, the most on time and the fewest rebounds come first.
HIGHEST_FIRST: Mapping[Measure, bool] = {Measure.FINDING: True, Measure.FIXING: True, Measure.LASTING: False}


def rankings(session: Session, *, since: date, until: date, today: date) -> Rankings:
    """Townships, departments and signers of a period; leaders are not ranked.

    Parameters
    ----------
    session : Session
    since, until : date
        Local days, both included.
    today : date
        What is overdue is so today, whatever the period.
    """
    period = {"since": since, "until": until}
    return Rankings(
        townships=rank_townships(session, today=today, **period),
        departments=rank_departments(session, today=today, **period),
        signers=signers(session, **period),
    )


def own_standing(found: Rankings, actor: Actor) -> Rankings:
    """What somebody may see of a ranking: all of it for whoever sees the district, else the own rows with their places.

    The places are those among all; how the others stand is not told.
    """
    if may(actor, Right.SEE_DISTRICT):
        return found
    zone_ids = {zone for grant in actor.grants if grant.role == Role.TOWNSHIP for zone in grant.zone_ids}
    unit_ids = {unit for grant in actor.grants if grant.role == Role.INDUSTRY_DEPARTMENT for unit in grant.unit_ids}
    return Rankings(
        townships=[row for row in found.townships if row.place.key in zone_ids],
        departments=[row for row in found.departments if row.place.key in unit_ids],
        signers=[],
    )


def rank_townships(session: Session, *, since: date, until: date, today: date) -> list[Ranked]:
    """Townships by code, with their places.

    Parameters
    ----------
    session : Session
    since, until : date
        Local days, both included.
    today : date
        What is overdue is so today, whatever the period.
    """
    known = [zone for zone in zones(session, kind=ZoneKind.TOWNSHIP) if not zone.is_retired]
    found = counts_by(session, TallyScope.TOWNSHIP, since=since, until=until, today=today)
    rows = [(zone, found.get(zone.key, Counts()), LedgerFilter(zone_ids=frozenset({zone.key}))) for zone in known]
    return _ranked(rows, since=since, until=until)


def rank_departments(session: Session, *, since: date, until: date, today: date) -> list[Ranked]:
    """Departments by code, each with the industries that it answers for today; those without any are left out."""
    found = counts_by(session, TallyScope.INDUSTRY, since=since, until=until, today=today)
    industries: dict[int, set[int]] = {}
    for industry, (_, unit) in standards_on(session, today).items():
        industries.setdefault(unit.key, set()).add(industry)
    rows: list[tuple[Zone | Unit, Counts, LedgerFilter]] = []
    for unit in units(session, UnitKind.DEPARTMENT):
        own = industries.get(unit.key, set())
        if own:
            counts = reduce(Counts.__add__, (found.get(industry, Counts()) for industry in sorted(own)))
            rows.append((unit, counts, LedgerFilter(industry_ids=frozenset(own))))
    return _ranked(rows, since=since, until=until)


def signers(session: Session, *, since: date, until: date) -> list[Signer]:
    """People whose sign-offs were looked back at in the period, the highest rebound rate first."""
    found = signers_rates(session, since=since, until=until)
    return [
        Signer(
            person=session.get(Person, rate.key) if rate.key is not None else None,
            rate=rate,
            filter=LedgerFilter(signer_id=rate.key, looked_from=since, looked_to=until),
        )
        for rate in found
    ]


def _ranked(rows: Sequence[tuple[Zone | Unit, Counts, LedgerFilter]], *, since: date, until: date) -> list[Ranked]:
    values = [_values(counts) for _, counts, _ in rows]
    by_measure = {
        measure: places([one[measure] for one in values], highest_first=HIGHEST_FIRST[measure]) for measure in Measure
    }
    return [
        Ranked(
            place=place,
            counts=counts,
            values=values[row],
            places={measure: by_measure[measure][row] for measure in Measure},
            filters={name: make(of, since, until) for name, make in FILTERS.items()},
        )
        for row, (place, counts, of) in enumerate(rows)
    ]


def _values(counts: Counts) -> dict[Measure, float | None]:
    return {
        Measure.FINDING: per_hundred(counts.found, enterprises=counts.enterprises),
        Measure.FIXING: on_time_rate(
            closed_on_time=counts.closed_on_time, closed=counts.closed, open_overdue=counts.open_overdue
        ),
        Measure.LASTING: rebound_rate(reopened=counts.reopened, looked_back=counts.looked_back),
    }


def _closed(of: LedgerFilter, since: date, until: date) -> LedgerFilter:
    return replace(of, stages=RECTIFIED, closed_from=since, closed_to=until)


def _looked(of: LedgerFilter, since: date, until: date) -> LedgerFilter:
    return replace(of, looked_from=since, looked_to=until)


def _found(of: LedgerFilter, since: date, until: date) -> LedgerFilter:
    return replace(of, stages=FOUND, found_from=since, found_to=until)


# Each count of `Counts` that the ledger can show, as the filter that finds exactly its rows.
FILTERS: Mapping[str, Callable[[LedgerFilter, date, date], LedgerFilter]] = {
    "found": _found,
    "closed": _closed,
    "closed_on_time": lambda of, since, until: replace(_closed(of, since, until), on_time=True),
    "open_overdue": lambda of, _since, _until: replace(of, is_overdue=True),
    "instant": lambda of, since, until: replace(_closed(of, since, until), is_instant=True),
    "looked_back": _looked,
    "reopened": lambda of, since, until: replace(
        _looked(of, since, until), look_back_results=frozenset({LookBackResult.REOPENED})
    ),
    "recurrences": lambda of, since, until: replace(_found(of, since, until), is_recurrence=True),
}
