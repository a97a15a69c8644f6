"""A liaison of several leaders sees what all of them see, and acts for whichever of them guards the place."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.comments import write_comment
from dashboard.services.directive_lists import directive_page
from dashboard.services.directives import give_instruction, step
from dashboard.services.ledger import ledger_page
from dashboard.services.people import appoint, assign_zone
from db import records
from db.history import data_version
from db.repositories.directives import DirectiveFilter
from db.repositories.issues import LedgerFilter
from db.tables.directives import Directive
from db.tables.history import Event
from db.tables.loop import Comment
from db.tables.people import Person
from db.unit_of_work import reading, unit_of_work
from governance.directives import DirectiveAction
from governance.permissions import Target, leaders_guarding, preferring, speaking_for
from governance.vocabulary import AssignmentPart, Role
from tests.conftest import NOW, TODAY
from tests.services.loop_people import Loop, found_issue, settle, zone
from tests.services.small_district import writing


@pytest.fixture
def loop(engine: Engine) -> Loop:
    """West is guarded by one leader, East by another, and one liaison serves both."""
    loop = settle(engine)
    with writing(engine) as work:
        other = records.get(work.session, Person, loop.key("other-leader"))
        given: dict[str, Any] = {"valid_from": TODAY, "reason": "division of work", "part": AssignmentPart.LEAD}
        assign_zone(work, zone_id=zone(loop, "T2").key, person=other, **given)
        liaison = records.get(work.session, Person, loop.key("liaison"))
        appoint(work, liaison, Role.LIAISON, valid_from=TODAY, leader_id=other.key)
    return loop


def about(loop: Loop, *codes: str) -> Target:
    return Target(zone_ids=frozenset(zone(loop, code).key for code in codes))


@pytest.mark.parametrize(("code", "leader"), [("T1", "leader"), ("T2", "other-leader")])
def test_an_instruction_is_given_for_the_leader_who_guards_the_zone(loop: Loop, code: str, leader: str) -> None:
    with loop.as_("liaison") as work:
        number = give_instruction(work, text="Cover all heaps", zone=zone(loop, code)).number
    with reading(loop.engine) as session:
        given = session.exec(select(Directive).where(Directive.number == number)).one()
        event = session.exec(select(Event).where(Event.seq == data_version(session))).one()
    expected = (loop.key("liaison"), loop.key(leader))
    assert (given.giver_id, given.on_behalf_of_id) == expected
    assert (event.actor_id, event.on_behalf_of_id) == expected


def test_everything_of_both_leaders_is_seen(loop: Loop) -> None:
    found_issue(loop)
    with reading(loop.engine) as session:
        totals = {
            code: ledger_page(session, loop.actor(code), LedgerFilter(), today=TODAY, yellow_days=3).total
            for code in ("leader", "other-leader", "liaison")
        }
    assert totals == {"leader": 1, "other-leader": 0, "liaison": 1}


def test_a_remark_is_written_for_the_leader_who_guards_the_issue(loop: Loop) -> None:
    issue = found_issue(loop)
    liaison = preferring(loop.actor("liaison"), loop.key("other-leader"))
    with unit_of_work(loop.engine, actor=liaison, now=NOW) as work:
        write_comment(work, records.get(work.session, type(issue), issue.key), "By Friday")
    with reading(loop.engine) as session:
        assert session.exec(select(Comment.on_behalf_of_id)).one() == loop.key("leader")


def test_a_directive_is_ended_for_the_leader_who_asked(loop: Loop) -> None:
    with loop.as_("other-leader") as work:
        number = give_instruction(work, text="Cover all heaps", zone=zone(loop, "T2")).number
    with loop.as_("liaison") as work:
        asked = work.session.exec(select(Directive).where(Directive.number == number)).one()
        step(work, asked, DirectiveAction.URGE)
    with reading(loop.engine) as session:
        event = session.exec(select(Event).where(Event.seq == data_version(session))).one()
    assert event.on_behalf_of_id == loop.key("other-leader")


def test_directives_of_both_leaders_are_listed(loop: Loop) -> None:
    for leader, code in (("leader", "T1"), ("other-leader", "T2")):
        with loop.as_(leader) as work:
            give_instruction(work, text="Cover all heaps", zone=zone(loop, code))
    with reading(loop.engine) as session:
        page = directive_page(session, loop.actor("liaison"), DirectiveFilter(), today=TODAY, yellow_days=3)
    assert page.total == 2


def test_where_both_guard_the_preferred_one_is_acted_for(loop: Loop) -> None:
    both, first = about(loop, "T1", "T2"), loop.actor("liaison")
    own, other = loop.key("leader"), loop.key("other-leader")
    assert leaders_guarding(first, both) == (own, other)
    assert leaders_guarding(preferring(first, other), both) == (other, own)


def test_speaking_for_one_leaves_the_zones_of_the_other(loop: Loop) -> None:
    actor = speaking_for(loop.actor("liaison"), loop.key("other-leader"))
    assert leaders_guarding(actor, about(loop, "T1", "T2")) == (loop.key("other-leader"),)


@pytest.mark.parametrize("code", ["leader", "west-1", "committee-1"])
def test_nobody_else_is_changed_by_speaking_for_a_leader(loop: Loop, code: str) -> None:
    actor = loop.actor(code)
    assert speaking_for(actor, loop.key("other-leader")) == preferring(actor, loop.key("other-leader")) == actor


def test_a_leader_of_nobody_is_not_spoken_for(loop: Loop) -> None:
    actor = loop.actor("liaison")
    assert speaking_for(actor, loop.key("west-1")) == preferring(actor, None) == actor
