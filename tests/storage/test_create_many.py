"""Many records at once: the same state, events and summaries as one by one."""

from typing import Any

from sqlalchemy import Engine

from db import records
from db.tables.issues import Issue
from db.unit_of_work import reading
from db.verification import differences, tally_differences, verify_chain
from governance.vocabulary import Severity, Stage
from tests.storage.conftest import Writing, issue_fields, new_issue, rows_of, writer

TABLES = ("issue", "event", "issue_tally", "cell_tally", "flow_tally", "chain_head", "counter")


def several() -> list[dict[str, Any]]:
    stages, severities = list(Stage), list(Severity)
    return [
        issue_fields(
            n,
            stage=stages[n % len(stages)],
            severity=severities[n % 3],
            lon=119 + n,
            lat=35.1,
            cell=617700000000000000 + n % 5,
            township_id=n % 2 + 1,
            key_zone_ids="3,4" if n % 3 else "",
            industry_id=n % 2 + 1,
        )
        for n in range(30)
    ]


def test_many_at_once_equal_one_by_one(founded: Engine, twin: Engine) -> None:
    with writer(founded)() as work:
        records.create_many(work, Issue, several())
    with writer(twin)() as work:
        for fields in several():
            records.create(work, Issue(**fields))
    assert {t: rows_of(founded, t) for t in TABLES} == {t: rows_of(twin, t) for t in TABLES}


def test_what_was_created_at_once_is_proved_by_its_events(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create_many(work, Issue, several())
    with reading(founded) as session:
        assert [*verify_chain(session), *differences(session), *tally_differences(session)] == []


def test_the_numbers_come_in_the_order_of_the_rows(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(99))
        rows = several()
        numbers = records.create_many(work, Issue, rows)
    assert list(numbers) == [row["id"] for row in rows] == list(range(2, 32))


def test_nothing_at_once_is_nothing(founded: Engine, writing: Writing) -> None:
    before = rows_of(founded, "event")
    with writing() as work:
        assert list(records.create_many(work, Issue, [])) == []
    assert rows_of(founded, "event") == before
