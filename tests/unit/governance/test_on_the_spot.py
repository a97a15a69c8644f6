"""The quick path: what may take it, whom it names, and that nothing else is recorded for somebody else."""

from datetime import date
from typing import Any

import pytest

from governance.errors import GridGuardError, IllegalTransition, InvalidInput, NotAllowed
from governance.issue_facts import Facts
from governance.on_the_spot import (
    Deed,
    PutRight,
    opened,
    record,
    require_confirmer,
    saw_it_put_right,
    waits_for_confirmation,
)
from governance.stages import Action
from governance.vocabulary import CheckArea, EvidenceKind, Severity, SignOffLevel, Stage

FOUND, TODAY, SOON = date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 3)
FINDER, DIRECTOR, CONFIRMER, SOMEBODY = 1, 2, 3, 4
CLUE = {
    "stage": Stage.DISCOVERED,
    "severity": Severity.MINOR,
    "sign_off_level": SignOffLevel.TOWNSHIP,
    "finder_id": FINDER,
    "found_on": FOUND,
    "due_on": SOON,
}
SWEPT = PutRight(measures="swept", rectifier_id=DIRECTOR)
PROVED = Facts(evidence=frozenset({EvidenceKind.BEFORE, EvidenceKind.AFTER}))
HANDED = {
    **CLUE,
    "stage": Stage.RECTIFYING,
    "is_on_the_spot": True,
    "measures": "swept",
    "rectifier_id": DIRECTOR,
    "confirmer_id": CONFIRMER,
    "confirmed_on": TODAY,
    "check_due_on": SOON,
}
SEEN = {**HANDED, "stage": Stage.SUPERVISED, "measures_on": FOUND}


def told(put_right: PutRight = SWEPT, **clue: Any) -> dict[str, Any]:
    return opened({**CLUE, **clue}, put_right, director_ids=frozenset({DIRECTOR}))


def recorded(
    action: Action, issue: dict[str, Any], *, by: int | None = CONFIRMER, who: int = DIRECTOR, day: date = FOUND
) -> dict[str, Any]:
    given = {"reason": "seen"} if action == Action.CHECK_ON_SITE else {"check_due_on": SOON}
    deed = Deed(person_id=who, day=day)
    return record(deed, action, issue, given, recorder_id=by, today=TODAY, facts=PROVED)


def test_a_report_of_the_quick_path_is_still_a_clue_with_its_deadline() -> None:
    clue = told()
    assert (clue["stage"], clue["due_on"], clue["is_on_the_spot"]) == (Stage.DISCOVERED, SOON, True)
    assert (clue["measures"], clue["rectifier_id"], clue.get("measures_on")) == ("swept", DIRECTOR, None)


@pytest.mark.parametrize(
    ("clue", "code"),
    [
        ({"severity": Severity.MAJOR}, "not_minor"),
        ({"severity": Severity.SEVERE}, "not_minor"),
        ({"sign_off_level": SignOffLevel.ABOVE}, "from_above"),
        ({"check_area": CheckArea.MONITORING}, "report_needed"),
    ],
)
def test_only_what_is_small_takes_the_quick_path(clue: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        told(**clue)
    assert refused.value.code == code


@pytest.mark.parametrize("rectifier", [SOMEBODY, CONFIRMER])
def test_nobody_but_a_director_or_the_reporter_put_it_right(rectifier: int) -> None:
    with pytest.raises(InvalidInput, match="environment directors"):
        told(PutRight(measures="swept", rectifier_id=rectifier))


def test_the_reporter_may_have_put_it_right() -> None:
    assert told(PutRight(measures="swept", rectifier_id=FINDER))["rectifier_id"] == FINDER


def test_measures_are_said_in_words() -> None:
    with pytest.raises(InvalidInput, match="how it was put right"):
        told(PutRight(measures="  ", rectifier_id=DIRECTOR))


def test_a_confirmed_report_does_not_wait_any_more() -> None:
    assert (waits_for_confirmation(told()), waits_for_confirmation(SEEN), waits_for_confirmation(CLUE)) == (
        True,
        False,
        False,
    )


def test_whoever_put_it_right_does_not_confirm_it() -> None:
    with pytest.raises(NotAllowed, match="rectifier_id"):
        require_confirmer(told(), DIRECTOR)
    require_confirmer(told(), CONFIRMER)


def test_an_ordinary_clue_is_not_confirmed_in_one_act() -> None:
    with pytest.raises(InvalidInput, match="not put right on the spot"):
        require_confirmer(CLUE, CONFIRMER)


def test_measures_are_recorded_with_their_person_and_their_day() -> None:
    changes = recorded(Action.SUBMIT_MEASURES, HANDED)
    assert (changes["rectifier_id"], changes["measures_on"], changes["stage"]) == (DIRECTOR, FOUND, Stage.SUPERVISED)


def test_the_finder_who_looked_on_is_the_checker() -> None:
    changes = recorded(Action.CHECK_ON_SITE, SEEN, who=FINDER)
    assert (changes["checker_id"], changes["checked_on"]) == (FINDER, FOUND)


def test_a_finder_who_put_it_right_saw_no_other() -> None:
    assert (saw_it_put_right(SEEN), saw_it_put_right({**SEEN, "rectifier_id": FINDER})) == (True, False)
    with pytest.raises(NotAllowed, match="rectifier_id"):
        recorded(Action.CHECK_ON_SITE, {**SEEN, "rectifier_id": FINDER}, who=FINDER)


@pytest.mark.parametrize(
    ("action", "issue", "deed"),
    [
        (Action.SUBMIT_MEASURES, HANDED, {"who": SOMEBODY}),
        (Action.SUBMIT_MEASURES, HANDED, {"who": FINDER}),
        (Action.SUBMIT_MEASURES, HANDED, {"day": TODAY}),
        (Action.SUBMIT_MEASURES, HANDED, {"by": SOMEBODY}),
        (Action.SUBMIT_MEASURES, {**HANDED, "is_on_the_spot": False}, {}),
        (Action.SUBMIT_MEASURES, {**HANDED, "confirmed_on": FOUND}, {}),
        (Action.SUBMIT_MEASURES, {**HANDED, "times_returned": 1}, {}),
        (Action.SUBMIT_MEASURES, {**HANDED, "times_reopened": 1}, {}),
        (Action.CHECK_ON_SITE, SEEN, {"who": SOMEBODY}),
        (Action.CHECK_ON_SITE, SEEN, {"who": CONFIRMER}),
        (Action.SIGN_OFF, {**SEEN, "checker_id": FINDER}, {"who": SOMEBODY}),
        (Action.CONFIRM, {**CLUE, "is_on_the_spot": True}, {"who": SOMEBODY}),
    ],
)
def test_nothing_else_is_recorded_for_somebody_else(
    action: Action, issue: dict[str, Any], deed: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowed) as refused:
        recorded(action, issue, **deed)
    assert refused.value.code == "not_the_own_deed"


def test_a_record_for_somebody_else_skips_no_link() -> None:
    with pytest.raises(IllegalTransition):
        recorded(Action.SUBMIT_MEASURES, {**HANDED, "stage": Stage.CONFIRMED})


def test_a_record_for_somebody_else_needs_the_same_evidence() -> None:
    deed = Deed(person_id=DIRECTOR, day=FOUND)
    with pytest.raises(GridGuardError, match="evidence"):
        record(deed, Action.SUBMIT_MEASURES, HANDED, {"check_due_on": SOON}, recorder_id=CONFIRMER, today=TODAY)
