"""Where a person goes after signing in: only ever to a page of this server."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from governance.vocabulary import Role

_ELSEWHERE: Final = (
    *("/sign-in", "/sign-out", "/locale", "/display"),
    *("/api", "/assets", "/_stcore", "/media", "/component"),
)
_LONGEST: Final = 2000

HOME_PAGES: Final[Mapping[Role, str]] = {
    Role.DISTRICT_LEADER: "/my-zones",
    Role.LIAISON: "/my-zones",
    Role.BUREAU: "/wall",
    Role.COMMITTEE_OFFICE: "/wall",
    Role.TOWNSHIP: "/inbox",
    Role.INDUSTRY_DEPARTMENT: "/inbox",
    Role.ENFORCEMENT: "/inbox",
    Role.CONSULTANT: "/inbox",
    Role.BUTLER: "/inbox",
    Role.VILLAGE_CADRE: "/inbox",
    Role.ENVIRONMENT_DIRECTOR: "/inbox",
    Role.DISPLAY: "/wall",
}


def safe_next(target: str | None) -> str | None:
    """Return ``target`` when it is a path of this server that shows a page, else None.

    Refused are other hosts in any disguise (``//host``, ``/\\host``, a scheme, control characters),
    the sign-in itself and the addresses of machines.
    """
    if not target or len(target) > _LONGEST or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 0x20 or ord(character) == 0x7F for character in target):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path == "/":
        return None
    if any(parts.path == path or parts.path.startswith(f"{path}/") for path in _ELSEWHERE):
        return None
    return target


def sign_in_address(path: str, query: str) -> str:
    """Return the address of the sign-in page that leads back to ``path`` and ``query``."""
    wanted = safe_next(f"{path}?{query}" if query else path)
    return f"/sign-in?next={quote(wanted, safe='')}" if wanted else "/sign-in"


def after_sign_in(role: Role, target: str | None) -> str:
    """Return where a person of ``role`` goes: the wanted page when it is one of ours, else the home page."""
    return safe_next(target) or HOME_PAGES[role]
