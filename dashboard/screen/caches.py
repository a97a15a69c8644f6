"""Every cache of the screen: keyed by the data version, the local day and small values, never by frames."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from dashboard.i18n import _, current_locale
from dashboard.map_component import BaseMap, LiveLayer
from dashboard.maps import Bounds, ZoneShape, base_map
from dashboard.screen.address import zone_key
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services import playlist
from dashboard.services.inbox import inbox_summary
from dashboard.services.morning import Morning, morning_of
from dashboard.services.morning_visits import Changed, Since, changes_since
from dashboard.services.my_zones import MyZones, my_zones
from dashboard.services.overview import Standing, seen_standings, standings
from dashboard.services.rankings import Rankings
from dashboard.services.rankings import rankings as read_rankings
from db.repositories.issues import IssueLine
from db.repositories.people import actor_of, guarded_zone_ids, person_by_code
from db.repositories.territory import ZoneOutline, district_outline, territory_version, zones_on
from db.tables.people import Person
from db.unit_of_work import reading
from geo.display import simplify_outlines, to_geojson
from governance.permissions import Actor, Right, may
from governance.playlist import Step
from governance.vocabulary import ZoneKind

HOUR = 3600
WGS84 = "EPSG:4326"
TOLERANCE_M = 15.0


def outlines(here: Visit) -> list[ZoneOutline]:
    """Zones with their outlines of today."""
    return _outlines(here.engine, _territory(here.engine, here.version), here.today)


def zone_standings(here: Visit) -> dict[int, Standing]:
    """Standing of each zone as far as the person may know it, by its number."""
    if may(here.actor, Right.SEE_DISTRICT):
        return _standings(here.engine, here.version, here.today, here.settings.yellow_days)
    kept = (here.version, here.today, here.settings.yellow_days, here.signed_in.person_id)
    return _seen_standings(here.engine, *kept, here.actor)


def district_map(here: Visit, *, key: str, bounds: Bounds | None = None) -> BaseMap:
    """The base map of the district, fitted to the district or to given bounds."""
    return _base_map(
        here.engine,
        _territory(here.engine, here.version),
        here.today,
        locale=current_locale(),
        key=key,
        bounds=bounds,
        basemap=(here.settings.basemap_tiles, _attribution(here)),
        metric_epsg=here.district.metric_epsg,
    )


def _attribution(here: Visit) -> str:
    """Whose background map it is: as the administrator says, or Tianditu."""
    is_tianditu = here.settings.basemap_url is None and here.settings.basemap_tiles
    return here.settings.basemap_attribution or (_("Background map: Tianditu") if is_tianditu else "")


def waiting_count(here: Visit) -> int:
    """How much waits for the person in the inbox."""
    return _waiting(here.engine, here.version, here.today, here.signed_in.person_id)


def morning(here: Visit, leader: Person) -> Morning:
    """The morning of a leader: matters, numbers, zones."""
    return _morning(here.engine, here.version, here.today, here.settings.yellow_days, leader.code)


def guarded(here: Visit, leader: Person) -> MyZones:
    """The zones that a leader guards today, with their standing."""
    return _guarded(here.engine, here.version, here.today, here.settings.yellow_days, leader.code, leader)


def open_lines(here: Visit, mine: MyZones, draw: Callable[[], list[IssueLine]]) -> list[IssueLine]:
    """Open issues of a leader's zones as far as the person may see them; kept for the map and the table of one run."""
    kept = (here.version, here.today, here.settings.yellow_days, mine.leader.code, here.signed_in.person_id)
    return _open_lines(here.engine, *kept, draw)


def changes(here: Visit, leader: Person, since: Since) -> list[Changed]:
    """What changed in a leader's zones since a visit."""
    return _changes(here.engine, here.version, here.today, leader.code, since, here.district.time_zone)


def leader_layer(here: Visit, leader: Person, draw: Callable[[], LiveLayer]) -> LiveLayer:
    """The live layer of a leader's map, drawn where it is not kept yet; everybody who opens the page sees the same."""
    kept = (here.version, here.today, here.settings.yellow_days, leader.code, current_locale())
    return _leader_layer(here.engine, *kept, draw)


def wall_steps(here: Visit) -> list[Step]:
    """The steps of the wall's playlist today."""
    return _wall_steps(here.engine, here.version, here.today, here.settings.wall_order)


def severe_overdue(here: Visit) -> frozenset[int]:
    """Keys of the severe issues that are overdue today, so that the wall notices new ones."""
    return _severe_overdue(here.engine, here.version, here.today)


def rankings(here: Visit, *, since: date, until: date) -> Rankings:
    """Townships, departments and signers ranked for a period."""
    return _rankings(here.engine, here.version, here.today, since, until)


def bounds_of(geometries: list[BaseGeometry]) -> Bounds:
    """West, south, east, north of all geometries, in degrees."""
    boxes = [geometry.bounds for geometry in geometries]
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


@st.cache_resource(ttl=HOUR, max_entries=4, show_spinner=False)
def _territory(_engine: Engine, version: int) -> int:
    """What the outlines are keyed by: they change far less often than the data."""
    with reading(_engine) as session:
        return territory_version(session)


@st.cache_resource(ttl=HOUR, max_entries=4, show_spinner=False)
def _outlines(_engine: Engine, territory: int, today: date) -> list[ZoneOutline]:
    with reading(_engine) as session:
        return zones_on(session, today)


@st.cache_resource(ttl=HOUR, max_entries=4, show_spinner=False)
def _standings(_engine: Engine, version: int, today: date, yellow_days: int) -> dict[int, Standing]:
    with reading(_engine) as session:
        return standings(session, today=today, yellow_days=yellow_days)


@st.cache_resource(ttl=HOUR, max_entries=32, show_spinner=False)
def _seen_standings(
    _engine: Engine, version: int, today: date, yellow_days: int, person_id: int, _actor: Actor
) -> dict[int, Standing]:
    with reading(_engine) as session:
        return seen_standings(session, _actor, today=today, yellow_days=yellow_days)


@st.cache_resource(ttl=HOUR, max_entries=32, show_spinner=False)
def _base_map(
    _engine: Engine,
    territory: int,
    today: date,
    *,
    locale: str,
    key: str,
    bounds: Bounds | None,
    basemap: tuple[tuple[str, ...], str],
    metric_epsg: int | None,
) -> BaseMap:
    found = _outlines(_engine, territory, today)
    with reading(_engine) as session:
        own = district_outline(session, today)
    drawn = ([own] if own else []) + found
    shapes = _shapes(drawn, metric_epsg) if metric_epsg else []
    fitted = bounds or (bounds_of([item.geometry for item in found]) if found else (73.5, 18.0, 135.1, 53.6))
    return base_map(shapes, bounds=fitted, key=key, basemap_urls=basemap[0], basemap_attribution=basemap[1])


def _shapes(found: list[ZoneOutline], metric_epsg: int) -> list[ZoneShape]:
    simple = [geometry for part in _by_layer(found) for geometry in _simplified(part, metric_epsg)]
    ordered = [item for part in _by_layer(found) for item in part]
    return [
        ZoneShape(
            code=zone_key(item.zone.kind, item.zone.code),
            name=name_of(item.zone),
            kind=item.zone.kind,
            geometry=geometry,
            approximate=item.outline.is_approximate,
        )
        for item, geometry in zip(ordered, simple, strict=True)
    ]


def _by_layer(found: list[ZoneOutline]) -> list[list[ZoneOutline]]:
    """Townships share their borders and are simplified together; all others one by one."""
    townships = [item for item in found if item.zone.kind == ZoneKind.TOWNSHIP]
    return [townships, *([item] for item in found if item.zone.kind != ZoneKind.TOWNSHIP)]


def _simplified(part: list[ZoneOutline], metric_epsg: int) -> list[dict[str, Any]]:
    if not part:
        return []
    frame = GeoDataFrame(geometry=[item.geometry for item in part], crs=WGS84)
    collection = to_geojson(simplify_outlines(frame, metric_epsg, tolerance_m=TOLERANCE_M))
    return [feature["geometry"] for feature in collection["features"]]


@st.cache_resource(ttl=HOUR, max_entries=8, show_spinner=False)
def _rankings(_engine: Engine, version: int, today: date, since: date, until: date) -> Rankings:
    with reading(_engine) as session:
        return read_rankings(session, since=since, until=until, today=today)


@st.cache_resource(ttl=HOUR, max_entries=4, show_spinner=False)
def _wall_steps(_engine: Engine, version: int, today: date, order: tuple[str, ...]) -> list[Step]:
    with reading(_engine) as session:
        return playlist.steps_of(session, today=today, order=order)


@st.cache_resource(ttl=HOUR, max_entries=4, show_spinner=False)
def _severe_overdue(_engine: Engine, version: int, today: date) -> frozenset[int]:
    with reading(_engine) as session:
        return playlist.severe_overdue(session, today=today)


@st.cache_data(ttl=HOUR, max_entries=2000, show_spinner=False)
def _waiting(_engine: Engine, version: int, today: date, person_id: int) -> int:
    with reading(_engine) as session:
        return inbox_summary(session, actor_of(session, person_id, today=today), today=today).waiting


@st.cache_resource(ttl=HOUR, max_entries=64, show_spinner=False)
def _morning(_engine: Engine, version: int, today: date, yellow_days: int, leader: str) -> Morning:
    with reading(_engine) as session:
        return morning_of(session, person_by_code(session, leader), today=today, yellow_days=yellow_days)


@st.cache_resource(ttl=HOUR, max_entries=64, show_spinner=False)
def _guarded(_engine: Engine, version: int, today: date, yellow_days: int, leader: str, _leader: Person) -> MyZones:
    with reading(_engine) as session:
        return my_zones(session, _leader, today=today, yellow_days=yellow_days)


@st.cache_resource(ttl=HOUR, max_entries=4, show_spinner=False)
def _open_lines(
    _engine: Engine,
    version: int,
    today: date,
    yellow_days: int,
    leader: str,
    person_id: int,
    _draw: Callable[[], list[IssueLine]],
) -> list[IssueLine]:
    return _draw()


@st.cache_resource(ttl=HOUR, max_entries=64, show_spinner=False)
def _changes(_engine: Engine, version: int, today: date, leader: str, since: Since, time_zone: str) -> list[Changed]:
    with reading(_engine) as session:
        person = person_by_code(session, leader)
        zone_ids = guarded_zone_ids(session, person.key if person else None, day=today)
    return changes_since(_engine, zone_ids, since, today=today, upto=version, time_zone=time_zone)


@st.cache_data(ttl=HOUR, max_entries=64, show_spinner=False)
def _leader_layer(
    _engine: Engine,
    version: int,
    today: date,
    yellow_days: int,
    leader: str,
    locale: str,
    _draw: Callable[[], LiveLayer],
) -> LiveLayer:
    return _draw()
