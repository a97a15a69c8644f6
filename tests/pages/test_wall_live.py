"""The wall's page without a browser: its steps, what a look costs, and whom it lets go."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from streamlit.testing.v1 import AppTest

from dashboard.application import sessions_of
from dashboard.screen import visit as visit_module
from dashboard.screen import wall_live
from dashboard.security.gate import SESSION_COOKIE
from dashboard.services.people import add_unit
from dashboard.services.presence import presence_of
from dashboard.settings import Settings
from db.unit_of_work import unit_of_work
from governance.permissions import operator
from governance.vocabulary import UnitKind
from tests.conftest import NOW
from tests.pages.conftest import Opening

STEPS = 27


@contextmanager
def questions(engine: Engine) -> Iterator[list[str]]:
    """The queries that are asked within the block."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def drawn(page: AppTest) -> str:
    assert not page.exception
    return " ".join(element.proto.body for element in page.main.get("html"))


def kept(page: AppTest) -> wall_live.LiveWall:
    found = page.session_state["live_wall"]
    assert isinstance(found, wall_live.LiveWall)
    return found


@pytest.mark.parametrize("show", ["district", "leader.leader-003", "township.371103100"])
def test_every_step_has_an_address(district: Engine, open_page: Opening, show: str) -> None:
    page = open_page(district, "display01", "wall", show=show)
    assert f'data-gg-step="{show}"' in drawn(page)


@pytest.mark.parametrize("show", ["leader.nobody", "village.1", "<script>"])
def test_an_address_of_no_step_shows_the_district(district: Engine, open_page: Opening, show: str) -> None:
    page = open_page(district, "display01", "wall", show=show)
    assert 'data-gg-step="district"' in drawn(page)


def test_a_start_address_plays_and_says_where_it_stands(district: Engine, open_page: Opening) -> None:
    page = open_page(district, "display01", "wall", play="1")
    assert f"<b>1 / {STEPS}</b>" in drawn(page)
    assert page.query_params["show"] == "district"


def test_the_next_look_finds_the_next_step(
    district: Engine, open_page: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(district, "display01", "wall", play="1")
    monkeypatch.setattr(visit_module, "utc_now", lambda: NOW + timedelta(seconds=20))
    page.run()
    page.run()
    assert f"<b>2 / {STEPS}</b>" in drawn(page)
    assert page.query_params["show"] == "leader.leader-001"


def test_a_look_at_an_unchanged_wall_asks_one_question(
    district: Engine, open_page: Opening, browser_cookies: dict[str, str]
) -> None:
    open_page(district, "display01", "wall")
    token = browser_cookies[SESSION_COOKIE]
    with questions(district) as asked:
        found = presence_of(district, token, now=NOW, hours=12, display_days=180)
    assert found is not None
    assert len(asked) == 1


def test_what_is_drawn_is_true_until_a_write(own_district: Engine, open_page: Opening) -> None:
    page = open_page(own_district, "display01", "wall")
    before = kept(page).drawn
    with unit_of_work(own_district, actor=operator("test"), now=NOW) as work:
        add_unit(work, code="U-99", kind=UnitKind.DEPARTMENT, name="Water")
    page.run()
    after = kept(page).drawn
    assert before
    assert after
    assert after[0].version == before[0].version + 1


def test_the_day_turns_without_a_write(district: Engine, open_page: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(district, "display01", "wall")
    monkeypatch.setattr(visit_module, "utc_now", lambda: NOW + timedelta(days=1))
    page.run()
    key = kept(page).drawn
    assert key
    assert key[0].turns_at > NOW + timedelta(days=1)


def test_whoever_is_signed_out_loses_the_wall(
    district: Engine, open_page: Opening, browser_cookies: dict[str, str]
) -> None:
    page = open_page(district, "display01", "wall")
    sessions_of(Settings(), district).sign_out(browser_cookies[SESSION_COOKIE], now=NOW)
    page.run()
    assert "gg-bar" not in drawn(page)
    assert "live_wall" not in page.session_state
