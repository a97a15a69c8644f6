"""Links of displays: how they look, how they are kept, and how a log may show them."""

import hashlib
from typing import Final

DISPLAY_LINK: Final = "/display/"
"""What a link's path begins with; its secret follows."""


def link_of(base: str, secret: str) -> str:
    """The whole link for a screen's browser; whoever has it may look at the wall."""
    return f"{base.rstrip('/')}{DISPLAY_LINK}{secret}"


def digest_of(secret: str) -> str:
    """The SHA-256 by which a link is kept and found."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def shown_path(path: str) -> str:
    """A path as a log may show it: without the secret of a link."""
    return f"{DISPLAY_LINK}…" if path.startswith(DISPLAY_LINK) else path
