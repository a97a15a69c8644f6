"""Evidence packed beside a ledger that is handed on: one file each, named by issue, kind and running number."""

import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from dashboard.evidence.copies import copy_of
from dashboard.evidence.photos import ENDINGS, PDF
from dashboard.evidence.store import Store
from db.repositories.scopes import issues_within
from db.tables.issues import Evidence, Issue
from governance.errors import InvalidInput
from governance.permissions import Actor, Right, require

MOST_FILES: Final = 50_000
MOST_BYTES: Final = 2 * 1024 * 1024 * 1024
_ASIDE: Final = re.compile(r"[^0-9A-Za-z._-]+")
_ASKED_AT_ONCE: Final = 500
# Pictures and documents are packed already, and a fixed time makes the same evidence give the same bytes.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Packed:
    """One file of a pack.

    Attributes
    ----------
    is_original
        The bytes as they were handed in; else a copy without the camera's notes.
    """

    name: str
    evidence: Evidence
    issue_number: str
    is_original: bool


def pack_evidence(
    session: Session, store: Store, actor: Actor, issues: Sequence[Issue], path: Path, *, folder: str = ""
) -> list[Packed]:
    """Pack the evidence of issues into a zip file.

    Parameters
    ----------
    session : Session
    store : Store
    actor : Actor
        Issues outside of the scope of exporting are left out; of a photo whose time and place are not for this person
        a bare copy is packed instead of the original.
    issues : sequence of Issue
    path : Path
        The zip file to write.
    folder : str
        Within the zip file, with a slash at its end; empty for none.

    Returns
    -------
    list of Packed
        In the order of the issues given, then of adding: what an index sheet needs. The names are
        ``2026-00012-after-2.jpg``, counted by issue and kind from 1.

    Raises
    ------
    NotAllowed
        The person exports nothing at all.
    InvalidInput
        More than 50,000 files or two gigabytes.
    NotFound, Conflict
        A file is missing or was changed: nothing that cannot be proven is handed on.
    """
    require(actor, Right.EXPORT)
    packed = _planned(session, actor, issues)
    if len(packed) > MOST_FILES or sum(one.evidence.size_bytes for one in packed) > MOST_BYTES:
        raise InvalidInput(
            "pack_too_large",
            "{n} files of evidence are too many or too large for one pack; allowed: {most} files of {gb} GB in all",
            n=len(packed),
            most=MOST_FILES,
            gb=MOST_BYTES // 1024**3,
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for one in packed:
            archive.writestr(zipfile.ZipInfo(folder + one.name, _EPOCH), _bytes_of(store, one))
    return packed


def _planned(session: Session, actor: Actor, issues: Sequence[Issue]) -> list[Packed]:
    order = {issue.key: place for place, issue in enumerate(issues)}
    rows = _evidence(session, actor, list(order))
    open_origins = _with_open_origin(session, actor, list(order))
    numbers = {issue.key: issue.number for issue in issues}
    counts: Counter[tuple[int, str]] = Counter()
    packed = []
    for row in sorted(rows, key=lambda row: (order[row.issue_id], row.key)):
        is_own = row.added_by_id is not None and row.added_by_id == actor.person_id
        is_original = row.media_type == PDF or is_own or row.issue_id in open_origins
        counts[row.issue_id, row.kind] += 1
        ending = ENDINGS[row.media_type] if is_original else ".jpg"
        stem = f"{_ASIDE.sub('_', numbers[row.issue_id])}-{row.kind}-{counts[row.issue_id, row.kind]}"
        packed.append(
            Packed(name=stem + ending, evidence=row, issue_number=numbers[row.issue_id], is_original=is_original)
        )
    return packed


def _evidence(session: Session, actor: Actor, numbers: list[int]) -> list[Evidence]:
    found: list[Evidence] = []
    for start in range(0, len(numbers), _ASKED_AT_ONCE):
        query = select(Evidence).join(Issue, col(Issue.id) == col(Evidence.issue_id))
        part = col(Issue.id).in_(numbers[start : start + _ASKED_AT_ONCE])
        found += session.exec(query.where(part, issues_within(actor, Right.EXPORT)))
    return found


def _with_open_origin(session: Session, actor: Actor, numbers: list[int]) -> set[int]:
    """Issues of which the person may know when and where the photos were taken."""
    found: set[int] = set()
    for start in range(0, len(numbers), _ASKED_AT_ONCE):
        part = col(Issue.id).in_(numbers[start : start + _ASKED_AT_ONCE])
        within = issues_within(actor, Right.SEE_PHOTO_ORIGIN)
        found |= {number or 0 for number in session.exec(select(Issue.id).where(part, within))}
    return found


def _bytes_of(store: Store, one: Packed) -> bytes:
    data = store.read(one.evidence.sha256, is_proving=True)
    return data if one.is_original else copy_of(data, marks=(one.issue_number,))
