"""What others changed in an issue while somebody was writing: field by field, with who and when."""

from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from dashboard.services.issue_view import fields_of
from db.repositories.issue_history import Happened, newest_of
from db.tables.issues import Issue

_MOST: Final = 200
# What follows from other fields, and would only repeat them.
_DERIVED: Final = frozenset({"due_on", "cell", "primary_zone_id", "key_zone_ids", "distance_m"})


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A field that others changed: what the record says now, as JSON gives it, and the event that said so last."""

    field: str
    value: Any
    happened: Happened


def changed_since(session: Session, issue: Issue, seq: int) -> list[Changed]:
    """Fields of an issue that were changed after an event, in the order of their changes.

    Parameters
    ----------
    session : Session
    issue : Issue
    seq : int
        Number of the last event that the writer knew of.
    """
    found: dict[str, Changed] = {}
    for happened in reversed(newest_of(session, issue.key, limit=_MOST, after=seq)):
        if happened.event.subject_kind == Issue.subject:
            for field, value in fields_of(happened).items():
                found.pop(field, None)
                found[field] = Changed(field=field, value=value, happened=happened)
    return [change for change in found.values() if change.field not in _DERIVED]
