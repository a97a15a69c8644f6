"""Ledgers in: identity, all or nothing, what is refused by row, and the same file twice."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.importers.rows import parse_issues
from dashboard.importers.table_reading import read_table
from dashboard.services.issue_import import import_issues
from dashboard.services.ledger_import import LedgerReport
from db.repositories.people import actor_of
from db.tables.history import Event
from db.tables.issues import Issue, IssueUnit
from db.tables.people import Person
from db.tables.territory import Enterprise, EnterpriseLink, Zone
from db.unit_of_work import reading, unit_of_work
from db.verification import differences, tally_differences, verify_chain
from governance.errors import NotAllowed
from governance.vocabulary import Category, Severity, Source, Stage
from tests.conftest import NOW, TODAY
from tests.services.small_district import (
    CODE,
    enterprises,
    every,
    foreign_points,
    foreign_wards,
    found,
    issues,
    layers,
    only,
    version,
    writing,
)

FIRM = ("credit_code", "name", "industry", "township", "x", "y")
ISSUE = ("source_number", "source", "title", "enterprise", "stage", "found_on", "x", "y")


def codes(report: LedgerReport) -> list[tuple[int, str, str]]:
    return [(error.row, error.field, error.code) for error in report.errors]


def events(engine: Engine, subject: str) -> list[tuple[str, object]]:
    with reading(engine) as session:
        query = select(Event).where(Event.subject_kind == subject).order_by(Event.seq)  # type: ignore[arg-type]
        return [(event.code, event.stage) for event in session.exec(query)]


def test_an_enterprise_comes_in_with_its_place_and_links(engine: Engine) -> None:
    report = enterprises(found(engine), FIRM, (CODE, "Sawmill", "Timber", "", 119.09, 35.05))
    firm = only(engine, Enterprise)
    assert (report.imported, firm.credit_code, events(engine, "enterprise")) == (1, CODE, [("imported", None)])
    assert [link.zone_id for link in every(engine, EnterpriseLink)] == list(firm.zone_ids)
    assert len(firm.zone_ids) == 2


def test_the_same_ledger_again_changes_nothing(engine: Engine) -> None:
    rows = (FIRM, (CODE, "Sawmill", "Timber", "", 119.05, 35.05), ("", "Quay", "", "East", "", ""))
    enterprises(found(engine), *rows)
    before = version(engine)
    assert enterprises(engine, *rows).unchanged == 2
    assert version(engine) == before


def test_a_changed_row_amends_only_what_it_states(engine: Engine) -> None:
    enterprises(found(engine), FIRM, (CODE, "Sawmill", "Timber", "", 119.05, 35.05))
    report = enterprises(engine, ("credit_code", "name", "address"), (CODE, "New mill", "Road 1"))
    firm = only(engine, Enterprise)
    assert (report.changed, firm.name, firm.address, firm.lon) == (1, "New mill", "Road 1", 119.05)
    assert events(engine, "enterprise")[-1] == ("amended", None)


def test_without_a_code_an_enterprise_is_its_name_in_its_township(engine: Engine) -> None:
    enterprises(found(engine), FIRM, ("", "Quay", "", "West", "", ""), ("", "Quay", "", "East", "", ""))
    assert len(every(engine, Enterprise)) == 2


def test_an_enterprise_is_given_the_code_that_it_lacked(engine: Engine) -> None:
    enterprises(found(engine), FIRM, ("", "Quay", "", "West", "", ""))
    report = enterprises(engine, FIRM, (CODE, "Quay", "", "West", "", ""))
    assert (report.changed, only(engine, Enterprise).credit_code) == (1, CODE)


def test_a_moved_enterprise_ends_and_begins_links(engine: Engine) -> None:
    enterprises(found(engine), FIRM, (CODE, "Mill", "", "", 119.05, 35.05))
    enterprises(engine, FIRM, (CODE, "Mill", "", "", 119.15, 35.05))
    names = {zone.key: zone.name for zone in every(engine, Zone)}
    links = [(names[link.zone_id], link.valid_to) for link in every(engine, EnterpriseLink)]
    assert links == [("West", TODAY), ("East", None)]


def test_unknown_names_are_refused_by_row_and_say_what_is_known(engine: Engine) -> None:
    report = enterprises(found(engine), FIRM, ("", "Mill", "Steel", "North", "", ""), ("", "Quay", "", "", "", ""))
    assert codes(report) == [(2, "township", "name_unknown"), (2, "industry", "name_unknown")]
    assert [error.params["allowed"] for error in report.errors] == ["West, East", "Timber"]
    assert (report.imported, report.refused, every(engine, Enterprise)) == (0, 1, [])


def test_good_rows_come_in_where_bad_ones_may_be_skipped(engine: Engine) -> None:
    report = enterprises(
        found(engine), FIRM, ("", "Mill", "Steel", "", "", ""), ("", "Quay", "", "", "", ""), is_skipping=True
    )
    assert (report.imported, report.refused, only(engine, Enterprise).name) == (1, 1, "Quay")


def test_a_wrong_credit_code_and_a_far_point_are_refused(engine: Engine) -> None:
    rows = (("91371103000000000X", "Mill", "", "", "", ""), ("", "Quay", "", "", 12.5, 41.9))
    report = enterprises(found(engine), FIRM, *rows)
    assert codes(report) == [(2, "credit_code", "credit_code_check"), (3, "x", "far_from_district")]


def test_swapped_axes_are_named_as_the_cause(engine: Engine) -> None:
    report = enterprises(found(engine), FIRM, ("", "Mill", "", "", 35.05, 119.05))
    assert "axes swapped" in str(report.errors[0].error)


def test_coordinates_are_converted_all_at_once(engine: Engine) -> None:
    enterprises(found(engine), FIRM, ("", "Mill", "", "", 426_000.0, 3_880_000.0), crs="EPSG:4549")
    firm = only(engine, Enterprise)
    assert (round(firm.lon, 3), round(firm.lat, 3)) == (119.189, 35.046)


def test_a_point_far_from_the_stated_township_is_refused(engine: Engine) -> None:
    rows = (("", "Mill", "", "East", 119.05, 35.05), ("", "Quay", "", "East", 119.0999, 35.05))
    report = enterprises(found(engine), FIRM, *rows)
    assert codes(report) == [(2, "township", "place_contradicts_township")]


def test_rows_about_one_record_must_agree(engine: Engine) -> None:
    rows = ((CODE, "Mill", "", "", "", ""), (CODE, "Mill", "", "", "", ""), (CODE, "Mine", "", "", "", ""))
    report = enterprises(found(engine), FIRM, *rows)
    assert (codes(report), report.unchanged, report.errors[0].params) == (
        [(4, "name", "row_contradicts")], 1, {"first": 2},
    )  # fmt: skip


def test_a_row_repeated_from_a_refused_one_is_refused_too(engine: Engine) -> None:
    bad = ("", "Mill", "Steel", "", "", "")
    report = enterprises(found(engine), FIRM, bad, bad)
    assert (report.read, report.refused, report.unchanged) == (2, 2, 0)


def test_an_issue_without_a_stage_is_a_clue_that_waits(engine: Engine) -> None:
    issues(found(engine), ISSUE, ("", "", "Dust", "", "", "2026-06-29", 119.05, 35.05))
    issue = only(engine, Issue)
    assert (issue.number, issue.stage, issue.is_unproven) == ("2026-00001", Stage.DISCOVERED, False)
    assert (issue.confirm_due_on, events(engine, "issue")) == (date(2026, 7, 2), [("reported", Stage.DISCOVERED)])


def test_a_stated_stage_is_one_unproven_event(engine: Engine) -> None:
    issues(found(engine), (*ISSUE, "closed_on"), ("A1", "", "Dust", "", "closed", "2026-05-01", "", "", "2026-05-09"))
    issue = only(engine, Issue)
    assert (issue.stage, issue.is_unproven, issue.closed_on) == (Stage.CLOSED, True, date(2026, 5, 9))
    assert events(engine, "issue") == [("imported", Stage.CLOSED)]


def test_what_a_ledger_leaves_out_is_assumed_and_counted(engine: Engine) -> None:
    report = issues(found(engine), ("title",), ("Dust",))
    issue = only(engine, Issue)
    assert (issue.severity, issue.category, issue.source) == (
        Severity.MINOR, Category.MANAGEMENT, Source.TOWNSHIP_PATROL,
    )  # fmt: skip
    assert report.assumed == {"severity": 1, "category": 1, "source": 1, "found_on": 1}


def test_an_issue_takes_place_and_industry_from_its_enterprise(engine: Engine) -> None:
    enterprises(found(engine), FIRM, (CODE, "Mill", "Timber", "", 119.09, 35.05))
    issues(engine, ISSUE, ("", "", "Dust", "Mill", "", "", "", ""))
    issue, firm = only(engine, Issue), only(engine, Enterprise)
    assert (issue.enterprise_id, issue.industry_id, issue.zone_ids) == (firm.id, firm.industry_id, firm.zone_ids)


def test_an_issue_of_an_unknown_enterprise_is_refused(engine: Engine) -> None:
    report = issues(found(engine), ISSUE, ("", "", "Dust", "Mill", "", "", "", ""))
    assert codes(report) == [(2, "enterprise", "name_unknown")]


def test_issues_are_known_by_the_number_of_their_source(engine: Engine) -> None:
    issues(found(engine), ISSUE, ("A1", "12345", "Dust", "", "", "", "", ""))
    report = issues(engine, ISSUE, ("A1", "12345", "Dust at the gate", "", "", "", "", ""))
    assert (report.changed, only(engine, Issue).title) == (1, "Dust at the gate")


def test_issues_without_number_are_known_by_what_identifies_them(engine: Engine) -> None:
    row = ("title", "place", "found_on", "measures"), ("Dust", "Yard 1", "2026-06-01", "")
    issues(found(engine), *row)
    report = issues(engine, row[0], ("Dust", "Yard 1", "2026-06-01", "Covered"), ("Dust", "Yard 2", "2026-06-01", ""))
    assert (report.changed, report.imported, len(every(engine, Issue))) == (1, 1, 2)


def test_the_same_issues_again_change_nothing(engine: Engine) -> None:
    rows = (
        ISSUE,
        ("", "", "Dust", "", "\u6574\u6539\u4e2d", "2026-06-01", 119.05, 35.05),
        ("A1", "", "Oil", "", "", "", "", ""),
    )
    issues(found(engine), *rows)
    before = version(engine)
    assert (issues(engine, *rows).unchanged, version(engine)) == (2, before)


def test_an_import_moves_no_known_issue_along_its_life(engine: Engine) -> None:
    issues(found(engine), ISSUE, ("A1", "", "Dust", "", "rectifying", "", "", ""))
    for stage in ("ledgered", "closed"):
        report = issues(engine, ISSUE, ("A1", "", "Dust", "", stage, "", "", ""))
        assert codes(report) == [(2, "stage", "stage_not_by_import")]


def test_a_closed_issue_is_not_amended(engine: Engine) -> None:
    issues(found(engine), ISSUE, ("A1", "", "Dust", "", "closed", "", "", ""))
    report = issues(engine, ISSUE, ("A1", "", "Other dust", "", "", "", "", ""))
    assert codes(report) == [(2, "title", "closed_issue")]
    assert report.errors[0].as_dict() == {
        "row": 2,
        "field": "title",
        "value": "Other dust",
        "reason": "Issue 2026-00001 is closed with Dust here; only reopening it changes that.",
    }


def test_every_value_that_would_change_a_closed_issue_is_named_and_none_is_stored(engine: Engine) -> None:
    issues(found(engine), ISSUE, ("A1", "", "Dust", "", "closed", "", "", ""))
    before = version(engine)
    head = ("source_number", "title", "stage", "measures", "closed_on", "x", "y")
    row = ("A1", "Dust", "closed", "swept", "2026-06-01", 119.05, 35.05)
    report = issues(engine, head, row, is_skipping=True)
    named = [(error.field, error.value, error.code) for error in report.errors]
    assert named == [
        ("measures", "swept", "closed_issue"),
        ("closed_on", "2026-06-01", "closed_issue"),
        ("x", "119.05", "closed_issue"),
    ]
    assert version(engine) == before


def test_an_import_reopens_nothing(engine: Engine) -> None:
    issues(found(engine), ISSUE, ("A1", "", "Dust", "", "closed", "", "", ""))
    report = issues(engine, ISSUE, ("A1", "", "Dust", "", "rectifying", "", "", ""))
    assert codes(report) == [(2, "stage", "stage_not_by_import")]
    assert only(engine, Issue).stage == Stage.CLOSED


def test_the_good_rows_beside_a_refused_closed_issue_are_stored(engine: Engine) -> None:
    issues(found(engine), ISSUE, ("A1", "", "Dust", "", "closed", "", "", ""))
    rows = (("A1", "", "Other dust", "", "", "", "", ""), ("A2", "", "Smoke", "", "", "", "", ""))
    report = issues(engine, ISSUE, *rows, is_skipping=True)
    assert (report.imported, report.refused) == (1, 1)
    assert [issue.title for issue in every(engine, Issue)] == ["Dust", "Smoke"]


def test_an_amended_deadline_moves_the_running_one(engine: Engine) -> None:
    head = ("source_number", "title", "stage", "rectify_due_on")
    issues(found(engine), head, ("A1", "Dust", "rectifying", "2026-07-01"))
    issues(engine, head, ("A1", "Dust", "", "2026-07-09"))
    assert only(engine, Issue).due_on == date(2026, 7, 9)


@pytest.mark.parametrize(
    ("row", "field"),
    [(("Dust", "2026-07-01", "", ""), "found_on"), (("Dust", "2026-06-01", "", "2026-06-02"), "closed_on")],
)
def test_days_that_cannot_be_are_refused(engine: Engine, row: tuple[str, ...], field: str) -> None:
    report = issues(found(engine), ("title", "found_on", "stage", "closed_on"), row)
    assert [error.field for error in report.errors] == [field]


def test_numbers_brought_along_are_kept_and_never_given_again(engine: Engine) -> None:
    issues(found(engine), ("number", "title"), ("2026-00007", "Dust"))
    issues(engine, ("title",), ("Oil",))
    assert [issue.number for issue in every(engine, Issue)] == ["2026-00007", "2026-00008"]


def test_units_that_join_are_recorded_and_added_to(engine: Engine) -> None:
    head = ("source_number", "title", "lead_unit", "joining_units", "person_in_charge")
    issues(found(engine), head, ("A1", "Dust", "Forestry", "Water", "Responsible 1"))
    report = issues(engine, head, ("A1", "Dust", "", "Water, Forestry", ""))
    assert (report.changed, len(every(engine, IssueUnit))) == (1, 2)


def test_records_and_summaries_follow_from_the_events(engine: Engine) -> None:
    enterprises(found(engine), FIRM, (CODE, "Mill", "Timber", "", 119.09, 35.05))
    issues(engine, ISSUE, ("A1", "", "Dust", "Mill", "ledgered", "2026-06-01", "", ""), ("", "", "Oil", *[""] * 5))
    issues(engine, ISSUE, ("A1", "", "More dust", "", "", "", 119.15, 35.05))
    with reading(engine) as session:
        assert [check(session) for check in (verify_chain, differences, tally_differences)] == [[], [], []]


def test_only_who_may_import_does(engine: Engine) -> None:
    with reading(found(engine)) as session:
        person = session.exec(select(Person)).one()
        actor = actor_of(session, person.key, today=TODAY)
    parsed = parse_issues(read_rows(("title",), ("Dust",)))
    with pytest.raises(NotAllowed), unit_of_work(engine, actor=actor, now=NOW) as work:
        import_issues(work, parsed)


def read_rows(*rows: tuple[str, ...]) -> object:
    from dashboard.importers.table_reading import Table

    return Table("sheet", [list(row) for row in rows])


def test_points_of_a_foreign_city_come_in_by_the_same_road(engine: Engine, tmp_path: Path) -> None:
    found(engine, has_zones=False)
    layers(engine, foreign_wards(tmp_path))
    mapping = {"title": "peak_hour", "x": "centroid_lon", "y": "centroid_lat"}
    parsed = parse_issues(read_table(foreign_points(tmp_path)), mapping=mapping)
    with writing(engine) as work:
        report = import_issues(work, parsed)
    assert (report.imported, report.refused) == (249, 0)
    assert sum(issue.township_id is not None for issue in every(engine, Issue)) > 200
