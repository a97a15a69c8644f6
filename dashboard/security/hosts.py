"""The host names the server answers to: a foreign name in the Host header gets no page."""

from collections.abc import Iterable
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.i18n import _
from dashboard.security.requests import host_name, host_of

_PROBES: Final = frozenset({"/livez", "/readyz"})


def is_trusted(host: str, *, trusted: Iterable[str]) -> bool:
    """Tell whether the Host header names a trusted host; ``*.name`` takes subdomains, ``*`` everything."""
    name = host_name(host)
    if name is None:
        return False
    return any(
        pattern == "*" or name == pattern.rstrip(".") or (pattern.startswith("*.") and name.endswith(pattern[1:]))
        for pattern in trusted
    )


class TrustedHosts:
    """Refuses requests and sockets under an unknown host name; the two probes answer under any."""

    def __init__(self, app: ASGIApp, *, trusted: tuple[str, ...]) -> None:
        self._app = app
        self._trusted = trusted

    def _is_allowed(self, scope: Scope) -> bool:
        if scope["type"] == "lifespan" or scope["path"] in _PROBES:
            return True
        return is_trusted(host_of(scope), trusted=self._trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is trusted."""
        if self._is_allowed(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            text = _("This server does not answer under this name. Its administrator sets the trusted hosts.")
            await PlainTextResponse(text, status_code=400)(scope, receive, send)
