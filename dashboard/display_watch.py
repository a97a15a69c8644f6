"""When displays were last seen: noted in memory at each look of a wall, written down beside the server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.services.displays import note_seen
from governance.errors import GridGuardError

EVERY_S: Final = 60
_log = structlog.get_logger(__name__)
_seen: dict[int, datetime] = {}
_lock = threading.Lock()


def noted(person_id: int, now: datetime) -> None:
    """Remember that a display looks at the wall now; costs no query."""
    with _lock:
        _seen[person_id] = now


def write_down(engine: Engine) -> int:
    """Write down which displays were seen since the last time; gives how many. A busy database gets another try."""
    with _lock:
        seen = dict(_seen)
        _seen.clear()
    try:
        note_seen(engine, seen)
    except (SQLAlchemyError, GridGuardError) as error:
        _log.info("display_not_noted", why=type(error).__name__)
        with _lock:
            _seen.update({person: moment for person, moment in seen.items() if person not in _seen})
        return 0
    return len(seen)


@contextmanager
def watching(engine: Engine, *, every_s: float = EVERY_S) -> Iterator[None]:
    """Write down every minute while the block runs, and once more at its end."""
    stop = threading.Event()

    def go_on() -> None:
        while not stop.wait(every_s):
            write_down(engine)

    thread = threading.Thread(target=go_on, name="display-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        write_down(engine)
