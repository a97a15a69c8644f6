"""What the middlewares ask of a request: its cookies, its host, its origin, and whether it wants a page."""

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_MACHINE_PREFIXES: Final = ("/_stcore", "/media/", "/component/", "/static/", "/api")
_NAME: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")
_PAGE_DESTINATIONS: Final = frozenset({"", "document", "iframe"})


def cookies_of(scope: Scope) -> dict[str, str]:
    """Return the request's cookies by name; of a repeated name the last one counts."""
    values = Headers(scope=scope).getlist("cookie")
    return {name: value for header in values for name, value in cookie_parser(header).items()}


def host_of(scope: Scope) -> str:
    """Return the Host header in lower case, with its port; empty when it is missing."""
    return Headers(scope=scope).get("host", "").lower()


def host_name(host: str) -> str | None:
    """Return the name part of a Host header without port, brackets and final dot, or None when malformed."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if parts.username is not None or parts.path or parts.query or parts.fragment:
        return None
    name = parts.hostname or ""
    return name.rstrip(".") if _NAME.fullmatch(name) else None


def is_same_origin(scope: Scope) -> bool:
    """Tell whether the Origin header is there and names the host that was asked.

    The scheme is not compared: behind a proxy that ends HTTPS the two differ rightly.
    """
    origin = Headers(scope=scope).get("origin", "").lower()
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return bool(parts.netloc) and parts.scheme in {"http", "https"} and parts.netloc == host_of(scope)


def declared_length(scope: Scope) -> int | None:
    """Return how many bytes the request says its body has; None when it does not, or comes in pieces of any number."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    is_plain = length.isascii() and length.isdigit() and "transfer-encoding" not in headers
    return int(length) if is_plain else None


def wants_page(scope: Scope) -> bool:
    """Tell whether a browser asks for a page to show, not for data, a script or an upload."""
    headers = Headers(scope=scope)
    if scope["method"] not in {"GET", "HEAD"} or scope["path"].startswith(_MACHINE_PREFIXES):
        return False
    if headers.get("sec-fetch-dest", "") not in _PAGE_DESTINATIONS:
        return False
    accept = headers.get("accept", "*/*")
    return "text/html" in accept or "*/*" in accept


def client_of(scope: Scope) -> str:
    """Return the address the request came from, as far as the server knows it."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"
