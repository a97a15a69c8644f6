import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.codec import NO_CELL, cell_centre, cell_of, cells_of, from_wkb, parent_cell, to_wkb
from geo.errors import InvalidGeometry, InvalidPoints

SQUARE = shapely.box(119, 35, 119.5, 35.5)


def test_a_geometry_comes_back_as_it_was_stored():
    assert from_wkb(to_wkb(SQUARE)).equals_exact(SQUARE, 0)


def test_heights_are_not_stored():
    assert to_wkb(shapely.force_3d(SQUARE, 9)) == to_wkb(SQUARE)


def test_the_bytes_are_little_endian_without_srid():
    data = to_wkb(shapely.set_srid(shapely.Point(1, 2), 4326))
    assert data == b"\x01\x01\x00\x00\x00" + np.array([1, 2], "<f8").tobytes()


@pytest.mark.parametrize("thing", [None, "POINT (1 2)", b""])
def test_what_is_no_geometry_is_not_stored(thing):
    with pytest.raises(InvalidGeometry, match="a shapely geometry is needed"):
        to_wkb(thing)


@pytest.mark.parametrize("data", [b"", b"\x01\x01", b"nonsense", 5])
def test_bytes_that_are_no_geometry_are_refused(data):
    with pytest.raises(InvalidGeometry) as caught:
        from_wkb(data)
    assert caught.value.code == "damaged_wkb"


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_cell_fits_a_signed_column_and_equals_the_one_of_the_array(lon, lat):
    cell = cell_of(lon, lat)
    assert 0 < cell < 2**63
    assert cells_of([lon], [lat]).tolist() == [cell]


def test_points_without_a_place_have_no_cell_among_others():
    cells = cells_of([119, np.nan, 119, 200, np.inf], [35, 35, np.nan, 35, 35])
    assert (cells == NO_CELL).tolist() == [False, True, True, True, True]


def test_no_points_have_no_cells():
    assert cells_of([], []).dtype == np.int64
    assert cells_of([], []).size == 0


@pytest.mark.parametrize("place", [(float("nan"), 0), (181, 0), (0, 91)])
def test_a_single_point_without_a_place_is_refused(place):
    with pytest.raises(InvalidPoints, match="is no place"):
        cell_of(*place)


def test_unequal_columns_have_no_cells():
    with pytest.raises(InvalidPoints, match="2 longitudes and 1 latitudes"):
        cells_of([1, 2], [1])


def test_the_centre_of_a_cell_lies_in_the_cell():
    cell = cell_of(119.3, 35.1)
    assert cell_of(*cell_centre(cell)) == cell


def test_a_cell_is_its_own_parent_at_its_own_resolution():
    cell = cell_of(119.3, 35.1)
    assert parent_cell(cell, 9) == cell
    assert parent_cell(cell, 5) != cell


@pytest.mark.parametrize("resolution", [-1, 10])
def test_a_parent_is_never_finer_than_the_cell(resolution):
    with pytest.raises(InvalidGeometry, match="between 0 and the cell's own, 9"):
        parent_cell(cell_of(119.3, 35.1), resolution)


@pytest.mark.parametrize("number", [-1, 0, 5, 2**63, 2**70])
def test_a_number_that_is_no_cell_is_refused(number):
    with pytest.raises(InvalidGeometry, match="is no H3 cell"):
        cell_centre(number)
