"""A wall whose display was withdrawn stops at its next run, shows no number, and says why."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.application import sessions_of
from dashboard.security.gate import SESSION_COOKIE
from dashboard.services.displays import add_display, renew_display, withdraw_display
from dashboard.settings import Settings
from db.unit_of_work import unit_of_work
from governance.permissions import operator
from tests.conftest import NOW
from tests.pages.conftest import Opening

BUREAU = operator("test")


def drawn(page: AppTest) -> str:
    assert list(page.exception) == []
    return "".join(element.proto.body for element in page.get("html"))


def on_the_wall(engine: Engine, open_page: Opening, cookies: dict[str, str]) -> tuple[AppTest, int]:
    with unit_of_work(engine, actor=BUREAU, now=NOW) as work:
        display, secret = add_display(work, name="Hall <1>")
        number = display.key
    gate = sessions_of(Settings(), engine)
    cookies[SESSION_COOKIE] = gate.open_display(secret, now=NOW, client="10.0.0.1", token="").token
    page = open_page(engine, None, "wall")
    assert "gg-figures" in drawn(page)
    return page, number


@pytest.mark.parametrize(
    ("end", "why"),
    [(withdraw_display, "was withdrawn; the bureau"), (renew_display, "was renewed, or its time is over")],
)
def test_an_open_wall_ends_and_says_why(
    own_district: Engine, open_page: Opening, browser_cookies: dict[str, str], end: object, why: str
) -> None:
    page, number = on_the_wall(own_district, open_page, browser_cookies)
    with unit_of_work(own_district, actor=BUREAU, now=NOW) as work:
        end(work, number)  # type: ignore[operator]  # one of two services
    shown = drawn(page.run())
    assert (why in shown, "Hall &lt;1&gt;" in shown, "gg-numbers" in shown.split("</style>")[-1]) == (True, True, False)
