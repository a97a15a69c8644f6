"""Telling of a problem over the network: scope, once, faults by field, limits, and codes to scan."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.api_qr import qr_routes
from dashboard.api_reporting import reporting_routes
from dashboard.report_page import report_routes
from dashboard.server import app_middleware, app_routes, exception_handlers
from dashboard.settings import Settings
from db.engine import create_engine_for
from db.tables.issues import Evidence, Issue
from governance.vocabulary import Source, Stage
from tests.api.conftest import FakeGate
from tests.conftest import NOW
from tests.services.field_people import PEOPLE, numbers, peopled, picture
from tests.services.small_district import every, only

MILL, QUAY = 1, 2
HERE = {"origin": "http://localhost"}


@dataclass
class Site:
    """A served district: whoever is named asks, over real routes and middlewares."""

    client: TestClient
    people: dict[str, int]
    engine: Engine

    def ask(self, login: str, address: str, **more: Any) -> Any:
        self.client.cookies.set("gridguard_session", f"token-of-{login}")
        return self.client.get(address, **more)

    def report(self, login: str, *photos: tuple[str, bytes], headers: Any = HERE, **fields: Any) -> Any:
        usual = {"token": "t1", "title": "Dust", "category": "dust", "severity": "minor", "enterprise": str(MILL)}
        told = {name: value for name, value in {**usual, **fields}.items() if value is not None}
        files = [(kind, (f"{n}.jpg", data, "image/jpeg")) for n, (kind, data) in enumerate(photos)]
        self.client.cookies.set("gridguard_session", f"token-of-{login}")
        return self.client.post("/api/v1/issues", data=told, files=files or {"x": ("", b"")}, headers=headers)


def serve(engine: Engine, settings: Settings) -> Iterator[Site]:
    people, gate = numbers(engine), FakeGate()
    for login, (role, *_) in PEOPLE.items():
        gate.sessions[f"token-of-{login}"] = gate.person(people[login], login, role)
    given = (settings, engine, lambda: NOW)
    app = Starlette(
        routes=app_routes(
            settings,
            gate=gate,
            api_routes=[*reporting_routes(*given), *qr_routes(*given)],
            page_routes=report_routes(engine, lambda: NOW),
        ),
        middleware=app_middleware(settings, gate=gate, clock=lambda: NOW),
        exception_handlers=exception_handlers(),
    )
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False, follow_redirects=False) as client:
        yield Site(client, people, engine)


@pytest.fixture
def engine_of_people(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "home" / "gridguard.db"
    path.parent.mkdir()
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = peopled(create_engine_for(f"sqlite:///{path}"))
    yield engine
    engine.dispose()


@pytest.fixture
def site(engine_of_people: Engine, tmp_path: Path) -> Iterator[Site]:
    yield from serve(engine_of_people, Settings(home=tmp_path / "home", max_upload_mb=1))


def test_a_report_is_answered_with_its_number(site: Site) -> None:
    answer = site.report("director", ("before", picture(5)))
    assert (answer.status_code, answer.json()) == (201, {"number": "2026-00001"})
    issue = only(site.engine, Issue)
    assert (issue.stage, issue.source, issue.finder_id) == (
        Stage.DISCOVERED,
        Source.SELF_CHECK,
        site.people["director"],
    )


def test_the_same_form_twice_is_one_issue(site: Site) -> None:
    answers = [site.report("director", ("before", picture(5))).json() for _ in range(3)]
    assert answers == [{"number": "2026-00001"}] * 3
    assert (len(every(site.engine, Issue)), len(every(site.engine, Evidence))) == (1, 1)


def test_the_form_of_another_person_is_not_sent_under_ones_name(site: Site) -> None:
    answer = site.report("west", person=str(site.people["director"]))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "other_person")
    assert every(site.engine, Issue) == []


def test_the_quick_path_comes_with_both_photos_measures_and_who(site: Site) -> None:
    told = {"is_on_the_spot": "true", "measures": "swept", "rectifier": str(site.people["director"])}
    answer = site.report("west", ("before", picture(5)), ("after", picture(200)), **told)
    issue = only(site.engine, Issue)
    assert answer.status_code == 201
    assert (issue.is_on_the_spot, issue.measures, issue.rectifier_id) == (True, "swept", site.people["director"])


def test_myself_is_the_person_who_sends(site: Site) -> None:
    told = {"is_on_the_spot": "true", "measures": "swept", "rectifier": "myself"}
    assert site.report("butler", ("before", picture(5)), ("after", picture(200)), **told).status_code == 201
    assert only(site.engine, Issue).rectifier_id == site.people["butler"]


def test_photos_carry_what_the_page_noted_of_them(site: Site) -> None:
    taken = (NOW - timedelta(minutes=3)).isoformat()
    noted = json.dumps([{"taken_at": taken, "lon": 119.051, "lat": 35.05, "is_taken_in_page": True}])
    site.report("director", ("before", picture(5)), before_noted=noted)
    row = only(site.engine, Evidence)
    assert (row.taken_at, row.lon, row.is_taken_in_page) == (NOW - timedelta(minutes=3), 119.051, True)


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"title": ""}, {"title"}),
        ({"category": None, "severity": None}, {"category", "severity"}),
        ({"category": "smoke"}, {"category"}),
        ({"enterprise": "mill"}, {"enterprise"}),
        ({"enterprise": "99"}, {"enterprise"}),
        ({"enterprise": None}, {"place"}),
        ({"lon": "nan", "lat": "91", "accuracy_m": "-1"}, {"lon", "lat", "accuracy_m"}),
        ({"found_at": "yesterday"}, {"found_at"}),
        ({"found_at": "0001-01-01T00:00:00+08:00"}, {"found_at"}),
        ({"found_at": "2026-06-30T09:00:00"}, {"found_at"}),
        ({"source": "hotline_12345"}, {"source"}),
        ({"is_on_the_spot": "true", "measures": "swept"}, {"rectifier"}),
        ({"is_on_the_spot": "true", "measures": "swept", "rectifier": "myself"}, {"before"}),
        ({"before_noted": '[{"lon": [], "lat": 3}]'}, {"before_noted"}),
        ({"before_noted": "[" * 5000}, {"before_noted"}),
    ],
)
def test_faults_are_named_by_their_field(site: Site, fields: dict[str, Any], faults: set[str]) -> None:
    answer = site.report("west", **fields)
    assert answer.status_code in (404, 422)
    assert set(answer.json()["error"]["fields"]) == faults
    assert every(site.engine, Issue) == []


@pytest.mark.parametrize(("login", "form"), [("leader", 403), ("forestry", 403), ("screen", 303)])
def test_who_may_not_report_gets_no_form_and_no_enterprises(site: Site, login: str, form: int) -> None:
    asked = [site.ask(login, address).status_code for address in ("/report", "/api/v1/enterprises?q=Mill")]
    assert (asked, site.report(login).status_code) == ([form, 403], 403)


def test_a_bad_picture_is_refused_by_its_field(site: Site) -> None:
    answer = site.report("director", ("before", b"GIF89a no picture"))
    assert (answer.status_code, set(answer.json()["error"]["fields"])) == (422, {"before"})


def test_a_body_that_is_too_large_is_not_read(site: Site) -> None:
    big = io.BytesIO()
    Image.effect_noise((1400, 1400), 90).save(big, "PNG")
    assert site.report("director", ("before", big.getvalue())).status_code == 413


def test_another_site_cannot_send_a_report(site: Site) -> None:
    assert site.report("director", headers={"origin": "http://evil.example"}).status_code == 403
    assert site.report("director", headers={}).status_code == 403


def test_without_a_session_the_page_leads_to_the_sign_in_and_back(site: Site) -> None:
    site.client.cookies.clear()
    answer = site.client.get("/report?enterprise=1", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Freport%3Fenterprise%3D1")


@pytest.mark.parametrize(
    ("login", "text", "names"),
    [
        ("officer", "", ["Mill", "Quay", "Shed"]),
        ("west", "", ["Mill", "Shed"]),
        ("east", "MI", []),
        ("consultant", "quay", ["Quay"]),
        ("director", "", ["Mill"]),
        ("cadre", "il", ["Mill"]),
        ("butler", "%", []),
    ],
)
def test_enterprises_are_found_within_the_own_scope(site: Site, login: str, text: str, names: list[str]) -> None:
    found = site.ask(login, "/api/v1/enterprises", params={"q": text}).json()["enterprises"]
    assert [one["name"] for one in found] == names


def test_an_enterprise_comes_with_its_directors_and_without_a_phone_number(site: Site) -> None:
    found = site.ask("west", f"/api/v1/enterprises/{MILL}").json()
    assert found == {
        "id": MILL,
        "name": "Mill",
        "credit_code": None,
        "township": "West",
        "lon": 119.05,
        "lat": 35.05,
        "directors": [{"id": site.people["director"], "name": "Name of director"}],
    }
    assert site.ask("east", f"/api/v1/enterprises/{MILL}").status_code == 404


def test_the_page_holds_the_scanned_enterprise_and_runs_only_our_script(site: Site) -> None:
    answer = site.ask("director", f"/report?enterprise={MILL}")
    data = json.loads(answer.text.partition('id="report-data">')[2].partition("</script>")[0])
    assert (answer.status_code, data["enterprise"]["name"], data["refused"]) == (200, "Mill", "")
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "//" not in answer.text.replace("http://localhost", "")


def test_a_scanned_enterprise_of_somebody_else_is_said_to_be_so(site: Site) -> None:
    text = site.ask("other_director", f"/report?enterprise={MILL}").text
    assert json.loads(text.partition('id="report-data">')[2].partition("</script>")[0])["refused"]


def test_the_page_is_small(site: Site) -> None:
    page = site.ask("officer", "/report").content
    assert len(page) < 20_000


@pytest.mark.parametrize(("ending", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_code_is_drawn_for_whoever_sees_the_enterprise(site: Site, ending: str, start: bytes) -> None:
    address = f"/api/v1/enterprises/{MILL}/qr.{ending}"
    assert site.ask("leader", address).status_code == 404
    answer = site.ask("director", address)
    assert (answer.status_code, answer.content.startswith(start)) == (200, True)


@pytest.mark.parametrize("address", ["enterprises/1/qr.exe", "enterprises/2/qr.svg", "enterprises/99/qr.png"])
def test_other_codes_are_refused(site: Site, address: str) -> None:
    assert site.ask("director", f"/api/v1/{address}").status_code in (404, 422)


@pytest.mark.parametrize(
    ("login", "query", "names"),
    [("west", "", {"Mill", "Shed"}), ("officer", "?township=T2", {"Quay"}), ("east", "?township=T1", set())],
)
def test_sheets_hold_the_codes_of_the_own_scope(site: Site, login: str, query: str, names: set[str]) -> None:
    answer = site.ask(login, f"/api/v1/enterprises/qr-sheet{query}")
    assert {name for name in ("Mill", "Quay", "Shed") if f"<b>{name}</b>" in answer.text} == names
    assert answer.text.count("<svg") == len(names)


def test_codes_carry_the_public_address(engine_of_people: Engine, tmp_path: Path, monkeypatch: Any) -> None:
    drawn: list[str] = []
    real = segno.make

    def noting(text: str, **options: Any) -> segno.QRCode:
        drawn.append(text)
        return real(text, **options)

    monkeypatch.setattr(segno, "make", noting)
    for settings in (Settings(home=tmp_path / "home"), Settings(home=tmp_path, public_url="https://grid.example/")):
        for site in serve(engine_of_people, settings):
            site.ask("director", f"/api/v1/enterprises/{MILL}/qr.svg")
    assert drawn == ["http://localhost/report?enterprise=1", "https://grid.example/report?enterprise=1"]
