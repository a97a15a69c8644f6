"""Whose browser tab is whose: a tab's id is in addresses, so knowing it must not be enough to take it over."""

import hashlib
from collections import OrderedDict
from typing import Final

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.security.gate import SESSION_COOKIE
from dashboard.security.requests import cookies_of

_MOST_TABS: Final = 20_000
_PROTOCOLS: Final = b"sec-websocket-protocol"


class TabOwners:
    """Remembers which session opened a tab, by the digest of its token; the oldest tab is forgotten first."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, bytes] = OrderedDict()

    def claim(self, scope: Scope, tab: str) -> None:
        """Note that the request's session opened the tab; the first claim stays."""
        self._owners.setdefault(tab, _digest(scope))
        self._owners.move_to_end(tab)
        while len(self._owners) > _MOST_TABS:
            self._owners.popitem(last=False)

    def owns(self, scope: Scope, tab: str) -> bool:
        """Tell whether the request's session opened the tab; nobody owns an unknown one."""
        return self._owners.get(tab) == _digest(scope)


def _digest(scope: Scope) -> bytes:
    return hashlib.sha256(cookies_of(scope).get(SESSION_COOKIE, "").encode()).digest()


class OwnTabsOnly:
    """Lets a handshake resume only a tab of its own session; with a foreign id a fresh tab begins."""

    def __init__(self, app: ASGIApp, *, tabs: TabOwners) -> None:
        self._app = app
        self._tabs = tabs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Drop a foreign tab id from the handshake and learn the id that the server gives."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        known = False

        async def send_noting(message: Message) -> None:
            nonlocal known
            if not known and message["type"] == "websocket.send" and message.get("bytes"):
                tab = opened_tab(message["bytes"])
                if tab:
                    self._tabs.claim(scope, tab)
                    known = True
            await send(message)

        await self._app(self._without_foreign_tab(scope), receive, send_noting)

    def _without_foreign_tab(self, scope: Scope) -> Scope:
        headers = [
            (name, self._own_protocols(scope, value) if name == _PROTOCOLS else value)
            for name, value in scope["headers"]
        ]
        return {**scope, "headers": headers}

    def _own_protocols(self, scope: Scope, value: bytes) -> bytes:
        entries = [entry.strip() for entry in value.decode("latin-1").split(",")]
        if len(entries) > 2 and not self._tabs.owns(scope, entries[2]):
            entries = entries[:2]
        return ", ".join(entries).encode("latin-1")


def opened_tab(payload: bytes) -> str:
    """Return the tab id that a message of the server announces, or an empty text."""
    try:
        parsed = ForwardMsg.FromString(payload)
    except DecodeError:
        return ""
    return str(parsed.new_session.initialize.session_id)
