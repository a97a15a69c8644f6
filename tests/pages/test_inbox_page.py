"""The inbox page: what waits for each person, as links that open it, and the number of it in the menu."""

import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from dashboard.security.destinations import HOME_PAGES
from db import records
from db.tables.issues import Issue
from db.unit_of_work import unit_of_work
from governance.permissions import operator
from governance.vocabulary import Role
from tests.conftest import NOW
from tests.pages.conftest import Opening, _in_force
from tests.services.loop_district import found_loop, report, walk

STAGES = ("discovered", "rectifying", "supervised")
HOSTILE = "<img src=x onerror=alert(1)> :red[done]"


@pytest.fixture
def loop(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """The small district with one issue in each of three stages, in force for the pages."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(migrated_sqlite, home / "gridguard.db")
    for engine in _in_force(home):
        found_loop(engine)
        for stage in STAGES:
            walk(engine, report(engine), stage)
        yield engine


def markup(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def links(page: AppTest) -> list[str]:
    return re.findall(r'<li><a href="([^"]+)"', markup(page))


def numbers(page: AppTest) -> list[str]:
    return re.findall(r"<strong[^>]*>(.*?)</strong>", markup(page))


@pytest.mark.parametrize(
    ("login", "waiting"),
    [("township01", "2"), ("director01", "1"), ("cadre01", "1"), ("bureau01", "0"), ("butler01", "0")],
)
def test_the_page_says_how_much_waits(loop: Engine, open_page: Opening, login: str, waiting: str) -> None:
    page = open_page(loop, login, "inbox")
    assert (list(page.exception), numbers(page)[0]) == ([], waiting)


def test_each_line_opens_what_it_is_about(loop: Engine, open_page: Opening) -> None:
    assert links(open_page(loop, "township01", "inbox")) == ["/issue?id=2026-00001", "/issue?id=2026-00003"]


def test_what_was_reported_is_found_again(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "butler01", "inbox")
    assert (numbers(page)[2], len(links(page))) == ("3", 3)


def test_titles_are_text(loop: Engine, open_page: Opening) -> None:
    with unit_of_work(loop, actor=operator("test"), now=NOW) as work:
        issue = work.session.exec(select(Issue).where(Issue.number == "2026-00001")).one()
        records.change(work, issue, {"title": HOSTILE}, code="renamed")
    page = open_page(loop, "township01", "inbox")
    assert ("<img" in markup(page), escape(HOSTILE) in markup(page)) == (False, True)


@pytest.mark.parametrize("role", set(Role) - {Role.BUREAU, Role.COMMITTEE_OFFICE, Role.DISPLAY}, ids=str)
def test_whoever_has_no_wall_begins_with_the_inbox_or_the_own_zones(role: Role) -> None:
    wanted = "/my-zones" if role in (Role.DISTRICT_LEADER, Role.LIAISON) else "/inbox"
    assert HOME_PAGES[role] == wanted


def test_a_screen_on_a_wall_has_no_inbox(loop: Engine, open_page: Opening) -> None:
    page = open_page(loop, "display01", "inbox")
    assert (len(page.warning), links(page)) == (1, [])
