"""Where a finding comes from: each role's findings have one source, and the offices that take in others' choose."""

from collections.abc import Mapping
from types import MappingProxyType

from governance.errors import InvalidInput, NotAllowed
from governance.permissions import Actor, Grant, Right, Target, may
from governance.vocabulary import Role, Source

# In the order in which roles count for somebody who holds several of them.
SOURCES_OF: Mapping[Role, tuple[Source, ...]] = MappingProxyType(
    {
        Role.BUREAU: tuple(Source),
        Role.COMMITTEE_OFFICE: tuple(Source),
        Role.ENFORCEMENT: (Source.ENFORCEMENT,),
        Role.TOWNSHIP: (Source.TOWNSHIP_PATROL,),
        Role.CONSULTANT: (Source.CONSULTANT,),
        Role.BUTLER: (Source.BUTLER,),
        Role.VILLAGE_CADRE: (Source.CADRE,),
        Role.ENVIRONMENT_DIRECTOR: (Source.SELF_CHECK,),
    }
)


def reporting_grant(actor: Actor, target: Target | None = None) -> Grant | None:
    """The role in which somebody reports a target; without one, anything at all.

    Parameters
    ----------
    actor : Actor
    target : Target, optional

    Returns
    -------
    Grant or None
        Of several roles that reach the target the first in the order of `SOURCES_OF`; None when no role does.
    """
    held = {grant.role: grant for grant in actor.grants}
    for role in SOURCES_OF:
        alone = Actor(person_id=actor.person_id, name=actor.name, grants=(held[role],)) if role in held else None
        if alone is not None and may(alone, Right.REPORT, target):
            return held[role]
    return None


def sources_for(actor: Actor, target: Target | None = None) -> tuple[Source, ...]:
    """Sources that somebody may state for a target; every one for the operator, none for who may not report it."""
    if actor.is_operator:
        return tuple(Source)
    grant = reporting_grant(actor, target)
    return SOURCES_OF[grant.role] if grant else ()


def source_of(actor: Actor, target: Target, *, stated: Source | None = None) -> Source:
    """The source of a finding.

    Parameters
    ----------
    actor : Actor
    target : Target
    stated : Source, optional
        Needed from whoever has a choice; from all others only their own is taken.

    Raises
    ------
    NotAllowed
        The actor may not report the target.
    InvalidInput
        No source, or not one of the actor's.
    """
    allowed = sources_for(actor, target)
    if not allowed:
        raise NotAllowed(
            "not_allowed",
            "{name} ({roles}) may not do this here: {right}",
            name=actor.name,
            roles=tuple(sorted(actor.roles)) or "-",
            right=Right.REPORT,
        )
    source = stated or (allowed[0] if len(allowed) == 1 else None)
    if source is None:
        raise InvalidInput("source_missing", "Choose where the finding comes from", field="source")
    if source not in allowed:
        raise InvalidInput(
            "source_not_own",
            "Your findings do not come from {source}; allowed: {allowed}",
            field="source",
            source=source,
            allowed=allowed,
        )
    return source
