"""Lists of issues: one catalogue of columns, layouts that officers set, workbooks of exactly what somebody may see."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from dashboard.i18n import pgettext, set_locale
from dashboard.services.issue_columns import CATALOGUE, columns_of, group_label, rows_of, sheet_columns
from dashboard.services.issue_facts import issue_facts, lines_of
from dashboard.services.layouts import (
    LONGEST_HEADING,
    MOST_COLUMNS,
    USUAL_COLUMNS,
    add_layout,
    change_layout,
    layout_of,
    layouts,
    retire_layout,
    set_list,
    usual_layout,
)
from dashboard.services.lists import THREE_LISTS, Asked, export_list, list_page
from dashboard.services.people import add_person, appoint, assign_zone
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.people import actor_of
from db.tables.issues import Issue
from db.tables.territory import Zone
from db.unit_of_work import reading
from governance.errors import Conflict, InvalidInput, NotAllowed, NotFound
from governance.permissions import Actor
from governance.vocabulary import AssignmentPart, ListKind, Role, Severity
from tests.conftest import NOW, TODAY
from tests.services.small_district import ACTOR, CODE, enterprises, found, issues, writing

ISSUES = (
    ("title", "enterprise", "stage", "severity", "found_on", "rectify_due_on", "lead_unit", "joining_units", "x", "y"),
    ("=Dust", "Mill", "rectifying", "major", "2026-06-01", "2026-06-20", "Forestry", "Water", "", ""),
    ("Oil", "Quay", "closed", "minor", "2026-05-01", "2026-05-30", "", "", 119.15, 35.05),
    ("Noise", "", "", "minor", "2026-06-02", "", "", "", 119.05, 35.05),
    ("Twice", "", "merged", "minor", "2026-06-03", "", "", "", 119.05, 35.05),
)
FIRMS = (
    ("name", "credit_code", "industry", "x", "y"),
    ("Mill", CODE, "Timber", 119.09, 35.05),
    ("Quay", "", "", 119.15, 35.05),
)
COLUMNS = [("number", "No."), ("title", "")]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def held(engine: Engine) -> Engine:
    """The small district with two enterprises, four issues and a leader who guards the port."""
    enterprises(found(engine), *FIRMS)
    issues(engine, *ISSUES)
    with writing(engine) as work:
        leader = add_person(work, code="L01", name="Leader 1")
        appoint(work, leader, Role.DISTRICT_LEADER, valid_from=date(2026, 1, 1))
        port = work.session.exec(select(Zone).where(Zone.code == "K1")).one()
        assign_zone(
            work, zone_id=port.key, person=leader, part=AssignmentPart.LEAD, valid_from=date(2026, 1, 1), reason="Start"
        )
    return engine


def asked(actor: Actor = ACTOR, **wanted: Any) -> Asked:
    return Asked(actor=actor, wanted=LedgerFilter(**wanted), today=TODAY, now=NOW, yellow_days=3)


def cells(session: Session, *keys: str, **wanted: Any) -> list[list[object]]:
    """What columns say of the issues under a filter, in the order of the titles."""
    layout = replace(usual_layout(ListKind.LEDGER), columns=tuple((key, "") for key in ("title", *keys)))
    return sorted(list_page(session, ListKind.LEDGER, layout, asked(**wanted), lines=50).rows)  # type: ignore[type-var]


def sheet(path: Path) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_every_column_has_a_heading_in_both_languages() -> None:
    for locale in ("en", "zh_CN"):
        set_locale(locale)
        assert [key for key in CATALOGUE if pgettext("column", key) == key] == []
        assert [column.group for column in CATALOGUE.values() if group_label(column.group) == column.group.value] == []


def test_every_column_can_be_read(held: Engine) -> None:
    with reading(held) as session:
        facts = issue_facts(session, Issue.id > 0, today=TODAY, yellow_days=3)  # type: ignore[arg-type,operator]
        rows = list(rows_of(facts, list(CATALOGUE), lines_of(facts)))
    assert [len(row) for row in rows] == [len(CATALOGUE)] * 4


def test_the_usual_lists_stand_in_the_catalogue() -> None:
    assert [columns_of(keys) == [] for keys in USUAL_COLUMNS.values()] == [False] * len(ListKind)


def test_names_are_those_of_what_the_issue_refers_to(held: Engine) -> None:
    with reading(held) as session:
        (row,) = cells(session, "enterprise", "enterprise_credit_code", "industry", "zone", "township", text="Dust")
        (duty,) = cells(session, "leader", "lead_unit", "joining_units", "light", "days_late", text="Dust")
    assert row == ["=Dust", "Mill", CODE, "Timber", "Port", "West"]
    assert duty[1:4] == ["Leader 1", "Forestry", ("Water",)]
    assert (str(duty[4]), duty[5]) == ("red", 10)


def test_a_closed_issue_has_no_light_and_is_not_late(held: Engine) -> None:
    with reading(held) as session:
        assert cells(session, "light", "days_late", text="Oil") == [["Oil", None, None]]


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(InvalidInput, match="no columns salary"):
        columns_of(["number", "salary"])


def test_a_list_is_read_with_as_many_queries_for_many_issues_as_for_one(held: Engine) -> None:
    seen: list[str] = []
    event.listen(held, "before_cursor_execute", lambda *given: seen.append(given[2]))
    sizes = []
    for wanted in ({"text": "Dust"}, {}):
        seen.clear()
        with reading(held) as session:
            facts = issue_facts(session, Issue.id > 0, today=TODAY, yellow_days=3)  # type: ignore[arg-type,operator]
            list(rows_of(facts, list(CATALOGUE), lines_of(facts, limit=1 if wanted else None)))
        sizes.append(len(seen))
    assert sizes[0] == sizes[1] < 20


def test_the_three_lists_show_the_same_issues(held: Engine) -> None:
    with reading(held) as session:
        pages = [list_page(session, kind, usual_layout(kind), asked(), lines=50) for kind in THREE_LISTS]
    assert [page.total for page in pages] == [2, 2, 2]


def test_a_page_counts_on_from_the_one_before(held: Engine) -> None:
    layout = replace(usual_layout(ListKind.LEDGER), columns=(("position", ""), ("title", "")))
    with reading(held) as session:
        page = list_page(session, ListKind.LEDGER, layout, asked(), lines=2, page=2)
    assert (page.total, [row[0] for row in page.rows]) == (4, [3, 4])


def test_a_workbook_is_the_layout_and_its_rows(held: Engine, tmp_path: Path) -> None:
    layout = replace(
        usual_layout(ListKind.PROBLEMS), title="Problems of June", columns=(("title", "What"), ("found_on", ""))
    )
    with reading(held) as session:
        written = export_list(session, ListKind.PROBLEMS, layout, asked(), tmp_path / "list.xlsx")
    title, note, head, *rows = sheet(written.path)
    assert title[0] == "Problems of June"
    assert "As of Jun 30, 2026 09:30" in note[0]
    assert head == ["What", "Found on"]
    assert rows[:2] == [["=Dust", date(2026, 6, 1)], ["Oil", date(2026, 5, 1)]]
    assert "Checked by:" in str(rows[-1][0])


def test_the_same_list_gives_the_same_bytes(held: Engine, tmp_path: Path) -> None:
    with reading(held) as session:
        kind = ListKind.RECTIFICATION
        one, two = (export_list(session, kind, usual_layout(kind), asked(), tmp_path / f"{n}.xlsx") for n in (1, 2))
    assert one.sha256 == two.sha256


def test_a_list_holds_only_what_somebody_may_see(held: Engine, tmp_path: Path) -> None:
    with writing(held) as work:
        officer = add_person(work, code="O01", name="Officer 1")
        east = work.session.exec(select(Zone).where(Zone.code == "T2")).one()
        appoint(work, officer, Role.TOWNSHIP, valid_from=date(2026, 1, 1), zone_id=east.key)
    with reading(held) as session:
        actor = actor_of(session, officer.key, today=TODAY)
        kind = ListKind.PROBLEMS
        written = export_list(session, kind, usual_layout(kind), asked(actor), tmp_path / "list.xlsx")
    assert written.written == 1


def test_headings_are_the_officers_or_the_catalogues() -> None:
    assert [column.header for column in sheet_columns(["number", "title"], ["Our number", ""])] == [
        "Our number",
        "Title",
    ]


def test_a_list_begins_with_its_usual_layout_and_takes_the_officers(held: Engine) -> None:
    with writing(held) as work:
        usual = layout_of(work.session, ListKind.PROBLEMS)
        own = set_list(work, ListKind.PROBLEMS, version=None, name="Findings", title="Findings 2026", columns=COLUMNS)
    with reading(held) as session:
        assert (usual.record_id, layout_of(session, ListKind.PROBLEMS)) == (None, own)
    assert (own.name, own.keys, own.headings) == ("Findings", ("number", "title"), ("No.", ""))


def test_two_officers_who_name_a_list_at_once_are_told(held: Engine) -> None:
    with writing(held) as work:
        set_list(work, ListKind.PROBLEMS, version=None, name="Findings", title="T", columns=COLUMNS)
    with writing(held) as work, pytest.raises(Conflict):
        set_list(work, ListKind.PROBLEMS, version=None, name="Others", title="T", columns=COLUMNS)


def test_a_retired_layout_is_no_longer_offered(held: Engine) -> None:
    with writing(held) as work:
        kept = add_layout(work, name="Province", list_kind=ListKind.SUPERIOR, title="T", columns=COLUMNS)
    with writing(held) as work:
        retire_layout(work, kept.record_id or 0, version=kept.version)
    with reading(held) as session:
        assert layouts(session) == []
        assert [layout.is_retired for layout in layouts(session, with_retired=True)] == [True]
        with pytest.raises(NotFound, match="no layout Province"):
            layout_of(session, ListKind.SUPERIOR, "Province")


def test_a_new_standard_layout_takes_the_place_of_the_old(held: Engine) -> None:
    with writing(held) as work:
        for name in ("First", "Second"):
            add_layout(work, name=name, list_kind=ListKind.SUPERIOR, title="T", columns=COLUMNS, is_standard=True)
    with reading(held) as session:
        assert layout_of(session, ListKind.SUPERIOR).name == "Second"
        assert layout_of(session, ListKind.SUPERIOR, "First").is_standard is False


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"columns": []}, "1 to 40 columns"),
        ({"columns": [("number", "")] * 2}, "named twice: number"),
        ({"columns": [("salary", "")]}, "no columns salary"),
        ({"columns": [("number", "")] * (MOST_COLUMNS + 1)}, "this one has 41"),
        ({"columns": [("number", "x" * (LONGEST_HEADING + 1))]}, "at most 60 characters"),
        ({"name": " "}, "1 to 80 characters"),
        ({"title": "x" * 81}, "1 to 80 characters"),
    ],
)
def test_a_layout_that_is_wrong_is_refused_with_the_reason(held: Engine, change: dict[str, Any], told: str) -> None:
    given: dict[str, Any] = {"name": "N", "title": "T", "columns": COLUMNS, **change}
    with writing(held) as work, pytest.raises(InvalidInput, match=told):
        add_layout(work, list_kind=ListKind.SUPERIOR, **given)


def test_a_name_is_taken_once(held: Engine) -> None:
    with writing(held) as work:
        one, two = (
            add_layout(work, name=name, list_kind=ListKind.SUPERIOR, title="T", columns=COLUMNS) for name in "AB"
        )
        with pytest.raises(Conflict, match="name A"):
            change_layout(work, two.record_id or 0, version=None, name="A", title="T", columns=COLUMNS)
    assert one.name == "A"


def test_only_the_offices_of_the_district_edit_layouts(held: Engine) -> None:
    with writing(held) as work:
        work.actor = Actor(person_id=1, name="Leader 1")
        with pytest.raises(NotAllowed):
            add_layout(work, name="N", list_kind=ListKind.SUPERIOR, title="T", columns=COLUMNS)


def test_words_of_the_vocabulary_stand_in_the_workbook_as_words(held: Engine, tmp_path: Path) -> None:
    layout = replace(usual_layout(ListKind.LEDGER), columns=(("severity", ""), ("stage", ""), ("joining_units", "")))
    with reading(held) as session:
        written = export_list(session, ListKind.LEDGER, layout, asked(severities={Severity.MAJOR}), tmp_path / "l.xlsx")
    assert sheet(written.path)[3] == ["Major", "Rectifying", "Water"]
