"""Records as they stood at the end of a day, put together from their events."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from db.tables.history import Event
from db.tables.record import Record

_BATCH: Final = 2_000


def records_on(session: Session, model: type[Record], *, day: date, time_zone: str) -> dict[int, dict[str, Any]]:
    """Fields of the records that existed at the end of a local day, as known now.

    Parameters
    ----------
    session : Session
    model : type of Record
    day : date
        Local day in ``time_zone``; what happened on it counts.
    time_zone : str

    Returns
    -------
    dict
        Record number → field → value of the column's type; columns that events leave out are missing.
    """
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone))
    decoders = {name: _decoder(field.annotation) for name, field in model.model_fields.items()}
    found: dict[int, dict[str, Any]] = {}
    for number, params in _events(session, model.subject, end):
        record = found.setdefault(number, {"id": number})
        for name, value in json.loads(params).get("set", {}).items():
            decode = decoders.get(name)
            record[name] = decode(value) if decode is not None and value is not None else value
    return found


def _events(session: Session, subject: str, end: datetime) -> Iterator[tuple[int, str]]:
    query = (
        select(Event.subject_id, Event.params)
        .where(col(Event.subject_kind) == subject, col(Event.at) < end)
        .order_by(col(Event.seq))
    )
    for row in session.connection().execute(query.execution_options(yield_per=_BATCH)):
        yield row[0], row[1]


def _decoder(annotation: Any) -> Any:
    """How the encoded form of an event becomes the column's value again."""
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    kind = next((one for one in kinds if one is not type(None)), str)
    if kind is date:
        return date.fromisoformat
    if kind is datetime:
        return datetime.fromisoformat
    return kind if isinstance(kind, type) and issubclass(kind, StrEnum) else None
