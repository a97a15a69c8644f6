"""What the wall keeps of each step: its picture, the map's live layer and the chart, by data version and day."""

from datetime import date

import streamlit as st
from sqlalchemy import Engine

from dashboard.charts import Chart, weeks_chart
from dashboard.i18n import _, current_locale
from dashboard.map_component import LiveLayer
from dashboard.maps import Bounds, ZoneTag, live_layer
from dashboard.screen.address import zone_key
from dashboard.screen.caches import HOUR, bounds_of, outlines
from dashboard.screen.names import name_of
from dashboard.screen.visit import Visit
from dashboard.services.heat_weights import heat
from dashboard.services.overview import Standing, Week
from dashboard.services.wall import WallPicture
from dashboard.services.wall import wall_picture as read_wall_picture
from dashboard.services.wall_lists import ListName, Opened, opened_list
from db.loop_rules import loop_numbers_of
from db.tables.territory import Zone
from db.unit_of_work import reading
from governance.loop_numbers import LoopNumbers
from governance.playlist import Step
from governance.vocabulary import Light

STEPS = 64
TAGS = 3


def wall_picture(here: Visit, step: Step) -> WallPicture:
    """The wall's picture of a step in this data version."""
    return _wall_picture(here.engine, here.version, here.today, step, here.settings.yellow_days)


def wall_list(here: Visit, step: Step, name: ListName, page: int) -> Opened:
    """A page of a list of the wall."""
    return _wall_list(here.engine, here.version, here.today, step, name, page, here.settings.yellow_days)


def wall_layer(here: Visit, step: Step) -> LiveLayer:
    """The wall's live layer: lights, heat, the worst zones with their counts, and the view of the step."""
    focus = _focus(here, wall_picture(here, step))
    return _wall_layer(here.engine, here.version, here.today, step, here.settings.yellow_days, current_locale(), focus)


def weeks_figure(here: Visit, step: Step) -> Chart:
    """The chart of the last twelve weeks of a step."""
    return _weeks_figure(tuple(wall_picture(here, step).weeks), current_locale(), here.settings.theme)


def heat_numbers(here: Visit) -> LoopNumbers:
    """The district's numbers, of which the weights of the heat are a part."""
    return _heat_numbers(here.engine, here.version)


def _focus(here: Visit, picture: WallPicture) -> Bounds | None:
    ids = picture.scope.zone_ids
    found = [item.geometry for item in outlines(here) if not ids or item.zone.key in ids]
    if not found:
        return None
    west, south, east, north = bounds_of(found)
    room = 0.0 if not ids else max(east - west, north - south, 0.02) * 0.2
    return west - room, south - room, east + room, north + room


@st.cache_resource(ttl=HOUR, max_entries=STEPS, show_spinner=False)
def _wall_picture(_engine: Engine, version: int, today: date, step: Step, yellow_days: int) -> WallPicture:
    return read_wall_picture(_engine, step, today=today, yellow_days=yellow_days)


@st.cache_resource(ttl=HOUR, max_entries=STEPS, show_spinner=False)
def _wall_list(
    _engine: Engine, version: int, today: date, step: Step, name: ListName, page: int, yellow_days: int
) -> Opened:
    return opened_list(_engine, step, name, page=page, today=today, yellow_days=yellow_days)


@st.cache_resource(ttl=HOUR, max_entries=STEPS, show_spinner=False)
def _wall_layer(
    _engine: Engine, version: int, today: date, step: Step, yellow_days: int, locale: str, focus: Bounds | None
) -> LiveLayer:
    picture = _wall_picture(_engine, version, today, step, yellow_days)
    ranked = [*picture.townships, *picture.key_zones]
    with reading(_engine) as session:
        warm = heat(session, today=today, numbers=_heat_numbers(_engine, version))
    own = picture.scope.zone_ids
    faded = [zone_key(zone.kind, zone.code) for zone, _standing in ranked if own and zone.key not in own]
    lights = {zone_key(zone.kind, zone.code): standing.light for zone, standing in ranked}
    tags = [_tag(zone, standing) for zone, standing in _worst(picture)]
    return live_layer(lights=lights, heat=warm, tags=tags, faded=faded, focus=focus)


def _worst(picture: WallPicture) -> list[tuple[Zone, Standing]]:
    if picture.scope.zones:
        return picture.own_zones[:TAGS]
    worst = [*picture.key_zones[: TAGS - 1], *picture.townships[:1]]
    return [pair for pair in worst if pair[1].light == Light.RED]


def _tag(zone: Zone, standing: Standing) -> ZoneTag:
    text = _(
        "{zone} {unresolved} open, {overdue} overdue",
        zone=name_of(zone),
        unresolved=standing.unresolved,
        overdue=standing.overdue,
    )
    return ZoneTag(zone_key(zone.kind, zone.code), text, standing.light)


@st.cache_resource(ttl=HOUR, max_entries=STEPS, show_spinner=False)
def _weeks_figure(weeks: tuple[Week, ...], locale: str, theme: str) -> Chart:
    return weeks_chart(weeks, theme=theme)


@st.cache_resource(ttl=HOUR, max_entries=4, show_spinner=False)
def _heat_numbers(_engine: Engine, version: int) -> LoopNumbers:
    with reading(_engine) as session:
        return loop_numbers_of(session)
