"""The summaries counted anew from the issues' events."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date
from sqlalchemy import select as columns
from sqlmodel import Session

from db.metadata import METADATA
from db.tables.issues import Issue
from db.tables.record import Record
from db.tallies import Summed, TallyChanges
from db.tally_keys import key_of
from db.unit_of_work import current_district

_BATCH = 2000
_EVENT = METADATA.tables["event"]
_DATES = frozenset(column.name for column in METADATA.tables["issue"].c if isinstance(column.type, Date))
_DECODERS: Mapping[str, Callable[[str], date]] = dict.fromkeys(_DATES, date.fromisoformat)


class Told(NamedTuple):
    """What an event says of its record."""

    subject_kind: str
    subject_id: int
    at: datetime
    params: Mapping[str, Any]


def told(session: Session, model: type[Record]) -> Iterator[Told]:
    """Events of one kind of record in the chain's order, streamed."""
    wanted = (_EVENT.c[name] for name in ("subject_kind", "subject_id", "at", "params"))
    query = columns(*wanted).where(_EVENT.c.subject_kind == model.subject).order_by(_EVENT.c.seq)
    for kind, number, at, params in session.connection().execute(query.execution_options(yield_per=_BATCH)):
        yield Told(kind, number, at, json.loads(params))


def recounted(session: Session) -> Summed:
    """The summaries as the issues' events give them; `db.tallies.rebuild` stores them."""
    zone = ZoneInfo(current_district(session).time_zone)
    summed, changes, today = Summed(), TallyChanges(), date.min
    state: defaultdict[int, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(Issue.model_fields))
    for event in told(session, Issue):
        day = event.at.astimezone(zone).date()
        if day > today:  # each day by itself, so that memory holds one day's changes
            summed.take(changes)
            changes, today = TallyChanges(), day
        issue = state[event.subject_id]
        before = key_of(issue) if issue["stage"] else None
        issue.update({name: _decoded(name, value) for name, value in event.params.get("set", {}).items()})
        changes.move(before, key_of(issue), day=day)
    return summed.take(changes)


def _decoded(name: str, value: Any) -> Any:
    return _DECODERS[name](value) if name in _DECODERS and value is not None else value
