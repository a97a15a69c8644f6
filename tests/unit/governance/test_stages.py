"""Which action leads from which stage to which: the whole table written out by hand, action by action."""

from datetime import date

import pytest

from governance.errors import IllegalTransition
from governance.issue_rules import advance
from governance.stages import CLOCK, EVENT_CODE, SIX_LINKS, Action, actions_from
from governance.vocabulary import Stage

DAY = date(2026, 6, 30)

# stage: {action: stage that follows}; every pair that is not here is refused.
LIFE: dict[str, dict[str, str]] = {
    "discovered": {"confirm": "confirmed", "refuse": "refused", "merge": "merged"},
    "confirmed": {"merge": "merged", "enter_ledger": "ledgered"},
    "ledgered": {"hand_over": "rectifying"},
    "rectifying": {"submit_measures": "supervised", "keep_long_term": "long_term"},
    "supervised": {"check_on_site": "supervised", "return": "rectifying", "sign_off": "closed"},
    "long_term": {"submit_measures": "supervised"},
    "closed": {"reopen": "rectifying"},
    "refused": {},
    "merged": {},
}
CLOCKS = {
    "discovered": "confirm_due_on",
    "confirmed": "rectify_due_on",
    "ledgered": "rectify_due_on",
    "rectifying": "rectify_due_on",
    "supervised": "check_due_on",
    "long_term": "review_due_on",
    "closed": None,
    "refused": None,
    "merged": None,
}
EVERY_NEED = {
    "reason": "seen on site",
    "merged_into_id": 7,
    "term": "limited",
    "rectify_due_on": DAY,
    "requirement": "cover the heap",
    "lead_unit_id": 3,
    "person_in_charge_id": 4,
    "measures": "covered",
    "check_due_on": DAY,
    "review_due_on": DAY,
}
LEGAL = [(stage, action, target) for stage, row in LIFE.items() for action, target in row.items()]
ILLEGAL = [(stage, action) for stage in Stage for action in Action if action.value not in LIFE[stage.value]]


def test_the_table_of_this_test_names_every_stage() -> None:
    assert set(LIFE) == set(CLOCKS) == {stage.value for stage in Stage}


@pytest.mark.parametrize(("stage", "action", "target"), LEGAL)
def test_this_action_leads_from_this_stage_to_that(stage: str, action: str, target: str) -> None:
    issue = {"stage": stage, "checker_id": 21}
    changes = advance(Action(action), issue, EVERY_NEED, person_id=1, today=DAY)
    assert changes["stage"] == target


@pytest.mark.parametrize(("stage", "action"), ILLEGAL)
def test_this_action_is_refused_in_this_stage(stage: Stage, action: Action) -> None:
    with pytest.raises(IllegalTransition, match=f"{action} is not possible in the stage {stage};"):
        advance(action, {"stage": stage, "checker_id": 21}, EVERY_NEED, person_id=1, today=DAY)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_actions_offered_in_a_stage_are_those_that_it_allows(stage: Stage) -> None:
    assert {action.value for action in actions_from(stage)} == set(LIFE[stage.value])


def test_the_six_links_are_in_their_order() -> None:
    assert SIX_LINKS == ("discovered", "confirmed", "ledgered", "rectifying", "supervised", "closed")


def test_no_link_can_be_skipped() -> None:
    forward = [(before, after) for before in SIX_LINKS for after in LIFE[before].values() if after in SIX_LINKS]
    steps = [SIX_LINKS.index(Stage(after)) - SIX_LINKS.index(Stage(before)) for before, after in forward]
    assert max(steps) == 1


@pytest.mark.parametrize("stage", list(Stage))
def test_each_stage_has_the_clock_of_whoever_must_act(stage: Stage) -> None:
    assert CLOCK[stage] == CLOCKS[stage.value]


def test_a_refusal_names_what_would_be_possible() -> None:
    with pytest.raises(IllegalTransition, match=r"sign_off.*in the stage rectifying.*submit_measures, keep_long_term"):
        advance(Action.SIGN_OFF, {"stage": "rectifying"}, {}, person_id=1, today=DAY)


def test_a_refusal_at_the_end_of_the_life_names_nothing() -> None:
    with pytest.raises(IllegalTransition, match=r"possible here: -$"):
        advance(Action.REOPEN, {"stage": "merged"}, EVERY_NEED, person_id=1, today=DAY)


def test_every_action_has_a_name_in_history_of_its_own() -> None:
    assert set(EVENT_CODE) == set(Action)
    assert len(set(EVENT_CODE.values())) == len(Action)
