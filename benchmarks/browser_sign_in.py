"""Signing in over HTTP as a browser does, by the button of a demo account."""

import re
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit

PATIENCE_S: Final = 60.0
_FORM_TOKEN: Final = re.compile(r'name="form_token" value="([^"]+)"')


class Refused(Exception):
    """The server did not let the client in; the text says where."""


def sign_in(address: str, login: str) -> str:
    """Sign in by the button of a demo account.

    Parameters
    ----------
    address : str
        Of the server, without a path.
    login : str

    Returns
    -------
    str
        Value of the Cookie header for everything that follows.

    Raises
    ------
    Refused
    """
    server = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
    try:
        form = _answer(server, "GET", "/sign-in")
        token = _FORM_TOKEN.search(form.body)
        if token is None:
            raise Refused(f"no form at {address}/sign-in (status {form.status})")
        sent = urlencode({"form_token": token.group(1), "demo": login})
        answer = _answer(server, "POST", "/sign-in", body=sent, cookie=form.cookies, origin=address)
    finally:
        server.close()
    if answer.status != 303 or not answer.cookies:
        raise Refused(f"{login} was not let in (status {answer.status})")
    return answer.cookies


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: str
    cookies: str


def _answer(
    server: HTTPConnection, method: str, path: str, *, body: str = "", cookie: str = "", origin: str = ""
) -> _Answer:
    headers = {"Accept": "text/html", "Cookie": cookie, "Origin": origin}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    server.request(method, path, body or None, {name: value for name, value in headers.items() if value})
    answer = server.getresponse()
    return _Answer(answer.status, answer.read().decode(), _cookies(answer))


def _cookies(answer: HTTPResponse) -> str:
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie", []):
        jar.load(line)
    return "; ".join(f"{name}={one.value}" for name, one in jar.items() if one.value)
