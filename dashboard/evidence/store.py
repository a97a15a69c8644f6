"""Where the bytes of evidence lie: under their SHA-256, written once and never again."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from governance.errors import Conflict, NotFound

FOLDER: Final = "evidence"
_OWN_FOLDER, _OWN_FILE = 0o700, 0o600
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = ".part"


class Store(Protocol):
    """Keeps files under the SHA-256 of their bytes; a folder does so here, a shared store could elsewhere."""

    def put(self, data: bytes) -> str:
        """Keep the bytes for good and return their SHA-256; the same bytes are kept once."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Open kept bytes for reading, unproven.

        Raises
        ------
        NotFound
        """
        ...

    def read(self, sha256: str, *, is_proving: bool = False) -> bytes:
        """Return kept bytes; with ``is_proving`` only if they still give their SHA-256.

        Raises
        ------
        NotFound
        Conflict
            The bytes were changed.
        """
        ...

    def has(self, sha256: str) -> bool:
        """Tell whether there are bytes under this SHA-256."""
        ...

    def all(self) -> Iterator[str]:
        """Every SHA-256 that is kept, in ascending order."""
        ...


class FolderStore:
    """Files ``evidence/ab/abcdef…`` in the home folder, open to their owner only.

    Parameters
    ----------
    home : Path
        The folder of all data; the folders inside are made by the first file.
    is_settling : bool
        Whether each file has reached the disk before it counts as kept; not needed for what can be made again.
    """

    def __init__(self, home: Path, *, is_settling: bool = True) -> None:
        self._folder = home / FOLDER
        self._is_settling = is_settling

    def put(self, data: bytes) -> str:
        """Keep the bytes for good: when this returns they have reached the disk under their name, whole."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            for folder in (self._folder, path.parent):
                folder.mkdir(mode=_OWN_FOLDER, parents=True, exist_ok=True)
            write_whole(path, data, is_settling=self._is_settling)
        return sha256

    def open(self, sha256: str) -> BinaryIO:
        """Open kept bytes for reading, unproven."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise _missing(sha256) from None

    def read(self, sha256: str, *, is_proving: bool = False) -> bytes:
        """Return kept bytes; with ``is_proving`` only if they still give their SHA-256."""
        with self.open(sha256) as file:
            data = file.read()
        if is_proving and hashlib.sha256(data).hexdigest() != sha256:
            raise Conflict(
                "evidence_changed", "The file of evidence {sha256} was changed after it was kept", sha256=sha256
            )
        return data

    def has(self, sha256: str) -> bool:
        """Tell whether there are bytes under this SHA-256."""
        return self._path(sha256).is_file()

    def all(self) -> Iterator[str]:
        """Every SHA-256 that is kept, in ascending order; what is being written is not."""
        for path in sorted(self._folder.glob("??/*")):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def _path(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise _missing(sha256)
        return self._folder / sha256[:2] / sha256


def write_whole(path: Path, data: bytes, *, is_settling: bool = True) -> None:
    """Put a file into its place at once, on the disk before it has its name; its folder must exist.

    Without ``is_settling`` it reaches the disk when the system sees fit.

    Two writers of the same file leave one of the two, whole.
    """
    part = path.with_name(f".{secrets.token_hex(8)}{_PART}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN_FILE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if is_settling:
                os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    if is_settling:
        _settle(path.parent)


def _settle(folder: Path) -> None:
    """Bring the name itself to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _missing(sha256: str) -> NotFound:
    return NotFound("evidence_file_missing", "There is no file of evidence {sha256}", sha256=sha256)
