"""Files that people hand in: kept in the home folder under their digest while they are previewed and imported."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from governance.errors import InvalidInput, NotFound

FOLDER = "uploads"
KEPT = timedelta(days=1)
_OWN_FOLDER, _OWN_FILE = 0o700, 0o600
_NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{1,8}")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it lies in the home folder, with the name that the person gave it."""

    path: Path
    name: str


def keep_upload(home: Path, person_id: int, *, name: str, content: bytes, endings: tuple[str, ...]) -> Upload:
    """Keep a file for the person; the same file is kept once.

    Parameters
    ----------
    home : Path
    person_id : int
    name : str
        As the browser tells it; only its ending is used.
    content : bytes
    endings : tuple of str
        Allowed endings, without dot.

    Raises
    ------
    InvalidInput
        Another ending, or an empty file.
    """
    ending = Path(name).suffix.lower().lstrip(".")
    if ending not in endings:
        raise InvalidInput(
            "file_ending", "The file {name} is not taken here; allowed endings: {allowed}", name=name, allowed=endings
        )
    if not content:
        raise InvalidInput("file_empty", "The file {name} is empty", name=name)
    path = file_for(home, person_id, f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}")
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=_OWN_FOLDER)
    if path.exists():
        path.touch()
    else:
        _write_whole(path, content)
    return Upload(path=path, name=name)


def _write_whole(path: Path, content: bytes) -> None:
    """Put a file into its place at once: it may be asked for by another tab at the same moment."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    part.touch(mode=_OWN_FILE)
    part.write_bytes(content)
    part.replace(path)


def file_for(home: Path, person_id: int, name: str) -> Path:
    """Where a person's file of a name lies, whether or not it exists.

    Raises
    ------
    NotFound
        The name is none that this module gives.
    """
    if not _NAME.fullmatch(name):
        raise NotFound("no_file", "There is no file {name}", name=name)
    return home / FOLDER / str(person_id) / name


def forget_old(home: Path, *, now: datetime) -> int:
    """Remove files that were kept for more than a day; returns how many."""
    limit = (now - KEPT).timestamp()
    return sum(_forget(path, limit) for path in (home / FOLDER).glob("*/*"))


def _forget(path: Path, limit: float) -> bool:
    """Remove a file that is older; another person's visit may have removed it already."""
    try:
        if path.stat().st_mtime >= limit:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True
