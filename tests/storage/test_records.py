"""Records and their events: numbered, versioned, replayed to the same values."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from db import records
from db.tables.issues import Issue
from db.tables.people import Account, Person
from db.tables.territory import District, Outline, Zone
from db.unit_of_work import reading
from db.verification import differences
from governance.errors import Conflict, NotFound
from governance.vocabulary import Stage, ZoneKind
from tests.storage.conftest import Writing, issue_fields, new_issue, rows_of


def test_records_are_numbered_by_kind_from_1(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        numbers = [records.create(work, new_issue(n)).id for n in (1, 2, 3)]
    assert numbers == [1, 2, 3]
    assert [row["id"] for row in rows_of(founded, "zone")] == [1, 2, 3, 4]


def test_every_record_carries_the_code_of_the_district(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(1))
        records.create_many(work, Issue, [issue_fields(2)])
    assert {row["district_code"] for row in rows_of(founded, "issue")} == {"999001"}


def test_every_change_raises_the_version(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        records.create(work, new_issue(1))
        records.create_many(work, Issue, [issue_fields(2)])
    for number in (1, 2):
        with writing(minutes=2) as work:
            records.change(work, records.get(work.session, Issue, number), {"title": "new"}, code="renamed")
    assert [row["version"] for row in rows_of(founded, "issue")] == [2, 2]


def test_an_event_leaves_out_what_stays_the_same(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        issue = records.create(work, new_issue(1))
        records.change(work, issue, {"title": issue.title, "place": "quay"}, code="placed")
    assert rows_of(founded, "event")[-1]["params"] == '{"set":{"place":"quay"}}'


def test_an_event_says_that_a_field_was_emptied(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        issue = records.create(work, new_issue(1, place="quay"))
        records.change(work, issue, {"place": None}, code="placed")
    assert rows_of(founded, "event")[-1]["params"] == '{"set":{"place":null}}'


def test_only_an_event_that_moves_an_issue_names_a_stage(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        issue = records.create(work, new_issue(1))
        records.change(work, issue, {"place": "quay"}, code="placed")
        records.change(work, issue, {"stage": Stage.CONFIRMED}, code="confirmed")
    assert [event["stage"] for event in rows_of(founded, "event")[-3:]] == ["discovered", None, "confirmed"]


def test_an_unknown_field_cannot_be_changed(writing: Writing) -> None:
    with pytest.raises(AttributeError, match="colour"), writing() as work:
        records.change(work, records.create(work, new_issue(1)), {"colour": "red"}, code="painted")


def test_a_record_that_does_not_exist_is_named(founded: Engine) -> None:
    with reading(founded) as session, pytest.raises(NotFound, match="no issue with the number 7"):
        records.get(session, Issue, 7)


def test_a_form_made_from_an_older_version_is_refused(founded: Engine) -> None:
    with reading(founded) as session, pytest.raises(Conflict, match=r"zone 1 .*\(version 1, yours 3\)"):
        records.get(session, Zone, 1, version=3)


def test_a_form_made_from_the_version_of_today_is_taken(founded: Engine) -> None:
    with reading(founded) as session:
        assert records.get(session, Zone, 1, version=1).name == "Zone 1"


def test_a_record_without_a_number_has_no_key() -> None:
    with pytest.raises(ValueError, match="zone has no number yet"):
        _ = Zone(code="x", kind=ZoneKind.PORT, name="x").key


def test_a_password_never_reaches_the_events(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        person = records.create(work, Person(code="P1", name="Person 1"))
        records.create(work, Account(person_id=person.key, login="p1", password_hash="secret"))
    assert [event for event in rows_of(founded, "event") if "secret" in event["params"]] == []
    with reading(founded) as session:
        assert differences(session) == []


def test_every_kind_of_value_is_replayed_as_it_is_stored(founded: Engine, writing: Writing) -> None:
    with writing() as work:
        outline = Outline(
            zone_id=1,
            geometry=b"\x01\x02",
            area_m2=3,
            valid_from=date(2026, 6, 1),
            recorded_at=datetime(2026, 6, 30, 1, 2, 3, 4, tzinfo=UTC),
        )
        records.create(work, outline)
        records.create(work, new_issue(1, lon=119, lat=35, is_unproven=1))
        records.change(work, records.get(work.session, District, 1), {"nearest_m": 250}, code="set_up")
    with reading(founded) as session:
        assert differences(session) == []


def test_the_places_zones_are_the_township_and_then_the_key_zones() -> None:
    assert new_issue(1, township_id=2, key_zone_ids="4,3").zone_ids == (2, 4, 3)
    assert new_issue(1).zone_ids == ()
