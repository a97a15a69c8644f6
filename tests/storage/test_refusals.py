"""What the database itself refuses, whoever holds the connection: naive times, words outside the sets, lost owners."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, select

from db import records
from db.metadata import METADATA
from db.tables.people import Person, SignInAttempt
from db.types import UtcDateTime, Word
from db.unit_of_work import reading
from governance.errors import Conflict, InvalidInput
from governance.vocabulary import Stage
from tests.storage.conftest import Writing, new_issue, raw, rows_of

NAIVE = datetime(2026, 6, 30, 9, 30)  # noqa: DTZ001 - that is the point
WORDS = [(t.name, c.name) for t in METADATA.tables.values() for c in t.c if isinstance(c.type, Word)]


def attempt(at: datetime) -> SignInAttempt:
    return SignInAttempt(login="somebody", last_at=at)


def test_a_naive_time_is_refused(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(attempt(NAIVE))
        with pytest.raises(StatementError, match="naive time 2026-06-30T09:30:00"):
            session.flush()


def test_a_time_comes_back_in_utc_to_the_microsecond(engine: Engine) -> None:
    local = datetime(2026, 6, 30, 9, 30, 1, 234567, tzinfo=timezone(timedelta(hours=8)))
    with engine.connect().execution_options(is_write=True) as connection, Session(connection) as session:
        session.add(attempt(local))
        session.commit()
        session.expire_all()
        found = session.exec(select(SignInAttempt)).one().last_at
    assert (found, found.utcoffset()) == (local, timedelta(0))


@pytest.mark.parametrize(("table", "column"), WORDS)
def test_a_word_outside_its_set_is_refused(table: str, column: str, engine: Engine) -> None:
    row = {**plain_row(table), column: "nonsense"}
    places = ", ".join(f":{name}" for name in row)
    with pytest.raises(IntegrityError, match=f"ck_{table}_{column}_in_set"):
        raw(engine, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", **row)


def plain_row(table: str) -> dict[str, object]:
    """A value that each column takes, as raw SQL would give it."""
    plain: dict[type, object] = {int: 1, float: 1.0, bool: False, bytes: b"x", date: "2026-06-30"}
    values: dict[str, object] = {}
    for column in METADATA.tables[table].c:
        values[column.name] = plain.get(column.type.python_type, "x")
        if isinstance(column.type, UtcDateTime):
            values[column.name] = "2026-06-30"
        if isinstance(column.type, Word):
            values[column.name] = next(iter(column.type.words)).value
    return values


def test_a_word_outside_its_set_is_refused_in_python_too(writing: Writing) -> None:
    with pytest.raises(StatementError, match="nonsense"), writing() as work:
        records.create(work, new_issue(1, stage="nonsense"))


def test_a_stage_comes_back_as_a_member(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(1))
    assert rows_of(founded, "issue")[0]["stage"] is Stage.DISCOVERED


def test_a_span_that_ends_before_it_begins_is_refused(founded: Engine) -> None:
    values = "(1, '', 1, 1, 1, 'lead', '2026-06-02', '2026-06-01', '', '2026-06-01')"
    names = "(id, district_code, version, zone_id, person_id, part, valid_from, valid_to, reason, recorded_at)"
    with pytest.raises(IntegrityError, match="ck_assignment_span"):
        raw(founded, f"INSERT INTO assignment {names} VALUES {values}")


def test_a_missing_owner_is_refused_when_the_transaction_commits(founded: Engine) -> None:
    insert = "INSERT INTO village (id, district_code, version, code, name, township_id) VALUES (1, '', 1, 'v', 'v', 99)"
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        raw(founded, insert)


def test_owner_and_owned_may_be_written_in_any_order(founded: Engine) -> None:
    with founded.connect().execution_options(is_write=True) as connection:
        connection.exec_driver_sql(
            "INSERT INTO village (id, district_code, version, code, name, township_id) VALUES (1, '', 1, 'v', 'v', 9)"
        )
        connection.exec_driver_sql(
            "INSERT INTO zone (id, district_code, version, code, kind, name, is_retired) "
            "VALUES (9, '', 1, 'late', 'township', 'Late', false)"
        )
        connection.commit()
    assert len(rows_of(founded, "village")) == 1


TOUCHES = [
    "UPDATE event SET reason = 'another'",
    "UPDATE event SET hash = hash WHERE seq = 1",
    "DELETE FROM event WHERE seq = 1",
    "DELETE FROM event",
]


@pytest.mark.parametrize("statement", TOUCHES)
def test_events_are_never_changed_or_removed(statement: str, founded: Engine) -> None:
    before = rows_of(founded, "event")
    with pytest.raises(DBAPIError, match="events are never changed or removed"):
        raw(founded, statement)
    assert rows_of(founded, "event") == before


def test_an_event_cannot_take_the_place_of_another(founded: Engine) -> None:
    if founded.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE: its upsert is an update, which is refused")
    names = "(seq, district_code, subject_kind, subject_id, code, at, reason, params, hash)"
    with pytest.raises(DBAPIError, match="events are never changed or removed"):
        raw(founded, f"INSERT OR REPLACE INTO event {names} VALUES (1, '', 'x', 1, 'x', '2026-01-01', '', '', '')")


def test_events_cannot_be_truncated(founded: Engine) -> None:
    if founded.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="events are never changed or removed"):
        raw(founded, "TRUNCATE event")


def test_two_people_with_one_code_are_refused(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create(work, Person(code="P1", name="Person 1"))
    with pytest.raises(IntegrityError):
        raw(founded, "INSERT INTO person (id, district_code, version, code, name) VALUES (7, '999001', 1, 'P1', 'x')")


def test_times_are_kept_as_utc_text_that_sorts(founded: Engine) -> None:
    if founded.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has a type for times")
    assert raw(founded, "SELECT DISTINCT at FROM event") == [("2026-06-30 01:30:00.000000",)]
    assert rows_of(founded, "event")[0]["at"] == datetime(2026, 6, 30, 1, 30, tzinfo=UTC)


def test_a_refused_row_is_told_without_its_values(writing: Writing) -> None:
    secret = "0633-5550199"
    with writing() as work:
        records.create(work, Person(code="P1", name="One"))
    with pytest.raises(Conflict) as refused, writing() as work:
        records.create(work, Person(code="P1", name="Two", phone=secret))
    told = f"{refused.value} {refused.value.__cause__}"
    assert (refused.value.code, secret in told, "Two" in told, "P1" in str(refused.value)) == (
        "integrity",
        False,
        False,
        False,
    )


def test_a_text_that_cannot_be_asked_for_is_refused_or_not_found(engine: Engine) -> None:
    try:
        with reading(engine) as session:
            found = session.exec(select(Person).where(Person.code == "a\x00b")).all()
    except InvalidInput as refused:
        found = [refused.code] if refused.code != "value_refused" else []
    assert found == []
