"""The map's places: issues gathered by cell, lights chosen, the search within the scope, and how much is sent."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from dashboard.maps import live_layer
from dashboard.services import map_view
from dashboard.services.map_search import FoundKind, search_places
from db.tables.issues import Issue
from db.unit_of_work import reading
from governance.counting import UNRESOLVED
from governance.permissions import Actor, operator
from governance.vocabulary import Light
from tests.conftest import TODAY
from tests.services.small_district import CODE, enterprises, found

ALL = operator("test")
NOBODY = Actor(person_id=0, name="nobody", grants=())
LONG = chr(0x4E2D) * 40
MOST_BYTES = 150_000


def searched(engine: Engine, text: str, actor: Actor = ALL) -> list[tuple[FoundKind, str]]:
    with reading(engine) as session:
        return [(one.kind, one.name) for one in search_places(session, actor, text)]


def with_a_firm(engine: Engine) -> None:
    found(engine)
    header = ("name", "credit_code", "industry", "township", "longitude", "latitude")
    enterprises(engine, header, ("Sawmill", CODE, "Timber", "West", 119.05, 35.05))


def test_a_zone_is_found_by_a_part_of_its_name_in_any_case(engine: Engine) -> None:
    found(engine)
    assert searched(engine, " wes ") == [(FoundKind.ZONE, "West")]


def test_an_enterprise_is_found_by_name_and_by_credit_code(engine: Engine) -> None:
    with_a_firm(engine)
    assert searched(engine, "sawm") == searched(engine, CODE[:10]) == [(FoundKind.ENTERPRISE, "Sawmill")]


def test_nothing_is_found_outside_the_scope(engine: Engine) -> None:
    with_a_firm(engine)
    assert searched(engine, "sawm", NOBODY) == searched(engine, "west", NOBODY) == []


def test_signs_of_patterns_are_text(engine: Engine) -> None:
    with_a_firm(engine)
    assert searched(engine, "%") == searched(engine, "_") == []


def test_all_clusters_together_hold_every_unresolved_issue_with_a_place(demo_session: Session) -> None:
    session = demo_session
    placed = select(func.count()).where(col(Issue.stage).in_(UNRESOLVED), col(Issue.lon).is_not(None))
    total = session.exec(placed).one()
    gathered = map_view.clusters(session, ALL, map_view.ALL_LIGHTS, today=TODAY, yellow_days=3)
    red = map_view.clusters(session, ALL, frozenset({Light.RED}), today=TODAY, yellow_days=3)
    assert sum(one.n for one in gathered) == total
    assert {one.light for one in red} <= {Light.RED}
    assert len(gathered) < 100


def test_a_full_view_of_a_zone_is_less_than_150_kb() -> None:
    issue = [119.123456, 35.123456, "2026-00001", "red", [LONG, f"2026-00001 · {LONG[:4]}", LONG[:20]]]
    firm = [119.123456, 35.123456, "123456", [LONG[:24], LONG[:6]]]
    places: dict[str, Any] = {"issues": [issue] * 200, "enterprises": [firm] * 200, "villages": [], "stations": []}
    assert len(live_layer(lights={}, extras={"places": places}).script.encode()) < MOST_BYTES


def test_a_full_view_of_the_district_is_less_than_150_kb() -> None:
    dots = [[119.123456, 35.123456, "123456", []]] * map_view.MOST_DOTS
    villages = [[119.123456, 35.123456, [LONG[:12], LONG[:2]]]] * map_view.MOST_PLACES
    places = {"dots": dots, "clusters": [[119.123456, 35.123456, 12345, "red"]] * 100, "villages": villages}
    assert len(live_layer(lights={}, extras={"places": places}).script.encode()) < MOST_BYTES
