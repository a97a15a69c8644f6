"""Exports: what a person may see, in fixed bytes, coming in again to the same records."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.importers.rows import parse_enterprises, parse_issues
from dashboard.importers.table_reading import read_table
from dashboard.services.enterprise_import import import_enterprises
from dashboard.services.exports import export_enterprises, export_issues
from dashboard.services.issue_import import import_issues
from dashboard.services.layer_exports import export_layers
from dashboard.services.people import appoint
from db.engine import create_engine_for
from db.repositories.people import actor_of
from db.schema import upgrade
from db.tables.issues import Issue
from db.tables.people import Person
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import reading, unit_of_work
from governance.errors import NotAllowed
from governance.vocabulary import Role, ZoneKind
from tests.conftest import NOW, TODAY
from tests.services.small_district import ACTOR, CODE, enterprises, every, found, issues, layers, only, version, writing

FIRMS = (
    ("credit_code", "name", "name_en", "industry", "township", "address", "x", "y", "is_key_unit", "contact_phone"),
    (CODE, "=Mill", "Mill", "Timber", "", "Road 1", 119.0912345678, 35.05, "yes", "0633-1"),
    ("", "Quay", "", "", "East", "", "", "", "", ""),
)
ISSUES = (
    (
        "source_number", "source", "source_document", "title", "description", "enterprise", "place", "category",
        "severity", "stage", "found_on", "rectify_due_on", "closed_on", "lead_unit", "joining_units",
        "person_in_charge", "measures", "x", "y",
    ),
    ("A1", "12345", "D-1", "Dust", "line\nbreak", "=Mill", "", "dust", "major", "ledgered", "2026-06-01",
     "2026-07-01", "", "Forestry", "Water", "Responsible 1", "", "", ""),
    ("", "", "", "Oil", "", "", "P", "", "", "closed", "2026-05-01", "", "2026-05-20", "", "", "", "-", 119.15, 35.05),
    ("", "", "", "Noise", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""),
)  # fmt: skip
Write = Callable[..., Any]


@pytest.fixture
def held(engine: Engine) -> Engine:
    """The small district with two enterprises and three issues."""
    enterprises(found(engine), *FIRMS)
    issues(engine, *ISSUES)
    return engine


def written(engine: Engine, write: Write, path: Path, **options: Any) -> Path:
    with reading(engine) as session:
        write(session, ACTOR, path, format=path.suffix[1:], **options)
    return path


def stated(engine: Engine, folder: Path) -> list[bytes]:
    """All that an export says of both ledgers."""
    writers = (("firms.csv", export_enterprises), ("issues.csv", export_issues))
    return [written(engine, write, folder / name).read_bytes() for name, write in writers]


@pytest.mark.parametrize("ending", ["xlsx", "csv", "geojson", "gpkg"])
def test_what_is_exported_comes_in_again_unchanged(held: Engine, tmp_path: Path, ending: str) -> None:
    before = version(held)
    firms = read_table(written(held, export_enterprises, tmp_path / f"firms.{ending}"))
    found_issues = read_table(written(held, export_issues, tmp_path / f"issues.{ending}"))
    with writing(held) as work:
        assert import_enterprises(work, parse_enterprises(firms)).unchanged == 2
        assert import_issues(work, parse_issues(found_issues)).unchanged == 3
    assert version(held) == before


@pytest.mark.parametrize("ending", ["xlsx", "csv", "gpkg"])
def test_another_database_gets_the_same_records(held: Engine, tmp_path: Path, ending: str) -> None:
    firms = read_table(written(held, export_enterprises, tmp_path / f"firms.{ending}"))
    found_issues = read_table(written(held, export_issues, tmp_path / f"issues.{ending}"))
    other = create_engine_for(f"sqlite:///{tmp_path / 'other.db'}")
    upgrade(other)
    found(other)
    with writing(other) as work:
        assert import_enterprises(work, parse_enterprises(firms)).imported == 2
        assert import_issues(work, parse_issues(found_issues)).imported == 3
    assert stated(other, tmp_path) == stated(held, tmp_path)
    other.dispose()


@pytest.mark.parametrize("ending", ["geojson", "gpkg"])
@pytest.mark.parametrize("kind", [ZoneKind.TOWNSHIP, ZoneKind.PORT])
def test_exported_layers_come_in_again_unchanged(held: Engine, tmp_path: Path, ending: str, kind: ZoneKind) -> None:
    path = written(held, export_layers, tmp_path / f"layers.{ending}", day=TODAY)
    report = layers(held, path, kind)
    assert (report.unchanged, report.read + report.other_kinds) == (report.read, 3)


@pytest.mark.parametrize("write", [export_enterprises, export_issues])
@pytest.mark.parametrize("ending", ["xlsx", "csv", "geojson", "gpkg"])
def test_the_same_records_give_the_same_bytes(held: Engine, tmp_path: Path, write: Write, ending: str) -> None:
    first = written(held, write, tmp_path / f"first.{ending}").read_bytes()
    assert first == written(held, write, tmp_path / f"second.{ending}").read_bytes()


def test_a_list_of_layers_has_kinds_and_areas(held: Engine, tmp_path: Path) -> None:
    rows = read_table(written(held, export_layers, tmp_path / "layers.csv", day=TODAY)).rows
    assert [row[1] for row in rows[1:]] == ["T1", "T2", "K1"]


def test_an_export_holds_only_what_the_person_may_see(held: Engine, tmp_path: Path) -> None:
    with writing(held) as work:
        person = work.session.exec(select(Person)).one()
        east = work.session.exec(select(Zone).where(Zone.code == "T2")).one()
        appoint(work, person, Role.TOWNSHIP, valid_from=TODAY, zone_id=east.key)
    with reading(held) as session:
        actor = actor_of(session, person.key, today=TODAY)
        assert export_issues(session, actor, tmp_path / "a.csv", format="csv").written == 1
        assert export_enterprises(session, actor, tmp_path / "b.csv", format="csv").written == 1


def test_who_may_not_export_is_refused(held: Engine, tmp_path: Path) -> None:
    with reading(held) as session:
        actor = actor_of(session, only(held, Person).key, today=TODAY)
        with pytest.raises(NotAllowed):
            export_issues(session, actor, tmp_path / "a.csv", format="csv")


def test_a_condition_narrows_an_export(held: Engine, tmp_path: Path) -> None:
    with reading(held) as session:
        found_one = export_issues(
            session,
            ACTOR,
            tmp_path / "a.csv",
            format="csv",
            condition=Issue.title == "Oil",  # type: ignore[arg-type]
        )
    assert found_one.written == 1


def test_the_past_is_told_as_it_stood(held: Engine, tmp_path: Path) -> None:
    later = NOW + timedelta(days=3)
    with unit_of_work(held, actor=ACTOR, now=later) as work:
        parsed = parse_enterprises(rows_of(("credit_code", "name", "x", "y"), (CODE, "New name", 119.15, 35.05)))
        import_enterprises(work, parsed)
    then = read_table(written(held, export_enterprises, tmp_path / "then.csv", as_of=TODAY)).rows[1]
    today = read_table(written(held, export_enterprises, tmp_path / "now.csv")).rows[1]
    assert (then[1], then[3], today[1], today[3]) == ("=Mill", "West", "New name", "East")


def test_nothing_existed_before_it_was_recorded(held: Engine, tmp_path: Path) -> None:
    for write in (export_enterprises, export_issues):
        path = written(held, write, tmp_path / "a.csv", as_of=TODAY - timedelta(days=1))
        assert len(read_table(path).rows) == 1


def test_stages_of_the_past_come_from_the_events(demo: tuple[Engine, object], tmp_path: Path) -> None:
    day = date(2026, 3, 1)
    path = written(demo[0], export_issues, tmp_path / "a.csv", as_of=day)
    parsed = parse_issues(read_table(path))
    assert 0 < len(parsed.rows) < len(every(demo[0], Issue))
    assert max(row.closed_on for row in parsed.rows if row.closed_on) <= day
    assert parsed.errors == []


def test_the_demo_comes_in_again_unchanged(demo: tuple[Engine, object], tmp_path: Path) -> None:
    from db.unit_of_work import rehearsal

    engine = demo[0]
    firms = read_table(written(engine, export_enterprises, tmp_path / "firms.csv"))
    found_issues = read_table(written(engine, export_issues, tmp_path / "issues.csv"))
    with rehearsal(engine, actor=ACTOR, now=NOW) as work:
        assert import_enterprises(work, parse_enterprises(firms)).unchanged == len(every(engine, Enterprise))
        assert import_issues(work, parse_issues(found_issues)).unchanged == len(every(engine, Issue))


def rows_of(*rows: tuple[object, ...]) -> Any:
    from dashboard.importers.table_reading import Table

    return Table("sheet", [list(row) for row in rows])
