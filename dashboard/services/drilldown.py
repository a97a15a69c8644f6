"""From the district down to a zone and an enterprise: what lies there, and who answers for it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from dashboard.services.map_view import of_industries
from dashboard.services.overview import Standing, nothing, seen_standings, standing_of
from db.repositories.dated import valid_on
from db.repositories.issues import unresolved_by_enterprise
from db.repositories.people import guards_of
from db.repositories.scopes import (
    enterprises_in_zones,
    enterprises_within,
    issues_in_zones,
    issues_within,
    zones_within,
)
from db.repositories.standing import unresolved_by
from db.repositories.tallies import issue_groups
from db.repositories.territory import current_outline, zone_by_code
from db.tables.history import StandingScope
from db.tables.people import Appointment, Assignment, Person
from db.tables.territory import Enterprise, Industry, Outline, Zone
from governance.errors import NotFound
from governance.permissions import Actor, Right, may
from governance.vocabulary import Role, ZoneKind

ENTERPRISES = 200


@dataclass(frozen=True, kw_only=True)
class ZoneView:
    """A zone: its outline, who guards it, its standing and its enterprises as far as the person's rights reach.

    Attributes
    ----------
    guards
        None of a zone in which nothing is open to the person.
    standing
        Of the whole zone for whoever may see the district in summary, else of the issues within the rights.
    enterprises
        With their unresolved issues, most first, then by name; at most 200 of ``enterprise_total``.
    """

    zone: Zone
    outline: Outline | None
    guards: list[tuple[Assignment, Person]]
    standing: Standing
    enterprises: list[tuple[Enterprise, int]]
    enterprise_total: int


@dataclass(frozen=True, kw_only=True)
class EnterpriseView:
    """An enterprise: its industry, its environment directors today and its standing."""

    enterprise: Enterprise
    industry: Industry | None
    township: Zone | None
    directors: list[Person]
    standing: Standing


def zone_view(
    session: Session,
    actor: Actor,
    kind: ZoneKind,
    code: str,
    *,
    today: date,
    yellow_days: int,
    industries: frozenset[str] = frozenset(),
) -> ZoneView:
    """A zone as a person sees it, with its enterprises of some industries (by code; all without any).

    Raises
    ------
    NotFound
    """
    zone = zone_by_code(session, kind, code)
    if zone is None:
        raise NotFound("no_zone", "There is no zone of the kind {kind} with the code {code}", kind=kind, code=code)
    ids = frozenset({zone.key})
    is_known = session.exec(select(Zone.id).where(Zone.id == zone.key, zones_within(actor))).first() is not None
    known = seen_standings(session, actor, today=today, yellow_days=yellow_days)
    enterprises = _enterprises(session, actor, ids, industries)
    return ZoneView(
        zone=zone,
        outline=current_outline(session, zone.key),
        guards=guards_of(session, zone.key, day=today) if is_known else [],
        standing=known.get(zone.key, nothing()),
        enterprises=enterprises[:ENTERPRISES],
        enterprise_total=len(enterprises),
    )


def enterprise_view(session: Session, actor: Actor, number: int, *, today: date, yellow_days: int) -> EnterpriseView:
    """An enterprise as a person sees it.

    Raises
    ------
    NotFound
        There is no such enterprise, or not for this person.
    """
    query = select(Enterprise).where(Enterprise.id == number, enterprises_within(actor))
    enterprise = session.exec(query).first()
    if enterprise is None:
        raise NotFound("no_enterprise", "There is no enterprise with the number {number} for you", number=number)
    groups = issue_groups(session, issues_within(actor), enterprise_id=number)
    return EnterpriseView(
        enterprise=enterprise,
        industry=session.get(Industry, enterprise.industry_id) if enterprise.industry_id else None,
        township=session.get(Zone, enterprise.township_id) if enterprise.township_id else None,
        directors=_directors(session, number, today),
        standing=standing_of(groups, today=today, yellow_days=yellow_days),
    )


def _enterprises(
    session: Session, actor: Actor, zone_ids: frozenset[int], industries: frozenset[str]
) -> list[tuple[Enterprise, int]]:
    if may(actor, Right.SEE_DISTRICT):
        counts = {int(key): n for key, n in unresolved_by(session, StandingScope.ENTERPRISE).items()}
    else:
        counts = unresolved_by_enterprise(session, issues_in_zones(zone_ids) & issues_within(actor))
    within = (enterprises_in_zones(zone_ids), enterprises_within(actor), of_industries(industries))
    query = select(Enterprise).where(*within)
    found = [(enterprise, counts.get(enterprise.key, 0)) for enterprise in session.exec(query)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].name))


def _directors(session: Session, number: int, today: date) -> list[Person]:
    query = (
        select(Person)
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(
            Appointment.role == Role.ENVIRONMENT_DIRECTOR,
            Appointment.enterprise_id == number,
            valid_on(Appointment, today),
        )
        .order_by(col(Person.code))
    )
    return list(session.exec(query))
