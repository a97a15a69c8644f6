"""The door: what is answered without a session, with one, from a foreign page, under a foreign name."""

import pytest
from starlette.testclient import TestClient

PAGE = {"accept": "text/html", "sec-fetch-dest": "document"}
PAGES = ("/wall", "/map", "/my-zones", "/ledger", "/issue", "/import", "/admin", "/no-such-page")


@pytest.mark.parametrize("path", PAGES)
def test_a_deep_link_without_a_session_leads_to_the_sign_in(browser: TestClient, path: str) -> None:
    answer = browser.get(f"{path}?id=1", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=%2F{path[1:]}%3Fid%3D1")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/issues",
        "/media/abc.png",
        "/_stcore/health",
        "/_stcore/host-config",
        "/static/js/index.js",
        "/component/streamlit_folium.st_folium/index.html",
    ],
)
def test_what_is_no_page_is_refused_without_a_session(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "signed_out"


def test_an_upload_without_a_session_is_refused(browser: TestClient) -> None:
    answer = browser.put("/_stcore/upload_file/tab/file", content=b"x", headers={"origin": "http://localhost"})
    assert answer.status_code == 401


@pytest.mark.parametrize("cookie", ["forged", "x" * 500, ""])
def test_a_forged_cookie_is_no_session(browser: TestClient, cookie: str) -> None:
    browser.cookies.set("gridguard_session", cookie)
    assert browser.get("/wall", headers=PAGE).status_code == 303


def test_a_session_opens_the_pages(signed_in: TestClient) -> None:
    answer = signed_in.get("/wall", headers=PAGE)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_a_session_that_has_ended_opens_nothing(signed_in: TestClient, gate) -> None:
    gate.sessions.clear()
    assert signed_in.get("/wall", headers=PAGE).status_code == 303


@pytest.mark.parametrize(("login", "home"), [("display", "/wall"), ("district_leader", "/my-zones")])
def test_the_root_leads_to_the_home_page_of_the_role(browser: TestClient, gate, login: str, home: str) -> None:
    browser.cookies.set("gridguard_session", gate.begin(login))
    assert browser.get("/", headers=PAGE).headers["location"] == home


def test_a_post_from_a_foreign_page_is_refused(signed_in: TestClient) -> None:
    answer = signed_in.post("/sign-out", headers={"origin": "http://evil.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")


def test_a_post_without_an_origin_is_refused(signed_in: TestClient, gate) -> None:
    assert signed_in.post("/sign-out").status_code == 403
    assert gate.sessions


def test_a_foreign_host_name_gets_no_page(signed_in: TestClient) -> None:
    assert signed_in.get("/sign-in", headers={"host": "evil.example"}).status_code == 400


def test_the_probes_answer_under_any_name_without_a_session(browser: TestClient) -> None:
    answers = [browser.get(path, headers={"host": "10.1.2.3"}) for path in ("/livez", "/readyz")]
    assert [answer.json()["ok"] for answer in answers] == [True, True]
    assert answers[1].json()["checks"] == {"assets": "ok", "database": "ok"}


def test_every_answer_carries_the_headers(browser: TestClient) -> None:
    for path in ("/livez", "/sign-in", "/wall", "/assets/no", "/api/v1/x"):
        headers = browser.get(path, headers=PAGE).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'self'" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "same-origin", path


def test_an_unforeseen_error_carries_the_headers_as_well(signed_in: TestClient) -> None:
    headers = signed_in.get("/api/v1/fail/unforeseen").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert (headers["cache-control"], headers["x-frame-options"]) == ("no-store", "SAMEORIGIN")


def test_the_sign_in_page_runs_no_script(browser: TestClient) -> None:
    answer = browser.get("/sign-in")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text


@pytest.mark.parametrize("path", ["/assets/nothing.js", "/assets/leaflet/0/leaflet.js", "/locale/en/x"])
def test_open_folders_hold_nothing_but_their_files(browser: TestClient, path: str) -> None:
    assert browser.get(path, headers=PAGE).status_code == 404
