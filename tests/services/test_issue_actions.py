"""What somebody may do with an issue now: possible, refused with a reason, and done on many or on none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.i18n import message
from dashboard.services.issue_actions import (
    ManyRefused,
    act_on_many,
    merge_target,
    perform,
    possible_actions,
    possible_for_all,
)
from dashboard.services.issue_forms import notice_issuers
from db.engine import create_engine_for, sqlite_url
from db.schema import upgrade
from db.tables.issues import Notice
from db.unit_of_work import reading, unit_of_work
from governance.errors import Conflict, InvalidInput, NotFound
from governance.stages import Action
from governance.vocabulary import Category, CheckArea, Severity, Source
from tests.conftest import NOW, TODAY
from tests.services.loop_district import actor, do, found_loop, issue_of, person_id, report, unit_id, walk
from tests.services.small_district import only


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine_for(sqlite_url(tmp_path / "gridguard.db"))
    upgrade(engine)
    yield found_loop(engine)
    engine.dispose()


def possible(engine: Engine, login: str, number: str) -> set[str]:
    with reading(engine) as session:
        found = possible_actions(session, actor(engine, login), issue_of(engine, number), today=TODAY)
        return {each.action.value for each in found if each.refusal is None}


def refusal(engine: Engine, login: str, number: str, action: str) -> tuple[str, bool]:
    """Code of the refusal, and whether the role would allow it."""
    with reading(engine) as session:
        found = possible_actions(session, actor(engine, login), issue_of(engine, number), today=TODAY)
        each = next(each for each in found if each.action == action)
    assert each.refusal is not None
    assert message(each.refusal)
    return each.refusal.code, each.is_of_role


# stage of a butler's finding: who may do what; everybody who is not named may do nothing.
OPEN = {
    "discovered": {"township01": "confirm refuse merge", "bureau01": "confirm refuse merge"},
    "confirmed": {"township01": "merge enter_ledger", "bureau01": "merge enter_ledger"},
    "ledgered": {"township01": "hand_over", "bureau01": "hand_over", "committee01": "hand_over"},
    "rectifying": {
        "director01": "submit_measures",
        "township01": "submit_measures",
        "department01": "submit_measures send_back",
        "bureau01": "keep_long_term",
    },
    "supervised": {
        "cadre01": "witness",
        "township01": "check_on_site return",
        "department01": "check_on_site",
        "bureau01": "check_on_site",
        "leader01": "return",
    },
    "checked": {
        "cadre01": "witness",
        "township01": "check_on_site return",
        "township02": "check_on_site return announce sign_off",
        "department01": "check_on_site",
        "bureau01": "check_on_site",
        "leader01": "return",
    },
    "closed": {"bureau01": "reopen", "committee01": "reopen"},
}
EVERYBODY = (
    *("leader01", "bureau01", "committee01", "township01", "township02", "township03"),
    *("department01", "butler01", "cadre01", "director01"),
)
STANDING_IN = {"township02": "township01"}


@pytest.mark.parametrize("stage", OPEN)
def test_this_is_open_to_these_people_and_nobody_else(district: Engine, stage: str) -> None:
    number = walk(district, report(district), stage)
    found = {login: possible(district, login, number) for login in EVERYBODY}
    known = OPEN[stage]
    wanted = {login: set(known.get(login, known.get(STANDING_IN.get(login, ""), "")).split()) for login in EVERYBODY}
    assert found == wanted


def test_whoever_rectified_is_told_to_leave_the_check_to_somebody_else(district: Engine) -> None:
    number = walk(district, report(district), "rectifying")
    do(district, "township01", number, "submit_measures", measures="Covered")
    assert refusal(district, "township01", number, "check_on_site") == ("not_independent", True)


def test_a_sign_off_before_the_check_says_what_is_missing(district: Engine) -> None:
    number = walk(district, report(district), "supervised")
    assert refusal(district, "township02", number, "sign_off") == ("field_missing", True)


def test_a_role_without_the_right_is_told_apart(district: Engine) -> None:
    assert refusal(district, "butler01", report(district), "confirm") == ("not_allowed", False)


def test_the_after_photo_and_the_report_may_come_with_the_form(district: Engine) -> None:
    number = walk(district, report(district, check_area=CheckArea.MONITORING), "rectifying")
    assert "submit_measures" in possible(district, "director01", number)


def test_what_came_from_above_asks_for_the_submission_first(district: Engine) -> None:
    number = report(district, "bureau02", source=Source.CENTRAL_INSPECTION)
    do(district, "bureau01", number, "confirm")
    do(district, "bureau01", number, "enter_ledger", term="limited", requirement="Cover")
    charge = {"lead_unit_id": unit_id(district, "U-DEP"), "person_in_charge_id": person_id(district, "director01")}
    do(district, "committee01", number, "hand_over", joining_unit_ids=[unit_id(district, "U-T1")], **charge)
    do(district, "director01", number, "submit_measures", measures="Covered")
    do(district, "department01", number, "check_on_site", reason="Seen")
    assert refusal(district, "bureau01", number, "sign_off") == ("field_missing", True)
    do(district, "bureau01", number, "hand_in_above", handed_in_document="No. 7")
    assert do(district, "bureau01", number, "sign_off", above_basis="No. 9", above_result="Agreed").stage == "closed"


def test_an_issue_is_merged_by_the_number_that_people_know(district: Engine) -> None:
    first, second = report(district), report(district)
    do(district, "township01", second, "merge", reason="The same heap", merged_into_id=f" {first} ")
    assert issue_of(district, second).merged_into_id == issue_of(district, first).key


def test_a_merge_target_is_checked(district: Engine) -> None:
    number = report(district)
    with reading(district) as session:
        who, own = actor(district, "township01"), issue_of(district, number)
        with pytest.raises(InvalidInput):
            merge_target(session, who, own, number)
        with pytest.raises(NotFound):
            merge_target(session, who, own, "2026-99999")


def test_a_form_of_an_older_version_is_refused(district: Engine) -> None:
    number = report(district)
    version = issue_of(district, number).version
    do(district, "township01", number, "confirm")
    with (
        pytest.raises(Conflict, match=number),
        unit_of_work(district, actor=actor(district, "township02"), now=NOW) as work,
    ):
        perform(work, number, Action.ENTER_LEDGER, {"term": "limited", "requirement": "x"}, version=version)


def test_several_are_confirmed_at_once(district: Engine) -> None:
    numbers = [report(district), report(district)]
    with unit_of_work(district, actor=actor(district, "township01"), now=NOW) as work:
        act_on_many(work, [*numbers, numbers[0]], Action.CONFIRM, {})
    assert [issue_of(district, number).stage for number in numbers] == ["confirmed", "confirmed"]


def test_one_that_is_refused_keeps_all_from_being_done(district: Engine) -> None:
    good, own = report(district), report(district, "township01", source=Source.TOWNSHIP_PATROL)
    with (
        pytest.raises(ManyRefused) as refused,
        unit_of_work(district, actor=actor(district, "township01"), now=NOW) as work,
    ):
        act_on_many(work, [good, own, "2026-99999"], Action.CONFIRM, {})
    assert {number: error.code for number, error in refused.value.refusals.items()} == {
        own: "not_independent",
        "2026-99999": "no_issue",
    }
    assert issue_of(district, good).stage == "discovered"


@pytest.mark.parametrize("n", [0, 201])
def test_none_or_too_many_at_once_are_refused(district: Engine, n: int) -> None:
    numbers = [f"2026-{each:05}" for each in range(n)]
    with pytest.raises(InvalidInput), unit_of_work(district, actor=actor(district, "bureau01"), now=NOW) as work:
        act_on_many(work, numbers, Action.CONFIRM, {})


def test_what_is_offered_for_several_is_possible_for_each(district: Engine) -> None:
    clue, confirmed = report(district), walk(district, report(district, severity=Severity.MAJOR), "confirmed")
    with reading(district) as session:
        who = actor(district, "township01")
        both = [issue_of(district, clue), issue_of(district, confirmed)]
        found = [possible_for_all(session, who, some, today=TODAY) for some in (both, both[:1], [])]
    assert found == [("merge",), ("confirm", "refuse", "merge"), ()]


def test_an_entry_in_the_ledger_may_bring_a_notice(district: Engine) -> None:
    number = walk(district, report(district), "confirmed")
    township = unit_id(district, "U-T1")
    given = {"term": "limited", "requirement": "Cover", "notice_issuer_id": township}
    do(district, "township01", number, "enter_ledger", **given)
    notice = only(district, Notice)
    assert (notice.kind, notice.issuer_id, notice.due_on) == (
        "township",
        township,
        issue_of(district, number).rectify_due_on,
    )


@pytest.mark.parametrize(("login", "issuers"), [("township01", ["U-T1"]), ("bureau01", ["U-BUR"]), ("butler01", [])])
def test_a_notice_is_offered_in_the_name_of_the_own_unit(district: Engine, login: str, issuers: list[str]) -> None:
    number = report(district)
    with reading(district) as session:
        found = notice_issuers(session, actor(district, login), issue_of(district, number))
    assert [unit.code for unit in found] == issuers


def test_a_clue_is_confirmed_with_what_it_was_taken_for_put_right(district: Engine) -> None:
    number = report(district)
    issue = do(district, "township01", number, "confirm", severity=Severity.MINOR, category=Category.NOISE)
    assert (issue.severity, issue.category) == ("minor", "noise")
