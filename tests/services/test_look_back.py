"""Look-backs: drawn from what was closed, made by somebody apart, kept or reopened, with rates to show for it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.services.look_back import (
    due_look_backs,
    keep_sample,
    plan_items,
    plan_look_back,
    record_look_back,
)
from dashboard.services.look_back_samples import draw_sample
from dashboard.services.rebounds import rebound_rates, signers_rates
from dashboard.services.recurrences import link_recurrence, recurrence_candidates
from db.repositories.issues import events_of
from db.repositories.look_back import Grouping, LookBackLine
from db.tables.issues import Issue
from db.tables.loop import LookBackItem
from db.unit_of_work import reading, rehearsal, unit_of_work
from db.verification import differences, tally_differences
from governance.errors import Conflict, InvalidInput, NotAllowed
from governance.permissions import Actor, operator
from governance.vocabulary import LookBackKind, LookBackResult, Severity
from tests.conftest import NOW, TODAY
from tests.services.loop_district import actor, do, found_loop, issue_of, person_id, report, walk

LATER = NOW + timedelta(days=40)
CLOSED, TOWNSHIPS = LookBackKind.CLOSED_ISSUES, LookBackKind.TOWNSHIP_FINDINGS


@pytest.fixture
def district(engine: Engine) -> Engine:
    """A district with three issues closed on the test's day, by the township's people."""
    found_loop(engine)
    for _ in range(3):
        walk(engine, report(engine), "closed")
    return engine


def plan(engine: Engine, by: Actor | None = None, *, kind: LookBackKind = CLOSED, **order: Any) -> list[LookBackLine]:
    usual = {"closed_from": TODAY, "closed_to": TODAY, "size": 10, "risk_percent": 50, "seed": 7}
    with unit_of_work(engine, actor=by or actor(engine, "bureau01"), now=LATER) as work:
        made = plan_look_back(work, kind=kind, **{**usual, **order})
    with reading(engine) as session:
        return plan_items(session, made.key)


def record(engine: Engine, item: LookBackItem, result: str, *, by: str = "bureau01", days: int = 41) -> LookBackItem:
    with unit_of_work(engine, actor=actor(engine, by), now=NOW + timedelta(days=days)) as work:
        row = work.session.get_one(LookBackItem, item.key)
        return record_look_back(work, row, result=LookBackResult(result), words="Bare again")


def test_a_plan_draws_what_was_closed_and_says_what_it_drew_from(district: Engine) -> None:
    lines = plan(district, size=2)
    plans = {line.plan.key: line.plan for line in lines}
    assert (len(lines), [one.population for one in plans.values()]) == (2, [3])
    assert sorted(line.item.drawn_by for line in lines) == ["chance", "risk"]


def test_the_same_seed_draws_the_same_issues(engine: Engine, district: Engine) -> None:
    first, second = ([line.issue.number for line in _rehearsed(engine, seed=7)] for _ in range(2))
    assert first == second


def _rehearsed(engine: Engine, **order: Any) -> list[LookBackLine]:
    usual = {"closed_from": TODAY, "closed_to": TODAY, "size": 2, "risk_percent": 50, **order}
    with rehearsal(engine, actor=operator("test"), now=LATER) as work:
        made = plan_look_back(work, kind=CLOSED, **usual)
        work.session.flush()
        return plan_items(work.session, made.key)


def test_what_waits_for_a_look_back_is_not_drawn_again(district: Engine) -> None:
    plan(district, size=3)
    with pytest.raises(InvalidInput, match="can be looked back at yet"):
        plan(district)


def test_a_sample_of_which_somebody_took_an_issue_meanwhile_is_drawn_again(district: Engine) -> None:
    order = {"kind": CLOSED, "closed_from": TODAY, "closed_to": TODAY, "size": 3, "risk_percent": 0}
    with reading(district) as session:
        sample = draw_sample(session, today=LATER.date(), **order)
    plan(district, size=1)
    with pytest.raises(Conflict, match="draw it again"), _later(district) as work:
        keep_sample(work, sample)


def test_what_was_closed_lately_is_left_to_settle(district: Engine) -> None:
    with pytest.raises(InvalidInput, match="30 days behind"), _soon(district) as work:
        plan_look_back(work, kind=CLOSED, closed_from=TODAY, closed_to=TODAY, size=1, risk_percent=0)


def _later(engine: Engine) -> Any:
    return unit_of_work(engine, actor=actor(engine, "bureau01"), now=LATER)


def _soon(engine: Engine) -> Any:
    return unit_of_work(engine, actor=actor(engine, "bureau01"), now=NOW + timedelta(days=29))


def test_a_seed_that_nobody_chose_comes_from_the_chain(district: Engine) -> None:
    (first, *_) = plan(district, seed=None)
    assert 0 <= first.plan.seed < 2**31
    assert first.plan.number == "LB-2026-001"


@pytest.mark.parametrize("by", ["township01", "department01", "leader01", "director01", "display01"])
def test_this_person_plans_no_look_back(district: Engine, by: str) -> None:
    with pytest.raises(NotAllowed):
        plan(district, actor(district, by))


def test_a_closing_that_lasts_is_kept_and_comes_off_the_list(district: Engine) -> None:
    (line,) = plan(district, size=1)
    record(district, line.item, "kept")
    assert issue_of(district, line.issue.number).stage == "closed"
    with reading(district) as session:
        assert due_look_backs(session) == []


def test_what_did_not_last_is_open_again_with_the_plan_in_its_history(district: Engine) -> None:
    (line,) = plan(district, size=1)
    record(district, line.item, "reopened")
    issue = issue_of(district, line.issue.number)
    assert (issue.stage, issue.times_reopened, issue.closed_on) == ("rectifying", 1, None)
    assert issue.due_on is not None
    with reading(district) as session:
        last = events_of(session, issue.key)[-1][0]
    assert (last.code, last.reason) == ("reopened", "LB-2026-001: Bare again")


def test_a_result_is_given_once(district: Engine) -> None:
    (line,) = plan(district, size=1)
    record(district, line.item, "kept")
    with pytest.raises(Conflict, match="kept"):
        record(district, line.item, "reopened", by="bureau02")


def test_the_bureaus_own_signer_does_not_look_back_at_it(engine: Engine) -> None:
    found_loop(engine)
    number = walk(engine, report(engine, severity=Severity.SEVERE), "checked")
    do(engine, "bureau01", number, "sign_off")
    (line,) = plan(engine, actor(engine, "bureau01"))
    with pytest.raises(NotAllowed, match="signer_id"):
        record(engine, line.item, "kept", by="bureau01")
    assert record(engine, line.item, "kept", by="bureau02").looked_by_id == person_id(engine, "bureau02")


def test_an_issue_that_was_reopened_otherwise_has_no_result(district: Engine) -> None:
    (line,) = plan(district, size=1)
    do(district, "bureau01", line.issue.number, "reopen", minutes=60 * 24 * 41, reason="Seen by chance")
    with pytest.raises(Conflict, match="not closed any more"):
        record(district, line.item, "kept", days=42)


def test_a_look_back_at_a_township_draws_its_closings_and_its_refusals(engine: Engine) -> None:
    found_loop(engine)
    closed = walk(engine, report(engine), "closed")
    refused = report(engine)
    do(engine, "township01", refused, "refuse", reason="Nothing to be seen")
    by_bureau = report(engine)
    do(engine, "bureau01", by_bureau, "refuse", reason="Twice")
    assert {line.issue.number for line in plan(engine, kind=TOWNSHIPS)} == {closed, refused}


def test_a_refusal_that_did_not_stand_is_reported_anew(engine: Engine) -> None:
    found_loop(engine)
    refused = report(engine)
    do(engine, "township01", refused, "refuse", reason="Nothing to be seen")
    (line,) = plan(engine, kind=TOWNSHIPS)
    record(engine, line.item, "reopened")
    with reading(engine) as session:
        anew = session.exec(select(Issue).where(Issue.recurs_id == line.issue.key)).one()
    assert (anew.stage, anew.title, anew.source) == ("discovered", "Uncovered heap", "enforcement")
    assert issue_of(engine, refused).stage == "refused"


def test_rebound_rates_count_each_issue_once_by_every_group(district: Engine) -> None:
    first, second, _ = plan(district, size=3)
    record(district, first.item, "reopened")
    record(district, second.item, "kept")
    until = TODAY + timedelta(days=60)
    with reading(district) as session:
        found = {by: rebound_rates(session, by, since=TODAY, until=until) for by in Grouping}
        by_signer = signers_rates(session, since=TODAY, until=until)
    assert {(one.reopened, one.looked_back, one.rate) for rates in found.values() for one in rates} == {(1, 2, 0.5)}
    assert [(one.key, one.rate) for one in by_signer] == [(person_id(district, "township02"), 0.5)]


def test_results_outside_of_the_period_do_not_count(district: Engine) -> None:
    (line,) = plan(district, size=1)
    record(district, line.item, "reopened")
    with reading(district) as session:
        assert rebound_rates(session, Grouping.TOWNSHIP, since=TODAY, until=TODAY + timedelta(days=40)) == []


def test_a_new_find_is_linked_to_what_was_closed_before(district: Engine) -> None:
    number = report(district)
    with unit_of_work(district, actor=actor(district, "township01"), now=NOW) as work:
        issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
        before = recurrence_candidates(work.session, issue)
        link_recurrence(work, issue, before[0], reason="The same heap")
    assert len(before) == 3
    assert issue_of(district, number).recurs_id == before[0].key


def test_look_backs_replay_to_what_stands(district: Engine) -> None:
    first, second, _ = plan(district, size=3)
    record(district, first.item, "reopened")
    record(district, second.item, "kept")
    with reading(district) as session:
        assert (differences(session), tally_differences(session)) == ([], [])
