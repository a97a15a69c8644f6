"""Signing in and out through the page, as a browser does."""

import re

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from dashboard.security.gate import DemoLogin
from dashboard.settings import Settings
from dashboard.sign_in import SignInPages
from governance.vocabulary import Role

FROM_HERE = {"origin": "http://localhost"}


def form_token(browser: TestClient, address: str = "/sign-in") -> str:
    return re.search(r'name="form_token" value="([^"]+)"', browser.get(address).text)[1]


def submit(browser: TestClient, **fields: str):
    fields = {"form_token": form_token(browser), "login": "officer", "password": "right", **fields}
    return browser.post("/sign-in", data=fields, headers=FROM_HERE)


def test_the_right_password_opens_the_wanted_page(browser: TestClient) -> None:
    answer = submit(browser, next="/issue?id=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/issue?id=1")
    assert browser.get("/issue").status_code == 200


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: TestClient) -> None:
    cookies = submit(browser).headers.get_list("set-cookie")
    cookie = next(one for one in cookies if one.startswith("gridguard_session="))
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=43200"} <= set(cookie.split("; "))


def test_cookies_are_kept_to_https_where_the_site_has_it(gate) -> None:
    pages = SignInPages(gate=gate, settings=Settings(secure_cookies=True), clock=lambda: None)
    response = Response()
    pages._set_cookie(response, "name", "value", max_age=1)
    assert "Secure" in response.headers["set-cookie"]


def test_a_wrong_password_is_told_and_opens_nothing(browser: TestClient, gate) -> None:
    answer = submit(browser, password="wrong", login="<b>officer")
    assert (answer.status_code, gate.sessions) == (401, {})
    assert "&lt;b&gt;officer" in answer.text
    assert "<b>officer" not in answer.text


def test_too_many_attempts_are_told_with_their_own_status(browser: TestClient) -> None:
    statuses = [submit(browser, password="wrong").status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


def test_a_form_without_its_token_signs_nobody_in(browser: TestClient, gate) -> None:
    answer = submit(browser, form_token="forged")
    assert (answer.status_code, gate.sessions) == (403, {})


def test_a_form_without_its_cookie_signs_nobody_in(browser: TestClient, gate) -> None:
    token = form_token(browser)
    browser.cookies.clear()
    data = {"form_token": token, "login": "officer", "password": "right"}
    assert browser.post("/sign-in", data=data, headers=FROM_HERE).status_code == 403
    assert gate.sessions == {}


def test_a_form_from_a_foreign_page_signs_nobody_in(browser: TestClient, gate) -> None:
    data = {"form_token": form_token(browser), "login": "officer", "password": "right"}
    assert browser.post("/sign-in", data=data, headers={"origin": "http://evil.example"}).status_code == 403
    assert gate.sessions == {}


def test_a_huge_form_is_not_read(browser: TestClient, gate) -> None:
    assert submit(browser, password="x" * 20_000).status_code == 403
    assert gate.clients == []


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_way_back_never_leads_to_another_host(browser: TestClient, target: str) -> None:
    assert submit(browser, next=target).headers["location"] == "/wall"


def test_the_wanted_page_survives_in_the_form(browser: TestClient) -> None:
    assert 'name="next" value="/issue?id=1&amp;x=2"' in browser.get("/sign-in?next=%2Fissue%3Fid%3D1%26x%3D2").text


def test_a_demo_district_offers_each_role_by_a_button(browser: TestClient, gate) -> None:
    gate.demo = [DemoLogin(role.value, role, f"{role.value} 1") for role in Role]
    assert browser.get("/sign-in").text.count('name="demo"') == len(Role)
    answer = submit(browser, demo="district_leader", password="")
    assert answer.headers["location"] == "/my-zones"


def test_no_demo_account_is_offered_or_taken_elsewhere(browser: TestClient, gate) -> None:
    assert 'name="demo"' not in browser.get("/sign-in").text
    assert submit(browser, demo="district_leader").status_code == 401


def test_who_is_signed_in_goes_on(signed_in: TestClient) -> None:
    assert signed_in.get("/sign-in?next=%2Fmap").headers["location"] == "/map"


def test_signing_out_ends_the_session_on_the_server(signed_in: TestClient, gate) -> None:
    assert 'action="/sign-out"' in signed_in.get("/sign-out").text
    answer = signed_in.post("/sign-out", headers=FROM_HERE)
    assert (answer.headers["location"], gate.sessions) == ("/sign-in", {})


def test_a_link_alone_signs_nobody_out(signed_in: TestClient, gate) -> None:
    signed_in.get("/sign-out")
    assert gate.sessions


def test_the_page_is_chinese_until_english_is_chosen(browser: TestClient) -> None:
    first = browser.get("/sign-in").text
    answer = browser.get("/locale/en?next=%2Fledger%3Fpage%3D2")
    assert answer.headers["location"] == "/ledger?page=2"
    assert ('lang="zh-CN"' in first, ">Password<" in browser.get("/sign-in").text) == (True, True)


def test_an_unknown_language_changes_nothing(browser: TestClient) -> None:
    assert "set-cookie" not in browser.get("/locale/xx").headers


def test_the_words_of_the_map_follow_the_language(browser: TestClient) -> None:
    chinese = browser.get("/assets/map-words.js").text
    browser.cookies.set("gridguard_locale", "en")
    english = browser.get("/assets/map-words.js").text
    assert ('"Zoom in"' in chinese, '"Zoom in"' in english) == (False, True)


def test_a_session_that_was_there_before_ends_with_a_new_one(signed_in: TestClient, gate) -> None:
    before = dict(gate.sessions)
    cookies = {"gridguard_form": "known", "gridguard_session": next(iter(before))}
    headers = {**FROM_HERE, "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    signed_in.cookies.clear()
    submitted = {"form_token": "known", "login": "display", "password": "right"}
    assert signed_in.post("/sign-in", data=submitted, headers=headers).status_code == 303
    assert (len(gate.sessions), before.keys() & gate.sessions.keys()) == (1, set())


@pytest.mark.parametrize("length", ["\xb2", "1e3", "-1", "+5"])
def test_a_length_that_is_no_number_is_no_form(browser: TestClient, gate, length: str) -> None:
    data = {"form_token": form_token(browser), "login": "officer", "password": "right"}
    headers = {**FROM_HERE, "content-length": length.encode("latin-1")}
    assert browser.post("/sign-in", data=data, headers=headers).status_code == 403
    assert gate.sessions == {}


def test_a_form_in_pieces_is_not_read_whatever_length_it_claims(browser: TestClient, gate) -> None:
    headers = {**FROM_HERE, "content-length": "5", "transfer-encoding": "chunked"}
    data = {"form_token": form_token(browser), "login": "officer", "password": "right"}
    assert browser.post("/sign-in", data=data, headers=headers).status_code == 403
    assert gate.sessions == {}
