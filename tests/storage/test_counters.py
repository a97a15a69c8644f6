"""Gapless numbers: taken in the transaction that uses them, and given back with it."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from db import counters, records
from db.tables.issues import Issue
from tests.storage.conftest import Writing, new_issue, rows_of, writer

THREADS, EACH = 8, 6


def test_numbers_begin_at_1_and_follow_each_other(writing: Writing) -> None:
    with writing() as work:
        taken = [list(counters.take(work.session, "notice", n)) for n in (1, 3, 1)]
    assert taken == [[1], [2, 3, 4], [5]]


def test_each_sequence_counts_by_itself(writing: Writing) -> None:
    with writing() as work:
        counters.take(work.session, "notice:2025", 5)
        assert list(counters.take(work.session, "notice:2026")) == [1]


def test_numbers_of_a_transaction_that_failed_are_given_again(writing: Writing) -> None:
    fail(writing, 1)
    with writing() as work:
        assert list(counters.take(work.session, "issue")) == [1]


def fail(writing: Writing, number: int) -> None:
    """Create an issue in a transaction that does not commit."""
    with contextlib.suppress(RuntimeError), writing() as work:
        records.create(work, new_issue(number))
        raise RuntimeError


def test_eight_threads_get_numbers_without_gap_or_double(founded: Engine) -> None:
    writing = writer(founded)

    def take(thread: int) -> list[int]:
        taken: list[int] = []
        for turn in range(EACH):
            with writing(minutes=thread + turn) as work:
                taken += counters.take(work.session, "notice")
        return taken

    with ThreadPoolExecutor(THREADS) as pool:
        numbers = sorted(number for taken in pool.map(take, range(THREADS)) for number in taken)
    assert numbers == list(range(1, THREADS * EACH + 1))


def test_eight_threads_with_failures_leave_no_gap_among_the_records(founded: Engine) -> None:
    writing = writer(founded)

    def report(turn: int) -> None:
        if turn % 3 == 0:
            fail(writing, turn)
            return
        with writing() as work:
            records.create(work, new_issue(turn))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(report, range(30)))
    assert [row["id"] for row in rows_of(founded, Issue.subject)] == list(range(1, 21))
