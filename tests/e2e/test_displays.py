"""A display in a real browser: its link opens the wall without a keyboard, and withdrawing it darkens the wall."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, Server, Visit

# A withdrawn wall is refused its web socket and whatever else it asks for.
REFUSED = ["401", "403", "WebSocket", "Refused to execute script"]
NUMBERS = ".gg-panel"
WALL = re.compile(r"/wall(\?|$)")
CLOSED = ("/map", "/ledger", "/my-zones", "/inbox", "/issue?id=2026-00001", "/rules", "/import", "/admin", "/rankings")


def display(server: Server, *words: str) -> dict[str, Any]:
    """Run ``gridguard display`` beside the server."""
    command = (sys.executable, "-m", "dashboard", "display", *words, "--json")
    told = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"GRIDGUARD_HOME": str(server.home), "GRIDGUARD_PUBLIC_URL": server.address},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(told.stdout))


@pytest.fixture
def hall(server: Server, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A display of this test's own."""
    return display(server, "add", request.node.name[:100], "--start", "show=district")


def test_a_link_opens_the_wall_without_a_keyboard_again_and_again(desktop: Visit, hall: dict[str, Any]) -> None:
    desktop.forgiven.extend(REFUSED)  # what the open wall asks for once its cookie is lost
    page = desktop.page
    for _attempt in range(2):
        page.goto(hall["link"])
        desktop.settled()
        page.wait_for_url(WALL)
        expect(page.locator(NUMBERS).first).to_be_visible()
        page.context.clear_cookies()  # what a screen may lose over a restart


def test_a_withdrawn_wall_goes_dark_and_its_link_says_so(desktop: Visit, hall: dict[str, Any], server: Server) -> None:
    desktop.forgiven.extend(REFUSED)
    page = desktop.page
    page.goto(hall["link"])
    desktop.settled()
    expect(page.locator(NUMBERS).first).to_be_visible()
    display(server, "withdraw", str(hall["display"]), "--reason", "moved")
    page.locator(".gg-door").wait_for()
    expect(page.locator(NUMBERS)).to_have_count(0)
    page.goto(hall["link"])
    expect(page.locator("[role=alert]")).to_contain_text("已停用")
    page.goto(f"{server.address}/wall")
    page.wait_for_url("**/sign-in?*")


def test_every_other_page_is_closed_to_a_display(desktop: Visit, hall: dict[str, Any]) -> None:
    desktop.page.goto(hall["link"])
    desktop.settled()
    for path in CLOSED:
        page = desktop.open(path)
        page.locator("[data-testid=stAlert]").wait_for()
        assert page.locator("[data-testid=stDataFrame], iframe").count() == 0, path


def test_the_bureau_adds_a_display_and_sees_its_link_once(desktop: Visit, server: Server) -> None:
    page = desktop.page
    page.goto(f"{server.address}/sign-in")
    page.click("button[value='bureau01']")
    desktop.settled()
    desktop.open("/admin")
    page.get_by_label("屏幕所在位置").fill("二楼会议室")
    page.get_by_role("button", name="新增大屏终端").click()
    shown = page.locator(".st-key-display-link")
    expect(shown.locator("img")).to_be_visible()
    link = shown.locator("code").inner_text().strip()
    page.get_by_role("button", name="链接已保存").click()
    expect(shown).to_have_count(0)
    screen = page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    screen.goto(link)
    screen.wait_for_url(WALL)
    screen.context.close()
