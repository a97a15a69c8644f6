"""The reader of history that other tests rely on: it names what must not happen when somebody writes past the rules."""

from typing import Any

import pytest
from sqlalchemy import Engine

from db import records
from db.tables.issues import Evidence, Issue
from db.unit_of_work import unit_of_work
from governance.permissions import operator
from governance.vocabulary import Category, EvidenceKind, Severity, SignOffLevel, Source, Stage
from tests.conftest import NOW, TODAY
from tests.services.loop_history import history_faults
from tests.services.small_district import found

FINDER, RECTIFIER, CHECKER, SIGNER = None, 1, 2, 3
# The way to the end as it should be: event, stage, and who is recorded.
WAY: list[tuple[str, Stage, dict[str, Any]]] = [
    ("confirmed", Stage.CONFIRMED, {"confirmer_id": 1}),
    ("entered_in_ledger", Stage.LEDGERED, {}),
    ("handed_over", Stage.RECTIFYING, {}),
    ("measures_submitted", Stage.SUPERVISED, {"rectifier_id": RECTIFIER}),
    ("checked_on_site", Stage.SUPERVISED, {"checker_id": CHECKER}),
    ("signed_off", Stage.CLOSED, {"signer_id": SIGNER}),
]
BOTH = (EvidenceKind.BEFORE, EvidenceKind.AFTER)


@pytest.fixture
def district(migrated_sqlite: Any, tmp_path: Any) -> Any:
    from db.engine import create_engine_for

    path = tmp_path / "gridguard.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = create_engine_for(f"sqlite:///{path}")
    yield found(engine)
    engine.dispose()


def lived(engine: Engine, way: list[tuple[str, Stage, dict[str, Any]]], photos: tuple[EvidenceKind, ...] = BOTH) -> str:
    """Write a life past all rules; what the reader says of it."""
    with unit_of_work(engine, actor=operator("test"), now=NOW) as work:
        for code in ("A", "B", "C"):
            _person(work, code)
        kind = {"severity": Severity.MINOR, "category": Category.DUST, "source": Source.BUTLER}
        level = {"sign_off_level": SignOffLevel.TOWNSHIP, "found_on": TODAY, "stage": Stage.DISCOVERED}
        issue = Issue(number="2026-00001", title="Heap", finder_id=FINDER, **kind, **level)
        records.create(work, issue, code="reported")
        for photo in photos:
            _show(work, photo)
        for code, stage, people in way:
            records.change(work, issue, {"stage": stage, **people}, code=code)
    return "; ".join(history_faults(engine))


def _person(work: Any, code: str) -> None:
    from db.tables.people import Person

    records.create(work, Person(code=code, name=code))


def _show(work: Any, kind: EvidenceKind) -> None:
    photo = Evidence(
        issue_id=1, kind=kind, sha256="0" * 64, media_type="image/jpeg", size_bytes=1, name="x", added_at=work.now
    )
    records.create(work, photo, code="evidence_added")


def changed(place: int, **people: Any) -> list[tuple[str, Stage, dict[str, Any]]]:
    code, stage, before = WAY[place]
    return [*WAY[:place], (code, stage, {**before, **people}), *WAY[place + 1 :]]


def test_a_life_as_it_should_be_has_no_fault(district: Engine) -> None:
    assert lived(district, WAY) == ""


@pytest.mark.parametrize("left_out", range(len(WAY) - 1))
def test_a_link_that_was_left_out_is_named(left_out: int, district: Engine) -> None:
    assert "leads from" in (told := lived(district, WAY[:left_out] + WAY[left_out + 1 :])) or "signed" in told


def test_a_check_by_whoever_rectified_is_named(district: Engine) -> None:
    assert "checked by whoever rectified" in lived(district, changed(4, checker_id=RECTIFIER))


@pytest.mark.parametrize("signer", [RECTIFIER, CHECKER, None])
def test_a_signature_of_the_own_work_or_of_nobody_is_named(signer: int | None, district: Engine) -> None:
    assert f"signed by {signer}" in lived(district, changed(5, signer_id=signer))


def test_a_signature_of_who_checked_before_another_did_is_named(district: Engine) -> None:
    second = ("checked_on_site", Stage.SUPERVISED, {"checker_id": 4})
    way = [*WAY[:5], second, ("signed_off", Stage.CLOSED, {"signer_id": CHECKER})]
    assert f"signed by {CHECKER}" in lived(district, way)


@pytest.mark.parametrize("photos", [(), (EvidenceKind.BEFORE,), (EvidenceKind.AFTER,)])
def test_a_signature_without_both_photos_is_named(photos: tuple[EvidenceKind, ...], district: Engine) -> None:
    assert "signed in round 0 on" in lived(district, WAY, photos)


def test_a_photo_of_an_earlier_round_does_not_count(district: Engine) -> None:
    back = ("returned", Stage.RECTIFYING, {"times_returned": 1})
    assert "signed in round 1 on" in lived(district, [*WAY[:5], back, *WAY[3:]])


def test_an_event_that_moves_an_issue_without_being_an_act_is_named(district: Engine) -> None:
    assert "moves from discovered to closed" in lived(district, [("noted", Stage.CLOSED, {})])


def test_a_confirmation_by_nobody_is_named(district: Engine) -> None:
    assert "confirmed by the finder" in lived(district, [("confirmed", Stage.CONFIRMED, {"confirmer_id": None})])
