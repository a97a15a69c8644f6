"""The one road of every write: all or nothing, refusals by name, one consistent picture for readers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import select

from db import records
from db.history import data_version, head_hash
from db.tables.people import Person
from db.tables.territory import District, Zone
from db.unit_of_work import reading, unit_of_work
from governance.chain import GENESIS
from governance.errors import Conflict, InvalidInput, NotFound
from governance.permissions import Actor, Grant, operator
from governance.vocabulary import Role, Stage, ZoneKind
from tests.storage.conftest import START, Writing, issue_fields, new_issue, raw, rows_of

TABLES = ("issue", "event", "issue_tally", "cell_tally", "flow_tally", "counter", "chain_head")


def everything(engine: Engine) -> dict[str, object]:
    return {table: rows_of(engine, table) for table in TABLES}


def test_nothing_is_stored_after_an_error_in_the_block(founded: Engine, writing: Writing) -> None:
    before = everything(founded)
    with pytest.raises(RuntimeError, match="half-way"), writing() as work:  # noqa: PT012 - the block is the point
        records.create(work, new_issue(1, township_id=1, cell=5, stage=Stage.CONFIRMED))
        work.session.flush()
        records.create_many(work, Zone, [{"code": "Z9", "kind": "port", "name": "Zone 9"}])
        raise RuntimeError("half-way")
    assert everything(founded) == before


def test_state_event_and_version_are_stored_together(founded: Engine, writing: Writing) -> None:
    before = rows_of(founded, "chain_head")[0]["seq"]
    with writing() as work:
        issue = records.create(work, new_issue(1))
        records.change(work, issue, {"stage": Stage.CONFIRMED}, code="confirmed", reason="seen")
    events = rows_of(founded, "event")[-2:]
    assert [event["code"] for event in events] == ["created", "confirmed"]
    assert rows_of(founded, "chain_head")[0]["seq"] == before + 2


def test_the_data_version_rises_by_the_number_of_events(founded: Engine, writing: Writing) -> None:
    with reading(founded) as session:
        before = data_version(session)
    with writing() as work:
        records.create_many(work, Zone, [{"code": f"N{n}", "kind": "port", "name": "x"} for n in range(5)])
    with reading(founded) as session:
        assert data_version(session) == before + 5


def test_a_block_in_which_nothing_happens_changes_nothing(founded: Engine, writing: Writing) -> None:
    before = everything(founded)
    with writing() as work:
        assert work.today == date(2026, 6, 30)
    assert everything(founded) == before


def test_an_empty_database_has_version_0_and_the_first_hash(engine: Engine) -> None:
    with reading(engine) as session:
        assert (data_version(session), head_hash(session)) == (0, GENESIS)


def test_without_a_district_nothing_can_be_written(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no district"), unit_of_work(engine, actor=operator("x"), now=START):
        pass


def test_a_second_district_is_refused(founded: Engine) -> None:
    district = District(code="999001", name="Again", metric_epsg=4549)
    with (
        pytest.raises(Conflict),
        unit_of_work(founded, actor=operator("x"), now=START, founding=district) as work,
    ):
        records.create(work, district)


def test_a_naive_now_is_refused_at_the_door(founded: Engine) -> None:
    naive = datetime(2026, 6, 30, 9, 30)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="naive time"), unit_of_work(founded, actor=operator("x"), now=naive):
        pass


def test_today_is_the_local_day_of_the_district(founded: Engine) -> None:
    late = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
    with unit_of_work(founded, actor=operator("x"), now=late) as work:
        assert work.today == date(2026, 7, 1)


def test_every_event_says_who_when_and_for_whom(founded: Engine) -> None:
    liaison = Actor(person_id=7, name="Liaison", grants=(Grant(role=Role.LIAISON, leader_id=3),))
    later = START + timedelta(hours=1)
    with unit_of_work(founded, actor=liaison, now=later) as work:
        records.create(work, new_issue(1))
    event = rows_of(founded, "event")[-1]
    assert (event["actor_id"], event["on_behalf_of_id"], event["operator"], event["at"]) == (7, 3, None, later)


def test_an_operator_is_recorded_by_name(founded: Engine) -> None:
    event = rows_of(founded, "event")[-1]
    assert (event["actor_id"], event["operator"]) == (None, "test")


def test_one_transaction_carries_the_acts_of_several_people(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        issue = records.create(work, new_issue(1))
        next_work = work.continued_by(Actor(person_id=5, name="x"), START + timedelta(days=1))
        records.change(next_work, issue, {"stage": Stage.CONFIRMED}, code="confirmed")
    events = rows_of(founded, "event")[-2:]
    assert [(event["code"], event["actor_id"]) for event in events] == [("created", None), ("confirmed", 5)]


def test_a_number_that_is_taken_is_a_conflict_when_the_block_ends(writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(1))
    with pytest.raises(Conflict, match="same key"), writing(minutes=2) as work:
        records.create(work, new_issue(1))


def test_a_number_that_is_taken_is_a_conflict_within_the_block_too(writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(1))
    with pytest.raises(Conflict, match="same key"), writing(minutes=2) as work:
        records.create_many(work, type(new_issue(1)), [issue_fields(1)])


def test_an_owner_that_is_missing_is_a_conflict(writing: Writing) -> None:
    with pytest.raises(Conflict, match="refers to is missing"), writing() as work:
        records.create(work, new_issue(1, industry_id=99))


def test_a_value_that_postgresql_refuses_is_named(founded: Engine, writing: Writing) -> None:
    if founded.dialect.name != "postgresql":
        pytest.skip("SQLite knows no length")
    with pytest.raises(InvalidInput, match="too long"), writing() as work:
        records.create(work, Person(code="P" * 40, name="Person"))


def test_another_fault_of_the_database_is_not_hidden(writing: Writing) -> None:
    with pytest.raises(DBAPIError, match="no_such_table"), writing() as work:
        work.session.connection().exec_driver_sql("SELECT * FROM no_such_table")


def test_a_reader_sees_one_picture_while_others_write(founded: Engine, writing: Writing) -> None:
    with reading(founded) as session:
        before = len(session.exec(select(Zone)).all())
        with writing() as work:
            records.create(work, Zone(code="new", kind=ZoneKind.PORT, name="New"))
        assert len(session.exec(select(Zone.id)).all()) == before
    with reading(founded) as session:
        assert len(session.exec(select(Zone.id)).all()) == before + 1


def test_a_reader_cannot_write(founded: Engine) -> None:
    with reading(founded) as session, pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        session.connection().exec_driver_sql("UPDATE zone SET name = 'x'")


def test_a_connection_can_write_again_after_it_was_read_with(founded: Engine) -> None:
    for _ in range(3):
        with reading(founded) as session:
            session.exec(select(Zone)).all()
        raw(founded, "UPDATE zone SET name = 'y'")
    assert {row["name"] for row in rows_of(founded, "zone")} == {"y"}


def test_a_writer_who_waits_too_long_is_told_to_try_again(
    founded: Engine, writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.unit_of_work.BUSY_SECONDS", 1)
    monkeypatch.setattr("db.engine._PRAGMAS", ("PRAGMA busy_timeout = 100",))
    founded.dispose()
    with writing(), pytest.raises(Conflict, match="Others are writing"), writing():
        pass


def test_a_lost_connection_is_not_taken_for_a_busy_one() -> None:
    from db.engine import is_busy

    assert not is_busy(OperationalError("SELECT 1", {}, Exception("gone")))


def test_an_undone_attempt_leaves_rows_events_numbers_and_summaries_as_they_were(
    founded: Engine, writing: Writing
) -> None:
    before = everything(founded)
    with writing() as work, work.attempt() as attempt:
        records.create(work, new_issue(1, township_id=1, cell=5, stage=Stage.CONFIRMED))
        work.session.flush()
        attempt.is_undone = True
    assert everything(founded) == before


def test_an_undone_attempt_takes_nothing_from_what_was_done_before_it(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(1, township_id=1, cell=5, stage=Stage.CONFIRMED))
        with work.attempt() as attempt:
            records.create(work, new_issue(2, township_id=1, cell=5, stage=Stage.CONFIRMED))
            attempt.is_undone = True
    assert [row["n"] for row in rows_of(founded, "cell_tally")] == [1]
    assert [row["number"] for row in rows_of(founded, "issue")] == ["2026-00001"]
