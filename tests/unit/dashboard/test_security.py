"""The rules of the door, one by one, without a server."""

import re
from pathlib import Path

import pytest
from starlette.types import Scope

from dashboard.i18n import set_locale
from dashboard.security.authentication import is_open
from dashboard.security.destinations import HOME_PAGES, after_sign_in, safe_next, sign_in_address
from dashboard.security.headers import page_policy
from dashboard.security.hosts import is_trusted
from dashboard.security.requests import declared_length, is_same_origin, wants_page
from dashboard.security.tabs import TabOwners, opened_tab
from dashboard.security.uploads import Quota
from dashboard.shell import page_shell
from dashboard.streamlit_options import CONFIG_FILE, REQUIRED, unsafe_options
from governance.vocabulary import Role


def scope(path: str = "/wall", *, method: str = "GET", **headers: str) -> Scope:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": raw}


@pytest.mark.parametrize("target", ["/wall", "/issue?id=2026-00001", "/ledger?stage=closed&page=2"])
def test_a_page_of_ours_is_a_safe_destination(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/wall",
        "javascript:alert(1)",
        "/wall\r\nSet-Cookie: a=b",
        "/\tevil",
        "/sign-in?next=/wall",
        "/sign-out",
        "/api/v1/issues",
        "/_stcore/stream",
        "/media/secret",
        "/" + "a" * 3000,
    ],
)
def test_anything_else_is_not(target: str | None) -> None:
    assert safe_next(target) is None


def test_the_way_back_is_quoted_into_the_address() -> None:
    assert sign_in_address("/issue", "id=1&x=2") == "/sign-in?next=%2Fissue%3Fid%3D1%26x%3D2"


def test_every_role_has_a_home_page() -> None:
    assert set(HOME_PAGES) == set(Role)
    assert after_sign_in(Role.DISPLAY, "//evil.example") == "/wall"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8501".lower(), "127.0.0.1:80", "[::1]:8501", "localhost."])
def test_a_trusted_host_is_known_with_any_port(host: str) -> None:
    assert is_trusted(host, trusted=("localhost", "127.0.0.1", "::1"))


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "localhost@evil", "localhost/x", "a:b"])
def test_another_host_is_not_trusted(host: str) -> None:
    assert not is_trusted(host, trusted=("localhost", "*.example.org"))


def test_a_star_takes_subdomains_but_not_the_domain_itself() -> None:
    assert is_trusted("grid.example.org", trusted=("*.example.org",))
    assert not is_trusted("evilexample.org", trusted=("*.example.org",))
    assert not is_trusted("example.org", trusted=("*.example.org",))


@pytest.mark.parametrize("origin", ["", "null", "http://evil.example", "http://localhost:9999", "ftp://localhost"])
def test_a_missing_or_foreign_origin_is_refused(origin: str) -> None:
    assert not is_same_origin(scope(host="localhost", origin=origin))


def test_the_origin_of_the_asked_host_is_taken_over_http_and_https() -> None:
    assert is_same_origin(scope(host="localhost:1", origin="http://localhost:1"))
    assert is_same_origin(scope(host="localhost:1", origin="https://LOCALHOST:1"))


def test_a_browser_that_navigates_wants_a_page() -> None:
    assert wants_page(scope(accept="text/html,*/*", sec_fetch_dest="document"))


@pytest.mark.parametrize("path", ["/_stcore/health", "/media/x", "/component/x", "/static/js/x.js", "/api/v1/issues"])
def test_machines_addresses_are_no_pages(path: str) -> None:
    assert not wants_page(scope(path, accept="text/html"))


def test_a_script_that_fetches_wants_no_page() -> None:
    assert not wants_page(scope(accept="*/*", sec_fetch_dest="empty"))
    assert not wants_page(scope(method="POST", accept="text/html"))


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/sign-in", "/assets/leaflet/1/leaflet.js", "/favicon.ico"])
def test_these_are_open(path: str) -> None:
    assert is_open(path)


@pytest.mark.parametrize("path", ["/", "/wall", "/assets", "/assets/../wall", "/assets//x", "/sign-in/", "/livez/x"])
def test_these_are_closed(path: str) -> None:
    assert not is_open(path)


def test_the_policy_opens_sockets_to_this_host_alone() -> None:
    policy = page_policy("grid.example.org:8501")
    assert "connect-src 'self' data: blob: ws://grid.example.org:8501 wss://grid.example.org:8501;" in policy
    assert re.findall(r"\bwss?:(?!//grid\.example\.org:8501)", policy) == []


def test_the_policy_opens_exactly_the_host_of_the_basemap_for_pictures() -> None:
    policy = page_policy("localhost", basemap_origin="https://tiles.example.org")
    assert policy.count("https://") == 1
    assert "img-src 'self' data: blob: https://tiles.example.org;" in policy


def test_a_malformed_host_gets_into_no_policy() -> None:
    assert "evil" not in page_policy("x; script-src evil")


def test_the_quota_fills_and_empties_with_the_hour() -> None:
    now = [0.0]
    quota = Quota(100, clock=lambda: now[0])
    assert [quota.take(1, 60), quota.take(1, 60), quota.take(2, 60)] == [True, False, True]
    now[0] = 3601.0
    assert quota.take(1, 60)


def test_a_tab_belongs_to_the_session_that_opened_it() -> None:
    tabs = TabOwners()
    mine, other = scope(cookie="gridguard_session=a"), scope(cookie="gridguard_session=b")
    tabs.claim(mine, "tab")
    tabs.claim(other, "tab")
    assert (tabs.owns(mine, "tab"), tabs.owns(other, "tab"), tabs.owns(mine, "unknown")) == (True, False, False)


def test_a_message_that_is_none_of_the_servers_opens_no_tab() -> None:
    assert opened_tab(b"\xff\xff\xff") == ""


def test_the_self_check_names_each_unsafe_option() -> None:
    from dashboard.settings import Settings

    settings = Settings()
    safe = {**REQUIRED, "server.maxUploadSize": 20, "server.allowedHosts": list(settings.trusted_hosts)}
    found = unsafe_options(settings, option=lambda name: {**safe, "server.enableAgentApi": True}[name])
    assert found == {"server.enableAgentApi": (True, False)}


def test_the_shipped_options_are_beside_the_packages() -> None:
    assert Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml" == CONFIG_FILE
    assert CONFIG_FILE.is_file()


def test_the_shell_is_ours_and_still_streamlits() -> None:
    set_locale("en")
    shell = page_shell("en")
    assert "BACKEND_BASE_URL" in shell
    assert "<title>Environmental grid dashboard</title>" in shell
    assert '<script type="module"' in shell
    assert "agent" not in shell
    assert "favicon.png" not in shell


@pytest.mark.parametrize(
    ("value", "length"), [("0", 0), ("512", 512), ("", None), ("\xb2", None), ("-1", None), ("+5", None)]
)
def test_a_declared_length_is_plain_digits(value: str, length: int | None) -> None:
    raw = [(b"content-length", value.encode("latin-1"))]
    assert declared_length({"type": "http", "headers": raw}) == length


def test_a_body_in_pieces_has_no_length() -> None:
    assert declared_length(scope(content_length="5", transfer_encoding="chunked")) is None
