"""Who may do what: MISSION.md's table of the people written out by hand, right by right, role by role."""

import pytest

from governance.errors import NotAllowed
from governance.permissions import (
    RIGHT_OF,
    Actor,
    Grant,
    Right,
    Target,
    may,
    operator,
    require,
    scope_of,
)
from governance.stages import Action
from governance.vocabulary import Role

EVERYTHING, GUARDED, TOWNSHIP, INDUSTRY, HANDED, UNIT, ENTERPRISE = (
    "all",
    "guarded",
    "township",
    "industries",
    "handed_over",
    "unit",
    "enterprises",
)
# Each role's line: what it sees (and may take out), then what it may do; what is not here it may not.
_LEADER = {
    "see_district": EVERYTHING,
    **dict.fromkeys(
        ("see", "export", "return", "comment", "instruct", "order_supervision", "end_directive"),
        GUARDED,
    ),
}
PEOPLE: dict[str, dict[str, str]] = {
    "district_leader": _LEADER,
    "liaison": _LEADER,
    "bureau": dict.fromkeys(
        (
            *("see_district", "see", "export", "import", "report", "confirm", "refuse", "merge", "enter_ledger"),
            *("hand_over", "check_on_site", "return", "announce", "hand_in_above", "sign_off", "keep_long_term"),
            *("reopen", "decide_extension", "reach_milestone", "comment", "carry_out_directive", "plan_look_back"),
            *("look_back", "see_photo_origin", "issue_district_notice", "add_evidence", "edit_enterprises"),
            *("edit_zones", "edit_assignments", "edit_people", "edit_layouts", "edit_rules", "edit_channels"),
        ),
        EVERYTHING,
    ),
    "committee_office": dict.fromkeys(
        (
            *("see_district", "see", "export", "report", "hand_over", "reopen", "decide_extension", "comment"),
            *("order_supervision", "carry_out_directive", "end_directive", "plan_look_back", "look_back"),
            *("see_photo_origin", "issue_district_notice", "add_evidence", "edit_layouts", "edit_past_assignments"),
        ),
        EVERYTHING,
    ),
    "township": dict.fromkeys(
        (
            *("see", "export", "report", "confirm", "refuse", "merge", "enter_ledger", "hand_over", "send_back"),
            *("submit_measures", "check_on_site", "return", "announce", "sign_off", "ask_extension"),
            *("decide_extension", "reach_milestone", "comment", "carry_out_directive", "reply_notice"),
            *("see_photo_origin", "issue_township_notice", "add_evidence", "edit_enterprises"),
        ),
        TOWNSHIP,
    ),
    "industry_department": dict.fromkeys(
        (
            *("see", "export", "send_back", "submit_measures", "check_on_site", "return", "announce", "sign_off"),
            *("ask_extension", "reach_milestone", "comment", "carry_out_directive", "add_evidence"),
        ),
        INDUSTRY,
    ),
    "enforcement": {
        **dict.fromkeys(("see", "export", "comment", "see_photo_origin", "add_evidence"), HANDED),
        "report": EVERYTHING,
    },
    "consultant": {
        **dict.fromkeys(("see", "export", "check_on_site", "comment", "add_evidence"), UNIT),
        "report": EVERYTHING,
    },
    "butler": dict.fromkeys(("see", "export", "report", "comment", "add_evidence"), TOWNSHIP),
    "village_cadre": dict.fromkeys(("see", "export", "report", "witness", "comment", "add_evidence"), ENTERPRISE),
    "environment_director": dict.fromkeys(
        (
            *("see", "export", "report", "submit_measures", "ask_extension", "comment", "reply_notice"),
            "add_evidence",
        ),
        ENTERPRISE,
    ),
    "display": {"see_district": EVERYTHING},
}
# What a newcomer of each role may do somewhere, along the issue's life.
LIFE_ACTIONS = [action for action in Action if action is not Action.REPORT]
EDITS = (
    *(Right.EDIT_ZONES, Right.EDIT_ASSIGNMENTS, Right.EDIT_PEOPLE, Right.EDIT_RULES, Right.EDIT_CHANNELS),
    Right.IMPORT,
)


def holder(role: Role, **reach: frozenset[int]) -> Actor:
    return Actor(person_id=1, name=f"A {role}", grants=(Grant(role=role, **reach),))  # type: ignore[arg-type]


def test_the_table_of_this_test_names_every_role_and_known_rights_only() -> None:
    assert set(PEOPLE) == set(Role)
    assert {right for row in PEOPLE.values() for right in row} == set(Right)


@pytest.mark.parametrize("role", list(Role))
def test_this_role_has_its_rights_so_far_and_no_further(role: Role) -> None:
    scopes = {right.value: scope.value for right in Right if (scope := scope_of(right, role)) is not None}
    assert scopes == PEOPLE[role.value]


@pytest.mark.parametrize("role", list(Role))
def test_somebody_may_do_somewhere_what_the_role_gives(role: Role) -> None:
    assert {right.value for right in Right if may(holder(role), right)} == set(PEOPLE[role.value])


@pytest.mark.parametrize("role", list(Role))
def test_nobody_changes_further_than_they_see(role: Role) -> None:
    rights = [right for right in Right if right not in (Right.SEE_DISTRICT, Right.REPORT)]
    reach = {scope_of(right, role) for right in rights} - {None}
    assert reach <= {scope_of(Right.SEE, role)}


def test_every_action_on_an_issue_is_a_right_of_the_same_name() -> None:
    assert {action.value: right.value for action, right in RIGHT_OF.items()} == {a.value: a.value for a in Action}


@pytest.mark.parametrize("role", [Role.DISPLAY, Role.DISTRICT_LEADER, Role.LIAISON])
def test_a_display_and_a_leader_move_no_issue_forward(role: Role) -> None:
    moves = {action for action in LIFE_ACTIONS if may(holder(role), RIGHT_OF[action])}
    assert moves <= {Action.RETURN}


def test_a_butler_gives_no_orders_and_verifies_nothing() -> None:
    assert [action for action in LIFE_ACTIONS if may(holder(Role.BUTLER), RIGHT_OF[action])] == []


def test_a_cadre_witnesses_and_accepts_nothing() -> None:
    assert [action for action in LIFE_ACTIONS if may(holder(Role.VILLAGE_CADRE), RIGHT_OF[action])] == [Action.WITNESS]


@pytest.mark.parametrize("right", EDITS)
def test_only_the_bureau_edits_zones_people_and_rules(right: Right) -> None:
    assert [role for role in Role if may(holder(role), right, Target())] == [Role.BUREAU]


def test_the_operator_of_a_command_may_do_everything() -> None:
    assert [right for right in Right if not may(operator("import"), right, Target())] == []


def test_somebody_without_a_role_may_do_nothing() -> None:
    assert [right for right in Right if may(Actor(person_id=1, name="Nobody"), right)] == []


def test_somebody_with_two_roles_may_do_what_either_gives() -> None:
    both = Actor(person_id=1, name="x", grants=(Grant(role=Role.DISPLAY), Grant(role=Role.BUREAU)))
    assert may(both, Right.SEE_DISTRICT)
    assert may(both, Right.EDIT_ZONES)


def test_a_refusal_names_the_person_the_roles_and_the_right() -> None:
    with pytest.raises(NotAllowed, match=r"A butler \(butler\) may not do this here: sign_off"):
        require(holder(Role.BUTLER), Right.SIGN_OFF)


def test_a_refusal_of_somebody_without_a_role_says_so() -> None:
    with pytest.raises(NotAllowed, match=r"Nobody \(-\) may not"):
        require(Actor(person_id=1, name="Nobody"), Right.SEE)


def test_what_is_allowed_is_not_refused() -> None:
    require(holder(Role.BUREAU), Right.EDIT_ZONES, Target())


def test_a_liaison_acts_with_both_names() -> None:
    liaison = Actor(person_id=8, name="Liaison 1", grants=(Grant(role=Role.LIAISON, leader_id=3),))
    assert (liaison.person_id, liaison.on_behalf_of_id) == (8, 3)


def test_a_leader_and_an_operator_act_for_themselves() -> None:
    assert holder(Role.DISTRICT_LEADER).on_behalf_of_id is None
    assert operator("import").on_behalf_of_id is None
