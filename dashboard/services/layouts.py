"""Layouts: how an office or a superior wants a list, with columns, order, headings and title as an officer set them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from dashboard.i18n import label
from dashboard.services.issue_columns import columns_of
from db import records
from db.tables.loop import ExportLayout
from db.unit_of_work import UnitOfWork
from governance.errors import Conflict, InvalidInput, NotFound
from governance.permissions import Right, require
from governance.vocabulary import ListKind

LONGEST_NAME: Final = 80
LONGEST_HEADING: Final = 60
MOST_COLUMNS: Final = 40
Columns = Sequence[tuple[str, str]]
"""Key of the catalogue and the heading above it; an empty heading is the catalogue's own."""

USUAL_COLUMNS: Final[Mapping[ListKind, tuple[str, ...]]] = {
    ListKind.LEDGER: (
        "light", "number", "title", "zone", "enterprise", "stage", "severity", "due_on", "days_late",
        "person_in_charge", "lead_unit", "found_on", "source",
    ),
    ListKind.PROBLEMS: (
        "position", "number", "source", "source_number", "enterprise", "place", "township", "industry", "check_area",
        "category", "severity", "title", "description", "found_on", "stage",
    ),
    ListKind.RESPONSIBILITIES: (
        "position", "number", "title", "enterprise", "township", "leader", "lead_unit", "joining_units",
        "person_in_charge", "sign_off_level", "rectify_due_on", "checker", "signer", "stage",
    ),
    ListKind.RECTIFICATION: (
        "position", "number", "title", "enterprise", "requirement", "measures", "person_in_charge", "rectify_due_on",
        "measures_on", "checked_on", "closed_on", "stage", "light", "days_late", "evidence_count",
    ),
    ListKind.SUPERIOR: (
        "position", "source", "source_number", "source_document", "source_due_on", "title", "enterprise", "township",
        "requirement", "measures", "lead_unit", "person_in_charge", "stage", "light", "evidence_count", "closed_on",
        "handed_in_on", "handed_in_document", "above_basis", "above_result", "number",
    ),
}  # fmt: skip
"""What each list shows until an officer says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a list looks.

    Attributes
    ----------
    name
        By which it is chosen; for the list's own layout also what the list is called.
    columns
        Keys of the catalogue with their headings, in their order.
    record_id, version
        Of the stored layout; None for the usual one, which is part of the program.
    """

    name: str
    list_kind: ListKind
    title: str
    columns: tuple[tuple[str, str], ...]
    record_id: int | None = None
    version: int | None = None
    is_standard: bool = True
    is_retired: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the columns."""
        return tuple(key for key, _heading in self.columns)

    @property
    def headings(self) -> tuple[str, ...]:
        """What an officer wrote above the columns; empty where the catalogue's words stand."""
        return tuple(heading for _key, heading in self.columns)


def usual_layout(kind: ListKind) -> Layout:
    """The layout that a list begins with, in the current language."""
    columns = tuple((key, "") for key in USUAL_COLUMNS[kind])
    return Layout(name=label(kind), list_kind=kind, title=label(kind), columns=columns)


def layouts(session: Session, kind: ListKind | None = None, *, with_retired: bool = False) -> list[Layout]:
    """Layouts that officers stored, by list and name."""
    query = select(ExportLayout).order_by(col(ExportLayout.list_kind), col(ExportLayout.name))
    query = query.where(ExportLayout.list_kind == kind) if kind else query
    query = query if with_retired else query.where(col(ExportLayout.is_retired).is_(False))
    return [_layout(row) for row in session.exec(query)]


def layout_of(session: Session, kind: ListKind, name: str | None = None) -> Layout:
    """The layout of a list.

    Parameters
    ----------
    session : Session
    kind : ListKind
    name : str, optional
        Without one the list's own: the standard one that an officer stored, else the usual one.

    Raises
    ------
    NotFound
        No layout of this list has the name, or it is retired.
    """
    stored = layouts(session, kind)
    if name is None:
        return next((layout for layout in stored if layout.is_standard), None) or usual_layout(kind)
    offered = {layout.name: layout for layout in (usual_layout(kind), *stored)}
    if name not in offered:
        raise NotFound(
            "no_layout",
            "There is no layout {name} of this list; possible: {allowed}",
            name=name,
            allowed=tuple(offered),
        )
    return offered[name]


def add_layout(
    work: UnitOfWork, *, name: str, list_kind: ListKind, title: str, columns: Columns, is_standard: bool = False
) -> Layout:
    """Store a layout.

    Parameters
    ----------
    work : UnitOfWork
    name : str
        1 to 80 characters; no other layout of the district has it, retired ones included.
    list_kind : ListKind
    title : str
        Above the table, 1 to 80 characters.
    columns : sequence of (key, heading)
        1 to 40, each key once; headings of at most 60 characters.
    is_standard : bool
        The list looks so from now on; the layout that was so before stays as one to choose.

    Raises
    ------
    NotAllowed, InvalidInput
    Conflict
        ``layout_name_taken``.
    """
    require(work.actor, Right.EDIT_LAYOUTS)
    fields = _checked(name, title, columns)
    _require_free(work.session, fields["name"], None)
    if is_standard:
        _end_standard(work, list_kind)
    row = ExportLayout(list_kind=list_kind, is_standard=is_standard, **fields)
    return _written(work, records.create(work, row, code="layout_added"))


def change_layout(
    work: UnitOfWork, record_id: int, *, version: int | None, name: str, title: str, columns: Columns
) -> Layout:
    """Change a stored layout; as `add_layout`, with the version that the form was made from.

    Raises
    ------
    NotAllowed, InvalidInput, NotFound, Conflict
    """
    require(work.actor, Right.EDIT_LAYOUTS)
    row = records.get(work.session, ExportLayout, record_id, version=version)
    fields = _checked(name, title, columns)
    _require_free(work.session, fields["name"], record_id)
    return _written(work, records.change(work, row, fields, code="layout_changed"))


def retire_layout(work: UnitOfWork, record_id: int, *, version: int | None) -> Layout:
    """Take a layout out of use; a list whose own it was has its usual one again. It can be seen in the history.

    Raises
    ------
    NotAllowed, NotFound, Conflict
    """
    require(work.actor, Right.EDIT_LAYOUTS)
    row = records.get(work.session, ExportLayout, record_id, version=version)
    return _written(work, records.change(work, row, {"is_retired": True, "is_standard": False}, code="layout_retired"))


def set_list(
    work: UnitOfWork, list_kind: ListKind, *, version: int | None, name: str, title: str, columns: Columns
) -> Layout:
    """Name a list and choose its columns: changes its own layout, or stores it the first time.

    Parameters
    ----------
    work : UnitOfWork
    list_kind : ListKind
    version : int, optional
        Of the layout that the form was made from; None when it was made from the usual one.
    name, title, columns
        As for `add_layout`.

    Raises
    ------
    NotAllowed, InvalidInput
    Conflict
        Somebody else changed it in between, or the name is taken.
    """
    own = layout_of(work.session, list_kind)
    if own.record_id is None:
        return add_layout(work, name=name, list_kind=list_kind, title=title, columns=columns, is_standard=True)
    if version is None:
        raise Conflict("layout_stale", "The list {name} was changed by somebody else; nothing was saved", name=own.name)
    return change_layout(work, own.record_id, version=version, name=name, title=title, columns=columns)


def _written(work: UnitOfWork, row: ExportLayout) -> Layout:
    """The layout with the version that it has from now on."""
    work.session.flush()
    return _layout(row)


def _layout(row: ExportLayout) -> Layout:
    return Layout(
        name=row.name,
        list_kind=row.list_kind,
        title=row.title,
        columns=tuple((key, heading) for key, heading in json.loads(row.columns)),
        record_id=row.key,
        version=row.version,
        is_standard=row.is_standard,
        is_retired=row.is_retired,
    )


def _checked(name: str, title: str, columns: Columns) -> dict[str, Any]:
    """The fields of a layout, or a refusal that names what is wrong."""
    given = [(key, heading.strip()) for key, heading in columns]
    _require_texts(name.strip(), title.strip())
    _require_columns([key for key, _heading in given])
    for _key, heading in given:
        if len(heading) > LONGEST_HEADING:
            raise InvalidInput(
                "heading_too_long",
                "A heading has at most {most} characters; {heading} has {n}",
                most=LONGEST_HEADING,
                heading=heading,
                n=len(heading),
            )
    return {"name": name.strip(), "title": title.strip(), "columns": json.dumps(given, ensure_ascii=False)}


def _require_texts(name: str, title: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput(
            "layout_name", "The name of a layout has 1 to {most} characters; this one has {n}",
            most=LONGEST_NAME, n=len(name),
        )  # fmt: skip
    if not 0 < len(title) <= LONGEST_NAME:
        raise InvalidInput(
            "layout_title", "The title of a layout has 1 to {most} characters; this one has {n}",
            most=LONGEST_NAME, n=len(title),
        )  # fmt: skip


def _require_columns(keys: Sequence[str]) -> None:
    columns_of(keys)
    if not 0 < len(keys) <= MOST_COLUMNS:
        raise InvalidInput(
            "layout_columns", "A layout has 1 to {most} columns; this one has {n}", most=MOST_COLUMNS, n=len(keys)
        )
    twice = tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1))
    if twice:
        raise InvalidInput("columns_twice", "Each column stands in a layout once; named twice: {twice}", twice=twice)


def _require_free(session: Session, name: str, record_id: int | None) -> None:
    known = session.exec(select(ExportLayout).where(ExportLayout.name == name)).first()
    if known is not None and known.id != record_id:
        raise Conflict("layout_name_taken", "There is a layout with the name {name} already", name=name)


def _end_standard(work: UnitOfWork, kind: ListKind) -> None:
    query = select(ExportLayout).where(ExportLayout.list_kind == kind, col(ExportLayout.is_standard).is_(True))
    for row in work.session.exec(query).all():
        records.change(work, row, {"is_standard": False}, code="layout_changed")
