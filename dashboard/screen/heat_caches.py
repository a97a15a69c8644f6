"""What the heat page keeps: by data version, day and, where rights narrow it, person."""

from datetime import date

import streamlit as st
from sqlalchemy import Engine

from dashboard.screen.visit import Visit
from dashboard.services import heat, heat_past
from dashboard.services.heat import CellHeat, ZoneHeat
from dashboard.services.heat_past import Compared
from dashboard.services.heat_spots import SpotPicture, hot_spots
from dashboard.services.later import Later
from db.loop_rules import loop_numbers_of
from db.unit_of_work import reading
from geo import hot_spots as statistics
from governance.permissions import Actor, Right, may

HOUR = 3600
WAIT_S = 0.35


def cells_of_today(here: Visit) -> dict[int, CellHeat]:
    """Heat by cell of resolution 8."""
    return _cells(here.engine, here.version, here.today, _who(here), here.actor)


def zones_of_today(here: Visit) -> dict[int, ZoneHeat]:
    """Heat by zone number."""
    return _zones(here.engine, here.version, here.today, _who(here), here.actor, here.settings.yellow_days)


def placeless(here: Visit) -> int:
    """Unresolved issues that lie nowhere on the map."""
    return _placeless(here.engine, here.version, _who(here), here.actor)


def weeks(here: Visit, ends: tuple[date, ...]) -> list[dict[int, int]]:
    """Unresolved at the end of weeks by cell of resolution 8."""
    return _weeks(here.engine, here.version, here.today, _who(here), here.actor, ends)


def cells_then(here: Visit, what: Compared, first: date, last: date) -> dict[int, int]:
    """Unresolved at the end of ``last``, or found or closed from ``first`` to ``last``, by cell."""
    return _cells_then(here.engine, here.version, here.today, _who(here), here.actor, what, first, last)


def zones_then(here: Visit, what: Compared, first: date, last: date) -> dict[int, int] | None:
    """As `cells_then` by zone number; None where there is no record of that day."""
    return _zones_then(here.engine, here.version, here.today, _who(here), here.actor, what, first, last)


def spots_if_ready(here: Visit) -> SpotPicture | None:
    """Hot spots of today; None while they are computed beside the page."""
    key = (here.version, here.today, _who(here), str(here.engine.url))
    engine, actor, today, yellow_days = here.engine, here.actor, here.today, here.settings.yellow_days

    def work() -> SpotPicture:
        with reading(engine) as session:
            numbers = loop_numbers_of(session)
            return hot_spots(session, actor, today=today, numbers=numbers, yellow_days=yellow_days)

    found: SpotPicture | None = _later().ask(key, work, wait_s=WAIT_S)
    return found


def warm_up() -> None:
    """Let the statistics' libraries load beside the page, before somebody asks for hot spots."""
    _later().ask("load", _loaded)


def _loaded() -> bool:
    statistics.load()
    return True


def _who(here: Visit) -> int | None:
    return None if may(here.actor, Right.SEE_DISTRICT) else here.signed_in.person_id


@st.cache_resource(show_spinner=False)
def _later() -> Later:
    return Later()


@st.cache_resource(ttl=HOUR, max_entries=32, show_spinner=False)
def _cells(_engine: Engine, version: int, today: date, who: int | None, _actor: Actor) -> dict[int, CellHeat]:
    with reading(_engine) as session:
        return heat.cell_heat(session, _actor, today=today, numbers=loop_numbers_of(session))


@st.cache_resource(ttl=HOUR, max_entries=32, show_spinner=False)
def _zones(
    _engine: Engine, version: int, today: date, who: int | None, _actor: Actor, yellow_days: int
) -> dict[int, ZoneHeat]:
    with reading(_engine) as session:
        return heat.zone_heat(session, _actor, today=today, yellow_days=yellow_days)


@st.cache_resource(ttl=HOUR, max_entries=32, show_spinner=False)
def _placeless(_engine: Engine, version: int, who: int | None, _actor: Actor) -> int:
    with reading(_engine) as session:
        return heat.placeless(session, _actor)


@st.cache_resource(ttl=HOUR, max_entries=32, show_spinner=False)
def _weeks(
    _engine: Engine, version: int, today: date, who: int | None, _actor: Actor, ends: tuple[date, ...]
) -> list[dict[int, int]]:
    with reading(_engine) as session:
        return heat_past.weeks_by_cell(session, _actor, ends)


@st.cache_resource(ttl=HOUR, max_entries=64, show_spinner=False)
def _cells_then(
    _engine: Engine, version: int, today: date, who: int | None, _actor: Actor, what: Compared, first: date, last: date
) -> dict[int, int]:
    with reading(_engine) as session:
        if what == Compared.UNRESOLVED:
            return heat_past.stood_by_cell(session, _actor, last)
        return heat_past.happened_by_cell(session, _actor, what, first=first, last=last)


@st.cache_resource(ttl=HOUR, max_entries=64, show_spinner=False)
def _zones_then(
    _engine: Engine, version: int, today: date, who: int | None, _actor: Actor, what: Compared, first: date, last: date
) -> dict[int, int] | None:
    with reading(_engine) as session:
        if what == Compared.UNRESOLVED:
            return heat_past.stood_by_zone(session, _actor, last)
        return heat_past.happened_by_zone(session, _actor, what, first=first, last=last)
