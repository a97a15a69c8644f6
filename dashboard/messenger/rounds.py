"""Rounds of the messenger: write what happened and what the day brings, send what is due."""

import contextvars
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.i18n import set_locale
from dashboard.messenger.outbox import Clock, Post, Sent, send_due, send_one
from dashboard.messenger.posting import post
from dashboard.services.daily import write_daily
from dashboard.services.messages import tell
from dashboard.settings import Settings
from governance.errors import GridGuardError

# So many daily messages are made in one round: at eight in the morning the pages want their turns too.
DAILY_AT_ONCE: Final = 40
_MISSED_S: Final = 3600
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one round did."""

    written: int = 0
    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True)
class Messenger:
    """Everything that a round needs.

    Attributes
    ----------
    engine, settings
    clock
        Gives aware moments.
    post
        Sends one message; the tests' own outside world.
    stop
        Once it is set no further message is begun.
    """

    engine: Engine
    settings: Settings
    clock: Clock
    post: Post
    stop: threading.Event = field(default_factory=threading.Event)

    def go_round(self) -> Round:
        """Write what happened and the daily messages whose hour has come, and send all that is due."""
        written = self._in_language(lambda: self._tell() + self._write_daily(None, most=DAILY_AT_ONCE))
        sent = self.send()
        return Round(written=written, sent=sent.sent, failed=sent.failed)

    def go_daily_round(self, at: time | None) -> Round:
        """Write the daily messages whose hour has come by a local time of day, and send all that is due."""
        written = self._in_language(lambda: self._write_daily(at, most=None))
        sent = self.send()
        return Round(written=written, sent=sent.sent, failed=sent.failed)

    def send(self) -> Sent:
        """Send what is due."""
        return send_due(self.engine, self.post, clock=self.clock, stop=self.stop)

    def send_now(self, number: int) -> bool | None:
        """Send one message at once: the test of a channel."""
        return send_one(self.engine, number, self.post, clock=self.clock)

    def _tell(self) -> int:
        return tell(self.engine, now=self.clock(), public_url=self.settings.public_url)

    def _write_daily(self, at: time | None, *, most: int | None) -> int:
        return write_daily(
            self.engine,
            now=self.clock(),
            at=at,
            yellow_days=self.settings.yellow_days,
            public_url=self.settings.public_url,
            most=most,
        )

    def _in_language(self, work: Callable[[], int]) -> int:
        """Messages are in the district's language, whoever is looking at a page meanwhile."""

        def run() -> int:
            set_locale(self.settings.locale)
            return work()

        return contextvars.copy_context().run(run)


def messenger_of(settings: Settings, engine: Engine, clock: Clock) -> Messenger:
    """The messenger of a database, which speaks to the real outside world."""
    mail_url = settings.mail_url.get_secret_value()
    return Messenger(
        engine=engine,
        settings=settings,
        clock=clock,
        post=lambda address, title, body: post(address, title=title, body=body, mail_url=mail_url),
    )


@contextmanager
def rounds_of(messenger: Messenger) -> Iterator[None]:
    """Go round every few seconds while the block runs, beside it; nothing happens where messages are switched off.

    At its end the message that is being sent is waited for; those that are still due stay due.
    """
    if not messenger.settings.messages:
        yield
        return
    from apscheduler.schedulers.background import BackgroundScheduler  # late: commands and pages need none

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        lambda: _go_round(messenger),
        "interval",
        seconds=messenger.settings.message_seconds,
        next_run_time=messenger.clock(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=_MISSED_S,
    )
    scheduler.start()
    try:
        yield
    finally:
        messenger.stop.set()
        scheduler.shutdown(wait=True)


def _go_round(messenger: Messenger) -> None:
    """One round that leaves a line in the log when it fails, and is tried again with the next."""
    try:
        done = messenger.go_round()
    except (GridGuardError, SQLAlchemyError, OSError) as error:
        _log.warning("round_of_messages_failed", kind=type(error).__name__, code=getattr(error, "code", ""))
        return
    if done.written or done.sent or done.failed:
        _log.info("messages", written=done.written, sent=done.sent, failed=done.failed)
