"""Any sequence of edits over real outlines leaves a coverage without gap or overlap, of the same ground."""

import random
from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import coverage_of
from geo.editing import moved_border, noded
from geo.editing_cuts import merged_outline, split_outline
from geo.editing_measures import area_m2
from geo.errors import GeoError

EPSG = 4528
FILE = Path(__file__).parents[3] / "dashboard" / "demo" / "data" / "townships.geojson"
TOWNSHIPS = geopandas.read_file(FILE)
DISTRICT = TOWNSHIPS.geometry.union_all()
START = noded(dict(zip(TOWNSHIPS["code"].astype(str), TOWNSHIPS.geometry, strict=True)), district=DISTRICT)
Zones = dict[str, shapely.Geometry]


def chosen(zones: Zones, chance: random.Random) -> str:
    return chance.choice(sorted(zones))


def move(zones: Zones, chance: random.Random) -> Zones:
    """Push a zone's border out or in at a random place."""
    code = chosen(zones, chance)
    ring = max(shapely.get_parts(zones[code]), key=lambda part: part.area).exterior
    disc = ring.interpolate(chance.random(), normalized=True).buffer(chance.uniform(0.0005, 0.02), quad_segs=4)
    wanted = zones[code] | disc if chance.random() < 0.6 else zones[code] - disc
    return {**zones, **moved_border(zones, code, wanted, metric_epsg=EPSG, district=DISTRICT)}


def split(zones: Zones, chance: random.Random) -> Zones:
    """Cut a zone along a random line through it."""
    code = chosen(zones, chance)
    west, south, east, north = zones[code].bounds
    ends = [(west - 0.01, chance.uniform(south, north)), (east + 0.01, chance.uniform(south, north))]
    first, *others = split_outline(zones[code], shapely.LineString(ends), metric_epsg=EPSG)
    fresh = {f"{code}-{chance.getrandbits(40)}-{index}": part for index, part in enumerate(others)}
    return noded({**zones, code: first, **fresh}, district=DISTRICT)


def merge(zones: Zones, chance: random.Random) -> Zones:
    """Join a zone with a neighbour."""
    code = chosen(zones, chance)
    near = sorted(other for other in zones if other != code and zones[other].intersection(zones[code]).length > 0)
    other = chance.choice(near)
    whole = merged_outline({one: zones[one] for one in (code, other)}, metric_epsg=EPSG, snap_m=0)
    return {one: shape for one, shape in {**zones, code: whole}.items() if one != other}


EDITS = {"move": move, "split": split, "merge": merge}


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["move", "move", "move", "split", "merge"]), min_size=10, max_size=25), st.integers(0))
def test_edits_leave_no_gap_and_no_overlap(kinds: list[str], seed: int) -> None:
    zones, chance = START, random.Random(seed)
    for kind in kinds:
        try:
            zones = EDITS[kind](zones, chance)
        except GeoError:
            continue
        assert all(shape.is_valid and not shape.is_empty for shape in zones.values())
    found = coverage_of(zones, district=DISTRICT)
    assert found.gap_m2 + found.overlap_m2 + found.beyond_m2 < 1
    assert sum(map(area_m2, zones.values())) == pytest.approx(area_m2(DISTRICT), abs=1)
    assert shapely.coverage_is_valid(list(zones.values()))


@pytest.mark.parametrize("seed", range(6))
def test_splitting_and_merging_gives_the_same_area(seed: int) -> None:
    chance = random.Random(seed)
    code = chosen(START, chance)
    parts = {one: shape for one, shape in split(START, chance).items() if one.startswith(code)}
    whole = merged_outline(parts, metric_epsg=EPSG, snap_m=0)
    assert area_m2(whole) == pytest.approx(area_m2(START[code]), rel=1e-6)
