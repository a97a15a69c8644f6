"""Ways through the pages: drill-down on the map, filters in the address, languages, sessions, news on the wall."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect
from sqlmodel import select

from dashboard.i18n import label, set_locale
from dashboard.services.issues import act, report_issue
from dashboard.services.placing import placing_on
from db.engine import create_engine_for
from db.tables.territory import Enterprise
from db.unit_of_work import unit_of_work
from governance.permissions import operator
from governance.stages import Action
from governance.vocabulary import Category, Severity, Source, Stage
from tests.e2e.conftest import Server, Visit, sign_in

PLACE_OF = """([target, id]) => {
  const map = Object.values(window).find(value => value instanceof L.Map);
  let found = null;
  map.eachLayer(layer => {
    const properties = layer.feature && layer.feature.properties;
    if (!properties || properties.target !== target || (id && properties.id !== id)) { return; }
    const place = map.latLngToContainerPoint(layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter());
    const seen = document.elementFromPoint(place.x, place.y);
    if (layer.getElement && layer.getElement() === seen) { found = [properties.id, place.x, place.y]; }
  });
  return found;
}"""
HOSTILE = ":red[done] <img src=x onerror=alert(1)> ![x](http://e.vil/x.png) {{7*7}} ${1}"
POLLS_MS = 15_000
MOMENT_MS = 250


def map_frame(page: Page) -> Frame:
    page.frame_locator("iframe").locator("path.leaflet-interactive").first.wait_for(state="attached")
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    return frame


def click_on_map(page: Page, target: str, identifier: str = "") -> str:
    """Click on a zone, an enterprise or an issue that is in view, and return its public name."""
    frame = map_frame(page)
    place = frame.wait_for_function(PLACE_OF, arg=[target, identifier]).json_value()
    page.wait_for_timeout(MOMENT_MS)
    while (again := frame.wait_for_function(PLACE_OF, arg=[target, identifier]).json_value()) != place:
        place = again  # the map still moves
        page.wait_for_timeout(MOMENT_MS)
    name, x, y = place
    page.locator("iframe").click(position={"x": x, "y": y})
    return str(name)


def choose_row(page: Page, key: str) -> None:
    """Choose the first row of a table: the tables are drawn on a canvas, the box is at the row's left end."""
    table = page.locator(f".st-key-{key} [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": 52})


@contextmanager
def chinese() -> Iterator[None]:
    """Speak as the pages do."""
    set_locale("zh_CN")
    yield
    set_locale(None)


def crumbs(page: Page) -> list[str]:
    return page.locator(".st-key-breadcrumb button").all_inner_texts()


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_map_leads_by_clicks_from_the_district_to_one_issue_and_back(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open("/map")
    click_on_map(page, "zone", "port.P01")
    page.wait_for_url("**/map?zone=port.P01")
    expect(page.locator(".st-key-breadcrumb button")).to_have_count(2)
    issue = click_on_map(desktop.settled(), "issue")
    page.wait_for_url(f"**/map?issue={issue}")
    expect(page.locator(".st-key-breadcrumb button").last).to_have_text(issue)
    page.locator(".st-key-breadcrumb button").nth(1).click()
    page.wait_for_url("**/map?zone=port.P01")
    page.locator(".st-key-breadcrumb button").first.click()
    page.wait_for_url("**/map")


def test_the_map_leads_by_rows_from_the_district_to_one_issue(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open("/map")
    choose_row(page, "zones")
    page.wait_for_url("**/map?zone=*")
    expect(page.locator(".st-key-breadcrumb button")).to_have_count(2)
    choose_row(desktop.settled(), "open-issues")
    page.wait_for_url("**/map?issue=*")
    page.locator(".gg-timeline").wait_for()


def test_an_address_reopens_the_same_view_in_a_new_tab(desktop: Visit) -> None:
    sign_in(desktop, "leader01")
    page = desktop.open("/map?zone=port.P01")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".st-key-breadcrumb button")).to_have_count(2)
    assert crumbs(other) == crumbs(page)
    assert other.locator(".gg-figures strong").all_inner_texts() == page.locator(".gg-figures strong").all_inner_texts()


def test_a_filter_stands_in_the_address_by_code_and_reopens(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open("/ledger")
    total = page.locator("[data-testid=stText]").last
    before = total.inner_text()
    page.locator(".st-key-stage input").click()
    with chinese():
        word = label(Stage.RECTIFYING)
    page.get_by_role("option", name=word, exact=True).click()
    page.wait_for_url("**/ledger?stage=rectifying")
    expect(total).not_to_have_text(before)
    page.goto(f"{desktop.address}/locale/en?next=/ledger%3Fstage%3Drectifying")
    desktop.settled()
    expect(page.locator(".st-key-stage")).to_contain_text("Rectifying")
    assert parameters(page) == {"stage": ["rectifying"]}


def test_going_back_takes_a_filter_away(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open("/ledger?light=red")
    page.locator(".st-key-urgent label").first.click()
    page.wait_for_url("**/ledger?light=red&urgent=true")
    page.go_back()
    page.wait_for_url("**/ledger?light=red")
    expect(page.locator(".st-key-urgent input")).not_to_be_checked()


def test_the_language_changes_and_the_page_stays(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open("/map?zone=port.P01")
    page.locator(".st-key-page-title [data-testid=stPopover] button").click()
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/map?zone=port.P01")
    expect(page.locator("h1.gg-title")).to_contain_text("Lanshan District · Map")
    assert page.locator("html").get_attribute("lang") == "en"


def test_signing_out_ends_the_session_in_another_tab_too(desktop: Visit) -> None:
    desktop.forgiven.extend(["401", "403", "WebSocket"])
    sign_in(desktop, "bureau01")
    page = desktop.open("/ledger")
    other = page.context.new_page()
    other.goto(f"{desktop.address}/ledger")
    other.locator(".st-key-urgent label").first.wait_for()
    page.locator(".st-key-page-title [data-testid=stPopover] button").click()
    page.locator(".gg-account a[href='/sign-out']").click()
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in")
    other.locator(".st-key-urgent label").first.click()
    other.locator(".gg-door, button[name=demo]").first.wait_for()
    expect(other.locator("[data-testid=stDataFrame]")).to_have_count(0)
    page.goto(f"{desktop.address}/ledger")
    assert urlsplit(page.url).path == "/sign-in"


@pytest.mark.parametrize("path", ["/map?zone=port.P01", "/ledger?stage=closed&zone=P01"])
def test_a_link_followed_before_signing_in_is_reached_after_it(desktop: Visit, path: str) -> None:
    page = desktop.page
    page.goto(desktop.address + path)
    assert urlsplit(page.url).path == "/sign-in"
    page.click("button[value=bureau01]")
    page.wait_for_url(desktop.address + path)
    desktop.settled()


def new_issue(server: Server, *, title: str) -> str:
    """Report and confirm an issue through the services, as another process does."""
    engine = create_engine_for(f"sqlite:///{server.home / 'gridguard.db'}")
    try:
        with unit_of_work(engine, actor=operator("test"), now=datetime.now(UTC)) as work:
            firm = work.session.exec(select(Enterprise).where(Enterprise.lon.is_not(None))).first()  # type: ignore[union-attr]
            placing = placing_on(work.session, work.district, work.today)
            kind = {"severity": Severity.SEVERE, "category": Category.DUST, "source": Source.HOTLINE_12345}
            issue = report_issue(work, placing, title=title, description=title, enterprise=firm, **kind)
            act(work, issue, Action.CONFIRM)
            return issue.number
    finally:
        engine.dispose()


def test_the_wall_shows_news_within_a_poll_and_keeps_its_map(desktop: Visit, server: Server) -> None:
    sign_in(desktop, "display01")
    page = desktop.open("/wall")
    frame = map_frame(page)
    frame.evaluate("window.markOfTheTest = 'the same frame'")
    unresolved = page.locator(".gg-figure strong").first
    before = int(unresolved.inner_text().replace(",", ""))
    new_issue(server, title="News")
    expect(unresolved).to_have_text(f"{before + 1:,}", timeout=POLLS_MS)
    assert map_frame(page).evaluate("window.markOfTheTest") == "the same frame"


def test_a_record_full_of_markup_is_text_on_every_page(desktop: Visit, server: Server) -> None:
    number = new_issue(server, title=HOSTILE)
    sign_in(desktop, "bureau01")
    for path in (f"/map?issue={number}", "/ledger", "/wall", "/map?issue=![x](http://e.vil/x.png)"):
        page = desktop.open(path)
        assert page.locator("img[src='x'], img[src*='e.vil'], a[href*='e.vil']").count() == 0, path
    page = desktop.open(f"/map?issue={number}")
    assert HOSTILE in page.locator(".gg-panel h2").first.inner_text()
    point = click_on_map(page, "issue", number)
    assert point == number
    tip = map_frame(page).locator(".gg-tip").first
    expect(tip).to_contain_text("<img src=x onerror=alert(1)>")
