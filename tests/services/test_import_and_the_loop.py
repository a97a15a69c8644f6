"""Imports beside the loop: clues are reports of whoever imports, and nothing by which issues are judged changes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from dashboard.importers.rows import parse_issues
from dashboard.importers.table_reading import Table
from dashboard.services.issue_import import import_issues
from dashboard.services.issues import act
from dashboard.services.ledger_import import LedgerReport
from db import records
from db.tables.issues import Issue
from governance.errors import NotAllowed
from governance.stages import Action
from governance.vocabulary import SignOffLevel, Stage
from tests.conftest import TODAY
from tests.services.loop_people import Loop, found_issue, handed_over, settle
from tests.services.small_district import issues, only


@pytest.fixture
def loop(engine: Engine) -> Loop:
    return settle(engine)


def brought_in(loop: Loop, code: str, *rows: tuple[object, ...]) -> LedgerReport:
    with loop.as_(code) as work:
        return import_issues(work, parse_issues(Table("sheet", [list(row) for row in rows])))


def codes(report: LedgerReport) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in report.errors]


def test_whoever_imports_a_clue_does_not_confirm_it(loop: Loop) -> None:
    brought_in(loop, "bureau-1", ("title",), ("Dust",))
    number = only(loop.engine, Issue).key
    with pytest.raises(NotAllowed), loop.as_("bureau-1") as work:
        act(work, records.get(work.session, Issue, number), Action.CONFIRM)
    with loop.as_("bureau-2") as work:
        assert act(work, records.get(work.session, Issue, number), Action.CONFIRM).stage == Stage.CONFIRMED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("severity", "severe"),
        ("category", "wastewater"),
        ("check_area", "records"),
        ("source", "consultant"),
        ("requirement", "nothing"),
        ("measures", "swept"),
        ("rectify_due_on", (TODAY + timedelta(days=900)).isoformat()),
    ],
)
def test_an_import_changes_nothing_by_which_a_living_issue_is_judged(loop: Loop, field: str, value: str) -> None:
    issue = handed_over(loop, found_issue(loop).number)
    report = brought_in(loop, "bureau-1", ("number", "title", field), (issue.number, issue.title, value))
    assert codes(report) == [(field, "led_by_actions")]
    assert getattr(only(loop.engine, Issue), field) == getattr(issue, field)


def test_an_import_lowers_no_level_of_sign_off(loop: Loop) -> None:
    head = ("source_number", "title", "stage", "source", "sign_off_level")
    issues(loop.engine, head, ("A1", "Dust", "rectifying", "central_inspection", ""))
    report = brought_in(loop, "bureau-1", head, ("A1", "Dust", "", "central_inspection", "township"))
    assert codes(report) == [("sign_off_level", "led_by_actions")]
    assert only(loop.engine, Issue).sign_off_level == SignOffLevel.ABOVE


def test_what_a_ledger_brought_in_with_its_stage_is_still_amended(loop: Loop) -> None:
    head = ("source_number", "title", "stage", "rectify_due_on", "sign_off_level")
    issues(loop.engine, head, ("A1", "Dust", "rectifying", "2026-07-01", "township"))
    report = brought_in(loop, "bureau-1", head, ("A1", "Dust", "", "2026-07-09", "bureau"))
    issue = only(loop.engine, Issue)
    assert (report.changed, issue.rectify_due_on, issue.sign_off_level) == (1, date(2026, 7, 9), SignOffLevel.BUREAU)
