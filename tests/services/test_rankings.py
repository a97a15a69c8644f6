"""Rankings: every count is the number of rows that its link opens, and each measure has places of its own."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.services.ledger_address import filter_of, parameters_of
from dashboard.services.look_back import plan_look_back, record_look_back
from dashboard.services.placing import begin_links
from dashboard.services.rankings import Measure, Ranked, rankings
from db import records
from db.repositories.issues import count
from db.repositories.ledger_filter import condition_of
from db.repositories.look_back import lines_of
from db.tables.issues import Issue, IssueLink
from db.tables.loop import LookBackItem
from db.unit_of_work import UnitOfWork, reading, unit_of_work
from governance.permissions import operator
from governance.vocabulary import (
    Category,
    LookBackKind,
    LookBackResult,
    Severity,
    SignOffLevel,
    Source,
    Stage,
)
from tests.conftest import NOW, TODAY
from tests.services.loop_district import found_loop, person_id

DAY = timedelta(days=1)
PERIOD = {"since": TODAY - 60 * DAY, "until": TODAY}


@pytest.fixture
def district(engine: Engine) -> Engine:
    """Issues of every mixture of township, stage, day and lateness, half of the old closings looked back at."""
    found_loop(engine)
    signer = person_id(engine, "township02")
    with unit_of_work(engine, actor=operator("test"), now=NOW) as work:
        mixtures = product((1, 2, None), (Stage.CLOSED, Stage.RECTIFYING, Stage.MERGED), (1, 40, 90), (0, 5))
        for number, (township, stage, age, late) in enumerate(mixtures):
            _add(work, number, township=township, stage=stage, age=age, late=late, signer=signer)
        order = {"closed_from": TODAY - 99 * DAY, "closed_to": TODAY, "size": 12, "risk_percent": 50, "seed": 1}
        plan = plan_look_back(work, kind=LookBackKind.CLOSED_ISSUES, **order)
        work.session.flush()
        for place, line in enumerate(lines_of(work.session, LookBackItem.plan_id == plan.key)[:9]):
            result = LookBackResult.REOPENED if place % 2 == 0 else LookBackResult.KEPT
            record_look_back(work, line.item, result=result, words="Seen")
    return engine


def _add(work: UnitOfWork, number: int, *, stage: Stage, age: int, late: int, **more: Any) -> None:
    day = TODAY - age * DAY
    is_closed = stage == Stage.CLOSED
    issue = Issue(
        number=f"2026-{number:05}",
        title="Heap",
        stage=stage,
        severity=Severity.MINOR,
        category=Category.DUST,
        sign_off_level=SignOffLevel.TOWNSHIP,
        source=Source.BUTLER,
        industry_id=1 if number % 2 else None,
        township_id=more["township"],
        primary_zone_id=more["township"],
        found_on=day - 9 * DAY,
        handed_over_on=day if late else day - 3 * DAY,
        measures_on=day if is_closed else None,
        closed_on=day if is_closed else None,
        rectify_due_on=day - late * DAY,
        due_on=None if is_closed else TODAY - late * DAY,
        signer_id=more["signer"] if is_closed else None,
        is_on_the_spot=number % 5 == 0,
        recurs_id=1 if number > 3 and number % 4 == 0 else None,
    )
    records.create(work, issue)
    begin_links(work, IssueLink, [(issue.key, issue.zone_ids)])


def rows_behind(session: Session, row: Ranked, name: str) -> int:
    """Issues that the ledger shows for a count, by the filter as it travels in the link."""
    wanted = filter_of(session, parameters_of(session, row.filters[name]))
    return count(session, condition_of(wanted, today=TODAY, yellow_until=TODAY + 3 * DAY))


@pytest.mark.parametrize("since", [PERIOD["since"], TODAY - 20 * DAY, date(2020, 1, 1)])
def test_every_count_is_the_number_of_rows_that_its_link_opens(district: Engine, since: date) -> None:
    with reading(district) as session:
        found = rankings(session, since=since, until=TODAY, today=TODAY)
        for row in (*found.townships, *found.departments):
            shown = {name: rows_behind(session, row, name) for name in row.filters}
            assert shown == {name: getattr(row.counts, name) for name in row.filters}, row.place.code


def test_nothing_that_is_compared_is_empty_in_this_district(district: Engine) -> None:
    with reading(district) as session:
        found = rankings(session, since=date(2020, 1, 1), until=TODAY, today=TODAY)
    together = [sum(getattr(row.counts, name) for row in found.townships) for name in found.townships[0].filters]
    assert min(together) > 0


def test_the_rows_of_a_signer_are_those_looked_back_at(district: Engine) -> None:
    with reading(district) as session:
        (signer,) = rankings(session, today=TODAY, **PERIOD).signers
        wanted = filter_of(session, parameters_of(session, signer.filter))
        shown = count(session, condition_of(wanted, today=TODAY, yellow_until=TODAY))
    assert (shown, signer.rate.looked_back, signer.rate.reopened) == (9, 9, 5)
    assert signer.person is not None
    assert signer.person.code == "township02"


def test_each_measure_has_places_of_its_own(district: Engine) -> None:
    with reading(district) as session:
        townships = rankings(session, today=TODAY, **PERIOD).townships
    assert [row.place.code for row in townships] == ["T1", "T2"]
    for measure, is_highest_first in ((Measure.FIXING, True), (Measure.LASTING, False)):
        known = [(row.values[measure], row.places[measure]) for row in townships if row.values[measure] is not None]
        best = (max if is_highest_first else min)(value for value, _ in known if value is not None)
        assert {value for value, place in known if place == 1} == {best}


def test_finding_is_counted_per_hundred_enterprises(district: Engine) -> None:
    with reading(district) as session:
        west, east = rankings(session, today=TODAY, **PERIOD).townships
    assert (west.counts.enterprises, west.values[Measure.FINDING]) == (1, 100.0 * west.counts.found)
    assert (east.counts.enterprises, east.values[Measure.FINDING], east.places[Measure.FINDING]) == (0, None, None)


def test_a_district_without_issues_has_no_places(engine: Engine) -> None:
    found_loop(engine)
    with reading(engine) as session:
        townships = rankings(session, today=TODAY, **PERIOD).townships
    assert {row.places[Measure.FIXING] for row in townships} == {None}
