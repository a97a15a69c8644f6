"""Layers in: files of outlines become zones, matched, checked, coming again without effect."""

import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.layer_import import preview_layers
from dashboard.services.layer_plans import ZoneChange, is_same_outline
from db.repositories.territory import zones_on
from db.tables.territory import District, Outline, Zone
from db.unit_of_work import reading
from geo.errors import FalseCrs, UnknownCrs
from governance.errors import InvalidInput
from governance.vocabulary import ZoneKind
from tests.conftest import TODAY
from tests.services.small_district import EAST, WEST, every, foreign_wards, found, geojson, layers, only, version

TWO = (({"code": "T1", "name": "West"}, WEST), ({"code": "T2", "name": "East"}, EAST))


def outline_of(engine: Engine, code: str) -> Outline:
    with reading(engine) as session:
        return next(item.outline for item in zones_on(session, TODAY) if item.zone.code == code)


def test_a_layer_becomes_zones_with_outlines_from_today(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    report = layers(engine, geojson(tmp_path / "a.geojson", *TWO))
    assert (report.read, report.imported, report.refused) == (2, 2, 0)
    assert outline_of(engine, "T1").valid_from == TODAY


def test_the_same_layer_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    found(engine)
    before = version(engine)
    report = layers(engine, geojson(tmp_path / "a.geojson", *TWO))
    assert (report.unchanged, version(engine)) == (2, before)


def test_rounding_of_coordinates_is_no_change(engine: Engine, tmp_path: Path) -> None:
    found(engine)
    rounded = shapely.transform(WEST, lambda xy: xy + 4e-8)
    assert layers(engine, geojson(tmp_path / "a.geojson", ({"code": "T1", "name": "West"}, rounded))).unchanged == 1


def test_a_corner_moved_by_a_metre_is_a_change() -> None:
    moved = shapely.Polygon([(119.0, 35.0), (119.1, 35.0), (119.10001, 35.1), (119.0, 35.1)])
    assert not is_same_outline(WEST, moved, 4549)


def test_another_name_or_mark_is_a_change_that_keeps_the_outline(engine: Engine, tmp_path: Path) -> None:
    found(engine)
    facts = {"code": "T1", "name": "New West", "approximate": True, "source": "survey"}
    report = layers(engine, geojson(tmp_path / "a.geojson", (facts, WEST)))
    outline = outline_of(engine, "T1")
    assert (report.changed, report.relink and report.relink.candidates) == (1, 0)
    assert (outline.is_approximate, outline.source) == (True, "survey")


def test_one_bad_row_refuses_the_whole_layer(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    bow = shapely.Polygon([(119.0, 35.0), (119.1, 35.1), (119.1, 35.0), (119.0, 35.1)])
    report = layers(engine, geojson(tmp_path / "a.geojson", TWO[0], ({"code": "T2", "name": "East"}, bow)))
    assert [(error.row, error.code) for error in report.errors] == [(2, "outline_invalid")]
    assert (report.imported, report.refused, every(engine, Zone)) == (0, 1, [])


def test_a_code_given_twice_is_refused_with_the_first_row(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    path = geojson(tmp_path / "a.geojson", TWO[0], ({"code": "T1", "name": "East"}, EAST))
    assert [(error.row, error.params["first"]) for error in layers(engine, path).errors] == [(2, 1)]


def test_gaps_and_overlaps_are_told_in_square_metres(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    layers(engine, geojson(tmp_path / "d.geojson", ({"name": "Both"}, WEST | EAST)), ZoneKind.DISTRICT)
    wide = shapely.box(119.0, 35.0, 119.12, 35.1)
    report = layers(engine, geojson(tmp_path / "a.geojson", ({"code": "T1"}, wide), ({"code": "T2"}, EAST)))
    assert report.has_district_outline
    assert (round(report.coverage.gap_m2 / 1e6, 1), round(report.coverage.overlap_m2 / 1e6, 1)) == (0.0, 20.2)


def test_the_outline_of_a_nameless_district_names_it(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    layers(engine, geojson(tmp_path / "d.geojson", ({"code": "X", "name": "Harbour"}, WEST)), ZoneKind.DISTRICT)
    district = only(engine, District)
    assert (district.name, district.code, only(engine, Zone).code) == ("Harbour", "000001", "000001")


def test_two_outlines_for_one_district_are_refused(engine: Engine, tmp_path: Path) -> None:
    found(engine)
    with pytest.raises(InvalidInput, match="one district"):
        layers(engine, geojson(tmp_path / "d.geojson", *TWO), ZoneKind.DISTRICT)


@pytest.mark.parametrize(("east", "refused"), [(119.22, 0), (119.3, 1)])
def test_a_key_zone_may_reach_out_to_sea_but_not_far(engine: Engine, tmp_path: Path, east: float, refused: int) -> None:
    found(engine)
    pier = shapely.box(119.19, 35.04, east, 35.05)
    report = layers(engine, geojson(tmp_path / "k.geojson", ({"code": "P"}, pier)), ZoneKind.SHIPYARD)
    assert (report.refused, report.imported) == (refused, 1 - refused)


def test_a_false_crs_is_refused_and_the_true_one_named(engine: Engine, tmp_path: Path) -> None:
    found(engine)
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"code": ["T1"]}, geometry=[WEST], crs=4326).to_crs(4549).to_file(path, layer="a")
    with pytest.raises(FalseCrs) as caught:
        layers(engine, path, crs="EPSG:4550")
    assert "EPSG:4549" in str(caught.value)


def test_a_file_that_names_no_crs_asks_for_one(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    gpd.GeoDataFrame({"code": ["T1"]}, geometry=[WEST], crs=4326).to_crs(4549).to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for ending in ("shp", "shx", "dbf"):
            archive.write(tmp_path / f"a.{ending}", f"a.{ending}")
    with pytest.raises(UnknownCrs):
        layers(engine, tmp_path / "a.zip")
    assert layers(engine, tmp_path / "a.zip", crs="EPSG:4549").imported == 1


def test_rows_of_other_kinds_are_left_out_and_counted(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    path = geojson(
        tmp_path / "a.geojson", ({"code": "T1", "kind": "township"}, WEST), ({"code": "K1", "kind": "port"}, EAST)
    )
    report = layers(engine, path)
    assert (report.read, report.imported, report.other_kinds) == (1, 1, 1)


def test_a_layer_without_code_and_name_names_its_fields(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    with pytest.raises(InvalidInput, match="colour"):
        layers(engine, geojson(tmp_path / "a.geojson", ({"colour": "red"}, WEST)))


def test_a_field_that_is_not_there_is_refused(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    with pytest.raises(InvalidInput, match="gid"):
        layers(engine, geojson(tmp_path / "a.geojson", *TWO), code_field="gid")


def test_a_preview_writes_nothing(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    before = version(engine)
    plan = preview_layers(engine, geojson(tmp_path / "a.geojson", *TWO), ZoneKind.TOWNSHIP, day=TODAY)
    assert (plan.count(ZoneChange.NEW), version(engine)) == (2, before)


def test_the_wards_of_a_foreign_city_are_known_by_their_names(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    report = layers(engine, foreign_wards(tmp_path))
    assert (report.imported, report.has_district_outline, only(engine, District).metric_epsg) == (58, False, 32618)


@pytest.mark.parametrize(("ending", "epsg"), [("gpkg", 32188), ("zip", 3857), ("kml", 4326), ("geojson", 26918)])
def test_the_same_wards_in_another_format_and_crs_are_unchanged(
    tmp_path: Path, engine: Engine, ending: str, epsg: int
) -> None:
    found(engine, has_zones=False)
    path = foreign_wards(tmp_path)
    layers(engine, path)
    other = converted(path, ending, epsg)
    field = {"kml": "Name"}.get(ending, "district")
    assert layers(engine, other, name_field=field).unchanged == 58


def converted(path: Path, ending: str, epsg: int) -> Path:
    frame = gpd.read_file(path).to_crs(epsg)
    other = path.with_name(f"other.{ending}")
    if ending == "zip":
        frame.to_file(path.with_name("wards.shp"), encoding="UTF-8")
        with zipfile.ZipFile(other, "w") as archive:
            for part in path.parent.glob("wards.*"):
                if part.suffix != ".geojson":
                    archive.write(part, part.name)
    elif ending == "kml":
        frame.rename(columns={"district": "Name"}).to_file(other, driver="KML", engine="pyogrio")
    else:
        frame.to_file(other, driver={"gpkg": "GPKG", "geojson": "GeoJSON"}[ending])
    return other


def test_every_event_of_an_import_names_its_command(engine: Engine, tmp_path: Path) -> None:
    from db.tables.history import Event

    found(engine, has_zones=False)
    layers(engine, geojson(tmp_path / "a.geojson", *TWO))
    with reading(engine) as session:
        assert set(session.exec(select(Event.operator))) == {"test"}
