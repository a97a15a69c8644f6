"""Changes of the roster on both databases: drafted, carried out, refused, in conflict, undone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from dashboard.services import plan_remarks, roster_plans
from dashboard.services.people import add_person, appoint, assign_zone
from dashboard.services.roster import faults_from, fingerprints, roster
from dashboard.services.roster_lines import RosterChange, base_of, change_of
from db import records
from db.repositories.people import leads_on
from db.tables.history import Event
from db.tables.people import Assignment, Person
from db.tables.plans import Plan
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork, reading
from db.verification import differences, verify_chain
from governance.errors import Conflict, GridGuardError, InvalidInput, NotAllowed
from governance.roster import Absence, Edit
from governance.vocabulary import AssignmentPart, PlanState, Role
from tests.conftest import TODAY
from tests.services.loop_people import Loop, settle, zone
from tests.services.small_district import writing

LEAD, DEPUTY = AssignmentPart.LEAD, AssignmentPart.DEPUTY
TOMORROW, NEXT_WEEK, NEXT_MONTH = (TODAY + timedelta(days=n) for n in (1, 7, 30))
GUARDED = {"T1": "leader", "T2": "other-leader", "K1": "third-leader"}


@pytest.fixture
def loop(engine: Engine) -> Loop:
    """Three leaders, each the lead of one of the three zones since today."""
    loop = settle(engine)
    with writing(engine) as work:
        third = add_person(work, code="third-leader", name="third-leader")
        appoint(work, third, Role.DISTRICT_LEADER, valid_from=TODAY)
    with writing(engine) as work:
        for code in ("T2", "K1"):
            person = records.get(work.session, Person, loop.key(GUARDED[code]))
            since: dict[str, Any] = {"part": LEAD, "valid_from": TODAY, "reason": "division of work"}
            assign_zone(work, zone_id=zone(loop, code).key, person=person, **since)
    return loop


def line(loop: Loop, code: str, person: str, **days: Any) -> Edit:
    given: dict[str, Any] = {"part": LEAD, "valid_from": TODAY, **days}
    return Edit(zone_id=zone(loop, code).key, person_id=loop.key(person), **given)


def swap(loop: Loop, **days: Any) -> RosterChange:
    """West and East change their leaders."""
    edits = (line(loop, "T1", "other-leader", **days), line(loop, "T2", "leader", **days))
    return RosterChange(title="Swap", reason="new division of work", edits=edits, document_number="LZ-2026-7")


def base(session: Session) -> dict[int, str]:
    return fingerprints(roster(session), [one.key for one in session.exec(select(Zone))])


def carried_out(work: UnitOfWork, change: RosterChange, **given: Any) -> Plan:
    return roster_plans.carry_out(work, change, base=base(work.session), **given)


def leads(loop: Loop, day: Any = TODAY) -> dict[str, str]:
    with reading(loop.engine) as session:
        found = leads_on(session, day)
        return {code: found[number].code for code in GUARDED if (number := zone(loop, code).key) in found}


def test_a_swap_begins_and_ends_in_one_event_chain(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        plan = carried_out(work, swap(loop))
        assert (plan.state, plan.author_id, plan.effective_on) == (PlanState.APPLIED, loop.key("bureau-1"), TODAY)
    assert leads(loop) == {"T1": "other-leader", "T2": "leader", "K1": "third-leader"}
    with reading(loop.engine) as session:
        begun = session.exec(select(Assignment).where(Assignment.plan_id == 1)).all()
        assert {row.document_number for row in begun} == {"LZ-2026-7"}
        codes = session.exec(select(Event.code).where(Event.subject_kind == "assignment")).all()
        assert (codes.count("assigned"), codes.count("assignment_ended")) == (5, 2)
        assert [*verify_chain(session), *differences(session)] == []


def test_a_scheduled_change_takes_effect_on_its_day(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        carried_out(work, swap(loop, valid_from=NEXT_WEEK))
    assert leads(loop) == GUARDED
    assert leads(loop, NEXT_WEEK - timedelta(days=1)) == GUARDED
    assert leads(loop, NEXT_WEEK)["T1"] == "other-leader"


def test_a_stand_in_leads_while_the_leader_is_away(loop: Loop) -> None:
    absence = Absence(
        person_id=loop.key("leader"),
        stand_in_id=loop.key("other-leader"),
        valid_from=TOMORROW,
        valid_to=NEXT_WEEK,
    )
    with loop.as_("bureau-1") as work:
        carried_out(work, RosterChange(title="Away", reason="course", absence=absence))
    assert [leads(loop, day)["T1"] for day in (TODAY, TOMORROW, NEXT_WEEK)] == ["leader", "other-leader", "leader"]
    with reading(loop.engine) as session:
        known = roster(session)
        assert known.absences == [absence]
        assert faults_from(session, known.spans, known.absences, TODAY) == []


def test_a_draft_is_seen_commented_and_carried_out(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        plan = roster_plans.save_draft(work, swap(loop), base=base(work.session))
        plan_remarks.remark(work, plan, " Ask the port first ")
    assert leads(loop) == GUARDED
    with loop.as_("bureau-2") as work:
        (draft,) = roster_plans.roster_plans(work.session, PlanState.DRAFT)
        ((remark, author),) = plan_remarks.remarks_on(work.session, draft)
        assert (remark.text, author.code if author else "") == ("Ask the port first", "bureau-1")
        assert change_of(draft) == swap(loop)
        roster_plans.carry_out(work, change_of(draft), base=base_of(draft), plan=draft)
    assert leads(loop)["T1"] == "other-leader"


def test_a_draft_of_days_past_waits_for_the_committee_office(loop: Loop) -> None:
    change = swap(loop, valid_from=TODAY)
    with loop.as_("bureau-1", hours=72) as work:
        draft = roster_plans.save_draft(work, change, base=base(work.session))
    with pytest.raises(NotAllowed), loop.as_("bureau-1", hours=72) as work:
        carried_out(work, change)
    with loop.as_("committee-1", hours=72) as work:
        plan = records.get(work.session, Plan, draft.key)
        roster_plans.carry_out(work, change, base=base_of(plan), plan=plan)
    assert leads(loop)["T1"] == "other-leader"
    with pytest.raises(NotAllowed), loop.as_("committee-1", hours=72) as work:
        carried_out(work, swap(loop, valid_from=NEXT_WEEK))


def test_the_second_of_two_changes_is_a_conflict_and_loses_nothing(loop: Loop) -> None:
    with reading(loop.engine) as session:
        seen = base(session)
    with loop.as_("bureau-1") as work:
        roster_plans.carry_out(work, swap(loop), base=seen)
    change = RosterChange(title="Other", reason="other", edits=(line(loop, "T1", "third-leader"),))
    refusal = pytest.raises(Conflict, match="Somebody else has changed who guards West meanwhile")
    with refusal, loop.as_("bureau-2") as work:
        roster_plans.carry_out(work, change, base=seen)
    assert leads(loop)["T1"] == "other-leader"


def test_a_change_elsewhere_is_no_conflict(loop: Loop) -> None:
    with reading(loop.engine) as session:
        seen = base(session)
    with loop.as_("bureau-1") as work:
        roster_plans.carry_out(work, swap(loop), base=seen)
    change = RosterChange(title="P", reason="r", edits=(line(loop, "K1", "leader", part=DEPUTY),))
    with loop.as_("bureau-2") as work:
        roster_plans.carry_out(work, change, base=seen)


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ((), "nothing_to_change"),
        ((("T1", "leader", {}),), "nothing_changes"),
        ((("T1", "bureau-2", {}),), "not_a_leader"),
        ((("T1", "other-leader", {"valid_from": NEXT_WEEK, "valid_to": TODAY}),), "span_backwards"),
        ((("T1", "other-leader", {}),), "no_zone"),
        ((("T1", "leader", {"is_ending": True}),), "lead_without_successor"),
        ((("T1", "leader", {"part": DEPUTY}),), "leads_already"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(loop: Loop, edits: Sequence[Any], code: str) -> None:
    change = RosterChange(title="X", reason="x", edits=tuple(line(loop, *one[:2], **one[2]) for one in edits))
    with pytest.raises(InvalidInput) as refused, loop.as_("bureau-1") as work:
        carried_out(work, change)
    assert refused.value.code == code
    with reading(loop.engine) as session:
        assert session.exec(select(Plan)).all() == []
    assert leads(loop) == GUARDED


@pytest.mark.parametrize("words", [{"reason": " "}, {"title": ""}, {"title": "x" * 121}])
def test_a_change_has_a_title_and_a_reason(loop: Loop, words: dict[str, str]) -> None:
    given: dict[str, Any] = {"title": "X", "reason": "x", **words}
    with pytest.raises(InvalidInput), loop.as_("bureau-1") as work:
        roster_plans.save_draft(work, RosterChange(**given, edits=(line(loop, "T1", "other-leader"),)), base={})


def test_nobody_but_an_editor_drafts_or_carries_out(loop: Loop) -> None:
    for code in ("leader", "west-1", "butler-west", "display"):
        with pytest.raises(NotAllowed), loop.as_(code) as work:
            roster_plans.save_draft(work, swap(loop), base=base(work.session))
        with pytest.raises(NotAllowed), loop.as_(code) as work:
            carried_out(work, swap(loop))


def test_undoing_brings_the_days_to_come_back_and_keeps_those_served(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        plan = carried_out(work, swap(loop, valid_from=TOMORROW))
    with loop.as_("bureau-2", hours=72) as work:
        undone = roster_plans.undo(work, records.get(work.session, Plan, plan.key), reason="too early")
        assert undone.undoes_id == plan.key
    assert [leads(loop, TODAY + timedelta(days=n))["T1"] for n in range(5)] == [
        "leader",
        *("other-leader", "other-leader"),
        *("leader", "leader"),
    ]


def test_a_leader_whose_stand_in_is_taken_back_is_no_longer_away(loop: Loop) -> None:
    ids = {"person_id": loop.key("leader"), "stand_in_id": loop.key("other-leader")}
    absence = Absence(**ids, valid_from=TODAY, valid_to=NEXT_MONTH)
    with loop.as_("bureau-1") as work:
        plan = carried_out(work, RosterChange(title="Away", reason="course", absence=absence))
    with loop.as_("bureau-1", hours=48) as work:
        roster_plans.undo(work, records.get(work.session, Plan, plan.key), reason="back early")
    with reading(loop.engine) as session:
        assert [one.valid_to for one in roster(session).absences] == [TODAY + timedelta(days=2)]
    assert [leads(loop, day)["T1"] for day in (TOMORROW, NEXT_WEEK)] == ["other-leader", "leader"]


def test_an_undoing_is_undone(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        plan = carried_out(work, swap(loop))
        undone = roster_plans.undo(work, plan, reason="no")
        roster_plans.undo(work, undone, reason="yes after all")
    assert leads(loop)["T1"] == "other-leader"


def test_a_change_on_which_another_one_stands_is_not_undone_alone(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        plan = carried_out(work, swap(loop))
        change = RosterChange(title="P", reason="r", edits=(line(loop, "T1", "third-leader", part=DEPUTY),))
        carried_out(work, change)
    with pytest.raises(Conflict, match="undo the later change first"), loop.as_("bureau-1") as work:
        roster_plans.undo(work, records.get(work.session, Plan, plan.key), reason="no")


def test_a_withdrawn_draft_is_not_carried_out(loop: Loop) -> None:
    with loop.as_("bureau-1") as work:
        plan = roster_plans.save_draft(work, swap(loop), base=base(work.session))
        roster_plans.withdraw(work, plan, reason="no longer needed")
        with pytest.raises(InvalidInput, match="withdrawn"):
            carried_out(work, swap(loop), plan=plan)


numbers = st.integers(0, 2)
steps = st.tuples(
    st.sampled_from(["change", "change", "change", "undo"]),
    numbers,
    numbers,
    st.sampled_from([LEAD, LEAD, DEPUTY]),
    st.integers(0, 40),
    st.none() | st.integers(1, 40),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=10, max_size=40))
def test_whatever_is_changed_and_undone_the_rules_hold_and_the_history_agrees(loop: Loop, lines: list[Any]) -> None:
    """Each example goes on with the roster that the one before left, so the sequences are long."""
    zones, people = tuple(GUARDED), tuple(GUARDED.values())
    for kind, where, who, part, start, length in lines:
        day = TODAY + timedelta(days=start)
        end = None if length is None else day + timedelta(days=length)
        try:
            with loop.as_("bureau-1") as work:
                applied = roster_plans.roster_plans(work.session, PlanState.APPLIED)
                if kind == "undo" and applied:
                    roster_plans.undo(work, applied[where % len(applied)], reason="undone")
                else:
                    edit = line(loop, zones[where], people[who], part=part, valid_from=day, valid_to=end)
                    carried_out(work, RosterChange(title="C", reason="r", edits=(edit,)))
        except GridGuardError:
            continue
    with reading(loop.engine) as session:
        known = roster(session)
        assert faults_from(session, known.spans, known.absences, TODAY) == []
        assert [*verify_chain(session), *differences(session)] == []
