"""A display's link: opened by a screen's browser it signs the screen in and shows the wall, without a keyboard."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.api_errors import STATUS_OF_KIND
from dashboard.assets import asset_url
from dashboard.display_links import DISPLAY_LINK
from dashboard.i18n import _, message
from dashboard.security.gate import SESSION_COOKIE, DisplayGate, OpenedDisplay
from dashboard.security.headers import FORM_POLICY
from dashboard.security.requests import client_of
from dashboard.settings import Settings
from dashboard.templating import filled
from governance.errors import GridGuardError

# Nothing of a link may stay anywhere: not in a cache, not in the address that the next page is told.
_SILENT: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
_LONGEST_TOKEN: Final = 128
_RETRY_S: Final = 60
_HOPEFUL: Final = frozenset({"too_many_attempts", "browser_in_use"})
Clock = Callable[[], datetime]


def display_routes(settings: Settings, gate: DisplayGate, clock: Clock) -> list[BaseRoute]:
    """The route of the links; it needs no session, because it gives one."""

    async def opened(request: Request) -> Response:
        return await _open(request, settings, gate, clock)

    return [Route(f"{DISPLAY_LINK}{{secret}}", opened, methods=["GET"])]


async def _open(request: Request, settings: Settings, gate: DisplayGate, clock: Clock) -> Response:
    if is_looking_ahead(request):
        return Response(status_code=503, headers=_SILENT)
    secret, now = request.path_params["secret"], clock()
    token = request.cookies.get(SESSION_COOKIE, "")
    token = token if token.isascii() and len(token) <= _LONGEST_TOKEN else ""
    client = client_of(request.scope)
    try:
        opened = await run_in_threadpool(gate.open_display, secret, now=now, client=client, token=token)
    except GridGuardError as refused:
        return _refusal(refused)
    return _welcome(opened, settings, now)


def is_looking_ahead(request: Request) -> bool:
    """Whether nobody looks yet: a browser that fetches ahead, or a program that asks for the head of a link only."""
    purposes = [request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz", "x-purpose")]
    return request.method != "GET" or any(
        word in purpose.lower() for purpose in purposes for word in ("prefetch", "prerender", "preview")
    )


def _welcome(opened: OpenedDisplay, settings: Settings, now: datetime) -> Response:
    address = f"/wall?{opened.start}" if opened.start else "/wall"
    response = RedirectResponse(address, status_code=303, headers=_SILENT)
    response.set_cookie(
        SESSION_COOKIE,
        opened.token,
        max_age=max(1, int((opened.expires_at - now).total_seconds())),
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
    return response


def _refusal(refused: GridGuardError) -> Response:
    """A page that says why and whom to ask; where waiting helps, the screen asks again by itself."""
    is_hopeful = refused.code in _HOPEFUL
    text = filled(
        "display.html",
        title=_("Wall display"),
        style=asset_url("gridguard", "sign-in.css"),
        icon=asset_url("gridguard", "icon.svg"),
        why=message(refused),
        is_in_use=refused.code == "browser_in_use",
        is_hopeful=is_hopeful,
    )
    headers = {**_SILENT, "Content-Security-Policy": FORM_POLICY}
    if is_hopeful:
        headers["Refresh"] = str(_RETRY_S)
    return HTMLResponse(text, status_code=_status(refused), headers=headers)


def _status(refused: GridGuardError) -> int:
    return 429 if refused.code == "too_many_attempts" else STATUS_OF_KIND[refused.kind]
