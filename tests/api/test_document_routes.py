"""Notices, orders and lists under ``/api/v1`` on a real district: rights, scopes, refusals, what the files say."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
import python_calamine
from docx import Document
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.api_documents import document_routes
from dashboard.evidence.store import FolderStore
from dashboard.server import app_middleware, app_routes, exception_handlers
from dashboard.services.directives import give_instruction, order_supervision
from dashboard.services.evidence import add_evidence
from dashboard.services.layouts import add_layout
from dashboard.services.notices import issue_notice
from dashboard.services.people import add_person, add_unit, appoint, assign_zone
from dashboard.settings import Settings
from db.engine import create_engine_for
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.tables.people import Person, Unit
from db.tables.territory import Zone
from db.unit_of_work import reading, unit_of_work
from governance.vocabulary import AssignmentPart, EvidenceKind, ListKind, NoticeKind, Role, UnitKind
from tests.api.conftest import FakeGate
from tests.conftest import NOW, TODAY
from tests.services.small_district import enterprises, found, issues, writing

PEOPLE = {
    "officer": (Role.BUREAU, None),
    "office": (Role.COMMITTEE_OFFICE, None),
    "leader": (Role.DISTRICT_LEADER, None),
    "east": (Role.TOWNSHIP, "T2"),
    "west": (Role.TOWNSHIP, "T1"),
    "screen": (Role.DISPLAY, None),
}
ISSUES = (
    ("title", "enterprise", "stage", "source", "source_number", "rectify_due_on", "place"),
    ("Dust #eval(1)", "Mill", "rectifying", "12345", "H-1", "2026-07-20", "Gate"),
    ("Oil", "Quay", "rectifying", "", "", "2026-08-01", ""),
)
NOTICE, ORDER, INSTRUCTION = "HWB-2026-001", "{order}", "{instruction}"


@dataclass
class Site:
    """A served district: whoever is named asks, over real routes and middlewares."""

    client: TestClient
    numbers: dict[str, str]
    home: Path

    def ask(self, login: str, address: str) -> Any:
        self.client.cookies.set("gridguard_session", f"token-of-{login}")
        self.client.cookies.set("gridguard_locale", "en")
        for place, number in self.numbers.items():
            address = address.replace(place, number)
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
    enterprises(engine, ("name", "x", "y"), ("Mill", 119.05, 35.05), ("Quay", 119.15, 35.05))
    issues(engine, *ISSUES)
    people = with_people(engine)
    numbers = with_papers(engine, people, path.parent)
    settings, gate = Settings(home=path.parent), FakeGate()
    for login, (role, _) in PEOPLE.items():
        gate.sessions[f"token-of-{login}"] = gate.person(people[login], login, role)
    app = Starlette(
        routes=app_routes(settings, gate=gate, api_routes=document_routes(settings, engine, lambda: NOW)),
        middleware=app_middleware(settings, gate=gate, clock=lambda: NOW),
        exception_handlers=exception_handlers(),
    )
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield Site(client, numbers, path.parent)
    engine.dispose()


def with_people(engine: Engine) -> dict[str, int]:
    """Add the people, the leader guarding West, and the office in whose name notices go out."""
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        add_unit(work, code="office", kind=UnitKind.COMMITTEE_OFFICE, name="Office")
        west = add_unit(work, code="west", kind=UnitKind.TOWNSHIP, name="West", zone_id=zones["T1"])
        for login, (role, zone) in PEOPLE.items():
            person = add_person(work, code=login, name=f"Name of {login}")
            unit_id = west.key if login == "west" else None
            appoint(work, person, role, valid_from=date(2026, 1, 1), zone_id=zones.get(zone or ""), unit_id=unit_id)
            if role == Role.DISTRICT_LEADER:
                lead = {"part": AssignmentPart.LEAD, "valid_from": date(2026, 1, 1), "reason": "test"}
                assign_zone(work, zone_id=zones["T1"], person=person, **lead)
        return {person.code: person.key for person in work.session.exec(select(Person))}


def with_papers(engine: Engine, people: dict[str, int], home: Path) -> dict[str, str]:
    """A notice, a photo, a supervision order, an instruction and a layout; return the numbers of the two directives."""
    with writing(engine) as work:
        issue = work.session.exec(select(Issue).where(Issue.source_number == "H-1")).one()
        office = work.session.exec(select(Unit).where(Unit.code == "office")).one()
        issue_notice(work, kind=NoticeKind.DISTRICT, issuer=office, issues=[issue])
        held = io.BytesIO()
        Image.new("RGB", (60, 40), (9, 99, 9)).save(held, "JPEG")
        add_evidence(
            work, FolderStore(home), issue, kind=EvidenceKind.BEFORE, data=held.getvalue(), name="dust.jpg"
        )  # fmt: skip
        order = order_supervision(work, text="Press on", issue=issue)
        columns = [("source_number", "Number given above"), ("title", ""), ("evidence_count", "Files")]
        add_layout(work, name="Province", list_kind=ListKind.SUPERIOR, title="Ledger / 2026", columns=columns)
    with reading(engine) as session:
        leader = actor_of(session, people["leader"], today=TODAY)
    with unit_of_work(engine, actor=leader, now=NOW) as work:
        instruction = give_instruction(work, text="Look after the gate", issue=work.session.get(Issue, issue.key))
    return {ORDER: order.number, INSTRUCTION: instruction.number}


def rows(content: bytes) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def words_of(answer: Any, ending: str) -> str:
    content = io.BytesIO(answer.content)
    if ending == "pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(content).pages)
    return "".join(node.text or "" for node in Document(content).element.body.iter() if node.tag.endswith("}t"))


@pytest.mark.parametrize("ending", ["docx", "pdf"])
@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"notices/{NOTICE}", ["Office", "Mill", "#eval(1)"]),
        (f"directives/{ORDER}", ["Press on"]),
        (f"directives/{INSTRUCTION}", ["Look after the gate", "Name of leader"]),
    ],
)
def test_a_paper_comes_as_word_and_as_pdf(site: Site, address: str, told: list[str], ending: str) -> None:
    answer = site.ask("officer", f"{address}.{ending}")
    assert answer.status_code == 200, answer.text
    words = words_of(answer, ending)
    assert [word for word in told if word not in words] == []


def test_a_paper_may_show_the_photos(site: Site) -> None:
    with_photos, without = (site.ask("officer", f"notices/{NOTICE}.pdf{query}") for query in ("?photos=yes", ""))
    images = [
        sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(a.content)).pages) for a in (with_photos, without)
    ]
    assert images == [1, 0]


@pytest.mark.parametrize(
    ("login", "status"), [("officer", 200), ("west", 200), ("leader", 200), ("east", 404), ("screen", 403)]
)
@pytest.mark.parametrize("address", [f"notices/{NOTICE}.docx", f"directives/{ORDER}.pdf"])
def test_a_paper_is_for_those_who_see_what_it_is_about(site: Site, login: str, status: int, address: str) -> None:
    assert site.ask(login, address).status_code == status


@pytest.mark.parametrize(
    "address",
    ["notices/HWB-2026-002.pdf", "notices/HWB-2026-001.exe", "directives/x.pdf", "lists/unknown.xlsx",
     "lists/problems.xlsx?layout=None", "notices/..%2fgridguard.pdf"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site: Site, address: str) -> None:
    answer = site.ask("officer", address)
    assert (answer.status_code, "error" in answer.json()) == (404, True)


@pytest.mark.parametrize("address", ["lists/problems.xlsx?columns=salary", "lists/problems.xlsx?zone=T9"])
def test_a_bad_parameter_is_refused_with_a_sentence(site: Site, address: str) -> None:
    assert site.ask("officer", address).status_code == 422


@pytest.mark.parametrize("kind", [kind.value for kind in ListKind])
def test_every_list_comes_as_a_workbook(site: Site, kind: str) -> None:
    answer = site.ask("officer", f"lists/{kind}.xlsx")
    assert answer.status_code == 200, answer.text
    assert "Dust #eval(1)" in str(rows(answer.content))


def test_a_list_holds_the_own_township(site: Site) -> None:
    told = {login: str(rows(site.ask(login, "lists/problems.xlsx").content)) for login in ("officer", "west", "east")}
    assert [("Dust" in text, "Oil" in text) for text in told.values()] == [(True, True), (True, False), (False, True)]


def test_a_list_is_exported_as_it_is_shown(site: Site) -> None:
    content = site.ask("officer", "lists/ledger.xlsx?columns=number,title&q=Oil").content
    assert [row[1] for row in rows(content)[2:4]] == ["Title", "Oil"]


def test_a_column_named_a_thousand_times_is_written_once(site: Site) -> None:
    content = site.ask("officer", f"lists/ledger.xlsx?columns={'number,' * 1000}title").content
    assert rows(content)[2] == ["Number", "Title"]


@pytest.mark.parametrize("address", ["lists/problems.xlsx", "superior-ledger.zip"])
def test_a_display_takes_no_list_away(site: Site, address: str) -> None:
    assert site.ask("screen", address).status_code == 403


def test_the_superiors_ledger_is_packed_with_its_evidence(site: Site) -> None:
    answer = site.ask("officer", "superior-ledger.zip?layout=Province")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        ledger = rows(archive.read("Ledger - 2026.xlsx"))
        index = rows(archive.read(next(name for name in names if name.endswith("evidence.xlsx"))))
    assert [name for name in names if name.endswith("-before-1.jpg")] != []
    assert ledger[2] == ["Number given above", "Title", "Files"]
    assert [row[1] for row in ledger[3:5]] == ["Dust #eval(1)", "Look after the gate"]
    assert ledger[3][2] == 1
    assert index[1][3] == "dust.jpg"


def test_the_same_ledger_gives_the_same_archive(site: Site) -> None:
    one, two = (site.ask("officer", "superior-ledger.zip").content for _ in range(2))
    assert one == two


def test_nothing_is_left_behind(site: Site, temporary: Path) -> None:
    for address in (f"notices/{NOTICE}.pdf", "notices/none.pdf", "superior-ledger.zip", "lists/ledger.xlsx?zone=T9"):
        for login in ("officer", "screen"):
            site.ask(login, address)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("address", [f"notices/{NOTICE}.pdf", "lists/ledger.xlsx", "superior-ledger.zip"])
def test_without_a_session_nothing_is_handed_out(site: Site, address: str) -> None:
    site.client.cookies.clear()
    assert site.client.get(f"/api/v1/{address}", follow_redirects=False).status_code == 401
