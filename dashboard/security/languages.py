"""The language of each request, from the cookie that the language switch sets."""

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.i18n import LOCALE_COOKIE, normal_locale, set_locale
from dashboard.security.requests import cookies_of


class Languages:
    """Chooses the request's language before anything answers it."""

    def __init__(self, app: ASGIApp, *, default: str) -> None:
        self._app = app
        self._default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the language and pass the request on."""
        if scope["type"] in {"http", "websocket"}:
            set_locale(normal_locale(cookies_of(scope).get(LOCALE_COOKIE)) or self._default)
        await self._app(scope, receive, send)
