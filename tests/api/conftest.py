"""A server in the test's own process: real routes and middlewares, a gate that keeps sessions in memory."""

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette warns of the name of its client library, once
    from starlette.testclient import TestClient

from dashboard.security.gate import DemoLogin, SignedIn
from dashboard.settings import Settings
from governance.errors import InvalidInput, NotAllowed, NotFound
from governance.vocabulary import Role

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
ORIGIN = "http://localhost"


class FakeGate:
    """Sessions in memory: the password is ``right``; a login that is a role's word has that role."""

    def __init__(self) -> None:
        self.sessions: dict[str, SignedIn] = {}
        self.demo: list[DemoLogin] = []
        self.clients: list[str] = []
        self.numbers = count()

    def begin(self, login: str, *, now: datetime = NOW) -> str:
        token = f"token-{next(self.numbers)}"
        role = Role(login) if login in set(Role) else Role.BUREAU
        self.sessions[token] = SignedIn(len(self.sessions), login, login, role, now + timedelta(hours=12))
        return token

    def person(self, person_id: int, login: str, role: Role) -> SignedIn:
        return SignedIn(person_id, login, login, role, NOW + timedelta(days=99))

    def sign_in(self, login: str, password: str, *, now: datetime, client: str) -> str:
        self.clients.append(client)
        if len(self.clients) > 3:
            raise NotAllowed("too_many_attempts", "Too many attempts.")
        if password != "right":
            raise NotAllowed("sign_in_refused", "Wrong.")
        return self.begin(login, now=now)

    def demo_logins(self) -> list[DemoLogin]:
        return self.demo

    def sign_in_demo(self, login: str, *, now: datetime) -> str:
        if login not in {one.login for one in self.demo}:
            raise NotAllowed("sign_in_refused", "Wrong.")
        return self.begin(login, now=now)

    def person_of(self, token: str, *, now: datetime) -> SignedIn | None:
        person = self.sessions.get(token)
        return person if person and now < person.expires_at else None

    def sign_out(self, token: str, *, now: datetime) -> None:
        self.sessions.pop(token, None)


@pytest.fixture
def gate() -> FakeGate:
    return FakeGate()


@pytest.fixture
def settings() -> Settings:
    return Settings(max_upload_mb=1, upload_quota_mb=2)


@pytest.fixture
def browser(gate: FakeGate, settings: Settings) -> Iterator[TestClient]:
    """A browser that has not signed in, before our routes and middlewares without Streamlit behind them."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    from dashboard.server import app_middleware, app_routes, exception_handlers

    def raising(request: Request) -> Response:
        raise {
            "missing": NotFound("no_issue", "There is no issue {number}.", number="7"),
            "field": InvalidInput("bad_value", "{field} is wrong.", field="deadline"),
        }.get(request.path_params["what"], RuntimeError("secret detail"))

    def stored(request: Request) -> Response:
        return JSONResponse({"person": request.state.signed_in.login})

    app = Starlette(
        routes=[
            *app_routes(
                settings,
                gate=gate,
                readiness={"database": lambda: None},
                api_routes=[Route("/fail/{what}", raising)],
                clock=lambda: NOW,
            ),
            Route("/_stcore/upload_file/{tab}/{file}", stored, methods=["PUT", "DELETE"]),
            Route("/media/{file}", stored),
        ],
        middleware=app_middleware(settings, gate=gate, clock=lambda: NOW),
        exception_handlers=exception_handlers(),
    )
    with TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def signed_in(browser: TestClient, gate: FakeGate) -> TestClient:
    """The same browser with the session of a bureau officer."""
    browser.cookies.set("gridguard_session", gate.begin("officer"))
    return browser
