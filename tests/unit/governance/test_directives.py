"""The life of instructions and supervision orders: the whole table written out by hand, and who stands where."""

from datetime import date
from typing import Any

import pytest

from governance.directive_rules import (
    actions_for,
    light_of_directive,
    next_party,
    opening_directive,
    parties_of,
    take,
)
from governance.directives import DIRECTIVE_EVENT, GIVEN, OPEN, RUNNING, DirectiveAction, Party
from governance.errors import IllegalTransition, InvalidInput, NotAllowed
from governance.permissions import Actor, Grant, Target, operator
from governance.vocabulary import DirectiveKind, DirectiveState, Role

DAY = date(2026, 6, 30)
LATER = date(2026, 7, 20)

# state: {action: (state that follows, whose action it is)}; every pair that is not here is refused.
LIFE: dict[str, dict[str, tuple[str, str]]] = {
    "received": {
        "redirect": ("received", "asker"),
        "propose": ("proposed", "doer"),
        "urge": ("received", "asker"),
    },
    "proposed": {
        "redirect": ("received", "asker"),
        "carry_out": ("carried_out", "doer"),
        "urge": ("proposed", "asker"),
    },
    "carried_out": {"report": ("reported", "doer"), "urge": ("carried_out", "asker")},
    "reported": {"finish": ("done", "asker"), "hand_back": ("proposed", "asker")},
    "done": {},
}
GIVE: dict[str, dict[str, Any]] = {"redirect": {"unit_id": 9}, "hand_back": {"due_on": LATER}}
WORDS_IN = {"propose": "proposal", "carry_out": "deed", "report": "report", "finish": "ending"}
LEGAL = [(state, action, *after) for state, row in LIFE.items() for action, after in row.items()]
ILLEGAL = [(state, action) for state in DirectiveState for action in DirectiveAction if action not in LIFE[state]]
BASE = {"due_on": DAY, "giver_id": 1, "on_behalf_of_id": None, "person_id": None, "reporter_id": 3, "times_urged": 2}
SUBJECT, DOER = Target(zone_ids=frozenset({5})), Target(zone_ids=frozenset({6}), unit_ids=frozenset({8}))


def standing(state: str, **fields: Any) -> dict[str, Any]:
    return {**BASE, "state": state, **fields}


def taken(state: str, action: str, *, words: str = "words", person_id: int | None = 1, **given: Any) -> dict[str, Any]:
    given = given or GIVE.get(action, {})
    return take(DirectiveAction(action), standing(state), given, words=words, person_id=person_id, today=DAY)


def person(role: Role, number: int = 1, **reach: Any) -> Actor:
    return Actor(person_id=number, name=f"A {role}", grants=(Grant(role=role, **reach),))


def sides(actor: Actor, **fields: Any) -> frozenset[Party]:
    return parties_of(actor, standing("received", **fields), subject=SUBJECT, doer=DOER)


def test_the_table_of_this_test_names_every_state() -> None:
    assert set(LIFE) == {state.value for state in DirectiveState}


@pytest.mark.parametrize(("state", "action", "target", "party"), LEGAL)
def test_this_action_leads_from_this_state_to_that(state: str, action: str, target: str, party: str) -> None:
    assert {**standing(state), **taken(state, action)}["state"] == target


@pytest.mark.parametrize(("state", "action"), ILLEGAL)
def test_this_action_is_refused_in_this_state(state: str, action: str) -> None:
    with pytest.raises(IllegalTransition, match=f"{action} is not possible in the state {state};"):
        taken(state, action)


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize("state", list(DirectiveState))
def test_each_side_is_offered_its_own_actions(state: DirectiveState, party: Party) -> None:
    offered = actions_for(standing(state), frozenset({party}), person_id=1)
    assert {action.value for action in offered} == {name for name, row in LIFE[state].items() if row[1] == party}


@pytest.mark.parametrize(("action", "field"), WORDS_IN.items())
def test_the_words_of_a_step_stand_in_its_field_with_the_day(action: str, field: str) -> None:
    state = next(state for state, row in LIFE.items() if action in row)
    changes = taken(state, action, words=" done so ")
    assert changes[field] == "done so"
    assert DAY in changes.values()


@pytest.mark.parametrize("action", [*WORDS_IN, "hand_back", "redirect"])
def test_a_step_without_words_is_refused(action: str) -> None:
    state = next(state for state, row in LIFE.items() if action in row)
    with pytest.raises(InvalidInput, match="have 1 to 4000 characters; these have 0"):
        taken(state, action, words="  ")


def test_urging_needs_no_words_and_is_counted() -> None:
    assert taken("received", "urge", words="") == {"urged_on": DAY, "times_urged": 3}


def test_who_reported_it_does_not_end_it() -> None:
    with pytest.raises(NotAllowed, match="finish needs somebody other than"):
        taken("reported", "finish", person_id=3)


def test_who_was_named_to_carry_it_out_does_not_end_it() -> None:
    directive = standing("reported", person_id=4)
    with pytest.raises(NotAllowed):
        take(DirectiveAction.FINISH, directive, {}, words="well", person_id=4, today=DAY)


def test_who_reported_it_is_not_offered_to_end_it() -> None:
    assert actions_for(standing("reported"), frozenset(Party), person_id=3) == ()


def test_the_reporter_is_recorded() -> None:
    assert taken("carried_out", "report", person_id=7)["reporter_id"] == 7


def test_handing_back_takes_the_deed_and_the_report_off_and_sets_a_new_day() -> None:
    changes = taken("reported", "hand_back")
    cleared = {"deed", "carried_out_on", "report", "reported_on", "reporter_id"}
    assert {name for name, value in changes.items() if value is None} == cleared
    assert changes["due_on"] == LATER


def test_handing_back_to_a_day_that_is_past_is_refused() -> None:
    with pytest.raises(InvalidInput, match="2026-06-29 lies before today"):
        taken("reported", "hand_back", due_on=date(2026, 6, 29))


def test_redirecting_takes_the_proposal_off_and_names_another_unit() -> None:
    changes = taken("proposed", "redirect")
    assert (changes["unit_id"], changes["proposal"], changes["person_id"]) == (9, None, None)


def test_a_field_that_does_not_belong_to_the_step_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not taken: unit_id"):
        taken("received", "propose", unit_id=9)


@pytest.mark.parametrize("about", [{}, {"issue_id": 1, "zone_id": 2}])
def test_a_directive_is_about_exactly_one_thing(about: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match="exactly one issue or one zone"):
        opening_directive({"text": "see to it", "due_on": DAY, "unit_id": 8, **about}, today=DAY)


def test_a_directive_names_who_carries_it_out() -> None:
    with pytest.raises(InvalidInput, match="needs the unit"):
        opening_directive({"text": "see to it", "due_on": DAY, "unit_id": None, "issue_id": 1}, today=DAY)


def test_a_directive_begins_as_received_today() -> None:
    opened = opening_directive({"text": " see to it ", "due_on": DAY, "unit_id": 8, "zone_id": 5}, today=DAY)
    assert (opened["state"], opened["received_on"], opened["text"]) == ("received", DAY, "see to it")


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (person(Role.DISTRICT_LEADER, 1, zone_ids=frozenset({5})), {"asker"}),
        (person(Role.DISTRICT_LEADER, 1), {"asker"}),
        (person(Role.DISTRICT_LEADER, 2, zone_ids=frozenset({5})), set()),
        (person(Role.COMMITTEE_OFFICE, 2), {"asker", "doer"}),
        (person(Role.BUREAU, 2), {"doer"}),
        (person(Role.TOWNSHIP, 2, zone_ids=frozenset({6})), {"doer"}),
        (person(Role.TOWNSHIP, 2, zone_ids=frozenset({5})), set()),
        (person(Role.INDUSTRY_DEPARTMENT, 2, unit_ids=frozenset({8})), {"doer"}),
        (person(Role.INDUSTRY_DEPARTMENT, 2, unit_ids=frozenset({9})), set()),
        (person(Role.BUTLER, 2, zone_ids=frozenset({6})), set()),
        (person(Role.DISPLAY, 2), set()),
        (operator("a command"), {"asker", "doer"}),
    ],
)
def test_on_which_side_somebody_stands(actor: Actor, expected: set[str]) -> None:
    assert sides(actor) == expected


def test_the_liaison_of_the_leader_it_was_given_for_stands_with_the_askers() -> None:
    liaison = person(Role.LIAISON, 2, leader_id=11)
    assert sides(liaison, giver_id=4, on_behalf_of_id=11) == {"asker"}
    assert sides(liaison, giver_id=4, on_behalf_of_id=12) == set()


def test_who_gave_it_and_holds_no_right_any_more_stands_nowhere() -> None:
    assert sides(person(Role.BUTLER, 1)) == set()


def test_the_clock_stops_with_the_report() -> None:
    lights = {state: light_of_directive(standing(state), today=LATER, yellow_days=3) for state in (*DirectiveState,)}
    assert {state for state, light in lights.items() if light} == RUNNING
    assert {lights[state] for state in RUNNING} == {"red"}


def test_whose_turn_it_is() -> None:
    turns = {state.value: next_party(state) for state in DirectiveState}
    assert turns == {
        "received": "doer",
        "proposed": "doer",
        "carried_out": "doer",
        "reported": "asker",
        "done": None,
    }
    assert {state for state, turn in turns.items() if turn} == OPEN


def test_every_step_has_a_name_in_history_of_its_own() -> None:
    assert set(DIRECTIVE_EVENT) == set(DirectiveAction)
    assert set(GIVEN) == set(DirectiveKind)
    assert len({*DIRECTIVE_EVENT.values(), *GIVEN.values()}) == len(DirectiveAction) + 2
