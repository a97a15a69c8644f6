"""Photos that were used before: every fingerprint of a database held in memory, and asked for a new one."""

import threading
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from dashboard.evidence.fingerprints import Seen, is_same
from db.tables.issues import Evidence
from governance.vocabulary import EvidenceKind

_OWN = "evidence_seen_in_this_transaction"
_HAS_OWN = "evidence_added_in_this_transaction"


@dataclass
class _Known:
    """What was read of one database: fingerprints of committed evidence up to a number."""

    seen: Seen = field(default_factory=Seen)
    last: int = 0


_known: dict[str, _Known] = {}
_lock = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Use:
    """Where a file is going to be used."""

    issue_id: int
    kind: EvidenceKind
    round: int


def learn_fingerprints(session: Session) -> None:
    """Read the fingerprints that were committed since the last look.

    Must see committed rows only: a reading session, or a writing one before it adds evidence of its own. The first
    look at 100,000 photos takes some seconds; ask before a write begins, and no writer waits for it.
    """
    with _lock:
        _learnt(session)


def earlier_use(session: Session, *, sha256: str, fingerprint: str, use: Use) -> Evidence | None:
    """The first evidence that shows the same picture, unless it was given for the very same purpose.

    Parameters
    ----------
    session : Session
    sha256, fingerprint : str
        Of the new file, which is not stored yet.
    use : Use
        The same issue, kind and round may get the same photo again.

    Returns
    -------
    Evidence or None
    """
    with _lock:
        known = _known_of(session) if session.info.get(_HAS_OWN) else _learnt(session)
        numbers = known.seen.find(fingerprint)
    numbers += _own(session).find(fingerprint)
    like = (row for row in _rows(session, numbers) if is_same(row.fingerprint, fingerprint))
    equal = session.exec(select(Evidence).where(Evidence.sha256 == sha256).order_by(col(Evidence.id)))
    others = [row for row in (*equal, *like) if (row.issue_id, row.kind, row.round) != _key(use)]
    return min(others, key=lambda row: row.key, default=None)


def remember(session: Session, evidence: Evidence) -> None:
    """Let the further looks of this transaction see what it has added itself."""
    session.info[_HAS_OWN] = True  # what may yet be taken back is never learnt for others
    _own(session).add([(evidence.key, evidence.fingerprint)])


def _key(use: Use) -> tuple[int, EvidenceKind, int]:
    return use.issue_id, use.kind, use.round


def _own(session: Session) -> Seen:
    own: Seen = session.info.setdefault(_OWN, Seen())
    return own


def _known_of(session: Session) -> _Known:
    address = session.get_bind().engine.url.render_as_string(hide_password=True)
    return _known.setdefault(address, _Known())


def _learnt(session: Session) -> _Known:
    known = _known_of(session)
    if known.last > (session.exec(select(func.max(Evidence.id))).one() or 0):
        known.seen, known.last = Seen(), 0  # another database stands under the same address
    fresh = session.exec(
        select(Evidence.id, Evidence.fingerprint).where(col(Evidence.id) > known.last).order_by(col(Evidence.id))
    ).all()
    known.seen.add([(number or 0, text) for number, text in fresh])
    known.last = max((number or 0 for number, _ in fresh), default=known.last)
    return known


def _rows(session: Session, numbers: list[int]) -> list[Evidence]:
    """Rows that still exist: what an attempt added and took back does not."""
    found = (session.get(Evidence, number) for number in numbers)
    return [row for row in found if row is not None]
