"""Proof after the fact: the chain recomputed, every record and every summary compared with what the events say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row, Text, type_coerce
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, select

from db import witness
from db.engine import heads_file
from db.history import data_version, event_body
from db.metadata import METADATA
from db.records import recorded
from db.tables.history import ChainHead, DayRecord, TallyDay
from db.tables.record import Record
from db.tallies import SUMMARIES
from db.tally_replay import recounted, told
from db.witness import Noted
from governance.chain import GENESIS, canonical, link
from governance.replay import replay

_BATCH = 2000
_EVENT = METADATA.tables["event"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that is not as the events say.

    Attributes
    ----------
    kind
        ``event``, ``chain_head``, ``head`` for what was written outside the database, or the name of a record or of
        a summary.
    id
        Number of the event or record; 0 for a head or a summary.
    what
        In English: what was found, and what it should be.
    """

    kind: str
    id: int
    what: str


def verify_chain(session: Session) -> list[Fault]:
    """Recompute the hash chain from the events as they are stored.

    Parameters
    ----------
    session : Session
        The events are streamed; memory does not grow with them.

    Returns
    -------
    list of Fault
        In the order of the chain: numbers that are missing, events whose content does not give their hash, events
        that do not follow from the one before, and a head that is not the last event. Empty: nothing was touched.
    """
    faults = []
    last, previous = 0, GENESIS
    for row in _events(session):
        if row.seq != last + 1:
            faults.append(Fault(kind="event", id=last + 1, what=f"events {last + 1} to {row.seq - 1} are missing"))
        elif (what := _broken_link(row, previous)) is not None:
            faults.append(Fault(kind="event", id=row.seq, what=what))
        last, previous = row.seq, row.hash
    return faults + _head_faults(session, last, previous)


def witness_faults(session: Session) -> list[Fault]:
    """Compare the chain with its heads as they were written outside the database.

    Parameters
    ----------
    session : Session
        Of an engine that was given a file of heads; without one nothing is compared.

    Returns
    -------
    list of Fault
        In the order of the file: heads that have another hash now or are beyond the last event, the first of either
        only, and lines that cannot be read; one fault where the file is gone. Empty: the chain holds everything that
        was ever committed.
    """
    heads = heads_file(session)
    found: dict[str, Fault] = {}
    lines = witness.noted(heads) if heads is not None else iter(())
    if heads is not None and not witness.is_there(heads) and data_version(session):
        return [Fault(kind="head", id=0, what=f"{heads.name} is gone: nothing outside the database proves the chain")]
    while part := list(islice(lines, _BATCH)):
        hashes = _hashes(session, {line.seq for line in part if line.seq is not None})
        for line in part:
            kind, fault = _witnessed(line, hashes)
            if fault is not None:
                found.setdefault(kind, fault)
    return list(found.values())


def _hashes(session: Session, wanted: set[int]) -> dict[int, str]:
    """Number → hash of events; what was committed only after this connection began is looked up as it stands now."""
    query = columns(_EVENT.c.seq, _EVENT.c.hash)
    connection = session.connection()
    found = {row.seq: row.hash for row in connection.execute(query.where(_EVENT.c.seq.in_(wanted)))}
    if later := wanted - found.keys():
        with connection.engine.connect() as present:
            found |= {row.seq: row.hash for row in present.execute(query.where(_EVENT.c.seq.in_(later)))}
    return found


def _witnessed(line: Noted, hashes: Mapping[int, str]) -> tuple[str, Fault | None]:
    if line.seq is None:
        return line.place, Fault(kind="head", id=0, what=f"{line.place} cannot be read")
    if line.seq not in hashes:
        what = f"the chain reached event {line.seq} at {line.at}, and does not hold it any more ({line.place})"
        return "lost", Fault(kind="head", id=line.seq, what=what)
    if hashes[line.seq] != line.hash:
        what = f"event {line.seq} had another hash at {line.at}: the chain was rewritten ({line.place})"
        return "rewritten", Fault(kind="head", id=line.seq, what=what)
    return "", None


def differences(session: Session) -> list[Fault]:
    """Compare every record with the replay of its events.

    Parameters
    ----------
    session : Session
        One kind of record after the other is held in memory.

    Returns
    -------
    list of Fault
        By kind, then number: fields with another value than the events give, records without events, and events
        without a record. Values are compared in their canonical form; columns that events leave out are not.
    """
    models = _record_models()
    known = session.connection().execute(columns(_EVENT.c.subject_kind).distinct()).scalars()
    strange = sorted(set(known) - models.keys())
    faults = [Fault(kind=kind, id=0, what="there are events of a record that does not exist") for kind in strange]
    for _subject, model in sorted(models.items()):
        faults += _differences_of(session, model)
    return faults


def tally_differences(session: Session) -> list[Fault]:
    """Compare the summaries and the days' records with those that the events give; zero rows are faults.

    Parameters
    ----------
    session : Session
        Each issue's state is held in memory.

    Returns
    -------
    list of Fault
        By summary, then key. Records are compared for every day from the first issue's event on.
    """
    summed = recounted(session)
    faults = []
    for model in SUMMARIES:
        faults += _tally_faults(session, model, summed.rows(model))
    faults += _tally_faults(session, TallyDay, {(1,): (summed.day,)} if summed.day else {})
    names = [column.name for column in METADATA.tables["day_record"].columns]
    records = [tuple(record[name] for name in names) for record in summed.records]
    return faults + _tally_faults(session, DayRecord, {record[:3]: record[3:] for record in records})


def _tally_faults(session: Session, model: type[SQLModel], given: Mapping[Any, tuple[Any, ...]]) -> list[Fault]:
    table = METADATA.tables[str(model.__tablename__)]
    keys = len(table.primary_key)
    stored = {tuple(row[:keys]): tuple(row[keys:]) for row in session.connection().execute(columns(table))}
    return [
        Fault(kind=table.name, id=0, what=f"{_words(key)}: {_held(stored, key)}, by the events {_held(given, key)}")
        for key in sorted(stored.keys() | given.keys())
        if stored.get(key) != given.get(key)
    ]


def _held(rows: Mapping[Any, tuple[Any, ...]], key: Any) -> str:
    return _words(rows[key]) if key in rows else "None"


def _events(session: Session) -> Iterator[Row[Any]]:
    """Events in the chain's order; time and stage as stored, for what was tampered with need not be readable."""
    raw = {name: type_coerce(_EVENT.c[name], Text).label(name) for name in ("at", "stage")}
    query = columns(*(raw.get(column.name, column) for column in _EVENT.c)).order_by(_EVENT.c.seq)
    yield from session.connection().execute(query.execution_options(yield_per=_BATCH))


def _broken_link(row: Row[Any], previous: str) -> str | None:
    try:
        body = event_body({**row._mapping, "at": _moment(row.at)})
    except ValueError:
        return f"its time {row.at!r} cannot be read"
    if link(previous, body) != row.hash:
        return "its content and the event before it do not give its hash"
    return None


def _moment(stored: Any) -> datetime:
    """SQLite keeps times as text without a zone, PostgreSQL in the zone of the connection."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _head_faults(session: Session, last: int, hash_: str) -> list[Fault]:
    head = session.exec(select(ChainHead.seq, ChainHead.hash)).first() or (0, GENESIS)
    if tuple(head) == (last, hash_):
        return []
    return [Fault(kind="chain_head", id=0, what=f"the head is at event {head[0]}, the last event is {last}")]


def _record_models() -> dict[str, type[Record]]:
    """Subject → table, for every kind of record."""
    found, ahead = {}, [Record]
    while ahead:
        model = ahead.pop()
        ahead += model.__subclasses__()
        if hasattr(model, "__table__"):
            found[model.subject] = model
    return found


def _differences_of(session: Session, model: type[Record]) -> list[Fault]:
    known = {number: fields for (_, number), fields in replay(told(session, model)).items()}
    table = METADATA.tables[str(model.__tablename__)]
    faults = []
    query = columns(table).execution_options(yield_per=_BATCH)
    for row in session.connection().execute(query).mappings():
        stored = json.loads(canonical(recorded(model, dict(row))))
        number = row["id"]
        faults += [Fault(kind=model.subject, id=number, what=what) for what in _unlike(stored, known.pop(number, None))]
    lost = [Fault(kind=model.subject, id=number, what="there are events, but no row") for number in known]
    return sorted(faults + lost, key=lambda fault: fault.id)


def _unlike(stored: Mapping[str, Any], told: Mapping[str, Any] | None) -> list[str]:
    if told is None:
        return ["there is a row, but no event"]
    pairs = ((name, stored.get(name), told.get(name)) for name in sorted(stored.keys() | told.keys()))
    return [
        f"{name} is {is_!r}, by the events {was!r}"
        for name, is_, was in pairs
        if is_ != was or type(is_) is not type(was)  # 3 and 3.0 are equal, and two texts in the chain
    ]


def _words(key: tuple[Any, ...]) -> str:
    return " ".join(map(str, key))
