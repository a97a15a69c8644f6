"""One message to one address: the only place that speaks to mail servers and webhooks, by apprise."""

import logging
import re
from typing import Any, Final
from urllib.parse import quote, unquote

from dashboard.services.channel_addresses import PLAIN_MAIL

CONNECT_S: Final = 5
READ_S: Final = 10
WHOLE_S: Final = 20
LONGEST_REASON: Final = 300
_SHORTEST_SECRET: Final = 4


def post(address: str, *, title: str, body: str, mail_url: str = "") -> str:
    """Send a message; it takes 20 seconds at most.

    Parameters
    ----------
    address : str
        As `dashboard.services.channel_addresses.normal_address` gives it.
    title, body : str
        Plain text.
    mail_url : str
        The district's own mail account, through which bare e-mail addresses are reached.

    Returns
    -------
    str
        Empty when the service took it; else why it did not, in its own words and without anything of the address.
    """
    url = _resolved(address, mail_url)
    if not url:
        return "no mail account is set: GRIDGUARD_MAIL_URL"
    sender = _sender(url)
    if sender is None:
        return "the address is not understood"
    import apprise  # late: it loads more than a hundred services

    result = sender.notify(
        title=title,
        body=body,
        body_format=apprise.NotifyFormat.TEXT,
        timeout=WHOLE_S,
        log_level=logging.WARNING,
    )
    if result:
        return ""
    reasons = [str(entry.message) for entry in result.logs()]
    return without_secrets(" ".join(reasons) or "the service did not take it", url)[:LONGEST_REASON]


def without_secrets(text: str, url: str) -> str:
    """A text without any part of an address: whatever stands between its marks could be a secret."""
    parts = {part for part in re.split(r"[:/@?&=#]+", url.partition("://")[2]) if len(part) >= _SHORTEST_SECRET}
    for part in sorted(parts | {unquote(part) for part in parts}, key=len, reverse=True):
        text = text.replace(part, "…")
    return text


def _resolved(address: str, mail_url: str) -> str:
    if not address.startswith(PLAIN_MAIL):
        return address
    to = f"to={quote(address.removeprefix(PLAIN_MAIL), safe='@')}"
    return f"{mail_url}{'&' if '?' in mail_url else '?'}{to}" if mail_url else ""


def _sender(url: str) -> Any:
    """An apprise object for one address; None when apprise does not understand it."""
    import apprise
    from apprise.common import PersistentStoreMode

    _silence()
    asset = apprise.AppriseAsset(
        app_id="GridGuard",
        async_mode=False,
        http_redirects=False,
        service_timeout=WHOLE_S,
        storage_mode=PersistentStoreMode.MEMORY,
    )
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        return None
    service.socket_connect_timeout, service.socket_read_timeout = CONNECT_S, READ_S
    sender = apprise.Apprise(asset=asset)
    sender.add(service)
    return sender


def _silence() -> None:
    """Keep apprise's own lines out of the log: an address that it does not understand stands in them as it is."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
