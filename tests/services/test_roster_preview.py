"""Previews of changes of the roster on both databases: what goes with whom, loads before and after, nothing written."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services import roster_plans
from dashboard.services.directives import give_instruction, order_supervision
from dashboard.services.ledger import ledger_page
from dashboard.services.overview import standings
from dashboard.services.people import add_person, appoint, assign_zone
from dashboard.services.roster import roster
from dashboard.services.roster_lines import RosterChange
from dashboard.services.roster_preview import Preview, preview
from db import records
from db.history import data_version
from db.tables.people import Person
from db.unit_of_work import reading
from governance.errors import GridGuardError, InvalidInput
from governance.load import CautionCode
from governance.permissions import operator
from governance.roster import Absence, Edit, has_days
from governance.roster_days import leads_on
from governance.vocabulary import AssignmentPart, Role, Severity
from tests.conftest import TODAY
from tests.services.loop_people import Loop, found_issue, handed_over, settle, zone
from tests.services.small_district import enterprises, writing

LEAD, DEPUTY = AssignmentPart.LEAD, AssignmentPart.DEPUTY
TOMORROW, NEXT_WEEK, NEXT_MONTH = (TODAY + timedelta(days=n) for n in (1, 7, 30))
GUARDED = {"T1": "leader", "T2": "other-leader", "K1": "third-leader"}
YELLOW = 3


@pytest.fixture
def loop(engine: Engine) -> Loop:
    """Three leaders with a zone each; in West three issues, one of them severe and one in the port as well."""
    loop = settle(engine)
    with writing(engine) as work:
        third = add_person(work, code="third-leader", name="third-leader")
        appoint(work, third, Role.DISTRICT_LEADER, valid_from=TODAY)
    with writing(engine) as work:
        for code in ("T2", "K1"):
            person = records.get(work.session, Person, loop.key(GUARDED[code]))
            since: dict[str, Any] = {"part": LEAD, "valid_from": TODAY, "reason": "division of work"}
            assign_zone(work, zone_id=zone(loop, code).key, person=person, **since)
    enterprises(engine, ("name", "x", "y"), ("Mill", 119.05, 35.05), ("Quay", 119.09, 35.05), ("Yard", 119.15, 35.05))
    for details in ({"severity": Severity.SEVERE}, {"lon": 119.09}, {}):
        handed_over(loop, found_issue(loop, **details).number)
    return loop


def line(loop: Loop, code: str, person: str, **days: Any) -> Edit:
    given: dict[str, Any] = {"part": LEAD, "valid_from": TODAY, **days}
    return Edit(zone_id=zone(loop, code).key, person_id=loop.key(person), **given)


def change_of(*edits: Edit, **given: Any) -> RosterChange:
    return RosterChange(title="Swap", reason="new division of work", edits=edits, **given)


def swap(loop: Loop, **days: Any) -> RosterChange:
    """West and East change their leaders."""
    return change_of(line(loop, "T1", "other-leader", **days), line(loop, "T2", "leader", **days))


def told(loop: Loop, change: RosterChange, *, day: Any = TODAY) -> Preview:
    with reading(loop.engine) as session:
        return preview(session, change, today=day, yellow_days=YELLOW)


def cautions(shown: Preview) -> Counter[CautionCode]:
    return Counter(caution.code for caution in shown.cautions)


def test_a_swap_tells_what_goes_from_whom_to_whom(loop: Loop) -> None:
    west, east = told(loop, swap(loop, valid_from=TOMORROW)).passings
    given_up = west.handover
    assert (given_up.from_id, given_up.to_id) == (loop.key("leader"), loop.key("other-leader"))
    assert (given_up.valid_from, given_up.valid_to) == (TOMORROW, None)
    assert (west.pending.unresolved, west.pending.overdue, west.enterprises) == (3, 0, 2)
    assert (east.pending.unresolved, east.pending.load, east.enterprises) == (0, 0, 1)


def test_the_counts_are_those_of_the_overview_and_of_the_rows_that_open(loop: Loop) -> None:
    later = TODAY + timedelta(days=200)
    with reading(loop.engine) as session:
        shown = preview(session, swap(loop, valid_from=later), today=later, yellow_days=YELLOW)
        standing = standings(session, today=later, yellow_days=YELLOW)
        for one in shown.passings:
            known = standing.get(one.handover.zone_id)
            counts = (known.unresolved, known.overdue, known.clues) if known else (0, 0, 0)
            assert (one.pending.unresolved, one.pending.overdue, one.pending.clues) == counts
            rows = [
                ledger_page(session, operator("test"), wanted, today=later, yellow_days=YELLOW).total
                for wanted in (one.unresolved_rows, one.overdue_rows)
            ]
            assert rows == [one.pending.unresolved, one.pending.overdue]
    assert shown.passings[0].pending.overdue == 3


def test_a_load_counts_severity_and_lateness_and_moves_with_the_zone(loop: Loop) -> None:
    (today,) = told(loop, swap(loop)).load_days
    moved = {turn.before.person_id: (turn.before.pending.load, turn.after.pending.load) for turn in today.turns}
    assert moved == {
        loop.key("leader"): (4 + 1 + 1, 0),
        loop.key("other-leader"): (0, 6),
        loop.key("third-leader"): (1, 1),
    }
    (late,) = told(loop, swap(loop, valid_from=NEXT_MONTH), day=TODAY + timedelta(days=200)).load_days
    assert {turn.before.pending.load for turn in late.turns} == {0, 2, 12}


def test_an_issue_in_two_zones_of_one_leader_is_counted_once_and_weighs_in_each(loop: Loop) -> None:
    (today,) = told(
        loop, change_of(line(loop, "K1", "leader"), line(loop, "T1", "third-leader", part=DEPUTY))
    ).load_days
    leader = next(turn.after for turn in today.turns if turn.after.person_id == loop.key("leader"))
    assert (leader.pending.unresolved, leader.pending.load, len(leader.zone_ids)) == (3, 7, 2)


def test_a_leader_with_three_times_the_median_is_named(loop: Loop) -> None:
    edits = (line(loop, "T1", "third-leader"), line(loop, "K1", "leader"))
    (caution,) = (one for one in told(loop, change_of(*edits)).cautions if one.code == CautionCode.HEAVY_LOAD)
    assert (caution.person_id, caution.numbers["load"]) == (loop.key("third-leader"), 6)
    assert (caution.numbers["median"], caution.numbers["times"], caution.numbers["day"]) == (1, 3, TODAY)


def test_a_zone_split_between_days_is_named(loop: Loop) -> None:
    edits = (
        line(loop, "T1", "other-leader", valid_to=NEXT_WEEK),
        line(loop, "T1", "third-leader", valid_from=NEXT_WEEK),
        line(loop, "T2", "leader"),
    )
    shown = told(loop, change_of(*edits))
    (caution,) = (one for one in shown.cautions if one.code == CautionCode.SPLIT_ZONE)
    assert (caution.zone_id, caution.numbers["days"]) == (zone(loop, "T1").key, (TODAY, NEXT_WEEK))
    assert [one.day for one in shown.load_days] == [TODAY, NEXT_WEEK]


def test_instructions_and_orders_that_the_old_leader_leaves_are_named(loop: Loop) -> None:
    issue = found_issue(loop)
    with loop.as_("leader") as work:
        own = give_instruction(work, text="Cover it", issue=work.session.get(type(issue), issue.key)).number
    with loop.as_("committee-1") as work:
        order_supervision(work, text="Press on", issue=work.session.get(type(issue), issue.key))
    shown = told(loop, swap(loop))
    assert [one.directives for one in shown.passings] == [(own,), ()]
    (caution,) = (one for one in shown.cautions if one.code == CautionCode.OPEN_DIRECTIVES)
    assert (caution.zone_id, caution.person_id) == (zone(loop, "T1").key, loop.key("leader"))


def test_a_leader_who_stays_a_deputy_only_is_named_and_one_with_nothing_is_a_fault(loop: Loop) -> None:
    given_up = line(loop, "T1", "other-leader", valid_to=NEXT_WEEK)
    kept = line(loop, "T2", "leader", part=DEPUTY, valid_to=NEXT_WEEK)
    shown = told(loop, change_of(given_up, kept))
    (caution,) = (one for one in shown.cautions if one.code == CautionCode.LEADS_NOTHING)
    assert caution.person_id == loop.key("leader")
    assert dict(caution.numbers) == {"valid_from": TODAY, "valid_to": NEXT_WEEK}
    assert shown.faults == ()
    bare = told(loop, change_of(given_up))
    assert [fault.code for fault in bare.faults] == ["no_zone"]
    assert cautions(bare)[CautionCode.LEADS_NOTHING] == 0


def test_all_faults_are_shown_not_the_first_only(loop: Loop) -> None:
    edits = (line(loop, "T1", "third-leader"), line(loop, "T2", "third-leader"))
    faults = told(loop, change_of(*edits)).faults
    assert {fault.person_id for fault in faults} == {loop.key("leader"), loop.key("other-leader")}


def test_deputies_begin_and_end(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        first = change_of(line(loop, "T2", "leader", part=DEPUTY))
        roster_plans.carry_out(work, first, base=told(loop, first).base)
    ended = line(loop, "T2", "leader", part=DEPUTY, valid_from=NEXT_WEEK, is_ending=True)
    shown = told(loop, change_of(ended, line(loop, "K1", "leader", part=DEPUTY)))
    found = {(turn.span.zone_id, turn.is_begun, turn.span.valid_from) for turn in shown.deputies}
    assert found == {(zone(loop, "T2").key, False, NEXT_WEEK), (zone(loop, "K1").key, True, TODAY)}


def test_an_absence_hands_over_for_its_days_without_a_warning(loop: Loop) -> None:
    days = {"valid_from": TOMORROW, "valid_to": NEXT_WEEK}
    away = Absence(person_id=loop.key("leader"), stand_in_id=loop.key("other-leader"), **days)
    shown = told(loop, RosterChange(title="Away", reason="course", absence=away))
    (west,) = shown.passings
    assert (west.handover.valid_from, west.handover.valid_to) == (TOMORROW, NEXT_WEEK)
    assert shown.faults == ()
    assert cautions(shown)[CautionCode.LEADS_NOTHING] == 0


numbers = st.integers(0, 2)
lines = st.tuples(
    numbers, numbers, st.sampled_from([LEAD, LEAD, DEPUTY]), st.integers(0, 20), st.none() | st.integers(1, 20)
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(lines, min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_preview_writes_nothing_and_is_what_carrying_out_leaves(loop: Loop, changes: list[list[Any]]) -> None:
    """Each example goes on with the roster that the one before left."""
    for asked in changes:
        change = change_of(*(drawn(loop, *one) for one in asked))
        with reading(loop.engine) as session:
            version = data_version(session)
        try:
            shown = told(loop, change)
        except GridGuardError:
            continue
        with reading(loop.engine) as session:
            assert data_version(session) == version
        require_agreement(shown)
        refused = refusal_of(loop, change, shown)
        if not refused:
            assert (shown.faults, left(loop)) == ((), Counter(shown.after))
        else:
            assert shown.faults or refused == "nothing_changes"


def drawn(loop: Loop, where: int, who: int, part: AssignmentPart, start: int, length: int | None) -> Edit:
    day = TODAY + timedelta(days=start)
    end = None if length is None else day + timedelta(days=length)
    return line(loop, tuple(GUARDED)[where], tuple(GUARDED.values())[who], part=part, valid_from=day, valid_to=end)


def refusal_of(loop: Loop, change: RosterChange, shown: Preview) -> str:
    """Carry a change out from what its preview was made from; the code of the refusal, or nothing."""
    try:
        with loop.as_("bureau-1") as work:
            roster_plans.carry_out(work, change, base=shown.base)
    except InvalidInput as refusal:
        return refusal.code
    return ""


def left(loop: Loop) -> Counter[Any]:
    with reading(loop.engine) as session:
        return Counter(span for span in roster(session).spans if has_days(span))


def require_agreement(shown: Preview) -> None:
    """What one leader loses another gains; every day's leads are those of the roster that would be."""
    for one in shown.load_days:
        before = sum(turn.before.pending.load for turn in one.turns)
        assert before == sum(turn.after.pending.load for turn in one.turns)
        led = Counter(number for turn in one.turns for number in turn.after.zone_ids)
        assert set(led.values()) <= {1}
        for turn in one.turns:
            assert all(
                leads_on(shown.after, number, one.day) == {turn.after.person_id} for number in turn.after.zone_ids
            )


def test_the_people_of_a_preview_are_all_leaders_in_office(loop: Loop) -> None:
    (today,) = told(loop, swap(loop)).load_days
    with reading(loop.engine) as session:
        known = {person.code: person.key for person in session.exec(select(Person))}
    assert [turn.before.person_id for turn in today.turns] == sorted(known[code] for code in GUARDED.values())
