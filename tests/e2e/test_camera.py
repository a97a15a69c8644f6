"""The page's camera in a real browser: a photo gets its time, its place and a mark; an older one stays as it is."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route

from dashboard.assets import asset_folders
from tests.unit.dashboard.photo_files import jpeg, photo, scene

pytestmark = pytest.mark.e2e
HERE = "http://localhost:9"
PAGE = """<!doctype html><form><input type="file" name="file">
<input name="taken_at"><input name="lon"><input name="lat"><input name="is_taken_in_page"></form>
<script src="/camera.js"></script><script>
window.photos = [];
gridguardCamera.attach(document.querySelector("[type=file]"), {
  text: () => "2026-00012", positionSeconds: 2,
  onPhoto: (photo) => window.photos.push(photo), onState: (state) => { document.body.dataset.state = state; },
});
</script>"""
POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; img-src 'self' blob: data:"


def answer(route: Route) -> None:
    if route.request.url.endswith("/camera.js"):
        script = (asset_folders()["gridguard"].folder / "camera.js").read_text(encoding="utf-8")
        route.fulfill(body=script, content_type="text/javascript")
    else:
        route.fulfill(body=PAGE, content_type="text/html", headers={"Content-Security-Policy": POLICY})


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(timezone_id="Asia/Shanghai", locale="zh-CN")
    context.route("**/*", answer)
    yield context
    context.close()


def taken(window: BrowserContext, file: Path) -> Page:
    page = window.new_page()
    page.goto(HERE + "/")
    with page.expect_file_chooser() as chooser:
        page.click("[type=file]")
    chooser.value.set_files(file)
    page.wait_for_selector("body[data-state=ready], body[data-state=no_place], body[data-state=no_picture]")
    return page


def sent(page: Page) -> dict[str, Any]:
    """What an ordinary form would send."""
    return dict(page.evaluate("Object.fromEntries([...new FormData(document.forms[0])].filter(([n]) => n !== 'file'))"))


def file_in(page: Page) -> bytes:
    script = "document.querySelector('[type=file]').files[0].arrayBuffer().then((b) => [...new Uint8Array(b)])"
    return bytes(page.evaluate(script))


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    path = tmp_path / "IMG 1.jpeg"
    path.write_bytes(photo(1, (2400, 1800), orientation=6))
    return path


def test_a_photo_carries_its_time_and_place_and_a_mark(window: BrowserContext, fresh: Path) -> None:
    window.grant_permissions(["geolocation"])
    window.set_geolocation({"longitude": 119.05, "latitude": 35.05, "accuracy": 12})
    page = taken(window, fresh)
    fields, picture = sent(page), Image.open(io.BytesIO(file_in(page)))
    assert (fields["lon"], fields["lat"], fields["is_taken_in_page"]) == ("119.05", "35.05", "true")
    assert fields["taken_at"].endswith("+08:00")
    assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (1440, 1920), 0)
    told = json.loads(page.evaluate("JSON.stringify(photos[0])"))
    assert (told["isTakenInPage"], told["accuracyM"]) == (True, 12)


def test_without_a_place_the_photo_says_so(window: BrowserContext, fresh: Path) -> None:
    page = taken(window, fresh)
    assert (page.get_attribute("body", "data-state"), sent(page)["lon"], sent(page)["is_taken_in_page"]) == (
        "no_place",
        "",
        "true",
    )


def test_an_older_picture_stays_as_it_is(window: BrowserContext, tmp_path: Path) -> None:
    path = tmp_path / "old.jpg"
    path.write_bytes(jpeg(scene(1)))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    page = taken(window, path)
    assert (file_in(page), sent(page)["taken_at"], sent(page)["is_taken_in_page"]) == (path.read_bytes(), "", "")


def test_what_is_no_picture_is_said(window: BrowserContext, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"no picture")
    page = taken(window, path)
    assert (page.get_attribute("body", "data-state"), page.evaluate("photos.length")) == ("no_picture", 0)
