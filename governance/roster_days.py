"""The roster day by day: who leads when, where a rule does not hold, and what passes from whom to whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

from governance.assignments import Span
from governance.roster import Absence
from governance.vocabulary import AssignmentPart

Days = tuple[date, date | None]
"""Local days [from, to); None is without an end."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, kw_only=True, order=True)
class Fault:
    """Days [valid_from, valid_to) on which a rule of the roster does not hold.

    Attributes
    ----------
    code
        ``no_lead``, ``two_leads``, ``lead_and_deputy``, or ``no_zone``: a leader guards nothing and is not absent.
    zone_id, person_id
        0 where the rule is not about one.
    """

    code: str
    zone_id: int
    person_id: int
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Handover:
    """A zone passes from one lead to another for the local days [valid_from, valid_to); None is nobody."""

    zone_id: int
    from_id: int | None
    to_id: int | None
    valid_from: date
    valid_to: date | None


def stretches(
    turns: Iterable[date], value: Callable[[date], _Value], *, since: date
) -> Iterator[tuple[date, date | None, _Value]]:
    """Cut the days from ``since`` on into stretches on which a value stays the same.

    Parameters
    ----------
    turns : iterable of date
        Every day on which the value may change; in any order, more than needed does no harm.
    value : callable of date
    since : date

    Yields
    ------
    tuple of (date, date or None, value)
        [from, to); the last stretch has no end.
    """
    start, held = since, value(since)
    for day in sorted({turn for turn in turns if turn > since}):
        now = value(day)
        if now != held:
            yield start, day, held
            start, held = day, now
    yield start, None, held


def leads_on(spans: Iterable[Span], zone_id: int, day: date) -> frozenset[int]:
    """Who leads a zone on a local day; one person, where the rules hold."""
    return frozenset(
        span.person_id
        for span in spans
        if span.zone_id == zone_id and span.part == AssignmentPart.LEAD and holds_on(span, day)
    )


def leads(spans: Iterable[Span], zone_id: int, *, since: date) -> list[tuple[date, date | None, frozenset[int]]]:
    """Who leads a zone from a day on: stretches [from, to) without a gap between them, each with its leads."""
    own = [span for span in spans if span.zone_id == zone_id]
    return list(stretches(_turns(own), lambda day: leads_on(own, zone_id, day), since=since))


def handovers(before: Sequence[Span], after: Sequence[Span], *, since: date) -> list[Handover]:
    """What passes from one lead to another between two rosters, from a day on; by zone and beginning."""
    return [
        Handover(zone_id=zone, from_id=old, to_id=new, valid_from=start, valid_to=end)
        for zone in sorted({span.zone_id for span in (*before, *after)})
        for start, end, (old, new) in _pairs_of_leads(before, after, zone, since)
        if old != new
    ]


def faults(
    spans: Sequence[Span],
    *,
    zones: Mapping[int, Days],
    leaders: Mapping[int, Days],
    absences: Sequence[Absence] = (),
    since: date,
) -> list[Fault]:
    """Every stretch of days from a day on on which a rule of the roster does not hold.

    Parameters
    ----------
    spans : sequence of Span
    zones : mapping of int to Days
        The zones that must have a lead, and the days on which they must.
    leaders : mapping of int to Days
        The persons who must guard a zone, and the days of their office.
    absences : sequence of Absence
        On these days a leader need not guard any zone.
    since : date

    Returns
    -------
    list of Fault
        By code, zone, person and beginning; neighbouring days are one fault.
    """
    found = [
        fault
        for zone, days in zones.items()
        for fault in _faults_of_zone([span for span in spans if span.zone_id == zone], zone, days, since)
    ]
    for person, days in leaders.items():
        away = [absence for absence in absences if absence.person_id == person]
        found += _faults_of_leader([span for span in spans if span.person_id == person], away, person, days, since)
    return sorted(found, key=_order)


def new_faults(before: Sequence[Fault], after: Sequence[Fault]) -> list[Fault]:
    """What is at fault after a change on days on which the same was not at fault before it."""
    return [
        replace(fault, valid_from=start, valid_to=end)
        for fault in after
        for start, end, is_new in _news(fault, [known for known in before if _is_like(known, fault)])
        if is_new
    ]


def _faults_of_zone(own: Sequence[Span], zone: int, days: Days, since: date) -> Iterator[Fault]:
    def codes(day: date) -> frozenset[tuple[str, int]]:
        if not _is_within(days, day):
            return frozenset()
        leading = leads_on(own, zone, day)
        serving = {span.person_id for span in own if span.part == AssignmentPart.DEPUTY and holds_on(span, day)}
        count = {0: {("no_lead", 0)}, 1: set()}.get(len(leading), {("two_leads", 0)})
        return frozenset(count | {("lead_and_deputy", person) for person in leading & serving})

    turns = (*_turns(own), *_ends(days))
    for code, person in sorted({one for day in {since, *turns} if day >= since for one in codes(day)}):
        is_fault = partial(_has, codes, (code, person))
        for start, end, is_found in stretches(turns, is_fault, since=since):
            if is_found:
                yield Fault(code=code, zone_id=zone, person_id=person, valid_from=start, valid_to=end)


def _has(codes: Callable[[date], frozenset[tuple[str, int]]], one: tuple[str, int], day: date) -> bool:
    return one in codes(day)


def _faults_of_leader(
    own: Sequence[Span], away: Sequence[Absence], person: int, days: Days, since: date
) -> Iterator[Fault]:
    def is_idle(day: date) -> bool:
        is_away = any(_is_within((absence.valid_from, absence.valid_to), day) for absence in away)
        return _is_within(days, day) and not is_away and not any(holds_on(span, day) for span in own)

    away_turns = [day for absence in away for day in (absence.valid_from, absence.valid_to)]
    for start, end, is_fault in stretches((*_turns(own), *away_turns, *_ends(days)), is_idle, since=since):
        if is_fault:
            yield Fault(code="no_zone", zone_id=0, person_id=person, valid_from=start, valid_to=end)


def _pairs_of_leads(
    before: Sequence[Span], after: Sequence[Span], zone: int, since: date
) -> Iterator[tuple[date, date | None, tuple[int | None, int | None]]]:
    old, new = ([span for span in roster if span.zone_id == zone] for roster in (before, after))

    def pair(day: date) -> tuple[int | None, int | None]:
        return min(leads_on(old, zone, day), default=None), min(leads_on(new, zone, day), default=None)

    return stretches(_turns((*old, *new)), pair, since=since)


def _news(fault: Fault, known: Sequence[Fault]) -> Iterator[tuple[date, date | None, bool]]:
    def is_new(day: date) -> bool:
        return _is_within((fault.valid_from, fault.valid_to), day) and not any(
            _is_within((one.valid_from, one.valid_to), day) for one in known
        )

    turns = [day for one in (fault, *known) for day in _ends((one.valid_from, one.valid_to))]
    return stretches(turns, is_new, since=fault.valid_from)


def _is_like(one: Fault, other: Fault) -> bool:
    return (one.code, one.zone_id, one.person_id) == (other.code, other.zone_id, other.person_id)


def _turns(spans: Iterable[Span]) -> list[date]:
    return [day for span in spans for day in _ends((span.valid_from, span.valid_to))]


def _ends(days: Days) -> list[date]:
    return [day for day in days if day is not None]


def holds_on(span: Span, day: date) -> bool:
    """Whether a span holds on a local day."""
    return _is_within((span.valid_from, span.valid_to), day)


def _is_within(days: Days, day: date) -> bool:
    return days[0] <= day and (days[1] is None or day < days[1])


def _order(fault: Fault) -> tuple[str, int, int, date]:
    return fault.code, fault.zone_id, fault.person_id, fault.valid_from
