"""The columns of exported ledgers: the importer's fields in their order, headed in the person's language."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Final

from dashboard.importers.rows import EnterpriseRow, IssueRow

Translate = Callable[[str, str], str]
"""Context and message id → text, as `dashboard.i18n.pgettext`."""
Label = Callable[[Enum], str]
"""Member of a vocabulary → its word, as `dashboard.i18n.label`."""
OutCell = str | float | int | date | None
"""What is written: text, number, date, or nothing."""

LIST_SEPARATOR: Final = "\N{IDEOGRAPHIC COMMA}"
_WIDTHS: Final = {
    "title": 44, "description": 44, "requirement": 36, "measures": 36, "address": 36, "enterprise": 30,
    "name": 30, "name_en": 30, "place": 28, "credit_code": 22, "enterprise_credit_code": 22,
    "joining_units": 22, "lead_unit": 18, "source_document": 18,
}  # fmt: skip
_WIDTH: Final = 13


@dataclass(frozen=True)
class Column:
    """One column of an export.

    Attributes
    ----------
    field : str
        Name of the field, the same at import.
    header : str
        What stands above it.
    width : int
        In characters of the sheet's font.
    show : callable
        Value → what is written.
    """

    field: str
    header: str
    width: int
    show: Callable[[object], OutCell]


def enterprise_columns(translate: Translate, label: Label) -> tuple[Column, ...]:
    """Return the columns of the ledger of enterprises; `issue_columns` tells of the parameters."""
    return _columns(_ENTERPRISE_FIELDS, translate, label)


def issue_columns(translate: Translate, label: Label) -> tuple[Column, ...]:
    """Return the columns of the ledger of issues.

    Parameters
    ----------
    translate : callable
        ``translate("column", field)`` is the header, ``translate("answer", "yes")`` a truth value.
    label : callable
        The word for a member of a vocabulary.

    Returns
    -------
    tuple of Column
        The fields of `dashboard.importers.rows.IssueRow` in their order, without ``row``.
    """
    return _columns(_ISSUE_FIELDS, translate, label)


def values_of(columns: Sequence[Column], records: Iterable[object]) -> Iterator[tuple[object, ...]]:
    """Yield each record's attributes in the order of the columns; a missing attribute raises AttributeError."""
    names = [column.field for column in columns]
    for record in records:
        yield tuple(getattr(record, name) for name in names)


_ENTERPRISE_FIELDS: Final = tuple(item.name for item in fields(EnterpriseRow) if item.name != "row")
_ISSUE_FIELDS: Final = tuple(item.name for item in fields(IssueRow) if item.name != "row")


def _columns(names: Iterable[str], translate: Translate, label: Label) -> tuple[Column, ...]:
    show = cell_shown_by(translate, label)
    return tuple(Column(name, translate("column", name), _WIDTHS.get(name, _WIDTH), show) for name in names)


def cell_shown_by(translate: Translate, label: Label) -> Callable[[object], OutCell]:
    """Return how any value of a record is written: words by label, truth values and lists in the language."""
    answers = {True: translate("answer", "yes"), False: translate("answer", "no")}

    def show(value: object) -> OutCell:
        if value is None or type(value) is str:
            return value
        if isinstance(value, Enum):
            return label(value)
        if isinstance(value, bool):
            return answers[value]
        if isinstance(value, tuple | list):
            return LIST_SEPARATOR.join(map(str, value)) or None
        return value if isinstance(value, str | float | int | date) else str(value)

    return show
