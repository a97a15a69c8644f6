"""Every page run by Streamlit's own test runner on the demo district, as a person who is really signed in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.application import close_databases, open_database, sessions_of
from dashboard.i18n import LOCALE_COOKIE
from dashboard.screen import visit as visit_module
from dashboard.security.gate import SESSION_COOKIE
from dashboard.settings import Settings, overridden
from tests.conftest import NOW, ROOT

RUN_SECONDS = 60
Opening = Callable[..., AppTest]


@pytest.fixture(scope="session")
def pages_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo district's home for the pages: sign-ins are written to it, records never."""
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("pages") / "home"))


@pytest.fixture
def district(pages_home: Path) -> Iterator[Engine]:
    """The database that the pages read."""
    yield from _in_force(pages_home)


@pytest.fixture
def own_district(demo_copy: Path) -> Iterator[Engine]:
    """A database that the test may write to, read by the pages as well."""
    yield from _in_force(demo_copy)


@pytest.fixture
def browser_cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The cookies that the pages see; empty at first. The clock stands at the demo's day."""
    cookies: dict[str, str] = {}
    monkeypatch.setattr(visit_module, "cookie", cookies.get)
    monkeypatch.setattr(visit_module, "utc_now", lambda: NOW)
    return cookies


@pytest.fixture
def open_page(browser_cookies: dict[str, str]) -> Opening:
    """Open a page by its address as somebody: ``open_page(engine, "bureau01", "map", zone="port.P01")``."""

    def opened(
        engine: Engine, login: str | None, url: str, *, locale: str = "en", **parameters: str | list[str]
    ) -> AppTest:
        if login is not None:
            browser_cookies[SESSION_COOKIE] = sessions_of(Settings(), engine).sign_in_demo(login, now=NOW)
        browser_cookies[LOCALE_COOKIE] = locale
        page = AppTest.from_file(ROOT / "dashboard" / "app.py", default_timeout=RUN_SECONDS)
        page._page_hash = calc_hash(url) if url else ""
        for name, value in parameters.items():
            page.query_params[name] = value
        return page.run()

    return opened


def _in_force(home: Path) -> Iterator[Engine]:
    st.cache_data.clear()
    st.cache_resource.clear()
    chosen = Settings(home=home)
    with overridden(chosen):
        yield open_database(chosen)
    close_databases()
    st.cache_data.clear()
    st.cache_resource.clear()
