"""The sign-in page, signing out and the language switch: pages of our own, without a script."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

import anyio
from babel import Locale
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.assets import asset_url
from dashboard.i18n import LOCALE_COOKIE, LOCALES, _, current_locale, label, message, normal_locale
from dashboard.security.destinations import after_sign_in, safe_next
from dashboard.security.gate import SESSION_COOKIE, SessionGate, SignedIn
from dashboard.security.headers import FORM_POLICY
from dashboard.security.requests import client_of, declared_length
from dashboard.settings import Settings
from dashboard.templating import filled
from governance.errors import GridGuardError, NotAllowed

FORM_COOKIE: Final = "gridguard_form"
_YEAR_S: Final = 365 * 86_400
_LONGEST_FORM: Final = 16_384
_HASHES_AT_ONCE: Final = 2


class SignInPages:
    """The handlers around the gate; one password check in memory at a time and processor."""

    def __init__(self, *, gate: SessionGate, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._gate = gate
        self._settings = settings
        self._clock = clock
        self._limiter: anyio.CapacityLimiter | None = None

    def routes(self) -> list[BaseRoute]:
        """Return the routes of these pages."""
        return [
            Route("/sign-in", self.show, methods=["GET"]),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.confirm_sign_out, methods=["GET"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/locale/{code}", self.choose_language, methods=["GET", "POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form, or go on when the session is valid."""
        target = safe_next(request.query_params.get("next"))
        person = await self._person(request)
        if person is not None:
            return RedirectResponse(after_sign_in(person.role, target), status_code=303)
        return await self._form(request, target=target)

    async def sign_in(self, request: Request) -> Response:
        """Check the form's token and the password, begin the session, and go to the wanted page.

        The session that the browser had before ends: nobody goes on under another's name in a second tab.
        """
        fields = await _form_fields(request)
        target = safe_next(fields.get("next"))
        try:
            _check_form_token(request, fields)
            token = await self._token(request, fields)
        except GridGuardError as error:
            return await self._form(request, target=target, error=error, login=fields.get("login", ""))
        person = await run_in_threadpool(self._gate.person_of, token, now=self._clock())
        if person is None:
            return await self._form(request, target=target)
        await self._end_session(request)
        response = RedirectResponse(after_sign_in(person.role, target), status_code=303)
        lasts = max(1, int((person.expires_at - self._clock()).total_seconds()))
        self._set_cookie(response, SESSION_COOKIE, token, max_age=lasts)
        response.delete_cookie(FORM_COOKIE, path="/")
        return response

    async def confirm_sign_out(self, request: Request) -> Response:
        """Ask before signing out, so that a mere link cannot do it."""
        if await self._person(request) is None:
            return RedirectResponse("/sign-in", status_code=303)
        return _page("sign_out.html", title=_("Sign out"))

    async def sign_out(self, request: Request) -> Response:
        """End the session on the server and forget its cookie."""
        await self._end_session(request)
        response = RedirectResponse("/sign-in", status_code=303)
        response.delete_cookie(SESSION_COOKIE, path="/")
        return response

    async def choose_language(self, request: Request) -> Response:
        """Remember the language in a cookie and go back to the page."""
        locale = normal_locale(request.path_params["code"])
        target = safe_next(request.query_params.get("next"))
        response = RedirectResponse(target or "/", status_code=303)
        if locale is not None:
            self._set_cookie(response, LOCALE_COOKIE, locale, max_age=_YEAR_S)
        return response

    async def _token(self, request: Request, fields: dict[str, str]) -> str:
        now = self._clock()
        if fields.get("demo"):
            return await run_in_threadpool(self._gate.sign_in_demo, fields["demo"], now=now)
        self._limiter = self._limiter or anyio.CapacityLimiter(_HASHES_AT_ONCE)
        login, password = fields.get("login", ""), fields.get("password", "")
        client = client_of(request.scope)
        return await anyio.to_thread.run_sync(
            lambda: self._gate.sign_in(login, password, now=now, client=client), limiter=self._limiter
        )

    async def _end_session(self, request: Request) -> None:
        token = request.cookies.get(SESSION_COOKIE)
        if token:
            await run_in_threadpool(self._gate.sign_out, token, now=self._clock())

    async def _person(self, request: Request) -> SignedIn | None:
        token = request.cookies.get(SESSION_COOKIE)
        return await run_in_threadpool(self._gate.person_of, token, now=self._clock()) if token else None

    async def _form(
        self, request: Request, *, target: str | None, error: GridGuardError | None = None, login: str = ""
    ) -> Response:
        form_token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
        demo = await run_in_threadpool(self._gate.demo_logins)
        response = _page(
            "sign_in.html",
            title=_("Sign in"),
            status=_status(error),
            error=message(error) if error else "",
            login=login[:120],
            target=target or "",
            form_token=form_token,
            demo=[{"login": one.login, "role": label(one.role), "name": one.name} for one in demo],
        )
        self._set_cookie(response, FORM_COOKIE, form_token, max_age=3600)
        return response

    def _set_cookie(self, response: Response, name: str, value: str, *, max_age: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self._settings.secure_cookies,
        )


def _status(error: GridGuardError | None) -> int:
    if error is None:
        return 200
    return 429 if error.code == "too_many_attempts" else 403 if error.code == "stale_form" else 401


async def _form_fields(request: Request) -> dict[str, str]:
    length = declared_length(request.scope)
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    if not is_form or length is None or length > _LONGEST_FORM:
        return {}
    async with request.form(max_files=0, max_fields=10) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _check_form_token(request: Request, fields: dict[str, str]) -> None:
    cookie, field = request.cookies.get(FORM_COOKIE, ""), fields.get("form_token", "")
    if not cookie or not hmac.compare_digest(cookie.encode(), field.encode()):
        raise NotAllowed("stale_form", "This page was open too long. Please sign in again.")


def _page(template: str, *, title: str, status: int = 200, **values: object) -> HTMLResponse:
    locale = current_locale()
    text = filled(
        template,
        title=title,
        style=asset_url("gridguard", "sign-in.css"),
        icon=asset_url("gridguard", "icon.svg"),
        languages=[(code, Locale.parse(code).get_language_name()) for code in LOCALES if code != locale],
        **values,
    )
    return HTMLResponse(text, status_code=status, headers={"Content-Security-Policy": FORM_POLICY})
