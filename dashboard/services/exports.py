"""Ledgers and layers out: what a person may see, in a fixed order, in files that import again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, and_, true
from sqlmodel import Session, col, select

from dashboard.exporters.columns import LIST_SEPARATOR, Column, enterprise_columns, issue_columns
from dashboard.exporters.layers import write_points
from dashboard.exporters.tables import write_table
from dashboard.i18n import label, pgettext
from dashboard.services.past_records import records_on
from db.repositories.dated import valid_on
from db.repositories.people import units
from db.repositories.scopes import enterprises_within, issues_within
from db.repositories.territory import industries, zones
from db.tables.issues import Issue, IssueUnit
from db.tables.people import Appointment, Person
from db.tables.territory import Enterprise
from db.unit_of_work import current_district
from governance.permissions import Actor, Right, require
from governance.vocabulary import Role, ZoneKind

Format = Literal["xlsx", "csv", "geojson", "gpkg"]
FORMATS: Final[tuple[Format, ...]] = ("xlsx", "csv", "geojson", "gpkg")
Fields = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that was written: how many records it holds, where it is, and its SHA-256."""

    written: int
    path: Path
    sha256: str


@dataclass(frozen=True, kw_only=True)
class _Words:
    """Number → what is written for it; a name that several share is replaced by the code."""

    townships: Mapping[int, str]
    industries: Mapping[int, str]
    units: Mapping[int, str]
    people: Mapping[int, str]
    enterprises: Mapping[int, Fields]


def export_enterprises(
    session: Session,
    actor: Actor,
    path: Path,
    *,
    format: Format,  # noqa: A002 - the word of the command line
    as_of: date | None = None,
    condition: ColumnElement[bool] | None = None,
) -> Written:
    """Write the enterprises that a person may see.

    Parameters
    ----------
    session : Session
    actor : Actor
        With the rights of today, also when looking at the past.
    path : Path
        Replaced when the whole file is written.
    format : {"xlsx", "csv", "geojson", "gpkg"}
    as_of : date, optional
        Local day at whose end they stood so; today without it.
    condition : ColumnElement, optional
        On `Enterprise` as it is today; narrows the scope.

    Returns
    -------
    Written
        Ordered by credit code (those without one last), name and township. The same records give the same
        bytes; headers are in the current language.

    Raises
    ------
    NotAllowed
    """
    require(actor, Right.EXPORT)
    within = and_(enterprises_within(actor, Right.EXPORT), condition if condition is not None else true())
    words = _words(session)
    held = _records(session, Enterprise, within, as_of)
    directors = _directors(session, as_of)
    rows = [_enterprise_row(fields, words, directors.get(fields["id"])) for fields in held]
    columns = enterprise_columns(pgettext, label)
    rows.sort(
        key=lambda row: (row["credit_code"] is None, row["credit_code"] or "", row["name"], row["township"] or "")
    )
    return _write(columns, rows, path, format, layer="enterprises")


def export_issues(
    session: Session,
    actor: Actor,
    path: Path,
    *,
    format: Format,  # noqa: A002 - the word of the command line
    as_of: date | None = None,
    condition: ColumnElement[bool] | None = None,
) -> Written:
    """Write the issues that a person may see, by number; else as `export_enterprises`."""
    require(actor, Right.EXPORT)
    within = and_(issues_within(actor, Right.EXPORT), condition if condition is not None else true())
    words = _words(session)
    held = sorted(_records(session, Issue, within, as_of), key=lambda fields: str(fields["number"]))
    joining = _joining(session, words, as_of)
    rows = [_issue_row(fields, words, joining.get(fields["id"], ())) for fields in held]
    return _write(issue_columns(pgettext, label), rows, path, format, layer="issues")


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(columns: Sequence[Column], rows: Sequence[Fields], path: Path, format: Format, *, layer: str) -> Written:  # noqa: A002
    values = ([row[column.field] for column in columns] for row in rows)
    if format == "xlsx" or format == "csv":
        count = write_table(columns, values, path, format=format)
    else:
        count = write_points(columns, values, path, format=format, layer=layer)
    return Written(written=count, path=path, sha256=digest_of(path))


def _records(
    session: Session, model: type[Enterprise] | type[Issue], within: ColumnElement[bool], as_of: date | None
) -> Iterator[Fields]:
    """Records in scope as they are, or as they stood at the end of a day."""
    if as_of is None:
        names = list(model.model_fields)
        query = select(*(getattr(model, name) for name in names)).where(within)
        for row in session.connection().execute(query):
            yield dict(zip(names, row, strict=True))
        return
    district = current_district(session)
    in_scope = set(session.exec(select(model.id).where(within)))
    past = records_on(session, model, day=as_of, time_zone=district.time_zone)
    blank = dict.fromkeys(model.model_fields)
    yield from ({**blank, **fields} for number, fields in past.items() if number in in_scope)


def _enterprise_row(fields: Fields, words: _Words, director: str | None) -> dict[str, Any]:
    return {
        **fields,
        "township": words.townships.get(fields["township_id"]),
        "industry": words.industries.get(fields["industry_id"]),
        "x": fields["lon"],
        "y": fields["lat"],
        "director_name": director,
    }


def _issue_row(fields: Fields, words: _Words, joining: tuple[str, ...]) -> dict[str, Any]:
    enterprise = words.enterprises.get(fields["enterprise_id"], {})
    return {
        **fields,
        "enterprise": enterprise.get("name"),
        "enterprise_credit_code": enterprise.get("credit_code"),
        "township": words.townships.get(fields["township_id"]),
        "industry": words.industries.get(fields["industry_id"]),
        "lead_unit": words.units.get(fields["lead_unit_id"]),
        "joining_units": joining,
        "person_in_charge": words.people.get(fields["person_in_charge_id"]),
        "x": fields["lon"],
        "y": fields["lat"],
    }


def _words(session: Session) -> _Words:
    townships = zones(session, kind=ZoneKind.TOWNSHIP)
    people = session.exec(select(Person).order_by(col(Person.code)))
    query = select(Enterprise.id, Enterprise.name, Enterprise.credit_code)
    enterprises = {row[0] or 0: {"name": row[1], "credit_code": row[2]} for row in session.exec(query)}
    return _Words(
        townships=_told_apart((zone.key, zone.name, zone.code) for zone in townships),
        industries=_told_apart((item.key, item.name, item.code) for item in industries(session)),
        units=_told_apart((unit.key, unit.name, unit.code) for unit in units(session)),
        people=_told_apart((person.key, person.name, person.code) for person in people),
        enterprises=enterprises,
    )


def _told_apart(things: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    held = list(things)
    counts = Counter(name for _, name, _ in held)
    return {number: name if counts[name] == 1 else code for number, name, code in held}


def _directors(session: Session, as_of: date | None) -> dict[int, str]:
    """Enterprise number → names of its environment directors on a day, in the order of their codes."""
    query = (
        select(Appointment.enterprise_id, Person.name)
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(Appointment.role == Role.ENVIRONMENT_DIRECTOR, col(Appointment.enterprise_id).is_not(None))
        .where(valid_on(Appointment, as_of) if as_of is not None else col(Appointment.valid_to).is_(None))
        .order_by(col(Person.code))
    )
    found: dict[int, list[str]] = {}
    for number, name in session.exec(query):
        found.setdefault(number or 0, []).append(name)
    return {number: LIST_SEPARATOR.join(names) for number, names in found.items()}


def _joining(session: Session, words: _Words, as_of: date | None) -> dict[int, tuple[str, ...]]:
    """Issue number → units that join in it, in the order in which they were named."""
    query = select(IssueUnit.id, IssueUnit.issue_id, IssueUnit.unit_id).order_by(col(IssueUnit.id))
    held = session.exec(query).all()
    if as_of is not None:
        known = records_on(session, IssueUnit, day=as_of, time_zone=current_district(session).time_zone)
        held = [row for row in held if row[0] in known]
    found: dict[int, tuple[str, ...]] = {}
    for _, issue_id, unit_id in held:
        found[issue_id] = (*found.get(issue_id, ()), words.units[unit_id])
    return found
