"""Extensions, plans, look-backs, rankings and rules on their pages, as the people who are signed in."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from dashboard.services.look_back import plan_look_back
from dashboard.services.plans import keep_long_term
from dashboard.services.rules import set_numbers
from db.loop_rules import loop_numbers_of
from db.tables.issues import Issue
from db.tables.loop import Extension, LookBackItem, LookBackPlan, Milestone
from db.unit_of_work import reading, unit_of_work
from governance.loop_numbers import USUAL
from governance.permissions import operator
from governance.vocabulary import LookBackKind, LookBackResult
from tests.conftest import NOW, TODAY
from tests.pages.conftest import Opening, _in_force
from tests.services.loop_district import actor, found_loop, issue_of, report, walk

WEEK = timedelta(days=7)


@pytest.fixture
def loop(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """The small district of the loop, in force for the pages; what was closed may be looked back at on the same day."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(migrated_sqlite, home / "gridguard.db")
    for engine in _in_force(home):
        found_loop(engine)
        with unit_of_work(engine, actor=operator("test"), now=NOW) as work:
            set_numbers(work, replace(USUAL, look_back_after_days=0), version=0)
        yield engine


def markup(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def refused(page: AppTest) -> str:
    return " ".join(re.findall(r'<p class="gg-refusal" role="alert">(.*?)</p>', markup(page)))


def by_key(elements: Any, start: str) -> Any:
    return next(one for one in elements if str(one.key).startswith(start))


def press(page: AppTest, words: str) -> AppTest:
    return next(button for button in page.button if button.label == words).click().run()


def only(engine: Engine, model: Any) -> Any:
    with reading(engine) as session:
        return session.exec(select(model)).one()


def test_a_director_asks_and_the_township_grants(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "rectifying")
    due_on = issue_of(loop, number).rectify_due_on or TODAY
    page = open_page(loop, "director01", "issue", id=number)
    by_key(page.date_input, "extension-").set_value(due_on + WEEK)
    by_key(page.text_area, "extension-").set_value("The nets come later")
    press(page, "Ask for more time")
    page = open_page(loop, "township01", "issue", id=number)
    by_key(page.text_area, "extension-answer-").set_value("Seen the order")
    press(page, "Grant")
    assert (only(loop, Extension).state, issue_of(loop, number).rectify_due_on) == ("granted", due_on + WEEK)


def test_a_request_without_a_reason_is_refused_with_a_sentence(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "rectifying")
    page = press(open_page(loop, "director01", "issue", id=number), "Ask for more time")
    assert "needs its reason" in refused(page)


def test_a_plan_is_worded_by_its_pace_and_judged_by_the_township(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "rectifying")
    with unit_of_work(loop, actor=actor(loop, "bureau01"), now=NOW) as work:
        issue = work.session.exec(select(Issue).where(Issue.number == number)).one()
        steps = [("survey", TODAY + WEEK), ("nets", TODAY + 9 * WEEK)]
        keep_long_term(work, issue, steps=steps, review_on=TODAY + 20 * WEEK, reason="Takes a windbreak")
    page = open_page(loop, "township01", "issue", id=number)
    assert "survey" in markup(page)
    assert "● on_schedule" in markup(page) or "● On schedule" in markup(page)
    by_key(page.text_area, "plan-reach-").set_value("Seen standing")
    press(page, "This step is reached")
    with reading(loop) as session:
        assert [row.title for row in session.exec(select(Milestone).where(Milestone.reached_on == TODAY))] == ["survey"]
    assert issue_of(loop, number).due_on == TODAY + 9 * WEEK


def test_a_director_gets_no_form_for_the_plan(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "rectifying")
    page = open_page(loop, "director01", "issue", id=number)
    assert [area.key for area in page.text_area if str(area.key).startswith("plan-")] == []


def test_the_bureau_plans_a_look_back_and_records_it(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "closed")
    page = open_page(loop, "bureau01", "look-backs", view="plans")
    page = press(page, "Draw the sample")
    assert only(loop, LookBackPlan).population == 1
    item = only(loop, LookBackItem)
    page = press(open_page(loop, "bureau01", "look-backs"), "Record")
    by_key(page.get("button_group"), f"look-back-{item.key}-result").set_value(LookBackResult.REOPENED)
    by_key(page.text_area, f"look-back-{item.key}-words").set_value("Bare again")
    page = press(page, "Record")
    assert (only(loop, LookBackItem).result, issue_of(loop, number).stage) == ("reopened", "rectifying")


def test_a_look_back_without_a_result_chosen_is_not_recorded(loop: Engine, open_page: Opening) -> None:
    _planned(loop)
    item = only(loop, LookBackItem)
    page = press(open_page(loop, "bureau01", "look-backs", item=str(item.key)), "Record")
    assert [one.value for one in page.warning] == ["Choose what was found."]


@pytest.mark.parametrize("item", ["999", "x", "-1", "99999999999999"])
def test_an_address_of_no_look_back_is_answered_with_a_sentence(loop: Engine, open_page: Opening, item: str) -> None:
    page = open_page(loop, "bureau01", "look-backs", item=item)
    assert "There is no look-back" in refused(page)


def test_the_rates_say_their_formula_and_their_time(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "committee01", "look-backs", view="rates")
    captions = " ".join(one.value for one in page.caption)
    assert "÷ issues looked back at" in captions
    assert "As of" in captions


def _planned(engine: Engine) -> None:
    walk(engine, report(engine), "closed")
    with unit_of_work(engine, actor=actor(engine, "bureau01"), now=NOW) as work:
        order = {"closed_from": TODAY, "closed_to": TODAY, "size": 5, "risk_percent": 50}
        plan_look_back(work, kind=LookBackKind.CLOSED_ISSUES, **order)


def test_the_township_links_a_find_to_what_was_closed_before(loop: Engine, open_page: Opening) -> None:
    before = walk(loop, report(loop), "closed")
    number = report(loop)
    page = open_page(loop, "township01", "issue", id=number)
    by_key(page.text_input, "recurrence-").set_value("The same heap")
    press(page, "It is the same matter again")
    assert issue_of(loop, number).recurs_id == issue_of(loop, before).key


def test_a_leader_reads_rankings_that_name_townships_and_no_leader(loop: Engine, open_page: Opening) -> None:
    walk(loop, report(loop), "closed")
    shown = markup(open_page(loop, "leader01", "rankings")).partition("</h1>")[2]
    assert ("West" in shown, "leader01 name" in shown) == (True, False)
    assert 'href="/ledger?' in shown


def test_a_township_reads_its_own_place_among_all_and_nobody_elses(loop: Engine, open_page: Opening) -> None:
    walk(loop, report(loop), "closed")
    page = open_page(loop, "township01", "rankings")
    shown = markup(page).partition("</h1>")[2]
    assert ("West" in shown, "East" in shown) == (True, False)
    assert any("Your own place among all" in one.value for one in page.caption)


@pytest.mark.parametrize("login", ["director01", "display01"])
def test_rankings_are_not_open_to(loop: Engine, open_page: Opening, login: str) -> None:
    assert "West" not in markup(open_page(loop, login, "rankings"))


def test_everybody_who_sees_issues_reads_the_numbers_and_cannot_set_them(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "director01", "rules", edit="true")
    assert "Working days to rectify" in markup(page)
    assert list(page.number_input) == []


def test_the_bureau_sets_a_number_and_the_history_names_it(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "bureau01", "rules", edit="true")
    by_key(page.number_input, "rules-check_days").set_value(9)
    page = press(page, "Set the numbers")
    with reading(loop) as session:
        assert loop_numbers_of(session).check_days == 9
    assert "bureau01 name" in markup(page)


def test_two_who_set_numbers_at_once_lose_neither(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "bureau01", "rules", edit="true")
    by_key(page.number_input, "rules-check_days").set_value(9)
    with unit_of_work(loop, actor=actor(loop, "bureau02"), now=NOW) as work:
        set_numbers(work, replace(work.numbers, check_days=7), version=1)
    page = press(page, "Set the numbers")
    assert "changed by somebody else" in refused(page)
    assert by_key(page.number_input, "rules-check_days").value == 9
    with reading(loop) as session:
        assert loop_numbers_of(session).check_days == 7
    page = press(press(page, "Set the form's numbers nevertheless"), "Set the numbers")
    with reading(loop) as session:
        assert loop_numbers_of(session).check_days == 9
