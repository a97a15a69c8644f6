"""People for a crowd: demo accounts for every leader and township of a demo district, and what they have to open."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from dashboard.screen.address import zone_key
from dashboard.services.accounts import add_account
from db.engine import create_engine_for, sqlite_url
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.tables.people import Account, Appointment, Person
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork, unit_of_work
from governance.permissions import operator
from governance.vocabulary import Role

ROLES: Final = (Role.DISTRICT_LEADER, Role.TOWNSHIP, Role.DISPLAY)
ISSUES_EACH: Final = 40


@dataclass(frozen=True, slots=True)
class Part:
    """An account, with the zones and issues that are open to it."""

    login: str
    zones: tuple[str, ...]
    issues: tuple[str, ...]


Parts = dict[Role, list[Part]]


def parts_of(home: Path) -> Parts:
    """Give all leaders and townships of the demo district in ``home`` a demo account; every account by its role."""
    engine = create_engine_for(sqlite_url(home / "gridguard.db"))
    with unit_of_work(engine, actor=operator("benchmark"), now=datetime.now(UTC)) as work:
        found = {role: [_part(work, person) for person in _holders(work.session, role)] for role in ROLES}
    engine.dispose()
    return found


def _holders(session: Session, role: Role) -> list[Person]:
    """Everybody with a role, one of each township."""
    query = (
        select(Appointment.zone_id, Person)
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(Appointment.role == role, col(Appointment.valid_to).is_(None))
        .order_by(col(Person.id).desc())
    )
    rows = session.exec(query).all()
    return list(dict(rows).values()) if role == Role.TOWNSHIP else [person for _zone, person in rows]


def _part(work: UnitOfWork, person: Person) -> Part:
    account = work.session.exec(select(Account).where(Account.person_id == person.key)).first()
    if account is None:
        account = add_account(work, person, login=f"crowd{person.key}", is_demo=True)
    reached = {
        number for grant in actor_of(work.session, person.key, today=work.today).grants for number in grant.zone_ids
    }
    zones = work.session.exec(select(Zone).where(col(Zone.id).in_(reached)))
    issues = select(Issue.number).where(col(Issue.township_id).in_(reached)).order_by(col(Issue.id).desc())
    return Part(
        login=account.login,
        zones=tuple(zone_key(zone.kind, zone.code) for zone in zones),
        issues=tuple(work.session.exec(issues.limit(ISSUES_EACH))),
    )
