"""The demo's photos: drawn, and added to issues through the service like any other evidence."""

from datetime import timedelta
from random import Random
from typing import Final

from dashboard.demo.pictures import picture
from dashboard.evidence.store import Store
from dashboard.services.evidence import add_evidence
from db.tables.issues import Issue
from db.unit_of_work import UnitOfWork
from governance.issue_rules import evidence_for, round_of
from governance.stages import BY_ACTION, Action
from governance.vocabulary import EvidenceKind

_NEAR_DEGREES: Final = 0.0002
_BEFOREHAND: Final = timedelta(minutes=3)


def add_photos(work: UnitOfWork, store: Store, issue: Issue, kind: EvidenceKind) -> None:
    """Add what shows an issue when it is found (before), or what its measures must prove (after, report)."""
    fields = issue.model_dump()
    kinds = evidence_for(BY_ACTION[Action.SUBMIT_MEASURES], fields) if kind == EvidenceKind.AFTER else (kind,)
    for each in kinds:
        _add(work, store, issue, each, take=round_of(fields))
    work.session.flush()  # the rules look for it


def _add(work: UnitOfWork, store: Store, issue: Issue, kind: EvidenceKind, *, take: int) -> None:
    rng = Random(f"{issue.number}/{kind}/{take}")  # noqa: S311 - a demo that is the same each time, no secret
    is_placed = issue.lon is not None and issue.lat is not None
    add_evidence(
        work,
        store,
        issue,
        kind=kind,
        data=picture(issue.key, kind, take=take),
        name=f"{issue.number}-{kind}-{take + 1}.jpg",
        taken_at=work.now - _BEFOREHAND,
        lon=round((issue.lon or 0) + rng.uniform(-1, 1) * _NEAR_DEGREES, 6) if is_placed else None,
        lat=round((issue.lat or 0) + rng.uniform(-1, 1) * _NEAR_DEGREES, 6) if is_placed else None,
        is_taken_in_page=True,
    )
