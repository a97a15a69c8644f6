"""Which enterprises the dated records of a period cover, as conditions and counts."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.tables.issues import Issue, Notice
from db.tables.loop import LookBackItem
from db.tables.people import Unit
from db.tables.territory import Enterprise, Industry, Zone
from governance.coverage import Covering, GroupPart
from governance.vocabulary import Source, UnitKind


def not_covered(covering: Covering, *, since: date, until: date) -> ColumnElement[bool]:
    """Condition on `Enterprise`: no record of a coverage lies within the local days, both included."""
    return not_(or_(*_records(covering, since, until)))


def count_enterprises(session: Session, *conditions: ColumnElement[bool]) -> int:
    """How many enterprises fulfil all conditions."""
    return session.exec(select(func.count()).select_from(Enterprise).where(*conditions)).one()


def count_each(session: Session, within: ColumnElement[bool], *conditions: ColumnElement[bool]) -> list[int]:
    """How many enterprises fulfil ``within``, and how many of them each further condition; in one query, in order."""
    each = [func.count(case((condition, 1))) for condition in conditions]
    query = columns(func.count(), *each).select_from(Enterprise).where(within)
    return [int(number) for number in session.connection().execute(query).one()]


def enterprises_page(
    session: Session, *conditions: ColumnElement[bool], limit: int, offset: int
) -> list[tuple[Enterprise, Zone | None, Industry | None]]:
    """Enterprises under all conditions with their township and industry, by name and number, one page of them."""
    query: Any = (
        columns(Enterprise, Zone, Industry)
        .join(Zone, col(Zone.id) == col(Enterprise.township_id), isouter=True)
        .join(Industry, col(Industry.id) == col(Enterprise.industry_id), isouter=True)
        .where(*conditions)
        .order_by(col(Enterprise.name), col(Enterprise.id))
    )
    return [(row[0], row[1], row[2]) for row in session.exec(query.limit(limit).offset(offset))]


def _records(covering: Covering, since: date, until: date) -> list[ColumnElement[bool]]:
    here = col(Issue.enterprise_id) == col(Enterprise.id)
    found_then = and_(here, col(Issue.found_on).between(since, until))
    held: list[ColumnElement[bool]] = []
    if covering.sources:
        held.append(exists().where(found_then, col(Issue.source).in_(covering.sources)))
    if covering.consultants is not None:
        groups = select(Unit.id).where(Unit.kind == UnitKind.INSPECTION_GROUP)
        in_groups = and_(col(Issue.finder_unit_id).is_not(None), col(Issue.finder_unit_id).in_(groups))
        by = in_groups if covering.consultants == GroupPart.BY_GROUPS else not_(in_groups)
        held.append(exists().where(found_then, col(Issue.source) == Source.CONSULTANT, by))
    if covering.notices:
        addressed = col(Notice.enterprise_id) == col(Enterprise.id)
        held.append(exists().where(addressed, col(Notice.issued_on).between(since, until)))
    if covering.checks:
        held.append(exists().where(here, col(Issue.checked_on).between(since, until)))
    if covering.look_backs:
        looked = col(LookBackItem.looked_on).between(since, until)
        # From the few look-backs to their enterprises: from the enterprises it would be a walk over all their issues.
        there = select(Issue.enterprise_id).join(LookBackItem, col(LookBackItem.issue_id) == col(Issue.id))
        held.append(col(Enterprise.id).in_(there.where(looked, col(Issue.enterprise_id).is_not(None))))
    return held
