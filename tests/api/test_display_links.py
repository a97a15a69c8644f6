"""A display's link over HTTP: the wall without a keyboard, and every other door shut."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from dashboard.api_documents import document_routes
from dashboard.api_errors import failure
from dashboard.api_evidence import evidence_routes
from dashboard.api_exports import file_routes
from dashboard.api_qr import qr_routes
from dashboard.api_reporting import reporting_routes
from dashboard.application import close_databases, open_database, sessions_of
from dashboard.display_route import display_routes
from dashboard.registry import PAGES
from dashboard.report_page import report_routes
from dashboard.security.authentication import is_for_displays
from dashboard.server import app_middleware, app_routes, exception_handlers
from dashboard.services.displays import add_display, withdraw_display
from dashboard.services.territory import found_district
from dashboard.settings import Settings
from db.unit_of_work import unit_of_work
from governance.permissions import operator

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette warns of the name of its client library, once
    from starlette.testclient import TestClient

NOW = datetime.fromisoformat("2026-06-30T01:30:00+00:00")
PAGE = {"accept": "text/html", "sec-fetch-dest": "document"}
COOKIE = "gridguard_session"
# What needs no session at all shows no record to anybody.
OPEN = ("/livez", "/readyz", "/sign-in", "/sign-out", "/locale", "/favicon.ico", "/assets", "/display")


@dataclass(frozen=True, kw_only=True)
class Site:
    """A server on a district with one display."""

    browser: TestClient
    engine: Engine
    secret: str
    number: int
    routes: list[BaseRoute]

    def open(self, secret: str | None = None, **headers: str) -> Any:
        return self.browser.get(f"/display/{secret or self.secret}", headers={**PAGE, **headers})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = Settings(home=tmp_path / "home", sign_in_attempts=3)
    engine = open_database(settings, upgrade=True)
    found_district(engine, actor=operator("test"), now=NOW, code="000001", name="000001")
    with unit_of_work(engine, actor=operator("test"), now=NOW) as work:
        display, secret = add_display(work, name="Hall", start="play=1")
    gate = sessions_of(settings, engine)
    parts = (file_routes, evidence_routes, document_routes, reporting_routes, qr_routes)
    routes = app_routes(
        settings,
        gate=gate,
        api_routes=[route for part in parts for route in part(settings, engine, lambda: NOW)],
        page_routes=[*report_routes(engine, lambda: NOW), *display_routes(settings, gate, lambda: NOW)],
        clock=lambda: NOW,
    )
    app = Starlette(
        routes=routes,
        middleware=app_middleware(settings, gate=gate, clock=lambda: NOW),
        exception_handlers=exception_handlers(),
    )
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as browser:
        yield Site(browser=browser, engine=engine, secret=secret, number=display.key, routes=routes)
    close_databases()


def paths(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, its parameters filled."""
    for route in routes:
        if isinstance(route, Mount):
            yield from paths(list(route.routes or ()), before + route.path)
        elif isinstance(route, Route):
            path = "/".join("1" if "{" in part else part for part in (before + route.path).split("/"))
            yield from ((method, path) for method in sorted(route.methods or ()))


def test_a_link_leads_to_the_wall_with_its_parameters(site: Site) -> None:
    answer = site.open()
    assert (answer.status_code, answer.headers["location"]) == (303, "/wall?play=1")
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/", f"max-age={180 * 86_400}"))
    assert site.browser.get("/wall", headers=PAGE).status_code == 200


@pytest.mark.parametrize("is_right", [True, False])
def test_nothing_of_a_link_stays_anywhere(site: Site, is_right: bool) -> None:
    headers = site.open(None if is_right else "wrong").headers
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_a_wrong_and_a_withdrawn_link_say_so_and_whom_to_ask(site: Site) -> None:
    with unit_of_work(site.engine, actor=operator("test"), now=NOW) as work:
        withdraw_display(work, site.number)
    answers = [site.open(), site.open("wrong"), site.open("x" * 3000)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert "set-cookie" not in answers[0].headers
    assert "生态环境分局" in answers[0].text


def test_many_wrong_links_are_answered_with_patience_and_a_right_one_still_opens(site: Site) -> None:
    statuses = [site.open(f"wrong-{n}").status_code for n in range(31)]
    assert (set(statuses[:30]), statuses[30]) == ({403}, 429)
    assert site.open("wrong").headers["refresh"] == "60"
    assert site.open().status_code == 303


@pytest.mark.parametrize(
    "headers", [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}]
)
def test_fetching_ahead_signs_nobody_in(site: Site, headers: dict[str, str]) -> None:
    answer = site.open(**headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (503, False)
    assert "set-cookie" not in site.browser.head(f"/display/{site.secret}").headers


def test_the_link_opened_again_keeps_its_session(site: Site) -> None:
    site.open()
    before = site.browser.cookies[COOKIE]
    site.open()
    assert site.browser.cookies[COOKIE] == before
    site.browser.cookies.clear()
    site.open()
    assert site.browser.cookies[COOKIE] != before


def test_withdrawing_shuts_the_door_at_once(site: Site) -> None:
    site.open()
    with unit_of_work(site.engine, actor=operator("test"), now=NOW) as work:
        withdraw_display(work, site.number)
    assert site.browser.get("/wall", headers=PAGE).headers["location"].startswith("/sign-in")


def test_every_route_but_the_wall_is_closed_to_a_display(site: Site) -> None:
    site.open()
    asked = [(m, p) for m, p in paths(site.routes) if not p.startswith(OPEN) and p not in ("/", "/1")]
    assert len(asked) > 20
    answers = {
        (m, p): site.browser.request(m, p, headers={"origin": "http://localhost", "accept": "*/*"}) for m, p in asked
    }
    assert {one: a.status_code for one, a in answers.items() if a.status_code not in (303, 403)} == {}
    assert {a.headers["location"] for a in answers.values() if a.status_code == 303} <= {"/wall"}


def test_other_addresses_lead_a_display_back_to_the_wall(site: Site) -> None:
    site.open()
    for path in ("/report", "/no-such-page", "/media/abc.png"):
        answer = site.browser.get(path, headers=PAGE)
        assert answer.status_code == (403 if path.startswith("/media") else 303), path


def test_a_new_route_is_closed_to_displays_until_it_is_opened() -> None:
    assert not any(is_for_displays(path) for path in ("/api/v1/new", "/new", "/report", "/media/x", "/display/x"))
    assert all(is_for_displays(path) for path in ("/", "/wall", *(f"/{page.url}" for page in PAGES)))


def test_the_log_of_an_error_holds_no_secret(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    from starlette.requests import Request

    scope = {"type": "http", "method": "GET", "path": f"/display/{site.secret}", "headers": [], "query_string": b""}
    failure(Request({**scope, "server": ("localhost", 80), "scheme": "http"}), RuntimeError("x"))
    shown = capsys.readouterr()
    assert site.secret not in shown.out + shown.err
