import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InvalidPoints, InvalidZones
from geo.linking import OUTSIDE, TIE_TOLERANCE_M, link
from geo.metric import in_metres
from geo.relinking import relink_candidates
from geo.zones import zones_of

EPSG = 4549
W, S = 119.0, 35.0  # the corner that the squares start from; eighths of a degree are exact in floats


def square(x, y, side=0.125):
    return shapely.box(W + x, S + y, W + x + side, S + y + side)


def district(*key_zones):
    townships = {"T1": square(0, 0), "T2": square(0.125, 0), "T3": square(0, 0.125), "T4": square(0.125, 0.125)}
    codes = [*townships, *(f"K{n}" for n in range(len(key_zones)))]
    kinds = [True] * 4 + [False] * len(key_zones)
    return zones_of(codes, kinds, [*townships.values(), *key_zones], metric_epsg=EPSG)


def links_of(zones, *points, nearest_m=2000.0):
    return link([W + x for x, _ in points], [S + y for _, y in points], zones, nearest_m=nearest_m)


def codes(zones, indices):
    return [zones.codes[i] if i >= 0 else "outside" for i in indices]


def test_a_point_inside_gets_its_township_at_no_distance():
    zones = district()
    links = links_of(zones, (0.05, 0.05), (0.15, 0.15))
    assert codes(zones, links.township) == ["T1", "T4"]
    assert links.distance_m.tolist() == [0, 0]
    assert not links.is_near.any()


def test_a_point_on_the_border_of_townships_goes_to_the_smallest_code():
    zones = district()
    links = links_of(zones, (0.125, 0.05), (0.125, 0.125), (0.125, 0.15), (0, 0))
    assert codes(zones, links.township) == ["T1", "T1", "T3", "T1"]


def test_the_smallest_code_wins_a_border_in_whatever_order_the_zones_are_given():
    zones = zones_of(["B", "A"], [True, True], [square(0, 0), square(0.125, 0)], metric_epsg=EPSG)
    assert codes(zones, links_of(zones, (0.125, 0.05)).township) == ["A"]


def test_a_point_on_the_border_of_key_zones_belongs_to_each_of_them():
    zones = district(square(0.03125, 0.03125, 0.03125), square(0.0625, 0.03125, 0.015625))
    links = links_of(zones, (0.0625, 0.04))
    assert codes(zones, links.key_zones_of(0)) == ["K1", "K0"]


def test_the_primary_zone_is_the_smallest_key_zone_before_the_township():
    zones = district(square(0.01, 0.01, 0.05), square(0.02, 0.02, 0.01))
    links = links_of(zones, (0.025, 0.025), (0.015, 0.015), (0.09, 0.09))
    assert codes(zones, links.primary) == ["K1", "K0", "T1"]


def test_among_key_zones_of_equal_area_the_smaller_code_is_primary():
    twin = square(0.01, 0.01, 0.02)
    zones = zones_of(["K2", "K1"], [False, False], [twin, twin], metric_epsg=EPSG)
    assert codes(zones, links_of(zones, (0.02, 0.02)).primary) == ["K1"]


def test_a_point_off_shore_goes_to_the_nearest_township_and_is_marked():
    zones = district()
    links = links_of(zones, (0.26, 0.05))
    assert codes(zones, links.township) == ["T2"]
    assert links.is_near.tolist() == [True]
    assert links.distance_m[0] == pytest.approx(912, abs=2)


def test_a_point_off_shore_where_two_townships_are_equally_near_goes_to_the_smallest_code():
    zones = zones_of(["B", "A"], [True, True], [square(0, 0), square(0, 0.125)], metric_epsg=EPSG)
    assert codes(zones, links_of(zones, (-0.001, 0.125)).township) == ["A"]


def test_a_point_beyond_the_reach_is_outside_and_has_no_distance():
    links = links_of(district(), (0.3, 0.05))
    assert links.township.tolist() == links.primary.tolist() == [OUTSIDE]
    assert np.isnan(links.distance_m[0])
    assert links.outside == 1


def test_the_reach_is_measured_around_corners_as_a_circle():
    corner_to_point = (0.25 + 1900 / 91_200, 0.25 + 1900 / 110_900)  # 1.9 km east and north of T4's corner
    assert links_of(district(), corner_to_point, nearest_m=2000).outside == 1
    assert links_of(district(), corner_to_point, nearest_m=2700).outside == 0


def test_a_reach_of_nought_takes_nothing_by_nearness():
    assert links_of(district(), (0.2500001, 0.05), nearest_m=0).outside == 1


def test_a_point_at_sea_keeps_its_key_zone_though_no_township_is_near():
    zones = district(square(0.3, 0, 0.1))
    links = links_of(zones, (0.35, 0.05))
    assert codes(zones, links.township) == ["outside"]
    assert codes(zones, links.primary) == ["K0"]


def test_pairs_are_sorted_by_point_and_then_smallest_zone_first():
    zones = district(square(0, 0, 0.2), square(0, 0, 0.05), square(0, 0, 0.1))
    links = links_of(zones, (0.01, 0.01), (0.3, 0.3), (0.07, 0.07))
    assert links.pair_point.tolist() == [0, 0, 0, 2, 2]
    assert codes(zones, links.pair_zone) == ["K1", "K2", "K0", "K2", "K0"]
    assert links.indptr.tolist() == [0, 3, 3, 5]


def test_pairs_of_many_points_keep_the_order_of_precedence():
    zones = district(square(0, 0, 0.2), square(0, 0, 0.05), square(0, 0, 0.1))
    links = links_of(zones, *[(0.01, 0.01)] * 300)
    assert codes(zones, links.pair_zone) == ["K1", "K2", "K0"] * 300


@pytest.mark.parametrize("zones", [district(square(0, 0)), zones_of([], [], [], metric_epsg=EPSG)])
def test_no_points_give_no_links(zones):
    links = link([], [], zones, nearest_m=2000)
    assert len(links) == links.pair_point.size == 0
    assert links.indptr.tolist() == [0]


def test_without_zones_every_point_is_outside():
    assert links_of(zones_of([], [], [], metric_epsg=EPSG), (0, 0), (1, 1)).outside == 2


def test_points_without_coordinates_are_refused_by_row():
    with pytest.raises(InvalidPoints, match="first rows are 2, 3") as caught:
        link([119.0, np.nan, 119.0], [35.0, 35.0, np.inf], district(), nearest_m=0)
    assert caught.value.code == "coordinates_missing"


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(InvalidPoints, match="2 longitudes and 1 latitudes"):
        link([119.0, 119.1], [35.0], district(), nearest_m=0)


@pytest.mark.parametrize(
    ("given_codes", "outlines", "code"),
    [
        (["A", "A"], [square(0, 0), square(0.125, 0)], "zone_code_repeats"),
        (["A"], [square(0, 0), square(0.125, 0)], "unequal_zones"),
        (["A", "B"], [square(0, 0), None], "zone_without_outline"),
        (["A", "B"], [square(0, 0), shapely.Point(119, 35)], "zone_without_outline"),
        (["A", "B"], [square(0, 0), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], "zone_without_outline"),
    ],
)
def test_zones_that_cannot_be_linked_to_are_refused(given_codes, outlines, code):
    with pytest.raises(InvalidZones) as caught:
        zones_of(given_codes, [True, True], outlines, metric_epsg=EPSG)
    assert caught.value.code == code


# A lattice of quarter squares, so that borders, vertices and ties are hit often.
lattice = st.integers(-8, 24).map(lambda n: n / 64)
boxes = st.tuples(lattice, lattice, st.sampled_from([1 / 64, 1 / 16, 1 / 8])).map(lambda b: square(*b))
points = st.lists(st.tuples(lattice, lattice), max_size=12)


def naive_township(zones, point):
    towns = sorted((zones.codes[i], i) for i in zones.townships)
    for _, i in towns:
        if zones.outlines[i].intersects(point):
            return i, 0.0
    metres = [(in_metres(zones.outlines[i], EPSG).exterior.distance(in_metres(point, EPSG)), i) for _, i in towns]
    best = min(d for d, _ in metres)
    d, i = next((d, i) for d, i in metres if d <= best + TIE_TOLERANCE_M)
    return (i, d) if best <= 2000 else (OUTSIDE, np.nan)


def naive_key_zones(zones, point):
    hits = [i for i in range(len(zones)) if not zones.is_township[i] and zones.outlines[i].intersects(point)]
    return sorted(hits, key=lambda i: (zones.area_m2[i], zones.codes[i]))


@settings(max_examples=60, deadline=None)
@given(points, st.lists(boxes, max_size=3))
def test_linking_equals_the_naive_loop_over_all_points_and_zones(where, key_zones):
    zones = district(*key_zones)
    links = links_of(zones, *where)
    for n, (x, y) in enumerate(where):
        point = shapely.Point(W + x, S + y)
        town, metres = naive_township(zones, point)
        held = naive_key_zones(zones, point)
        assert links.township[n] == town
        assert links.distance_m[n] == pytest.approx(metres, abs=1e-6, nan_ok=True)
        assert links.is_near[n] == (metres > 0)
        assert links.key_zones_of(n).tolist() == held
        assert links.primary[n] == (held[0] if held else town)


@settings(max_examples=40, deadline=None)
@given(points, boxes)
def test_every_point_whose_township_changes_is_among_the_candidates(where, new):
    lon, lat = np.array([W + x for x, _ in where]), np.array([S + y for _, y in where])
    before = zones_of(["A", "B"], [True, True], [square(0, 0), square(0.125, 0)], metric_epsg=EPSG)
    after = zones_of(["A", "B"], [True, True], [new, square(0.125, 0)], metric_epsg=EPSG)
    chosen = relink_candidates(square(0, 0), new, lon, lat, metric_epsg=EPSG, nearest_m=2000)
    old, now = (link(lon, lat, zones, nearest_m=2000) for zones in (before, after))
    moved = (old.township != now.township) | (np.nan_to_num(old.distance_m) != np.nan_to_num(now.distance_m))
    assert set(np.flatnonzero(moved)) <= set(chosen)


def test_only_points_near_a_moved_border_are_linked_again():
    lon, lat = np.array([W + 0.05, W + 0.1245, W + 0.14, W + 0.3]), np.full(4, S + 0.05)
    wider = shapely.box(W, S, W + 0.127, S + 0.125)
    chosen = relink_candidates(square(0, 0), wider, lon, lat, metric_epsg=EPSG, nearest_m=100)
    assert chosen.tolist() == [1]


def test_an_unchanged_outline_links_nothing_again():
    assert relink_candidates(
        square(0, 0), square(0, 0), [W], [S], metric_epsg=EPSG, nearest_m=100
    ).size == 0  # fmt: skip


@pytest.mark.parametrize("old_and_new", [(None, square(0, 0)), (square(0, 0), None)])
def test_a_zone_that_begins_or_ends_links_all_its_points_again(old_and_new):
    lon, lat = [W + 0.05, W + 0.3], [S + 0.05, S + 0.3]
    assert relink_candidates(*old_and_new, lon, lat, metric_epsg=EPSG, nearest_m=0).tolist() == [0]


def test_a_key_zone_that_changes_its_place_by_area_links_all_its_points_again():
    old, new = square(0, 0), shapely.box(W, S, W + 0.125, S + 0.05)
    chosen = relink_candidates(old, new, [W + 0.01], [S + 0.01], metric_epsg=EPSG, nearest_m=0, is_order_changed=True)
    assert chosen.tolist() == [0]
