"""What a signature rests on: evidence, others who judge, rounds, public notice, what came from above, duplicates."""

from datetime import date

import pytest

from governance.errors import InvalidInput, NotAllowed
from governance.issue_facts import Facts
from governance.issue_rules import round_of
from governance.loop_numbers import LoopNumbers
from governance.stages import Action
from governance.vocabulary import Category, EvidenceKind, SignOffLevel, Stage
from tests.unit.governance.test_issue_rules import FINAL, LONG_AGO, PROVED, SOMEBODY, SOON, TODAY, moved

# (stage, action): the kinds of evidence without which it is refused
PROOF = [
    (Stage.RECTIFYING, Action.SUBMIT_MEASURES, {"after"}),
    (Stage.SUPERVISED, Action.ANNOUNCE, {"before", "after"}),
    (Stage.SUPERVISED, Action.HAND_IN_ABOVE, {"before", "after"}),
    (Stage.SUPERVISED, Action.SIGN_OFF, {"before", "after"}),
    (Stage.PUBLIC_NOTICE, Action.SIGN_OFF, {"before", "after"}),
]
EACH_PROOF = [(stage, action, kind) for stage, action, kinds in PROOF for kind in sorted(kinds)]


@pytest.mark.parametrize(("stage", "action", "kind"), EACH_PROOF)
def test_an_action_without_its_evidence_is_refused(stage: Stage, action: Action, kind: str) -> None:
    others = frozenset(EvidenceKind) - {EvidenceKind(kind)}
    with pytest.raises(InvalidInput, match=f"evidence: {kind}$"):
        moved(stage, action, facts=Facts(evidence=others))


@pytest.mark.parametrize(("stage", "action"), [(stage, action) for stage, action, _ in PROOF])
def test_what_monitoring_found_is_proved_by_a_report_as_well(stage: Stage, action: Action) -> None:
    with pytest.raises(InvalidInput, match=r"monitoring_report$"):
        moved(stage, action, issue={"check_area": "monitoring"})
    reported = Facts(evidence=PROVED.evidence | {EvidenceKind.MONITORING_REPORT})
    assert moved(stage, action, issue={"check_area": "monitoring"}, facts=reported)


def part_of(field: str) -> Facts:
    return Facts(evidence=PROVED.evidence, took_part={field: frozenset({SOMEBODY})})


@pytest.mark.parametrize("field", ["rectifier_id", "checker_id"])
@pytest.mark.parametrize("action", FINAL)
def test_who_rectified_or_checked_before_others_did_cannot_end_it_either(action: Action, field: str) -> None:
    with pytest.raises(NotAllowed, match=field):
        moved(Stage.SUPERVISED, action, facts=part_of(field))


def test_who_checked_once_may_check_again() -> None:
    assert moved(Stage.SUPERVISED, Action.CHECK_ON_SITE, facts=part_of("checker_id"))["checker_id"] == SOMEBODY


def test_a_unit_sends_an_issue_back_once() -> None:
    assert moved(Stage.RECTIFYING, Action.SEND_BACK)["times_sent_back"] == 1
    with pytest.raises(NotAllowed, match="may be done 1 time"):
        moved(Stage.RECTIFYING, Action.SEND_BACK, issue={"times_sent_back": 1})


def test_what_is_sent_back_is_in_nobodys_charge() -> None:
    changes = moved(Stage.RECTIFYING, Action.SEND_BACK, issue={"lead_unit_id": 7, "person_in_charge_id": 8})
    assert {changes[field] for field in ("lead_unit_id", "person_in_charge_id", "handed_over_on")} == {None}


@pytest.mark.parametrize(
    ("stage", "action", "field"),
    [
        (Stage.SUPERVISED, Action.RETURN, "times_returned"),
        (Stage.PUBLIC_NOTICE, Action.RETURN, "times_returned"),
        (Stage.CLOSED, Action.REOPEN, "times_reopened"),
    ],
)
def test_a_move_backwards_begins_the_next_round(stage: Stage, action: Action, field: str) -> None:
    issue = {"times_returned": 2, "times_reopened": 1}
    changes = moved(stage, action, issue=issue)
    assert changes[field] == issue[field] + 1
    assert round_of({**issue, **changes}) == 4


def test_an_issue_that_was_never_returned_is_in_round_0() -> None:
    assert round_of({}) == 0


def test_what_comes_after_a_plan_waits_for_its_last_step() -> None:
    with pytest.raises(InvalidInput, match="2 steps"):
        moved(Stage.LONG_TERM, Action.SUBMIT_MEASURES, measures="done", check_due_on=SOON, facts=Facts(
            evidence=PROVED.evidence, open_milestones=2
        ))  # fmt: skip


ABOVE = {"sign_off_level": SignOffLevel.ABOVE}
SETTLED = {"handed_in_on": LONG_AGO, "above_basis": "No. 6", "above_result": "accepted"}


def test_what_came_from_below_is_not_handed_in_above() -> None:
    with pytest.raises(InvalidInput, match="came from above"):
        moved(Stage.SUPERVISED, Action.HAND_IN_ABOVE, issue={"sign_off_level": SignOffLevel.BUREAU})


@pytest.mark.parametrize("field", sorted(SETTLED))
def test_what_came_from_above_is_closed_with_submission_basis_and_result(field: str) -> None:
    with pytest.raises(InvalidInput, match=f"sign_off needs {field}$"):
        moved(Stage.SUPERVISED, Action.SIGN_OFF, issue={**ABOVE, **SETTLED, field: None})


def test_what_was_settled_above_is_signed_off() -> None:
    assert moved(Stage.SUPERVISED, Action.SIGN_OFF, issue={**ABOVE, **SETTLED})["stage"] == Stage.CLOSED


NOTICED = Facts(
    evidence=PROVED.evidence, numbers=LoopNumbers(notice_categories=frozenset({Category.ODOUR}))
)  # fmt: skip


def test_a_category_that_asks_for_it_is_not_signed_off_without_a_public_notice() -> None:
    with pytest.raises(InvalidInput, match="odour are announced"):
        moved(Stage.SUPERVISED, Action.SIGN_OFF, issue={"category": Category.ODOUR}, facts=NOTICED)
    assert moved(Stage.SUPERVISED, Action.SIGN_OFF, issue={"category": Category.DUST}, facts=NOTICED)


@pytest.mark.parametrize(("ends_on", "is_over"), [(SOON, False), (TODAY, False), (date(2026, 6, 29), True)])
def test_the_signature_waits_until_the_day_after_the_public_notice(*, ends_on: date, is_over: bool) -> None:
    issue = {"category": Category.ODOUR, "notice_ends_on": ends_on}
    if is_over:
        assert moved(Stage.PUBLIC_NOTICE, Action.SIGN_OFF, issue=issue, facts=NOTICED)["stage"] == Stage.CLOSED
    else:
        with pytest.raises(InvalidInput, match="runs until"):
            moved(Stage.PUBLIC_NOTICE, Action.SIGN_OFF, issue=issue, facts=NOTICED)


def test_a_return_takes_the_public_notice_off() -> None:
    assert moved(Stage.PUBLIC_NOTICE, Action.RETURN)["notice_ends_on"] is None


def test_an_issue_is_not_merged_into_itself() -> None:
    with pytest.raises(InvalidInput, match="into itself"):
        moved(Stage.DISCOVERED, Action.MERGE, issue={"id": 9})


@pytest.mark.parametrize("stage", list(Stage))
def test_an_issue_is_merged_into_a_living_one_only(stage: Stage) -> None:
    facts = Facts(duplicate=stage)
    if stage in ("closed", "refused", "merged"):
        with pytest.raises(InvalidInput, match=f"that one is {stage}"):
            moved(Stage.DISCOVERED, Action.MERGE, facts=facts)
    else:
        assert moved(Stage.DISCOVERED, Action.MERGE, facts=facts)["stage"] == Stage.MERGED
