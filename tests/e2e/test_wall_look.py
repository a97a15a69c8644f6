"""The wall fills the screen: no scroll bar, nothing cut off, nothing small, panels that end at one line."""

import json

import pytest

from tests.e2e.conftest import Visit, sign_in

SIZES = ((1920, 1080), (3840, 1080), (3840, 2160))
STEPS = ("district", "leader.leader-003", "township.371103001")
LOOK = """() => {
  const found = { scrolls: [], cut: [], small: [], keys: [], bottoms: [] }, lines = innerHeight / 1080;
  const root = document.scrollingElement, main = document.querySelector('[data-testid=stMain]');
  if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) { found.scrolls.push('page'); }
  if (main.scrollHeight > main.clientHeight + 1) { found.scrolls.push('main'); }
  document.querySelectorAll('.gg-panel, .gg-bar, .gg-list, .gg-col, .gg-panel *, .gg-bar *, .gg-foot *').forEach(e => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || !e.offsetParent && style.position !== 'fixed' || e.closest('.gg-menu')) { return; }
    const isBlock = style.display !== 'inline', name = e.className + ' ' + e.textContent.slice(0, 30);
    if (isBlock && e.clientWidth && e.scrollWidth > e.clientWidth + 2) { found.cut.push(name); }
    if (isBlock && style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 2) { found.cut.push(name); }
    if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1) { found.cut.push('outside ' + name); }
    const own = Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim());
    if (own && parseFloat(style.fontSize) < 16 * lines - 0.1) { found.small.push(name + style.fontSize); }
  });
  document.querySelectorAll('.gg-key').forEach(e => found.keys.push(parseFloat(getComputedStyle(e).fontSize) / lines));
  document.querySelectorAll('.gg-col > :last-child, .st-key-wall-trend').forEach(e => {
    if (e.offsetParent) { found.bottoms.push(Math.round(e.getBoundingClientRect().bottom)); }
  });
  return JSON.stringify(found);
}"""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("locale", ["zh_CN"])
def test_the_wall_fills_the_screen(desktop: Visit, size: tuple[int, int], locale: str) -> None:
    sign_in(desktop, "display01")
    desktop.page.set_viewport_size({"width": size[0], "height": size[1]})
    desktop.page.goto(f"{desktop.address}/locale/{locale}?next=%2Fwall")
    for step in STEPS:
        page = desktop.open(f"/wall?show={step}&list=unresolved")
        page.wait_for_selector(".gg-list")
        look = json.loads(page.evaluate(LOOK))
        assert (look["scrolls"], look["cut"], look["small"]) == ([], [], []), step
        assert (len(look["keys"]), min(look["keys"]) >= 56) == (5, True)
        assert len(set(look["bottoms"])) == 1


def test_a_list_turns_and_closes(desktop: Visit) -> None:
    sign_in(desktop, "display01")
    page = desktop.open("/wall")
    page.locator("[data-gg-go='list:unresolved']").first.click()
    page.locator(".gg-list [data-gg-go='list:unresolved:2']").click()
    page.wait_for_selector(".gg-list [data-gg-go='list:unresolved:1']")
    assert page.locator(".gg-list tbody tr").count() == 6
    page.locator(".gg-list [data-gg-go='close']").click()
    page.wait_for_selector(".gg-list", state="detached")
