"""The outbox: due messages claimed one by one, sent, and noted as sent or to be tried again."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Engine

from db.repositories import messages
from db.repositories.messages import Claim
from db.unit_of_work import reading
from governance.errors import Conflict

# A claim lasts longer than any sending; whoever dies in between leaves a message that is due again after it.
CLAIMED_FOR: Final = timedelta(minutes=5)
# After the first failure, the second, …; after the last one a message is given up.
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720))
AT_ONCE: Final = 4
MOST: Final = 200
_log = structlog.get_logger(__name__)

Post = Callable[[str, str, str], str]
"""Address, title, body → why it failed, or an empty text."""
Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of the messages that were due."""

    sent: int = 0
    failed: int = 0


def send_due(engine: Engine, post: Post, *, clock: Clock, stop: threading.Event | None = None) -> Sent:
    """Send what is due, a few at a time.

    Parameters
    ----------
    engine : Engine
    post : callable
        See `Post`.
    clock : callable
        Gives aware moments.
    stop : threading.Event, optional
        Once it is set no further message is begun.

    Returns
    -------
    Sent
        Those that another process claimed count for neither.
    """
    with reading(engine) as session:
        due = messages.due_ids(session, now=clock(), limit=MOST)
    if not due:
        return Sent()
    one = partial(_unless_stopped, engine, post, clock, stop or threading.Event())
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="messages") as pool:
        outcomes = list(pool.map(one, due))
    return Sent(sent=outcomes.count(True), failed=outcomes.count(False))


def send_one(engine: Engine, number: int, post: Post, *, clock: Clock) -> bool | None:
    """Send one message if it is due and nobody else has claimed it.

    Returns
    -------
    bool or None
        Whether the service took it; None when it was not sent by this call.
    """
    now = clock()
    with messages.writing_messages(engine) as session:
        claimed = messages.claim(session, number, now=now, until=now + CLAIMED_FOR)
    if claimed is None:
        return None
    reason = post(claimed.url, claimed.title, claimed.body)
    with messages.writing_messages(engine) as session:
        if not reason:
            messages.mark_sent(session, claimed, now=clock())
        else:
            messages.mark_failed(session, claimed, error=reason, next_try_at=_next_try(claimed, clock()))
    if reason:
        _log.warning("message_not_sent", message=number, attempts=claimed.attempts, reason=reason)
    return not reason


def _unless_stopped(engine: Engine, post: Post, clock: Clock, stop: threading.Event, number: int) -> bool | None:
    if stop.is_set():
        return None
    try:
        return send_one(engine, number, post, clock=clock)
    except Conflict as error:  # others write for too long: the message stays claimed or due, and is tried later
        _log.warning("message_not_noted", message=number, code=error.code)
        return None


def _next_try(claimed: Claim, now: datetime) -> datetime | None:
    return now + PAUSES[claimed.attempts - 1] if claimed.attempts <= len(PAUSES) else None
