"""Finds a Chromium for the browser tests, or brings one: ``python -m tools.browser``.

Asked in this order: ``GRIDGUARD_TEST_BROWSER``, the machine's own Chromium or Chrome, the machine's package
manager, Playwright's download.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.packages import by_hand, install_package, privilege

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
CHROMIUM_PACKAGES = {"apt-get": ("chromium",), "dnf": ("chromium-headless",), "apk": ("chromium",)}
OVERRIDE = "GRIDGUARD_TEST_BROWSER"


def find_browser() -> Path | None:
    """Path of the first browser that answers ``--version``, or None."""
    return next((path for path in _candidates() if _answers(path)), None)


def ensure_browser() -> Path | None:
    """Find a browser, installing one where that is allowed; None if all ways fail."""
    found = find_browser()
    if found is None and install_package(CHROMIUM_PACKAGES):
        found = find_browser()
    if found is None and _download():
        found = find_browser()
    return found


def main() -> int:
    """Print the browser's path, or say on standard error what is missing."""
    found = ensure_browser()
    if found is None:
        print(
            "The browser tests need a Chromium, and none was found, installed or downloaded.\n"
            f"Install one ({by_hand(CHROMIUM_PACKAGES)}), or name one in {OVERRIDE}, then run again.",
            file=sys.stderr,
        )
        return 1
    print(f"Browser for the tests: {found}")
    return 0


def _candidates() -> Iterator[Path]:
    names = (os.environ[OVERRIDE],) if OVERRIDE in os.environ else NAMES
    yield from (Path(path) for path in map(shutil.which, names) if path)
    yield from _downloaded()


def _downloaded() -> Iterator[Path]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if path.exists():
        yield path


def _download() -> bool:
    print("Downloading a Chromium with Playwright ...", flush=True)
    extra = ("--with-deps",) if privilege() is not None and shutil.which("apt-get") else ()
    command = (sys.executable, "-m", "playwright", "install", *extra, "chromium")
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _answers(path: Path) -> bool:
    """Distributions ship stand-ins that only say which package to install; those do not answer."""
    try:
        finished = subprocess.run(
            (str(path), "--version"), capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return finished.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
