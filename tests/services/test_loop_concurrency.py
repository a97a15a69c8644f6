"""Many people on the same issues at once: one signature, one entry per form, numbers without gaps, no update lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.comments import write_comment
from dashboard.services.desk import once
from dashboard.services.issue_actions import perform
from dashboard.services.notices import issue_notice
from db import records
from db.tables.issues import Issue, Notice
from db.tables.loop import Comment
from db.tables.people import Unit
from db.unit_of_work import UnitOfWork, unit_of_work
from governance.errors import GridGuardError
from governance.stages import Action
from governance.vocabulary import EvidenceKind, NoticeKind, Stage
from tests.conftest import NOW
from tests.services.loop_district import actor, found_loop, issue_of, person_id, report, show, unit_id, walk
from tests.services.loop_history import events, proved
from tests.services.small_district import every

THREADS = 8
OFFICERS = (
    "township01",
    "township02",
    "bureau01",
    "bureau02",
    "department01",
    "department02",
    "director01",
    "butler01",
)


@pytest.fixture
def district(engine: Engine) -> Engine:
    return found_loop(engine)


def at_once(engine: Engine, job: Callable[[UnitOfWork, int], object], people: tuple[str, ...]) -> list[str]:
    """Let each of the people do the job in a thread of the own, all from the same moment; what became of each."""
    gate, actors = Barrier(len(people)), [actor(engine, code) for code in people]

    def work_on(place: int) -> str:
        gate.wait()
        try:
            with unit_of_work(engine, actor=actors[place], now=NOW + timedelta(hours=1)) as work:
                job(work, place)
        except GridGuardError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(work_on, range(len(people))))


def codes(engine: Engine) -> Counter[str]:
    return Counter(event["code"] for event in events(engine))


def test_of_eight_people_who_sign_the_same_issue_exactly_one_does(district: Engine) -> None:
    number = walk(district, report(district), "checked")
    outcomes = at_once(district, lambda work, _: perform(work, number, Action.SIGN_OFF, {}), ("township02",) * THREADS)
    assert Counter(outcomes) == {"done": 1, "illegal_transition": THREADS - 1}
    assert (codes(district)["signed_off"], proved(district)) == (1, [])


def test_of_two_who_save_the_form_that_they_both_opened_one_is_told(district: Engine) -> None:
    number = walk(district, report(district), "supervised")
    seen = issue_of(district, number).version

    def check(work: UnitOfWork, _: int) -> None:
        perform(work, number, Action.CHECK_ON_SITE, {"reason": "seen"}, version=seen)

    assert sorted(at_once(district, check, ("township01", "township02"))) == ["done", "stale"]
    assert codes(district)["checked_on_site"] == 1


def test_a_form_that_is_sent_eight_times_at_once_is_carried_out_once(district: Engine) -> None:
    number = walk(district, report(district), "rectifying")
    issue = issue_of(district, number)

    def send(work: UnitOfWork, _: int) -> None:
        def remark() -> str:
            write_comment(work, records.get(work.session, Issue, issue.key), "once")
            return number

        assert once(work, "the token of one form", remark) == number

    assert at_once(district, send, ("township01",) * THREADS) == ["done"] * THREADS
    assert len(every(district, Comment)) == 1


def test_notices_of_eight_issuers_at_once_are_numbered_without_gaps(district: Engine) -> None:
    numbers = [walk(district, report(district), "rectifying") for _ in range(2)]
    units = [unit_id(district, code) for code in ("U-BUR", "U-COM")]

    def issue_three(work: UnitOfWork, place: int) -> None:
        issue = work.session.exec(select(Issue).where(Issue.number == numbers[place % 2])).one()
        issuer = records.get(work.session, Unit, units[place % 2])
        for _ in range(3):
            issue_notice(work, kind=NoticeKind.DISTRICT, issuer=issuer, issues=[issue])

    outcomes = at_once(district, issue_three, ("bureau01", "bureau02", "committee01", "bureau01") * 2)
    assert outcomes == ["done"] * THREADS
    by_issuer = Counter(notice.issuer_id for notice in every(district, Notice))
    assert (by_issuer, proved(district)) == ({units[0]: 12, units[1]: 12}, [])


def test_eight_threads_that_live_the_same_issues_lose_no_act(district: Engine) -> None:
    numbers = [report(district) for _ in range(3)]
    director, unit = person_id(district, "director01"), unit_id(district, "U-DEP")
    values: dict[Stage, tuple[Action, dict[str, object]]] = {
        Stage.DISCOVERED: (Action.CONFIRM, {}),
        Stage.CONFIRMED: (Action.ENTER_LEDGER, {"term": "limited", "requirement": "cover"}),
        Stage.LEDGERED: (Action.HAND_OVER, {"lead_unit_id": unit, "person_in_charge_id": director}),
        Stage.RECTIFYING: (Action.SUBMIT_MEASURES, {"measures": "covered"}),
        Stage.CLOSED: (Action.REOPEN, {"reason": "again"}),
    }
    done: list[str] = []

    def lead_on(work: UnitOfWork, place: int) -> None:
        issue = work.session.exec(select(Issue).where(Issue.number == numbers[place % 3])).one()
        ending = Action.SIGN_OFF if issue.checker_id else Action.CHECK_ON_SITE
        action, given = values.get(issue.stage, (ending, {"reason": "seen"}))
        if action == Action.SUBMIT_MEASURES:
            show(work, issue, EvidenceKind.AFTER)
        perform(work, issue.number, action, given)

    for _ in range(6):
        done += at_once(district, lead_on, OFFICERS)
    moves = sum(codes(district)[code] for code in MOVES)
    assert (moves, proved(district)) == (done.count("done"), [])
    assert done.count("done") >= 15


MOVES = (
    *("confirmed", "entered_in_ledger", "handed_over", "measures_submitted", "checked_on_site", "signed_off"),
    "reopened",
)
