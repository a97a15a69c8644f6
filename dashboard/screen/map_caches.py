"""What the drill-down keeps of the whole district, under the data version and the local day."""

from datetime import date

import streamlit as st
from sqlalchemy import Engine

from dashboard.screen.caches import HOUR
from dashboard.screen.visit import Visit
from dashboard.services import map_view
from dashboard.services.map_view import Cluster
from dashboard.services.overview import Standing, heat
from db.loop_rules import loop_numbers_of
from db.repositories import tallies
from db.unit_of_work import reading
from governance.permissions import Actor, Right, may
from governance.vocabulary import Light


def clusters_of(here: Visit, lights: frozenset[Light]) -> list[Cluster]:
    """Issues of the district gathered by cell; kept for everybody who sees the district in summary."""
    yellow_days = here.settings.yellow_days
    if may(here.actor, Right.SEE_DISTRICT):
        return _clusters(here.engine, here.version, here.today, yellow_days, tuple(sorted(lights)), here.actor)
    with reading(here.engine) as session:
        return map_view.clusters(session, here.actor, lights, today=here.today, yellow_days=yellow_days)


def lit_standings(here: Visit, lights: frozenset[Light]) -> dict[int, Standing]:
    """Standing of each zone in some lights, for whoever sees the district in summary."""
    return _standings(here.engine, here.version, here.today, here.settings.yellow_days, tuple(sorted(lights)))


def heat_of(here: Visit) -> list[tuple[float, float, float]]:
    """Heat of the district's unresolved issues: (lat, lon, weight)."""
    return _heat(here.engine, here.version, here.today)


@st.cache_data(ttl=HOUR, max_entries=16, show_spinner=False)
def _clusters(
    _engine: Engine, version: int, today: date, yellow_days: int, lights: tuple[Light, ...], _actor: Actor
) -> list[Cluster]:
    with reading(_engine) as session:
        chosen = frozenset(lights)
        return map_view.clusters(session, _actor, chosen, today=today, yellow_days=yellow_days)


@st.cache_data(ttl=HOUR, max_entries=16, show_spinner=False)
def _standings(
    _engine: Engine, version: int, today: date, yellow_days: int, lights: tuple[Light, ...]
) -> dict[int, Standing]:
    with reading(_engine) as session:
        groups = tallies.zone_groups(session)
    chosen = frozenset(lights)
    return {
        zone: map_view.lit_standing(rows, chosen, today=today, yellow_days=yellow_days) for zone, rows in groups.items()
    }


@st.cache_data(ttl=HOUR, max_entries=4, show_spinner=False)
def _heat(_engine: Engine, version: int, today: date) -> list[tuple[float, float, float]]:
    with reading(_engine) as session:
        return heat(session, today=today, numbers=loop_numbers_of(session))
