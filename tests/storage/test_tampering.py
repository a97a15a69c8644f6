"""One thing tampered with at a time, past every guard, as whoever owns the database could: each is named."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db import records
from db.engine import create_engine_for
from db.history import event_body
from db.tables.issues import Evidence, Issue, Notice, NoticeIssue
from db.tables.people import Unit
from db.unit_of_work import reading
from db.verification import differences, tally_differences, verify_chain, witness_faults
from governance.chain import GENESIS, link
from governance.vocabulary import EvidenceKind, NoticeKind, Stage, UnitKind
from tests.storage.conftest import found, new_issue, raw, rows_of, take_guards_off, writer

Named = set[tuple[str, int]]
CONFIRMED, CLOSED, LAST = 9, 10, 14  # events of these acts


@pytest.fixture
def lived(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A district with a closed issue, its notice and its evidence in 14 events, whose guards are off."""
    engine = create_engine_for(database_url, heads=tmp_path / "heads.log")
    found(engine)
    with writer(engine)() as work:
        issue = records.create(work, new_issue(1, township_id=1, cell=11))
    with writer(engine)(minutes=2) as work:
        issue = records.get(work.session, Issue, 1)
        records.change(work, issue, {"stage": Stage.CONFIRMED}, code="confirmed", reason="seen")
        records.change(work, issue, {"stage": Stage.CLOSED, "closed_on": date(2026, 6, 30)}, code="signed_off")
    with writer(engine)(minutes=3) as work:
        records.create(work, Unit(code="U1", kind=UnitKind.BUREAU, name="Bureau"))
        records.create(work, notice())
        records.create(work, NoticeIssue(notice_id=1, issue_id=1))
        records.create(work, evidence())
    take_guards_off(engine)
    yield engine
    engine.dispose()


def notice() -> Notice:
    return Notice(number="U1-2026-001", kind=NoticeKind.DISTRICT, issuer_id=1, issued_on=date(2026, 6, 30))


def evidence() -> Evidence:
    at = datetime(2026, 6, 30, tzinfo=UTC)
    return Evidence(
        issue_id=1,
        kind=EvidenceKind.AFTER,
        sha256="a" * 64,
        media_type="image/jpeg",
        size_bytes=9,
        name="x",
        added_at=at,
    )


def named(engine: Engine) -> Named:
    """Kind and number of everything that verifying names."""
    with reading(engine) as session:
        checks = (verify_chain, witness_faults, differences, tally_differences)
        return {(fault.kind, fault.id) for check in checks for fault in check(session)}


def test_what_nobody_touched_has_no_fault(lived: Engine) -> None:
    assert rows_of(lived, "event")[-1]["seq"] == LAST
    assert named(lived) == set()


INVENTED = (
    "INSERT INTO event (seq, district_code, subject_kind, subject_id, code, at, reason, params, hash) VALUES "
    f"({LAST + 1}, '999001', 'issue', 1, 'reopened', '2026-06-30 02:00:00.000000', '', '{{}}', '{'0' * 64}')"
)
FLOWS = {("flow_tally", 0), ("place_flow", 0), ("cell_flow", 0)}
SUMMARIES = FLOWS | {(f"{what}_tally", 0) for what in ("issue", "standing", "due", "cell", "heat")}
# What is done with raw SQL, and what is named for it.
TAMPERINGS: dict[str, tuple[list[str], Named]] = {
    "an event's reason": ([f"UPDATE event SET reason = 'other' WHERE seq = {CONFIRMED}"], {("event", CONFIRMED)}),
    "an event's person": ([f"UPDATE event SET actor_id = 4 WHERE seq = {CLOSED}"], {("event", CLOSED)}),
    "an event's time": (
        [f"UPDATE event SET at = '2026-06-30 01:31:00.000000' WHERE seq = {CLOSED}"],
        {("event", CLOSED)},
    ),
    "an event removed": ([f"DELETE FROM event WHERE seq = {CONFIRMED}"], {("event", CONFIRMED)} | FLOWS),
    "two events swapped": (
        [
            f"UPDATE event SET seq = 99 WHERE seq = {CONFIRMED}",
            f"UPDATE event SET seq = {CONFIRMED} WHERE seq = {CLOSED}",
            f"UPDATE event SET seq = {CLOSED} WHERE seq = 99",
        ],
        {("event", CONFIRMED), ("event", CLOSED), ("event", CLOSED + 1), ("head", CLOSED), ("issue", 1)} | SUMMARIES,
    ),
    "the last event removed": (
        [f"DELETE FROM event WHERE seq = {LAST}"],
        {("chain_head", 0), ("head", LAST), ("evidence", 1)},
    ),
    "an event invented": (
        [INVENTED],
        {("event", LAST + 1), ("chain_head", 0)},
    ),
    "a field of an issue": (["UPDATE issue SET severity = 'severe'"], {("issue", 1)}),
    "where an issue lies": (["UPDATE issue SET township_id = 2"], {("issue", 1)}),
    "who signed": (["UPDATE issue SET signer_id = NULL, closed_on = '2026-06-29'"], {("issue", 1)}),
    "an issue removed": (
        ["DELETE FROM notice_issue", "DELETE FROM evidence", "DELETE FROM issue"],
        {("issue", 1), ("notice_issue", 1), ("evidence", 1)},
    ),
    "an issue invented": (
        ["INSERT INTO industry (id, district_code, version, code, name) VALUES (9, '999001', 1, 'x', 'x')"],
        {("industry", 9)},
    ),
    "a notice's day": (["UPDATE notice SET issued_on = '2026-06-01'"], {("notice", 1)}),
    "a notice's number": (["UPDATE notice SET number = 'U1-2026-002'"], {("notice", 1)}),
    "the file of evidence": (["UPDATE evidence SET sha256 = '" + "b" * 64 + "'"], {("evidence", 1)}),
    "the round of evidence": (["UPDATE evidence SET round = 1"], {("evidence", 1)}),
    "evidence removed": (["DELETE FROM evidence"], {("evidence", 1)}),
    "the head's hash": (["UPDATE chain_head SET hash = '" + "0" * 64 + "'"], {("chain_head", 0)}),
    "the head's number": (["UPDATE chain_head SET seq = 3"], {("chain_head", 0)}),
    "a summary": (["UPDATE issue_tally SET n = 7"], {("issue_tally", 0)}),
    "a summary removed": (["DELETE FROM flow_tally"], {("flow_tally", 0)}),
}


@pytest.mark.parametrize("tampering", sorted(TAMPERINGS))
def test_whatever_was_touched_is_named(tampering: str, lived: Engine) -> None:
    statements, expected = TAMPERINGS[tampering]
    for statement in statements:
        raw(lived, statement)
    assert named(lived) == expected


def forge(engine: Engine, change: Callable[[dict[str, object]], None]) -> None:
    """Change history and compute the whole chain and its head anew, as somebody who knows this program would."""
    last = GENESIS
    for row in rows_of(engine, "event"):
        change(row)
        last = link(last, event_body(row))
        raw(
            engine,
            "UPDATE event SET reason = :reason, actor_id = :actor, hash = :hash WHERE seq = :seq",
            reason=row["reason"],
            actor=row["actor_id"],
            hash=last,
            seq=row["seq"],
        )
    raw(engine, "UPDATE chain_head SET hash = :hash", hash=last)


def another_reason(row: dict[str, object]) -> None:
    row["reason"] = "another" if row["seq"] == CONFIRMED else row["reason"]


def chain_only(engine: Engine) -> list[object]:
    with reading(engine) as session:
        return [*verify_chain(session), *differences(session), *tally_differences(session)]


def test_a_chain_that_was_computed_anew_is_consistent_in_itself_and_found_by_its_heads(lived: Engine) -> None:
    forge(lived, another_reason)
    assert chain_only(lived) == []
    assert named(lived) == {("head", CLOSED)}


def test_a_chain_cut_off_with_its_head_is_consistent_in_itself_and_found_by_its_heads(lived: Engine) -> None:
    (before,) = (row["hash"] for row in rows_of(lived, "event") if row["seq"] == LAST - 1)
    raw(lived, f"DELETE FROM event WHERE seq = {LAST}")
    raw(lived, "DELETE FROM evidence")
    raw(lived, "UPDATE chain_head SET seq = :seq, hash = :hash", seq=LAST - 1, hash=before)
    assert chain_only(lived) == []
    assert named(lived) == {("head", LAST)}


def test_what_was_forged_is_still_named_after_more_was_written(lived: Engine) -> None:
    forge(lived, another_reason)
    with writer(lived)(minutes=9) as work:
        records.create(work, Unit(code="U2", kind=UnitKind.BUREAU, name="Bureau 2"))
    assert named(lived) == {("head", CLOSED)}
