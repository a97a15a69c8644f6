"""Files and figures under ``/api/v1`` on a real district: rights, scopes, bad parameters, nothing left behind."""

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.testclient import TestClient

from dashboard import api_exports
from dashboard.api_exports import file_routes
from dashboard.server import app_middleware, app_routes, exception_handlers
from dashboard.services.accounts import add_account
from dashboard.services.people import add_person, appoint, assign_zone
from dashboard.services.uploads import file_for
from dashboard.settings import Settings
from db.engine import create_engine_for
from db.tables.people import Person
from db.tables.territory import Zone
from governance.vocabulary import AssignmentPart, Role
from tests.api.conftest import FakeGate
from tests.conftest import NOW, TODAY
from tests.services.small_district import enterprises, found, issues, writing

PEOPLE = {
    "officer": (Role.BUREAU, None),
    "leader": (Role.DISTRICT_LEADER, None),
    "east": (Role.TOWNSHIP, "T2"),
    "west": (Role.TOWNSHIP, "T1"),
    "screen": (Role.DISPLAY, None),
}


@dataclass
class Site:
    """A served district: whoever is named asks, over real routes and middlewares."""

    client: TestClient
    gate: FakeGate
    people: dict[str, int]
    home: Path

    def ask(self, login: str, address: str) -> Any:
        self.client.cookies.set("gridguard_session", f"token-of-{login}")
        return self.client.get(f"/api/v1/{address}")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go; only those of exports are there."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path, temporary: Path) -> Iterator[Site]:
    path = tmp_path / "home" / "gridguard.db"
    path.parent.mkdir()
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = found(create_engine_for(f"sqlite:///{path}"))
    enterprises(engine, ("name", "township", "contact_phone"), ("Mill", "West", "0633-1"), ("Quay", "East", "0633-2"))
    issues(engine, ("title", "x", "y"), ("Dust", 119.05, 35.05), ("Oil", 119.15, 35.05))
    people = with_people(engine)
    settings, gate = Settings(home=path.parent), FakeGate()
    for login, (role, _) in PEOPLE.items():
        gate.sessions[f"token-of-{login}"] = gate.person(people[login], login, role)
    app = Starlette(
        routes=app_routes(settings, gate=gate, api_routes=file_routes(settings, engine, lambda: NOW)),
        middleware=app_middleware(settings, gate=gate, clock=lambda: NOW),
        exception_handlers=exception_handlers(),
    )
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield Site(client, gate, people, path.parent)
    engine.dispose()


def with_people(engine: Engine) -> dict[str, int]:
    """Add the people, the leader guarding West; login → number."""
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        for login, (role, zone) in PEOPLE.items():
            person = add_person(work, code=login, name=f"Name of {login}")
            appoint(work, person, role, valid_from=TODAY, zone_id=zones.get(zone or ""))
            add_account(work, person, login=login)
            if role == Role.DISTRICT_LEADER:
                lead = {"part": AssignmentPart.LEAD, "valid_from": TODAY, "reason": "test"}
                assign_zone(work, zone_id=zones["T1"], person=person, **lead)
        return {person.code: person.key for person in work.session.exec(select(Person))}


@pytest.mark.parametrize("address", ["export/issues?format=csv", "export/enterprises?format=csv"])
@pytest.mark.parametrize("day", ["", "&as_of=2026-06-30"])
def test_an_export_holds_the_own_township_on_every_day(site: Site, address: str, day: str) -> None:
    everything, own = (site.ask(login, address + day).text for login in ("officer", "east"))
    assert [name in everything for name in ("Dust", "Oil") if "issues" in address] in ([True, True], [])
    assert not any(word in own for word in ("Dust", "Mill", "0633-1"))
    assert any(word in own for word in ("Oil", "Quay"))


def test_a_filter_narrows_an_export_and_never_widens_it(site: Site) -> None:
    assert "Dust" in site.ask("west", "export/issues?format=csv&zone=T1").text
    assert "Dust" not in site.ask("east", "export/issues?format=csv&zone=T1").text
    assert "Oil" not in site.ask("officer", "export/issues?format=csv&q=dust").text


def lines_of(answer: Any) -> list[str]:
    return answer.content.decode("utf-8-sig").splitlines()


@pytest.mark.parametrize("columns", ["columns=title,number", "columns=title&columns=number"])
def test_a_table_is_exported_in_its_columns_and_order(site: Site, columns: str) -> None:
    assert [
        line.split(",")[0] for line in lines_of(site.ask("officer", f"export/issues?format=csv&{columns}"))[1:]
    ] == [
        "Oil",
        "Dust",
    ]
    assert lines_of(site.ask("west", f"export/issues?format=csv&{columns}&q=dust"))[1].split(",")[0] == "Dust"


def test_a_column_that_does_not_exist_is_named(site: Site) -> None:
    answer = site.ask("officer", "export/issues?format=csv&columns=number,nonsense")
    assert (answer.status_code, "nonsense" in answer.json()["error"]["message"]) == (422, True)


def test_an_exported_table_holds_no_more_than_the_filter_and_the_scope(site: Site) -> None:
    table = "export/issues?format=csv&columns=title"
    assert lines_of(site.ask("east", table))[1:] == ["Oil"]
    assert lines_of(site.ask("officer", f"{table}&zone=T1"))[1:] == ["Dust"]
    assert site.ask("screen", table).status_code == 403


@pytest.mark.parametrize("what", ["issues", "enterprises", "layers"])
def test_a_display_takes_no_file_away(site: Site, what: str) -> None:
    answer = site.ask("screen", f"export/{what}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(("login", "status"), [("officer", 200), ("leader", 200), ("screen", 403), ("east", 403)])
def test_figures_are_for_those_who_see_the_district(site: Site, login: str, status: int) -> None:
    assert site.ask(login, "figures").status_code == status


@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_layers_hold_the_zones_that_somebody_may_know(site: Site, ending: str) -> None:
    texts = {login: site.ask(login, f"export/layers?format={ending}").text for login in ("officer", "leader", "east")}
    assert ["Name of leader" in text for text in texts.values()] == [True, True, False]
    assert ["West" in text for text in texts.values()] == [True, True, False]
    assert "East" in texts["east"]


@pytest.mark.parametrize(
    "address",
    [
        "export/issues?as_of=9999-12-31",
        "export/issues?as_of=0001-01-01",
        "export/layers?as_of=0001-01-01",
        "figures?as_of=9999-12-31",
        "figures?as_of=0001-01-01",
        "figures?as_of=x",
        "export/issues?found_from=2026-13-01",
        "export/issues?format=exe",
        "export/issues?zone=T9",
        "export/issues?format=geojson&columns=number",
        "export/issues?enterprise=x",
        "export/issues?on_time=maybe",
    ],
)
def test_a_bad_parameter_is_refused_with_a_sentence(site: Site, address: str) -> None:
    answer = site.ask("officer", address)
    assert (answer.status_code, len(answer.json()["error"]["message"]) < 500) == (422, True)


def test_a_text_of_any_length_is_searched_for(site: Site) -> None:
    assert site.ask("officer", "export/issues?format=csv&q=" + "%25" * 18_000).status_code == 200


def test_nothing_is_left_of_an_export(site: Site, temporary: Path) -> None:
    for address in ("export/issues?format=gpkg", "export/issues?zone=T9", "export/nothing", "export/layers"):
        site.ask("officer", address)
        site.ask("screen", address)
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_when_the_browser_goes_away(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    (folder / "a.csv").write_text("x" * 10, encoding="utf-8")

    async def gone(*_message: Any) -> None:
        raise OSError("the browser went away")

    async def silent() -> Any:
        await asyncio.Event().wait()

    scope = {"type": "http", "method": "GET", "headers": [], "extensions": {}}
    with pytest.raises(OSError, match="went away"):
        asyncio.run(api_exports.PassingFile(folder / "a.csv")(scope, silent, gone))
    assert not folder.exists()


def test_exports_leave_room_for_everybody_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, lock = [0], [0], threading.Lock()
    pause = threading.Event()

    def slow(*_args: Any) -> Response:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        pause.wait(0.05)
        with lock:
            at_once[0] -= 1
        return Response("done")

    monkeypatch.setattr(api_exports, "_export", slow)
    asking = [threading.Thread(target=site.ask, args=("officer", "export/issues")) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert most[0] <= api_exports.EXPORTS_AT_ONCE


def test_a_kept_file_is_for_the_one_who_gave_it(site: Site) -> None:
    name = f"{'a' * 32}.csv"
    path = file_for(site.home, site.people["officer"], name)
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    assert [site.ask(login, f"uploads/{name}").status_code for login in ("officer", "east", "screen")] == [
        200,
        404,
        403,
    ]
    assert "attachment" in site.ask("officer", f"uploads/{name}").headers["content-disposition"]


@pytest.mark.parametrize(
    "name",
    ["..%2fgridguard.db", "%2e%2e/gridguard.db", "gridguard.db", "..%5cgridguard.db", "a" * 32, f"{'a' * 32}.%00"],
)
def test_no_other_file_is_reached_through_a_name(site: Site, name: str) -> None:
    assert site.ask("officer", f"uploads/{name}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", ["export/issues", "figures", f"uploads/{'a' * 32}.csv"])
def test_files_are_only_read(site: Site, method: str, address: str) -> None:
    site.ask("officer", "figures")
    answer = site.client.request(method, f"/api/v1/{address}", headers={"origin": "http://localhost"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
