"""Borders moved for both sides, outlines cut, joined, snapped and measured."""

import pytest
import shapely

from geo.coverage import coverage_of, require_coverage
from geo.editing import moved_border, moved_border_line, noded
from geo.editing_cuts import corridor, merged_outline, reshaped, split_outline
from geo.editing_grid import on_grid, polygons_of
from geo.editing_measures import area_km2, area_m2, change_of, length_km, shares_of
from geo.editing_snapping import snapped
from geo.errors import InvalidOutline, InvalidZones
from geo.metric import in_metres

EPSG = 4528
LON_M, LAT_M = 91_287.0, 110_941.0  # metres to a degree there


def metres(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape in metres from a corner of the district, in degrees; straight edges stay straight."""
    return shapely.transform(shape, lambda xy: [119.3, 35.0] + xy / [LON_M, LAT_M])


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return metres(shapely.box(west, south, east, north))


def line(*places: tuple[float, float]) -> shapely.LineString:
    return metres(shapely.LineString(places))


ZONES = {"A": box(0, 0, 1000, 1000), "B": box(1000, 0, 2000, 1000), "C": box(0, 1000, 2000, 2000)}
GROUND = noded(ZONES)


def refusal(code: str):
    return pytest.raises(InvalidOutline, check=lambda error: error.code == code)


def after(changed: dict[str, shapely.Geometry]) -> dict[str, shapely.Geometry]:
    return {**GROUND, **changed}


def test_a_moved_border_moves_both_sides() -> None:
    changed = moved_border(GROUND, "A", box(0, 0, 1200, 1000), metric_epsg=EPSG)
    assert area_m2(changed["A"]) == pytest.approx(1_200_000, rel=1e-3)
    assert area_m2(changed["B"]) == pytest.approx(800_000, rel=1e-3)
    assert shapely.coverage_is_valid(list(after(changed).values()))
    require_coverage(after(changed), district=shapely.union_all(list(GROUND.values())))


def test_a_triple_point_moves_for_the_third_zone_too_and_its_ground_stays() -> None:
    changed = moved_border(GROUND, "A", box(0, 0, 1200, 1000), metric_epsg=EPSG)
    assert area_m2(changed["C"]) == pytest.approx(area_m2(GROUND["C"]), abs=0.1)


def test_ground_given_up_goes_to_the_longest_border() -> None:
    changed = moved_border(GROUND, "A", box(0, 0, 1000, 700), metric_epsg=EPSG)
    assert area_m2(changed["C"]) - area_m2(GROUND["C"]) == pytest.approx(300_000, rel=1e-3)


def test_ground_given_up_goes_to_the_named_heir() -> None:
    changed = moved_border(GROUND, "A", box(0, 0, 1000, 700), metric_epsg=EPSG, heir="B")
    assert area_m2(changed["B"]) - area_m2(GROUND["B"]) == pytest.approx(300_000, rel=1e-3)


def test_the_outer_edge_is_the_district_s() -> None:
    changed = moved_border(GROUND, "A", box(-500, 0, 1100, 1000), metric_epsg=EPSG)
    assert coverage_of(after(changed), district=shapely.union_all(list(GROUND.values()))).beyond_m2 < 0.01


def test_crumbs_at_the_district_s_border_are_mended() -> None:
    district = shapely.union_all(list(GROUND.values()))
    short = {**GROUND, "A": box(0.0005, 0, 1000, 1000)}
    mended = noded(short, district=district)
    assert coverage_of(mended, district=district).gap_m2 == 0


def test_an_outline_far_off_is_refused() -> None:
    with refusal("outline_off_ground"):
        moved_border(GROUND, "A", box(9000, 0, 9500, 500), metric_epsg=EPSG)


def test_taking_all_of_a_neighbour_is_refused() -> None:
    with refusal("ground_taken"):
        moved_border(GROUND, "A", box(0, 0, 2000, 1000), metric_epsg=EPSG)


def test_giving_up_ground_without_a_neighbour_is_refused() -> None:
    with refusal("ground_left_over"):
        moved_border(GROUND, "A", box(0, 0, 1000, 1000).difference(box(300, 0, 400, 100)), metric_epsg=EPSG)


def test_an_unknown_zone_or_heir_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidOutline, match="Zone Z is none of the zones that are edited together: A, B, C"):
        moved_border(GROUND, "A", GROUND["A"], metric_epsg=EPSG, heir="Z")


def test_a_sliver_is_refused_but_not_one_that_was_there() -> None:
    with refusal("sliver"):
        moved_border(GROUND, "A", box(0, 0, 1000, 1000) | box(1500, 300, 1505, 305), metric_epsg=EPSG)
    held = noded({**GROUND, "A": GROUND["A"] | box(1500, 300, 1505, 305)})
    assert "A" in moved_border(held, "A", held["A"] | box(900, 0, 1200, 900), metric_epsg=EPSG)


def test_a_border_is_drawn_along_a_line() -> None:
    changed = moved_border_line(GROUND, "A", "B", line((1300, -50), (1300, 1050)), metric_epsg=EPSG)
    assert area_m2(changed["A"]) == pytest.approx(1_300_000, rel=1e-3)
    assert coverage_of(after(changed)).overlap_m2 == 0


def test_a_line_that_leaves_one_side_with_nothing_is_refused() -> None:
    tiny = noded({"A": box(0, 0, 10, 1000), "B": box(10, 0, 2000, 1000)})
    with refusal("ground_taken"):
        moved_border_line(tiny, "A", "B", line((500, -50), (500, 1050)), metric_epsg=EPSG)


def test_a_border_line_that_does_not_cross_is_refused() -> None:
    with refusal("line_ends_inside"):
        moved_border_line(GROUND, "A", "B", line((1300, -50), (1300, 500)), metric_epsg=EPSG)


def test_a_split_gives_parts_largest_first_that_merge_again() -> None:
    parts = split_outline(ZONES["A"], line((300, -10), (300, 1010)), metric_epsg=EPSG)
    assert [round(area_m2(part), -4) for part in parts] == [700_000, 300_000]
    whole = merged_outline({str(index): part for index, part in enumerate(parts)}, metric_epsg=EPSG)
    assert area_m2(whole) == pytest.approx(area_m2(ZONES["A"]), rel=1e-6)


def test_a_line_that_ends_inside_is_refused_with_the_place() -> None:
    with pytest.raises(InvalidOutline, match=r"ends inside zone A at longitude 119\.\d+, latitude 35\.\d+, 2") as told:
        split_outline(ZONES["A"], line((-10, 500), (750, 500)), metric_epsg=EPSG, zone="A")
    assert told.value.params["value"] == pytest.approx(250, abs=1)


def test_a_line_beside_the_zone_is_refused() -> None:
    with refusal("line_misses"):
        split_outline(ZONES["A"], line((-10, -10), (-10, 900)), metric_epsg=EPSG)


def test_a_cut_that_leaves_a_sliver_is_refused() -> None:
    with refusal("sliver"):
        split_outline(ZONES["A"], line((0.05, -10), (0.05, 1010)), metric_epsg=EPSG)


def test_zones_apart_are_not_merged_and_are_named() -> None:
    with pytest.raises(InvalidOutline, match="Zone A and F do not touch"):
        merged_outline({"A": ZONES["A"], "B": ZONES["B"], "F": box(5000, 0, 6000, 1000)}, metric_epsg=EPSG)


def test_zones_that_meet_in_a_corner_are_not_merged() -> None:
    with refusal("outlines_apart"):
        merged_outline({"A": ZONES["A"], "D": box(1000, 1000, 1500, 1500)}, metric_epsg=EPSG)


def test_a_narrow_gap_is_closed_by_merging() -> None:
    whole = merged_outline({"A": ZONES["A"], "B": box(1002, 0, 2000, 1000)}, metric_epsg=EPSG, snap_m=5)
    assert area_m2(whole) == pytest.approx(2_000_000, rel=1e-3)


def test_nothing_to_merge_is_refused() -> None:
    with refusal("nothing_to_merge"):
        merged_outline({}, metric_epsg=EPSG)


def test_a_corridor_is_twice_its_half_width_and_ends_at_the_border() -> None:
    road = line((-500, 500), (1500, 500))
    assert area_m2(corridor(road, 20, metric_epsg=EPSG)) == pytest.approx(2000 * 40, rel=1e-3)
    assert area_m2(corridor(road, 20, metric_epsg=EPSG, within=ZONES["A"])) == pytest.approx(1000 * 40, rel=1e-3)


@pytest.mark.parametrize("half_width_m", [0, -1, 5001, float("nan")])
def test_a_corridor_s_width_is_bounded(half_width_m: float) -> None:
    with refusal("corridor_width"):
        corridor(line((0, 0), (1, 1)), half_width_m, metric_epsg=EPSG)


def test_a_corridor_needs_a_line_in_the_district() -> None:
    with refusal("corridor_without_line"):
        corridor(shapely.LineString(), 20, metric_epsg=EPSG)
    with refusal("corridor_outside"):
        corridor(line((0, 5000), (100, 5000)), 20, metric_epsg=EPSG, within=ZONES["A"])


def test_a_new_ring_keeps_holes_and_other_parts() -> None:
    holed = ZONES["A"].difference(box(400, 400, 500, 500)) | box(5000, 0, 5100, 100)
    ring = shapely.get_coordinates(box(0, 0, 1000, 800))
    assert area_m2(reshaped(holed, ring)) == pytest.approx(800_000, rel=1e-3)


@pytest.mark.parametrize(("east", "corner"), [(997, 1000), (1003, 1000)])
def test_corners_snap_to_a_neighbour_s_corners(east: float, corner: float) -> None:
    moved = snapped(box(0, 0, east, 1000), [GROUND["B"]], tolerance_m=5, metric_epsg=EPSG)
    assert on_grid(moved).normalize().equals_exact(on_grid(box(0, 0, corner, 1000)).normalize(), 2e-9)
    assert moved.intersection(GROUND["B"]).area == 0


def test_corners_snap_to_an_edge_and_edges_to_a_corner() -> None:
    moved = snapped(box(1003, 200, 1500, 800), [GROUND["A"]], tolerance_m=5, metric_epsg=EPSG)
    assert coverage_of({"A": noded({"A": GROUND["A"], "N": moved})["A"], "N": moved}).overlap_m2 < 0.01
    long = snapped(box(1003, -500, 1500, 1500), [GROUND["A"]], tolerance_m=5, metric_epsg=EPSG)
    assert {tuple(xy) for xy in shapely.get_coordinates(GROUND["A"])} & {tuple(xy) for xy in long.exterior.coords}


def test_without_tolerance_or_neighbours_nothing_snaps() -> None:
    drawn = box(0, 0, 998, 1000)
    assert snapped(drawn, [GROUND["B"]], tolerance_m=0, metric_epsg=EPSG) == on_grid(drawn)
    assert snapped(drawn, [], tolerance_m=5, metric_epsg=EPSG) == on_grid(drawn)


def test_what_snapping_would_break_stays() -> None:
    sliver = box(1001, 0, 1002, 1000)
    assert snapped(sliver, [GROUND["A"]], tolerance_m=5, metric_epsg=EPSG) == on_grid(sliver)


def test_a_collapsing_hole_is_left_out_by_snapping() -> None:
    holed = box(-500, -500, 1500, 1500).difference(box(999, 999, 1001, 1001))
    moved = snapped(holed, [GROUND["A"]], tolerance_m=5, metric_epsg=EPSG)
    assert not list(moved.interiors)


def test_area_does_not_depend_on_corners_along_edges() -> None:
    large = shapely.box(119.0, 35.0, 119.5, 35.4)
    assert area_m2(shapely.segmentize(large, 0.01)) == pytest.approx(area_m2(large), abs=0.01)
    assert area_km2(large) == pytest.approx(area_m2(large) / 1e6)


def test_area_is_the_plane_s_but_for_its_scale() -> None:
    assert area_m2(ZONES["A"]) == pytest.approx(in_metres(ZONES["A"], EPSG).area, rel=2e-4)
    assert area_m2(None) == area_m2(line((0, 0), (1, 1))) == 0


def test_a_holed_outline_is_measured_without_its_hole() -> None:
    holed = ZONES["A"].difference(box(400, 400, 500, 500))
    assert area_m2(holed) == pytest.approx(990_000, rel=1e-3)
    assert length_km(holed) == pytest.approx(4.4, rel=1e-3)


def test_lengths_of_lines_and_of_nothing() -> None:
    assert length_km(line((0, 0), (3000, 0))) == pytest.approx(3, rel=1e-3)
    assert length_km(None) == length_km(shapely.Polygon()) == 0


def test_a_change_says_what_was_added_and_removed() -> None:
    change = change_of(box(0, 0, 1000, 1000), box(500, 0, 1700, 1000))
    assert (change.added_m2, change.removed_m2) == pytest.approx((700_000, 500_000), rel=1e-3)
    assert change.parts == (1, 1)
    assert change.length_km == pytest.approx((4, 4.4), rel=1e-3)


def test_a_zone_that_begins_is_all_added_and_an_equal_one_is_no_change() -> None:
    assert change_of(None, ZONES["A"]).parts == (0, 1)
    assert change_of(ZONES["A"], ZONES["A"]).is_none


def test_shares_come_largest_first() -> None:
    assert list(shares_of(box(900, 100, 1300, 200), GROUND)) == ["B", "A"]
    assert sum(shares_of(box(900, 900, 1300, 1200), GROUND).values()) == pytest.approx(1, abs=1e-6)


def test_polygons_are_found_in_collections_of_collections() -> None:
    nested = shapely.GeometryCollection([shapely.GeometryCollection([ZONES["A"], shapely.Point(1, 1)])])
    assert polygons_of(nested) == ZONES["A"]


def test_gaps_overlaps_and_ground_beyond_are_told_with_their_zones() -> None:
    loose = {"A": box(0, 0, 1010, 1000), "B": box(1000, 0, 1990, 1000)}
    found = coverage_of(loose, district=box(0, 0, 2000, 900))
    assert [piece.codes for piece in (*found.gaps, *found.overlaps)] == [("B",), ("A", "B")]
    assert (found.gap_m2, found.overlap_m2) == pytest.approx((9_000, 10_000), rel=2e-3)
    assert found.beyond_m2 == pytest.approx(200_000, rel=1e-2)


@pytest.mark.parametrize(
    ("zones", "district", "code"),
    [
        ({"A": box(0, 0, 900, 1000)}, box(0, 0, 1000, 1000), "coverage_gap"),
        ({"A": box(0, 0, 900, 1000), "B": box(800, 0, 1000, 1000)}, None, "coverage_overlap"),
        ({"A": box(0, 0, 1000, 1000)}, box(0, 0, 900, 1000), "coverage_beyond"),
    ],
)
def test_a_broken_coverage_is_refused(zones, district, code) -> None:
    with pytest.raises(InvalidZones, check=lambda error: error.code == code):
        require_coverage(zones, district=district)


def test_without_a_district_gaps_are_holes() -> None:
    ring = box(0, 0, 1000, 1000).difference(box(400, 400, 600, 600))
    assert coverage_of({"A": ring}).gap_m2 == pytest.approx(40_000, rel=1e-3)
