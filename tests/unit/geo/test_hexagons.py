"""Hexagons: which cover a district, what they are called, and which stored cells lie within."""

import h3.api.basic_int as h3
import pytest
import shapely

from geo.codec import cell_centre, cell_name, cell_of, cell_span, named_cell, parent_cell
from geo.errors import InvalidGeometry
from geo.hexagons import cells_over, connected, corners, names_of, outline_of, summed

STORED = cell_of(119.3, 35.1)
CELL = parent_cell(STORED, 8)
BOX = shapely.box(119.2, 35.0, 119.3, 35.1)


@pytest.mark.parametrize("resolution", [4, 6, 7, 8, 9])
def test_the_span_of_a_cell_holds_exactly_the_stored_cells_within(resolution: int) -> None:
    first, last = cell_span(parent_cell(STORED, resolution))
    around = h3.grid_disk(STORED, 30)
    inside = {cell for cell in around if h3.cell_to_parent(cell, resolution) == parent_cell(STORED, resolution)}
    assert {cell for cell in around if first <= cell <= last} == inside


def test_a_name_gives_its_cell_again() -> None:
    assert named_cell(cell_name(CELL)) == CELL
    assert len(cell_name(CELL)) == 15


@pytest.mark.parametrize("name", ["", "x", "0", "8a30a3448837fff", "1" * 40, "-1", "88 30"])
def test_what_is_no_cell_is_refused(name: str) -> None:
    with pytest.raises(InvalidGeometry, match="no name of an H3 cell"):
        named_cell(name)


def test_a_cell_smaller_than_the_stored_ones_has_no_span() -> None:
    with pytest.raises(InvalidGeometry, match="smaller"):
        cell_span(h3.cell_to_center_child(STORED, 10))


def test_cells_cover_an_outline_to_its_border() -> None:
    cells = cells_over(BOX, 8)
    assert cells == sorted(cells)
    assert outline_of(cells).buffer(1e-6).covers(BOX)
    assert all(shapely.Polygon([(lon, lat) for lat, lon in corners(cell)]).intersects(BOX) for cell in cells)


@pytest.mark.parametrize("outline", [None, shapely.Polygon()])
def test_no_outline_has_no_cells(outline: shapely.Polygon | None) -> None:
    assert cells_over(outline, 8) == []
    assert outline_of([]).is_empty


def test_cells_hang_together_by_edges() -> None:
    far = h3.grid_ring(CELL, 5)[0]
    assert connected([*h3.grid_disk(CELL, 1), far]) == sorted([sorted(h3.grid_disk(CELL, 1)), [far]])


def test_sums_of_children_are_their_parents() -> None:
    children = h3.cell_to_children(CELL, 9)
    assert summed(dict.fromkeys(children, 2.0), 8) == {CELL: 14.0}


def test_seven_siblings_are_named_by_their_parent() -> None:
    assert names_of(h3.cell_to_children(parent_cell(CELL, 7), 8)) == [cell_name(parent_cell(CELL, 7))]
    assert names_of([CELL]) == [cell_name(CELL)]


def test_the_corners_lie_around_the_centre() -> None:
    lon, lat = cell_centre(CELL)
    assert len(corners(CELL)) == 6
    assert shapely.Polygon([(x, y) for y, x in corners(CELL)]).contains(shapely.Point(lon, lat))
