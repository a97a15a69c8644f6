import json
import os
import resource
import sqlite3
import zipfile

import geopandas
import pandas
import pyogrio
import pytest
import shapely

from geo import gdal_layers, reading, reading_child
from geo.errors import HostileFile, UnknownCrs, UnreadableFile
from geo.file_kinds import kind_of
from geo.raw_layer import ReadingLimits, layer_of, write_layer
from geo.reading import read_layer
from geo.reading_child import limit_self, main, read_raw
from geo.shapefile_zip import unpack_shapefile

LIMITS = ReadingLimits()
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select i as fid, null as geom from n"


@pytest.fixture
def geopackage(tmp_path):
    path = tmp_path / "w.gpkg"
    geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.box(119, 35, 119.1, 35.1)], crs=4326).to_file(path)
    return path


def made_zip(path, **entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["w.gpkg", "w.geojson", "w.kml"])
def test_a_virtual_dataset_under_another_name_reads_no_file_of_the_server(tmp_path, name):
    secret = tmp_path / "secret.csv"
    secret.write_text("x,y\n1,2\n")
    disguised = tmp_path / name
    disguised.write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{secret}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    with pytest.raises(UnreadableFile) as caught:
        read_layer(disguised)
    assert caught.value.code == "file_kind"


@pytest.mark.usefixtures("read_in_this_process")
def test_a_virtual_dataset_with_the_word_kml_in_it_is_refused_by_its_root(tmp_path):
    disguised = tmp_path / "w.kml"
    disguised.write_text("<OGRVRTDataSource><!-- <kml --></OGRVRTDataSource>")
    with pytest.raises(UnreadableFile, match="OGRVRTDataSource"):
        read_layer(disguised)


@pytest.mark.usefixtures("read_in_this_process")
@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
        {"type": "name", "properties": {"href": "http://127.0.0.1:9/crs"}},
        {"type": "name"},
        "http://127.0.0.1:9/crs",
    ],
)
def test_a_geojson_that_links_to_its_coordinate_system_is_refused(tmp_path, crs):
    path = tmp_path / "w.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [], "crs": crs}))
    with pytest.raises(HostileFile) as caught:
        read_layer(path)
    assert caught.value.code == "crs_not_a_name"


@pytest.mark.usefixtures("read_in_this_process")
def test_a_geojson_whose_crs_name_is_an_address_is_refused(tmp_path):
    path = tmp_path / "w.geojson"
    crs = {"type": "name", "properties": {"name": "http://127.0.0.1:9/crs"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [], "crs": crs}))
    with pytest.raises(UnknownCrs):
        read_layer(path)


def test_a_geopackage_with_an_endless_view_is_refused_at_once(geopackage):
    with sqlite3.connect(geopackage) as connection:
        connection.execute(f"create view endless as {ENDLESS}")
    connection.close()
    with pytest.raises(HostileFile) as caught:
        read_layer(geopackage, limits=ReadingLimits(wall_seconds=10))
    assert caught.value.code == "gpkg_view"


@pytest.mark.usefixtures("read_in_this_process")
def test_a_geopackage_with_a_foreign_virtual_table_is_refused(geopackage):
    with sqlite3.connect(geopackage) as connection:
        connection.execute("create virtual table words using fts5(text)")
    connection.close()
    with pytest.raises(HostileFile, match="words"):
        read_layer(geopackage)


def test_reading_that_takes_too_long_is_ended(geopackage):
    with pytest.raises(HostileFile) as caught:
        read_layer(geopackage, limits=ReadingLimits(wall_seconds=0.05))
    assert caught.value.code == "reading_too_slow"


def test_reading_that_never_ends_is_ended_by_its_processor_time(geopackage, monkeypatch):
    monkeypatch.setattr(
        reading,
        "_START",
        "from time import sleep\nimport resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
    )
    with pytest.raises(HostileFile) as caught:
        read_layer(geopackage, limits=ReadingLimits(wall_seconds=30))
    assert caught.value.code == "reading_too_slow"


def test_reading_that_needs_too_much_memory_is_refused_and_harms_nobody(tmp_path):
    path = tmp_path / "w.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [' + "[" * 20 + "1," * 3_000_000)
    with pytest.raises((HostileFile, UnreadableFile)):
        read_layer(path, limits=ReadingLimits(memory_bytes=256 * 2**20))


@pytest.mark.usefixtures("read_in_this_process")
def test_deeply_nested_json_is_refused(tmp_path):
    path = tmp_path / "w.geojson"
    path.write_text('{"a":' * 100_000)
    with pytest.raises(UnreadableFile) as caught:
        read_layer(path)
    assert caught.value.code == "not_json"


def test_a_zip_that_unpacks_to_far_more_than_its_size_is_refused(tmp_path):
    bomb = made_zip(tmp_path / "w.zip", **{"w.shp": b"\0" * 20_000_000})
    with pytest.raises(HostileFile) as caught:
        read_layer(bomb)
    assert caught.value.code == "zip_bomb"


def test_a_zip_with_too_many_entries_is_refused(tmp_path):
    crowd = made_zip(tmp_path / "w.zip", **{f"{n}.txt": b"" for n in range(65)})
    with pytest.raises(HostileFile, match="65 entries"):
        unpack_shapefile(crowd, tmp_path, LIMITS, layer=None)


@pytest.mark.parametrize("name", ["../w.shp", "/w.shp", "a/../../w.shp", "..\\w.shp", "C:w.shp"])
def test_a_zip_whose_names_lead_out_of_the_folder_is_refused(tmp_path, name):
    leading_out = made_zip(tmp_path / "w.zip", **{name: b"x"})
    with pytest.raises(HostileFile) as caught:
        unpack_shapefile(leading_out, tmp_path, LIMITS, layer=None)
    assert caught.value.code == "zip_entry"


def test_a_link_in_a_zip_is_refused(tmp_path):
    entry = zipfile.ZipInfo("w.shp")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as archive:
        archive.writestr(entry, "/etc/hostname")
    with pytest.raises(HostileFile):
        unpack_shapefile(tmp_path / "w.zip", tmp_path, LIMITS, layer=None)


def test_a_zip_that_lies_about_a_size_is_damaged(tmp_path):
    path = made_zip(tmp_path / "w.zip", **{"w.shp": b"abcdefgh", "w.shx": b"", "w.dbf": b""})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (2).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        unpack_shapefile(path, tmp_path, LIMITS, layer=None)
    assert caught.value.code == "damaged_zip"


@pytest.mark.usefixtures("read_in_this_process")
def test_a_zip_without_a_shapefile_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match=r"\.shp, \.shx, \.dbf missing"):
        read_layer(made_zip(tmp_path / "w.zip", **{"readme.txt": b"hello"}))


def test_a_truncated_geopackage_is_refused(geopackage):
    os.truncate(geopackage, 5000)
    with pytest.raises(UnreadableFile):
        read_layer(geopackage)


def test_a_geopackage_of_noise_is_refused(geopackage):
    header = geopackage.read_bytes()[:100]
    geopackage.write_bytes(header + os.urandom(4000))
    with pytest.raises(UnreadableFile) as caught:
        gdal_layers.read_geopackage(geopackage, LIMITS, layer=None)
    assert caught.value.code == "damaged_gpkg"


def test_a_geopackage_without_its_own_tables_is_refused(geopackage):
    with sqlite3.connect(geopackage) as connection:
        connection.execute("drop table gpkg_contents")
    connection.close()
    with pytest.raises(UnreadableFile, match="required GeoPackage tables"):
        gdal_layers.read_geopackage(geopackage, LIMITS, layer=None)


def test_a_table_without_geometry_is_no_layer(tmp_path):
    pandas.DataFrame({"n": [1]}).pipe(pyogrio.write_dataframe, tmp_path / "w.gpkg")
    with pytest.raises(UnreadableFile) as caught:
        gdal_layers.read_geopackage(tmp_path / "w.gpkg", LIMITS, layer=None)
    assert caught.value.code == "no_layer"


def test_too_many_rows_of_geojson_are_refused(tmp_path):
    path = tmp_path / "w.json"
    path.write_text('{"type": "FeatureCollection", "features": [{}, {}]}')
    with pytest.raises(UnreadableFile, match="more than 1 rows"):
        read_raw(path, "geojson", ReadingLimits(features=1), layer=None)


@pytest.mark.usefixtures("read_in_this_process")
def test_a_truncated_zip_is_refused(tmp_path):
    path = made_zip(tmp_path / "w.zip", **{"w.shp": os.urandom(1000)})
    os.truncate(path, 500)
    with pytest.raises(UnreadableFile) as caught:
        read_layer(path)
    assert caught.value.code == "damaged_zip"


@pytest.mark.usefixtures("read_in_this_process")
def test_a_shapefile_of_noise_is_refused(tmp_path):
    noise = {f"w{suffix}": os.urandom(300) for suffix in (".shp", ".shx", ".dbf")}
    with pytest.raises(UnreadableFile) as caught:
        read_layer(made_zip(tmp_path / "w.zip", **noise))
    assert caught.value.code == "damaged_file"


@pytest.mark.usefixtures("read_in_this_process")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>", "kml_entities"),
        ("<kml><Document><NetworkLink/></Document></kml>", "kml_link"),
        ("<kml><Document>", "damaged_xml"),
    ],
)
def test_kml_that_reaches_for_more_or_is_cut_off_is_refused(tmp_path, text, code):
    path = tmp_path / "w.kml"
    path.write_text(text)
    with pytest.raises((HostileFile, UnreadableFile)) as caught:
        read_layer(path)
    assert caught.value.code == code


@pytest.mark.parametrize("head", [b"", b"hello", b"SQLite format 3\x00" + bytes(100), b"<html>"])
def test_a_file_of_another_kind_is_refused_by_its_first_bytes(tmp_path, head):
    path = tmp_path / "w.gpkg"
    path.write_bytes(head)
    with pytest.raises(UnreadableFile, match="GeoPackage, GeoJSON, zipped Shapefile, KML are taken"):
        kind_of(path)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"type": "FeatureCollection", "features": 1}',
        '{"type": "FeatureCollection", "features": [1]}',
        '{"type": ',
        "[]",
    ],
)
def test_json_that_is_no_geojson_is_refused(tmp_path, text):
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(UnreadableFile, match="JSON"):
        read_raw(path, "geojson", LIMITS, layer=None)


def test_the_reading_process_gets_nothing_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDGUARD_SECRET", "1")
    environment = reading._environment(tmp_path)
    assert "GRIDGUARD_SECRET" not in environment
    assert "OGR_VRT" in environment["OGR_SKIP"].split(",")
    assert not set(reading._TAKEN_DRIVERS) & set(environment["OGR_SKIP"].split(","))


def test_a_process_with_all_drivers_refuses_to_read():
    with pytest.raises(RuntimeError, match="not wanted"):
        gdal_layers.check_drivers()


def test_the_limits_are_set_before_anything_is_read(monkeypatch):
    given = {}
    monkeypatch.setattr(resource, "setrlimit", lambda what, most: given.__setitem__(what, most))
    limit_self(LIMITS)
    assert given[resource.RLIMIT_AS] == (LIMITS.memory_bytes, LIMITS.memory_bytes)
    assert given[resource.RLIMIT_CPU] == (LIMITS.cpu_seconds, LIMITS.cpu_seconds)
    assert given[resource.RLIMIT_CORE] == (0, 0)


@pytest.fixture
def in_child(tmp_path, monkeypatch):
    """Run what the reading process runs, here, without its limits."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading_child, "limit_self", lambda limits: None)
    monkeypatch.setattr(gdal_layers, "DRIVERS", tuple(gdal_layers.pyogrio.list_drivers()))

    def run(path, kind, layer=None):
        main(json.dumps({"kind": kind, "file": str(path), "layer": layer, "limits": {}}))
        return json.loads((tmp_path / "result.json").read_text())

    return run


def test_the_reading_process_writes_down_what_it_read(in_child, geopackage):
    layer = layer_of(in_child(geopackage, "gpkg"))
    assert (layer.driver, layer.crs, layer.columns) == ("GeoPackage", "EPSG:4326", {"n": [1]})


def test_the_reading_process_writes_down_what_it_refused(in_child, geopackage):
    error = in_child(geopackage, "gpkg", "other")["error"]
    assert (error["class"], error["code"]) == ("UnclearLayer", "which_layer")


def test_the_reading_process_writes_down_that_its_memory_ran_out(in_child, geopackage, monkeypatch):
    def hungry(*_, **__):
        raise MemoryError

    monkeypatch.setattr(reading_child, "read_raw", hungry)
    assert in_child(geopackage, "gpkg")["error"]["code"] == "too_much_memory"


def test_a_layer_survives_the_border_between_the_processes(tmp_path, geopackage, monkeypatch):
    monkeypatch.setattr(gdal_layers, "DRIVERS", tuple(gdal_layers.pyogrio.list_drivers()))
    layer = read_raw(geopackage, "gpkg", LIMITS, layer=None)
    write_layer(layer, tmp_path / "r.json")
    assert layer_of(json.loads((tmp_path / "r.json").read_text())) == layer


def test_a_process_that_dies_is_reported_as_a_damaged_file(geopackage, monkeypatch):
    monkeypatch.setattr(reading, "_START", "import sys; sys.exit(3)")
    with pytest.raises(UnreadableFile) as caught:
        read_layer(geopackage)
    assert caught.value.code == "reading_failed"


@pytest.mark.parametrize(("kind", "driver"), [("gpkg", "GPKG"), ("kml", "LIBKML"), ("json", "GeoJSON")])
def test_an_honest_file_passes_through_a_process_of_its_own(tmp_path, kind, driver):
    frame = geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.box(119, 35, 119.1, 35.1)], crs=4326)
    frame.to_file(tmp_path / f"w.{kind}", driver=driver)
    assert read_layer(tmp_path / f"w.{kind}").frame.geometry.iloc[0].equals(frame.geometry.iloc[0])
