"""Units and people that a ledger names and nobody has entered yet; and a ledger's past on the days it states."""

from datetime import date

from sqlalchemy import Engine
from sqlmodel import select

from db.tables.history import Flow, FlowTally
from db.tables.people import Person, Unit
from db.unit_of_work import reading
from db.verification import differences, tally_differences, verify_chain
from tests.services.small_district import every, found, issues, version

HEAD = ("source_number", "title", "lead_unit", "joining_units", "person_in_charge")
PAST = ("source_number", "title", "stage", "found_on", "rectify_due_on", "closed_on")


def test_unknown_units_and_people_are_refused_without_the_request(engine: Engine) -> None:
    report = issues(found(engine), HEAD, ("A1", "Dust", "Roads", "", "Responsible 9"))
    assert {error.field for error in report.errors} == {"lead_unit", "person_in_charge"}


def test_unknown_units_and_people_are_added_once_on_request(engine: Engine) -> None:
    rows = (("A1", "Dust", "Roads", "Water", "Responsible 9"), ("A2", "Oil", "Ｒoads ", "", "Responsible 9"))
    report = issues(found(engine), HEAD, *rows, is_adding_names=True)
    assert (report.newcomers.units, report.newcomers.people) == (("Roads",), ("Responsible 9",))
    assert [unit.code for unit in every(engine, Unit)] == ["U01", "U02", "unit-0001"]


def test_nobody_is_added_where_the_ledger_is_refused(engine: Engine) -> None:
    before = version(found(engine))
    row = ("A1", "Dust", "Roads", "", "Responsible 9")
    report = issues(engine, (*HEAD, "enterprise"), (*row, "Unknown mill"), is_adding_names=True)
    assert (report.is_stored, version(engine)) == (False, before)
    assert [person.code for person in every(engine, Person)] == ["P01"]


def test_the_same_ledger_again_adds_nobody(engine: Engine) -> None:
    row = ("A1", "Dust", "Roads", "", "Responsible 9")
    issues(found(engine), HEAD, row, is_adding_names=True)
    before = version(engine)
    issues(engine, HEAD, row, is_adding_names=True)
    assert version(engine) == before


def test_a_closed_issue_of_a_ledger_counts_on_the_days_that_it_states(engine: Engine) -> None:
    issues(found(engine), PAST, ("A1", "Dust", "closed", "2026-03-02", "2026-03-20", "2026-03-18"))
    with reading(engine) as session:
        days = {(row.flow, row.day) for row in session.exec(select(FlowTally))}
    first, last = date(2026, 3, 2), date(2026, 3, 18)
    closed = {(flow, last) for flow in (Flow.LEFT, Flow.CLOSED, Flow.CLOSED_ON_TIME)}
    assert days == {(Flow.FOUND, first), (Flow.OPENED, first)} | closed


def test_events_and_summaries_agree_after_adding_names(engine: Engine) -> None:
    issues(found(engine), HEAD, ("A1", "Dust", "Roads", "", "Responsible 9"), is_adding_names=True)
    with reading(engine) as session:
        assert [check(session) for check in (verify_chain, differences, tally_differences)] == [[], [], []]
