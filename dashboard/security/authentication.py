"""Nothing but the sign-in, the probes and the browser assets is reached without a valid session."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.api_errors import error_json
from dashboard.display_links import DISPLAY_LINK
from dashboard.i18n import _
from dashboard.registry import PAGES
from dashboard.security.destinations import HOME_PAGES, sign_in_address
from dashboard.security.gate import SESSION_COOKIE, SessionGate, SignedIn
from dashboard.security.requests import SAFE_METHODS, cookies_of, is_same_origin, wants_page
from governance.vocabulary import Role

SOCKET_PATH: Final = "/_stcore/stream"
_OPEN: Final = frozenset({"/livez", "/readyz", "/sign-in", "/sign-out", "/favicon.ico"})
_OPEN_FOLDERS: Final = ("/assets/", "/locale/", DISPLAY_LINK)
# All that a display's browser gets: the pages' shell, of which the rights open the wall alone, and what draws it.
_DISPLAY_PATHS: Final = frozenset({"/", *(f"/{page.url}" for page in PAGES)})
_DISPLAY_FOLDERS: Final = ("/_stcore/", "/component/", "/static/")
_LONGEST_TOKEN: Final = 128


def is_open(path: str) -> bool:
    """Tell whether a path needs no session; anything with a dot segment does."""
    if path in _OPEN:
        return True
    return path.startswith(_OPEN_FOLDERS) and ".." not in path and "//" not in path and "\\" not in path


def is_for_displays(path: str) -> bool:
    """Tell whether a display may ask for a path at all; a new route is closed to displays until it stands here."""
    return path in _DISPLAY_PATHS or path.startswith(_DISPLAY_FOLDERS)


class Authentication:
    """Looks the session up for every request and handshake and puts the person into the request's state."""

    def __init__(self, app: ASGIApp, *, gate: SessionGate, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._gate = gate
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed; refuse the rest in the form that the asker understands."""
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._handshake(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _person(self, scope: Scope) -> SignedIn | None:
        token = cookies_of(scope).get(SESSION_COOKIE, "")
        if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
            return None
        person = await run_in_threadpool(self._gate.person_of, token, now=self._clock())
        scope.setdefault("state", {})["signed_in"] = person
        return person

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in SAFE_METHODS and not is_same_origin(scope):
            text = _("The request did not come from a page of this server.")
            await error_json(403, "foreign_origin", text)(scope, receive, send)
        elif is_open(scope["path"]):
            await self._app(scope, receive, send)
        elif (person := await self._person(scope)) is None:
            await self._refuse(scope, receive, send)
        elif scope["path"] == "/" and wants_page(scope):
            await RedirectResponse(HOME_PAGES[person.role], status_code=303)(scope, receive, send)
        elif person.role is Role.DISPLAY and not is_for_displays(scope["path"]):
            await self._refuse_display(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _refuse_display(self, scope: Scope, receive: Receive, send: Send) -> None:
        if wants_page(scope):
            await RedirectResponse(HOME_PAGES[Role.DISPLAY], status_code=303)(scope, receive, send)
        else:
            text = _("A display may look at the wall, and at nothing else.")
            await error_json(403, "not_allowed", text)(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if wants_page(scope):
            address = sign_in_address(scope["path"], scope["query_string"].decode("latin-1"))
            await RedirectResponse(address, status_code=303)(scope, receive, send)
        else:
            text = _("Sign in first; the session is missing or has ended.")
            await error_json(401, "signed_out", text)(scope, receive, send)

    async def _handshake(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = scope["path"] == SOCKET_PATH and is_same_origin(scope)
        if allowed and await self._person(scope) is not None:
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
