"""Where demo records lie: scattered in metres around a township's seat or over a key zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from dashboard.demo.layers import Layers
from geo.metric import in_degrees, in_metres
from governance.vocabulary import ZoneKind

AT_SEA = frozenset({ZoneKind.PORT, ZoneKind.FISHING_HARBOUR, ZoneKind.SHIPYARD})
SPREAD_M = 2200.0
DECIMALS = 6


@dataclass(frozen=True, kw_only=True)
class Field:
    """The zones in metres; points at sea are taken only in harbours, ports and shipyards."""

    land: BaseGeometry
    shapes: Mapping[str, BaseGeometry]
    seats: Mapping[str, BaseGeometry]
    wet: frozenset[str]
    metric_epsg: int

    def point(self, rng: Random, code: str) -> tuple[float, float]:
        """A point of a zone: longitude and latitude, rounded to 0.1 m."""
        shape = self.shapes[code]
        ground = shape if code in self.wet else shapely.intersection(shape, self.land)
        x, y = self._candidate(rng, code, ground)
        while not shapely.contains_xy(ground, x, y):
            x, y = self._candidate(rng, code, ground)
        place = in_degrees(Point(x, y), self.metric_epsg)
        return round(place.x, DECIMALS), round(place.y, DECIMALS)

    def near(self, rng: Random, lon: float, lat: float, *, radius_m: float) -> tuple[float, float]:
        """A point at most ``radius_m`` metres east or west, north or south of another."""
        here = in_metres(Point(lon, lat), self.metric_epsg)
        step = Point(here.x + rng.uniform(-radius_m, radius_m), here.y + rng.uniform(-radius_m, radius_m))
        place = in_degrees(step, self.metric_epsg)
        return round(place.x, DECIMALS), round(place.y, DECIMALS)

    def _candidate(self, rng: Random, code: str, ground: BaseGeometry) -> tuple[float, float]:
        seat = self.seats.get(code)
        if seat is not None:
            return rng.gauss(seat.x, SPREAD_M), rng.gauss(seat.y, SPREAD_M)
        west, south, east, north = ground.bounds
        return rng.uniform(west, east), rng.uniform(south, north)


def field_of(layers: Layers, *, metric_epsg: int) -> Field:
    """The zones ready for scattering."""
    return Field(
        land=in_metres(layers.outline, metric_epsg),
        shapes={code: in_metres(shape, metric_epsg) for code, shape in layers.shapes.items()},
        seats={code: in_metres(Point(seat), metric_epsg) for code, seat in layers.seats.items()},
        wet=frozenset(code for code, zone in layers.zones.items() if zone.kind in AT_SEA),
        metric_epsg=metric_epsg,
    )
