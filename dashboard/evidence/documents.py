"""Documents as evidence: whether a PDF is one, and harmless enough to hand on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from governance.errors import InvalidInput

_CHILD: Final = Path(__file__).with_name("pdf_child.py")
_SECONDS: Final = 20
_TAIL: Final = 2048


def require_plain_pdf(data: bytes, *, name: str) -> int:
    """Refuse what is no PDF, is encrypted, or acts when it is opened; read in a child process with limits.

    Parameters
    ----------
    data : bytes
        Begins with ``%PDF-``.
    name : str
        For the sentence.

    Returns
    -------
    int
        Its pages.

    Raises
    ------
    InvalidInput
    """
    found = _told(data) if b"%%EOF" in data[-_TAIL:] else {"fault": "broken"}
    if found.get("fault") == "encrypted":
        raise InvalidInput("pdf_encrypted", "The PDF {name} is encrypted; save it without a password", name=name)
    if found.get("fault") == "active":
        raise InvalidInput(
            "pdf_active", "The PDF {name} holds scripts or further files; print it as a plain PDF", name=name
        )
    if not found.get("pages"):
        raise InvalidInput("pdf_broken", "The PDF {name} is damaged, cut short, or has no pages", name=name)
    return int(found["pages"])


def _told(data: bytes) -> dict[str, Any]:
    """What the child says; a child that was stopped by its limits says nothing."""
    try:
        finished = subprocess.run(
            (sys.executable, "-I", str(_CHILD)), input=data, capture_output=True, timeout=_SECONDS, check=False
        )
        told: dict[str, Any] = json.loads(finished.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"fault": "broken"}
    return told
