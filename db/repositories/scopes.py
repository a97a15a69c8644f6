"""Scopes pushed into queries, so that lists, counts, exports and details agree."""

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from db.tables.issues import Issue, IssueLink
from db.tables.territory import Enterprise, EnterpriseLink, Zone
from governance.permissions import Actor, Grant, Right, Scope, may, scope_of
from governance.vocabulary import ZoneKind


def issues_within(actor: Actor, right: Right = Right.SEE) -> ColumnElement[bool]:
    """Condition on `Issue`: those that the actor's right reaches; every role of the actor adds to it."""
    if actor.is_operator:
        return true()
    return or_(false(), *(_issues_of(grant, scope_of(right, grant.role)) for grant in actor.grants))


def enterprises_within(actor: Actor, right: Right = Right.SEE) -> ColumnElement[bool]:
    """Condition on `Enterprise`: those that the actor's right reaches."""
    if actor.is_operator:
        return true()
    return or_(false(), *(_enterprises_of(grant, scope_of(right, grant.role)) for grant in actor.grants))


def zones_within(actor: Actor, right: Right = Right.SEE) -> ColumnElement[bool]:
    """Condition on `Zone`: those of which somebody may know who guards them and how they stand.

    All for whoever sees the district, else the own zones, those in which something lies that the right reaches,
    and the district itself.
    """
    if may(actor, Right.SEE_DISTRICT):
        return true()
    issues, enterprises = issues_within(actor, right), enterprises_within(actor, right)
    with_issues = select(IssueLink.zone_id).join(Issue, col(Issue.id) == col(IssueLink.issue_id))
    with_enterprises = select(EnterpriseLink.zone_id).join(
        Enterprise, col(Enterprise.id) == col(EnterpriseLink.enterprise_id)
    )
    return or_(
        col(Zone.kind) == ZoneKind.DISTRICT,
        col(Zone.id).in_({zone for grant in actor.grants for zone in grant.zone_ids}),
        col(Zone.id).in_(with_issues.where(col(IssueLink.valid_to).is_(None), issues)),
        col(Zone.id).in_(with_enterprises.where(col(EnterpriseLink.valid_to).is_(None), enterprises)),
    )


def issues_in_zones(zone_ids: frozenset[int]) -> ColumnElement[bool]:
    """Condition on `Issue`: linked today to any of the zones, each issue once."""
    linked = select(IssueLink.issue_id).where(col(IssueLink.zone_id).in_(zone_ids), col(IssueLink.valid_to).is_(None))
    return col(Issue.id).in_(linked)


def enterprises_in_zones(zone_ids: frozenset[int]) -> ColumnElement[bool]:
    """Condition on `Enterprise`: linked today to any of the zones."""
    linked = select(EnterpriseLink.enterprise_id).where(
        col(EnterpriseLink.zone_id).in_(zone_ids), col(EnterpriseLink.valid_to).is_(None)
    )
    return col(Enterprise.id).in_(linked)


def _issues_of(grant: Grant, scope: Scope | None) -> ColumnElement[bool]:
    match scope:
        case None:
            return false()
        case Scope.ALL:
            return true()
        case Scope.GUARDED | Scope.TOWNSHIP:
            return issues_in_zones(grant.zone_ids)
        case Scope.INDUSTRIES:
            return or_(col(Issue.industry_id).in_(grant.industry_ids), _with_unit(grant))
        case Scope.HANDED_OVER:
            return col(Issue.enforcement_unit_id).is_not(None)
        case Scope.UNIT:
            return or_(_with_unit(grant), col(Issue.enterprise_id).in_(grant.enterprise_ids))
        case Scope.ENTERPRISES:
            return col(Issue.enterprise_id).in_(grant.enterprise_ids)


def _with_unit(grant: Grant) -> ColumnElement[bool]:
    return or_(col(Issue.finder_unit_id).in_(grant.unit_ids), col(Issue.lead_unit_id).in_(grant.unit_ids))


def _enterprises_of(grant: Grant, scope: Scope | None) -> ColumnElement[bool]:
    match scope:
        case None:
            return false()
        case Scope.ALL:
            return true()
        case Scope.GUARDED | Scope.TOWNSHIP:
            return enterprises_in_zones(grant.zone_ids)
        case Scope.INDUSTRIES:
            return col(Enterprise.industry_id).in_(grant.industry_ids)
        case Scope.HANDED_OVER:
            handed = select(Issue.enterprise_id).where(col(Issue.enforcement_unit_id).is_not(None))
            return and_(col(Enterprise.id).in_(handed))
        case Scope.UNIT:
            found = select(Issue.enterprise_id).where(_with_unit(grant))
            return or_(col(Enterprise.id).in_(grant.enterprise_ids), col(Enterprise.id).in_(found))
        case Scope.ENTERPRISES:
            return col(Enterprise.id).in_(grant.enterprise_ids)
