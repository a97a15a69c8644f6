"""Villages and stations in: known by their codes, refused by row, coming again without effect."""

from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.importers.table_reading import Table
from dashboard.services.place_import import PlaceKind, PlaceReport, import_places
from db.tables.territory import Village
from db.tables.watching import Station
from governance.errors import InvalidInput
from tests.services.small_district import every, found, only, version, writing

VILLAGE = ("code", "name", "township", "lon", "lat")


def places(engine: Engine, kind: PlaceKind, *rows: Any, **options: Any) -> PlaceReport:
    with writing(engine) as work:
        return import_places(work, Table("sheet", [list(row) for row in rows]), kind, **options)


def test_villages_come_with_or_without_a_place(engine: Engine) -> None:
    found(engine)
    report = places(
        engine, PlaceKind.VILLAGE, VILLAGE, ("V1", "One", "T1", 119.05, 35.05), ("V2", "Two", "East", "", "")
    )
    assert (report.imported, report.refused) == (2, 0)
    assert [(village.code, village.lon) for village in every(engine, Village)] == [("V1", 119.05), ("V2", None)]


def test_the_same_stations_again_change_nothing(engine: Engine) -> None:
    found(engine)
    rows = (("code", "name", "x", "y"), ("S1", "One", 119.05, 35.05))
    places(engine, PlaceKind.STATION, *rows)
    before = version(engine)
    assert places(engine, PlaceKind.STATION, *rows).unchanged == 1
    assert version(engine) == before


def test_a_station_that_moved_is_changed(engine: Engine) -> None:
    found(engine)
    places(engine, PlaceKind.STATION, ("code", "name", "x", "y"), ("S1", "One", 119.05, 35.05))
    report = places(engine, PlaceKind.STATION, ("code", "name", "x", "y"), ("S1", "One", 119.06, 35.05))
    assert (report.changed, only(engine, Station).lon) == (1, 119.06)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("V2", "Two", "T1", 118.0, 35.05), "place_outside"),
        (("V2", "Two", "T9", "", ""), "township_unknown"),
        (("V2", "Two", "", "", ""), "township_unknown"),
        (("V1", "Again", "T1", "", ""), "place_twice"),
        (("", "Two", "T1", "", ""), "place_unnamed"),
        (("V2", "Two", "T1", "east", 35.05), "coordinate_unclear"),
    ],
)
def test_a_bad_row_is_refused_and_nothing_is_stored(engine: Engine, row: Any, code: str) -> None:
    found(engine)
    report = places(engine, PlaceKind.VILLAGE, VILLAGE, ("V1", "One", "T1", 119.05, 35.05), row)
    assert [(error.row, error.code) for error in report.errors] == [(3, code)]
    assert every(engine, Village) == []


def test_a_table_of_stations_without_coordinates_is_refused(engine: Engine) -> None:
    found(engine)
    with pytest.raises(InvalidInput, match="lacks the columns"):
        places(engine, PlaceKind.STATION, ("code", "name"), ("S1", "One"))
