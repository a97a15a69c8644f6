"""Creating and changing records: the row and its event together, never one without the other."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Boolean, Float, insert
from sqlmodel import Session

from db import counters
from db.history import Happening
from db.tables.issues import Issue
from db.tables.record import Record
from db.tally_keys import key_of
from db.unit_of_work import UnitOfWork
from governance.counting import RECTIFIED
from governance.errors import Conflict, NotFound
from governance.vocabulary import Stage, Subject

AnyRecord = TypeVar("AnyRecord", bound=Record)
_NEVER_RECORDED = frozenset({"id", "district_code", "version"})


def create(work: UnitOfWork, row: AnyRecord, *, code: str = "created", reason: str = "") -> AnyRecord:
    """Add a record with the event that began it.

    Parameters
    ----------
    work : UnitOfWork
    row : Record
        Without a number; it gets the next one of its kind.
    code : str
        What happened, in the past tense.
    reason : str

    Returns
    -------
    Record
        The same row, with its number.
    """
    (row.id,) = counters.take(work.session, row.subject)
    row.district_code = work.district.code
    work.session.add(row)
    fields = fields_of(row)
    stage = row.stage if isinstance(row, Issue) else None
    _note(work, row, code=code, reason=reason, changes=_begun(type(row), fields), stage=stage)
    if isinstance(row, Issue):
        work.tallies.move(None, key_of(fields), day=work.today)
    return row


def create_many(
    work: UnitOfWork, model: type[AnyRecord], rows: Sequence[dict[str, Any]], *, code: str = "created"
) -> range:
    """Add many records at once, each with its event.

    Parameters
    ----------
    work : UnitOfWork
    model : type of Record
    rows : sequence of dict
        All with the same fields; completed by the model's defaults, and numbered, in place.
    code : str

    Returns
    -------
    range
        The numbers given, in the order of the rows.
    """
    if not rows:
        return range(0)
    defaults = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
    numbers = counters.take(work.session, model.subject, len(rows))
    shared = {**defaults, "district_code": work.district.code, "version": 1}
    for number, row in zip(numbers, rows, strict=True):
        row.update({**shared, **row, "id": number, "district_code": work.district.code, "version": 1})
        stage = row.get("stage") if model is Issue else None
        work.history.append(
            Happening(
                subject_kind=model.subject,
                subject_id=number,
                code=code,
                params={"set": _begun(model, row)},
                stage=stage,
            )
        )
        if model is Issue:
            work.tallies.move(None, key_of(row), day=work.today)
    work.session.connection().execute(insert(model), rows)
    return numbers


def change(work: UnitOfWork, row: AnyRecord, changes: Mapping[str, Any], *, code: str, reason: str = "") -> AnyRecord:
    """Change a record with the event that says so; fields that stay the same are left out.

    Parameters
    ----------
    work : UnitOfWork
    row : Record
    changes : mapping
        Field → new value.
    code : str
    reason : str

    Returns
    -------
    Record
        The same row.
    """
    before = fields_of(row) if isinstance(row, Issue) else {}
    real = {name: value for name, value in changes.items() if getattr(row, name) != value}
    stage = real.get("stage") if isinstance(row, Issue) else None
    _note(work, row, code=code, reason=reason, changes=recorded(type(row), real), stage=stage)
    if before.get("stage") in RECTIFIED:
        work.history.write(work.session)  # the database lets a closed issue change only after its reopening
    for name, value in real.items():
        setattr(row, name, value)
    if isinstance(row, Issue):
        work.tallies.move(key_of(before), key_of({**before, **real}), day=work.today)
    return row


def get(session: Session, model: type[AnyRecord], number: int, *, version: int | None = None) -> AnyRecord:
    """A record by its number.

    Parameters
    ----------
    session : Session
    model : type of Record
    number : int
    version : int, optional
        The version that a form was made from.

    Raises
    ------
    NotFound
    Conflict
        The record has another version by now.
    """
    row = session.get(model, number)
    if row is None:
        raise NotFound(
            "no_such_record", "There is no {kind} with the number {number}", kind=Subject(model.subject), number=number
        )
    if version is not None and row.version != version:
        raise Conflict(
            "stale",
            "The {kind} {number} was changed by somebody else (version {found}, yours {version}); nothing was saved",
            kind=Subject(model.subject),
            number=number,
            found=row.version,
            version=version,
        )
    return row


def fields_of(row: Record) -> dict[str, Any]:
    """All columns of a record as they stand in Python."""
    return {name: getattr(row, name) for name in type(row).model_fields}


def recorded(model: type[Record], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record that its events carry, as the database gives them back: 3 in a column of floats is 3.0."""
    stored_as = _stored_as(model)
    return {
        name: value if value is None or (kind := stored_as[name]) is None else kind(value)
        for name, value in fields.items()
        if name in stored_as
    }


def _begun(model: type[Record], fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the first event of a record carries: an empty field needs no mention, and most of an issue's are."""
    return {name: value for name, value in recorded(model, fields).items() if value is not None}


@cache
def _stored_as(model: type[Record]) -> dict[str, type[float] | type[bool] | None]:
    """Recorded field → the type that numbers take in its column; None where nothing is to be done."""
    hidden = _NEVER_RECORDED | model.unrecorded
    columns = {name: model.__table__.c[name].type for name in model.model_fields if name not in hidden}  # type: ignore[attr-defined]
    return {
        name: float if isinstance(kind, Float) else bool if isinstance(kind, Boolean) else None
        for name, kind in columns.items()
    }


def _note(
    work: UnitOfWork, row: Record, *, code: str, reason: str, changes: dict[str, Any], stage: Stage | None
) -> None:
    happening = Happening(
        subject_kind=row.subject,
        subject_id=row.key,
        code=code,
        params={"set": changes},
        reason=reason,
        stage=stage,
    )
    work.history.append(happening)
