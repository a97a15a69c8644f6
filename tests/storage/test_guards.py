"""Closed issues stay as they were signed off, whoever holds the connection: only their reopening changes them."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from db import records
from db.guards import PLACE
from db.metadata import METADATA
from db.tables.issues import Issue
from db.unit_of_work import reading
from db.verification import differences, verify_chain
from governance.errors import Conflict
from governance.vocabulary import Stage
from tests.storage.conftest import Writing, new_issue, raw, rows_of
from tests.unit.governance.test_stages import EVERY_FIELD

CLOSED_REFUSAL = "a closed issue changes only with its reopening"
REMOVAL_REFUSAL = "issues are never removed"
COLUMNS = {column.name: column for column in METADATA.tables["issue"].c}
# What follows from the zones and not from the issue's life, by hand: moved borders change it.
PLACED = {"township_id", "primary_zone_id", "key_zone_ids", "distance_m", "version"}
# Another value than the closed issue of these tests has; the rest by the column's type.
OTHERS: dict[str, Any] = {
    "stage": "rectifying",
    "severity": "severe",
    "category": "noise",
    "check_area": "site",
    "term": "limited",
    "sign_off_level": "bureau",
    "source": "cadre",
}
BY_TYPE: dict[str, Any] = {"INTEGER": 2, "BIGINT": 2, "DATE": "2020-01-01", "BOOLEAN": True, "FLOAT": 2.5}


def other(name: str) -> Any:
    return OTHERS.get(name, BY_TYPE.get(str(COLUMNS[name].type).partition("(")[0], "other"))


@pytest.fixture
def closed(founded: Engine, writing: Writing) -> Engine:
    """A district with issue 1, which is closed and was reopened once before, and issue 2, which is not."""
    with writing() as work:
        issue = records.create(work, new_issue(1, stage=Stage.CLOSED, township_id=1))
        records.create(work, new_issue(2, stage=Stage.RECTIFYING, township_id=1))
        records.change(work, issue, {"stage": Stage.RECTIFYING}, code="reopened")
        records.change(work, issue, {"stage": Stage.CLOSED}, code="signed_off")
    return founded


def test_these_tests_know_every_column_of_an_issue() -> None:
    assert set(COLUMNS) == EVERY_FIELD
    assert set(PLACE) == PLACED


def test_no_column_of_a_closed_issue_changes_by_itself(closed: Engine) -> None:
    before = rows_of(closed, "issue")
    for name in sorted(set(COLUMNS) - PLACED):
        with pytest.raises(DBAPIError, match=f"{CLOSED_REFUSAL}|{REMOVAL_REFUSAL}"):
            raw(closed, f"UPDATE issue SET {name} = :value WHERE id = 1", value=other(name))
    assert rows_of(closed, "issue") == before


def test_a_column_that_was_empty_is_not_filled_and_a_filled_one_not_emptied(closed: Engine) -> None:
    for change in ("closed_on = '2020-01-01'", "measures = 'x'", "confirm_due_on = '2020-01-01'"):
        with pytest.raises(DBAPIError, match=CLOSED_REFUSAL):
            raw(closed, f"UPDATE issue SET {change} WHERE id = 1")
    with pytest.raises(DBAPIError):
        raw(closed, "UPDATE issue SET title = NULL WHERE id = 1")


def test_what_a_moved_border_changes_may_change(closed: Engine) -> None:
    raw(
        closed, "UPDATE issue SET township_id = 2, primary_zone_id = 3, key_zone_ids = '3', distance_m = 4 WHERE id = 1"
    )
    assert rows_of(closed, "issue")[0]["township_id"] == 2


def test_place_and_something_else_in_one_statement_is_refused(closed: Engine) -> None:
    with pytest.raises(DBAPIError, match=CLOSED_REFUSAL):
        raw(closed, "UPDATE issue SET township_id = 2, title = 'another' WHERE id = 1")


def test_an_issue_that_is_open_changes(closed: Engine) -> None:
    raw(closed, "UPDATE issue SET title = 'another' WHERE id = 2")
    assert rows_of(closed, "issue")[1]["title"] == "another"


def test_one_closed_issue_among_many_stops_the_whole_statement(closed: Engine) -> None:
    with pytest.raises(DBAPIError, match=CLOSED_REFUSAL):
        raw(closed, "UPDATE issue SET title = 'another'")
    assert "another" not in [row["title"] for row in rows_of(closed, "issue")]


def test_a_change_past_the_events_is_refused_to_services_as_well(closed: Engine, writing: Writing) -> None:
    with pytest.raises(Conflict, match="closed issues stay"), writing(minutes=2) as work:
        records.change(work, records.get(work.session, Issue, 1), {"title": "another"}, code="corrected")
    with pytest.raises(Conflict, match="closed issues stay"), writing(minutes=3) as work:
        records.get(work.session, Issue, 1).title = "another"


def test_a_real_reopening_passes(closed: Engine, writing: Writing) -> None:
    with writing(minutes=2) as work:
        issue = records.get(work.session, Issue, 1)
        records.change(work, issue, {"stage": Stage.RECTIFYING, "times_reopened": 2}, code="reopened")
    assert rows_of(closed, "issue")[0]["stage"] == Stage.RECTIFYING
    with reading(closed) as session:
        assert (verify_chain(session), differences(session)) == ([], [])


def test_the_reopening_of_another_issue_opens_only_that(closed: Engine, writing: Writing) -> None:
    with writing() as work:
        third = records.create(work, new_issue(3, stage=Stage.CLOSED))
    with pytest.raises(Conflict, match="closed issues stay"), writing(minutes=2) as work:  # noqa: PT012 - one act
        records.change(work, records.get(work.session, Issue, third.key), {"stage": Stage.RECTIFYING}, code="reopened")
        records.change(work, records.get(work.session, Issue, 1), {"title": "another"}, code="corrected")


def test_a_closed_issue_is_never_merged_away_by_its_own_earlier_reopening(closed: Engine) -> None:
    assert [row["code"] for row in rows_of(closed, "event") if row["code"] == "reopened"] == ["reopened"]
    with pytest.raises(DBAPIError, match=CLOSED_REFUSAL):
        raw(closed, "UPDATE issue SET stage = 'merged' WHERE id = 1")


@pytest.mark.parametrize("statement", ["DELETE FROM issue", "DELETE FROM issue WHERE id = 2"])
def test_issues_are_never_removed(statement: str, closed: Engine) -> None:
    with pytest.raises(DBAPIError, match=REMOVAL_REFUSAL):
        raw(closed, statement)
    assert len(rows_of(closed, "issue")) == 2


def test_issues_cannot_be_truncated(closed: Engine) -> None:
    if closed.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match=REMOVAL_REFUSAL):
        raw(closed, "TRUNCATE issue CASCADE")


def insert(verb: str, number: int, more: str = "") -> str:
    """Statement that writes a copy of an issue again under its own number, with another title."""
    names = ", ".join(COLUMNS)
    values = ", ".join("'another'" if name == "title" else name for name in COLUMNS)
    return f"{verb} INTO issue ({names}) SELECT {values} FROM issue WHERE id = {number} {more}"


@pytest.mark.parametrize("number", [1, 2])
def test_an_issue_cannot_be_replaced(number: int, closed: Engine) -> None:
    if closed.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    with pytest.raises(DBAPIError, match=REMOVAL_REFUSAL):
        raw(closed, insert("REPLACE", number))
    assert "another" not in [row["title"] for row in rows_of(closed, "issue")]


def test_an_issue_cannot_be_replaced_by_another_that_takes_its_number_of_the_year(closed: Engine) -> None:
    if closed.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    taken = insert("REPLACE", 1).replace("SELECT id", "SELECT 99")
    with pytest.raises(DBAPIError, match="an issue with this number exists"):
        raw(closed, taken)
    assert [row["id"] for row in rows_of(closed, "issue")] == [1, 2]


@pytest.mark.parametrize("change", ["id = 1", "number = '2026-00001'"])
def test_an_open_issue_cannot_take_the_place_of_a_closed_one(change: str, closed: Engine) -> None:
    verb = "UPDATE OR REPLACE" if closed.dialect.name == "sqlite" else "UPDATE"
    with pytest.raises(DBAPIError):
        raw(closed, f"{verb} issue SET {change} WHERE id = 2")
    assert [row["id"] for row in rows_of(closed, "issue")] == [1, 2]


def test_an_upsert_of_a_closed_issue_is_refused(closed: Engine) -> None:
    with pytest.raises(DBAPIError, match=f"{CLOSED_REFUSAL}|{REMOVAL_REFUSAL}"):
        raw(closed, insert("INSERT", 1, "ON CONFLICT (id) DO UPDATE SET title = excluded.title"))
