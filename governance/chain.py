"""Canonical encoding of events and the hash chain over them (SHA-256)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum

GENESIS = "0" * 64


def canonical(value: Mapping[str, object]) -> str:
    """JSON text that is the same for the same value on every machine.

    Parameters
    ----------
    value : mapping
        Strings, integers, floats, booleans, None, dates, aware datetimes, enum members, bytes (as their
        SHA-256), and lists, tuples and mappings of them.

    Returns
    -------
    str
        Sorted keys, no blanks, UTC times with microseconds, floats by ``repr``.

    Raises
    ------
    TypeError
        A naive datetime or a type outside the list.
    """
    return _ENCODER.encode(value)


def encoded(value: object) -> str:
    """Text of a value that JSON does not know; see `canonical`."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bytes):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=encoded, allow_nan=False)


def utc_text(value: datetime) -> str:
    """An aware time as UTC text of fixed width."""
    if value.tzinfo is None:
        raise TypeError("a naive time has no canonical form")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def link(previous: str, body: str) -> str:
    """Hash of an event, chained to the hash before it.

    Parameters
    ----------
    previous : str
        64 hexadecimal digits, `GENESIS` for the first event.
    body : str
        Canonical text of the event.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
