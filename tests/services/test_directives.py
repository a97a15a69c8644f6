"""Instructions and supervision orders: given with both names, carried out by one unit, ended by somebody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services import directives as services
from dashboard.services.directive_lists import directive_file, directive_page
from dashboard.services.directives import give_instruction, order_supervision
from db import records
from db.repositories.directives import DirectiveFilter
from db.tables.directives import Directive
from db.tables.history import Event
from db.unit_of_work import reading
from db.verification import differences, verify_chain
from governance.errors import Conflict, IllegalTransition, InvalidInput, NotAllowed, NotFound
from governance.vocabulary import DirectiveKind, DirectiveState, Light
from tests.conftest import TODAY
from tests.services.loop_people import Loop, found_issue, settle, zone

DAY = {"today": TODAY, "yellow_days": 3}


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def given(loop: Loop, code: str = "liaison", **details: Any) -> Directive:
    """An instruction of the leader on West."""
    with loop.as_(code) as work:
        about = details if "issue" in details else {"zone": zone(loop, "T1"), **details}
        return give_instruction(work, text="Cover all heaps", **about)


def step(loop: Loop, code: str, directive: Directive, name: str, *words: str, **given: Any) -> Directive:
    with loop.as_(code) as work:
        row = records.get(work.session, Directive, directive.key)
        return getattr(services, name)(work, row, *words, **given)


def reported(loop: Loop, directive: Directive, code: str = "west-1") -> Directive:
    for name in ("propose", "carry_out", "report"):
        directive = step(loop, code, directive, name, f"{name} it")
    return directive


def seen(loop: Loop, code: str) -> list[str]:
    with reading(loop.engine) as session:
        page = directive_page(session, loop.actor(code), DirectiveFilter(), **DAY)
        assert page.total == len(page.lines)
        return [line.directive.number for line in page.lines]


def test_a_liaison_instructs_for_the_leader_and_both_are_recorded(loop: Loop) -> None:
    directive = given(loop)
    assert (directive.giver_id, directive.on_behalf_of_id) == (loop.key("liaison"), loop.key("leader"))
    with reading(loop.engine) as session:
        event = session.exec(select(Event).where(Event.code == "instruction_given")).one()
    assert (event.actor_id, event.on_behalf_of_id) == (loop.key("liaison"), loop.key("leader"))


def test_an_instruction_has_a_number_a_unit_and_a_day_without_anybody_choosing_them(loop: Loop) -> None:
    directive = given(loop)
    assert directive.number == "PS-2026-001"
    assert directive.unit_id == loop.unit("west")
    assert directive.due_on == date(2026, 7, 14)  # ten working days


def test_numbers_run_by_kind_without_gaps(loop: Loop) -> None:
    first, second = given(loop), given(loop, "leader")
    with pytest.raises(NotAllowed):
        given(loop, "other-leader")
    with loop.as_("committee-1") as work:
        order = order_supervision(work, text="Report by Friday", zone=zone(loop, "T2"))
    third = given(loop)
    numbers = [row.number for row in (first, second, third, order)]
    assert numbers == ["PS-2026-001", "PS-2026-002", "PS-2026-003", "DB-2026-001"]


def test_eight_at_once_get_numbers_without_gaps_or_doubles(loop: Loop) -> None:
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda _n: given(loop), range(16)))
    assert sorted(row.number for row in rows) == [f"PS-2026-{n:03}" for n in range(1, 17)]


def test_on_an_issue_that_nobody_leads_the_township_carries_it_out(loop: Loop) -> None:
    assert given(loop, issue=found_issue(loop)).unit_id == loop.unit("west")


@pytest.mark.parametrize("code", ["bureau-1", "west-1", "butler-west", "display", "other-leader", "committee-1"])
def test_only_the_leader_of_the_zone_instructs(loop: Loop, code: str) -> None:
    with pytest.raises(NotAllowed):
        given(loop, code)


@pytest.mark.parametrize("code", ["bureau-1", "west-1", "butler-west", "other-leader"])
def test_only_the_committee_office_and_the_leader_order_supervisions(loop: Loop, code: str) -> None:
    with pytest.raises(NotAllowed), loop.as_(code) as work:
        order_supervision(work, text="Report", zone=zone(loop, "T1"))


def test_the_whole_life(loop: Loop) -> None:
    directive = reported(loop, given(loop))
    done = step(loop, "leader", directive, "finish", "good")
    assert (done.state, done.done_on, done.ending) == (DirectiveState.DONE, TODAY, "good")
    with reading(loop.engine) as session:
        assert verify_chain(session) == []
        assert differences(session) == []


def test_whoever_reported_it_does_not_end_it(loop: Loop) -> None:
    directive = reported(loop, given(loop), "committee-1")
    with pytest.raises(NotAllowed, match="somebody other than"):
        step(loop, "committee-1", directive, "finish", "good")
    assert step(loop, "committee-2", directive, "finish", "good").state == DirectiveState.DONE


def test_handed_back_it_is_carried_out_again_by_a_new_day(loop: Loop) -> None:
    again = step(loop, "leader", reported(loop, given(loop)), "hand_back", "only half of them")
    assert (again.state, again.deed, again.reporter_id) == (DirectiveState.PROPOSED, None, None)
    assert step(loop, "west-2", again, "carry_out", "all of them").state == DirectiveState.CARRIED_OUT


@pytest.mark.parametrize("code", ["east-1", "butler-west", "leader", "display"])
def test_nobody_but_the_unit_carries_it_out(loop: Loop, code: str) -> None:
    with pytest.raises(NotAllowed):
        step(loop, code, given(loop), "propose", "soon")


@pytest.mark.parametrize("code", ["other-leader", "west-1", "bureau-1", "butler-west"])
def test_nobody_urges_but_who_asked_and_the_committee_office(loop: Loop, code: str) -> None:
    with pytest.raises(NotAllowed):
        step(loop, code, given(loop), "urge")


def test_reminders_are_counted(loop: Loop) -> None:
    directive = given(loop)
    step(loop, "leader", directive, "urge", "today please")
    assert step(loop, "committee-1", directive, "urge").times_urged == 2


def test_redirected_it_belongs_to_the_other_unit(loop: Loop) -> None:
    directive = step(loop, "committee-1", given(loop), "redirect", "it is theirs", unit_id=loop.unit("east"))
    assert step(loop, "east-1", directive, "propose", "soon").state == DirectiveState.PROPOSED
    with pytest.raises(IllegalTransition, match="propose is not possible in the state proposed"):
        step(loop, "east-1", directive, "propose", "again")


def test_it_cannot_go_to_a_unit_that_carries_nothing_out(loop: Loop) -> None:
    with pytest.raises(InvalidInput, match="cannot carry a directive out"):
        given(loop, unit_id=99)


def test_a_named_person_belongs_to_the_unit(loop: Loop) -> None:
    with pytest.raises(InvalidInput, match="does not belong to the unit"):
        given(loop, person_id=loop.key("east-1"))
    assert given(loop, person_id=loop.key("west-2")).person_id == loop.key("west-2")


def test_a_stale_form_conflicts(loop: Loop) -> None:
    seen_before = given(loop)
    step(loop, "leader", seen_before, "urge")
    with pytest.raises(Conflict), loop.as_("leader") as work:
        services.urge(work, records.get(work.session, Directive, seen_before.key, version=seen_before.version))


@pytest.mark.parametrize(
    ("code", "sees"),
    [
        *((code, True) for code in ("leader", "liaison", "committee-1", "bureau-1", "west-1", "butler-west")),
        *((code, False) for code in ("other-leader", "east-1", "butler-east", "display")),
    ],
)
def test_who_sees_a_directive_about_a_zone(loop: Loop, code: str, sees: bool) -> None:
    number = given(loop).number
    assert seen(loop, code) == ([number] if sees else [])


@pytest.mark.parametrize(
    ("code", "sees"),
    [
        *((code, True) for code in ("leader", "committee-1", "west-1", "butler-west", "east-1")),
        *((code, False) for code in ("other-leader", "butler-east", "display")),
    ],
)
def test_who_sees_a_directive_about_an_issue_that_another_township_carries_out(
    loop: Loop, code: str, sees: bool
) -> None:
    number = given(loop, issue=found_issue(loop), unit_id=loop.unit("east")).number
    assert seen(loop, code) == ([number] if sees else [])


def test_what_somebody_may_not_see_is_not_there(loop: Loop) -> None:
    number = given(loop).number
    with reading(loop.engine) as session, pytest.raises(NotFound):
        directive_file(session, loop.actor("east-1"), number)


def turn(loop: Loop, code: str) -> int:
    with reading(loop.engine) as session:
        return directive_page(session, loop.actor(code), DirectiveFilter(), **DAY).waiting


def test_whose_turn_it_is(loop: Loop) -> None:
    directive = given(loop)
    people = ("west-1", "leader", "liaison", "committee-1", "bureau-1", "east-1")
    assert [turn(loop, code) for code in people] == [1, 0, 0, 0, 0, 0]
    reported(loop, directive)
    assert [turn(loop, code) for code in people] == [0, 1, 1, 1, 0, 0]


def test_the_list_filters_and_counts_what_is_late(loop: Loop) -> None:
    given(loop, due_on=TODAY)
    given(loop)
    with reading(loop.engine) as session:
        later = {"today": date(2026, 7, 3), "yellow_days": 3}
        who = loop.actor("bureau-1")
        late = directive_page(session, who, DirectiveFilter(light=Light.RED), **later)
        none = directive_page(
            session, who, DirectiveFilter(kinds=frozenset({DirectiveKind.SUPERVISION_ORDER})), **later
        )
        all_of_them = directive_page(session, who, DirectiveFilter(text="heaps", is_open=True), **later)
    assert (late.total, none.total, all_of_them.total, all_of_them.late) == (1, 0, 2, 1)


def test_the_file_offers_exactly_what_the_person_may_do(loop: Loop) -> None:
    number = given(loop).number
    with reading(loop.engine) as session:
        offered = {
            code: directive_file(session, loop.actor(code), number).actions
            for code in ("west-1", "leader", "committee-1", "butler-west")
        }
    assert offered["west-1"] == ("propose",)
    assert offered["leader"] == ("redirect", "urge")
    assert offered["committee-1"] == ("redirect", "propose", "urge")
    assert offered["butler-west"] == ()
