"""Coordinates in one cell or two."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.importers.coordinates import Position, is_exchanged, parse_latitude, parse_longitude, parse_position
from dashboard.importers.refusals import Refusal

DISTRICT = (119.1, 34.9, 119.6, 35.4)
LONGITUDES = st.integers(91 * 36000, 179 * 36000)
LATITUDES = st.integers(1, 89 * 36000)


def sexagesimal(tenths: int) -> str:
    """Degrees, minutes and seconds of an angle in tenths of a second."""
    degrees, rest = divmod(tenths, 36000)
    minutes, seconds = divmod(rest, 600)
    return f"{degrees}°{minutes}′{seconds / 10}″"


@given(LONGITUDES, LATITUDES, st.sampled_from([",", "，", " ", "、", ";"]))
def test_degrees_minutes_and_seconds_read_as_written(x: int, y: int, gap: str) -> None:
    position = parse_position(f"{sexagesimal(x)}{gap}{sexagesimal(y)}")
    assert position == pytest.approx((x / 36000, y / 36000), abs=1e-12)


@given(st.floats(91, 180), st.floats(-90, 90))
def test_decimal_degrees_read_exactly_in_either_order(x: float, y: float) -> None:
    assert parse_position(f"{x:.17f},{y:.17f}") == (float(f"{x:.17f}"), float(f"{y:.17f}"))
    assert parse_position(f"{y:.17f},{x:.17f}") == (float(f"{x:.17f}"), float(f"{y:.17f}"))


@given(
    LONGITUDES,
    LATITUDES,
    st.sampled_from(["E{0} N{1}", "N{1} E{0}", "{0}E,{1}N", "北纬{1}东经{0}", "E{0}N{1}", "东经：{0}，北纬：{1}"]),
)
def test_hemispheres_decide_the_order(x: int, y: int, form: str) -> None:
    position = parse_position(form.format(sexagesimal(x), sexagesimal(y)))
    assert position == pytest.approx((x / 36000, y / 36000), abs=1e-12)


def test_western_and_southern_coordinates_are_negative() -> None:
    assert parse_position("W70°30′ S33°15′") == Position(-70.5, -33.25)


def test_the_extent_decides_an_order_that_numbers_leave_open() -> None:
    munich = (11.3, 48.0, 11.8, 48.3)
    assert parse_position("48.1,11.5", extent=munich) == Position(11.5, 48.1)


def test_the_extent_decides_the_order_of_projected_coordinates() -> None:
    extent = (40_420_000.0, 3_860_000.0, 40_470_000.0, 3_930_000.0)
    assert parse_position("3888000 40437000", extent=extent) == Position(40_437_000, 3_888_000)


@pytest.mark.parametrize("text", ["48.1,11.5", "40437000,3888000", "0.5 0.6"])
def test_an_order_that_nothing_decides_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_position(text, extent=DISTRICT)
    assert caught.value.code == "coordinate_order_unclear"


@pytest.mark.parametrize(
    "text", ["119.348", "abc", "E119 E35", "119°61′,35°", "119.5°30′,35", "119,348,35,099", "1" * 500, "119°20′99″,35"]
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_position(text)
    assert caught.value.code == "coordinate_unclear"


@pytest.mark.parametrize("cell", [119.348, "119.348", "E119.348", "119.348°", "１１９．３４８", "东经119.348"])
def test_a_longitude_reads_from_its_own_column(cell: str | float) -> None:
    assert parse_longitude(cell) == 119.348


@pytest.mark.parametrize("cell", ["119,348", "N35.1", "E119.3E", True, float("nan"), "", "12e3"])
def test_what_is_no_longitude_is_refused(cell: str | float) -> None:
    with pytest.raises(Refusal):
        parse_longitude(cell)


def test_a_latitude_takes_no_eastern_letter() -> None:
    assert parse_latitude("35°05.5′N") == pytest.approx(35 + 5.5 / 60)
    with pytest.raises(Refusal):
        parse_latitude("35°05.5′E")


def test_a_point_that_fits_only_the_other_way_round_is_exchanged() -> None:
    assert is_exchanged(Position(35.1, 119.3), DISTRICT)
    assert not is_exchanged(Position(116.4, 39.9), DISTRICT)
    assert not is_exchanged(Position(35.1, 119.3), None)


@pytest.mark.parametrize(
    "text",
    [
        "E1°1" + " " * 50 + "1" + " " * 30 + "x",
        "1°1 1" + " " * 30 + "E" + " " * 30 + "x",
        "1" + " " * 95 + "x",
        "1°" * 50,
    ],
)
def test_a_cell_made_to_keep_us_busy_is_refused_at_once(text: str) -> None:
    begun = time.process_time()
    for _ in range(50):
        with pytest.raises(Refusal):
            parse_position(text)
    assert time.process_time() - begun < 0.1
