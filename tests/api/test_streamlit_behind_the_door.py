"""The whole application with Streamlit's real routes: sockets, tabs, uploads, pages."""

import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime

from dashboard import server
from dashboard.settings import Settings
from governance.errors import InvalidInput, NotAllowed

SCRIPT = """
import streamlit as st
st.text("signed in")
"""
pytestmark = [
    # Streamlit leaves the loops of its script threads to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
FROM_HERE = {"origin": "http://localhost"}
SOCKET = "ws://localhost/_stcore/stream"


@pytest.fixture
def app(gate: Any, tmp_path: Path) -> Iterator[TestClient]:
    script = tmp_path / "entry.py"
    script.write_text(SCRIPT, encoding="utf-8")
    whole = server.create_app(Settings(max_upload_mb=1, upload_quota_mb=2), gate=gate, script=script)
    with TestClient(whole, base_url="http://localhost", follow_redirects=False) as client:
        yield client
    Runtime._instance = None
    gc.collect()


def as_person(app: TestClient, gate: Any, login: str = "officer") -> dict[str, str]:
    return {"cookie": f"gridguard_session={gate.begin(login, now=server.utc_now())}"}


def opened_tab(app: TestClient, headers: dict[str, str], resume: str = "") -> str:
    """Open a socket as a browser does and return the tab id that the server gives."""
    protocols = ["streamlit", "PLACEHOLDER", *([resume] if resume else [])]
    with app.websocket_connect(SOCKET, headers={**FROM_HERE, **headers}, subprotocols=protocols) as socket:
        socket.send_bytes(BackMsg(rerun_script={}).SerializeToString())
        for _ in range(20):
            message = ForwardMsg.FromString(socket.receive_bytes())
            if message.WhichOneof("type") == "new_session":
                return message.new_session.initialize.session_id
    raise AssertionError("no tab was opened")


def upload(app: TestClient, headers: dict[str, str], tab: str, size: int = 10):
    content = b"x" * size
    return app.put(
        f"/_stcore/upload_file/{tab}/file", files={"file": ("a.txt", content)}, headers={**FROM_HERE, **headers}
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost"},
        {"origin": "http://localhost", "cookie": "gridguard_session=forged"},
    ],
)
def test_a_handshake_without_a_session_is_refused(app: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), app.websocket_connect(SOCKET, headers=headers):
        pass


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_handshake_of_a_foreign_page_is_refused(app: TestClient, gate: Any, origin: str) -> None:
    headers = {**as_person(app, gate), "origin": origin}
    with pytest.raises(WebSocketDisconnect), app.websocket_connect(SOCKET, headers=headers):
        pass


def test_a_handshake_elsewhere_is_refused(app: TestClient, gate: Any) -> None:
    headers = {**as_person(app, gate), **FROM_HERE}
    with pytest.raises(WebSocketDisconnect), app.websocket_connect("ws://localhost/anywhere", headers=headers):
        pass


def test_a_session_opens_a_tab(app: TestClient, gate: Any) -> None:
    assert opened_tab(app, as_person(app, gate))


def test_a_tab_is_resumed_by_its_own_session_only(app: TestClient, gate: Any) -> None:
    mine, other = as_person(app, gate), as_person(app, gate)
    tab = opened_tab(app, mine)
    assert opened_tab(app, mine, resume=tab) == tab
    assert opened_tab(app, other, resume=tab) != tab


def test_a_file_goes_into_the_own_tab(app: TestClient, gate: Any) -> None:
    mine = as_person(app, gate)
    tab = opened_tab(app, mine)
    assert upload(app, mine, tab).status_code not in {401, 411, 413, 429}


@pytest.mark.parametrize("tab", ["unknown", None])
def test_a_file_goes_into_no_other_tab(app: TestClient, gate: Any, tab: str | None) -> None:
    foreign = tab or opened_tab(app, as_person(app, gate))
    answer = upload(app, as_person(app, gate), foreign)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "upload_not_allowed")


def test_a_display_uploads_nothing(app: TestClient, gate: Any) -> None:
    display = as_person(app, gate, "display")
    assert upload(app, display, opened_tab(app, display)).json()["error"]["code"] == "upload_not_allowed"


def test_a_file_over_the_limit_is_refused_with_the_limit(app: TestClient, gate: Any) -> None:
    mine = as_person(app, gate)
    answer = upload(app, mine, opened_tab(app, mine), size=1_200_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file_too_large")
    assert "1 MB" in answer.json()["error"]["message"]


def test_an_upload_without_a_length_is_refused(app: TestClient, gate: Any) -> None:
    mine = as_person(app, gate)
    address = f"/_stcore/upload_file/{opened_tab(app, mine)}/file"
    answer = app.put(address, content=iter([b"x"]), headers={**FROM_HERE, **mine})
    assert answer.json()["error"]["code"] == "length_required"


def test_an_hours_uploads_have_a_limit(app: TestClient, gate: Any) -> None:
    mine = as_person(app, gate)
    tab = opened_tab(app, mine)
    codes = [upload(app, mine, tab, size=900_000).status_code for _ in range(3)]
    assert [code == 429 for code in codes] == [False, False, True]


def test_streamlits_own_files_need_a_session(app: TestClient, gate: Any) -> None:
    assert app.get("/_stcore/health").status_code == 401
    assert app.get("/_stcore/health", headers=as_person(app, gate)).status_code == 200


def test_a_page_is_our_shell(app: TestClient, gate: Any) -> None:
    page = app.get("/wall", headers={**as_person(app, gate), "accept": "text/html"})
    assert (page.status_code, "BACKEND_BASE_URL" in page.text) == (200, True)


def test_memory_is_frozen_while_the_server_runs(app: TestClient) -> None:
    assert gc.get_freeze_count() > 0


def test_the_server_refuses_unsafe_options(gate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "apply_options", lambda settings: None)
    monkeypatch.setattr(
        "dashboard.streamlit_options.unsafe_options", lambda settings: {"server.enableCORS": (False, True)}
    )
    with pytest.raises(InvalidInput, match=r"server\.enableCORS = False \(True\)"):
        server.create_app(Settings(), gate=gate)


def test_a_failing_page_shows_a_reference_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(st, "error", shown.append)
    assert server.show_script_error(RuntimeError("secret detail")) is True
    assert "secret" not in shown[0]
    assert any(character.isdigit() or character in "ABCDEF" for character in shown[0])


def test_a_refusal_on_a_page_shows_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(st, "error", shown.append)
    server.show_script_error(NotAllowed("code", "You may not see {number}", number=7))
    assert shown == ["You may not see 7"]


def test_a_refusal_on_a_page_is_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(st, "error", shown.append)
    server.show_script_error(NotAllowed("code", "{name} may not", name=":green[done] ![x](http://e.vil/x.png)"))
    assert not re.search(r"(?<!\\)[:`*\[\]<>$!~]", shown[0])


def test_messages_of_other_sites_steer_no_page(app: TestClient, gate: Any) -> None:
    answer = app.get("/_stcore/host-config", headers=as_person(app, gate))
    assert answer.json()["allowedOrigins"] == []


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:1"), ("0.0.0.0", "http://127.0.0.1:1"), ("::", "http://[::1]:1")],
)
def test_the_address_to_open_is_one_a_browser_understands(host: str, address: str) -> None:
    assert server.address_of(host, 1) == address


def test_a_service_that_is_not_ready_is_named(gate: Any) -> None:
    routes = server.app_routes(Settings(), gate=gate, readiness={"database": lambda: "locked"})
    answer = TestClient(Starlette(routes=routes)).get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ok": False, "checks": {"assets": "ok", "database": "locked"}},
    )
