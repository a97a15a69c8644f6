"""Outlines that are refused, with the zone, the value and what is allowed."""

import numpy as np
import pytest
import shapely

from geo.editing_measures import area_m2
from geo.editing_rings import drawn_outline, repaired, require_polygon
from geo.errors import InvalidOutline
from geo.outline_rules import OutlineLimits, require_outline

EPSG = 4528
DISTRICT = shapely.box(119.2, 35.0, 119.4, 35.2)
GOOD = shapely.box(119.25, 35.05, 119.3, 35.1)
BOWTIE = shapely.Polygon([(119.2, 35.0), (119.3, 35.1), (119.3, 35.0), (119.2, 35.1)])


def require(outline, **limits) -> None:
    require_outline(outline, zone="Z1", metric_epsg=EPSG, district=DISTRICT, limits=OutlineLimits(**limits))


def test_a_good_outline_is_taken() -> None:
    require(GOOD)
    require_outline(GOOD, zone="Z1", metric_epsg=EPSG)


@pytest.mark.parametrize(
    ("outline", "code"),
    [
        (None, "outline_missing"),
        (shapely.Polygon(), "outline_missing"),
        (shapely.Point(119.3, 35.1), "outline_no_polygon"),
        (shapely.Polygon([(119.2, 35), (119.3, np.inf), (119.3, 35.1)]), "points_not_finite"),
        (BOWTIE, "outline_crosses_itself"),
        (shapely.box(35.0, 119.2, 35.2, 119.4), "outline_axes_swapped"),
        (shapely.box(440_000, 3_880_000, 441_000, 3_881_000), "outline_not_degrees"),
        (GOOD.difference(shapely.box(119.26, 35.06, 119.27, 35.07)), "too_many_holes"),
        (shapely.box(119.25, 35.05, 119.25005, 35.05005), "sliver"),
        (shapely.box(119.25, 35.05, 119.25001, 35.1), "outline_too_thin"),
        (shapely.box(119.3, 35.1, 119.6, 35.15), "outline_outside"),
    ],
)
def test_a_bad_outline_is_refused(outline, code) -> None:
    with pytest.raises(InvalidOutline, match="Z1", check=lambda error: error.code == code):
        require(outline)


def test_too_many_corners_are_refused_with_both_numbers() -> None:
    with pytest.raises(InvalidOutline, match="has 5 corners; at most 4"):
        require(GOOD, most_points=4)


def test_an_outline_may_reach_to_sea_as_far_as_the_margin() -> None:
    beyond = shapely.box(119.3, 35.1, 119.42, 35.15)
    require(beyond)
    with pytest.raises(InvalidOutline, match=r"reaches 18\d\d m beyond the district; 1000 m are allowed"):
        require(beyond, sea_margin_m=1000)


def test_swapped_axes_are_named_even_where_both_numbers_could_be_degrees() -> None:
    west = shapely.box(87.0, 43.0, 88.0, 44.0)
    with pytest.raises(InvalidOutline, match="swapped"):
        require_outline(shapely.box(43.2, 87.2, 43.4, 87.4), zone="Z1", metric_epsg=4517, district=west)


def test_the_place_of_a_crossing_is_named() -> None:
    with pytest.raises(InvalidOutline, match=r"longitude 119\.25, latitude 35\.05: Self-intersection"):
        require_polygon(BOWTIE, zone="Z1")


def test_a_drawn_ring_becomes_an_outline() -> None:
    assert drawn_outline([(119.2, 35.0), (119.3, 35.0), (119.3, 35.1)]).is_valid


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        ([], "too_few_points"),
        ([(119.2, 35.0), (119.3, 35.0), (119.2, 35.0), (119.3, 35.0)], "too_few_points"),
        ([(119.2, 35.0), (119.3, float("nan")), (119.3, 35.1)], "points_not_finite"),
        (shapely.get_coordinates(BOWTIE), "outline_crosses_itself"),
        ([(119.2, 35.0), (119.3, 35.0), (119.4, 35.0)], "outline_crosses_itself"),
    ],
)
def test_a_bad_ring_is_refused(ring, code) -> None:
    with pytest.raises(InvalidOutline, check=lambda error: error.code == code):
        drawn_outline(ring, zone="Z1")


def test_a_crossing_is_mended_as_a_proposal() -> None:
    proposal = repaired(BOWTIE)
    assert proposal is not None
    assert proposal.outline.is_valid
    assert (proposal.lon, proposal.lat) == (119.25, 35.05)
    assert area_m2(proposal.outline) > 0
    assert repaired(GOOD) is None
