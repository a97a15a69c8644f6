"""How fast points are linked to zones, against a bare index query of the same points in the same run.

Run ``python -m benchmarks.linking [POINTS]``; PostGIS is shown beside where the environment variable
GRIDGUARD_BENCH_POSTGIS_URL names a database that has it.
"""

import os
import sys
import time
from collections.abc import Callable
from statistics import median

import geopandas
import numpy as np
import psycopg
import shapely

from geo.linking import key_zone_pairs, link, townships_of
from geo.metric import in_degrees
from geo.zones import Zones, zones_of

POINTS = 1_000_000
REPEATS = 5
METRIC_EPSG = 4549
NEAREST_M = 2_000.0
SHARE_OUTSIDE = 0.05
ORIGIN_M = (400_000.0, 3_880_000.0)
SIDE_M = 10_000.0
COLUMNS, ROWS, STEPS = 4, 2, 120
# The hardest of the bare queries: a tree of the points that is there already, asked with prepared zones.
YARDSTICK = "bare STRtree query"
TARGETS = {"join": 1.0, "whole linking": 2.5}


def main() -> int:
    """Print the ratios with their targets; 1 if a target was missed. The seconds are of this machine."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
    zones = district()
    lon, lat = scattered(zones, count)
    points = shapely.points(lon, lat)
    links = link(lon, lat, zones, nearest_m=NEAREST_M)
    outside = float((links.is_near | (links.township < 0)).mean())
    vertices = int(shapely.get_num_coordinates(zones.outlines).sum())
    print(f"{count:,} points, {len(zones)} zones of {vertices:,} vertices, {outside:.1%} outside all townships")
    tree = shapely.STRtree(points)
    seconds = interleaved(
        {
            YARDSTICK: lambda: tree.query(zones.outlines, predicate="intersects"),
            "join": lambda: join(lon, lat, zones),
            "whole linking": lambda: link(lon, lat, zones, nearest_m=NEAREST_M),
            "same, tree built": lambda: shapely.STRtree(points).query(zones.outlines, predicate="intersects"),
            "tree of the zones": lambda: shapely.STRtree(zones.outlines).query(points, predicate="intersects"),
            "geopandas.sjoin": lambda: plain_sjoin(lon, lat, zones),
        }
    )
    bare = seconds[YARDSTICK]
    for name, taken in seconds.items():
        target = f"target <= {TARGETS[name]}" if name in TARGETS else "shown beside"
        print(f"{name:20} {taken:8.3f} s   ratio {taken / bare:5.2f}   {target}")
    print(postgis(lon, lat, zones, bare))
    return int(any(seconds[name] > target * bare for name, target in TARGETS.items()))


def interleaved(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Take each task in turn, several times over, so that a slow moment hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(REPEATS):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            taken[name].append(time.perf_counter() - start)
    return {name: median(values) for name, values in taken.items()}


def join(lon: np.ndarray, lat: np.ndarray, zones: Zones) -> object:
    """Find township and key zones, without the nearest township and the primary zone."""
    return townships_of(lon, lat, zones), key_zone_pairs(lon, lat, zones)


def plain_sjoin(lon: np.ndarray, lat: np.ndarray, zones: Zones) -> object:
    """Do the join the way a first script would."""
    left = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs=4326)
    right = geopandas.GeoDataFrame({"code": zones.codes}, geometry=zones.outlines, crs=4326)
    return left.sjoin(right, predicate="intersects")


def district() -> Zones:
    """Build eight townships with winding common borders and twelve key zones that overlap."""
    townships = [_township(column, row) for column in range(COLUMNS) for row in range(ROWS)]
    rng = np.random.default_rng(3)
    centres = np.column_stack([rng.uniform(0, COLUMNS * SIDE_M, 12), rng.uniform(0, ROWS * SIDE_M, 12)])
    yards = [shapely.Point(xy + ORIGIN_M).buffer(800 + 150 * n, quad_segs=32) for n, xy in enumerate(centres)]
    outlines = in_degrees(np.array(townships + yards, object), METRIC_EPSG)
    codes = [f"T{n}" for n in range(len(townships))] + [f"K{n:02}" for n in range(len(yards))]
    kinds = [True] * len(townships) + [False] * len(yards)
    return zones_of(codes, kinds, list(outlines), metric_epsg=METRIC_EPSG)


def _township(column: int, row: int) -> shapely.Polygon:
    t = np.linspace(0, 1, STEPS)
    left, right = _winding(t + row), _winding(t + row)
    bottom, top = _winding(t + column), _winding(t + column)
    ring = np.concatenate(
        [
            np.column_stack([column + t, row + bottom]),
            np.column_stack([column + 1 + right, row + t]),
            np.column_stack([column + 1 - t, row + 1 + top[::-1]]),
            np.column_stack([column + left[::-1], row + 1 - t]),
        ]
    )
    return shapely.Polygon(ring * SIDE_M + ORIGIN_M)


def _winding(t: np.ndarray) -> np.ndarray:
    return np.sin(np.pi * t) ** 2 * (0.05 * np.sin(14 * np.pi * t) + 0.01 * np.sin(38 * np.pi * t))


def scattered(zones: Zones, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Scatter points over the townships, a small share of them outside."""
    rng = np.random.default_rng(4)
    land = shapely.union_all(zones.outlines[zones.is_township])
    shapely.prepare(land)
    west, south, east, north = land.buffer(0.02).bounds  # a frame of about 2 km to draw from, not a measure
    lon, lat = rng.uniform(west, east, 2 * count), rng.uniform(south, north, 2 * count)
    on_land = shapely.intersects_xy(land, lon, lat)
    at_sea = int(count * SHARE_OUTSIDE)
    chosen = np.concatenate([np.flatnonzero(on_land)[: count - at_sea], np.flatnonzero(~on_land)[:at_sea]])
    rng.shuffle(chosen)
    return lon[chosen], lat[chosen]


def postgis(lon: np.ndarray, lat: np.ndarray, zones: Zones, bare: float) -> str:
    """Join the same points with ST_Intersects and a GiST index, if a PostGIS can be reached."""
    url = os.environ.get("GRIDGUARD_BENCH_POSTGIS_URL")
    if not url:
        return "PostGIS: not installed here"
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        try:
            cursor.execute("create extension if not exists postgis")
        except psycopg.errors.FeatureNotSupported:
            return "PostGIS: not installed in that database"
        cursor.execute("create temp table zone (geom geometry(Geometry, 4326))")
        cursor.execute("create temp table point (geom geometry(Point, 4326))")
        for outline in zones.outlines:
            cursor.execute("insert into zone values (ST_GeomFromWKB(%s, 4326))", [shapely.to_wkb(outline)])
        with cursor.copy("copy point from stdin") as copy:
            for x, y in zip(lon.tolist(), lat.tolist(), strict=True):
                copy.write_row([f"SRID=4326;POINT({x!r} {y!r})"])
        cursor.execute("create index on point using gist (geom)")
        cursor.execute("analyze point")
        start = time.perf_counter()
        cursor.execute("select count(*) from zone z join point p on ST_Intersects(z.geom, p.geom)")
        taken = time.perf_counter() - start
    return f"{'PostGIS + GiST':20} {taken:8.3f} s   ratio {taken / bare:5.2f}   shown beside"


if __name__ == "__main__":
    sys.exit(main())
