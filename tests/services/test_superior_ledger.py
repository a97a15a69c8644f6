"""The superior's ledger: all that came from above and nothing else, instructions included, in a superior's order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import Engine
from sqlmodel import select

from dashboard.i18n import set_locale
from dashboard.services.directives import give_instruction
from dashboard.services.layouts import Layout, usual_layout
from dashboard.services.lists import Asked
from dashboard.services.people import add_person, add_unit, appoint, assign_zone
from dashboard.services.superior_ledger import export_superior_ledger, standing, superior_page
from db.repositories.ledger_filter import LedgerFilter
from db.repositories.people import actor_of
from db.tables.people import Person
from db.tables.territory import Zone
from db.unit_of_work import reading, unit_of_work
from governance.errors import NotAllowed
from governance.permissions import Actor
from governance.vocabulary import AssignmentPart, ListKind, Role, UnitKind
from tests.conftest import NOW, TODAY
from tests.services.small_district import ACTOR, found, issues, writing

ISSUES = (
    ("title", "source", "source_number", "stage", "rectify_due_on", "x", "y"),
    ("Patrol", "township_patrol", "", "rectifying", "2026-06-01", 119.05, 35.05),
    ("Call", "12345", "H-2", "rectifying", "2026-06-01", 119.15, 35.05),
    ("Central", "central_inspection", "C-1", "closed", "", 119.05, 35.05),
    ("Refused", "12369", "H-3", "refused", "", 119.05, 35.05),
    ("Merged", "12345", "H-4", "merged", "", 119.05, 35.05),
    ("City", "city_hand_over", "K-1", "", "", 119.05, 35.05),
)
LAYOUT = replace(usual_layout(ListKind.SUPERIOR), columns=(("position", ""), ("title", ""), ("light", "")))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_locale("en")
    yield
    set_locale(None)


@pytest.fixture
def held(engine: Engine) -> Engine:
    """The small district with six issues, and a leader who instructed about the port."""
    issues(found(engine), *ISSUES)
    with writing(engine) as work:
        zones = {zone.code: zone.key for zone in work.session.exec(select(Zone))}
        add_unit(work, code="west", kind=UnitKind.TOWNSHIP, name="West", zone_id=zones["T1"])
        for code, role, zone in (
            ("leader", Role.DISTRICT_LEADER, None),
            ("east", Role.TOWNSHIP, "T2"),
            ("screen", Role.DISPLAY, None),
        ):
            person = add_person(work, code=code, name=f"Name of {code}")
            appoint(work, person, role, valid_from=date(2026, 1, 1), zone_id=zones.get(zone or ""))
            if role == Role.DISTRICT_LEADER:
                lead: dict[str, Any] = {"part": AssignmentPart.LEAD, "valid_from": date(2026, 1, 1), "reason": "test"}
                for code in ("K1", "T1"):
                    assign_zone(work, zone_id=zones[code], person=person, **lead)
    with unit_of_work(engine, actor=acting(engine, "leader"), now=NOW) as work:
        township = work.session.exec(select(Zone).where(Zone.code == "T1")).one()
        give_instruction(work, text="Clean the quay", zone=township)
    return engine


def acting(engine: Engine, code: str) -> Actor:
    with reading(engine) as session:
        return actor_of(session, session.exec(select(Person).where(Person.code == code)).one().key, today=TODAY)


def asked(actor: Actor = ACTOR, **wanted: Any) -> Asked:
    return Asked(actor=actor, wanted=LedgerFilter(**wanted), today=TODAY, now=NOW, yellow_days=3)


def titles(engine: Engine, question: Asked, *, lines: int = 50, page: int = 1, layout: Layout = LAYOUT) -> list[object]:
    with reading(engine) as session:
        return [row[1] for row in superior_page(session, layout, question, lines=lines, page=page).rows]


def test_it_holds_what_came_from_above_by_source_then_instructions(held: Engine) -> None:
    assert titles(held, asked()) == ["Central", "City", "Call", "Refused", "Clean the quay"]


def test_pages_follow_each_other_without_a_gap(held: Engine) -> None:
    pages = [titles(held, asked(), lines=2, page=page) for page in (1, 2, 3, 4)]
    assert pages == [["Central", "City"], ["Call", "Refused"], ["Clean the quay"], []]


def test_positions_count_on_over_the_pages(held: Engine) -> None:
    with reading(held) as session:
        page = superior_page(session, LAYOUT, asked(), lines=2, page=3)
    assert (page.total, page.rows[0][0]) == (5, 5)


def test_a_filter_asks_about_issues(held: Engine) -> None:
    assert titles(held, asked(text="Call")) == ["Call"]


def test_each_sees_the_own_part(held: Engine) -> None:
    assert titles(held, asked(acting(held, "east"))) == ["Call"]
    assert "Clean the quay" in titles(held, asked(acting(held, "leader")))


def test_an_instruction_has_a_light_of_its_own(held: Engine) -> None:
    with reading(held) as session:
        rows = superior_page(session, LAYOUT, asked(), lines=50).rows
    assert {row[1]: str(row[2]) for row in rows}["Clean the quay"] in {"green", "yellow"}


def test_an_instruction_has_what_its_layout_asks_for(held: Engine) -> None:
    with reading(held) as session:
        rows = superior_page(session, usual_layout(ListKind.SUPERIOR), asked(), lines=50).rows
    told = dict(zip(usual_layout(ListKind.SUPERIOR).keys, rows[-1], strict=True))
    assert (told["title"], told["township"], told["lead_unit"]) == ("Clean the quay", "West", "West")
    assert (str(told["source"]), str(told["stage"])) == ("instruction", "received")


def test_the_standing_counts_issues(held: Engine) -> None:
    with reading(held) as session:
        known = standing(session, asked())
    assert (known.items, known.unresolved, known.overdue, known.bare) == (4, 1, 1, 1)


def test_the_workbook_holds_the_same_rows(held: Engine, tmp_path: Path) -> None:
    with reading(held) as session:
        written = export_superior_ledger(session, LAYOUT, asked(), tmp_path / "ledger.xlsx")
    rows = python_calamine.CalamineWorkbook.from_path(written.path).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[3:8]] == ["Central", "City", "Call", "Refused", "Clean the quay"]


def test_a_display_takes_nothing_away(held: Engine, tmp_path: Path) -> None:
    with reading(held) as session, pytest.raises(NotAllowed):
        export_superior_ledger(session, LAYOUT, asked(acting(held, "screen")), tmp_path / "ledger.xlsx")
