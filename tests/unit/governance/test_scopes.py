"""How far a right reaches: the own township, zones, industries, enterprises, findings and level, and nothing else."""

import pytest

from governance.permissions import Actor, Grant, Right, Target, may
from governance.stages import TRANSITIONS
from governance.vocabulary import Role, SignOffLevel, Source

HERE, ELSEWHERE = frozenset({1}), frozenset({2})
REACH = {"zone_ids": HERE, "unit_ids": HERE, "industry_ids": HERE, "enterprise_ids": HERE}
TEAM = frozenset({5})


def actor(role: Role) -> Actor:
    """Somebody whose role reaches zone 1, industry 1, unit 1 and enterprise 1."""
    return Actor(person_id=1, name="x", grants=(Grant(role=role, **REACH),))  # type: ignore[arg-type]


# role, something it does, what it reaches, what it does not
BOUNDS = [
    (Role.TOWNSHIP, Right.SEE, Target(zone_ids=HERE), Target(zone_ids=ELSEWHERE)),
    (Role.TOWNSHIP, Right.EDIT_ENTERPRISES, Target(zone_ids=HERE), Target(zone_ids=ELSEWHERE)),
    (Role.TOWNSHIP, Right.SUBMIT_MEASURES, Target(zone_ids=HERE), Target(zone_ids=ELSEWHERE)),
    (Role.TOWNSHIP, Right.ISSUE_TOWNSHIP_NOTICE, Target(zone_ids=HERE | ELSEWHERE), Target()),
    (Role.BUTLER, Right.REPORT, Target(zone_ids=HERE), Target(zone_ids=ELSEWHERE)),
    (Role.DISTRICT_LEADER, Right.SEE, Target(zone_ids=HERE | ELSEWHERE), Target(zone_ids=ELSEWHERE)),
    (Role.DISTRICT_LEADER, Right.RETURN, Target(zone_ids=HERE), Target(zone_ids=ELSEWHERE)),
    (Role.LIAISON, Right.RETURN, Target(zone_ids=HERE), Target(zone_ids=ELSEWHERE)),
    (Role.INDUSTRY_DEPARTMENT, Right.SEE, Target(industry_id=1), Target(industry_id=2)),
    (Role.INDUSTRY_DEPARTMENT, Right.SUBMIT_MEASURES, Target(unit_ids=HERE), Target(unit_ids=ELSEWHERE)),
    (Role.INDUSTRY_DEPARTMENT, Right.SIGN_OFF, Target(industry_id=1), Target()),
    (Role.ENFORCEMENT, Right.SEE, Target(is_with_enforcement=True), Target(zone_ids=HERE)),
    (Role.CONSULTANT, Right.SEE, Target(unit_ids=HERE), Target(unit_ids=ELSEWHERE)),
    (Role.CONSULTANT, Right.SEE, Target(enterprise_id=1), Target(enterprise_id=2)),
    (Role.VILLAGE_CADRE, Right.REPORT, Target(enterprise_id=1), Target(enterprise_id=2)),
    (Role.ENVIRONMENT_DIRECTOR, Right.SUBMIT_MEASURES, Target(enterprise_id=1), Target(enterprise_id=2)),
    (Role.ENVIRONMENT_DIRECTOR, Right.SEE, Target(enterprise_id=1), Target(zone_ids=HERE)),
]


@pytest.mark.parametrize(("role", "right", "near", "far"), BOUNDS)
def test_a_right_reaches_the_own_and_not_the_others(role: Role, right: Right, near: Target, far: Target) -> None:
    assert may(actor(role), right, near)
    assert not may(actor(role), right, far)


def test_a_township_officer_may_do_nothing_in_another_township() -> None:
    target = Target(zone_ids=ELSEWHERE, industry_id=1, unit_ids=HERE, enterprise_id=1, source=Source.BUTLER)
    assert [right for right in Right if may(actor(Role.TOWNSHIP), right, target)] == []


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.BUREAU, Role.COMMITTEE_OFFICE)])
def test_without_anything_in_reach_only_the_district_offices_see_a_single_issue(role: Role) -> None:
    nobody = Actor(person_id=1, name="x", grants=(Grant(role=role),))
    everywhere = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE, enterprise_id=1)
    assert not may(nobody, Right.SEE, everywhere)


OWN = {"township_patrol", "butler", "cadre", "self_check"}
FINDINGS_ONLY = [Right.CONFIRM, Right.REFUSE, Right.MERGE, Right.ENTER_LEDGER, Right.HAND_OVER]


@pytest.mark.parametrize("right", FINDINGS_ONLY)
def test_a_township_confirms_and_enters_its_own_findings_only(right: Right) -> None:
    allowed = {s.value for s in Source if may(actor(Role.TOWNSHIP), right, Target(zone_ids=HERE, source=s))}
    assert allowed == OWN


@pytest.mark.parametrize("right", FINDINGS_ONLY)
def test_the_bureau_confirms_and_enters_whatever_was_found(right: Right) -> None:
    assert all(may(actor(Role.BUREAU), right, Target(zone_ids=ELSEWHERE, source=source)) for source in Source)


# level: who signs off, and who of these sends back
GRADES = {
    "township": {"township", "bureau"},
    "department": {"industry_department", "bureau"},
    "bureau": {"bureau"},
    "above": {"bureau"},
}
LEADERS = {"district_leader", "liaison"}


@pytest.mark.parametrize("level", list(SignOffLevel))
def test_sign_off_is_graded_by_level(level: SignOffLevel) -> None:
    target = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE, enterprise_id=1, level=level)
    assert {role.value for role in Role if may(actor(role), Right.SIGN_OFF, target)} == GRADES[level.value]


@pytest.mark.parametrize("level", list(SignOffLevel))
def test_whoever_may_sign_off_may_send_back_and_so_may_leaders(level: SignOffLevel) -> None:
    target = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE, enterprise_id=1, level=level)
    assert {role.value for role in Role if may(actor(role), Right.RETURN, target)} == GRADES[level.value] | LEADERS


def test_a_consultant_checks_what_others_prescribed_and_not_the_own_finding() -> None:
    assert may(actor(Role.CONSULTANT), Right.CHECK_ON_SITE, Target(enterprise_id=1, unit_ids=TEAM))
    assert not may(actor(Role.CONSULTANT), Right.CHECK_ON_SITE, Target(enterprise_id=1, unit_ids=HERE))


def test_a_consultant_checks_only_at_enterprises_that_they_inspect() -> None:
    assert not may(actor(Role.CONSULTANT), Right.CHECK_ON_SITE, Target(enterprise_id=2, unit_ids=TEAM))


# Where everything is in reach and the township itself found a minor issue: who may make which move.
MOVES: dict[str, set[str]] = {
    "bureau": {
        *("confirm", "refuse", "merge", "enter_ledger", "hand_over", "check_on_site", "return", "sign_off"),
        *("keep_long_term", "reopen"),
    },
    "committee_office": {"hand_over"},
    "township": {
        *("confirm", "refuse", "merge", "enter_ledger", "hand_over", "submit_measures", "check_on_site"),
        *("return", "sign_off"),
    },
    "industry_department": {"submit_measures", "check_on_site"},
    "consultant": {"check_on_site"},
    "environment_director": {"submit_measures"},
    "district_leader": {"return"},
    "liaison": {"return"},
}


@pytest.mark.parametrize("role", list(Role))
def test_this_role_makes_these_moves_on_a_minor_finding_of_the_township(role: Role) -> None:
    level, source = SignOffLevel.TOWNSHIP, Source.TOWNSHIP_PATROL
    target = Target(zone_ids=HERE, industry_id=1, unit_ids=TEAM, enterprise_id=1, source=source, level=level)
    moves = {row.action.value for row in TRANSITIONS if may(actor(role), Right(row.action.value), target)}
    assert moves == MOVES.get(role.value, set())
