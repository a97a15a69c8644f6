"""Who may do what, where: right × role × scope as one table, and the people it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from governance.errors import NotAllowed
from governance.rights import Right as Right
from governance.rights import Scope as Scope
from governance.stages import Action
from governance.vocabulary import Role, SignOffLevel, Source


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One role of a person with the things that it reaches, as valid today."""

    role: Role
    zone_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    industry_ids: frozenset[int] = frozenset()
    enterprise_ids: frozenset[int] = frozenset()
    leader_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a person with the rights of today, or the named operator of a command.

    Attributes
    ----------
    person_id
        None for the operator.
    name
        As shown; for the operator the name of the command.
    grants
        Empty for the operator, who may do everything.
    """

    person_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_operator: bool = field(default=False)

    @property
    def roles(self) -> frozenset[Role]:
        """All roles that the person holds today."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def leader_ids(self) -> tuple[int, ...]:
        """The leaders for whom a liaison acts, in the order of the grants."""
        return tuple(grant.leader_id for grant in self.grants if grant.leader_id is not None)

    @property
    def on_behalf_of_id(self) -> int | None:
        """The leader for whom a liaison acts; the first of several, until `speaking_for` names one of them."""
        return next(iter(self.leader_ids), None)


def operator(name: str) -> Actor:
    """The operator of a command: recorded by name, may do everything."""
    return Actor(person_id=None, name=name, is_operator=True)


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a right is asked for; every field empty asks for the district as a whole."""

    zone_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    lead_unit_id: int | None = None
    finder_unit_id: int | None = None
    industry_id: int | None = None
    enterprise_id: int | None = None
    is_with_enforcement: bool = False
    is_in_township: bool = True
    source: Source | None = None
    level: SignOffLevel | None = None


R, W, P = Right, Role, Scope

_LEADER = {W.DISTRICT_LEADER: P.GUARDED, W.LIAISON: P.GUARDED}
_DISTRICT = {W.BUREAU: P.ALL, W.COMMITTEE_OFFICE: P.ALL}
_VIEWERS = {
    **_DISTRICT,
    **_LEADER,
    W.TOWNSHIP: P.TOWNSHIP,
    W.INDUSTRY_DEPARTMENT: P.INDUSTRIES,
    W.ENFORCEMENT: P.HANDED_OVER,
    W.CONSULTANT: P.UNIT,
    W.BUTLER: P.TOWNSHIP,
    W.VILLAGE_CADRE: P.ENTERPRISES,
    W.ENVIRONMENT_DIRECTOR: P.ENTERPRISES,
}

_SIGNERS = {W.BUREAU: P.ALL, W.TOWNSHIP: P.TOWNSHIP, W.INDUSTRY_DEPARTMENT: P.INDUSTRIES}
_RECTIFIERS = {
    W.ENVIRONMENT_DIRECTOR: P.ENTERPRISES,
    W.TOWNSHIP: P.TOWNSHIP,
    W.INDUSTRY_DEPARTMENT: P.INDUSTRIES,
}

PERMISSIONS: Mapping[Right, Mapping[Role, Scope]] = MappingProxyType(
    {
        R.SEE_DISTRICT: {**_DISTRICT, **dict.fromkeys((*_LEADER, W.DISPLAY), P.ALL)},
        R.SEE: _VIEWERS,
        R.EXPORT: _VIEWERS,
        R.REPORT: {
            W.BUREAU: P.ALL,
            W.COMMITTEE_OFFICE: P.ALL,
            W.TOWNSHIP: P.TOWNSHIP,
            W.ENFORCEMENT: P.ALL,
            W.CONSULTANT: P.ALL,
            W.BUTLER: P.TOWNSHIP,
            W.VILLAGE_CADRE: P.ENTERPRISES,
            W.ENVIRONMENT_DIRECTOR: P.ENTERPRISES,
        },
        R.CONFIRM: {W.BUREAU: P.ALL, W.TOWNSHIP: P.TOWNSHIP},
        R.REFUSE: {W.BUREAU: P.ALL, W.TOWNSHIP: P.TOWNSHIP},
        R.MERGE: {W.BUREAU: P.ALL, W.TOWNSHIP: P.TOWNSHIP},
        R.ENTER_LEDGER: {W.BUREAU: P.ALL, W.TOWNSHIP: P.TOWNSHIP},
        R.HAND_OVER: {W.BUREAU: P.ALL, W.COMMITTEE_OFFICE: P.ALL, W.TOWNSHIP: P.TOWNSHIP},
        R.SEND_BACK: {W.TOWNSHIP: P.TOWNSHIP, W.INDUSTRY_DEPARTMENT: P.INDUSTRIES},
        R.SUBMIT_MEASURES: _RECTIFIERS,
        R.WITNESS: {W.VILLAGE_CADRE: P.ENTERPRISES},
        R.CHECK_ON_SITE: {
            W.BUREAU: P.ALL,
            W.TOWNSHIP: P.TOWNSHIP,
            W.INDUSTRY_DEPARTMENT: P.INDUSTRIES,
            W.CONSULTANT: P.UNIT,
        },
        R.RETURN: {**_LEADER, W.BUREAU: P.ALL, W.TOWNSHIP: P.TOWNSHIP, W.INDUSTRY_DEPARTMENT: P.INDUSTRIES},
        R.ANNOUNCE: _SIGNERS,
        R.HAND_IN_ABOVE: {W.BUREAU: P.ALL},
        R.SIGN_OFF: _SIGNERS,
        R.KEEP_LONG_TERM: {W.BUREAU: P.ALL},
        R.REOPEN: _DISTRICT,
        R.ASK_EXTENSION: _RECTIFIERS,
        R.DECIDE_EXTENSION: {**_DISTRICT, W.TOWNSHIP: P.TOWNSHIP},
        R.REACH_MILESTONE: _SIGNERS,
        R.COMMENT: _VIEWERS,
        R.INSTRUCT: _LEADER,
        R.ORDER_SUPERVISION: {**_LEADER, W.COMMITTEE_OFFICE: P.ALL},
        R.CARRY_OUT_DIRECTIVE: {**_DISTRICT, W.TOWNSHIP: P.TOWNSHIP, W.INDUSTRY_DEPARTMENT: P.INDUSTRIES},
        R.END_DIRECTIVE: {**_LEADER, W.COMMITTEE_OFFICE: P.ALL},
        R.PLAN_LOOK_BACK: _DISTRICT,
        R.LOOK_BACK: _DISTRICT,
        R.REPLY_NOTICE: {W.ENVIRONMENT_DIRECTOR: P.ENTERPRISES, W.TOWNSHIP: P.TOWNSHIP},
        R.SEE_PHOTO_ORIGIN: {**_DISTRICT, W.TOWNSHIP: P.TOWNSHIP, W.ENFORCEMENT: P.HANDED_OVER},
        R.ISSUE_DISTRICT_NOTICE: {W.BUREAU: P.ALL, W.COMMITTEE_OFFICE: P.ALL},
        R.ISSUE_TOWNSHIP_NOTICE: {W.TOWNSHIP: P.TOWNSHIP},
        R.ADD_EVIDENCE: {role: scope for role, scope in _VIEWERS.items() if role not in _LEADER},
        R.EDIT_ENTERPRISES: {W.BUREAU: P.ALL, W.TOWNSHIP: P.TOWNSHIP},
        R.EDIT_ZONES: {W.BUREAU: P.ALL},
        R.EDIT_ASSIGNMENTS: {W.BUREAU: P.ALL},
        R.EDIT_PAST_ASSIGNMENTS: {W.COMMITTEE_OFFICE: P.ALL},
        R.EDIT_PEOPLE: {W.BUREAU: P.ALL},
        R.EDIT_LAYOUTS: _DISTRICT,
        R.EDIT_RULES: {W.BUREAU: P.ALL},
        R.EDIT_CHANNELS: {W.BUREAU: P.ALL},
        R.IMPORT: {W.BUREAU: P.ALL},
    }
)

# A township confirms, enters and hands on what was found in its own territory by itself or its people.
TOWNSHIP_FINDINGS = frozenset({Source.TOWNSHIP_PATROL, Source.BUTLER, Source.CADRE, Source.SELF_CHECK})
OWN_FINDINGS_ONLY = frozenset({R.CONFIRM, R.REFUSE, R.MERGE, R.ENTER_LEDGER, R.HAND_OVER})
# Whoever may not sign an issue off may not send it back either; leaders may, in the zones they guard.
GRADED = frozenset({R.SIGN_OFF, R.RETURN, R.ANNOUNCE, R.REACH_MILESTONE})

SIGN_OFF_ROLES: Mapping[SignOffLevel, frozenset[Role]] = MappingProxyType(
    {
        SignOffLevel.TOWNSHIP: frozenset({W.TOWNSHIP}),
        SignOffLevel.DEPARTMENT: frozenset({W.INDUSTRY_DEPARTMENT, W.BUREAU}),
        SignOffLevel.BUREAU: frozenset({W.BUREAU}),
        SignOffLevel.ABOVE: frozenset({W.BUREAU}),
    }
)

RIGHT_OF = {action: Right(action.value) for action in Action}


def scope_of(right: Right, role: Role) -> Scope | None:
    """How far a role's right reaches; None when the role does not have it."""
    return PERMISSIONS[right].get(role)


def may(actor: Actor, right: Right, target: Target | None = None) -> bool:
    """Whether a person may do something to a target.

    Parameters
    ----------
    actor : Actor
    right : Right
    target : Target, optional
        Without one: whether the person may do it anywhere at all.

    Returns
    -------
    bool
    """
    return actor.is_operator or any(_grants(grant, right, target) for grant in actor.grants)


def require(actor: Actor, right: Right, target: Target | None = None) -> None:
    """Refuse what `may` does not allow.

    Raises
    ------
    NotAllowed
        Names the person, the roles held and the right.
    """
    if may(actor, right, target):
        return
    raise NotAllowed(
        "not_allowed",
        "{name} ({roles}) may not do this here: {right}",
        name=actor.name,
        roles=tuple(sorted(actor.roles)) or "-",
        right=right,
    )


def speaking_for(actor: Actor, leader_id: int | None) -> Actor:
    """A liaison of several leaders as that of one of them alone; unchanged for whoever is not that leader's liaison."""
    if leader_id not in actor.leader_ids or len(actor.leader_ids) == 1:
        return actor
    return replace(actor, grants=tuple(grant for grant in actor.grants if grant.leader_id in (None, leader_id)))


def preferring(actor: Actor, leader_id: int | None) -> Actor:
    """A liaison of several leaders with one of them at the front, who is acted for where several guard a zone."""
    if leader_id not in actor.leader_ids[1:]:
        return actor
    return replace(actor, grants=tuple(sorted(actor.grants, key=lambda grant: grant.leader_id != leader_id)))


def leaders_guarding(actor: Actor, target: Target) -> tuple[int, ...]:
    """For which of the own leaders a liaison may act on a target: those who guard where it lies, as in the grants."""
    guarding = (grant for grant in actor.grants if grant.leader_id is not None and grant.zone_ids & target.zone_ids)
    return tuple(grant.leader_id for grant in guarding if grant.leader_id is not None)


def _grants(grant: Grant, right: Right, target: Target | None) -> bool:
    scope = scope_of(right, grant.role)
    if scope is None:
        return False
    return target is None or (_reaches(grant, scope, target) and _is_in_competence(grant, right, target))


def _reaches(grant: Grant, scope: Scope, target: Target) -> bool:
    match scope:
        case Scope.ALL:
            return True
        case Scope.GUARDED | Scope.TOWNSHIP:
            return bool(grant.zone_ids & target.zone_ids)
        case Scope.INDUSTRIES:
            return target.industry_id in grant.industry_ids or bool(grant.unit_ids & target.unit_ids)
        case Scope.HANDED_OVER:
            return target.is_with_enforcement
        case Scope.UNIT:
            return bool(grant.unit_ids & target.unit_ids) or target.enterprise_id in grant.enterprise_ids
        case Scope.ENTERPRISES:
            return target.enterprise_id in grant.enterprise_ids


def _is_in_competence(grant: Grant, right: Right, target: Target) -> bool:
    if grant.role == Role.TOWNSHIP and right in OWN_FINDINGS_ONLY:
        return target.source is None or target.source in TOWNSHIP_FINDINGS
    if grant.role == Role.TOWNSHIP and right == Right.DECIDE_EXTENSION:
        return target.level in (None, SignOffLevel.TOWNSHIP)
    if grant.role == Role.CONSULTANT and right == Right.CHECK_ON_SITE:
        return not grant.unit_ids & target.unit_ids  # nobody verifies the own prescription
    if right == Right.SEND_BACK:
        return target.lead_unit_id in grant.unit_ids
    if right in GRADED and grant.role not in _LEADER:
        return _is_at_level(grant.role, target)
    return True


def _is_at_level(role: Role, target: Target) -> bool:
    """Whether a role signs off at the target's level; the bureau stands in where no township answers."""
    if target.level is None or role in SIGN_OFF_ROLES[target.level]:
        return True
    return role == Role.BUREAU and target.level == SignOffLevel.TOWNSHIP and not target.is_in_township
