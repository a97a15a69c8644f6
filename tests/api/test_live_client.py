"""The benchmarks' client against a real server: signed in like a browser, a page drawn, and drawn again."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from streamlit.runtime import Runtime

from benchmarks.browser_sign_in import sign_in
from benchmarks.live_client import Run, opened_tab
from benchmarks.served import free_port
from dashboard import server
from dashboard.security.gate import DemoLogin
from dashboard.settings import Settings
from governance.vocabulary import Role

SCRIPT = """
import streamlit as st

st.button("Count", key="count")

@st.fragment(run_every=60)
def ticking():
    st.text("still here")

ticking()
"""
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def address(gate: Any, tmp_path: Path) -> Iterator[str]:
    script = tmp_path / "entry.py"
    script.write_text(SCRIPT, encoding="utf-8")
    gate.demo = [DemoLogin(login="bureau", role=Role.BUREAU, name="Officer")]
    gate.begin = lambda login, now=None, begin=gate.begin: begin(login, now=datetime.now(UTC))
    app = server.create_app(Settings(), gate=gate, script=script)
    port = free_port()
    config = uvicorn.Config(app, port=port, ws="websockets-sansio", log_config=None, access_log=False)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join()
    Runtime._instance = None


async def looked_around(address: str) -> tuple[Run, Run, Run]:
    cookies = await asyncio.to_thread(sign_in, address, "bureau")
    async with opened_tab(address, cookies) as tab:
        opened = await tab.open("")
        pressed = await tab.act(tab.widget("count"), trigger_value=True)
        (fragment,) = tab.refreshes
        return opened, pressed, await tab.refresh(fragment)


def test_a_page_is_opened_pressed_and_refreshed(address: str) -> None:
    opened, pressed, refreshed = asyncio.run(looked_around(address))
    assert [run.errors for run in (opened, pressed, refreshed)] == [[], [], []]
    assert (opened.elements, pressed.elements, refreshed.elements) == (2, 2, 1)
    assert 0 < refreshed.seconds < 30
