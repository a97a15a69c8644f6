"""The preview: hexagons by their sums and points along borders tell the same as linking every point twice."""

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.codec import cells_of
from geo.editing_preview import CellMoves, cell_moves, cells_of_change, relinked
from geo.linking import OUTSIDE, link
from geo.zones import Zones, zones_of

EPSG = 4528
WEST, EAST = shapely.box(119.2, 35.0, 119.25, 35.1), shapely.box(119.25, 35.0, 119.3, 35.1)
PARK = shapely.box(119.24, 35.04, 119.27, 35.06)
HARBOUR = shapely.box(119.23, 35.05, 119.25, 35.09)
CHANCE = np.random.default_rng(5)
LON, LAT = CHANCE.uniform(119.18, 119.32, 20_000), CHANCE.uniform(34.98, 35.12, 20_000)
CELLS = cells_of(LON, LAT)


def zones(border: float = 119.25, park: shapely.Geometry | None = PARK, **more: shapely.Geometry) -> Zones:
    townships = {"T1": shapely.box(119.2, 35.0, border, 35.1), "T2": shapely.box(border, 35.0, 119.3, 35.1)}
    keys = {"K1": HARBOUR, **({} if park is None else {"K2": park}), **more}
    shapes = {**townships, **keys}
    return zones_of(list(shapes), [code in townships for code in shapes], list(shapes.values()), metric_epsg=EPSG)


def ways_of_all(old: Zones, new: Zones, nearest_m: float) -> dict[tuple[str, str], float]:
    """Sums of a plain linking of every point."""
    codes = [
        ["" if zone == OUTSIDE else some.codes[zone] for zone in link(LON, LAT, some, nearest_m=nearest_m).primary]
        for some in (old, new)
    ]
    ways = [way for way in zip(*codes, strict=True) if way[0] != way[1]]
    return {way: float(ways.count(way)) for way in sorted(set(ways))}


def previewed(old: Zones, new: Zones, nearest_m: float) -> dict[tuple[str, str], float]:
    """Sums of whole cells and of the points in the border cells."""
    moves = cell_moves(old, new, nearest_m=nearest_m)
    cells, counts = np.unique(CELLS, return_counts=True)
    sums = moves.sums(dict(zip(cells.tolist(), counts.tolist(), strict=True)))
    cut = np.isin(CELLS, moves.border)
    for way, value in relinked(old, new, LON[cut], LAT[cut], nearest_m=nearest_m).sums().items():
        sums[way] = sums.get(way, 0) + value
    return sums


CASES = [
    (zones(), zones(border=119.262)),
    (zones(), zones(park=None)),
    (zones(park=None), zones()),
    (zones(), zones(park=shapely.box(119.24, 35.05, 119.245, 35.06))),
    (zones(), zones(park=shapely.box(119.20, 35.01, 119.27, 35.06))),
    (zones(), zones(K3=shapely.box(119.29, 35.09, 119.31, 35.11))),
    (zones(), zones()),
]


@pytest.mark.parametrize("nearest_m", [0, 800])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_preview_counts_what_linking_every_point_gives(case: int, nearest_m: float) -> None:
    old, new = CASES[case]
    assert previewed(old, new, nearest_m) == ways_of_all(old, new, nearest_m)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_points_that_move_are_those_of_a_full_linking(case: int) -> None:
    old, new = CASES[case]
    assert relinked(old, new, LON, LAT, nearest_m=800).sums() == ways_of_all(old, new, 800)


def test_most_cells_of_a_broad_change_need_no_exact_test() -> None:
    moves = cell_moves(zones(), zones(park=None), nearest_m=0)
    assert len(moves.whole) > len(moves.border) / 2
    assert cell_moves(zones(), zones(), nearest_m=800) == CellMoves({}, ())


def test_moved_points_carry_their_weights() -> None:
    moves = relinked(zones(), zones(border=119.26), [119.22, 119.255], [35.01, 35.01], nearest_m=0)
    assert moves.points.tolist() == [1]
    assert moves.sums([5, 7]) == {("T2", "T1"): 7}


def test_a_township_that_becomes_a_key_zone_is_a_change() -> None:
    old = zones_of(["A"], [True], [WEST], metric_epsg=EPSG)
    new = zones_of(["A", "B"], [False, True], [WEST, WEST | EAST], metric_epsg=EPSG)
    assert relinked(old, new, [119.22, 119.28], [35.05, 35.05], nearest_m=0).sums() == {("", "B"): 1}


outlines = st.builds(
    lambda lon, lat, radius, side: shapely.Point(lon, lat).buffer(radius, quad_segs=side),
    st.floats(119.2, 119.3), st.floats(35.0, 35.1), st.floats(0.0005, 0.03), st.integers(1, 6),
)  # fmt: skip


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.none() | outlines, outlines)
def test_inside_cells_lie_inside_and_border_cells_cover_the_rest(old, new) -> None:
    inside, border = cells_of_change(old, new)
    ground = new if old is None else shapely.symmetric_difference(old, new)
    held = shapely.intersects_xy(ground, LON, LAT)
    assert held[np.isin(CELLS, inside)].all()
    assert np.isin(CELLS[held], inside + border).all()
    assert not set(inside) & set(border)


def test_every_corner_of_an_inside_cell_is_inside() -> None:
    inside, _ = cells_of_change(None, WEST)
    corners = [(lon, lat) for cell in inside for lat, lon in h3.cell_to_boundary(cell)]
    assert shapely.contains_properly(WEST, shapely.points(corners)).all()


def test_no_change_has_no_cells() -> None:
    assert cells_of_change(WEST, WEST) == ([], [])
    assert cells_of_change(None, None) == ([], [])
