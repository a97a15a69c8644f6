"""What goes with a zone when it passes to another leader, beside its issues."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.tables.directives import Directive
from db.tables.issues import Issue
from db.tables.loop import Extension, Milestone
from db.tables.territory import EnterpriseLink
from db.tally_keys import place_key, zones_of_place
from governance.directives import OPEN
from governance.vocabulary import ExtensionState


def enterprises_in(session: Session, zone_ids: Collection[int]) -> dict[int, int]:
    """Enterprises that lie today in each of some zones: zone number → how many; zones without any are left out."""
    query = (
        columns(col(EnterpriseLink.zone_id), func.count(func.distinct(col(EnterpriseLink.enterprise_id))))
        .where(col(EnterpriseLink.zone_id).in_(sorted(zone_ids)), col(EnterpriseLink.valid_to).is_(None))
        .group_by(col(EnterpriseLink.zone_id))
    )
    return {zone: int(n) for zone, n in session.connection().execute(query)}


def open_directives_of(
    session: Session, person_ids: Collection[int]
) -> list[tuple[str, frozenset[int], frozenset[int]]]:
    """Open instructions and supervision orders that some people gave, or somebody gave for them.

    Parameters
    ----------
    session : Session
    person_ids : collection of int

    Returns
    -------
    list of (str, frozenset of int, frozenset of int)
        Number of the directive, who gave it and for whom, the zones that it is about: its own, and those in which its
        issue lies today. By deadline, then in the order in which they were given.
    """
    people = sorted(person_ids)
    given = or_(col(Directive.giver_id).in_(people), col(Directive.on_behalf_of_id).in_(people))
    query = (
        columns(
            col(Directive.number),
            col(Directive.giver_id),
            col(Directive.on_behalf_of_id),
            col(Directive.zone_id),
            col(Issue.township_id),
            col(Issue.key_zone_ids),
        )
        .join(Issue, col(Issue.id) == col(Directive.issue_id), isouter=True)
        .where(col(Directive.state).in_(sorted(OPEN)), given)
        .order_by(col(Directive.due_on), col(Directive.id))
    )
    return [
        (number, frozenset(one for one in (giver, leader) if one is not None), _zones_of(zone, township, key_zones))
        for number, giver, leader, zone, township, key_zones in session.connection().execute(query)
    ]


def _zones_of(zone: int | None, township: int | None, key_zones: str | None) -> frozenset[int]:
    around = zones_of_place(place_key(township, tuple(int(one) for one in (key_zones or "").split(",") if one)))
    return (around | frozenset({zone or 0})) - {0}


def granted_extensions(session: Session, condition: ColumnElement[bool], *, limit: int) -> list[tuple[str, Extension]]:
    """More time that was granted for issues under a condition: number of the issue and the grant, by the new day."""
    query = (
        select(Issue.number, Extension)
        .join(Issue, col(Issue.id) == col(Extension.issue_id))
        .where(Extension.state == ExtensionState.GRANTED, condition)
        .order_by(col(Extension.wanted_due_on), col(Extension.id))
    )
    return list(session.exec(query.limit(limit)))


def unreached_milestones(
    session: Session, condition: ColumnElement[bool], *, limit: int
) -> list[tuple[str, Milestone]]:
    """Steps to come of the plans of issues under a condition: number of the issue and the step, by its day."""
    query = (
        select(Issue.number, Milestone)
        .join(Issue, col(Issue.id) == col(Milestone.issue_id))
        .where(col(Milestone.reached_on).is_(None), condition)
        .order_by(col(Milestone.due_on), col(Milestone.id))
    )
    return list(session.exec(query.limit(limit)))


def promised_measures(session: Session, condition: ColumnElement[bool], *, limit: int) -> list[Issue]:
    """Issues under a condition whose rectifier wrote down measures, by deadline (none last)."""
    has_measures = func.coalesce(col(Issue.measures), "") != ""
    query = select(Issue).where(has_measures, condition)
    return list(
        session.exec(query.order_by(col(Issue.due_on).is_(None), col(Issue.due_on), col(Issue.id)).limit(limit))
    )
