"""The heads of the chain outside the database: a file beside it that every commit appends its number and hash to.

Whoever rewrites the whole chain leaves a database that is consistent in itself; these lines say what it was before.
Since each hash covers all events before it, a line can be left out without harm: lines that come in another order
than the commits, or are lost with the power, prove no less of what came before the next one.
"""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from governance.chain import utc_text

LARGEST_BYTES: Final = 1_000_000
KEPT_OF: Final = 100
_LINE: Final = re.compile(r"([1-9][0-9]{0,18}) ([0-9a-f]{64}) (\S+)")
_OWNER_ONLY: Final = 0o600
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One line.

    Attributes
    ----------
    place
        File and line, for people.
    seq, hash, at
        Number and hash of the last event of a commit, and its time as text; None, empty and empty where the line
        cannot be read.
    """

    place: str
    seq: int | None
    hash: str = ""
    at: str = ""


def note(path: Path, seq: int, hash_: str, *, at: datetime) -> None:
    """Append the head of a commit that has just succeeded.

    Parameters
    ----------
    path : Path
        Its folder exists. The line is one write to the file's end, so that several processes may append at once.
    seq, hash_
        Number and hash of the last event.
    at : datetime
        Time of the commit's acts.

    Notes
    -----
    The commit stands already: a file that cannot be written is told to the log and not to whoever acted.
    """
    line = f"{seq} {hash_} {utc_text(at)}\n".encode()
    try:
        size = _append(path, line)
        if size > LARGEST_BYTES:
            _thin_out(path)
    except OSError as error:
        _log.warning("the head %s of the chain could not be written to %s: %s", seq, path, error.strerror)


def begin_anew(path: Path, *, at: datetime) -> None:
    """Put the heads of an earlier database aside, when a new one is founded in its place; nothing is removed."""
    moment = utc_text(at).replace(":", "")
    for old in (path, _thinned(path)):
        if old.exists():
            old.rename(old.with_name(f"{old.name}.until-{moment}"))


def noted(path: Path) -> Iterator[Noted]:
    """All lines, the oldest file first; none where nothing was ever written."""
    for file in (_thinned(path), path):
        if not file.exists():
            continue
        with file.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                yield _read(f"{file.name}:{number}", line.rstrip("\n"))


def is_there(path: Path) -> bool:
    """Whether any head is still noted, in the file or in what was kept of full ones."""
    return any(file.exists() for file in (_thinned(path), path))


def _read(place: str, line: str) -> Noted:
    found = _LINE.fullmatch(line)
    return Noted(place=place, seq=int(found[1]), hash=found[2], at=found[3]) if found else Noted(place=place, seq=None)


def _append(path: Path, lines: bytes) -> int:
    """Write at the file's end in one go; returns the size after it."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
    try:
        os.write(handle, lines)
        return os.fstat(handle).st_size
    finally:
        os.close(handle)


def _thin_out(path: Path) -> None:
    """Keep of a full file every hundredth line and the last; the others are covered by those."""
    full = path.with_name(f"{path.name}.full-{os.getpid()}")
    try:
        path.rename(full)
    except FileNotFoundError:  # another process was faster
        return
    lines = full.read_bytes().splitlines(keepends=True)
    _append(_thinned(path), b"".join([*lines[:-1][::KEPT_OF], *lines[-1:]]))
    full.unlink()


def _thinned(path: Path) -> Path:
    return path.with_name(f"{path.stem}-old{path.suffix}")
