"""What a new notice may name: enterprises with issues of the ledger that somebody may notify, and their issues."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, func, true
from sqlalchemy import select as columns
from sqlmodel import Session, col

from dashboard.services.issue_facts import either
from db.repositories import issues
from db.repositories.issues import IssueLine
from db.repositories.ledger_pages import alive
from db.repositories.scopes import issues_within
from db.tables.issues import Issue
from db.tables.people import Unit
from db.tables.territory import Enterprise
from governance.notices import IN_THE_LEDGER, MOST_ISSUES, RIGHTS
from governance.permissions import Actor
from governance.vocabulary import NoticeKind

MOST_ADDRESSEES: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """An enterprise, or None for places without one, and how many of its issues a notice may name."""

    enterprise_id: int | None
    name: str
    issues: int


def addressees(session: Session, actor: Actor, kind: NoticeKind, issuer: Unit) -> list[Addressee]:
    """Whom a notice of a unit can go to, by name, places without an enterprise last; at most 1,000."""
    owner = col(Issue.enterprise_id)
    nameable = columns(owner, func.count().label("n")).where(alive(), _nameable(actor, kind, issuer))
    counted = nameable.group_by(owner).subquery()
    query = (
        columns(counted.c.enterprise_id, col(Enterprise.name), col(Enterprise.name_en), counted.c.n)
        .select_from(counted)
        .join(Enterprise, col(Enterprise.id) == counted.c.enterprise_id, isouter=True)
        .order_by(col(Enterprise.name).is_(None), col(Enterprise.name), counted.c.enterprise_id)
        .limit(MOST_ADDRESSEES)
    )
    rows = session.connection().execute(query)
    return [Addressee(enterprise_id=row[0], name=either(row[1], row[2]), issues=row[3]) for row in rows]


def nameable_issues(
    session: Session, actor: Actor, kind: NoticeKind, issuer: Unit, enterprise_id: int | None
) -> list[IssueLine]:
    """Issues of an enterprise, or without one, that a notice may name: earliest deadline first, at most 100."""
    owner = col(Issue.enterprise_id)
    of_owner = owner.is_(None) if enterprise_id is None else owner == enterprise_id
    return issues.lines(session, and_(_nameable(actor, kind, issuer), of_owner), limit=MOST_ISSUES, by_deadline=True)


def _nameable(actor: Actor, kind: NoticeKind, issuer: Unit) -> ColumnElement[bool]:
    here = col(Issue.township_id) == issuer.zone_id if issuer.zone_id is not None else true()
    return and_(issues_within(actor, RIGHTS[kind]), col(Issue.stage).in_(sorted(IN_THE_LEDGER)), here)
