"""Security headers on every answer, above all the policy that makes a browser refuse other hosts."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.security.requests import host_name, host_of
from dashboard.settings import Settings

_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
}
# Browsers complain of these over plain HTTP.
_OVER_HTTPS: Final = {
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NEVER_STORED: Final = ("text/html", "application/json")


def page_policy(host: str, *, basemap_origin: str | None = None) -> str:
    """Return the content security policy of the pages.

    Parameters
    ----------
    host : str
        The Host header, already found trusted; web sockets are opened to it alone.
    basemap_origin : str, optional
        The one outside host that an administrator opens, for pictures only.
    """
    sockets = f" ws://{host} wss://{host}" if host_name(host) else ""
    pictures = f" {basemap_origin}" if basemap_origin else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{pictures}",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}",
            "media-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


FORM_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


# Unforeseen errors are answered outside all middlewares.
FAILURE_HEADERS: Final = {**_FIXED, "Content-Security-Policy": FORM_POLICY, "Cache-Control": "no-store"}


class SecurityHeaders:
    """Sets the headers on every HTTP answer; a policy that the answer brings along stays."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        suffix = "-Report-Only" if settings.csp_report_only else ""
        self._policy_header = f"Content-Security-Policy{suffix}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), host=host_of(scope), path=scope["path"])
            await send(message)

        await self._app(scope, receive, send_completed)

    def _complete(self, headers: MutableHeaders, *, host: str, path: str) -> None:
        for name, value in _FIXED.items():
            headers.setdefault(name, value)
        policy = page_policy(host, basemap_origin=self._settings.basemap_origin)
        if "content-security-policy" not in headers:
            headers[self._policy_header] = policy
        if self._settings.secure_cookies:
            for name, value in _OVER_HTTPS.items():
                headers.setdefault(name, value)
        if headers.get("content-type", "").startswith(_NEVER_STORED) or path.startswith("/media/"):
            headers["Cache-Control"] = "no-store"
