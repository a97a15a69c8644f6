"""A wall that nobody touches for weeks: changes, lost connections, the playlist, and the end of its session."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import col, select

from dashboard.application import sessions_of
from dashboard.security.gate import SESSION_COOKIE
from dashboard.services.issues import act, report_issue
from dashboard.services.overview import district_standing
from dashboard.services.placing import placing_on
from dashboard.settings import Settings
from db import records
from db.engine import create_engine_for
from db.tables.issues import Issue
from db.tables.territory import Enterprise
from db.unit_of_work import reading, unit_of_work
from governance.permissions import operator
from governance.stages import Action
from governance.vocabulary import Category, Severity, Source
from tests.e2e.conftest import Server, Visit, free_port, serving, sign_in, window
from tools.browser import find_browser

SETTINGS = {
    "GRIDGUARD_POLL_SECONDS": "1",
    "GRIDGUARD_WALL_STEP_SECONDS": "4",
    "GRIDGUARD_WALL_PAUSE_SECONDS": "6",
    "GRIDGUARD_MESSAGES": "false",
}
CHANGES, WARM_UP, WRITE_EVERY_S, COLLECTIONS = 200, 40, 0.25, 3
MARK = """() => {
    const frame = document.querySelector('.st-key-wall-body iframe, .st-key-wall-map iframe');
    window.ggFrame = frame;
    frame.contentWindow.ggMark = 1;
    frame.contentDocument.querySelector('.leaflet-container').ggMark = 1;
    window.ggMounts = 0;
    new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(node => {
        const isMount = node.nodeName === 'IFRAME' || (node.querySelector && node.querySelector('iframe'));
        window.ggMounts += isMount ? 1 : 0;
    }))).observe(document.body, { childList: true, subtree: true });
}"""
KEPT = """() => [window.ggMounts, window.ggFrame.isConnected, window.ggFrame.contentWindow.ggMark,
    window.ggFrame.contentDocument.querySelector('.leaflet-container').ggMark]"""
STYLES = "() => window.ggFrame.contentDocument.querySelectorAll('style').length"
UNRESOLVED = "[data-gg-go='list:unresolved']"


@pytest.fixture(scope="module")
def server(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("wall")
    home = Path(shutil.copytree(demo_home, folder / "home"))
    with serving(home, folder, environment=SETTINGS) as running:
        yield running


@pytest.fixture
def records_of(server: Server) -> Iterator[Engine]:
    """The running server's database, for services beside it."""
    engine = create_engine_for(f"sqlite:///{server.home / 'gridguard.db'}")
    yield engine
    engine.dispose()


def wall(visit: Visit, address: str = "/wall") -> Page:
    """The wall as a display sees it, with its map drawn."""
    sign_in(visit, "display01")
    page = visit.open(address)
    page.wait_for_selector(".gg-bar")
    page.frame_locator("iframe").first.locator(".leaflet-interactive").first.wait_for()
    page.wait_for_function("document.querySelector('[data-gg-as-of]').textContent !== ''")
    return page


def report(engine: Engine) -> int:
    with unit_of_work(engine, actor=operator("test"), now=datetime.now(UTC)) as work:
        firm = work.session.exec(select(Enterprise).order_by(col(Enterprise.id))).first()
        placing = placing_on(work.session, work.district, work.today)
        return report_issue(
            work,
            placing,
            title="Heap",
            enterprise=firm,
            severity=Severity.MINOR,
            category=Category.DUST,
            source=Source.BUTLER,
        ).key


def confirm(engine: Engine, key: int) -> None:
    with unit_of_work(engine, actor=operator("test"), now=datetime.now(UTC)) as work:
        act(work, records.get(work.session, Issue, key), Action.CONFIRM)


def unresolved(engine: Engine) -> int:
    with reading(engine) as session:
        return district_standing(session, today=local_today(), yellow_days=3).unresolved


def local_today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


def write_changes(engine: Engine, n: int) -> None:
    """So many writes one after another: every other one makes a clue an unresolved issue."""
    for _pair in range(n // 2):
        key = report(engine)
        time.sleep(WRITE_EVERY_S)
        confirm(engine, key)
        time.sleep(WRITE_EVERY_S)


@pytest.fixture
def plain_desktop(browser: Browser, server: Server) -> Iterator[Visit]:
    """A window whose browser does not compile scripts: compiled code comes for minutes, and would hide what is kept."""
    arguments = ["--js-flags=--no-opt --no-maglev --no-sparkplug", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    path = find_browser()
    assert path is not None
    plain = browser.browser_type.launch(executable_path=str(path), args=["--disable-dev-shm-usage", *arguments])
    yield Visit(window(plain, width=1920, height=1080).new_page(), server.address)
    plain.close()


def heap_after_collection(page: Page) -> int:
    """Bytes that the page's scripts keep; a collection ends what lies in the document only at the next one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.enable")
    for _time in range(COLLECTIONS):
        devtools.send("HeapProfiler.collectGarbage")
    used = int(devtools.send("Runtime.getHeapUsage")["usedSize"])
    devtools.detach()
    return used


def test_the_wall_lives_through_200_changes_without_a_new_map_or_a_growing_heap(
    plain_desktop: Visit, records_of: Engine
) -> None:
    page = wall(plain_desktop)
    page.evaluate(MARK)
    write_changes(records_of, WARM_UP)
    page.wait_for_timeout(3000)
    before, styles = heap_after_collection(page), page.evaluate(STYLES)
    write_changes(records_of, CHANGES)
    expect(page.locator(UNRESOLVED).first).to_have_text(str(unresolved(records_of)), timeout=5000)
    page.wait_for_timeout(3000)
    after = heap_after_collection(page)
    assert page.evaluate(KEPT) == [0, True, 1, 1]
    assert page.evaluate(STYLES) == styles, "the map's frame gathers style sheets"
    assert after < before * 1.03, f"{before} bytes grew to {after}"


def test_the_wall_says_that_the_server_is_gone_and_comes_back_by_itself(
    demo_home: Path, tmp_path: Path, browser: Browser
) -> None:
    home, port = Path(shutil.copytree(demo_home, tmp_path / "home")), free_port()
    context = window(browser, width=1920, height=1080)
    with serving(home, tmp_path, environment=SETTINGS, port=port) as running:
        page = wall(Visit(context.new_page(), running.address), "/wall?show=township.371103100")
        page.evaluate(MARK)
    expect(page.locator(".gg-band")).to_be_visible(timeout=10_000)
    expect(page.locator(".gg-dot")).to_have_attribute("data-gg-state", "stale")
    page.wait_for_timeout(5000)
    assert page.locator("[role=dialog]:visible").count() == 0
    engine = create_engine_for(f"sqlite:///{home / 'gridguard.db'}")
    report(engine)
    engine.dispose()
    with serving(home, tmp_path, environment=SETTINGS, port=port):
        expect(page.locator(".gg-band")).to_be_hidden(timeout=30_000)
        expect(page.locator(".gg-dot")).to_have_attribute("data-gg-state", "fresh")
        assert "show=township.371103100" in page.evaluate("location.href")
        assert page.evaluate("document.querySelectorAll('.gg-bar').length") == 1
    context.close()


def position(page: Page) -> int:
    return int(page.locator(".gg-playlist b").inner_text().split("/")[0])


def test_the_playlist_turns_by_itself_and_by_hand_and_a_touch_holds_it(desktop: Visit) -> None:
    page = wall(desktop, "/wall?play=1")
    expect(page.locator(".gg-playlist b")).to_have_text("2 / 27", timeout=12_000)
    page.wait_for_function("location.search.includes('show=leader.leader-001')")
    page.locator("[data-gg-go=next]").click()
    expect(page.locator(".gg-playlist b")).to_have_text("3 / 27", timeout=4000)
    page.locator("[data-gg-go=back]").press("Enter")
    expect(page.locator(".gg-playlist b")).to_have_text("2 / 27", timeout=4000)
    page.locator("[data-gg-go=resume]").click()
    page.locator("[data-gg-go=pause]").wait_for(timeout=4000)
    page.wait_for_timeout(3500)
    page.locator("iframe").first.click(position={"x": 300, "y": 200})
    page.locator("[data-gg-go=resume]").wait_for(timeout=4000)
    held = position(page)
    page.wait_for_timeout(4500)
    assert position(page) == held
    expect(page.locator(".gg-playlist b")).not_to_have_text(f"{held} / 27", timeout=9000)


def test_a_severe_issue_that_becomes_overdue_interrupts_and_the_rotation_goes_on(
    desktop: Visit, records_of: Engine
) -> None:
    page = wall(desktop, "/wall?play=1")
    number, was_at = make_one_severe(records_of), position(page)
    card = page.locator(".gg-alert")
    expect(card).to_contain_text(number, timeout=6000)
    page.wait_for_function("location.search.includes('show=township.')")
    assert position(page) - was_at in (0, 1)
    expect(card).to_have_count(0, timeout=8000)
    page.wait_for_function("!location.search.includes('show=township.')")


def make_one_severe(engine: Engine) -> str:
    """An overdue issue of a township is found to be graver than thought."""
    with unit_of_work(engine, actor=operator("test"), now=datetime.now(UTC)) as work:
        query = select(Issue).where(
            col(Issue.due_on) < work.today,
            col(Issue.stage) == "rectifying",
            Issue.severity != Severity.SEVERE,
            col(Issue.township_id).is_not(None),
        )
        issue = work.session.exec(query.order_by(col(Issue.id))).first()
        assert issue is not None
        records.change(work, issue, {"severity": Severity.SEVERE}, code="changed")
        return issue.number


def test_a_session_that_was_ended_loses_the_wall_at_the_next_look(desktop: Visit, records_of: Engine) -> None:
    page = wall(desktop)
    token = next(one["value"] for one in page.context.cookies() if one["name"] == SESSION_COOKIE)
    sessions_of(Settings(), records_of).sign_out(token, now=datetime.now(UTC))
    expect(page.locator(".gg-bar")).to_have_count(0, timeout=5000)
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.locator(".gg-door")).to_be_visible()
