"""A layer over existing zones: what is added, removed and changed."""

import geopandas
import numpy as np
import pytest
import shapely

from geo.editing_layers import diff_layer
from geo.errors import InvalidZones

EPSG = 4528
HOME = shapely.box(119.2, 35.0, 119.25, 35.1)
WIDER = shapely.box(119.2, 35.0, 119.26, 35.1)


def layer(**shapes) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"code": list(shapes)}, geometry=list(shapes.values()), crs="EPSG:4326")


def test_zones_are_matched_by_code_and_equal_ones_left_out() -> None:
    found = diff_layer(layer(A=HOME, B=HOME, C=HOME), layer(D=HOME, C=WIDER, A=HOME), metric_epsg=EPSG)
    assert found[["code", "kind"]].to_numpy().tolist() == [["B", "removed"], ["C", "changed"], ["D", "added"]]


def test_a_changed_zone_tells_its_ground_and_distance() -> None:
    row = diff_layer(layer(C=HOME), layer(C=WIDER), metric_epsg=EPSG).iloc[0]
    assert row["added_m2"] == pytest.approx(0.01 * 91_200 * 0.1 * 110_940, rel=1e-3)
    assert row["removed_m2"] == 0
    assert row["hausdorff_m"] == pytest.approx(912, abs=2)
    assert row["geometry"].equals(WIDER - HOME) or row["geometry"].symmetric_difference(WIDER - HOME).area < 1e-9


def test_one_sided_rows_have_no_distance() -> None:
    assert np.isnan(diff_layer(layer(), layer(A=HOME), metric_epsg=EPSG)["hausdorff_m"].iloc[0])


def test_equal_layers_give_an_empty_frame_with_its_columns() -> None:
    found = diff_layer(layer(A=HOME), layer(A=HOME), metric_epsg=EPSG)
    assert len(found) == 0
    assert "hausdorff_m" in found
    assert found.crs.to_epsg() == 4326


def test_a_code_given_twice_or_without_outline_is_refused() -> None:
    twice = geopandas.GeoDataFrame({"code": ["A", "A"]}, geometry=[HOME, HOME], crs="EPSG:4326")
    with pytest.raises(InvalidZones, match="A is given more than once"):
        diff_layer(layer(), twice, metric_epsg=EPSG)
    with pytest.raises(InvalidZones, match="A of the layer has no outline"):
        diff_layer(layer(A=None), layer(), metric_epsg=EPSG)
