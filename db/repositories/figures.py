"""The figures of the model, each counted from raw records by one query; what a figure counts is said beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.repositories.dated import valid_on
from db.tables.history import Event
from db.tables.issues import Issue, Notice
from db.tables.people import Appointment, Assignment, Person, Unit
from db.tables.record import Record
from db.tables.territory import Industry, IndustryStandard, Outline, Zone
from governance.counting import FOUND, RECTIFIED
from governance.stages import EVENT_CODE, Action
from governance.vocabulary import NoticeKind, Role, Stage, UnitKind, ZoneKind

ON_THE_DAY = "valid at the end of the local day"
UP_TO_THE_DAY = "from the first record to the end of the local day"


@dataclass(frozen=True, kw_only=True)
class AsOf:
    """A local day and the moment at which it ends, which no longer belongs to it."""

    day: date
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure.

    Attributes
    ----------
    key
        As `gridguard figures` prints it.
    numerator
        What is counted, each once.
    period
        Over which time.
    query
        The one query that counts it.
    """

    key: str
    numerator: str
    period: str
    query: Callable[[AsOf], Any]


def count(session: Session, figure: Figure, as_of: AsOf) -> int:
    """Value of a figure as of a local day, as known now."""
    return int(session.scalar(figure.query(as_of)) or 0)


def _units(kind: UnitKind) -> Callable[[AsOf], Any]:
    return lambda as_of: _number_of(Unit).where(col(Unit.kind) == kind, _recorded(Unit, as_of))


def _people(role: Role, *conditions: ColumnElement[bool]) -> Callable[[AsOf], Any]:
    return lambda as_of: (
        _number_of(Person)
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(col(Appointment.role) == role, valid_on(Appointment, as_of.day), *conditions)
    )


def _notices(kind: NoticeKind) -> Callable[[AsOf], Any]:
    return lambda as_of: _number_of(Notice).where(col(Notice.kind) == kind, col(Notice.issued_on) <= as_of.day)


def _issues_in(stages: frozenset[Stage]) -> Callable[[AsOf], Any]:
    def query(as_of: AsOf) -> Any:
        moves = and_(col(Event.subject_kind) == Issue.subject, col(Event.stage).is_not(None), _by(as_of))
        last = select(func.max(Event.seq)).where(moves).group_by(col(Event.subject_id))
        return (
            _number_of(Issue)
            .join(Event, and_(col(Event.subject_id) == col(Issue.id), col(Event.seq).in_(last)))
            .where(col(Event.stage).in_(stages))
        )

    return query


def _handed_over(as_of: AsOf) -> Any:
    return (
        _number_of(Issue)
        .join(Unit, col(Unit.id) == col(Issue.finder_unit_id))
        .join(Event, and_(col(Event.subject_kind) == Issue.subject, col(Event.subject_id) == col(Issue.id)))
        .where(
            col(Unit.kind) == UnitKind.INSPECTION_GROUP,
            col(Event.code) == EVENT_CODE[Action.HAND_OVER],
            _by(as_of),
        )
    )


def _industries(as_of: AsOf) -> Any:
    return (
        _number_of(Industry)
        .join(IndustryStandard, col(IndustryStandard.industry_id) == col(Industry.id))
        .join(Unit, col(Unit.id) == col(IndustryStandard.department_id))
        .where(valid_on(IndustryStandard, as_of.day), func.length(IndustryStandard.text) > 0)
    )


def _townships(as_of: AsOf) -> Any:
    outlined = _number_of(Zone).join(Outline, col(Outline.zone_id) == col(Zone.id))
    return outlined.where(col(Zone.kind) == ZoneKind.TOWNSHIP, valid_on(Outline, as_of.day))


def _leaders(as_of: AsOf) -> Any:
    guarding = _people(Role.DISTRICT_LEADER)(as_of).join(Assignment, col(Assignment.person_id) == col(Person.id))
    return guarding.where(valid_on(Assignment, as_of.day))


def _number_of(model: type[Record]) -> Any:
    return columns(func.count(col(model.id).distinct())).select_from(model)


def _recorded(model: type[Record], as_of: AsOf) -> ColumnElement[bool]:
    about = and_(col(Event.subject_kind) == model.subject, col(Event.subject_id) == col(model.id))
    return exists().where(about, _by(as_of))


def _by(as_of: AsOf) -> ColumnElement[bool]:
    return col(Event.at) < as_of.end


FIGURES: tuple[Figure, ...] = (
    Figure(
        key="consultant_teams",
        numerator="consultant teams on record",
        period=ON_THE_DAY,
        query=_units(UnitKind.CONSULTANT_TEAM),
    ),
    Figure(
        key="industries",
        numerator="industries with a competent department and a rectification standard",
        period=ON_THE_DAY,
        query=_industries,
    ),
    Figure(
        key="inspection_groups",
        numerator="inspection groups on record",
        period=ON_THE_DAY,
        query=_units(UnitKind.INSPECTION_GROUP),
    ),
    Figure(
        key="notices_district",
        numerator="rectification notices of the district",
        period=UP_TO_THE_DAY,
        query=_notices(NoticeKind.DISTRICT),
    ),
    Figure(
        key="issues_handed_over",
        numerator="issues found by inspection groups and handed over",
        period=UP_TO_THE_DAY,
        query=_handed_over,
    ),
    Figure(key="townships", numerator="townships with an outline", period=ON_THE_DAY, query=_townships),
    Figure(key="butlers", numerator="people appointed as butlers", period=ON_THE_DAY, query=_people(Role.BUTLER)),
    Figure(
        key="issues_found",
        numerator="issues discovered, those merged into another left out",
        period=UP_TO_THE_DAY,
        query=_issues_in(FOUND),
    ),
    Figure(
        key="stationed_cadres",
        numerator="village cadres stationed at one or more enterprises",
        period=ON_THE_DAY,
        query=_people(Role.VILLAGE_CADRE, col(Appointment.enterprise_id).is_not(None)),
    ),
    Figure(
        key="directors",
        numerator="environment directors of one or more enterprises",
        period=ON_THE_DAY,
        query=_people(Role.ENVIRONMENT_DIRECTOR, col(Appointment.enterprise_id).is_not(None)),
    ),
    Figure(
        key="notices_township",
        numerator="rectification notices of the townships",
        period=UP_TO_THE_DAY,
        query=_notices(NoticeKind.TOWNSHIP),
    ),
    Figure(
        key="issues_rectified",
        numerator="issues that stand signed off at the end of the day",
        period=UP_TO_THE_DAY,
        query=_issues_in(RECTIFIED),
    ),
    Figure(
        key="leaders",
        numerator="district leaders in office who guard one or more zones",
        period=ON_THE_DAY,
        query=_leaders,
    ),
)
