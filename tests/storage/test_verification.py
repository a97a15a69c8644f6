"""Proof after the fact: the stored chain recomputes, and whatever was touched is named."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from db import records
from db.history import event_body, head_hash
from db.tables.people import Person
from db.tables.territory import Outline
from db.unit_of_work import reading, unit_of_work
from db.verification import Fault, differences, tally_differences, verify_chain
from governance.chain import GENESIS, link
from governance.permissions import Actor, Grant
from governance.vocabulary import Role, Stage
from tests.storage.conftest import START, new_issue, raw, rows_of, writer

UNLOCK = {
    "sqlite": ["DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"],
    "postgresql": ["DROP TRIGGER event_no_change ON event"],
}
LAST = 10


@pytest.fixture
def told(founded: Engine) -> Engine:
    """A district with ten events by an operator and by a liaison, whose triggers are gone."""
    liaison = Actor(person_id=7, name="Liaison", grants=(Grant(role=Role.LIAISON, leader_id=3),))
    moment = START + timedelta(microseconds=1_234_567)
    with unit_of_work(founded, actor=liaison, now=moment) as work:
        issue = records.create(work, new_issue(1, township_id=1, cell=617700000000000001))
        records.change(work, issue, {"stage": Stage.CONFIRMED}, code="confirmed", reason="seen")
        records.create(work, Person(code="P1", name="Person 1"))
    for statement in UNLOCK[founded.dialect.name]:
        raw(founded, statement)
    return founded


def faults_of(engine: Engine) -> list[Fault]:
    with reading(engine) as session:
        return verify_chain(session)


def named(engine: Engine) -> list[tuple[str, int]]:
    return [(fault.kind, fault.id) for fault in faults_of(engine)]


def test_the_chain_recomputes_from_the_rows_as_stored(told: Engine) -> None:
    last = GENESIS
    for row in rows_of(told, "event"):
        last = link(last, event_body(row))
        assert last == row["hash"]
    with reading(told) as session:
        assert head_hash(session) == last


def test_an_untouched_chain_has_no_fault(told: Engine) -> None:
    assert rows_of(told, "event")[-1]["seq"] == LAST
    assert faults_of(told) == []


def test_an_empty_chain_has_no_fault(engine: Engine) -> None:
    assert faults_of(engine) == []


CHANGES = [
    "reason = 'another'",
    "actor_id = 99",
    "on_behalf_of_id = NULL",
    "operator = 'x'",
    "code = 'x'",
    "subject_id = 77",
    "subject_kind = 'zone'",
    "district_code = 'x'",
    "stage = 'closed'",
    "stage = NULL",
    "at = '2026-06-30 01:30:01.234568'",
    "params = '{}'",
    "hash = '" + "0" * 64 + "'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_event_is_named(change: str, told: Engine) -> None:
    raw(told, f"UPDATE event SET {change} WHERE seq = 9")
    assert ("event", 9) in named(told)


def test_an_altered_event_is_the_only_one_that_is_named(told: Engine) -> None:
    raw(told, "UPDATE event SET reason = 'another' WHERE seq = 3")
    assert faults_of(told) == [
        Fault(kind="event", id=3, what="its content and the event before it do not give its hash")
    ]


def test_an_event_that_was_altered_with_a_new_hash_breaks_the_next_one(told: Engine) -> None:
    event = {**rows_of(told, "event")[2], "reason": "another"}
    new = link(rows_of(told, "event")[1]["hash"], event_body(event))
    raw(told, "UPDATE event SET reason = 'another', hash = :new WHERE seq = 3", new=new)
    assert named(told) == [("event", 4)]


def test_a_time_that_cannot_be_read_is_named(told: Engine) -> None:
    if told.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no such time")
    raw(told, "UPDATE event SET at = 'yesterday', stage = NULL WHERE seq = 9")
    assert faults_of(told)[0] == Fault(kind="event", id=9, what="its time 'yesterday' cannot be read")


def test_removed_events_are_named(told: Engine) -> None:
    raw(told, "DELETE FROM event WHERE seq IN (4, 5)")
    assert faults_of(told) == [Fault(kind="event", id=4, what="events 4 to 5 are missing")]


def test_removed_events_at_the_end_are_noticed_by_the_head(told: Engine) -> None:
    raw(told, "DELETE FROM event WHERE seq > 8")
    assert faults_of(told) == [Fault(kind="chain_head", id=0, what="the head is at event 10, the last event is 8")]


def test_events_that_changed_places_are_named(told: Engine) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        raw(told, f"UPDATE event SET seq = {new} WHERE seq = {old}")
    assert ("event", 3) in named(told)


def test_the_chain_is_recomputed_beyond_one_batch(told: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.verification._BATCH", 3)
    raw(told, "UPDATE event SET reason = 'another' WHERE seq = 9")
    assert named(told) == [("event", 9)]


def differing(engine: Engine) -> list[tuple[str, int, str]]:
    with reading(engine) as session:
        return [(fault.kind, fault.id, fault.what) for fault in differences(session)]


def test_every_record_is_what_its_events_say(told: Engine) -> None:
    assert differing(told) == []


def test_a_record_that_was_changed_past_its_events_is_named_with_both_values(told: Engine) -> None:
    raw(told, "UPDATE issue SET severity = 'severe', township_id = NULL")
    assert differing(told) == [
        ("issue", 1, "severity is 'severe', by the events 'minor'"),
        ("issue", 1, "township_id is None, by the events 1"),
    ]


def test_a_record_without_events_is_named(told: Engine) -> None:
    raw(told, "INSERT INTO industry (id, district_code, version, code, name) VALUES (9, '999001', 1, 'x', 'x')")
    assert differing(told) == [("industry", 9, "there is a row, but no event")]


def test_events_without_their_record_are_named(told: Engine) -> None:
    raw(told, "DELETE FROM person")
    assert differing(told) == [("person", 1, "there are events, but no row")]


def test_events_of_an_unknown_kind_of_record_are_named(told: Engine) -> None:
    raw(told, "UPDATE event SET subject_kind = 'ghost' WHERE seq = 10")
    assert ("ghost", 0, "there are events of a record that does not exist") in differing(told)


def test_a_summary_that_is_wrong_is_named_with_both_numbers(told: Engine) -> None:
    raw(told, "UPDATE cell_tally SET n = 5")
    with reading(told) as session:
        (fault,) = tally_differences(session)
    assert fault.what == "617700000000000001 minor 9999-12-31: 5 739768, by the events 1 739768"


def test_the_same_writes_give_the_same_head_on_both_databases(founded: Engine, twin: Engine) -> None:
    heads = set()
    for engine in (founded, twin):
        with writer(engine)() as work:
            outline = Outline(zone_id=1, geometry=b"\x01", area_m2=0.1, valid_from=work.today, recorded_at=work.now)
            records.create(work, outline)
            records.create(work, new_issue(1, lon=119.312345678901, lat=35, title="\u6e2f"))
        with reading(engine) as session:
            heads.add(head_hash(session))
    assert len(heads) == 1
