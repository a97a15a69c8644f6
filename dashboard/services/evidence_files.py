"""Evidence as files: proven against what the records say, and packed for those who ask for it outside."""

import hashlib
from collections.abc import Iterator
from typing import Final

from sqlmodel import Session, col, func, select

from dashboard.evidence.store import Store
from db.tables.issues import Evidence
from db.verification import Fault
from governance.errors import NotFound

_PIECE: Final = 1024 * 1024
_BATCH: Final = 1000


def evidence_count(session: Session) -> int:
    """How many pieces of evidence there are."""
    return session.exec(select(func.count(col(Evidence.id)))).one()


def evidence_faults(session: Session, store: Store) -> list[Fault]:
    """Read every file of evidence and compare it with its record.

    Parameters
    ----------
    session : Session
    store : Store
        A file that several records name is read once.

    Returns
    -------
    list of Fault
        By number of the evidence: files that are missing, of another size, or changed. Files without a record are no
        fault: they are left by writes that did not come to their end.
    """
    faults: list[Fault] = []
    known: dict[str, tuple[int, str] | None] = {}
    for number, sha256, size in _rows(session):
        if sha256 not in known:
            known[sha256] = _measured(store, sha256)
        what = _what_is_wrong(known[sha256], sha256, size)
        if what:
            faults.append(Fault(kind="evidence", id=number, what=what))
    return faults


def _rows(session: Session) -> Iterator[tuple[int, str, int]]:
    query = select(Evidence.id, Evidence.sha256, Evidence.size_bytes).order_by(col(Evidence.id))
    for number, sha256, size in session.exec(query.execution_options(yield_per=_BATCH)):
        yield number or 0, sha256, size


def _measured(store: Store, sha256: str) -> tuple[int, str] | None:
    """Size and SHA-256 of a kept file as it is now; None when there is none."""
    digest, size = hashlib.sha256(), 0
    try:
        with store.open(sha256) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except NotFound:
        return None
    return size, digest.hexdigest()


def _what_is_wrong(found: tuple[int, str] | None, sha256: str, size: int) -> str:
    if found is None:
        return f"its file {sha256} is missing"
    if found[0] != size:
        return f"its file {sha256} has {found[0]} bytes, by the record {size}"
    if found[1] != sha256:
        return f"its file {sha256} was changed: it now gives {found[1]}"
    return ""
