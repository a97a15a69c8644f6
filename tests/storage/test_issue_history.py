"""The newest of an issue's history and the last of each kind, on both databases."""

from sqlalchemy import Engine

from db import records
from db.repositories.issue_history import last_of_each, newest_of
from db.tables.issues import Evidence
from db.unit_of_work import UnitOfWork, reading
from governance.vocabulary import EvidenceKind
from tests.storage.conftest import START, Writing, new_issue


def photo(work: UnitOfWork, issue_id: int) -> None:
    file = {"sha256": "0" * 64, "media_type": "image/jpeg", "size_bytes": 1, "name": "a.jpg", "added_at": START}
    records.create(work, Evidence(issue_id=issue_id, kind=EvidenceKind.BEFORE, **file), code="evidence_added")


def told(writing: Writing) -> tuple[int, int]:
    """Two issues, each reported with a photo; the first is amended twice."""
    with writing() as work:
        first, second = (records.create(work, new_issue(number), code="reported") for number in (1, 2))
        for issue in (first, second):
            photo(work, issue.key)
        for title in ("One", "Two"):
            records.change(work, first, {"title": title}, code="amended", reason=title)
    return first.key, second.key


def test_the_newest_come_first_with_what_hangs_on_the_issue(founded: Engine, writing: Writing) -> None:
    first, second = told(writing)
    with reading(founded) as session:
        found = [[each.event.code for each in newest_of(session, key, limit=9)] for key in (first, second)]
    assert found == [["amended", "amended", "evidence_added", "reported"], ["evidence_added", "reported"]]


def test_no_more_are_read_than_asked_for_and_none_that_were_known(founded: Engine, writing: Writing) -> None:
    first, _second = told(writing)
    with reading(founded) as session:
        newest = newest_of(session, first, limit=2)
        later = newest_of(session, first, limit=9, after=newest[1].event.seq or 0)
    assert ([each.event.reason for each in newest], [each.event.reason for each in later]) == (["Two", "One"], ["Two"])


def test_the_last_of_each_kind_says_how_often_it_happened(founded: Engine, writing: Writing) -> None:
    first, _second = told(writing)
    with reading(founded) as session:
        found = last_of_each(session, first, ["reported", "amended", "refused"])
    assert {code: (last.times, last.happened.event.reason) for code, last in found.items()} == {
        "reported": (1, ""),
        "amended": (2, "Two"),
    }
