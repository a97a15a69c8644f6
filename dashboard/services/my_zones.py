"""A leader's own page: the guarded zones with their standing, and whose page somebody may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from dashboard.services.overview import Standing, district_standing, nothing, standings, zones_standing
from db.records import get
from db.repositories.people import guarded_zone_ids, guarded_zones, leaders_on, leaders_served
from db.tables.people import Person
from db.tables.territory import Zone
from governance.permissions import Actor, Grant, Right, Scope, scope_of
from governance.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class MyZones:
    """The zones that a leader guards, key zones first, with their standing; together each issue counts once."""

    leader: Person
    zone_ids: frozenset[int]
    zones: list[tuple[Zone, Standing]]
    together: Standing


def leaders_open_to(session: Session, actor: Actor, *, today: date) -> list[Person]:
    """Leaders whose page somebody may open: the own one, those one acts for, or all for whoever sees all."""
    if actor.is_operator or any(_sees_all(grant) for grant in actor.grants):
        return leaders_on(session, today)
    own = [actor.person_id for grant in actor.grants if grant.role == Role.DISTRICT_LEADER]
    served = leaders_served(session, actor.person_id, day=today)
    return [*(get(session, Person, number) for number in own if number is not None), *served]


def my_zones(session: Session, leader: Person, *, today: date, yellow_days: int) -> MyZones:
    """The zones that a leader guards today."""
    ids = guarded_zone_ids(session, leader.key, day=today)
    zones = guarded_zones(session, leader.key, day=today)
    return MyZones(
        leader=leader,
        zone_ids=ids,
        zones=guarded_standings(session, zones, today=today, yellow_days=yellow_days),
        together=together_standing(session, ids, today=today, yellow_days=yellow_days),
    )


def guarded_standings(
    session: Session, zones: Sequence[Zone], *, today: date, yellow_days: int
) -> list[tuple[Zone, Standing]]:
    """Zones with their standing, in the order given."""
    known = standings(session, today=today, yellow_days=yellow_days)
    return [(zone, known.get(zone.key, nothing())) for zone in zones]


def together_standing(session: Session, zone_ids: frozenset[int] | None, *, today: date, yellow_days: int) -> Standing:
    """Standing of several zones together, each issue counted once; of the district for None."""
    if zone_ids is None:
        return district_standing(session, today=today, yellow_days=yellow_days)
    return zones_standing(session, zone_ids, today=today, yellow_days=yellow_days)


def _sees_all(grant: Grant) -> bool:
    return scope_of(Right.SEE, grant.role) == Scope.ALL
