import geopandas
import pytest
import shapely

from geo.errors import InvalidOutline
from geo.metric import areas_m2, in_degrees, in_metres
from geo.outlines import coverage, node_coverage, repair_outline, repair_outlines, union_outline

EPSG = 4549
CORNER = (400_000.0, 3_880_000.0)


def metric(*xy):
    """A polygon from metres east and north of the corner, in WGS84."""
    return in_degrees(shapely.Polygon([(x + CORNER[0], y + CORNER[1]) for x, y in xy]), EPSG)


def box(x0, y0, x1, y1):
    return metric((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def layer(**outlines):
    return geopandas.GeoDataFrame({"code": list(outlines)}, geometry=list(outlines.values()), crs=4326)


BOW_TIE = metric((0, 0), (1000, 1000), (1000, 0), (0, 1000))
NICKED = metric((0, 0), (1000, 0), (1000, 1000), (500, 1000), (499, 1001), (501, 1001), (500, 1000), (0, 1000))


def test_a_valid_outline_is_kept_vertex_by_vertex():
    square = box(0, 0, 1000, 1000)
    outline, repair = repair_outline(square, EPSG)
    assert repair is None
    assert outline.equals_exact(square, 0)


def test_a_crossing_that_changes_next_to_nothing_is_mended_and_reported():
    outline, repair = repair_outline(NICKED, EPSG, row=3, zone="K1")
    assert outline.is_valid
    assert (repair.row, repair.zone) == (3, "K1")
    assert 0 <= repair.change <= 0.001


def test_an_outline_that_crosses_itself_is_refused_with_the_place():
    with pytest.raises(InvalidOutline, match="zone K1 in row 7 is invalid: Self-intersection") as caught:
        repair_outline(BOW_TIE, EPSG, row=7, zone="K1")
    x, y = in_metres(shapely.Point(caught.value.params["lon"], caught.value.params["lat"]), EPSG).coords[0]
    assert (x - CORNER[0], y - CORNER[1]) == pytest.approx((500, 500), abs=1)


def test_the_repair_may_change_a_thousandth_of_the_area_and_no_more():
    def with_loop(side):
        return metric(
            (0, 0), (1000, 0), (1000, 1000), (500, 1000),
            (500 - side, 1000 + side), (500 + side, 1000 + side), (500, 1000), (0, 1000),
        )  # fmt: skip

    assert repair_outline(with_loop(20), EPSG)[1].change == pytest.approx(0.0008, rel=0.01)
    with pytest.raises(InvalidOutline):
        repair_outline(with_loop(25), EPSG)


@pytest.mark.parametrize(
    ("geometry", "found"),
    [
        (None, "has no outline"),
        (shapely.Polygon(), "has no outline"),
        (shapely.Point(119, 35), "is a Point; a polygon is needed"),
        (shapely.Polygon([(119, 35), (119.1, float("inf")), (119.2, 35.1)]), "not numbers"),
        (shapely.LineString([(119, 35), (120, 35)]), "is a LineString"),
    ],
)
def test_what_is_no_polygon_is_refused(geometry, found):
    with pytest.raises(InvalidOutline, match=found):
        repair_outline(geometry, EPSG)


def test_an_outline_without_area_is_refused():
    with pytest.raises(InvalidOutline):
        repair_outline(shapely.Polygon([(119, 35), (119.1, 35), (119.2, 35)]), EPSG)


def test_heights_are_dropped_and_parts_are_kept():
    parts = shapely.MultiPolygon([box(0, 0, 100, 100), box(200, 0, 300, 100)])
    outline, _ = repair_outline(shapely.force_3d(parts, 5), EPSG)
    assert (outline.geom_type, outline.has_z, len(outline.geoms)) == ("MultiPolygon", False, 2)


def test_every_row_is_either_kept_or_refused():
    frame = layer(A=box(0, 0, 1000, 1000), B=BOW_TIE, C=NICKED)
    checked = repair_outlines(frame, EPSG)
    assert checked.frame["code"].tolist() == ["A", "C"]
    assert [repair.zone for repair in checked.repaired] == ["C"]
    assert [error.params["zone"] for error in checked.refused] == ["B"]


def test_no_outlines_give_no_outlines():
    checked = repair_outlines(layer(A=box(0, 0, 1, 1)).head(0), EPSG)
    assert (len(checked.frame), checked.repaired, checked.refused) == (0, (), ())


def test_townships_that_cover_their_district_have_neither_gap_nor_overlap():
    frame = layer(A=box(0, 0, 1000, 1000), B=box(1000, 0, 2000, 1000))
    found = coverage(frame, EPSG, district=box(0, 0, 2000, 1000))
    assert (found.gap_m2, found.overlap_m2, found.beyond_m2, found.overlaps) == (0, 0, 0, ())


def test_overlaps_are_measured_by_pair():
    frame = layer(B=box(900, 0, 2000, 1000), A=box(0, 0, 1000, 1000), C=box(1990, 0, 3000, 1000))
    found = coverage(frame, EPSG)
    assert [pair[:2] for pair in found.overlaps] == [("A", "B"), ("B", "C")]
    assert [pair[2] for pair in found.overlaps] == pytest.approx([100_000, 10_000], rel=1e-4)
    assert found.overlap_m2 == pytest.approx(110_000, rel=1e-4)


def test_gaps_against_the_district_and_land_beyond_it_are_measured():
    found = coverage(layer(A=box(0, 0, 1000, 1000)), EPSG, district=box(100, 0, 1500, 1000))
    assert found.gap_m2 == pytest.approx(500_000, rel=1e-4)
    assert found.beyond_m2 == pytest.approx(100_000, rel=1e-4)


def test_without_a_district_the_holes_between_townships_are_the_gaps():
    ring = shapely.difference(box(0, 0, 1000, 1000), box(400, 400, 600, 600))
    assert coverage(layer(A=ring), EPSG).gap_m2 == pytest.approx(40_000, rel=1e-4)


def test_without_townships_the_whole_district_is_a_gap():
    found = coverage(layer(A=box(0, 0, 1, 1)).head(0), EPSG, district=box(0, 0, 1000, 1000))
    assert found.gap_m2 == pytest.approx(1_000_000, rel=1e-4)


def test_the_union_of_townships_is_the_outline_of_their_district():
    frame = layer(A=box(0, 0, 1000, 1000), B=box(1000, 0, 2000, 1000))
    assert areas_m2([union_outline(frame)], EPSG)[0] == pytest.approx(2_000_000)
    assert union_outline(frame.head(0)).is_empty


def test_neighbours_with_common_corners_are_left_as_they_are():
    frame = layer(A=box(0, 0, 1000, 1000), B=box(1000, 0, 2000, 1000))
    assert node_coverage(frame, EPSG, tolerance_m=1).geometry.geom_equals_exact(frame.geometry, 0).all()


@pytest.mark.parametrize("east", [999.7, 1000.3])
def test_slivers_between_neighbours_are_closed_and_corners_shared(east):
    left = metric((0, 0), (1000, 0), (1000, 500), (1000, 1000), (0, 1000))
    frame = layer(A=left, B=box(east, 0, 2000, 1000))
    noded = node_coverage(frame, EPSG, tolerance_m=1)
    assert shapely.coverage_is_valid(in_metres(noded.geometry.to_numpy(), EPSG))
    assert coverage(noded, EPSG).overlap_m2 == 0
    assert shapely.intersection(*noded.geometry).length > 0
    assert shapely.get_num_coordinates(noded.geometry.iloc[1]) == 6  # the corner halfway up is shared


def test_an_overlap_wider_than_the_tolerance_is_not_decided_by_the_program():
    frame = layer(A=box(0, 0, 1000, 1000), B=box(900, 0, 2000, 1000))
    with pytest.raises(InvalidOutline, match="by more than 1 m"):
        node_coverage(frame, EPSG, tolerance_m=1)
