"""Samples of look-backs: drawn in a read transaction, so that nobody who writes waits for a long draw."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.history import head_hash
from db.loop_rules import loop_numbers_of
from db.repositories import look_back as stored
from db.unit_of_work import current_district
from governance import look_back
from governance.errors import InvalidInput
from governance.vocabulary import DrawnBy, LookBackKind


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample that was drawn and is not kept yet: by which order, from how many, and which issues."""

    kind: LookBackKind
    closed_from: date
    closed_to: date
    size: int
    risk_percent: int
    seed: int
    population: int
    drawn: tuple[tuple[int, DrawnBy], ...]


def draw_sample(
    session: Session,
    *,
    today: date,
    kind: LookBackKind,
    closed_from: date,
    closed_to: date,
    size: int,
    risk_percent: int,
    seed: int | None = None,
) -> Sample:
    """Draw a sample of what was closed in a period; nothing is stored, so that nobody waits who writes.

    Parameters
    ----------
    session : Session
    today : date
        Local day.
    kind : LookBackKind
        All closed issues; or what townships confirmed and closed themselves, and what they refused.
    closed_from, closed_to : date
        Local days of the closing (or refusal), both included; younger than the district's days after the sign-off
        is nothing drawn.
    size : int
        1…1000; fewer are drawn where there are fewer.
    risk_percent : int
        0…100: the share drawn by risk.
    seed : int, optional
        0…2³¹−1; without one it is taken from the head of the chain of events, which nobody can choose.

    Returns
    -------
    Sample

    Raises
    ------
    InvalidInput
        A number out of bounds, or nothing to draw from.
    """
    seed = seed if seed is not None else int(head_hash(session)[:8], 16) % look_back.SEEDS
    look_back.require_order(
        size=size, risk_percent=risk_percent, seed=seed, closed_from=closed_from, closed_to=closed_to
    )
    after = loop_numbers_of(session).look_back_after_days
    found = _candidates(session, kind, closed_from, min(closed_to, today - timedelta(days=after)))
    if not found:
        raise InvalidInput(
            "look_back_nothing",
            "Nothing closed from {from_} to {to} can be looked back at yet: it must lie {days} days behind",
            from_=closed_from,
            to=closed_to,
            days=after,
        )
    keys = {candidate.number: key for key, candidate in found.items()}
    drawn = look_back.draw(found.values(), size=size, risk_percent=risk_percent, seed=seed)
    return Sample(
        kind=kind,
        closed_from=closed_from,
        closed_to=closed_to,
        size=size,
        risk_percent=risk_percent,
        seed=seed,
        population=len(found),
        drawn=tuple((keys[one.number], one.drawn_by) for one in drawn),
    )


def _candidates(session: Session, kind: LookBackKind, closed_from: date, until: date) -> dict[int, look_back.Candidate]:
    refused: list[int] = []
    if kind == LookBackKind.TOWNSHIP_FINDINGS and until >= closed_from:
        zone = ZoneInfo(current_district(session).time_zone)
        begin, end = (datetime.combine(day, time(), zone) for day in (closed_from, until + timedelta(days=1)))
        refused = stored.refused_by_townships(session, since=begin, until=end)
    return stored.candidates(session, kind, closed_from=closed_from, closed_to=until, refused_ids=refused)
