"""What a change of the roster would do, before anything is written: who hands what over to whom, and how loads move."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from dashboard.services.roster import fingerprints, offices
from dashboard.services.roster_lines import RosterChange
from dashboard.services.roster_load import Ground, Pending, Workload, ground_of, workloads
from dashboard.services.roster_rules import Worked, worked_out
from db.loop_rules import loop_numbers_of
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.roster import enterprises_in, open_directives_of
from governance.assignments import Span
from governance.load import (
    Caution,
    CautionCode,
    deputy_turns,
    heavy_loads,
    leading_nothing,
    split_zones,
)
from governance.roster_days import Days, Fault, Handover, handovers

MOST_DAYS: Final = 12


@dataclass(frozen=True, kw_only=True)
class Passing:
    """A zone that passes from one lead to another, with what goes with it as it stands today.

    Attributes
    ----------
    enterprises
        Those that lie in the zone.
    directives
        Numbers of the open instructions and supervision orders about the zone that the old lead gave and leaves.
    """

    handover: Handover
    pending: Pending
    enterprises: int
    directives: tuple[str, ...]

    @property
    def unresolved_rows(self) -> LedgerFilter:
        """The filter that opens exactly the unresolved issues that go, page by page."""
        return LedgerFilter(zone_ids=frozenset({self.handover.zone_id}), is_unresolved=True)

    @property
    def overdue_rows(self) -> LedgerFilter:
        """The filter that opens exactly the overdue ones of them."""
        return LedgerFilter(zone_ids=frozenset({self.handover.zone_id}), is_overdue=True)


@dataclass(frozen=True, kw_only=True)
class DeputyTurn:
    """Days as a deputy that begin, or that end."""

    span: Span
    is_begun: bool


@dataclass(frozen=True, kw_only=True)
class LoadTurn:
    """A leader's workload without the change and with it; the rows of both open in the ledger by the zones led."""

    before: Workload
    after: Workload

    @property
    def is_moved(self) -> bool:
        """Whether the change gives or takes a zone on the day."""
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class LoadDay:
    """Everybody's workload on a day on which something of the change begins, by person number."""

    day: date
    turns: tuple[LoadTurn, ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change would do.

    Attributes
    ----------
    base
        Zone number → the fingerprint that `roster_plans.carry_out` asks for.
    passings
        By zone and beginning.
    load_days
        The first is the day on which the change takes effect; at most `MOST_DAYS`.
    faults
        All rules that would not hold any more; with one of them the change cannot be carried out.
    after
        The roster as it would be.
    """

    effective_on: date
    base: Mapping[int, str]
    passings: tuple[Passing, ...]
    deputies: tuple[DeputyTurn, ...]
    load_days: tuple[LoadDay, ...]
    cautions: tuple[Caution, ...]
    faults: tuple[Fault, ...]
    after: tuple[Span, ...]


def preview(session: Session, change: RosterChange, *, today: date, yellow_days: int) -> Preview:
    """Tell what a change would do; nothing is written and no issue is read one by one.

    Parameters
    ----------
    session : Session
        Only read.
    change : RosterChange
    today : date
        Issues are counted as they stand on this local day, also for a change of another day.
    yellow_days : int

    Raises
    ------
    InvalidInput, NotFound
        What `roster_rules.worked_out` refuses: lines that cannot be worked out even on paper.
    """
    worked = worked_out(session, change, today=today)
    before, after, since = worked.before.spans, worked.plan.spans, change.effective_on
    ground = ground_of(session, today=today, yellow_days=yellow_days, numbers=loop_numbers_of(session))
    passing = handovers(before, after, since=since)
    passings = _passings(session, passing, ground)
    deputies = [DeputyTurn(span=span, is_begun=begun) for span, begun in deputy_turns(before, after, since=since)]
    days = {since, *(one.valid_from for one in passing), *(one.span.valid_from for one in deputies)}
    load_days = _load_days(sorted(days)[:MOST_DAYS], worked, offices(session), ground)
    absences = (*worked.before.absences, *((change.absence,) if change.absence else ()))
    cautions = (
        *_heavy(load_days),
        *split_zones(passing),
        *_left_directives(passings),
        *leading_nothing(before, after, absences, since=since),
    )
    return Preview(
        effective_on=since,
        base=fingerprints(worked.before, worked.zone_ids),
        passings=passings,
        deputies=tuple(deputies),
        load_days=load_days,
        cautions=cautions,
        faults=worked.faults,
        after=after,
    )


def _passings(session: Session, passing: Sequence[Handover], ground: Ground) -> tuple[Passing, ...]:
    zones = {handover.zone_id for handover in passing}
    enterprises = enterprises_in(session, zones)
    leaving = {handover.from_id for handover in passing if handover.from_id is not None}
    directives = open_directives_of(session, leaving)
    return tuple(
        Passing(
            handover=one,
            pending=ground.pending({one.zone_id}),
            enterprises=enterprises.get(one.zone_id, 0),
            directives=tuple(
                number for number, people, about in directives if one.from_id in people and one.zone_id in about
            ),
        )
        for one in passing
    )


def _load_days(days: Iterable[date], worked: Worked, terms: Mapping[int, Days], ground: Ground) -> tuple[LoadDay, ...]:
    return tuple(LoadDay(day=day, turns=_load_turns(day, worked, terms, ground)) for day in days)


def _load_turns(day: date, worked: Worked, terms: Mapping[int, Days], ground: Ground) -> tuple[LoadTurn, ...]:
    serving = {person for person, (begun, end) in terms.items() if begun <= day and (end is None or day < end)}
    old, new = (workloads(spans, serving, ground, day=day) for spans in (worked.before.spans, worked.plan.spans))
    idle = workloads((), old.keys() | new.keys(), ground, day=day)
    return tuple(
        LoadTurn(before=old.get(person, nothing), after=new.get(person, nothing)) for person, nothing in idle.items()
    )


def _heavy(load_days: Iterable[LoadDay]) -> list[Caution]:
    """On the first day on which a load is heavy; a change of several days says it once for each leader."""
    found: dict[int, Caution] = {}
    for one in load_days:
        before = {turn.before.person_id: turn.before.pending.load for turn in one.turns}
        after = {turn.after.person_id: turn.after.pending.load for turn in one.turns}
        for caution in heavy_loads(before, after, day=one.day):
            found.setdefault(caution.person_id, caution)
    return [found[person] for person in sorted(found)]


def _left_directives(passings: Iterable[Passing]) -> list[Caution]:
    """A directive about several zones that pass stands with each of them."""
    return [
        Caution(
            code=CautionCode.OPEN_DIRECTIVES,
            zone_id=one.handover.zone_id,
            person_id=one.handover.from_id or 0,
            numbers={"n": len(one.directives), "day": one.handover.valid_from},
        )
        for one in passings
        if one.directives
    ]
