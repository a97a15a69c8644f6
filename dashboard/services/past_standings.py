"""How the district and its zones stood at the end of past days, from the records of days."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from db.repositories.standing import NOTHING, Ending, endings
from db.tables.history import RecordScope

_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """How a place stood at the end of a past local day; ``due_soon`` is None where its days are not recorded."""

    unresolved: int
    overdue: int
    due_soon: int | None


def week_before(session: Session, *, today: date, zone_id: int | None, yellow_days: int) -> Past | None:
    """How a zone, or without one the district, stood at the end of the same weekday a week ago.

    Parameters
    ----------
    session : Session
    today : date
    zone_id : int or None
        0 is outside every township.
    yellow_days : int

    Returns
    -------
    Past or None
        None: there is no record of that day.
    """
    scope, number = (RecordScope.DISTRICT, 0) if zone_id is None else (RecordScope.ZONE, zone_id)
    found = endings(session, today - _WEEK, scope, scope_id=number)
    return None if found is None else _past(found.get(number, NOTHING), yellow_days)


def past_standings(session: Session, day: date, *, yellow_days: int | None = None) -> dict[int, Past]:
    """How each zone stood at the end of a past local day, from the records of days.

    Parameters
    ----------
    session : Session
    day : date
    yellow_days : int, optional
        Without it nothing is said of what was due soon.

    Returns
    -------
    dict
        Zone number (0: outside every township) → standing; zones with nothing unresolved are left out, and empty also
        where there is no record of that day (`is_recorded` tells).
    """
    found = endings(session, day, RecordScope.ZONE) or {}
    return {zone: _past(ending, yellow_days) for zone, ending in found.items()}


def is_recorded(session: Session, day: date) -> bool:
    """Whether it is known how the district stood at the end of a past local day."""
    return endings(session, day, RecordScope.DISTRICT) is not None


def _past(ending: Ending, yellow_days: int | None) -> Past:
    is_known = yellow_days is not None and yellow_days < len(ending.due_within)
    return Past(
        unresolved=ending.unresolved,
        overdue=ending.overdue,
        due_soon=ending.due_within[yellow_days] if is_known and yellow_days is not None else None,
    )
