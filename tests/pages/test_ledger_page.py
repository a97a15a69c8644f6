"""The ledger page: filters and columns in the address, saved views, several issues at once, exports as shown."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.services.desk import save_view, saved_views
from db.unit_of_work import reading, unit_of_work
from tests.conftest import NOW
from tests.pages.conftest import Opening, _in_force
from tests.services.loop_district import actor, found_loop, issue_of, person_id, report, walk

STAGES = ("discovered", "ledgered", "rectifying", "supervised", "closed")


@pytest.fixture
def loop(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """The small district with one issue in each of five stages, in force for the pages."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(migrated_sqlite, home / "gridguard.db")
    for engine in _in_force(home):
        found_loop(engine)
        for stage in STAGES:
            walk(engine, report(engine), stage)
        yield engine


def table(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["Number"]) if page.dataframe else []


def export_addresses(page: AppTest) -> list[str]:
    return [link.proto.url for link in page.get("link_button")]


@pytest.mark.parametrize(
    ("parameters", "stages"),
    [
        ({"unresolved": "yes"}, {"Entered in the ledger", "Rectification", "Supervision"}),
        ({"unit": "U-DEP"}, {"Rectification", "Supervision", "Closed"}),
        ({"person": "director01"}, {"Rectification", "Supervision", "Closed"}),
        ({"finder": "butler01", "stage": "discovered"}, {"Discovered"}),
        ({"on_time": "yes"}, {"Closed"}),
        ({"on_time": "no"}, set()),
        ({"closed_from": "2026-06-30", "closed_to": "2026-06-30"}, {"Closed"}),
        ({"evidence": "no"}, set()),
        ({"term": "limited", "stage": "closed"}, {"Closed"}),
    ],
    ids=str,
)
def test_a_filter_of_the_address_finds_what_it_says(
    loop: Engine, open_page: Opening, parameters: dict[str, str], stages: set[str]
) -> None:
    page = open_page(loop, "bureau01", "ledger", **parameters)
    shown = {str(issue_of(loop, number).stage) for number in table(page)}
    wanted = {"Entered in the ledger": "ledgered", "Rectification": "rectifying", "Supervision": "supervised"}
    assert shown == {wanted.get(word, word.lower()) for word in stages}
    assert page.query_params.keys() == parameters.keys()


def test_a_filter_that_only_links_set_goes_with_all_others(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "bureau01", "ledger", finder="nobody", stage="closed")
    assert len(table(page)) == 1
    next(button for button in page.button if button.label == "Clear the filters").click().run()
    assert (dict(page.query_params), len(table(page))) == ({}, len(STAGES))


def test_chosen_columns_stand_in_their_order_in_the_table_and_in_the_export(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "bureau01", "ledger", columns=["title", "stage", "number"], stage="closed")
    assert list(page.dataframe[0].value.columns) == ["Title", "Stage", "Number"]
    asked = parse_qs(urlsplit(export_addresses(page)[0]).query)
    assert asked == {"format": ["xlsx"], "columns": ["title,stage,number"], "stage": ["closed"]}


def test_the_usual_columns_do_not_stand_in_the_address(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "bureau01", "ledger", columns="nonsense")
    assert (dict(page.query_params), len(table(page))) == ({}, len(STAGES))


def test_a_view_is_saved_under_a_name_and_opened_with_one_click(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "bureau01", "ledger", stage="closed", columns=["number", "stage"])
    page.text_input(key="view-name").set_value("Done").run()
    next(button for button in page.button if button.label == "Save what is shown").click().run()
    with reading(loop) as session:
        (view,) = saved_views(session, person_id(loop, "bureau01"), "ledger")
    assert parse_qs(view.parameters) == {"stage": ["closed"], "columns": ["number", "stage"]}
    fresh = open_page(loop, "bureau01", "ledger")
    next(button for button in fresh.button if button.label == "Done").click().run()
    assert (list(fresh.dataframe[0].value.columns), len(table(fresh))) == (["Number", "Stage"], 1)


def test_nobody_sees_the_views_of_somebody_else(loop: Engine, open_page: Opening) -> None:
    with unit_of_work(loop, actor=actor(loop, "bureau01"), now=NOW) as work:
        save_view(work, "ledger", "Mine", "stage=closed")
    assert "Mine" not in [button.label for button in open_page(loop, "bureau02", "ledger").button]


@pytest.mark.parametrize("login", ["director01", "butler01", "leader01", "cadre01", "department01"])
def test_filters_offer_no_name_beyond_the_scope(loop: Engine, open_page: Opening, login: str) -> None:
    page = open_page(loop, login, "ledger")
    offered = {key: page.multiselect(key=key).options for key in ("person", "unit")}
    assert offered == {"person": ["director01 name"], "unit": ["U-DEP"]}


def test_a_township_without_issues_is_offered_nobody(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "township03", "ledger")
    assert (page.multiselect(key="person").options, table(page)) == ([], [])


BULK = """
import streamlit as st
from dashboard.screen import bulk_parts
from dashboard.screen.visit import visit
bulk_parts.act_on(visit(), st.session_state["numbers"])
"""


def ticked(page_of: Opening, engine: Engine, login: str, numbers: list[str]) -> AppTest:
    """The part of the page beneath ticked rows, as somebody."""
    page_of(engine, login, "ledger")  # signs in
    part = AppTest.from_string(BULK, default_timeout=60)
    part.session_state["numbers"] = numbers
    return part.run()


def offered(part: AppTest) -> list[str]:
    return [option.content for group in part.get("button_group") for option in group.proto.options]


def choose(part: AppTest, word: str) -> None:
    title = next(words for words in offered(part) if words.lower().startswith(word))
    part.get("button_group")[0].select(title).run()


def test_several_issues_are_offered_what_is_possible_and_told_what_is_not(loop: Engine, open_page: Opening) -> None:
    numbers = [report(loop), report(loop), walk(loop, report(loop), "ledgered")]
    part = ticked(open_page, loop, "township01", numbers)
    assert [words.split(" (")[0].lower() for words in offered(part)][:2] == ["confirm", "refuse"]
    choose(part, "confirm")
    told = "".join(element.proto.body for element in part.get("html"))
    assert re.findall(r"<td>(2026-\d+)</td>", told) == [numbers[2]]
    assert not [button for button in part.button if ":send" in str(button.key)]


def test_several_issues_are_dealt_with_at_once(loop: Engine, open_page: Opening) -> None:
    numbers = [report(loop), report(loop)]
    part = ticked(open_page, loop, "township01", numbers)
    choose(part, "confirm")
    next(button for button in part.button if ":send" in str(button.key)).click().run()
    assert list(part.exception) == []
    assert {str(issue_of(loop, number).stage) for number in numbers} == {"confirmed"}


def test_what_needs_files_of_each_issue_is_done_on_its_own_page(loop: Engine, open_page: Opening) -> None:
    numbers = [walk(loop, report(loop), "rectifying"), walk(loop, report(loop), "rectifying")]
    part = ticked(open_page, loop, "director01", numbers)
    choose(part, "submit")
    assert any("own page" in caption.value for caption in part.caption)


def test_whoever_may_do_nothing_is_told_so(loop: Engine, open_page: Opening) -> None:
    part = ticked(open_page, loop, "butler01", [report(loop)])
    assert (list(part.exception), offered(part), len(part.caption)) == ([], [], 1)
