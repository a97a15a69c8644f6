"""Where a finding comes from: by the reporter's role, chosen only by the offices that take in others'."""

import pytest

from governance.errors import InvalidInput, NotAllowed
from governance.permissions import Actor, Grant, Target, operator
from governance.sources import reporting_grant, source_of, sources_for
from governance.vocabulary import Role, Source

MILL, WEST = 7, 3
HERE = Target(enterprise_id=MILL, zone_ids=frozenset({WEST}))
OWN = {
    Role.TOWNSHIP: Source.TOWNSHIP_PATROL,
    Role.CONSULTANT: Source.CONSULTANT,
    Role.BUTLER: Source.BUTLER,
    Role.VILLAGE_CADRE: Source.CADRE,
    Role.ENVIRONMENT_DIRECTOR: Source.SELF_CHECK,
    Role.ENFORCEMENT: Source.ENFORCEMENT,
}
SILENT = (Role.DISTRICT_LEADER, Role.LIAISON, Role.INDUSTRY_DEPARTMENT, Role.DISPLAY)


def person(*roles: Role, **reach: frozenset[int]) -> Actor:
    reach = reach or {"zone_ids": frozenset({WEST}), "enterprise_ids": frozenset({MILL})}
    return Actor(person_id=1, name="somebody", grants=tuple(Grant(role=role, **reach) for role in roles))


@pytest.mark.parametrize(("role", "source"), OWN.items())
def test_a_role_has_one_source(role: Role, source: Source) -> None:
    assert source_of(person(role), HERE) == source


@pytest.mark.parametrize("role", OWN)
def test_nobody_claims_the_source_of_others(role: Role) -> None:
    with pytest.raises(InvalidInput, match="do not come from"):
        source_of(person(role), HERE, stated=Source.HOTLINE_12345)


@pytest.mark.parametrize("role", [Role.BUREAU, Role.COMMITTEE_OFFICE])
def test_the_offices_choose_and_must_choose(role: Role) -> None:
    assert source_of(person(role), HERE, stated=Source.CITY_HAND_OVER) == Source.CITY_HAND_OVER
    with pytest.raises(InvalidInput, match="Choose where"):
        source_of(person(role), HERE)


@pytest.mark.parametrize("role", SILENT)
def test_who_may_not_report_has_no_source(role: Role) -> None:
    assert sources_for(person(role)) == ()
    with pytest.raises(NotAllowed):
        source_of(person(role), HERE)


def test_outside_the_own_scope_there_is_no_source() -> None:
    elsewhere = person(Role.BUTLER, zone_ids=frozenset({WEST + 1}))
    assert (sources_for(elsewhere, HERE), sources_for(elsewhere)) == ((), (Source.BUTLER,))


def test_of_two_roles_the_one_counts_that_reaches_the_target() -> None:
    both = Actor(
        person_id=1,
        name="both",
        grants=(
            Grant(role=Role.BUTLER, zone_ids=frozenset({WEST + 1})),
            Grant(role=Role.ENVIRONMENT_DIRECTOR, enterprise_ids=frozenset({MILL})),
        ),
    )
    grant = reporting_grant(both, HERE)
    assert grant is not None
    assert (grant.role, source_of(both, HERE)) == (Role.ENVIRONMENT_DIRECTOR, Source.SELF_CHECK)


def test_the_operator_states_any_source() -> None:
    assert source_of(operator("import"), HERE, stated=Source.MONITORING) == Source.MONITORING
