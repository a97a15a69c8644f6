"""The wall's playlist: which steps the district of today has, in the order that the settings give."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from db.repositories.dated import valid_on
from db.repositories.people import leaders_on
from db.repositories.territory import zones
from db.tables.people import Assignment
from governance.playlist import DISTRICT_STEP, Step, StepKind, step_of
from governance.vocabulary import ZoneKind

__all__ = ["DISTRICT_STEP", "PARTS", "Step", "StepKind", "step_of", "steps_of"]


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
