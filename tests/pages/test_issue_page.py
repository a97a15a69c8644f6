"""The issue page: the right form for the right person at each stage, sent once, nothing written lost."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.tables.desk import Draft
from db.tables.history import Event
from db.tables.issues import Issue
from db.unit_of_work import reading
from governance.vocabulary import Source
from tests.pages.conftest import Opening, _in_force
from tests.services.loop_district import do, found_loop, issue_of, report, walk


@pytest.fixture
def loop(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """The small district of the loop, in force for the pages."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(migrated_sqlite, home / "gridguard.db")
    for engine in _in_force(home):
        yield found_loop(engine)


def markup(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def sending(page: AppTest) -> list[str]:
    """Labels of the buttons that send a form."""
    return [button.label for button in page.button if ":send:" in str(button.key) or ":again:" in str(button.key)]


def offered(page: AppTest) -> set[str]:
    """Actions that the page offers: those to choose between, or the only one."""
    choices = [set(group.options) for group in page.get("button_group")]
    return choices[0] if choices else set(sending(page))


def words(page: AppTest) -> Any:
    """The field of the action's form that takes words."""
    return next(area for area in page.text_area if str(area.key).startswith("issue-"))


def send(page: AppTest) -> AppTest:
    return next(button for button in page.button if ":send:" in str(button.key)).click().run()


def codes(engine: Engine) -> list[str]:
    with reading(engine) as session:
        query = select(Event.code).where(Event.subject_kind == Issue.subject).order_by(Event.seq)  # type: ignore[arg-type]
        return list(session.exec(query))


def drafts(engine: Engine) -> list[Draft]:
    with reading(engine) as session:
        return list(session.exec(select(Draft)))


OFFERED = {
    "discovered": {"township01": {"Confirm", "Refuse", "Merge"}, "butler01": set(), "director01": set()},
    "confirmed": {"township01": {"Enter in the ledger", "Merge"}, "department01": set()},
    "ledgered": {"township01": {"Hand over"}, "committee01": {"Hand over"}, "director01": set()},
    "rectifying": {
        "director01": {"Submit measures"},
        "bureau01": set(),
        "cadre01": set(),
        "butler01": set(),
    },
    "supervised": {"cadre01": {"Witness"}, "township01": {"Check on site", "Return"}, "director01": set()},
    "checked": {"township02": {"Sign off", "Check on site", "Return", "Announce"}, "director01": set()},
    "closed": {"bureau01": {"Reopen"}, "township01": set(), "director01": set()},
}


@pytest.mark.parametrize(("stage", "login"), [(stage, login) for stage, row in OFFERED.items() for login in row])
def test_each_stage_offers_its_forms_to_its_people_only(
    loop: Engine, open_page: Opening, stage: str, login: str
) -> None:
    page = open_page(loop, login, "issue", id=walk(loop, report(loop), stage))
    assert not page.exception
    wanted = OFFERED[stage][login]
    assert (len(offered(page)), len(sending(page))) == (len(wanted), 1 if wanted else 0)


def test_the_page_says_what_where_whose_and_who_is_next(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "rectifying")
    drawn = markup(open_page(loop, "bureau01", "issue", id=number))
    for text in (
        "Uncovered heap",
        "Timber yard",
        "Cover every heap.",
        "U-DEP",
        "138-director01",
        "leader01 name",
        number,
    ):
        assert text in drawn
    assert drawn.count(chr(34) + "gg-link-done") == 3


def test_an_issue_that_is_not_open_to_the_person_stays_closed(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "township03", "issue", id=report(loop))
    assert ("gg-refusal" in markup(page), "Uncovered heap" in markup(page), sending(page)) == (True, False, [])


@pytest.mark.parametrize("number", ["2026-99999", "<script>alert(1)</script>", "' OR 1=1 --"])
def test_an_address_that_names_no_issue_is_answered_with_a_sentence(
    loop: Engine, open_page: Opening, number: str
) -> None:
    page = open_page(loop, "bureau01", "issue", id=number)
    assert not page.exception
    assert "gg-refusal" in markup(page)
    assert "<script>alert" not in markup(page)


def test_a_form_that_is_sent_moves_the_issue_and_shows_the_next(loop: Engine, open_page: Opening) -> None:
    number = report(loop)
    page = send(open_page(loop, "township01", "issue", id=number))
    assert not page.exception
    assert (issue_of(loop, number).stage, codes(loop)) == ("confirmed", ["reported", "confirmed"])
    assert drafts(loop) == []


def test_a_second_click_on_the_same_form_makes_no_second_event(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "supervised")
    page = open_page(loop, "cadre01", "issue", id=number)
    words(page).input("Heap is covered").run()
    button = next(button for button in page.button if ":send:" in str(button.key))
    button.click().run()
    button.click()
    page.run()
    assert codes(loop).count("witnessed") == 1


def test_a_form_is_carried_out_once_even_if_its_token_comes_again(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "supervised")
    page = open_page(loop, "cadre01", "issue", id=number)
    words(page).input("Heap is covered").run()
    tokens = dict(page.session_state["form_tokens"])
    send(page)
    page.session_state["form_tokens"] = tokens
    page.run()
    words(page).input("Heap is covered").run()
    send(page)
    assert codes(loop).count("witnessed") == 1


def test_what_is_missing_is_said_and_what_was_written_stays(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "rectifying")
    page = open_page(loop, "director01", "issue", id=number)
    words(page).input("Covered with a net").run()
    page = send(page)
    assert "gg-refusal" in markup(page)
    assert (words(page).value, issue_of(loop, number).stage) == ("Covered with a net", "rectifying")


def test_a_draft_comes_back_when_the_page_is_opened_again(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "rectifying")
    words(open_page(loop, "director01", "issue", id=number)).input("Half a sentence").run()
    again = open_page(loop, "director01", "issue", id=number)
    assert words(again).value == "Half a sentence"
    assert [draft.form for draft in drafts(loop)] == [f"issue-{number}-submit_measures"]
    words(again).input("").run()
    assert drafts(loop) == []


def test_a_stale_form_shows_both_versions_and_loses_neither(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "supervised")
    page = open_page(loop, "cadre01", "issue", id=number)
    words(page).input("Seen by me").run()
    do(loop, "township01", number, "check_on_site", minutes=5, reason="Seen by the township")
    page = send(page)
    assert codes(loop).count("witnessed") == 0
    drawn = markup(page)
    assert "Two versions" in drawn or "gg-wide" in drawn
    assert "township01 name" in drawn
    assert words(page).value == "Seen by me"
    again = next(button for button in page.button if ":again:" in str(button.key))
    again.click().run()
    assert (issue_of(loop, number).witness_id is not None, issue_of(loop, number).checker_id is not None) == (
        True,
        True,
    )


def test_what_was_written_for_an_action_that_is_over_is_kept_until_thrown_away(
    loop: Engine, open_page: Opening
) -> None:
    number = report(loop)
    page = open_page(loop, "township01", "issue", id=number)
    page.get("button_group")[0].select("Refuse").run()
    words(page).input("Not an environmental matter").run()
    do(loop, "bureau01", number, "confirm", minutes=5)
    page.run()
    assert "Not an environmental matter" in markup(page)
    next(button for button in page.button if str(button.key).endswith(":drop")).click().run()
    assert drafts(loop) == []


def test_handing_over_asks_for_unit_person_and_joining_units(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "ledgered")
    page = open_page(loop, "township01", "issue", id=number)
    person = next(box for box in page.selectbox if "person_in_charge_id" in str(box.key))
    assert any("director01 name" in option for option in person.options)
    person.select_index(0).run()
    page = send(page)
    issue = issue_of(loop, number)
    assert not page.exception
    assert (issue.stage, issue.lead_unit_id is not None) == ("rectifying", True)


def test_the_deadline_follows_the_term(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "confirmed")
    page = open_page(loop, "township01", "issue", id=number)
    first = page.date_input[0].value
    next(box for box in page.selectbox if str(box.key).endswith(":term")).select_index(0).run()
    assert page.date_input[0].value < first


def test_the_newest_events_come_first_and_all_on_request(loop: Engine, open_page: Opening) -> None:
    number = walk(loop, report(loop), "supervised")
    for minute in range(40):
        do(loop, "cadre01", number, "witness", minutes=minute, reason=f"Seen {minute}")
    page = open_page(loop, "bureau01", "issue", id=number)
    assert len(re.findall(r"<li><b>", markup(page))) == 30
    next(button for button in page.button if button.key == "all-events").click().run()
    assert len(re.findall(r"<li><b>", markup(page))) > 40


def test_names_in_records_are_text_and_never_markup(loop: Engine, open_page: Opening) -> None:
    hostile = "<img src=x onerror=alert(1)> :red[x] ${1} {{7*7}}"
    number = report(loop, "bureau01", source=Source.ENFORCEMENT, description=hostile, source_number=hostile)
    page = open_page(loop, "bureau02", "issue", id=number)
    assert not page.exception
    assert "<img src=x" not in markup(page)
