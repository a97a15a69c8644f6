"""Evidence: kept before its row, refused, doubted, known again; shown to each person as far as the right goes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.evidence.store import FolderStore
from dashboard.services.evidence import add_evidence, gallery_of, mismatches_of
from dashboard.services.people import add_person, appoint
from db.repositories.people import actor_of
from db.tables.issues import Evidence, Issue
from db.tables.people import Person
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork, reading, rehearsal, unit_of_work
from governance.errors import IllegalTransition, InvalidInput, NotAllowed
from governance.evidence import Mismatch
from governance.permissions import Actor
from governance.vocabulary import EvidenceKind, Role, Stage
from tests.conftest import NOW, TODAY
from tests.services.small_district import every, found, issues, writing
from tests.unit.dashboard.photo_files import jpeg, pdf, photo, saved, scene

BEFORE, AFTER, DOCUMENT = EvidenceKind.BEFORE, EvidenceKind.AFTER, EvidenceKind.DOCUMENT
PEOPLE = {
    "bureau": (Role.BUREAU, None),
    "east": (Role.TOWNSHIP, "T2"),
    "west": (Role.TOWNSHIP, "T1"),
    "butler": (Role.BUTLER, "T1"),
    "leader": (Role.DISTRICT_LEADER, None),
}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.fixture
def district(engine: Engine) -> Engine:
    """Dust lies in West, oil in East."""
    found(engine)
    issues(engine, ("title", "x", "y"), ("Dust", 119.05, 35.05), ("Oil", 119.15, 35.05))
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        for login, (role, zone) in PEOPLE.items():
            appoint(
                work, add_person(work, code=login, name=login), role, valid_from=TODAY, zone_id=zones.get(zone or "")
            )
    return engine


def actor(engine: Engine, login: str) -> Actor:
    with reading(engine) as session:
        person = session.exec(select(Person).where(Person.code == login)).one()
        return actor_of(session, person.key, today=TODAY)


def issue(work: UnitOfWork, title: str = "Dust") -> Issue:
    return work.session.exec(select(Issue).where(Issue.title == title)).one()


def add(
    engine: Engine, store: FolderStore, data: bytes, *, by: str = "bureau", to: str = "Dust", **given: Any
) -> Evidence:
    options = {"kind": AFTER, "name": "a.jpg", **given}
    with unit_of_work(engine, actor=actor(engine, by), now=NOW) as work:
        return add_evidence(work, store, issue(work, to), data=data, **options)


def test_the_row_says_what_the_file_is_and_the_store_holds_its_bytes(district: Engine, store: FolderStore) -> None:
    data = photo(1, place=(119.0501, 35.05))
    row = add(district, store, data)
    assert store.read(row.sha256, is_proving=True) == data
    assert (row.media_type, row.width, row.height, row.size_bytes) == ("image/jpeg", 640, 480, len(data))
    assert (row.lon, row.taken_at, row.reuses_id, row.round) == (
        119.0501,
        NOW - timedelta(hours=18, minutes=30),
        None,
        0,
    )


def test_the_bytes_are_there_before_the_row(district: Engine, store: FolderStore) -> None:
    with rehearsal(district, actor=actor(district, "bureau"), now=NOW) as work:
        add_evidence(work, store, issue(work), kind=AFTER, data=photo(), name="a.jpg")
    assert (every(district, Evidence), len(list(store.all()))) == ([], 1)


def test_a_refused_file_leaves_nothing(district: Engine, store: FolderStore) -> None:
    with pytest.raises(InvalidInput, match="none of the kinds"):
        add(district, store, b"GIF89a" + bytes(100))
    assert (every(district, Evidence), list(store.all())) == ([], [])


@pytest.mark.parametrize(("by", "to"), [("east", "Dust"), ("butler", "Oil"), ("leader", "Dust")])
def test_evidence_is_added_by_those_who_may(district: Engine, store: FolderStore, by: str, to: str) -> None:
    with pytest.raises(NotAllowed):
        add(district, store, photo(), by=by, to=to)


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.REFUSED, Stage.MERGED])
def test_an_issue_whose_life_is_over_takes_no_evidence(district: Engine, store: FolderStore, stage: Stage) -> None:
    ended = every(district, Issue)[0]
    ended.stage = stage
    with writing(district) as work, pytest.raises(IllegalTransition):
        add_evidence(work, store, ended, kind=AFTER, data=photo(), name="a.jpg")


@pytest.mark.parametrize(
    ("again", "kind", "to"),
    [
        (photo(1), AFTER, "Oil"),
        (photo(1), BEFORE, "Dust"),
        (jpeg(scene(1), quality=55), AFTER, "Oil"),
        (jpeg(scene(1).crop((64, 30, 600, 440)), quality=70), AFTER, "Oil"),
        (saved(scene(1).resize((400, 300)), "WEBP"), BEFORE, "Dust"),
    ],
    ids=["another issue", "another kind", "resaved", "cut", "smaller, as WebP"],
)
def test_a_photo_that_was_used_before_is_flagged(
    district: Engine, store: FolderStore, again: bytes, kind: EvidenceKind, to: str
) -> None:
    first = add(district, store, photo(1))
    add(district, store, photo(2))
    assert add(district, store, again, kind=kind, to=to).reuses_id == first.key


def test_the_same_photo_for_the_same_purpose_is_no_reuse(district: Engine, store: FolderStore) -> None:
    add(district, store, photo(1))
    assert add(district, store, photo(1)).reuses_id is None


def test_another_photo_is_no_reuse(district: Engine, store: FolderStore) -> None:
    add(district, store, photo(1))
    assert add(district, store, photo(2), to="Oil").reuses_id is None


def test_a_document_that_was_used_before_is_flagged(district: Engine, store: FolderStore) -> None:
    data = pdf()
    first = add(district, store, data, kind=DOCUMENT, name="a.pdf")
    assert add(district, store, data, kind=DOCUMENT, name="b.pdf", to="Oil").reuses_id == first.key


def test_reuse_within_one_transaction_is_flagged(district: Engine, store: FolderStore) -> None:
    with unit_of_work(district, actor=actor(district, "bureau"), now=NOW) as work:
        rows = [
            add_evidence(work, store, issue(work, to), kind=AFTER, data=jpeg(scene(1), quality=quality), name="a.jpg")
            for to, quality in (("Dust", 90), ("Oil", 60))
        ]
    assert [row.reuses_id for row in rows] == [None, rows[0].key]


def test_what_an_attempt_took_back_is_not_found_again(district: Engine, store: FolderStore) -> None:
    with unit_of_work(district, actor=actor(district, "bureau"), now=NOW) as work:
        with work.attempt() as attempt:
            add_evidence(work, store, issue(work), kind=AFTER, data=photo(1), name="a.jpg")
            attempt.is_undone = True
        row = add_evidence(work, store, issue(work, "Oil"), kind=AFTER, data=jpeg(scene(1)), name="a.jpg")
        assert row.reuses_id is None


def test_what_a_transaction_took_back_hides_nothing(district: Engine, store: FolderStore) -> None:
    with rehearsal(district, actor=actor(district, "bureau"), now=NOW) as work:
        for kind, data in ((DOCUMENT, pdf()), (AFTER, photo(2))):
            add_evidence(work, store, issue(work), kind=kind, data=data, name="a")
    first = add(district, store, photo(1))
    assert add(district, store, jpeg(scene(1)), to="Oil").reuses_id == first.key


def test_the_page_fills_in_what_the_file_does_not_say(district: Engine, store: FolderStore) -> None:
    noted = {"taken_at": NOW - timedelta(minutes=2), "lon": 119.051, "lat": 35.05}
    bare = add(district, store, jpeg(scene(1)), is_taken_in_page=True, **noted)
    unsaid = add(district, store, jpeg(scene(2)), **noted)
    assert (bare.taken_at, bare.lon, bare.is_taken_in_page) == (noted["taken_at"], 119.051, True)
    assert (unsaid.taken_at, unsaid.lon, unsaid.is_taken_in_page) == (None, None, False)


def test_a_page_cannot_talk_away_what_the_file_says(district: Engine, store: FolderStore) -> None:
    row = add(district, store, photo(place=(119.15, 35.0)), is_taken_in_page=True, taken_at=NOW, lon=119.05, lat=35.05)
    assert (row.lon, row.taken_at, row.is_taken_in_page) == (119.15, NOW - timedelta(hours=18, minutes=30), False)


@pytest.mark.parametrize("noted", [{"lon": 200.0, "lat": 35.0}, {"lon": 119.0}, {"taken_at": NOW.replace(tzinfo=None)}])
def test_an_impossible_note_of_the_page_is_refused(district: Engine, store: FolderStore, noted: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        add(district, store, jpeg(scene(1)), is_taken_in_page=True, **noted)


def test_distance_is_measured_in_metres(district: Engine, store: FolderStore) -> None:
    near, far = (add(district, store, photo(n, place=(119.05, lat))) for n, lat in ((1, 35.0517), (2, 35.0519)))
    found_issue = every(district, Issue)[0]
    told = [mismatches_of(found_issue, row, time_zone="Asia/Shanghai", most_m=200) for row in (near, far)]
    assert [[doubt.mismatch for doubt in one if doubt.mismatch == Mismatch.FAR_AWAY] for one in told] == [
        [],
        [Mismatch.FAR_AWAY],
    ]
    assert told[1][0].params == {"metres": 211, "most": 200}


@pytest.fixture
def shown_to(district: Engine, store: FolderStore) -> Iterator[Any]:
    add(district, store, photo(1), by="butler")
    with reading(district) as session:
        dust = session.exec(select(Issue).where(Issue.title == "Dust")).one()
        yield lambda login: gallery_of(session, actor(district, login), dust)[0]


@pytest.mark.parametrize(
    ("login", "sees"), [("bureau", True), ("west", True), ("butler", True), ("leader", False), ("east", False)]
)
def test_time_and_place_are_for_few(shown_to: Any, login: str, sees: bool) -> None:
    one = shown_to(login)
    assert (one.lon is not None, one.taken_at is not None, one.may_see_origin) == (sees, sees, sees)


def test_an_earlier_use_is_named_to_those_who_may_see_it(district: Engine, store: FolderStore) -> None:
    add(district, store, photo(1), to="Oil")
    add(district, store, photo(1))
    dust, oil = every(district, Issue)
    with reading(district) as session:
        told = [gallery_of(session, actor(district, login), dust)[0] for login in ("bureau", "west")]
    assert [(one.is_reused, one.reuses_number) for one in told] == [(True, oil.number), (True, "")]
