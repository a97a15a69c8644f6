"""How soon a browser shows the wall's map, beside the plain recipe: folium built anew with one marker for each issue.

Run ``python -m benchmarks.first_view``. Both are pages of the same server with the same assets, opened in turns by the
same signed-in browser with an empty cache, with the same outlines and the same 2,000 issues. The time runs from asking
for the page to a map whose zones and issues (heat, or markers) are painted.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import Browser, Frame, Page, sync_playwright
from sqlmodel import col, select

from benchmarks.browser_sign_in import sign_in
from benchmarks.plain_recipe import POINTS
from benchmarks.served import copied_home, served
from db.engine import create_engine_for, sqlite_url
from db.repositories.territory import zones_on
from db.tables.issues import Issue
from db.unit_of_work import reading
from tools.browser import find_browser

ISSUES: Final = 2_000
ROUNDS: Final = 3
TARGET: Final = 0.5
WAIT_MS: Final = 90_000
LOGIN: Final = "display01"
# In the map's frame: outlines and a heat that is not empty, or as many marks as there are issues.
_HEAT: Final = """() => {
  const heat = document.querySelector('canvas.leaflet-heatmap-layer, canvas.leaflet-heat-layer, .leaflet-pane canvas');
  if (!heat || !heat.width || document.querySelectorAll('path.leaflet-interactive').length < 5) return false;
  return heat.getContext('2d').getImageData(0, 0, heat.width, heat.height).data.some(value => value > 0);
}"""
_MARKS: Final = f"() => document.querySelectorAll('.leaflet-marker-icon').length >= {ISSUES}"


def main() -> int:
    """Print both times with their ratio and its target; 1 if it was missed. The seconds are of this machine."""
    with tempfile.TemporaryDirectory() as name, copied_home() as home:
        points = Path(name) / "points.json"
        write_points(home, points)
        with served(home, "benchmarks.plain_recipe", **{POINTS: str(points)}) as server:
            wall, plain = in_turns(server.address)
    ratio = median(wall) / median(plain)
    for title, seconds in (("wall", wall), ("plain recipe", plain)):
        print(
            f"{title:13} painted after {median(seconds):.2f} s (median of {len(seconds)}, longest {max(seconds):.2f} s)"
        )
    print(f"ratio {ratio:.2f}   target <= {TARGET}")
    return int(ratio > TARGET)


def write_points(home: Path, file: Path) -> None:
    """Outlines and issues of the demo district for the plain recipe, the issues repeated until there are enough."""
    engine = create_engine_for(sqlite_url(home / "gridguard.db"))
    with reading(engine) as session:
        query = select(Issue.lat, Issue.lon, Issue.title).where(col(Issue.lat).is_not(None))
        found = [tuple(row) for row in session.exec(query.order_by(col(Issue.id)))]
        day = max(session.exec(select(col(Issue.found_on))))
        outlines = [item.geometry.simplify(0.0002).__geo_interface__ for item in zones_on(session, day)]
    engine.dispose()
    enough = (found * (ISSUES // len(found) + 1))[:ISSUES]
    file.write_text(json.dumps({"points": enough, "outlines": outlines}), encoding="utf-8")


def in_turns(address: str) -> tuple[list[float], list[float]]:
    """Seconds of the wall and of the plain recipe; the first opening of each warms the server and does not count."""
    path = find_browser()
    if path is None:
        raise RuntimeError("no Chromium was found; python -m tools.browser installs one or says how")
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=arguments)
        turns = [
            (painted(browser, address, "wall", _HEAT), painted(browser, address, "plain-recipe", _MARKS))
            for _ in range(ROUNDS + 1)
        ]
        browser.close()
    return [wall for wall, _plain in turns[1:]], [plain for _wall, plain in turns[1:]]


def painted(browser: Browser, address: str, page: str, condition: str) -> float:
    """Seconds until a new window with an empty cache shows the painted map of a page."""
    name, _, value = sign_in(address, LOGIN).partition("=")
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    context.set_default_timeout(WAIT_MS)
    context.add_cookies([{"name": name, "value": value, "url": address}])
    window = context.new_page()
    started = time.perf_counter()
    window.goto(f"{address}/{page}", wait_until="commit")
    _map_frame(window).wait_for_function(condition)
    seconds = time.perf_counter() - started
    context.close()
    return seconds


def _map_frame(window: Page) -> Frame:
    frame = window.locator("iframe").first.element_handle().content_frame()
    if frame is None:
        raise RuntimeError("the map has no frame")
    return frame


if __name__ == "__main__":
    sys.exit(main())
