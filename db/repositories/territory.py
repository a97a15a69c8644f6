"""Zones with the outlines of a day, industries with their departments, villages."""

from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry
from sqlalchemy import func
from sqlmodel import Session, col, select

from db.repositories.dated import valid_on
from db.tables.people import Unit
from db.tables.territory import Industry, IndustryStandard, Outline, Village, Zone
from geo.codec import from_wkb
from governance.vocabulary import ZoneKind


@dataclass(frozen=True, kw_only=True)
class ZoneOutline:
    """A zone with the outline that it had on a day; WGS84."""

    zone: Zone
    outline: Outline
    geometry: BaseGeometry


def territory_version(session: Session) -> int:
    """A number that rises with every change of a zone or an outline, and with no other: they are never deleted."""
    changed = [select(func.coalesce(func.sum(col(one.version)), 0)).scalar_subquery() for one in (Zone, Outline)]
    return int(session.exec(select(changed[0] + changed[1])).one())


def zones_on(session: Session, day: date, *, kinds: frozenset[ZoneKind] | None = None) -> list[ZoneOutline]:
    """Zones with their outlines on a local day, in the order of their codes.

    Parameters
    ----------
    session : Session
    day : date
    kinds : frozenset of ZoneKind, optional
        All but the district's own outline without it.

    Returns
    -------
    list of ZoneOutline
        Zones without an outline on that day are left out.
    """
    wanted = kinds if kinds is not None else frozenset(ZoneKind) - {ZoneKind.DISTRICT}
    query = (
        select(Zone, Outline)
        .join(Outline, col(Outline.zone_id) == col(Zone.id))
        .where(col(Zone.kind).in_(wanted), valid_on(Outline, day))
        .order_by(col(Zone.code), col(Zone.id))
    )
    return [
        ZoneOutline(zone=zone, outline=outline, geometry=from_wkb(outline.geometry))
        for zone, outline in session.exec(query)
    ]


def district_outline(session: Session, day: date) -> ZoneOutline | None:
    """The district's own outline on a day, if one was ever given."""
    return next(iter(zones_on(session, day, kinds=frozenset({ZoneKind.DISTRICT}))), None)


def zones(session: Session, *, kind: ZoneKind | None = None) -> list[Zone]:
    """Zones by code, of one kind if it is given; the district's own outline is not among them."""
    query = select(Zone).where(Zone.kind != ZoneKind.DISTRICT).order_by(col(Zone.code))
    return list(session.exec(query.where(Zone.kind == kind) if kind else query))


def zone_by_code(session: Session, kind: ZoneKind, code: str) -> Zone | None:
    """Zone of a kind with a code, if there is one."""
    return session.exec(select(Zone).where(Zone.kind == kind, Zone.code == code)).first()


def current_outline(session: Session, zone_id: int) -> Outline | None:
    """The outline of a zone that has not ended."""
    return session.exec(select(Outline).where(Outline.zone_id == zone_id, col(Outline.valid_to).is_(None))).first()


def industries(session: Session) -> list[Industry]:
    """Industries by code."""
    return list(session.exec(select(Industry).order_by(col(Industry.code))))


def standards_on(session: Session, day: date) -> dict[int, tuple[IndustryStandard, Unit]]:
    """Industry number → its standard and department on a local day."""
    query = (
        select(IndustryStandard, Unit)
        .join(Unit, col(Unit.id) == col(IndustryStandard.department_id))
        .where(valid_on(IndustryStandard, day))
    )
    return {standard.industry_id: (standard, unit) for standard, unit in session.exec(query)}


def standard_on(session: Session, industry_id: int | None, day: date) -> IndustryStandard | None:
    """The standard by which an industry was judged on a local day, if it had one."""
    query = select(IndustryStandard).where(IndustryStandard.industry_id == industry_id, valid_on(IndustryStandard, day))
    return session.exec(query).first()


def villages(session: Session, township_id: int | None = None) -> list[Village]:
    """Villages by code, of one township if it is given."""
    query = select(Village).order_by(col(Village.code))
    return list(session.exec(query.where(Village.township_id == township_id) if township_id else query))
