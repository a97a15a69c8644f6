"""Who must act next: every stage and circumstance by hand, and never two rows for one issue."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from governance.loop_numbers import USUAL, loop_numbers
from governance.next_step import TURNS, fits, links_passed, next_step
from governance.permissions import Right, Scope, scope_of
from governance.stages import actions_from
from governance.vocabulary import Category, SignOffLevel, Source, Stage

DAY = date(2026, 6, 30)
DUE = date(2026, 7, 10)
NOTICED = loop_numbers({"notice_categories": ["dust"]})

PLAIN: dict[str, Any] = {
    "stage": "discovered",
    "source": "consultant",
    "sign_off_level": "department",
    "category": "odour",
    "enterprise_id": 5,
    "township_id": 1,
    "industry_id": 2,
}
OWN = {"source": "township_patrol"}
NOWHERE = {"township_id": None}
NO_FIRM = {"enterprise_id": None}
NO_INDUSTRY = {"industry_id": None}
TOWN, BUREAU, ABOVE = ({"sign_off_level": level} for level in ("township", "bureau", "above"))
CHECKED = {"checker_id": 21}
HANDED_IN = {"handed_in_on": DAY}
DUST = {"category": "dust"}
TOLD = {"notice_ends_on": date(2026, 6, 29)}

# stage, what differs from the plain issue, action and role that are up.
BY_HAND: list[tuple[str, dict[str, Any], str, str]] = [
    ("discovered", {}, "confirm", "bureau"),
    ("discovered", OWN, "confirm", "township"),
    ("discovered", {"source": "butler"}, "confirm", "township"),
    ("discovered", {"source": "central_inspection"}, "confirm", "bureau"),
    ("discovered", OWN | NOWHERE, "confirm", "bureau"),
    ("confirmed", {}, "enter_ledger", "bureau"),
    ("confirmed", OWN, "enter_ledger", "township"),
    ("ledgered", {}, "hand_over", "committee_office"),
    ("ledgered", OWN, "hand_over", "township"),
    ("ledgered", OWN | NOWHERE, "hand_over", "committee_office"),
    ("rectifying", {}, "submit_measures", "environment_director"),
    ("rectifying", NO_FIRM, "submit_measures", "township"),
    ("rectifying", NO_FIRM | NOWHERE, "submit_measures", "industry_department"),
    ("long_term", {}, "submit_measures", "environment_director"),
    ("long_term", NO_FIRM, "submit_measures", "township"),
    ("supervised", TOWN, "check_on_site", "township"),
    ("supervised", TOWN | NOWHERE, "check_on_site", "bureau"),
    ("supervised", {}, "check_on_site", "industry_department"),
    ("supervised", BUREAU, "check_on_site", "industry_department"),
    ("supervised", ABOVE, "check_on_site", "industry_department"),
    ("supervised", NO_INDUSTRY, "check_on_site", "bureau"),
    ("supervised", CHECKED | TOWN, "sign_off", "township"),
    ("supervised", CHECKED | TOWN | NOWHERE, "sign_off", "bureau"),
    ("supervised", CHECKED, "sign_off", "industry_department"),
    ("supervised", CHECKED | NO_INDUSTRY, "sign_off", "bureau"),
    ("supervised", CHECKED | BUREAU, "sign_off", "bureau"),
    ("supervised", CHECKED | ABOVE, "hand_in_above", "bureau"),
    ("supervised", CHECKED | ABOVE | HANDED_IN, "sign_off", "bureau"),
    ("supervised", DUST, "check_on_site", "industry_department"),
    ("supervised", CHECKED | DUST | TOWN, "announce", "township"),
    ("supervised", CHECKED | DUST, "announce", "industry_department"),
    ("supervised", CHECKED | DUST | BUREAU, "announce", "bureau"),
    ("supervised", CHECKED | DUST | ABOVE, "announce", "bureau"),
    ("supervised", CHECKED | DUST | ABOVE | TOLD, "hand_in_above", "bureau"),
    ("public_notice", CHECKED | DUST | TOLD, "sign_off", "industry_department"),
    ("public_notice", CHECKED | DUST | TOLD | TOWN, "sign_off", "township"),
    ("public_notice", CHECKED | DUST | TOLD | BUREAU, "sign_off", "bureau"),
    ("public_notice", CHECKED | DUST | TOLD | ABOVE, "hand_in_above", "bureau"),
]
OVER = ["closed", "refused", "merged"]


def issue(stage: str, **more: Any) -> dict[str, Any]:
    return {**PLAIN, "stage": stage, **more}


@pytest.mark.parametrize(("stage", "differing", "action", "role"), BY_HAND)
def test_this_is_whose_turn_it_is(stage: str, differing: dict[str, Any], action: str, role: str) -> None:
    step = next_step(issue(stage, **differing), today=DAY, numbers=NOTICED)
    assert step is not None
    assert (step.action, step.role) == (action, role)


def test_the_list_above_names_every_stage() -> None:
    assert {stage for stage, *_rest in BY_HAND} | set(OVER) == {stage.value for stage in Stage}


@pytest.mark.parametrize("stage", OVER)
def test_nothing_is_left_to_do(stage: str) -> None:
    assert next_step(issue(stage), today=DAY) is None


def test_exactly_one_row_fits_every_open_issue() -> None:
    values = product(
        ["discovered", "confirmed", "ledgered", "rectifying", "supervised", "long_term"],
        Source,
        SignOffLevel,
        [Category.DUST, Category.NOISE],
        *[(None, 1)] * 4,
        *[(None, DAY)] * 2,
    )
    names = ("stage", "source", "sign_off_level", "category", "enterprise_id", "township_id", "industry_id")
    fields = (*names, "checker_id", "handed_in_on", "notice_ends_on")
    counts = {sum(fits(turn, dict(zip(fields, row, strict=True)), NOTICED) for turn in TURNS) for row in values}
    assert counts == {1}


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: f"{turn.action}-{turn.role}")
def test_the_table_gives_a_turn_only_to_roles_that_have_the_right(turn: Any) -> None:
    assert scope_of(Right(turn.action.value), turn.role) in Scope
    assert all(turn.action in actions_from(stage) for stage in turn.stages)


def test_the_person_in_charge_is_named_where_the_rectification_is_up() -> None:
    named = {"person_in_charge_id": 9, "lead_unit_id": 3}
    rectifying = next_step(issue("rectifying", rectify_due_on=DUE, **named), today=DAY)
    supervised = next_step(issue("supervised", **named), today=DAY)
    assert rectifying is not None
    assert supervised is not None
    assert (rectifying.person_id, rectifying.unit_id, rectifying.due_on) == (9, 3, DUE)
    assert (supervised.person_id, supervised.unit_id) == (None, None)


@pytest.mark.parametrize(
    ("stage", "field"),
    [("discovered", "confirm_due_on"), ("supervised", "check_due_on"), ("long_term", "review_due_on")],
)
def test_the_deadline_is_that_of_the_clock_that_runs(stage: str, field: str) -> None:
    step = next_step(issue(stage, rectify_due_on=DAY, **{field: DUE}), today=DAY)
    assert step is not None
    assert step.due_on == DUE


def test_whoever_took_part_is_barred_from_judging() -> None:
    taking_part = {"finder_id": 1, "rectifier_id": 2, "checker_id": 3}
    found = [next_step(issue(stage, **taking_part), today=DAY) for stage in ("discovered", "supervised")]
    unchecked = next_step(issue("supervised", rectifier_id=2), today=DAY)
    assert [step.barred_ids for step in (*found, unchecked) if step] == [{1}, {2, 3}, {2}]


def test_whoever_checked_earlier_in_this_opening_is_barred_too() -> None:
    checked = issue("supervised", checker_id=3, rectifier_id=2)
    step = next_step(checked, today=DAY, took_part={"checker_id": frozenset({3, 4})})
    assert step is not None
    assert step.barred_ids == {2, 3, 4}


@pytest.mark.parametrize(("ends_on", "first"), [(29, None), (30, date(2026, 7, 1))])
def test_a_public_notice_that_runs_is_waited_for(ends_on: int, first: date | None) -> None:
    told = issue("public_notice", checker_id=21, category="dust", notice_ends_on=date(2026, 6, ends_on))
    step = next_step(told, today=DAY, numbers=NOTICED)
    assert step is not None
    assert step.not_before == first


def test_without_a_district_number_no_category_is_announced() -> None:
    step = next_step(issue("supervised", checker_id=21, category="dust"), today=DAY, numbers=USUAL)
    assert step is not None
    assert step.action == "sign_off"


@pytest.mark.parametrize(
    ("stage", "instead"),
    [
        ("discovered", ("refuse", "merge")),
        ("confirmed", ("merge",)),
        ("ledgered", ()),
        ("rectifying", ("send_back", "keep_long_term")),
        ("long_term", ()),
        ("supervised", ("return",)),
    ],
)
def test_what_may_be_done_instead(stage: str, instead: tuple[str, ...]) -> None:
    step = next_step(issue(stage), today=DAY)
    assert step is not None
    assert step.instead == instead


def test_the_steps_of_the_plan_come_before_the_measures() -> None:
    steps = [next_step(issue(stage), today=DAY, open_milestones=2) for stage in ("long_term", "supervised")]
    assert [step.open_milestones for step in steps if step] == [2, 0]


def test_a_cadre_may_witness_once_at_an_enterprise() -> None:
    steps = [next_step(issue("supervised", **more), today=DAY) for more in ({}, NO_FIRM, {"witness_id": 8}, CHECKED)]
    assert [step.witness for step in steps if step] == ["village_cadre", None, None, None]


@pytest.mark.parametrize(
    ("stage", "more", "passed"),
    [
        ("discovered", {}, 1),
        ("refused", {}, 1),
        ("merged", {}, 1),
        ("confirmed", {}, 2),
        ("ledgered", {}, 3),
        ("rectifying", {}, 3),
        ("long_term", {}, 3),
        ("supervised", {}, 4),
        ("supervised", CHECKED, 5),
        ("public_notice", CHECKED, 5),
        ("closed", CHECKED, 6),
    ],
)
def test_the_links_that_are_passed(stage: str, more: dict[str, Any], passed: int) -> None:
    assert links_passed(issue(stage, **more)) == passed
