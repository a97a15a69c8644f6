"""The heat page in a browser: five ways on one mounted map, and clicks that open exactly the issues counted."""

import re
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.e2e.conftest import Visit, sign_in

# A point of the frame, in whole pixels, around which a thing of the map lies on top: cells are a few pixels small.
PLACE_OF = """target => {
  const map = window.L && Object.values(window).find(value => value instanceof L.Map);
  if (!map) { return null; }
  let found = null;
  map.eachLayer(layer => {
    const properties = layer.feature && layer.feature.properties;
    if (found || !properties || properties.target !== target || !layer.getElement || !layer.getElement()) { return; }
    const element = layer.getElement(), box = element.getBoundingClientRect();
    const isOnTop = (x, y) => document.elementFromPoint(x, y) === element;
    for (let x = Math.ceil(box.left) + 1; x < box.right - 1; x++) {
      for (let y = Math.ceil(box.top) + 1; y < box.bottom - 1; y++) {
        if (isOnTop(x, y) && isOnTop(x - 1, y) && isOnTop(x + 1, y) && isOnTop(x, y - 1) && isOnTop(x, y + 1)) {
          found = [properties.id, x, y];
          return;
        }
      }
    }
  });
  return found;
}"""


def frame_of(page: Page) -> Frame:
    frame = page.locator("iframe").first.element_handle().content_frame()
    assert frame is not None
    return frame


def settled_place(page: Page, target: str) -> list[Any]:
    """The place once more, a moment later."""
    page.wait_for_timeout(250)
    return list(frame_of(page).wait_for_function(PLACE_OF, arg=target).json_value())


def click_on(page: Page, target: str) -> str:
    frame = frame_of(page)
    place = frame.wait_for_function(PLACE_OF, arg=target).json_value()
    while (again := settled_place(page, target)) != place:  # the map still moves
        place = again
    name, x, y = place
    page.locator("iframe").first.click(position={"x": x, "y": y})
    return str(name)


@pytest.mark.parametrize(("way", "target"), [("hexagons", "cell"), ("spots", "spot")])
def test_a_click_describes_the_place_and_opens_its_issues(desktop: Visit, way: str, target: str) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open(f"/heat?way={way}")
    name = click_on(page, target)
    link = page.locator(".gg-picked .gg-open a")
    link.wait_for()
    assert f"{target}%3A{name}" in page.url or f"{target}:{name}" in page.url
    row = {"cell": 0, "spot": 1}[target]
    counted = page.locator(".gg-picked tr").nth(row).inner_text()
    link.click()
    page.wait_for_url("**/ledger?*cells=*")
    n = int(re.findall(r"\d+", counted)[-1])
    expect(desktop.settled().locator("[data-testid=stText]").last).to_contain_text(str(n))


def test_the_map_stays_mounted_through_all_ways(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    page = desktop.open("/heat")
    frame_of(page).evaluate("window.gridguardMark = 'here'")
    for place in (1, 2, 3, 4, 0):
        page.locator(".st-key-way button").nth(place).click()
        desktop.settled()
        page.wait_for_timeout(1500)
        assert frame_of(page).evaluate("window.gridguardMark") == "here"


def test_the_weeks_play_and_pause_without_the_server(desktop: Visit) -> None:
    sign_in(desktop, "bureau01")
    desktop.open("/heat?way=time")
    inner = desktop.page.frame_locator("iframe").first
    inner.locator(".gg-frames input").evaluate("one => { one.value = 0; one.dispatchEvent(new Event('input')); }")
    first = inner.locator(".gg-frames span").inner_text()
    inner.locator(".gg-play").click()
    expect(inner.locator(".gg-frames span")).not_to_have_text(first)
    inner.locator(".gg-play").click()
