"""Exported layers: in WGS84, complete, the same every time."""

import dataclasses
import json
import time
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from dashboard.exporters.columns import Column, values_of
from dashboard.exporters.layers import LayerFormat, write_layer, write_points
from dashboard.importers.rows import IssueRow
from governance.errors import InvalidInput

FORMATS: tuple[LayerFormat, ...] = ("geojson", "gpkg")


@pytest.fixture
def issues(issue: IssueRow) -> list[IssueRow]:
    """One issue with a place and one without."""
    return [issue, dataclasses.replace(issue, x=None, y=None)]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_points_give_the_same_bytes_at_another_time(
    tmp_path: Path, columns: tuple[Column, ...], issues: list[IssueRow], format_: LayerFormat
) -> None:
    paths = [tmp_path / f"{name}.{format_}" for name in "ab"]
    for path in paths:
        write_points(columns, values_of(columns, issues), path, format=format_, layer="issues")
        time.sleep(0.01)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("format_", FORMATS)
def test_a_record_without_a_place_stays(
    tmp_path: Path, columns: tuple[Column, ...], issues: list[IssueRow], format_: LayerFormat
) -> None:
    path = tmp_path / f"points.{format_}"
    assert write_points(columns, values_of(columns, issues), path, format=format_, layer="issues") == 2
    frame = pyogrio.read_dataframe(path)
    assert list(frame["number"]) == ["2021-00042"] * 2
    assert list(frame.geometry.isna()) == [False, True]


def test_geojson_has_seven_decimals_and_no_crs(
    tmp_path: Path, columns: tuple[Column, ...], issues: list[IssueRow]
) -> None:
    path = tmp_path / "points.geojson"
    write_points(columns, values_of(columns, issues), path, format="geojson", layer="issues")
    content = json.loads(path.read_text())
    assert content["features"][0]["geometry"]["coordinates"] == [119.348, 35.099]
    assert "crs" not in content


@pytest.mark.parametrize("format_", FORMATS)
def test_a_layer_of_another_crs_is_written_in_wgs84(tmp_path: Path, format_: LayerFormat) -> None:
    frame = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(119.3, 35.0, 119.4, 35.1)], crs="EPSG:4326")
    path = tmp_path / f"zones.{format_}"
    write_layer(frame.to_crs("EPSG:4549"), path, format=format_, layer="zones")
    read = pyogrio.read_dataframe(path)
    assert read.crs == "EPSG:4326"
    assert read.total_bounds == pytest.approx([119.3, 35.0, 119.4, 35.1], abs=1e-6)


def test_a_layer_without_a_crs_is_refused(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Point(0, 0)])
    with pytest.raises(InvalidInput) as caught:
        write_layer(frame, tmp_path / "a.gpkg", format="gpkg", layer="a")
    assert caught.value.code == "layer_without_crs"


def test_a_layer_replaces_the_one_that_was_there(
    tmp_path: Path, columns: tuple[Column, ...], issues: list[IssueRow]
) -> None:
    path = tmp_path / "points.gpkg"
    for count in (2, 1):
        write_points(columns, values_of(columns, issues[:count]), path, format="gpkg", layer="issues")
    assert pyogrio.read_info(path)["features"] == 1
    assert list(tmp_path.iterdir()) == [path]
