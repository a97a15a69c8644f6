"""The child process that opens a PDF: limits itself, and says in one line of JSON what it is.

It runs alone (``python -I pdf_child.py``) with the file on standard input, so it imports nothing of the product.
"""

import io
import json
import resource
import sys
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

MEMORY: Final = 768 * 1024 * 1024
CPU_S: Final = 5
ACTIVE: Final = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"})


def main() -> None:
    """Read the file and tell its pages, whether it is encrypted, and whether it acts when it is opened."""
    for name, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))
    try:
        found = told(PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, MemoryError):
        found = {"fault": "broken"}
    sys.stdout.write(json.dumps(found))


def told(reader: PdfReader) -> dict[str, Any]:
    """What the parent asks for."""
    if reader.is_encrypted:
        return {"fault": "encrypted"}
    root = reader.root_object
    if names(root, "/Names") & {"/JavaScript", "/EmbeddedFiles"} or acts(root, "/OpenAction") or "/AA" in root:
        return {"fault": "active"}
    return {"pages": len(reader.pages)}


def names(root: Any, key: str) -> set[str]:
    """Keys of a dictionary in the catalogue; none when there is no such dictionary."""
    value = root.get(key)
    inner = value.get_object() if value is not None else None
    return set(inner) if isinstance(inner, dict) else set()


def acts(root: Any, key: str) -> bool:
    """Whether the action that runs on opening does more than turn to a page."""
    value = root.get(key)
    inner = value.get_object() if value is not None else None
    return isinstance(inner, dict) and inner.get("/S") in ACTIVE


if __name__ == "__main__":
    main()
