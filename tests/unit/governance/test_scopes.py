"""How far a right reaches: the own township, zones, industries, enterprises, findings and level, and nothing else."""

import pytest

from governance.permissions import Actor, Grant, Right, Target, may
from governance.stages import TRANSITIONS
from governance.vocabulary import Role, SignOffLevel, Source
from tests.unit.governance.test_permissions import PEOPLE

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


# Situations: one thing at a time that an issue, an enterprise or a zone has; each actor's reach holds number 1 of all.
SITUATIONS: dict[str, Target] = {
    "own zone": Target(zone_ids=HERE),
    "foreign zone": Target(zone_ids=ELSEWHERE),
    "own unit": Target(unit_ids=HERE),
    "foreign unit": Target(unit_ids=ELSEWHERE),
    "own industry": Target(industry_id=1),
    "foreign industry": Target(industry_id=2),
    "own enterprise": Target(enterprise_id=1),
    "foreign enterprise": Target(enterprise_id=2),
    "with enforcement": Target(is_with_enforcement=True),
    "the district": Target(),
}
REACHED: dict[str, set[str]] = {
    "all": set(SITUATIONS),
    "guarded": {"own zone"},
    "township": {"own zone"},
    "industries": {"own industry", "own unit"},
    "handed_over": {"with enforcement"},
    "unit": {"own unit", "own enterprise"},
    "enterprises": {"own enterprise"},
}
# Beside the scope: only the leading unit sends back, and nobody checks what the own team found.
NOT_REACHED: dict[tuple[str, str], set[str]] = {
    ("send_back", "township"): {"own zone"},
    ("send_back", "industry_department"): {"own industry", "own unit"},
    ("check_on_site", "consultant"): {"own unit"},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("right", list(Right))
def test_this_right_of_this_role_reaches_these_situations(right: Right, role: Role) -> None:
    scope = PEOPLE[role.value].get(right.value)
    expected = (REACHED[scope] if scope else set()) - NOT_REACHED.get((right.value, role.value), set())
    assert {name for name, target in SITUATIONS.items() if may(actor(role), right, target)} == expected


SENDERS = {"township", "industry_department"}


def test_only_the_unit_in_the_lead_sends_an_issue_back() -> None:
    led = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE | TEAM, lead_unit_id=1)
    joined = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE | TEAM, lead_unit_id=5)
    assert {role.value for role in Role if may(actor(role), Right.SEND_BACK, led)} == SENDERS
    assert [role for role in Role if may(actor(role), Right.SEND_BACK, joined)] == []


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


# level: who signs off; the same announce, accept the steps of a plan, and return
GRADES = {
    "township": {"township"},
    "department": {"industry_department", "bureau"},
    "bureau": {"bureau"},
    "above": {"bureau"},
}
LEADERS = {"district_leader", "liaison"}


@pytest.mark.parametrize("right", [Right.SIGN_OFF, Right.ANNOUNCE, Right.REACH_MILESTONE])
@pytest.mark.parametrize("level", list(SignOffLevel))
def test_sign_off_is_graded_by_level(level: SignOffLevel, right: Right) -> None:
    target = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE, enterprise_id=1, level=level)
    assert {role.value for role in Role if may(actor(role), right, target)} == GRADES[level.value]


@pytest.mark.parametrize("level", list(SignOffLevel))
def test_the_bureau_stands_in_where_no_township_answers(level: SignOffLevel) -> None:
    nowhere = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE, level=level, is_in_township=False)
    assert {role.value for role in Role if may(actor(role), Right.SIGN_OFF, nowhere)} == GRADES[level.value] | {
        "bureau"
    }


@pytest.mark.parametrize("level", list(SignOffLevel))
def test_more_time_is_given_by_the_district_and_for_minor_issues_by_the_township(level: SignOffLevel) -> None:
    target = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE, enterprise_id=1, level=level)
    deciders = {role.value for role in Role if may(actor(role), Right.DECIDE_EXTENSION, target)}
    assert deciders == {"bureau", "committee_office"} | ({"township"} if level == SignOffLevel.TOWNSHIP else set())


@pytest.mark.parametrize("level", list(SignOffLevel))
def test_only_the_bureau_hands_in_above(level: SignOffLevel) -> None:
    target = Target(zone_ids=HERE, industry_id=1, unit_ids=HERE, enterprise_id=1, level=level)
    assert [role for role in Role if may(actor(role), Right.HAND_IN_ABOVE, target)] == [Role.BUREAU]


@pytest.mark.parametrize("level", list(SignOffLevel))
def test_whoever_may_sign_off_may_return_and_so_may_leaders(level: SignOffLevel) -> None:
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
        *("confirm", "refuse", "merge", "enter_ledger", "hand_over", "check_on_site"),
        *("keep_long_term", "reopen", "hand_in_above"),
    },
    "committee_office": {"hand_over", "reopen"},
    "township": {
        *("confirm", "refuse", "merge", "enter_ledger", "hand_over", "submit_measures", "check_on_site"),
        *("return", "announce", "sign_off", "send_back"),
    },
    "industry_department": {"submit_measures", "check_on_site", "send_back"},
    "consultant": {"check_on_site"},
    "village_cadre": {"witness"},
    "environment_director": {"submit_measures"},
    "district_leader": {"return"},
    "liaison": {"return"},
}


@pytest.mark.parametrize("role", list(Role))
def test_this_role_makes_these_moves_on_a_minor_finding_of_the_township(role: Role) -> None:
    level, source = SignOffLevel.TOWNSHIP, Source.TOWNSHIP_PATROL
    target = Target(
        zone_ids=HERE, industry_id=1, unit_ids=TEAM, lead_unit_id=1, enterprise_id=1, source=source, level=level
    )
    moves = {row.action.value for row in TRANSITIONS if may(actor(role), Right(row.action.value), target)}
    assert moves == MOVES.get(role.value, set())
