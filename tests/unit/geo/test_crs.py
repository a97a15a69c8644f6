import csv
from pathlib import Path

import geocoordinates_ffi as reference
import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.china_shift import gcj02_to_wgs84, wgs84_to_gcj02
from geo.crs import check_near, check_numbers, fits, from_wgs84, km_from, metric_crs, parse_crs, to_wgs84
from geo.crs_names import likely_crs
from geo.errors import FalseCrs, GeoError, InvalidPoints, UnknownCrs

VECTORS = Path(__file__).parents[2] / "data" / "coordinates" / "vectors.csv"
EXTENT = (118.87, 35.0, 119.5, 35.5)


def vectors():
    with VECTORS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda row: f"{row['src_crs']}-{row['dst_crs']}-{row['src_x']}")
def test_every_tabulated_conversion_is_met_within_its_tolerance(row):
    lon, lat = to_wgs84(float(row["src_x"]), float(row["src_y"]), row["src_crs"])
    x, y = from_wgs84(lon, lat, row["dst_crs"])
    tolerance, unit = row["tolerance"].split()
    off_x, off_y = x[0] - float(row["dst_x"]), y[0] - float(row["dst_y"])
    if unit == "m" and row["dst_crs"] == "WGS84":
        off_x, off_y = pyproj.Geod(ellps="WGS84").inv(x[0], y[0], float(row["dst_x"]), float(row["dst_y"]))[2], 0
    assert max(abs(off_x), abs(off_y)) <= float(tolerance)


@settings(max_examples=50)
@given(st.floats(73.7, 134), st.floats(17, 53))
@pytest.mark.parametrize("name", ["GCJ02", "BD09", "EPSG:4490", "EPSG:3857"])
def test_going_there_and_back_leads_to_the_same_place(name, lon, lat):
    back = to_wgs84(*from_wgs84(lon, lat, name), name)
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=1e-8)


@settings(max_examples=50)
@given(st.floats(73.7, 134), st.floats(17, 53))
def test_the_shift_equals_that_of_an_independent_implementation(lon, lat):
    theirs = reference.wgs84_to_gcj02(reference.Wgs84(lat=lat, lon=lon))
    x, y = from_wgs84(lon, lat, "GCJ02")
    assert (x[0], y[0]) == pytest.approx((theirs.lon, theirs.lat), abs=1e-9)
    theirs = reference.wgs84_to_bd09(reference.Wgs84(lat=lat, lon=lon))
    x, y = from_wgs84(lon, lat, "BD09")
    assert (x[0], y[0]) == pytest.approx((theirs.lon, theirs.lat), abs=1e-9)


def test_nothing_is_shifted_abroad():
    lon, lat = np.array([2.35, 0.0]), np.array([48.85, 90.0])
    for shift in (wgs84_to_gcj02, gcj02_to_wgs84):
        assert [list(column) for column in shift(lon, lat)] == [[2.35, 0.0], [48.85, 90.0]]


@pytest.mark.parametrize(
    ("given_name", "name"),
    [("epsg:4528", "EPSG:4528"), (" wgs84 ", "WGS84"), ("WGS-84", "WGS84"), ("gcj-02", "GCJ02"), ("bd09", "BD09"),
     ("cgcs2000", "CGCS2000"), ("EPSG:04326", "EPSG:4326")],
)  # fmt: skip
def test_names_are_read_whatever_their_case(given_name, name):
    assert parse_crs(given_name).name == name


@pytest.mark.parametrize(
    "name", ["", "4326", "EPSG:", "EPSG:x", "EPSG:999999", "EPSG:99999999999", "EPSG:4978", "EPSG:5773", "mars"]
)
def test_other_names_are_refused_with_those_that_are_allowed(name):
    with pytest.raises(UnknownCrs, match=r"allowed are EPSG:n .*WGS84, CGCS2000, GCJ02, BD09"):
        parse_crs(name)


@pytest.mark.parametrize(
    ("place", "epsg"),
    [((119.3, 35.1), 4549), ((119.3,), 4549), ((118.5, 35.1), 4549), ((118.49, 35.1), 4548), ((75, 39), 4534),
     ((-0.1, 51.5), 32630), ((151.2, -33.9), 32756), ((180, 0), 32660), ((115.9, -31.9), 32750), ((-70,), 32619)],
)  # fmt: skip
def test_metres_are_those_of_the_zone_the_place_lies_in(place, epsg):
    assert metric_crs(*place) == epsg


def test_a_foreign_city_has_its_own_likely_systems():
    assert [crs.name for crs in likely_crs(13.4, 52.5)] == ["EPSG:4326", "EPSG:3857", "EPSG:32633"]
    assert likely_crs(151.2, -33.9)[2].name == "EPSG:32756"


@pytest.mark.parametrize(
    ("x", "y", "crs", "code"),
    [
        (35.1, 119.3, "WGS84", "axes_swapped"),
        (3885770, 440551, "EPSG:4549", "axes_swapped"),
        (119.3, 35.1, "EPSG:4549", "degrees_given_as_metres"),
        (119.3, 35.1, "EPSG:3857", "degrees_given_as_metres"),
        (35.1, 119.3, "EPSG:3857", "degrees_given_as_metres"),
        (440551, 3885770, "WGS84", "metres_given_as_degrees"),
        (40440551, 3885770, "EPSG:4549", "another_crs_fits"),
        (20714106, 3888099, "WGS84", "another_crs_fits"),
        (2.3, 48.8, "CGCS2000", "outside_area_of_crs"),
        (2.3, 48.8, "GCJ02", "outside_area_of_crs"),
        (9e9, 9e9, "EPSG:4549", "outside_area_of_crs"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_with_the_likely_cause(x, y, crs, code):
    with pytest.raises(FalseCrs) as caught:
        to_wgs84(x, y, crs)
    assert caught.value.code == code
    assert str(float(x)) in str(caught.value)


def test_the_system_with_zone_number_is_proposed_by_name():
    with pytest.raises(FalseCrs, match="They would fit EPSG:4528"):
        check_numbers([40440551], [3885770], parse_crs("EPSG:4549"))


def test_one_bad_point_among_many_is_named_by_row():
    with pytest.raises(FalseCrs, match="row 2 do not fit WGS84; 1 of 3 points"):
        to_wgs84([119, 190, 119], [35, 35, 35], "WGS84")


def test_each_point_is_told_apart():
    assert fits([119.3, 40440551, np.nan], [35.1, 3885770, 35], parse_crs("EPSG:4528")).tolist() == [False, True, False]


def test_an_area_across_the_date_line_is_understood():
    assert fits([179.5, -179.5, 0], [-17, -17, -17], parse_crs("EPSG:3460")).tolist() == [False] * 3
    assert from_wgs84([179.5, -179.5], [-17, -17], "EPSG:3460")[0].size == 2


def test_places_outside_the_area_are_not_exported_to_it():
    with pytest.raises(FalseCrs, match="row 2, lies outside the area of EPSG:4549"):
        from_wgs84([119.3, 2.3], [35.1, 48.8], "EPSG:4549")


def test_missing_numbers_are_refused_by_row():
    with pytest.raises(InvalidPoints, match="first rows are 2"):
        to_wgs84([119, None], [35, 35], "WGS84")


def test_no_points_are_converted_to_no_points():
    for convert in (to_wgs84, from_wgs84):
        assert [column.size for column in convert([], [], "EPSG:4528")] == [0, 0]


def test_distances_from_the_district_are_nought_inside_and_on_its_edge():
    km = km_from([119.0, 118.87, 119.5, 119.5], [35.1, 35.2, 35.5, 36.5], EXTENT)
    assert km[:3].tolist() == [0, 0, 0]
    assert km[3] == pytest.approx(110.96, abs=0.05)


@pytest.mark.parametrize(
    ("x", "y", "crs", "code", "hint"),
    [
        (440551, 3885770, "EPSG:4548", "far_other_crs", "as EPSG:4549"),
        (440551, 3885770, "EPSG:3857", "far_other_crs", "as EPSG:4549"),
        (116.4, 39.9, "WGS84", "far_from_district", "km from the district"),
    ],
)
def test_points_far_from_the_district_are_refused_with_distance_and_cause(x, y, crs, code, hint):
    lon, lat = to_wgs84(x, y, crs)
    with pytest.raises(FalseCrs, match=hint) as caught:
        check_near(lon, lat, EXTENT, margin_km=20, crs=parse_crs(crs), source=(x, y))
    assert caught.value.code == code
    assert caught.value.params["distance_km"] > 200


def test_swapped_axes_are_named_where_both_orders_are_places():
    with pytest.raises(FalseCrs, match="With the axes swapped") as caught:
        check_near([52.5], [13.4], (13.0, 52.3, 13.8, 52.7), margin_km=20)
    assert caught.value.code == "far_axes_swapped"


def test_points_within_the_margin_are_taken_and_none_beyond_it():
    check_near([119.55, 119.0], [35.2, 35.2], EXTENT, margin_km=20)
    with pytest.raises(FalseCrs, match=r"row 2, lies 22\.2 km"):
        check_near([119.0, 119.0], [35.2, 35.7], EXTENT, margin_km=20)


def test_an_error_carries_its_code_template_and_values():
    error = GeoError("some_code", "{thing} is wrong.", thing="This")
    assert (error.kind, error.code, error.params, str(error)) == (
        "invalid_input", "some_code", {"thing": "This"}, "This is wrong.",
    )  # fmt: skip
