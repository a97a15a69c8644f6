"""The real server on a demo district, and browsers that notice every request and every error.

Ask for ``desktop`` or ``phone``: a `Visit` that fails the test at its end if a request left the server's host
or the console showed an error. A screenshot of a failed test is kept under ``var/e2e``.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tools.browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "e2e"
READY = "[data-testid='stApp'][data-test-script-state='notRunning']"
START_SECONDS = 90
WAIT_MS = 30_000
LOCAL_SCHEMES = {"about", "blob", "chrome-error", "data"}
FAILED = pytest.StashKey[bool]()
SECOND_ATTEMPT = pytest.mark.flaky(reruns=1)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each browser test a second attempt, which the run's summary names (RERUN)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(SECOND_ATTEMPT)


@dataclass(frozen=True)
class Server:
    """A running server: its address without a path, its home and the file that holds its output."""

    address: str
    home: Path
    log: Path


@dataclass
class Visit:
    """One browser window of its own (no cookies of others) and what was noticed in it.

    ``forgiven`` takes parts of console errors that the test provokes on purpose.
    """

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the server and wait until its script has run."""
        self.page.goto(self.address + path)
        return self.settled()

    def settled(self) -> Page:
        """Wait until the running script has ended."""
        self.page.wait_for_selector(READY, state="attached")
        return self.page

    def outside_requests(self) -> list[str]:
        """Addresses asked for that lie on another host than the server's."""
        own = urlsplit(self.address).netloc
        return [address for address in self.requests if _is_outside(address, own)]

    def faults(self) -> list[str]:
        """Console errors and uncaught exceptions that the test does not expect."""
        return [error for error in self.errors if not any(part in error for part in self.forgiven)]


def sign_in(visit: Visit, login: str) -> Page:
    """Sign in by the demo district's button and wait for the person's first page."""
    visit.page.goto(f"{visit.address}/sign-in")
    visit.page.click(f"button[value='{login}']")
    return visit.settled()


@pytest.fixture(scope="session")
def server(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server in a process of its own, on a copy of the demo district, until the end of the run."""
    folder = tmp_path_factory.mktemp("server")
    with serving(Path(shutil.copytree(demo_home, folder / "home")), folder) as running:
        yield running


@contextmanager
def serving(
    home: Path, folder: Path, *, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[Server]:
    """The real server on a home, on a port of its own or a given one; its output goes into the folder."""
    port = port or free_port()
    running = Server(f"http://127.0.0.1:{port}", home, folder / "server.log")
    command = (sys.executable, "-m", "dashboard", "serve", "--port", str(port))
    with running.log.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"GRIDGUARD_HOME": str(home), "PYTHONUNBUFFERED": "1"} | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_ready(process, running)
        yield running
    finally:
        _end(process)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium per module: the driver's event loop must not outlive it, other tests run their own."""
    path = find_browser()
    assert path is not None, "no Chromium was found; python -m tools.browser installs one or says how"
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def desktop(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Visit]:
    """A window of 1920 x 1080 points."""
    yield from _watched(request, window(browser, width=1920, height=1080), server)


@pytest.fixture
def phone(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Visit]:
    """A touch screen of 390 x 844 points."""
    yield from _watched(request, window(browser, width=390, height=844, is_touch=True), server)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember for the fixtures' ends whether the test itself failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def window(browser: Browser, *, width: int, height: int, is_touch: bool = False) -> BrowserContext:
    """A window of its own, in Chinese, without animations."""
    return browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=is_touch,
        has_touch=is_touch,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )


def _watched(request: pytest.FixtureRequest, context: BrowserContext, server: Server) -> Iterator[Visit]:
    context.set_default_timeout(WAIT_MS)
    visit = Visit(context.new_page(), server.address)
    _listen(context, visit)
    request.node.stash[FAILED] = False  # of this attempt
    yield visit
    outside, faults = visit.outside_requests(), visit.faults()
    if request.node.stash.get(FAILED, False) or outside or faults:
        _keep_screenshot(visit.page, request.node.name)
    context.close()
    assert outside == [], "requests left the server's host"
    assert faults == [], "the browser's console shows errors"


def _listen(context: BrowserContext, visit: Visit) -> None:
    def note_request(request: Request) -> None:
        visit.requests.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            visit.errors.append(f"{message.text} ({message.location.get('url', '')})")

    context.on("request", note_request)
    context.on("console", note_message)
    context.on("weberror", lambda error: visit.errors.append(str(error.error)))
    visit.page.on("websocket", lambda websocket: visit.requests.append(websocket.url))


def _is_outside(address: str, own: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme not in LOCAL_SCHEMES and parts.netloc != own


def _keep_screenshot(page: Page, test: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', test)}.png")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_ready(process: subprocess.Popen[bytes], server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(f"{server.address}/readyz"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the server did not become ready:\n{server.log.read_text(errors='replace')}")
        time.sleep(0.2)


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
