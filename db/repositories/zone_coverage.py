"""How far the enterprises of each zone are covered: by a director today, and by an inspection this year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, not_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from db.repositories.coverage import not_covered
from db.repositories.dated import valid_on
from db.tables.people import Appointment
from db.tables.territory import Enterprise, EnterpriseLink
from governance.coverage import COVERINGS, Coverage, coverage_period
from governance.vocabulary import Role


@dataclass(frozen=True, slots=True)
class ZoneCoverage:
    """Enterprises of a zone today: all, with a director, and inspected this year by the definition of `governance`."""

    enterprises: int = 0
    with_director: int = 0
    inspected: int = 0


def zone_coverage(session: Session, zone_ids: Sequence[int], *, today: date) -> dict[int, ZoneCoverage]:
    """Coverage of zones: number → coverage, for every number given.

    Parameters
    ----------
    session : Session
    zone_ids : sequence of int
    today : date
        Links and appointments are those valid on it; the year is its calendar year up to it.
    """
    since, until = coverage_period(today)
    directed = exists().where(
        col(Appointment.role) == Role.ENVIRONMENT_DIRECTOR,
        col(Appointment.enterprise_id) == col(Enterprise.id),
        valid_on(Appointment, today),
    )
    inspected = not_(not_covered(COVERINGS[Coverage.INSPECTION], since=since, until=until))
    counts = [_count(session, zone_ids, condition) for condition in (None, directed, inspected)]
    return {zone: ZoneCoverage(*(count.get(zone, 0) for count in counts)) for zone in zone_ids}


def _count(session: Session, zone_ids: Sequence[int], condition: ColumnElement[bool] | None) -> dict[int, int]:
    within = and_(col(EnterpriseLink.zone_id).in_(zone_ids), col(EnterpriseLink.valid_to).is_(None))
    query = columns(col(EnterpriseLink.zone_id), func.count()).join(
        Enterprise, col(Enterprise.id) == col(EnterpriseLink.enterprise_id)
    )
    query = query.where(within).group_by(col(EnterpriseLink.zone_id))
    query = query.where(condition) if condition is not None else query
    return {zone: int(n) for zone, n in session.connection().execute(query)}
