"""The heat page in a browser: five ways on one mounted map, and clicks that open exactly the issues counted."""

import re

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.e2e.conftest import Visit, sign_in

PLACE_OF = """target => {
  const map = window.L && Object.values(window).find(value => value instanceof L.Map);
  if (!map) { return null; }
  let found = null;
  map.eachLayer(layer => {
    const properties = layer.feature && layer.feature.properties;
    if (found || !properties || properties.target !== target) { return; }
    const places = [layer.getBounds().getCenter(), ...layer.getLatLngs().flat(2)];
    for (const latlng of places) {
      const place = map.latLngToContainerPoint(latlng);
      if (document.elementFromPoint(place.x, place.y) === layer.getElement()) {
        found = [properties.id, place.x, place.y];
      }
    }
  });
  return found;
}"""


def frame_of(page: Page) -> Frame:
    frame = page.locator("iframe").first.element_handle().content_frame()
    assert frame is not None
    return frame


def click_on(page: Page, target: str) -> str:
    frame = frame_of(page)
    name, x, y = frame.wait_for_function(PLACE_OF, arg=target).json_value()
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
