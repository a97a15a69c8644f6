"""What an action asks for, who may not act, what it writes, and which clock runs afterwards."""

from datetime import date
from typing import Any

import pytest

from governance.errors import InvalidInput, NotAllowed
from governance.grading import sign_off_level
from governance.issue_facts import Facts
from governance.issue_rules import advance, opening_fields, require_nothing_counted, running_deadline
from governance.stages import Action
from governance.vocabulary import EvidenceKind, Severity, SignOffLevel, Source, Stage

TODAY = date(2026, 6, 30)
SOON, LATER, LONG_AGO = date(2026, 7, 3), date(2026, 7, 20), date(2026, 5, 4)
FINDER, RECTIFIER, CHECKER, SIGNER, SOMEBODY = 1, 2, 3, 4, 5

ISSUES: dict[Stage, dict[str, Any]] = {
    Stage.DISCOVERED: {"confirm_due_on": SOON},
    Stage.CONFIRMED: {},
    Stage.LEDGERED: {"rectify_due_on": LATER},
    Stage.RECTIFYING: {"rectify_due_on": LATER},
    Stage.SUPERVISED: {"rectify_due_on": LATER, "check_due_on": SOON, "rectifier_id": RECTIFIER, "measures": "swept"},
    Stage.PUBLIC_NOTICE: {
        "rectify_due_on": LATER,
        "check_due_on": SOON,
        "notice_ends_on": LONG_AGO,
        "rectifier_id": RECTIFIER,
        "checker_id": CHECKER,
    },
    Stage.LONG_TERM: {"rectify_due_on": LATER, "review_due_on": LATER},
    Stage.CLOSED: {"rectifier_id": RECTIFIER, "checker_id": CHECKER, "signer_id": SIGNER, "closed_on": LONG_AGO},
}
# (stage, action): what must be handed in
NEEDS: dict[tuple[Stage, Action], dict[str, Any]] = {
    (Stage.DISCOVERED, Action.CONFIRM): {},
    (Stage.DISCOVERED, Action.REFUSE): {"reason": "not so"},
    (Stage.DISCOVERED, Action.MERGE): {"reason": "the same", "merged_into_id": 9},
    (Stage.CONFIRMED, Action.ENTER_LEDGER): {"term": "limited", "rectify_due_on": LATER, "requirement": "cover it"},
    (Stage.LEDGERED, Action.HAND_OVER): {"lead_unit_id": 7, "person_in_charge_id": 8},
    (Stage.RECTIFYING, Action.SUBMIT_MEASURES): {"measures": "covered", "check_due_on": SOON},
    (Stage.RECTIFYING, Action.KEEP_LONG_TERM): {"reason": "needs a new plant", "review_due_on": LATER},
    (Stage.RECTIFYING, Action.SEND_BACK): {"reason": "not ours"},
    (Stage.SUPERVISED, Action.WITNESS): {"reason": "was there"},
    (Stage.SUPERVISED, Action.CHECK_ON_SITE): {"reason": "seen: covered"},
    (Stage.SUPERVISED, Action.ANNOUNCE): {"notice_ends_on": SOON, "check_due_on": LATER},
    (Stage.SUPERVISED, Action.HAND_IN_ABOVE): {"handed_in_document": "No. 5"},
    (Stage.SUPERVISED, Action.RETURN): {"reason": "half covered"},
    (Stage.CLOSED, Action.REOPEN): {"reason": "uncovered again", "rectify_due_on": LATER},
}
NEEDS |= {(Stage.PUBLIC_NOTICE, Action.RETURN): NEEDS[Stage.SUPERVISED, Action.RETURN]}
EACH_NEED = [(stage, action, need) for (stage, action), given in NEEDS.items() for need in given]
# (action, stage): who may not act, as field of the issue
APART = [
    (Stage.DISCOVERED, Action.CONFIRM, "finder_id"),
    (Stage.DISCOVERED, Action.REFUSE, "finder_id"),
    (Stage.DISCOVERED, Action.MERGE, "finder_id"),
    (Stage.SUPERVISED, Action.WITNESS, "rectifier_id"),
    (Stage.SUPERVISED, Action.CHECK_ON_SITE, "rectifier_id"),
    (Stage.SUPERVISED, Action.RETURN, "rectifier_id"),
    (Stage.SUPERVISED, Action.ANNOUNCE, "rectifier_id"),
    (Stage.SUPERVISED, Action.ANNOUNCE, "checker_id"),
    (Stage.SUPERVISED, Action.HAND_IN_ABOVE, "rectifier_id"),
    (Stage.SUPERVISED, Action.HAND_IN_ABOVE, "checker_id"),
    (Stage.SUPERVISED, Action.SIGN_OFF, "rectifier_id"),
    (Stage.SUPERVISED, Action.SIGN_OFF, "checker_id"),
    (Stage.PUBLIC_NOTICE, Action.SIGN_OFF, "rectifier_id"),
    (Stage.PUBLIC_NOTICE, Action.SIGN_OFF, "checker_id"),
    (Stage.CLOSED, Action.REOPEN, "rectifier_id"),
    (Stage.CLOSED, Action.REOPEN, "signer_id"),
]
MARKS = [
    (Stage.DISCOVERED, Action.CONFIRM, "confirmer_id"),
    (Stage.SUPERVISED, Action.WITNESS, "witness_id"),
    (Stage.RECTIFYING, Action.SUBMIT_MEASURES, "rectifier_id"),
    (Stage.SUPERVISED, Action.CHECK_ON_SITE, "checker_id"),
    (Stage.SUPERVISED, Action.SIGN_OFF, "signer_id"),
]
DATES = [
    (Stage.DISCOVERED, Action.CONFIRM, "confirmed_on"),
    (Stage.CONFIRMED, Action.ENTER_LEDGER, "ledgered_on"),
    (Stage.LEDGERED, Action.HAND_OVER, "handed_over_on"),
    (Stage.RECTIFYING, Action.SUBMIT_MEASURES, "measures_on"),
    (Stage.SUPERVISED, Action.WITNESS, "witnessed_on"),
    (Stage.SUPERVISED, Action.CHECK_ON_SITE, "checked_on"),
    (Stage.SUPERVISED, Action.ANNOUNCE, "announced_on"),
    (Stage.SUPERVISED, Action.HAND_IN_ABOVE, "handed_in_on"),
    (Stage.SUPERVISED, Action.SIGN_OFF, "closed_on"),
]
RUNNING = [
    (Stage.CONFIRMED, Action.ENTER_LEDGER, LATER),
    (Stage.LEDGERED, Action.HAND_OVER, LATER),
    (Stage.RECTIFYING, Action.SUBMIT_MEASURES, SOON),
    (Stage.RECTIFYING, Action.KEEP_LONG_TERM, LATER),
    (Stage.RECTIFYING, Action.SEND_BACK, LATER),
    (Stage.SUPERVISED, Action.WITNESS, SOON),
    (Stage.SUPERVISED, Action.CHECK_ON_SITE, SOON),
    (Stage.SUPERVISED, Action.ANNOUNCE, LATER),
    (Stage.SUPERVISED, Action.HAND_IN_ABOVE, None),
    (Stage.SUPERVISED, Action.RETURN, LATER),
    (Stage.PUBLIC_NOTICE, Action.RETURN, LATER),
    (Stage.SUPERVISED, Action.SIGN_OFF, None),
    (Stage.CLOSED, Action.REOPEN, LATER),
    (Stage.DISCOVERED, Action.REFUSE, None),
    (Stage.DISCOVERED, Action.MERGE, None),
]
KEPT = (
    *("stage", "due_on", "finder_id", "confirmer_id", "rectifier_id", "witness_id", "checker_id", "signer_id"),
    *("closed_on", "measures_on", "announced_on", "handed_in_on", "times_returned", "times_sent_back"),
    *("times_reopened", "is_on_the_spot", "is_unproven"),
)
PROVED = Facts(evidence=frozenset({EvidenceKind.BEFORE, EvidenceKind.AFTER}))
FINAL = (Action.SIGN_OFF, Action.ANNOUNCE, Action.HAND_IN_ABOVE)


def moved(
    stage: Stage, action: Action, /, *, person_id: int | None = SOMEBODY, facts: Facts = PROVED, **more: Any
) -> dict[str, Any]:
    """Outcome of an action on an issue of the stage, with all that the action needs."""
    level = SignOffLevel.ABOVE if action == Action.HAND_IN_ABOVE else SignOffLevel.TOWNSHIP
    checked = {"checker_id": CHECKER} if action in FINAL else {}
    issue = {"stage": stage, "finder_id": FINDER, "sign_off_level": level, **ISSUES[stage], **checked}
    issue |= more.pop("issue", {})
    given = {**NEEDS.get((stage, action), {}), **more}
    return advance(action, issue, given, person_id=person_id, today=TODAY, facts=facts)


@pytest.mark.parametrize(("stage", "action", "need"), EACH_NEED)
@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_an_action_without_what_it_needs_is_refused(
    stage: Stage, action: Action, need: str, nothing: str | None
) -> None:
    with pytest.raises(InvalidInput, match=need):
        moved(stage, action, issue={need: None}, **{need: nothing})  # type: ignore[arg-type]  # no need is facts


def test_a_need_that_is_known_already_need_not_be_given_again() -> None:
    issue = {"stage": Stage.LEDGERED, "lead_unit_id": 7, "person_in_charge_id": 8}
    assert advance(Action.HAND_OVER, issue, {}, person_id=SOMEBODY, today=TODAY)["stage"] == Stage.RECTIFYING


def test_what_is_known_already_cannot_be_blanked_out() -> None:
    with pytest.raises(InvalidInput, match="measures"):
        moved(Stage.RECTIFYING, Action.SUBMIT_MEASURES, measures="", issue={"measures": "swept in May"})


def test_a_reason_must_be_given_anew_each_time() -> None:
    with pytest.raises(InvalidInput, match="reason"):
        moved(Stage.SUPERVISED, Action.RETURN, reason="", issue={"reason": "an old one"})


def test_sign_off_without_a_check_on_site_is_refused() -> None:
    with pytest.raises(InvalidInput, match="checker_id"):
        moved(Stage.SUPERVISED, Action.SIGN_OFF, issue={"checker_id": None})


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(InvalidInput, match="needs lead_unit_id, person_in_charge_id"):
        advance(Action.HAND_OVER, {"stage": Stage.LEDGERED}, {}, person_id=SOMEBODY, today=TODAY)


@pytest.mark.parametrize("field", KEPT)
def test_nobody_hands_in_what_the_loop_itself_writes(field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        moved(Stage.SUPERVISED, Action.SIGN_OFF, **{field: CHECKER})


@pytest.mark.parametrize(("stage", "action", "field"), APART)
def test_whoever_took_part_cannot_judge(stage: Stage, action: Action, field: str) -> None:
    with pytest.raises(NotAllowed, match=field):
        moved(stage, action, person_id=SOMEBODY, issue={field: SOMEBODY})


@pytest.mark.parametrize("source", [Source.BUTLER, Source.CONSULTANT])
@pytest.mark.parametrize("action", [Action.CHECK_ON_SITE, Action.SIGN_OFF])
def test_nobody_verifies_what_the_same_person_prescribed_in_another_role(source: Source, action: Action) -> None:
    issue = {"finder_id": SOMEBODY, "source": source, "checker_id": CHECKER}
    with pytest.raises(NotAllowed, match="finder_id"):
        moved(Stage.SUPERVISED, action, person_id=SOMEBODY, issue=issue)


def test_the_finder_may_rectify_and_sign_off_what_others_did() -> None:
    assert moved(Stage.RECTIFYING, Action.SUBMIT_MEASURES, person_id=FINDER)["rectifier_id"] == FINDER
    assert moved(Stage.SUPERVISED, Action.SIGN_OFF, person_id=FINDER)["signer_id"] == FINDER


def test_the_operator_of_a_command_is_apart_from_everybody() -> None:
    changes = moved(Stage.DISCOVERED, Action.CONFIRM, person_id=None, issue={"finder_id": None})
    assert changes["stage"] == Stage.CONFIRMED


@pytest.mark.parametrize(("stage", "action", "field"), MARKS)
def test_an_action_records_who_did_it(stage: Stage, action: Action, field: str) -> None:
    assert moved(stage, action)[field] == SOMEBODY


@pytest.mark.parametrize(("stage", "action", "field"), DATES)
def test_an_action_records_its_day(stage: Stage, action: Action, field: str) -> None:
    assert moved(stage, action)[field] == TODAY


@pytest.mark.parametrize(("stage", "action", "due_on"), RUNNING)
def test_after_an_action_the_clock_of_the_next_person_runs(stage: Stage, action: Action, due_on: date | None) -> None:
    assert moved(stage, action)["due_on"] == due_on


def test_the_reason_belongs_to_the_event_and_not_to_the_issue() -> None:
    assert "reason" not in moved(Stage.SUPERVISED, Action.RETURN)


def test_a_return_takes_the_check_off() -> None:
    changes = moved(Stage.SUPERVISED, Action.RETURN, issue={"checker_id": CHECKER, "checked_on": LONG_AGO})
    assert {changes["checker_id"], changes["checked_on"], changes["check_due_on"]} == {None}


def test_a_reopening_takes_check_notice_and_closing_day_off() -> None:
    changes = moved(Stage.CLOSED, Action.REOPEN)
    gone = (
        *("witness_id", "witnessed_on", "checker_id", "checked_on", "check_due_on", "closed_on", "announced_on"),
        *("notice_ends_on", "handed_in_on", "handed_in_document", "above_basis", "above_result"),
    )
    assert {changes[field] for field in gone} == {None}


def test_whoever_signed_stays_on_the_record_when_the_issue_is_reopened() -> None:
    assert "signer_id" not in moved(Stage.CLOSED, Action.REOPEN)


def test_a_second_measure_needs_a_second_check() -> None:
    returned = moved(Stage.SUPERVISED, Action.RETURN, issue={"checker_id": CHECKER})
    again = moved(Stage.RECTIFYING, Action.SUBMIT_MEASURES, issue=returned)
    with pytest.raises(InvalidInput, match="checker_id"):
        advance(Action.SIGN_OFF, {**returned, **again}, {}, person_id=SIGNER, today=TODAY, facts=PROVED)


def test_without_a_deadline_no_clock_runs() -> None:
    assert running_deadline(Stage.CONFIRMED, {}) is None


LEVELS = [
    (Source.BUTLER, Severity.MINOR, "township"),
    (Source.BUTLER, Severity.MAJOR, "department"),
    (Source.HOTLINE_12345, Severity.SEVERE, "bureau"),
    (Source.CENTRAL_INSPECTION, Severity.MINOR, "above"),
    (Source.PROVINCIAL_INSPECTION, Severity.MAJOR, "above"),
    (Source.CITY_HAND_OVER, Severity.SEVERE, "above"),
]


@pytest.mark.parametrize(("source", "severity", "level"), LEVELS)
def test_sign_off_is_graded_by_source_and_severity(source: Source, severity: Severity, level: str) -> None:
    assert sign_off_level(source=source, severity=severity) == level


@pytest.mark.parametrize("source", list(Source))
def test_only_what_came_from_above_is_signed_off_above(source: Source) -> None:
    from_above = {"central_inspection", "provincial_inspection", "city_hand_over"}
    assert (sign_off_level(source=source, severity=Severity.MINOR) == "above") == (source.value in from_above)


def opened(**given: Any) -> dict[str, Any]:
    full = {"title": "dust", "source": Source.BUTLER, "severity": Severity.MAJOR, "confirm_due_on": SOON, **given}
    return opening_fields(full, finder_id=FINDER, today=TODAY)


def test_a_reported_issue_is_a_clue_whose_confirmation_clock_runs() -> None:
    fields = opened()
    assert (fields["stage"], fields["due_on"], fields["finder_id"]) == (Stage.DISCOVERED, SOON, FINDER)


def test_an_issue_is_found_today_unless_an_earlier_day_is_given() -> None:
    assert opened()["found_on"] == TODAY
    assert opened(found_on=LONG_AGO)["found_on"] == LONG_AGO


def test_an_issue_found_tomorrow_is_refused() -> None:
    with pytest.raises(InvalidInput, match="2026-07-03"):
        opened(found_on=SOON)


@pytest.mark.parametrize("title", [None, "", "   "])
def test_an_issue_without_a_title_is_refused(title: str | None) -> None:
    with pytest.raises(InvalidInput, match="title"):
        opened(title=title)


def test_a_report_may_raise_the_level_of_sign_off() -> None:
    assert opened()["sign_off_level"] == "department"
    assert opened(sign_off_level=SignOffLevel.BUREAU)["sign_off_level"] == "bureau"


def test_a_report_cannot_lower_the_level_of_sign_off() -> None:
    assert opened(severity=Severity.SEVERE, sign_off_level=SignOffLevel.TOWNSHIP)["sign_off_level"] == "bureau"


def test_a_report_cannot_take_from_above_what_came_from_above() -> None:
    assert opened(source=Source.CENTRAL_INSPECTION, sign_off_level="township")["sign_off_level"] == "above"


def test_a_report_cannot_bring_its_own_checker() -> None:
    with pytest.raises(InvalidInput, match="checker_id"):
        opened(checker_id=CHECKER)


LATER_THAN_A_REPORT = (
    *("notice_ends_on", "check_due_on", "review_due_on", "merged_into_id", "handed_in_document", "above_basis"),
    "above_result",
)


@pytest.mark.parametrize("field", LATER_THAN_A_REPORT)
def test_a_report_cannot_bring_what_only_later_actions_bring(field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        opened(**{field: LONG_AGO})


@pytest.mark.parametrize("field", ["check_due_on", "notice_ends_on"])
def test_nobody_hands_in_the_clock_of_those_who_judge(field: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        require_nothing_counted(Action.ANNOUNCE, {field: LATER})


def test_a_confirmation_that_changes_the_severity_changes_the_level_with_it() -> None:
    clue = {"source": Source.BUTLER, "severity": Severity.MINOR}
    assert moved(Stage.DISCOVERED, Action.CONFIRM, issue=clue, severity=Severity.SEVERE)["sign_off_level"] == "bureau"


def test_a_confirmation_cannot_lower_the_level_below_the_severity() -> None:
    clue = {"source": Source.BUTLER, "severity": Severity.SEVERE}
    changes = moved(Stage.DISCOVERED, Action.CONFIRM, issue=clue, sign_off_level=SignOffLevel.TOWNSHIP)
    assert changes["sign_off_level"] == "bureau"
