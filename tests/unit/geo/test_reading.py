import json
import zipfile
from pathlib import Path

import geopandas
import pyogrio
import pyproj
import pytest
import shapely

from geo import gdal_layers
from geo.errors import FalseCrs, UnclearLayer, UnknownCrs, UnreadableFile
from geo.raw_layer import ReadingLimits
from geo.reading import POINTS, POLYGONS, read_layer

pytestmark = pytest.mark.usefixtures("read_in_this_process")

CHINESE = "\u5c9a\u5c71"  # two ideographs, so that encodings matter
FIXTURES = Path(pyogrio.__file__).parent / "tests" / "fixtures"


def wards(crs="EPSG:4326"):
    boxes = [shapely.box(119, 35, 119.1, 35.1), shapely.box(119.1, 35, 119.2, 35.1)]
    return geopandas.GeoDataFrame({"code": ["A", "B"], "name": [CHINESE, "x"]}, geometry=boxes, crs=4326).to_crs(crs)


def zipped(folder, *, crs="EPSG:4528", encoding="GBK", without=(), names=("wards",)):
    target = folder / "wards.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            wards(crs).to_file(folder / f"{name}.shp", encoding=encoding)
            for part in folder.glob(f"{name}.*"):
                if part.suffix not in (*without, ".zip"):
                    archive.write(part, f"folder/{part.name}")
    return target


def geojson(folder, *geometries, **members):
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": g} for n, g in enumerate(geometries)]
    path = folder / "layer.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def point(*xy):
    return {"type": "Point", "coordinates": list(xy)}


def assert_is_wards(read):
    assert read.count == len(read.frame) == 2
    assert read.frame["name"].tolist()[0] == CHINESE
    assert read.frame.crs.to_epsg() == 4326
    assert read.frame.total_bounds == pytest.approx([119, 35, 119.2, 35.1], abs=1e-7)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4528", "EPSG:4549", "EPSG:4509", "EPSG:3857", "EPSG:4490"])
def test_a_geopackage_comes_back_in_wgs84_whatever_it_is_stored_in(tmp_path, crs):
    wards(crs).to_file(tmp_path / "w.gpkg")
    read = read_layer(tmp_path / "w.gpkg", shapes=POLYGONS)
    assert_is_wards(read)
    assert (read.driver, read.crs.name) == ("GeoPackage", crs)


@pytest.mark.parametrize(
    ("encoding", "without"), [("GBK", ()), ("GBK", (".cpg",)), ("UTF-8", ()), ("UTF-8", (".cpg",))]
)
def test_a_zipped_shapefile_is_read_with_or_without_a_word_on_its_encoding(tmp_path, encoding, without):
    read = read_layer(zipped(tmp_path, encoding=encoding, without=without))
    assert_is_wards(read)
    assert (read.driver, read.layer, read.crs.name) == ("Shapefile", "wards", "EPSG:4528")


def test_a_shapefile_that_is_wrong_about_its_encoding_is_still_read(tmp_path):
    target = zipped(tmp_path, encoding="GBK", without=(".cpg",))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("folder/wards.cpg", "UTF-8")
    assert_is_wards(read_layer(target))


def test_a_kml_is_read_with_its_attributes_and_without_its_drawing(tmp_path):
    wards().to_file(tmp_path / "w.kml", driver="LIBKML")
    read = read_layer(tmp_path / "w.kml")
    assert read.frame["Name"].tolist() == [CHINESE, "x"]
    assert set(read.frame) == {"Name", "description", "code", "geometry"}


def test_geojson_is_wgs84_if_it_says_nothing(tmp_path):
    read = read_layer(geojson(tmp_path, point(119, 35), point(119.1, 35.1, 7)))
    assert read.frame.geometry.tolist() == [shapely.Point(119, 35), shapely.Point(119.1, 35.1)]
    assert read.frame["n"].tolist() == [0, 1]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::4528", "EPSG:4528"])
def test_geojson_may_name_its_system(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    read = read_layer(geojson(tmp_path, point(40440551.451, 3885770.603), crs=crs))
    assert read.frame.total_bounds[:2] == pytest.approx([119.348, 35.099], abs=1e-7)


def test_geojson_that_says_crs84_is_wgs84(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read_layer(geojson(tmp_path, point(119, 35), crs=crs)).crs.name == "WGS84"


def test_what_the_caller_declares_goes_before_what_the_file_says(tmp_path):
    read = read_layer(geojson(tmp_path, point(119.3537108, 35.0986055)), crs="GCJ02")
    assert read.frame.total_bounds[:2] == pytest.approx([119.348, 35.099], abs=5e-6)
    assert (read.crs.name, read.file_crs) == ("GCJ02", "WGS84")


def test_several_layers_without_a_choice_are_listed(tmp_path):
    for name in ("old", "new"):
        wards().to_file(tmp_path / "w.gpkg", layer=name)
    with pytest.raises(UnclearLayer, match="new") as caught:
        read_layer(tmp_path / "w.gpkg")
    assert caught.value.params == {"layers": "old, new"}


def test_the_layer_asked_for_is_the_one_that_is_read(tmp_path):
    wards().to_file(tmp_path / "w.gpkg", layer="old")
    wards().head(1).to_file(tmp_path / "w.gpkg", layer="new")
    assert read_layer(tmp_path / "w.gpkg", layer="new").count == 1


def test_a_layer_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    wards().to_file(tmp_path / "w.gpkg", layer="old")
    with pytest.raises(UnclearLayer, match="these layers: old"):
        read_layer(tmp_path / "w.gpkg", layer="new")


def test_several_shapefiles_in_a_zip_need_a_choice(tmp_path):
    target = zipped(tmp_path, names=("a", "b"))
    with pytest.raises(UnclearLayer, match="a, b"):
        read_layer(target)
    assert read_layer(target, layer="b").layer == "b"


def test_rows_without_a_usable_geometry_are_named_and_not_dropped(tmp_path):
    path = geojson(
        tmp_path,
        point(119, 35),
        None,
        point(float("nan"), 35),
        point(float("nan"), float("nan")),
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[119, 35]]},
        {"type": "LineString", "coordinates": [[119, 35], [119.1, 35]]},
        {"type": "Circle"},
    )
    read = read_layer(path, shapes=POINTS)
    assert read.frame.index.tolist() == [1]
    assert {fault.row: fault.code for fault in read.faults} == {
        2: "missing_geometry",
        3: "unreadable_geometry",
        4: "unreadable_geometry",
        5: "empty_geometry",
        6: "unreadable_geometry",
        7: "unwanted_geometry",
        8: "unreadable_geometry",
    }
    assert read.count == len(read.frame) + len(read.faults) == 8


def test_coordinates_that_are_not_numbers_are_a_fault_of_their_row(tmp_path):
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(119, float("inf"))], crs=4326)
    frame.to_file(tmp_path / "w.gpkg")
    read = read_layer(tmp_path / "w.gpkg")
    assert [(fault.row, fault.code) for fault in read.faults] == [(1, "not_finite")]


def test_a_null_geometry_in_a_geopackage_is_a_fault_of_its_row(tmp_path):
    frame = wards()
    frame.loc[0, "geometry"] = None
    frame.to_file(tmp_path / "w.gpkg")
    read = read_layer(tmp_path / "w.gpkg")
    assert [(fault.row, fault.code) for fault in read.faults] == [(1, "missing_geometry")]


def test_empty_layers_give_an_empty_frame(tmp_path):
    wards().head(0).to_file(tmp_path / "w.gpkg", geometry_type="Polygon")
    for path in (geojson(tmp_path), tmp_path / "w.gpkg"):
        read = read_layer(path)
        assert (read.count, len(read.frame)) == (0, 0)


def test_numbers_that_do_not_fit_the_declared_system_are_refused_with_the_row_of_the_file(tmp_path):
    path = geojson(tmp_path, None, point(440551, 3885770), point(119.3, 35.1))
    with pytest.raises(FalseCrs, match="row 3") as caught:
        read_layer(path, crs="EPSG:4549")
    assert caught.value.code == "degrees_given_as_metres"
    assert caught.value.params["total"] == 2


def test_a_shapefile_without_a_system_needs_one_declared(tmp_path):
    target = zipped(tmp_path, without=(".prj",))
    with pytest.raises(UnknownCrs) as caught:
        read_layer(target)
    assert caught.value.code == "crs_missing"
    assert_is_wards(read_layer(target, crs="EPSG:4528"))


def test_a_system_outside_the_register_is_named_and_can_be_overruled(tmp_path):
    own = "+proj=tmerc +lat_0=0 +lon_0=119.123 +k=0.9 +x_0=123 +y_0=0 +ellps=GRS80 +units=m"
    wards(own).to_file(tmp_path / "w.gpkg")
    with pytest.raises(UnknownCrs, match="unknown"):
        read_layer(tmp_path / "w.gpkg")


@pytest.mark.parametrize(
    ("bound", "code"),
    [
        ({"features": 1}, "too_many_features"),
        ({"vertices": 4}, "too_many_vertices"),
        ({"file_bytes": 10}, "file_too_large"),
    ],
)
def test_layers_beyond_the_limits_are_refused(tmp_path, bound, code):
    wards().to_file(tmp_path / "w.gpkg")
    with pytest.raises(UnreadableFile) as caught:
        read_layer(tmp_path / "w.gpkg", limits=ReadingLimits(**bound))
    assert caught.value.code == code


@pytest.mark.filterwarnings("ignore:Measured")
@pytest.mark.parametrize("name", ["curve", "curvepolygon", "multisurface", "line_zm", "test_gpkg_nulls"])
def test_geopackages_that_others_made_are_read_row_by_row(name):
    read = read_layer(FIXTURES / f"{name}.gpkg")
    assert read.count == len(read.frame) > 0


def test_the_countries_of_the_world_are_read_from_a_shapefile(tmp_path):
    target = tmp_path / "world.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for part in (FIXTURES / "naturalearth_lowres").iterdir():
            archive.write(part, part.name)
    read = read_layer(target, shapes=POLYGONS)
    assert len(read.frame) == 177
    assert "France" in read.frame["name"].tolist()


def test_a_column_called_geometry_gives_way_to_the_geometry(tmp_path):
    path = tmp_path / "g.json"
    feature = {"type": "Feature", "properties": {"geometry": "no", "list": [1]}, "geometry": point(1, 2)}
    path.write_text(json.dumps(feature))
    frame = read_layer(path).frame
    assert frame["geometry_"].tolist() == ["no"]
    assert frame["list"].tolist() == ["[1]"]


def test_a_bare_geometry_is_a_layer_of_one_row(tmp_path):
    path = tmp_path / "g.json"
    path.write_text(json.dumps(point(119, 35)))
    assert read_layer(path).frame.geometry.tolist() == [shapely.Point(119, 35)]


@pytest.mark.parametrize(
    ("declared", "first"), [("", "UTF-8"), ("GBK", "GB18030"), ("936", "GB18030"), ("LATIN1", "ISO-8859-1")]
)
def test_the_declared_encoding_is_tried_first(declared, first):
    assert gdal_layers._encodings(declared)[0] == first


@pytest.mark.parametrize(
    ("definition", "name"),
    [
        (None, None),
        ("EPSG:4528", "EPSG:4528"),
        ("nonsense", "nonsense"),
        ('LOCAL_CS["Undefined Cartesian SRS"]', None),
        (pyproj.CRS(4549).to_wkt("WKT1_ESRI"), "EPSG:4549"),
    ],
)
def test_a_definition_is_recognised_as_the_registered_system(definition, name):
    assert gdal_layers._crs_name(definition) == name


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(UnreadableFile, match=r"no file \"w\.gpkg\""):
        read_layer(tmp_path / "w.gpkg")
