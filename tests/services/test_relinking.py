"""What a changed outline moves, and what it leaves alone."""

from pathlib import Path

import shapely
from sqlalchemy import Engine

from db.tables.history import IssueTally
from db.tables.issues import Issue, IssueLink
from db.tables.territory import Enterprise, EnterpriseLink, Zone
from db.unit_of_work import reading
from db.verification import differences, tally_differences
from governance.vocabulary import ZoneKind
from tests.conftest import TODAY
from tests.services.small_district import enterprises, every, found, geojson, issues, layers, only, version

HEAD = ("name", "x", "y")
WIDER = shapely.box(119.0, 35.0, 119.12, 35.1)
NARROWER = shapely.box(119.12, 35.0, 119.2, 35.1)


def moved_border(engine: Engine, folder: Path) -> object:
    """West grows by 0.02 degrees at the cost of East."""
    path = geojson(
        folder / "moved.geojson",
        ({"code": "T1", "name": "West"}, WIDER),
        ({"code": "T2", "name": "East"}, NARROWER),
    )
    return layers(engine, path).relink


def names(engine: Engine) -> dict[int, str]:
    return {zone.key: zone.name for zone in every(engine, Zone)}


def test_a_moved_border_takes_along_what_lies_between(engine: Engine, tmp_path: Path) -> None:
    enterprises(found(engine), HEAD, ("Between", 119.11, 35.05), ("Far", 119.18, 35.05))
    report = moved_border(engine, tmp_path)
    told = [(m.kind, names(engine)[m.from_zone_id], names(engine)[m.to_zone_id], m.count) for m in report.moved]
    assert (report.relinked, told) == (1, [("enterprise", "East", "West", 1)])


def test_links_end_and_begin_and_are_never_overwritten(engine: Engine, tmp_path: Path) -> None:
    enterprises(found(engine), HEAD, ("Between", 119.11, 35.05))
    moved_border(engine, tmp_path)
    links = [(names(engine)[link.zone_id], link.valid_to) for link in every(engine, EnterpriseLink)]
    assert links == [("East", TODAY), ("West", None)]


def test_what_is_far_from_the_change_is_not_touched(engine: Engine, tmp_path: Path) -> None:
    enterprises(found(engine), HEAD, ("Far", 119.18, 35.05))
    before = only(engine, Enterprise).version
    assert moved_border(engine, tmp_path).candidates == 0
    assert only(engine, Enterprise).version == before


def test_a_closed_issue_lies_elsewhere_after_a_border_moved_and_is_otherwise_as_it_was(
    engine: Engine, tmp_path: Path
) -> None:
    row = ("Dust", "closed", "2026-05-09", 119.11, 35.05)
    issues(found(engine), ("title", "stage", "closed_on", "x", "y"), row)
    before = only(engine, Issue).model_dump()
    moved_border(engine, tmp_path)
    after = only(engine, Issue).model_dump()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"township_id", "primary_zone_id", "version"}
    with reading(engine) as session:
        assert (differences(session), tally_differences(session)) == ([], [])


def test_issues_move_with_their_summaries(engine: Engine, tmp_path: Path) -> None:
    issues(found(engine), ("title", "stage", "x", "y"), ("Dust", "ledgered", 119.11, 35.05))
    moved_border(engine, tmp_path)
    with reading(engine) as session:
        assert (tally_differences(session), differences(session)) == ([], [])
    (tally,) = [row for row in every_tally(engine) if row.scope.value == "township"]
    assert names(engine)[tally.scope_id] == "West"


def every_tally(engine: Engine) -> list[IssueTally]:
    from sqlmodel import select

    with reading(engine) as session:
        return list(session.exec(select(IssueTally)))


def test_a_new_key_zone_becomes_the_owner_of_what_lies_in_it(engine: Engine, tmp_path: Path) -> None:
    issues(found(engine), ("title", "x", "y"), ("Dust", 119.05, 35.05))
    yard = geojson(tmp_path / "k.geojson", ({"code": "Y", "name": "Yard"}, shapely.box(119.04, 35.04, 119.06, 35.06)))
    report = layers(engine, yard, ZoneKind.SHIPYARD).relink
    issue = only(engine, Issue)
    assert (report.relinked, names(engine)[issue.primary_zone_id]) == (1, "Yard")
    assert [names(engine)[link.zone_id] for link in every(engine, IssueLink)] == ["West", "Yard"]


def test_a_record_without_coordinates_keeps_its_stated_township(engine: Engine, tmp_path: Path) -> None:
    enterprises(found(engine), ("name", "township"), ("Nowhere", "East"))
    moved_border(engine, tmp_path)
    assert names(engine)[only(engine, Enterprise).township_id] == "East"


def test_a_key_zone_that_shrinks_below_another_takes_over_as_owner(engine: Engine, tmp_path: Path) -> None:
    issues(found(engine), ("title", "x", "y"), ("Dust", 119.09, 35.05))
    wide = ({"code": "Y", "name": "Yard"}, shapely.box(119.02, 35.01, 119.1, 35.09))
    layers(engine, geojson(tmp_path / "a.geojson", wide), ZoneKind.SHIPYARD)
    assert names(engine)[only(engine, Issue).primary_zone_id] == "Port"
    small = ({"code": "Y", "name": "Yard"}, shapely.box(119.085, 35.045, 119.095, 35.055))
    layers(engine, geojson(tmp_path / "b.geojson", small), ZoneKind.SHIPYARD)
    assert names(engine)[only(engine, Issue).primary_zone_id] == "Yard"


def test_the_same_outline_again_relinks_nothing(engine: Engine, tmp_path: Path) -> None:
    enterprises(found(engine), HEAD, ("Between", 119.11, 35.05))
    moved_border(engine, tmp_path)
    before = version(engine)
    assert moved_border(engine, tmp_path).candidates == 0
    assert version(engine) == before
