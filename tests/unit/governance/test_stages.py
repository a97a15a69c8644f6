"""Which action leads from which stage to which: the whole table written out by hand, action by action."""

from datetime import date

import pytest

from governance.errors import IllegalTransition, InvalidInput
from governance.issue_facts import Facts
from governance.issue_rules import advance
from governance.stages import BY_ACTION, CLOCK, EVENT_CODE, SIX_LINKS, Action, actions_from
from governance.vocabulary import EvidenceKind, Severity, SignOffLevel, Source, Stage

DAY = date(2026, 6, 30)

# stage: {action: stage that follows}; every pair that is not here is refused.
LIFE: dict[str, dict[str, str]] = {
    "discovered": {"confirm": "confirmed", "refuse": "refused", "merge": "merged"},
    "confirmed": {"merge": "merged", "enter_ledger": "ledgered"},
    "ledgered": {"hand_over": "rectifying"},
    "rectifying": {"send_back": "ledgered", "submit_measures": "supervised", "keep_long_term": "long_term"},
    "supervised": {
        "witness": "supervised",
        "check_on_site": "supervised",
        "return": "rectifying",
        "announce": "public_notice",
        "hand_in_above": "supervised",
        "sign_off": "closed",
    },
    "public_notice": {"return": "rectifying", "hand_in_above": "supervised", "sign_off": "closed"},
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
    "public_notice": "check_due_on",
    "long_term": "review_due_on",
    "closed": None,
    "refused": None,
    "merged": None,
}
# action: what may be handed in beside the reason; a stage's clock is set by none but those that are named here
TAKEN: dict[str, set[str]] = {
    "confirm": {"severity", "category", "check_area", "sign_off_level", "description"},
    "refuse": set(),
    "merge": {"merged_into_id"},
    "enter_ledger": {
        *("severity", "category", "check_area", "sign_off_level", "description", "term", "rectify_due_on"),
        *("requirement", "standard_id", "source_number", "source_document", "source_due_on", "recurs_id"),
    },
    "hand_over": {"lead_unit_id", "person_in_charge_id", "rectify_due_on", "enforcement_unit_id"},
    "send_back": set(),
    "submit_measures": {"measures", "check_due_on"},
    "witness": set(),
    "check_on_site": set(),
    "return": {"rectify_due_on"},
    "announce": {"notice_ends_on", "check_due_on"},
    "hand_in_above": {"handed_in_document", "above_basis"},
    "sign_off": {"above_basis", "above_result"},
    "keep_long_term": {"review_due_on"},
    "reopen": {"rectify_due_on"},
}
# What proves the deed: a signature rests on both photos.
PROOF: dict[str, set[str]] = {
    "submit_measures": {"after"},
    "announce": {"before", "after"},
    "hand_in_above": {"before", "after"},
    "sign_off": {"before", "after"},
}
# Who must not act: finders do not judge their findings, rectifiers nothing, checkers not the end.
OTHERS: dict[str, set[str]] = {
    "confirm": {"finder_id"},
    "refuse": {"finder_id"},
    "merge": {"finder_id"},
    "witness": {"rectifier_id"},
    "check_on_site": {"rectifier_id"},
    "return": {"rectifier_id"},
    "announce": {"rectifier_id", "checker_id"},
    "hand_in_above": {"rectifier_id", "checker_id"},
    "sign_off": {"rectifier_id", "checker_id"},
    "reopen": {"rectifier_id", "signer_id"},
}
EVERY_VALUE: dict[str, object] = {
    "severity": Severity.MINOR,
    "sign_off_level": SignOffLevel.TOWNSHIP,
    **dict.fromkeys(("merged_into_id", "lead_unit_id", "person_in_charge_id", "enforcement_unit_id"), 7),
    **dict.fromkeys(("standard_id", "recurs_id"), 8),
    **dict.fromkeys(("rectify_due_on", "check_due_on", "review_due_on", "notice_ends_on", "source_due_on"), DAY),
}
# Columns of an issue, by hand: these tests know no database.
EVERY_FIELD = {
    *("id", "district_code", "version", "number", "title", "description", "stage", "severity", "category"),
    *("check_area", "term", "sign_off_level", "source", "source_number", "source_document", "source_due_on"),
    *("source_key", "enterprise_id", "industry_id", "standard_id", "place", "finder_id", "confirmer_id"),
    *("finder_unit_id", "lead_unit_id", "person_in_charge_id", "rectifier_id", "witness_id", "checker_id"),
    *("signer_id", "enforcement_unit_id", "merged_into_id", "recurs_id", "requirement", "measures"),
    *("handed_in_document", "above_basis", "above_result", "found_on", "confirmed_on", "ledgered_on"),
    *("handed_over_on", "measures_on", "witnessed_on", "checked_on", "announced_on", "notice_ends_on"),
    *("handed_in_on", "closed_on", "confirm_due_on", "rectify_due_on", "check_due_on", "review_due_on", "due_on"),
    *("times_sent_back", "times_returned", "times_reopened", "is_on_the_spot", "is_unproven", "lon", "lat", "cell"),
    *("township_id", "primary_zone_id", "key_zone_ids", "distance_m"),
}
CHECKED = {"checker_id": 21, "source": Source.BUTLER, "severity": Severity.MINOR}
ALL_FACTS = Facts(evidence=frozenset(EvidenceKind))
LEGAL = [(stage, action, target) for stage, row in LIFE.items() for action, target in row.items()]
ILLEGAL = [(stage, action) for stage in Stage for action in Action if action.value not in LIFE[stage.value]]


def test_the_table_of_this_test_names_every_stage() -> None:
    assert set(LIFE) == set(CLOCKS) == {stage.value for stage in Stage}
    assert set(TAKEN) == {action.value for action in Action} - {"report"}
    assert {action for row in LIFE.values() for action in row} == set(TAKEN)


def given_for(action: str) -> dict[str, object]:
    """A value for every field that the action takes, and a reason."""
    return {"reason": "seen on site", **{field: EVERY_VALUE.get(field, "words") for field in TAKEN.get(action, ())}}


def moved(action: str, stage: str, **more: object) -> dict[str, object]:
    """Outcome of an action that has all that it asks for, in a stage, by person 1."""
    level = SignOffLevel.ABOVE if action == "hand_in_above" else SignOffLevel.TOWNSHIP
    issue = {**CHECKED, "stage": stage, "sign_off_level": level}
    return advance(Action(action), issue, {**given_for(action), **more}, person_id=1, today=DAY, facts=ALL_FACTS)


@pytest.mark.parametrize(("stage", "action", "target"), LEGAL)
def test_this_action_leads_from_this_stage_to_that(stage: str, action: str, target: str) -> None:
    assert moved(action, stage)["stage"] == target


@pytest.mark.parametrize(("stage", "action"), ILLEGAL)
def test_this_action_is_refused_in_this_stage(stage: Stage, action: Action) -> None:
    with pytest.raises(IllegalTransition, match=f"{action} is not possible in the stage {stage};"):
        moved(action, stage)


@pytest.mark.parametrize("action", sorted(TAKEN))
def test_an_action_takes_these_fields_and_no_other_column_of_an_issue(action: str) -> None:
    (stage, *_) = [stage for stage, row in LIFE.items() if action in row]
    refused = set()
    for field in EVERY_FIELD - {"stage"}:
        try:
            moved(action, stage, **{field: EVERY_VALUE.get(field, "words")})
        except InvalidInput as error:
            refused |= {field} if error.code in ("field_not_taken", "field_kept") else set()
    assert EVERY_FIELD - refused - {"stage"} == TAKEN[action]


@pytest.mark.parametrize("action", sorted(TAKEN))
def test_an_action_rests_on_this_evidence(action: str) -> None:
    assert {kind.value for kind in BY_ACTION[Action(action)].evidence} == PROOF.get(action, set())


@pytest.mark.parametrize("action", sorted(TAKEN))
def test_an_action_is_for_others_than_these(action: str) -> None:
    assert set(BY_ACTION[Action(action)].apart_from) == OTHERS.get(action, set())


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
    with pytest.raises(
        IllegalTransition, match=r"sign_off.*in the stage rectifying.*send_back, submit_measures, keep_long_term"
    ):
        advance(Action.SIGN_OFF, {"stage": "rectifying"}, {}, person_id=1, today=DAY)


def test_a_refusal_at_the_end_of_the_life_names_nothing() -> None:
    with pytest.raises(IllegalTransition, match=r"possible here: -$"):
        advance(Action.REOPEN, {"stage": "merged"}, {"reason": "x"}, person_id=1, today=DAY)


def test_every_action_has_a_name_in_history_of_its_own() -> None:
    assert set(EVENT_CODE) == set(Action)
    assert len(set(EVENT_CODE.values())) == len(Action)
