import datetime
import json

import geopandas
import numpy as np
import pytest
import shapely

from geo.codec import NO_CELL, cell_centre, cell_of, parent_cell
from geo.display import heat_points, simplify_outlines, to_geojson, to_geojson_text
from geo.errors import InvalidGeometry, InvalidPoints

EPSG = 4549


def townships():
    wavy = [(119.1 + 0.0001 * (n % 2), 35 + n / 100) for n in range(11)]
    left = shapely.Polygon([(119, 35), *wavy, (119, 35.1)])
    right = shapely.Polygon([(119.2, 35), (119.2, 35.1), *reversed(wavy)])
    return geopandas.GeoDataFrame({"code": ["A", "B"], "secret": [1, 2]}, geometry=[left, right], crs=4326)


def test_simplified_neighbours_still_share_their_border():
    simple = simplify_outlines(townships(), EPSG, tolerance_m=500)
    assert shapely.get_num_coordinates(simple.geometry).max() < 8
    assert shapely.coverage_is_valid(shapely.set_precision(simple.geometry.to_numpy(), 1e-9))


def test_zones_that_overlap_are_simplified_one_by_one():
    frame = townships()
    frame.loc[1, "geometry"] = frame.geometry[0].buffer(0.001)
    simple = simplify_outlines(frame, EPSG, tolerance_m=500)
    assert simple.is_valid.all()
    assert not simple.is_empty.any()


def test_nothing_to_simplify_gives_nothing():
    assert len(simplify_outlines(townships().head(0), EPSG, tolerance_m=500)) == 0


def test_only_the_listed_columns_leave_the_frame():
    document = to_geojson(townships(), ["code"])
    assert [feature["properties"] for feature in document["features"]] == [{"code": "A"}, {"code": "B"}]


def test_coordinates_are_rounded():
    frame = geopandas.GeoDataFrame(geometry=[shapely.Point(119.123456789, 35)], crs=4326)
    assert to_geojson(frame)["features"][0]["geometry"]["coordinates"] == [119.12346, 35.0]


def test_values_become_plain_json_and_missing_geometry_is_null():
    day = datetime.date(2026, 5, 3)
    frame = geopandas.GeoDataFrame(
        {"a": [np.nan, 1.5], "b": [day, None], "c": np.array([np.int64(1), "2"], object), "d": [[1], "x"]},
        geometry=[None, shapely.Point()],
        crs=4326,
    )
    features = json.loads(to_geojson_text(frame, ["a", "b", "c", "d"]))["features"]
    assert features[0]["properties"] == {"a": None, "b": "2026-05-03", "c": 1, "d": [1]}
    assert [feature["geometry"] for feature in features] == [None, None]


def test_a_column_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        to_geojson(townships(), ["colour"])


def test_heat_adds_up_the_weights_of_a_coarser_cell():
    cell = cell_of(119.3, 35.1)
    lon, lat = cell_centre(parent_cell(cell, 7))
    assert heat_points([cell, cell, NO_CELL], [1, 2, 9], resolution=7) == [[lat, lon, 3.0]]


def test_heat_is_in_the_order_of_the_cells():
    cells = [cell_of(119.5, 35.3), cell_of(119.3, 35.1)]
    assert heat_points(cells, [1, 2], resolution=9) == heat_points(cells[::-1], [2, 1], resolution=9)


def test_no_cells_give_no_heat():
    assert heat_points([], [], resolution=7) == []


def test_cells_without_weights_are_refused():
    with pytest.raises(InvalidPoints, match="1 cells and 0 weights"):
        heat_points([cell_of(119.3, 35.1)], [], resolution=7)


def test_heat_finer_than_its_cells_is_refused():
    with pytest.raises(InvalidGeometry, match="Resolution 10"):
        heat_points([cell_of(119.3, 35.1)], [1], resolution=10)
