"""The demo's district, zones, villages and industries, from facts with their sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from dashboard.demo.recipe import features, recipe, rows
from dashboard.services import territory
from db.tables.people import Unit
from db.tables.territory import District, Industry, Zone
from db.unit_of_work import UnitOfWork
from governance.permissions import Actor
from governance.vocabulary import ZoneKind


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Zones by code, with their outlines in WGS84 and the seats of the townships (lon, lat)."""

    outline: BaseGeometry
    zones: Mapping[str, Zone]
    shapes: Mapping[str, BaseGeometry]
    seats: Mapping[str, tuple[float, float]]

    @property
    def townships(self) -> tuple[str, ...]:
        """Codes of the townships, in their order."""
        return tuple(code for code, zone in self.zones.items() if zone.kind == ZoneKind.TOWNSHIP)

    def code_of(self, zone_id: int | None) -> str:
        """Code of a zone by its number; empty for none."""
        return next((code for code, zone in self.zones.items() if zone.id == zone_id), "")


def found(engine: Engine, *, actor: Actor, now: datetime) -> District:
    """Set up the district, marked as a demo."""
    (feature,) = features("district.geojson")
    facts, ground = feature["properties"], recipe().district
    return territory.found_district(
        engine,
        actor=actor,
        now=now,
        code=facts["code"],
        name=facts["name"],
        name_en=ground.name_en,
        nearest_m=ground.nearest_m,
        sea_margin_m=ground.sea_margin_m,
        is_demo=True,
    )


def add_layers(work: UnitOfWork) -> Layers:
    """Add the district's outline, its townships and key zones."""
    (whole,) = features("district.geojson")
    outline = shape(whole["geometry"])
    facts = whole["properties"]
    zone = territory.add_zone(work, code=facts["code"], kind=ZoneKind.DISTRICT, name=facts["name"])
    territory.set_outline(work, zone, outline, source=facts["source"])
    zones: dict[str, Zone] = {}
    shapes: dict[str, BaseGeometry] = {}
    seats: dict[str, tuple[float, float]] = {}
    for feature in features("townships.geojson") + features("key_zones.geojson"):
        facts = feature["properties"]
        code = facts["code"]
        zones[code], shapes[code] = _add_zone(work, facts), shape(feature["geometry"])
        territory.set_outline(
            work, zones[code], shapes[code], is_approximate=facts["approximate"], source=facts["source"]
        )
        if "seat_lon" in facts:
            seats[code] = (facts["seat_lon"], facts["seat_lat"])
    return Layers(outline=outline, zones=zones, shapes=shapes, seats=seats)


def _add_zone(work: UnitOfWork, facts: Mapping[str, str]) -> Zone:
    kind = ZoneKind(facts.get("kind", ZoneKind.TOWNSHIP))
    code = facts["code"]
    return territory.add_zone(work, code=code, kind=kind, name=facts["name"], name_en=recipe().names_en[code])


def add_villages(work: UnitOfWork, layers: Layers) -> None:
    """Add the villages; their places are not known."""
    for row in rows("villages.csv"):
        township = layers.zones[row["township_code"]]
        territory.add_village(work, code=row["code"], name=row["name"], township=township, source=row["source"])


def add_industries(work: UnitOfWork, departments: Mapping[str, Unit], *, valid_from: date) -> dict[str, Industry]:
    """Add the industries, each with its department and its standard; by code."""
    industries: dict[str, Industry] = {}
    for row in rows("industries.csv"):
        extra = recipe().industries[row["code"]]
        industry = territory.add_industry(
            work, code=row["code"], name=row["name"], name_en=extra.name_en, gbt4754=row["gbt4754_2017"]
        )
        department = departments[row["department"]]
        territory.set_standard(work, industry, department, text=extra.standard, valid_from=valid_from)
        industries[row["code"]] = industry
    return industries
