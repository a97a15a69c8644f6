"""Evidence proven against its records, and packed for those who ask for it outside."""

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.evidence.store import FolderStore
from dashboard.services import evidence_packs
from dashboard.services.evidence import add_evidence
from dashboard.services.evidence_files import evidence_count, evidence_faults
from dashboard.services.evidence_packs import Packed, pack_evidence
from dashboard.services.people import add_person, appoint
from db.engine import create_engine_for
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.tables.people import Person
from db.tables.territory import Zone
from db.unit_of_work import reading
from governance.errors import Conflict, InvalidInput, NotAllowed
from governance.permissions import Actor
from governance.vocabulary import EvidenceKind, Role
from tests.conftest import TODAY
from tests.services.small_district import ACTOR, every, found, issues, writing
from tests.unit.dashboard.photo_files import pdf, photo

PEOPLE = {"west": (Role.TOWNSHIP, "T1"), "butler": (Role.BUTLER, "T1"), "screen": (Role.DISPLAY, None)}
AFTER = EvidenceKind.AFTER


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "home")


@pytest.fixture
def district(migrated_sqlite: Path, tmp_path: Path, store: FolderStore) -> Engine:
    """Two after photos and a document of dust in West, one photo of oil in East."""
    path = tmp_path / "gridguard.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = found(create_engine_for(f"sqlite:///{path}"))
    issues(engine, ("title", "x", "y"), ("Dust", 119.05, 35.05), ("Oil", 119.15, 35.05))
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        for login, (role, zone) in PEOPLE.items():
            appoint(
                work, add_person(work, code=login, name=login), role, valid_from=TODAY, zone_id=zones.get(zone or "")
            )
        dust, oil = work.session.exec(select(Issue).order_by(Issue.id))  # type: ignore[arg-type]
        for issue, kind, data in (
            (dust, AFTER, photo(1)),
            (dust, EvidenceKind.DOCUMENT, pdf()),
            (oil, AFTER, photo(2)),
            (dust, AFTER, photo(3)),
        ):
            add_evidence(work, store, issue, kind=kind, data=data, name="a")
    return engine


def kept(store: FolderStore, place: int) -> Path:
    """The file of the piece of evidence in this place, in the order of the digests."""
    sha256 = list(store.all())[place]
    return store._folder / sha256[:2] / sha256


def faults(district: Engine, store: FolderStore) -> list[str]:
    with reading(district) as session:
        return [fault.what.split(" ", 3)[-1] for fault in evidence_faults(session, store)]


def test_files_that_are_as_they_were_have_no_fault(district: Engine, store: FolderStore) -> None:
    store.put(b"left by a write that did not come to its end")
    with reading(district) as session:
        assert (evidence_faults(session, store), evidence_count(session)) == ([], 4)


def test_a_missing_a_longer_and_a_changed_file_are_named(district: Engine, store: FolderStore) -> None:
    first, second, third = (kept(store, place) for place in range(3))
    first.unlink()
    second.write_bytes(second.read_bytes() + b"x")
    third.write_bytes(b"X" + third.read_bytes()[1:])
    told = faults(district, store)
    assert sorted(what.split(" ")[0] for what in told) == ["has", "is", "was"]
    assert any("missing" in what for what in told)


def actor(engine: Engine, login: str) -> Actor:
    with reading(engine) as session:
        person = session.exec(select(Person).where(Person.code == login)).one()
        return actor_of(session, person.key, today=TODAY)


def packed(engine: Engine, store: FolderStore, actor_: Actor, path: Path) -> tuple[list[Packed], dict[str, bytes]]:
    with reading(engine) as session:
        files = pack_evidence(session, store, actor_, every(engine, Issue)[::-1], path)
    with zipfile.ZipFile(path) as archive:
        return files, {name: archive.read(name) for name in archive.namelist()}


def test_a_pack_names_files_by_issue_kind_and_number(district: Engine, store: FolderStore, tmp_path: Path) -> None:
    dust, oil = every(district, Issue)
    _, files = packed(district, store, ACTOR, tmp_path / "a.zip")
    names = [
        f"{oil.number}-after-1.jpg",
        *(f"{dust.number}-{rest}" for rest in ("after-1.jpg", "document-1.pdf", "after-2.jpg")),
    ]
    assert (list(files), files[names[1]]) == (names, photo(1))


def test_a_pack_holds_copies_where_the_origin_is_not_for_the_person(
    district: Engine, store: FolderStore, tmp_path: Path
) -> None:
    packs = {login: packed(district, store, actor(district, login), tmp_path / login) for login in ("west", "butler")}
    assert [len(files) for _, files in packs.values()] == [3, 3]
    assert [[b"Maker" in data for data in files.values()] for _, files in packs.values()] == [
        [True, False, True],
        [False, False, False],
    ]
    assert [one.is_original for one in packs["butler"][0]] == [False, True, False]


def test_a_display_packs_nothing(district: Engine, store: FolderStore, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        packed(district, store, actor(district, "screen"), tmp_path / "a.zip")


def test_a_changed_file_is_not_packed(district: Engine, store: FolderStore, tmp_path: Path) -> None:
    kept(store, 0).write_bytes(b"changed")
    with pytest.raises(Conflict):
        packed(district, store, ACTOR, tmp_path / "a.zip")


def test_a_pack_has_a_limit(
    district: Engine, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_packs, "MOST_FILES", 3)
    with pytest.raises(InvalidInput, match="4 files"):
        packed(district, store, ACTOR, tmp_path / "a.zip")
