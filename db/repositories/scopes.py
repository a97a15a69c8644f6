"""Scopes pushed into queries, so that lists, counts, exports and details agree."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal_column, not_, or_, true
from sqlmodel import col, select

from db.tables.history import ZonePlace
from db.tables.issues import Issue, IssueLink, IssueUnit
from db.tables.territory import Enterprise, EnterpriseLink, Zone
from governance.permissions import (
    GRADED,
    OWN_FINDINGS_ONLY,
    SIGN_OFF_ROLES,
    TOWNSHIP_FINDINGS,
    Actor,
    Grant,
    Right,
    Scope,
    may,
    scope_of,
)
from governance.vocabulary import Role, SignOffLevel, ZoneKind


def issues_within(actor: Actor, right: Right = Right.SEE) -> ColumnElement[bool]:
    """Condition on `Issue`: those that the actor's right reaches; every role of the actor adds to it."""
    if actor.is_operator:
        return true()
    reached = (
        and_(_issues_of(grant, scope_of(right, grant.role)), _in_competence(grant, right)) for grant in actor.grants
    )
    return or_(false(), *reached)


def sees_every_issue(actor: Actor, right: Right = Right.SEE) -> bool:
    """Whether an actor's right reaches all issues, so that nothing needs to be asked of any of them."""
    return actor.is_operator or any(
        scope_of(right, grant.role) == Scope.ALL and _in_competence(grant, right).compare(true())
        for grant in actor.grants
    )


def issue_parts_within(actor: Actor, right: Right = Right.SEE) -> list[ColumnElement[bool]]:
    """The condition of `issues_within` in parts, of which any suffices: each by itself has an index to go along."""
    if actor.is_operator:
        return [true()]
    return [
        and_(part, _in_competence(grant, right))
        for grant in actor.grants
        for part in _parts_of(grant, scope_of(right, grant.role))
    ]


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
    """Condition on `Issue`: it lies today in any of the zones, each issue once.

    An issue's own fields say so as its links of today do, and indexes find them together with its stage.
    """
    return or_(*_parts_in_zones(zone_ids))


def _parts_in_zones(zone_ids: frozenset[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    together = select(ZonePlace.key_zone_ids).where(col(ZonePlace.zone_id).in_(zone_ids))
    # Written out: of a number that is only bound SQLite expects so many issues that it walks along all open ones.
    townships: list[ColumnElement[int]] = [literal_column(str(int(zone))) for zone in sorted(zone_ids)]
    return col(Issue.township_id).in_(townships), col(Issue.key_zone_ids).in_(together)


def about_issues(table: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on a table with an ``issue_id``: the issue fulfils a condition on `Issue`.

    It is asked of each row that is looked at: those are few beside all issues of a zone, which a list of their numbers
    would gather first.
    """
    return exists().where(col(Issue.id) == table.issue_id, condition).correlate(table)


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


def _parts_of(grant: Grant, scope: Scope | None) -> tuple[ColumnElement[bool], ...]:
    in_zones = scope in (Scope.GUARDED, Scope.TOWNSHIP)
    return _parts_in_zones(grant.zone_ids) if in_zones else (_issues_of(grant, scope),)


def _in_competence(grant: Grant, right: Right) -> ColumnElement[bool]:
    """What `governance.permissions.may` asks of an issue beside the scope."""
    if grant.role == Role.TOWNSHIP and right in OWN_FINDINGS_ONLY:
        return col(Issue.source).in_(TOWNSHIP_FINDINGS)
    if grant.role == Role.TOWNSHIP and right == Right.DECIDE_EXTENSION:
        return col(Issue.sign_off_level) == SignOffLevel.TOWNSHIP
    if grant.role == Role.CONSULTANT and right == Right.CHECK_ON_SITE:
        return not_(_with_unit(grant))
    if right == Right.SEND_BACK:
        return col(Issue.lead_unit_id).in_(grant.unit_ids)
    if right in GRADED and grant.role not in (Role.DISTRICT_LEADER, Role.LIAISON):
        return _at_level(grant.role)
    return true()


def _at_level(role: Role) -> ColumnElement[bool]:
    levels = [level for level, roles in SIGN_OFF_ROLES.items() if role in roles]
    own = col(Issue.sign_off_level).in_(levels)
    if role != Role.BUREAU:
        return own
    nobody_else = and_(col(Issue.sign_off_level) == SignOffLevel.TOWNSHIP, col(Issue.township_id).is_(None))
    return or_(own, nobody_else)


def _with_unit(grant: Grant) -> ColumnElement[bool]:
    joined = select(IssueUnit.issue_id).where(col(IssueUnit.unit_id).in_(grant.unit_ids))
    return or_(
        func.coalesce(col(Issue.finder_unit_id).in_(grant.unit_ids), false()),
        func.coalesce(col(Issue.lead_unit_id).in_(grant.unit_ids), false()),
        col(Issue.id).in_(joined),
    )


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
