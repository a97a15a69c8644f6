"""What happens to issues, by the events that say so, and the condition that finds the issues of a span of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from db.tables.history import Event
from db.tables.issues import Issue
from db.tables.loop import Extension
from governance.stages import EVENT_CODE, Action


class Happening(StrEnum):
    """Kinds of what happens to an issue, by its events or those of its requests for more time."""

    REOPENED = "reopened"
    RETURNED = "returned"
    FOUND = "found"
    MORE_TIME = "more_time"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


FOUND_BY: Final = frozenset({EVENT_CODE[Action.REPORT], "imported"})
CODES: Final[Mapping[Happening, frozenset[str]]] = MappingProxyType(
    {
        Happening.REOPENED: frozenset({EVENT_CODE[Action.REOPEN]}),
        Happening.RETURNED: frozenset({EVENT_CODE[Action.RETURN]}),
        Happening.FOUND: FOUND_BY,
        Happening.MORE_TIME: frozenset({"extension_asked", "extension_granted", "extension_refused"}),
        Happening.CONFIRMED: frozenset({EVENT_CODE[Action.CONFIRM]}),
        Happening.CLOSED: frozenset({EVENT_CODE[Action.SIGN_OFF]}),
    }
)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened after one event of the history and up to another: (after, upto]."""

    happening: Happening
    after: int
    upto: int


def happened_to(wanted: Happened) -> ColumnElement[bool]:
    """Condition on `Issue`: it happened to the issue within the span; as `db.repositories.changes.changed` counts."""
    span = and_(
        col(Event.seq) > wanted.after, col(Event.seq) <= wanted.upto, col(Event.code).in_(CODES[wanted.happening])
    )
    own = select(Event.subject_id).where(span, Event.subject_kind == Issue.subject)
    asked = (
        select(Extension.issue_id)
        .join(Event, col(Event.subject_id) == col(Extension.id))
        .where(span, Event.subject_kind == Extension.subject)
    )
    return or_(col(Issue.id).in_(own), col(Issue.id).in_(asked))
