"""Evidence over real routes and middlewares: taken from forms, shown to those who may see it, harmless in a browser."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.api_evidence import evidence_routes
from dashboard.server import app_middleware, app_routes, exception_handlers
from dashboard.services.people import add_person, appoint
from dashboard.settings import Settings
from db.engine import create_engine_for
from db.tables.issues import Evidence, Issue
from db.tables.people import Person
from db.tables.territory import Zone
from governance.vocabulary import Role
from tests.api.conftest import FakeGate
from tests.conftest import NOW, TODAY
from tests.services.small_district import every, found, issues, writing
from tests.unit.dashboard.photo_files import jpeg, pdf, photo, scene

ORIGIN = {"origin": "http://localhost"}
PEOPLE = {
    "officer": (Role.BUREAU, None),
    "leader": (Role.DISTRICT_LEADER, None),
    "east": (Role.TOWNSHIP, "T2"),
    "west": (Role.TOWNSHIP, "T1"),
    "butler": (Role.BUTLER, "T1"),
    "screen": (Role.DISPLAY, None),
}


@dataclass
class Site:
    """A served district in which dust lies in West."""

    client: TestClient
    engine: Engine
    home: Path
    number: str

    def ask(self, login: str, address: str, **options: Any) -> Any:
        self.client.cookies.set("gridguard_session", f"token-of-{login}")
        return self.client.get(f"/api/v1/evidence/{address}", **options)

    def hand_in(self, login: str, data: bytes, *, name: str = "a.jpg", number: str | None = None, **fields: str) -> Any:
        self.client.cookies.set("gridguard_session", f"token-of-{login}")
        return self.client.post(
            f"/api/v1/issues/{number or self.number}/evidence",
            data={"kind": "after", "token": "one", **fields},
            files={"file": (name, data, "text/html")},
            headers=ORIGIN,
        )


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "home" / "gridguard.db"
    path.parent.mkdir()
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = found(create_engine_for(f"sqlite:///{path}"))
    issues(engine, ("title", "x", "y"), ("Dust", 119.05, 35.05))
    people = with_people(engine)
    settings, gate = Settings(home=path.parent, max_upload_mb=1, upload_quota_mb=3), FakeGate()
    for login, (role, _) in PEOPLE.items():
        gate.sessions[f"token-of-{login}"] = gate.person(people[login], login, role)
    app = Starlette(
        routes=app_routes(settings, gate=gate, api_routes=evidence_routes(settings, engine, lambda: NOW)),
        middleware=app_middleware(settings, gate=gate, clock=lambda: NOW),
        exception_handlers=exception_handlers(),
    )
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield Site(client, engine, path.parent, every(engine, Issue)[0].number)
    engine.dispose()


def with_people(engine: Engine) -> dict[str, int]:
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        for login, (role, zone) in PEOPLE.items():
            appoint(
                work, add_person(work, code=login, name=login), role, valid_from=TODAY, zone_id=zones.get(zone or "")
            )
        return {person.code: person.key for person in work.session.exec(select(Person))}


@pytest.fixture
def with_photo(site: Site) -> Site:
    """Evidence 1 is the butler's photo with the notes of a camera."""
    assert site.hand_in("butler", photo(1)).status_code == 201
    return site


def test_a_photo_that_was_handed_in_is_shown_as_a_bare_copy(with_photo: Site) -> None:
    answer = with_photo.ask("officer", "1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert b"Maker" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (640, 480)


def test_an_answer_says_what_was_kept(site: Site) -> None:
    told = site.hand_in("officer", photo(1)).json()
    assert told == {"id": 1, "kind": "after", "is_reused": False, "url": "/api/v1/evidence/1"}
    assert site.hand_in("officer", jpeg(scene(1)), kind="before", token="two").json()["is_reused"] is True


@pytest.mark.parametrize("address", ["1", "1/thumbnail", "1/original"])
def test_a_browser_is_told_to_run_nothing_and_guess_nothing(with_photo: Site, address: str) -> None:
    headers = with_photo.ask("officer", address).headers
    assert (headers["content-security-policy"], headers["x-content-type-options"]) == (
        "default-src 'none'; sandbox",
        "nosniff",
    )
    assert headers["cache-control"] == ("private, no-store" if "original" in address else "private, no-cache")


@pytest.mark.parametrize("address", ["1", "1/thumbnail", "1/original"])
@pytest.mark.parametrize(("login", "status"), [("east", 404), ("leader", 404), ("screen", 403)])
def test_evidence_of_an_issue_out_of_scope_is_not_there(
    with_photo: Site, login: str, status: int, address: str
) -> None:
    assert with_photo.ask(login, address).status_code == status


def test_the_original_is_for_those_who_may_know_where_it_was_taken(with_photo: Site) -> None:
    answers = {login: with_photo.ask(login, "1/original") for login in ("officer", "west", "butler")}
    assert [answer.content == photo(1) for answer in answers.values()] == [True, True, True]
    assert answers["west"].headers["content-disposition"] == f'attachment; filename="{with_photo.number}-after-1.jpg"'


def test_the_original_of_another_is_refused_to_a_butler(site: Site) -> None:
    site.hand_in("officer", photo(1))
    answer = site.ask("butler", "1/original")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


def test_the_watermark_tells_time_and_place_only_to_those_who_may_know(site: Site) -> None:
    site.hand_in("officer", photo(1))
    copies = {login: site.ask(login, "1") for login in ("officer", "butler")}
    assert copies["officer"].content != copies["butler"].content
    assert copies["officer"].headers["etag"] != copies["butler"].headers["etag"]


def test_what_a_browser_holds_already_is_not_sent_again_but_asked_for(with_photo: Site) -> None:
    tag = with_photo.ask("officer", "1/thumbnail").headers["etag"]
    answers = [with_photo.ask(login, "1/thumbnail", headers={"if-none-match": tag}) for login in ("officer", "east")]
    assert [(answer.status_code, answer.content == b"") for answer in answers] == [(304, True), (404, False)]


def test_a_document_is_handed_on_to_be_saved(site: Site) -> None:
    site.hand_in("officer", pdf(), name="a.html", kind="document")
    answers = [site.ask("butler", address) for address in ("1", "1/original")]
    assert [answer.content == pdf() for answer in answers] == [True, True]
    assert {answer.headers["content-type"] for answer in answers} == {"application/pdf"}
    assert all(answer.headers["content-disposition"].startswith("attachment") for answer in answers)
    assert site.ask("butler", "1/thumbnail").status_code == 404


def test_the_same_form_sent_twice_adds_one(site: Site) -> None:
    answers = [site.hand_in("officer", photo(1)).json()["id"] for _ in range(2)]
    assert (answers, len(every(site.engine, Evidence))) == ([1, 1], 1)


def test_the_pages_camera_tells_time_and_place(site: Site) -> None:
    noted = {"taken_at": "2026-06-30T09:28:00+08:00", "lon": "119.05", "lat": "35.05", "is_taken_in_page": "true"}
    site.hand_in("officer", jpeg(scene(1)), **noted)
    row = every(site.engine, Evidence)[0]
    assert (row.lon, row.lat, f"{row.taken_at:%H:%M}", row.is_taken_in_page) == (119.05, 35.05, "01:28", True)


@pytest.mark.parametrize(
    "fields",
    [{"kind": "nothing"}, {"kind": ""}, {"token": ""}, {"token": "x" * 65}, {"taken_at": "yesterday"}, {"lon": "east"}],
)
def test_a_field_that_cannot_be_is_refused_with_a_sentence(site: Site, fields: dict[str, str]) -> None:
    answer = site.hand_in("officer", photo(1), **fields)
    assert (answer.status_code, bool(answer.json()["error"]["message"])) == (422, True)
    assert every(site.engine, Evidence) == []


def test_a_hostile_file_is_refused_with_a_sentence(site: Site) -> None:
    answer = site.hand_in("officer", b"<html><script>alert(1)</script>", name="a.jpg")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "file_kind_not_taken")


def test_a_form_without_a_file_is_refused(site: Site) -> None:
    site.ask("officer", "1")
    answer = site.client.post(f"/api/v1/issues/{site.number}/evidence", data={"kind": "after"}, headers=ORIGIN)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "field_missing")


@pytest.mark.parametrize(("login", "status"), [("east", 404), ("leader", 404), ("screen", 403)])
def test_nobody_adds_to_an_issue_out_of_scope(site: Site, login: str, status: int) -> None:
    assert site.hand_in(login, photo(1)).status_code == status
    assert every(site.engine, Evidence) == []


def test_a_file_over_the_limit_and_one_over_the_quota_are_refused(site: Site) -> None:
    assert site.hand_in("officer", bytes(1_200_000)).status_code == 413
    statuses = [site.hand_in("officer", bytes(1_000_000)).status_code for _ in range(4)]
    assert statuses == [422, 422, 422, 429]


def test_a_form_from_another_site_is_refused(site: Site) -> None:
    site.ask("officer", "1")
    foreign = {"origin": "http://elsewhere.example"}
    answer = site.client.post(f"/api/v1/issues/{site.number}/evidence", files={"file": photo(1)}, headers=foreign)
    assert answer.status_code == 403


def test_nobody_without_a_session_sees_evidence(with_photo: Site) -> None:
    with_photo.client.cookies.clear()
    assert with_photo.client.get("/api/v1/evidence/1").status_code == 401


def test_a_changed_file_is_not_handed_on(with_photo: Site) -> None:
    row = every(with_photo.engine, Evidence)[0]
    (with_photo.home / "evidence" / row.sha256[:2] / row.sha256).write_bytes(photo(2))
    answers = [with_photo.ask("officer", address) for address in ("1", "1/original")]
    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [
        (409, "evidence_changed")
    ] * 2


@pytest.mark.parametrize("address", ["0", "99", "-1", "x", "1/other", "..%2f..%2fgridguard.db"])
def test_what_is_not_there_is_not_found(with_photo: Site, address: str) -> None:
    assert with_photo.ask("officer", address).status_code == 404
