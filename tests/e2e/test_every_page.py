"""All pages in a real browser, for four roles, on a large screen and on a phone."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Visit, sign_in

OWN = ("/inbox", "/map", "/ledger", "/lists", "/notices", "/directives", "/messages", "/rules")
UPKEEP = ("/batch-report", "/look-backs", "/import")
ISSUE = "/issue?id=2026-00001"
SUMMARY = ("/wall", "/my-zones", "/heat", "/superior-ledger", "/rankings", "/roster")
PAGES = {
    "leader01": (*SUMMARY, *OWN, "/map?zone=port.P01"),
    "bureau01": (*SUMMARY, *OWN, "/map?enterprise=12", "/ledger?stage=rectifying", *UPKEEP, "/admin", ISSUE),
    "director001": OWN,
    "display01": ("/wall",),
}
ACCOUNTS = 15  # one of each role, and those who stand in where somebody else must judge
FAILURES = ("Traceback", "Error:", "Something went wrong")
SIZES = "[document.documentElement.scrollWidth, innerWidth]"
SMALL_TEXT = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, owner = node.parentElement, size = parseFloat(getComputedStyle(owner).fontSize);
    const box = owner.getBoundingClientRect();
    const isText = !["SCRIPT", "STYLE", "NOSCRIPT"].includes(owner.tagName) && node.textContent.trim();
    if (isText && box.width && box.height && owner.checkVisibility() && size < 15.9) {
      found.push(`${size} ${node.textContent.trim()}`);
    }
  }
  return found;
}"""


def await_map(page: Page) -> None:
    """Wait until the page's map has drawn its zones."""
    page.frame_locator("iframe").locator("path.leaflet-interactive").first.wait_for(state="attached")


def look_at(visit: Visit, path: str) -> Page:
    page = visit.open(path)
    if path.startswith(("/wall", "/my-zones", "/map")):
        await_map(page)
    assert [word for word in FAILURES if word in page.locator("body").inner_text()] == []
    assert page.locator("[data-testid=stException], [data-testid=stAlert], .gg-refusal").count() == 0, path
    return page


def test_the_sign_in_page_offers_every_account_of_the_demo(desktop: Visit) -> None:
    desktop.page.goto(f"{desktop.address}/sign-in")
    assert desktop.page.locator("button[name=demo]").count() == ACCOUNTS


@pytest.mark.parametrize("login", PAGES)
def test_a_large_screen_shows_every_page(desktop: Visit, login: str) -> None:
    sign_in(desktop, login)
    for path in PAGES[login]:
        page = look_at(desktop, path)
        page.locator(".gg-demo").wait_for()


@pytest.mark.parametrize("login", PAGES)
def test_a_phone_shows_every_page_without_scrolling_sideways(phone: Visit, login: str) -> None:
    sign_in(phone, login)
    for path in PAGES[login]:
        page = look_at(phone, path)
        width, screen = page.evaluate(SIZES)
        inner, outer = page.locator("[data-testid=stMain]").evaluate("box => [box.scrollWidth, box.clientWidth]")
        assert (width, inner) <= (screen, outer), path


def test_no_text_on_the_wall_is_under_16_points(desktop: Visit) -> None:
    sign_in(desktop, "display01")
    page = look_at(desktop, "/wall")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    assert page.evaluate(SMALL_TEXT) == []


def test_the_display_sees_no_other_page(desktop: Visit) -> None:
    sign_in(desktop, "display01")
    for path in ("/map", "/ledger", "/my-zones", "/inbox", "/issue", "/rules", "/import"):
        page = desktop.open(path)
        page.locator("[data-testid=stAlert]").wait_for()
        assert page.locator("[data-testid=stDataFrame], iframe").count() == 0, path
