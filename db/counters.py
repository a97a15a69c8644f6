"""Gapless sequences: numbers given out inside the write transaction that uses them."""

from sqlalchemy import text
from sqlmodel import Session

_TAKE = text(
    "INSERT INTO counter (name, last) VALUES (:name, :n) "
    "ON CONFLICT (name) DO UPDATE SET last = counter.last + excluded.last RETURNING last"
)


def take(session: Session, name: str, n: int = 1) -> range:
    """Next ``n`` numbers of a sequence, from 1; given back when the transaction does not commit.

    Parameters
    ----------
    session : Session
        In a write transaction; other writers of the same sequence wait.
    name : str
    n : int
        At least 1.

    Returns
    -------
    range
    """
    last = session.connection().execute(_TAKE, {"name": name, "n": n}).scalar_one()
    return range(last - n + 1, last + 1)
