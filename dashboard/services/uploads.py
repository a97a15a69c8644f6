"""Files that people hand in: kept in the home folder under their digest while they are previewed and imported."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from governance.errors import InvalidInput, NotFound

FOLDER = "uploads"
KEPT = timedelta(days=1)
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
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(content)
    return Upload(path=path, name=name)


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
    old = [path for path in (home / FOLDER).glob("*/*") if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
