"""Several writers at once: no update is lost, no writer ends in a traceback, exactly one of two savers wins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db import records
from db.tables.issues import Issue, Notice
from db.tables.people import Unit
from db.tables.territory import Zone
from db.unit_of_work import UnitOfWork, reading
from db.verification import differences, tally_differences, verify_chain
from governance.errors import Conflict
from governance.vocabulary import NoticeKind, Severity, Stage, UnitKind
from tests.storage.conftest import FOUND_ON, Writing, issue_fields, raw, rows_of, writer

THREADS, TURNS = 8, 10


@pytest.fixture
def stocked(founded: Engine, writing: Writing) -> Engine:
    """A district with four issues and a unit."""
    with writing() as work:
        rows = [issue_fields(n, township_id=1, measures="") for n in (1, 2, 3, 4)]
        records.create_many(work, Issue, rows)
        records.create(work, Unit(code="U1", kind=UnitKind.BUREAU, name="Unit 1"))
    return founded


def at_once(engine: Engine, job: Callable[[UnitOfWork, int], object], *, turns: int = TURNS) -> None:
    """Let eight threads do the job so many times each, all from the same moment; an error of any is raised here."""
    writing, gate = writer(engine), Barrier(THREADS)

    def work_on(thread: int) -> None:
        gate.wait()
        for turn in range(turns):
            with writing() as work:
                job(work, thread * turns + turn)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work_on, range(THREADS)))


def proved(engine: Engine) -> list[object]:
    with reading(engine) as session:
        return [*verify_chain(session), *differences(session), *tally_differences(session)]


def add_letter(work: UnitOfWork, number: int) -> None:
    issue = records.get(work.session, Issue, number % 4 + 1)
    records.change(work, issue, {"measures": f"{issue.measures}x"}, code="noted")


def test_eight_threads_that_change_the_same_issues_lose_no_update(stocked: Engine) -> None:
    at_once(stocked, add_letter)
    assert sum(len(row["measures"]) for row in rows_of(stocked, "issue")) == THREADS * TURNS
    assert proved(stocked) == []


def change_two_in_any_order(work: UnitOfWork, number: int) -> None:
    """Every other writer takes the two issues the other way round, and the notice before or after them."""
    numbers = (1, 2) if number % 2 else (2, 1)
    for issue in numbers:
        row = records.get(work.session, Issue, issue)
        records.change(work, row, {"measures": f"{row.measures}x"}, code="noted")
        work.session.flush()
        if issue == 1:
            notice = Notice(number=f"N{number}", kind=NoticeKind.DISTRICT, issuer_id=1, issued_on=FOUND_ON)
            records.create(work, notice)


def test_writers_that_take_things_in_opposite_order_do_not_block_each_other(stocked: Engine) -> None:
    at_once(stocked, change_two_in_any_order)
    assert [len(row["measures"]) for row in rows_of(stocked, "issue")][:2] == [THREADS * TURNS] * 2
    assert proved(stocked) == []


def reopen_and_close(work: UnitOfWork, number: int) -> None:
    issue = records.get(work.session, Issue, number % 4 + 1)
    stage = Stage.CLOSED if issue.stage != Stage.CLOSED else Stage.RECTIFYING
    changes = {"stage": stage, "severity": list(Severity)[number % 3], "township_id": number % 2 + 1}
    records.change(work, issue, changes, code="reopened" if issue.stage == Stage.CLOSED else "moved")


def test_summaries_stay_right_under_eight_writers(stocked: Engine) -> None:
    at_once(stocked, reopen_and_close)
    assert proved(stocked) == []


def only_if_free(work: UnitOfWork, number: int) -> None:
    if work.session.exec(select(Zone).where(Zone.name == "the only one")).first() is None:
        records.create(work, Zone(code=f"W{number}", kind="port", name="the only one"))  # type: ignore[arg-type]


def test_what_a_rule_has_read_still_holds_when_it_commits(stocked: Engine) -> None:
    at_once(stocked, only_if_free, turns=2)
    assert [row["name"] for row in rows_of(stocked, "zone")].count("the only one") == 1


def test_of_two_people_who_save_the_same_record_exactly_one_wins(stocked: Engine) -> None:
    writing, gate = writer(stocked), Barrier(2)
    with reading(stocked) as session:
        seen = records.get(session, Zone, 1).version

    def save(name: str) -> str:
        gate.wait()
        try:
            with writing() as work:
                zone = records.get(work.session, Zone, 1, version=seen)
                records.change(work, zone, {"name": name}, code="renamed")
        except Conflict:
            return "told"
        return name

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(save, ("one", "other")))
    assert sorted(outcomes)[-1] == "told"
    assert rows_of(stocked, "zone")[0]["name"] in outcomes


def test_a_row_that_changed_behind_the_session_is_a_conflict(stocked: Engine, writing: Writing) -> None:
    with pytest.raises(Conflict, match="changed by somebody else"), writing() as work:  # noqa: PT012 - a race in one line
        zone = records.get(work.session, Zone, 1)
        work.session.connection().exec_driver_sql("UPDATE zone SET version = 9 WHERE id = 1")
        records.change(work, zone, {"name": "mine"}, code="renamed")
    assert raw(stocked, "SELECT name, version FROM zone WHERE id = 1") == [("Zone 1", 1)]
