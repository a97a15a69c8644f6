"""How much work a zone is for whoever leads it, and what a change of the roster should make people hesitate at.

The load of a zone is the weight of its unresolved issues, by severity and by whether they are overdue, as
`governance.heat` weighs them without their age: it is known from counts alone. An issue in two zones is work in each of
them, so the loads of zones add up to the loads of their leads, and what one leader loses another gains.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median
from types import MappingProxyType
from typing import Any, Final

from governance.assignments import Span
from governance.heat import severity_weight
from governance.loop_numbers import LoopNumbers
from governance.roster import Absence, meets
from governance.roster_days import Handover, holds_on, stretches
from governance.vocabulary import AssignmentPart, Severity

HEAVY_TIMES: Final = 3


@dataclass(frozen=True, slots=True)
class LoadGroup:
    """So many unresolved issues of one severity and lateness."""

    severity: Severity
    is_late: bool
    n: int


class CautionCode(StrEnum):
    """What a preview warns of; none of them refuses a change."""

    HEAVY_LOAD = "heavy_load"
    SPLIT_ZONE = "split_zone"
    OPEN_DIRECTIVES = "open_directives"
    LEADS_NOTHING = "leads_nothing"


@dataclass(frozen=True, kw_only=True)
class Caution:
    """One warning as data.

    Attributes
    ----------
    zone_id, person_id
        0 where it is not about one.
    numbers
        ``heavy_load``: ``load``, ``median``, ``times``, ``day``; ``split_zone``: ``handovers``, ``days``;
        ``open_directives``: ``n``, ``day``; ``leads_nothing``: ``valid_from``, ``valid_to`` (None is without an end).
    """

    code: CautionCode
    zone_id: int = 0
    person_id: int = 0
    numbers: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def load_of(groups: Iterable[LoadGroup], *, numbers: LoopNumbers) -> int:
    """Load of unresolved issues, without unit: the sum of number × severity × overdue factor; 0 for none.

    Severity counts as `LoopNumbers.heat_severity` says, overdue ones `LoopNumbers.heat_overdue_times` as much.
    """
    return sum(group.n * severity_weight(group.severity, is_late=group.is_late, numbers=numbers) for group in groups)


def heavy_loads(before: Mapping[int, int], after: Mapping[int, int], *, day: date) -> list[Caution]:
    """Leaders who get at least three times the median load of all leaders, and had less than that before.

    Parameters
    ----------
    before, after : mapping of int to int
        Person number → load, of everybody in office on the day; a leader without a zone has 0.
    day : date

    Returns
    -------
    list of Caution
        By person. Nobody without a load is heavy, also where the median is 0; nor is whose load does not grow.
    """
    middle = median(after.values()) if after else 0
    return [
        Caution(
            code=CautionCode.HEAVY_LOAD,
            person_id=person,
            numbers={"load": load, "median": middle, "times": HEAVY_TIMES, "day": day},
        )
        for person, load in sorted(after.items())
        if load > 0 and load >= HEAVY_TIMES * middle and load > before.get(person, 0)
    ]


def split_zones(handovers: Iterable[Handover]) -> list[Caution]:
    """Zones that pass more than once in one change, by zone."""
    days: dict[int, list[date]] = {}
    for handover in handovers:
        days.setdefault(handover.zone_id, []).append(handover.valid_from)
    return [
        Caution(
            code=CautionCode.SPLIT_ZONE, zone_id=zone, numbers={"handovers": len(turns), "days": tuple(sorted(turns))}
        )
        for zone, turns in sorted(days.items())
        if len(turns) > 1
    ]


def leading_nothing(
    before: Sequence[Span], after: Sequence[Span], absences: Sequence[Absence], *, since: date
) -> list[Caution]:
    """Leaders who lead nothing any more on days on which they led a zone before, though they stay deputies.

    Who guards nothing at all breaks a rule instead (`governance.roster_days.faults`), and who is absent leads nothing
    rightly. By person and beginning; ``since`` is the first day that counts.
    """
    people = sorted({span.person_id for span in before if span.part == AssignmentPart.LEAD})
    return [
        Caution(
            code=CautionCode.LEADS_NOTHING,
            person_id=person,
            numbers={"valid_from": start, "valid_to": end},
        )
        for person in people
        for start, end in _idle(
            _own(before, person),
            _own(after, person),
            [one for one in absences if one.person_id == person],
            since=since,
        )
    ]


def _own(spans: Iterable[Span], person: int) -> list[Span]:
    return [span for span in spans if span.person_id == person]


def _idle(
    before: Sequence[Span], after: Sequence[Span], away: Sequence[Absence], *, since: date
) -> list[tuple[date, date | None]]:
    """Stretches of days on which one person led before, and serves as nothing but a deputy after."""

    def is_idle(day: date) -> bool:
        parts = {span.part for span in after if holds_on(span, day)}
        led = any(span.part == AssignmentPart.LEAD and holds_on(span, day) for span in before)
        is_away = any(one.valid_from <= day < one.valid_to for one in away)
        return led and parts == {AssignmentPart.DEPUTY} and not is_away

    turns = [*_ends(before), *_ends(after), *(day for one in away for day in (one.valid_from, one.valid_to))]
    return [(start, end) for start, end, is_found in stretches(turns, is_idle, since=since) if is_found]


def _ends(spans: Iterable[Span]) -> list[date]:
    return [day for span in spans for day in (span.valid_from, span.valid_to) if day is not None]


def deputy_turns(before: Sequence[Span], after: Sequence[Span], *, since: date) -> list[tuple[Span, bool]]:
    """Days as a deputy that a change begins (True) or ends (False), from a day on; by zone, person and beginning.

    Parameters
    ----------
    before, after : sequence of Span
    since : date

    Returns
    -------
    list of (Span, bool)
        The span holds exactly the days on which the person serves on one of the two rosters and not on the other.
    """
    known = {(s.zone_id, s.person_id) for s in (*before, *after) if s.part == AssignmentPart.DEPUTY}
    return [
        (Span(zone_id=zone, person_id=person, part=AssignmentPart.DEPUTY, valid_from=start, valid_to=end), is_begun)
        for zone, person in sorted(known)
        for start, end, is_begun in _turns_of(before, after, zone, person, since)
    ]


def _turns_of(
    before: Sequence[Span], after: Sequence[Span], zone: int, person: int, since: date
) -> list[tuple[date, date | None, bool]]:
    old, new = ([s for s in _own(spans, person) if _is_deputy_of(s, zone)] for spans in (before, after))

    def change(day: date) -> bool | None:
        was, is_now = (any(holds_on(span, day) for span in spans) for spans in (old, new))
        return None if was == is_now else is_now

    turns = _ends((*old, *new))
    return [(start, end, told) for start, end, told in stretches(turns, change, since=since) if told is not None]


def _is_deputy_of(span: Span, zone: int) -> bool:
    return span.zone_id == zone and span.part == AssignmentPart.DEPUTY and meets(span, date.min, None)
