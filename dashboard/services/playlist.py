"""The wall's playlist: its steps of today in the order that the settings give, and what interrupts them."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from db.repositories.dated import valid_on
from db.repositories.issues import IssueLine, lines
from db.repositories.ledger_pages import alive
from db.repositories.people import leaders_on
from db.repositories.territory import zones
from db.tables.issues import Issue
from db.tables.people import Assignment
from db.tables.territory import Zone
from governance.counting import UNRESOLVED
from governance.playlist import DISTRICT_STEP, Step, StepKind, step_of
from governance.rotation import Alert
from governance.vocabulary import Severity, ZoneKind

__all__ = [
    "DISTRICT_STEP",
    "PARTS",
    "Step",
    "StepKind",
    "alert_line",
    "alerts_of",
    "severe_overdue",
    "step_of",
    "steps_of",
]

# An import may bring hundreds at once: the wall shows the latest, the overdue figure tells the rest.
MOST_ALERTS: Final = 5


def steps_of(session: Session, *, today: date, order: Sequence[str]) -> list[Step]:
    """The steps of the wall on a local day.

    Parameters
    ----------
    session : Session
    today : date
    order : sequence of str
        Parts in the order in which they are shown, each one of `PARTS`; a part that is left out is not shown.

    Returns
    -------
    list of Step
        Within a part by code. Leaders who guard no zone today are left out. Never empty: where the parts have
        nothing to show, the district is shown.
    """
    return [step for part in order for step in PARTS[part](session, today)] or [DISTRICT_STEP]


def _district(session: Session, today: date) -> list[Step]:
    return [DISTRICT_STEP]


def _leaders(session: Session, today: date) -> list[Step]:
    query = select(col(Assignment.person_id)).where(valid_on(Assignment, today)).distinct()
    guards = set(session.exec(query))
    return [Step(StepKind.LEADER, one.code) for one in leaders_on(session, today) if one.key in guards]


def _townships(session: Session, today: date) -> list[Step]:
    return [Step(StepKind.TOWNSHIP, zone.code) for zone in zones(session, kind=ZoneKind.TOWNSHIP)]


PARTS: Final[dict[str, Callable[[Session, date], list[Step]]]] = {
    "district": _district,
    "leaders": _leaders,
    "townships": _townships,
}


def severe_overdue(session: Session, *, today: date) -> frozenset[int]:
    """Numbers (keys) of the severe issues that are unresolved and past their deadline on a local day."""
    keys = session.exec(select(Issue.id).where(*_severe_overdue(today)))
    return frozenset(key for key in keys if key is not None)


def alerts_of(session: Session, keys: Collection[int], *, today: date) -> list[Alert]:
    """What interrupts the wall for some of `severe_overdue`: the longest overdue first, at most `MOST_ALERTS`.

    An issue outside all townships is shown at the district's step.
    """
    query = (
        select(Issue.number, Zone.code)
        .join(Zone, col(Zone.id) == col(Issue.township_id), isouter=True)
        .where(col(Issue.id).in_(keys), *_severe_overdue(today))
        .order_by(col(Issue.due_on), col(Issue.id))
        .limit(MOST_ALERTS)
    )
    return [
        Alert(number, Step(StepKind.TOWNSHIP, code) if code else DISTRICT_STEP) for number, code in session.exec(query)
    ]


def alert_line(session: Session, number: str, *, today: date) -> IssueLine | None:
    """The issue that interrupts; None once it is resolved or no longer overdue."""
    found = lines(session, and_(col(Issue.number) == number, *_severe_overdue(today)), limit=1)
    return found[0] if found else None


def _severe_overdue(today: date) -> tuple[ColumnElement[bool], ...]:
    late = col(Issue.due_on) < today
    return alive(), col(Issue.stage).in_(UNRESOLVED), late, col(Issue.severity) == Severity.SEVERE
