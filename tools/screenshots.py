"""Takes the pictures of the documents: ``python -m tools.screenshots [ADDRESS]``, into ``docs/images``.

A server with the demo district must run at the address (``http://127.0.0.1:8501`` without one). Each picture is
taken as one of its demo accounts sees the page, in Chinese, and is kept below ``LARGEST_BYTES``.
"""

import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser import find_browser

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
ADDRESS = "http://127.0.0.1:8501"
LARGEST_BYTES = 400_000
COLOURS = (256, 128, 64, 32)
READY = "[data-testid='stApp'][data-test-script-state='notRunning']"
DESKTOP, WIDE, PHONE = (1920, 1080), (3840, 1080), (390, 844)
SETTLE_SECONDS = 8.0
WAIT_MS = 60_000


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page, the role whose demo account looks (empty: nobody yet), and the window.

    ``{stage}`` in the path stands for the number of the first issue of that stage that the account sees.
    """

    name: str
    path: str
    role: str = ""
    size: tuple[int, int] = DESKTOP


PICTURES = (
    Picture("sign-in", "/sign-in"),
    Picture("wall", "/wall", "display"),
    Picture("wall-wide", "/wall", "display", WIDE),
    Picture("wall-leader", "/wall?show=leader.leader-003", "display"),
    Picture("wall-township", "/wall?show=township.371103001", "display"),
    Picture("wall-list", "/wall?list=overdue", "bureau"),
    Picture("wall-phone", "/wall", "leader", PHONE),
    Picture("map", "/map", "bureau"),
    Picture("map-zone", "/map?zone=township.371103001", "bureau"),
    Picture("map-enterprise", "/map?enterprise=12", "bureau"),
    Picture("map-phone", "/map?zone=township.371103001", "bureau", PHONE),
    Picture("ledger", "/ledger", "bureau"),
    Picture("my-zones", "/my-zones", "leader"),
    Picture("my-zones-phone", "/my-zones", "leader", PHONE),
    Picture("sign-in-phone", "/sign-in", "", PHONE),
    Picture("inbox", "/inbox", "township"),
    Picture("issue", "/issue?id={supervised}", "township"),
    Picture("issue-phone", "/issue?id={rectifying}", "director", PHONE),
    Picture("report-phone", "/report", "butler", PHONE),
    Picture("lists", "/lists", "bureau"),
    Picture("superior-ledger", "/superior-ledger", "committee"),
    Picture("directives", "/directives", "committee"),
    Picture("look-backs", "/look-backs", "bureau"),
    Picture("rankings", "/rankings", "bureau"),
    Picture("heat", "/heat?measure=rate", "bureau"),
    Picture("heat-kernel", "/heat?way=kernel", "bureau"),
    Picture("heat-hexagons", "/heat?way=hexagons", "bureau"),
    Picture("heat-spots", "/heat?way=spots", "bureau"),
    Picture("heat-time", "/heat?way=time", "bureau"),
    Picture("heat-comparison", "/heat?way=time&part=comparison", "bureau"),
    Picture("heat-phone", "/heat?way=hexagons", "bureau", PHONE),
)


def main(arguments: list[str]) -> int:
    """Take every picture; 0 when all are small enough, 1 if not or without a browser, 2 for wrong usage."""
    if len(arguments) > 1:
        print("usage: python -m tools.screenshots [ADDRESS]", file=sys.stderr)
        return 2
    program = find_browser()
    if program is None:
        print("No Chromium was found; python -m tools.browser installs one or says how.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    address = (arguments[0] if arguments else ADDRESS).rstrip("/")
    options = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=options)
        sizes = [_take(browser, address, picture) for picture in PICTURES]
        browser.close()
    return 0 if max(sizes) <= LARGEST_BYTES else 1


def _take(browser: Browser, address: str, picture: Picture) -> int:
    """Take one picture in a window of its own; return its size in bytes."""
    width, height = picture.size
    window = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=picture.size == PHONE,
        is_mobile=picture.size == PHONE,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    window.set_default_timeout(WAIT_MS)
    page = window.new_page()
    if picture.role:
        _sign_in(page, address, picture.role)
    page.goto(address + _filled(page, address, picture.path))
    if picture.role:
        page.wait_for_selector(f"{READY}, html[data-ready=true]", state="attached")
        time.sleep(SETTLE_SECONDS)  # the map draws its heat last, and nothing says when
    file = FOLDER / f"{picture.name}.png"
    page.screenshot(path=file)
    window.close()
    size = _shrink(file)
    print(f"{file.relative_to(FOLDER.parent.parent)}: {size} bytes", flush=True)
    return size


def _filled(page: Page, address: str, path: str) -> str:
    """The path with the number of an issue in place of its stage."""
    stage = re.search(r"\{(\w+)\}", path)
    if stage is None:
        return path
    ledger = page.request.get(f"{address}/api/v1/export/issues", params={"format": "csv", "stage": stage.group(1)})
    number = re.search(r"\b\d{4}-\d{5}\b", ledger.text())
    if number is None:
        raise RuntimeError(f"the account sees no issue of the stage {stage.group(1)}")
    return path.replace(stage.group(), number.group())


def _sign_in(page: Page, address: str, role: str) -> None:
    """Press the button of the first demo account whose login begins with the role."""
    page.goto(f"{address}/sign-in")
    page.locator(f"button[name=demo][value^={role}]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _shrink(file: Path) -> int:
    """Reduce the colours until the file is small enough; an interface needs few."""
    original = Image.open(file).convert("RGB")
    for colours in COLOURS:
        original.quantize(colours, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size <= LARGEST_BYTES:
            break
    return file.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
