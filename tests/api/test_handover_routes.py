"""The handover sheet under ``/api/v1``: its files, their names, and refusals in one shape."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.api_documents import document_routes
from dashboard.server import app_middleware, app_routes, exception_handlers
from dashboard.services import roster_plans
from dashboard.services.people import assign_zone
from dashboard.services.roster import fingerprints, roster
from dashboard.services.roster_lines import RosterChange
from dashboard.settings import Settings
from db import records
from db.engine import create_engine_for
from db.tables.people import Person
from governance.roster import Edit
from governance.vocabulary import AssignmentPart, Role
from tests.api.conftest import FakeGate
from tests.conftest import NOW, TODAY
from tests.services.loop_people import Loop, settle, zone
from tests.services.small_district import writing

PEOPLE = {"bureau-1": Role.BUREAU, "leader": Role.DISTRICT_LEADER, "east-1": Role.TOWNSHIP, "display": Role.DISPLAY}
LEAD = AssignmentPart.LEAD


@pytest.fixture
def client(migrated_sqlite: Path, tmp_path: Path) -> Iterator[TestClient]:
    """West passes from its leader to East's tomorrow, and East back to that one."""
    path = tmp_path / "gridguard.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = create_engine_for(f"sqlite:///{path}")
    swap(settle(engine))
    settings, gate = Settings(home=tmp_path), FakeGate()
    loop = Loop(engine)
    for login, role in PEOPLE.items():
        gate.sessions[f"token-of-{login}"] = gate.person(loop.key(login), login, role)
    app = Starlette(
        routes=app_routes(settings, gate=gate, api_routes=document_routes(settings, engine, lambda: NOW)),
        middleware=app_middleware(settings, gate=gate, clock=lambda: NOW),
        exception_handlers=exception_handlers(),
    )
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client
    engine.dispose()


def swap(loop: Loop) -> None:
    with writing(loop.engine) as work:
        person = records.get(work.session, Person, loop.key("other-leader"))
        assign_zone(work, zone_id=zone(loop, "T2").key, person=person, part=LEAD, valid_from=TODAY, reason="division")
    lines = {zone(loop, "T1").key: loop.key("other-leader"), zone(loop, "T2").key: loop.key("leader")}
    tomorrow = TODAY + timedelta(days=1)
    edits = tuple(Edit(zone_id=one, person_id=who, part=LEAD, valid_from=tomorrow) for one, who in lines.items())
    with loop.as_("bureau-1") as work:
        change = RosterChange(title="Swap", reason="new division", edits=edits)
        roster_plans.carry_out(work, change, base=fingerprints(roster(work.session), lines))


def ask(client: TestClient, address: str, *, login: str = "bureau-1") -> Any:
    client.cookies.set("gridguard_session", f"token-of-{login}")
    client.cookies.set("gridguard_locale", "en")
    return client.get(f"/api/v1/handovers/{address}")


@pytest.mark.parametrize(("ending", "begins"), [("docx", b"PK"), ("pdf", b"%PDF")])
def test_a_sheet_is_handed_out_as_word_and_pdf(client: TestClient, ending: str, begins: bytes) -> None:
    answer = ask(client, f"1/T1.{ending}", login="leader")
    assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
    assert f"handover-1-T1.{ending}" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "login", "status", "code"),
    [
        ("1/T1.pdf", "display", 403, "not_allowed"),
        ("1/T1.pdf", "east-1", 404, "no_handover"),
        ("1/K1.pdf", "bureau-1", 404, "no_handover"),
        ("2/T1.pdf", "bureau-1", 404, "no_handover"),
        ("x/T1.pdf", "bureau-1", 404, "no_handover"),
        ("99999999999999999999/T1.pdf", "bureau-1", 404, "no_handover"),
        ("1/T1.pdf?on=2026-08-01", "bureau-1", 404, "no_handover"),
        ("1/T1.odt", "bureau-1", 404, "document_format"),
        ("1/T1.pdf?on=soon", "bureau-1", 422, "parameter_no_date"),
    ],
)
def test_what_is_not_there_or_not_for_somebody_is_refused(
    client: TestClient, address: str, login: str, status: int, code: str
) -> None:
    answer = ask(client, address, login=login)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_stranger_gets_nothing(client: TestClient) -> None:
    assert client.get("/api/v1/handovers/1/T1.pdf").status_code == 401
