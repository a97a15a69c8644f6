"""The windows notice what they are there to notice; served here by a page of a few lines, not by the product."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.conftest import Server, Visit

READY = '<div data-testid="stApp" data-test-script-state="notRunning"></div>'
BODIES = {
    "/quiet": "",
    "/outside": '<img src="http://127.0.0.1:9/pixel.png">',
    "/broken": "<script>null.missing</script>",
    "/complaining": "<script>console.error('a complaint')</script>",
}


class Handler(BaseHTTPRequestHandler):
    """Answers with one of ``BODIES``."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        head = '<link rel="icon" href="data:,">'
        self.wfile.write(f"{head}{READY}{BODIES[self.path]}".encode())

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    stand_in = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=stand_in.serve_forever, daemon=True).start()
    folder = tmp_path_factory.mktemp("stand-in")
    yield Server(f"http://127.0.0.1:{stand_in.server_port}", folder, Path(folder / "log"))
    stand_in.shutdown()
    stand_in.server_close()


def test_a_quiet_page_has_no_faults(desktop: Visit) -> None:
    desktop.open("/quiet")
    assert (len(desktop.requests), desktop.outside_requests(), desktop.faults()) == (1, [], [])


def test_a_request_to_another_host_is_noticed(desktop: Visit) -> None:
    desktop.open("/outside").wait_for_load_state("load")
    assert desktop.outside_requests() == ["http://127.0.0.1:9/pixel.png"]
    desktop.requests.clear()
    desktop.errors.clear()


@pytest.mark.parametrize(("path", "error"), [("/broken", "missing"), ("/complaining", "a complaint")])
def test_an_error_in_the_page_is_noticed(desktop: Visit, path: str, error: str) -> None:
    desktop.open(path).wait_for_load_state("load")
    assert [error in fault for fault in desktop.faults()] == [True]
    desktop.forgiven.append(error)
    assert desktop.faults() == []


def test_a_phone_is_narrow_and_touched(phone: Visit) -> None:
    page = phone.open("/quiet")
    assert page.evaluate("[screen.width, navigator.maxTouchPoints > 0, navigator.language]") == [390, True, "zh-CN"]
