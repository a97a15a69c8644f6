"""The chain's heads outside the database: each commit is noted, by many writers at once, in a file that stays small."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db import records, witness
from db.engine import create_engine_for
from db.history import data_version, head_hash
from db.tables.people import Person
from db.unit_of_work import reading, unit_of_work
from db.verification import Fault, witness_faults
from db.witness import note, noted
from governance.permissions import operator
from tests.storage.conftest import START, found, rows_of

HASH = "ab" * 32


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    return tmp_path / "heads.log"


@pytest.fixture
def watched(database_url: str, heads: Path) -> Iterator[Engine]:
    """A founded district whose heads are noted, with three more commits."""
    engine = create_engine_for(database_url, heads=heads)
    found(engine)
    for number in range(3):
        add_person(engine, number)
    yield engine
    engine.dispose()


def add_person(engine: Engine, number: int) -> None:
    with unit_of_work(engine, actor=operator("test"), now=START + timedelta(minutes=number + 1)) as work:
        records.create(work, Person(code=f"P{number}", name=f"Person {number}"))


def faults(engine: Engine) -> list[Fault]:
    with reading(engine) as session:
        return witness_faults(session)


def test_every_commit_is_noted_with_its_number_hash_and_time(watched: Engine, heads: Path) -> None:
    lines = list(noted(heads))
    assert [line.seq for line in lines] == [7, 8, 9, 10]
    assert [line.hash for line in lines] == [row["hash"] for row in rows_of(watched, "event")[6:]]
    assert lines[-1].at == "2026-06-30T01:33:00.000000Z"
    with reading(watched) as session:
        assert (data_version(session), head_hash(session)) == (10, lines[-1].hash)


def test_only_the_owner_reads_the_file(watched: Engine, heads: Path) -> None:
    assert heads.stat().st_mode & 0o777 == 0o600


def test_what_is_rolled_back_is_not_noted(watched: Engine, heads: Path) -> None:
    with (  # noqa: PT012 - the block is the point
        pytest.raises(RuntimeError, match="half-way"),
        unit_of_work(watched, actor=operator("test"), now=START) as work,
    ):
        records.create(work, Person(code="P9", name="Nobody"))
        raise RuntimeError("half-way")
    assert len(list(noted(heads))) == 4


def test_a_block_in_which_nothing_happens_is_not_noted(watched: Engine, heads: Path) -> None:
    with unit_of_work(watched, actor=operator("test"), now=START):
        pass
    assert len(list(noted(heads))) == 4


def test_an_untouched_chain_is_what_was_noted(watched: Engine) -> None:
    assert faults(watched) == []


def test_without_a_file_nothing_is_compared(founded: Engine) -> None:
    assert faults(founded) == []


def test_a_commit_that_comes_while_somebody_verifies_is_no_fault(watched: Engine) -> None:
    with reading(watched) as session:
        data_version(session)
        add_person(watched, 8)
        assert witness_faults(session) == []


def test_a_line_that_was_lost_is_no_fault(watched: Engine, heads: Path) -> None:
    lines = heads.read_text().splitlines(keepends=True)
    heads.write_text("".join([lines[3], lines[1]]))
    assert faults(watched) == []


def test_a_file_that_was_removed_is_named(watched: Engine, heads: Path) -> None:
    heads.unlink()
    assert [(fault.kind, fault.what.split(":")[0]) for fault in faults(watched)] == [("head", "heads.log is gone")]


def test_a_line_that_cannot_be_read_is_named(watched: Engine, heads: Path) -> None:
    heads.write_text(heads.read_text().replace("\n8 ", "\n8: "))
    assert faults(watched) == [Fault(kind="head", id=0, what="heads.log:2 cannot be read")]


def test_an_altered_head_is_named(watched: Engine, heads: Path) -> None:
    lines = heads.read_text().splitlines(keepends=True)
    heads.write_text(lines[0] + f"8 {HASH} {START.isoformat()}\n")
    (fault,) = faults(watched)
    assert (fault.kind, fault.id, "rewritten" in fault.what) == ("head", 8, True)


def test_eight_threads_note_every_head_whole(heads: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seq: note(heads, seq, HASH, at=START), range(1, 801)))
    assert sorted(line.seq or 0 for line in noted(heads)) == list(range(1, 801))


def test_a_full_file_keeps_the_first_every_hundredth_and_the_last_head(
    heads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "LARGEST_BYTES", 25_000)
    for seq in range(1, 501):
        note(heads, seq, HASH, at=START)
    numbers = [line.seq for line in noted(heads)]
    assert {1, 101, 201} <= set(numbers)
    assert numbers[-1] == 500
    assert len(numbers) < 260
    assert sorted(path.name for path in heads.parent.glob("heads*")) == ["heads-old.log", "heads.log"]


def test_the_thinned_file_still_proves(watched: Engine, heads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "LARGEST_BYTES", 1)
    add_person(watched, 7)
    assert (heads.exists(), len(list(noted(heads))), faults(watched)) == (False, 2, [])


def test_a_file_that_cannot_be_written_fails_nobody(
    watched: Engine, heads: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heads.unlink()
    heads.mkdir()
    add_person(watched, 7)
    assert rows_of(watched, "person")[-1]["code"] == "P7"
    assert "the head 11 of the chain could not be written" in caplog.text


def test_a_new_database_begins_a_new_file_and_keeps_the_old_one(
    watched: Engine, heads: Path, tmp_path: Path, migrated_sqlite: Path
) -> None:
    path = tmp_path / "second.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    second = create_engine_for(f"sqlite:///{path}", heads=heads)
    found(second)
    assert [line.seq for line in noted(heads)] == [7]
    assert len(list(tmp_path.glob("heads.log.until-2026-06-30T013000.000000Z"))) == 1
    assert faults(second) == []
    second.dispose()
