"""From a table to rows, column by column: each distinct cell is read once, every refusal is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from dashboard.importers.coordinates import Extent, Position, exchanged, is_exchanged, parse_position
from dashboard.importers.headers import Header, Ledger, find_header, is_footer
from dashboard.importers.refusals import Cell, Refusal, RowError
from dashboard.importers.table_reading import Table
from dashboard.importers.values import is_blank, is_blank_word

Row = TypeVar("Row")

_TAIL_ROWS: Final = 10


@dataclass(frozen=True)
class Field:
    """How one field is read.

    Attributes
    ----------
    parse : callable
        Cell → value; raises `Refusal`.
    is_required : bool
        Whether a row without it is refused, and a table without its column.
    is_free : bool
        Whether words for nothing ("none", a dash) are values of it.
    empty : object
        Its value where the cell is blank.
    """

    parse: Callable[[Cell], object]
    is_required: bool = False
    is_free: bool = False
    empty: object = None

    def read(self, cell: Cell) -> object:
        """Return the value of a cell, or the refusal as a value."""
        if is_blank(cell) if self.is_free else is_blank_word(cell):
            return self.empty
        try:
            return self.parse(cell)
        except Refusal as refusal:
            return refusal


class Outcome(NamedTuple):
    """The parts of `dashboard.importers.rows.Parsed`, in its order."""

    header: Header
    rows: list[Any]
    errors: list[RowError]
    read: int
    blank: int
    duplicates: list[tuple[int, int]]
    skipped: list[int]


class _Columns:
    """Values and refusals of one table's columns, by field; rows count from 0 below the header."""

    def __init__(self, table: Table, header: Header) -> None:
        self.first_row = header.row + 1
        self.count = len(table.rows) - header.row
        self.cells: dict[str, Sequence[Cell]] = {
            field: [row[place] for row in table.rows[header.row :]] for field, place in header.columns.items()
        }
        self.values: dict[str, Sequence[object]] = {}
        self.errors: list[RowError] = []

    def read(self, name: str, field: Field) -> None:
        """Read one column, each distinct cell once."""
        cells = self.cells.get(name)
        if cells is None:
            self.values[name] = [field.empty] * self.count
            return
        known = {cell: field.read(cell) for cell in dict.fromkeys(cells)}
        refused = {cell: value for cell, value in known.items() if isinstance(value, Refusal)}
        for index, cell in enumerate(cells) if refused else ():
            if cell in refused:
                self.refuse(index, name, refused[cell])
        known.update(dict.fromkeys(refused, field.empty))
        self.values[name] = [known[cell] for cell in cells]

    def refuse(self, index: int, name: str, refusal: Refusal) -> None:
        """Keep a refusal of the cell in a row and column."""
        cells = self.cells.get(name) or self.cells.get("coordinates")
        value = cells[index] if cells is not None else None
        self.errors.append(RowError.of(refusal, row=self.first_row + index, name=name, value=value))


def parse_rows(
    table: Table,
    ledger: Ledger,
    row_class: Callable[..., Row],
    fields: Mapping[str, Field],
    *,
    mapping: Mapping[str, str] | None,
    extent: Extent | None,
) -> Outcome:
    """Read the rows below the header; see `dashboard.importers.rows.parse_enterprises`.

    Parameters
    ----------
    table, ledger, mapping, extent
        What is read, and by which header.
    row_class : callable
        Takes the row's number and the values in the order of ``fields``.
    fields : mapping of str to Field
        All fields of the row class.

    Raises
    ------
    InvalidInput
        The header cannot be used.
    """
    required = [name for name, field in fields.items() if field.is_required]
    header = find_header(table, ledger, required=required, mapping=mapping)
    columns = _Columns(table, header)
    for name, field in fields.items():
        columns.read(name, field)
    _read_positions(columns, extent=extent)
    return _sorted_out(table, header, columns, row_class, fields)


def _read_positions(columns: _Columns, *, extent: Extent | None) -> None:
    """Take x and y from the one column that holds both, or check that both columns agree."""
    if "coordinates" in columns.cells and not {"x", "y"} & columns.cells.keys():
        _split_positions(columns, extent=extent)
    refused = {error.row - columns.first_row for error in columns.errors if error.field in ("x", "y")}
    for index, (x, y) in enumerate(zip(columns.values["x"], columns.values["y"], strict=True)):
        if isinstance(x, float) and isinstance(y, float):
            if extent is not None and not (extent[0] <= x <= extent[2] and extent[1] <= y <= extent[3]):
                _check_order(columns, index, Position(x, y), extent)
        elif x is not y and index not in refused:
            half = Refusal("coordinate_half", "Of the two coordinates only one is given.")
            columns.refuse(index, "x" if x is None else "y", half)


def _split_positions(columns: _Columns, *, extent: Extent | None) -> None:
    whole = Field(lambda cell: parse_position(cell, extent=extent), empty=(None, None))
    columns.read("coordinates", whole)
    pairs: list[Any] = list(columns.values.pop("coordinates"))
    columns.values["x"] = [pair[0] for pair in pairs]
    columns.values["y"] = [pair[1] for pair in pairs]


def _check_order(columns: _Columns, index: int, position: Position, extent: Extent) -> None:
    if is_exchanged(position, extent):
        columns.refuse(index, "x", exchanged(position))


def _refuse_missing(columns: _Columns, fields: Mapping[str, Field]) -> set[int]:
    """Refuse rows without a required value; return the numbers of rows without any value."""
    refused = {(error.row - columns.first_row, error.field) for error in columns.errors}
    in_error = {index for index, _ in refused}
    blank: set[int] = set()
    for name in (name for name, field in fields.items() if field.is_required):
        for index, value in enumerate(columns.values[name]):
            if value is not None or (index, name) in refused:
                continue
            if index not in in_error and _is_empty(columns, fields, index):
                blank.add(columns.first_row + index)
            else:
                columns.refuse(index, name, Refusal("value_missing", "A value is needed here."))
    return blank


def _is_empty(columns: _Columns, fields: Mapping[str, Field], index: int) -> bool:
    return all(columns.values[name][index] == field.empty for name, field in fields.items())


def _no_records(table: Table, columns: _Columns, header: Header) -> set[int]:
    """Return the rows that repeat the header, and the totals and signatures among odd and last rows."""
    header_rows = table.rows[header.first_row - 1 : header.row]
    last = len(table.rows)
    odd = {error.row for error in columns.errors} | set(range(max(header.row, last - _TAIL_ROWS) + 1, last + 1))
    repeated = {number for number, row in enumerate(table.rows[header.row :], header.row + 1) if row in header_rows}
    return repeated | {number for number in odd if is_footer(table.rows[number - 1])}


def _sorted_out(
    table: Table,
    header: Header,
    columns: _Columns,
    row_class: Callable[..., Row],
    fields: Mapping[str, Field],
) -> Outcome:
    """Part the rows into taken, blank, repeated, skipped and refused ones."""
    blank = _refuse_missing(columns, fields)
    skipped = _no_records(table, columns, header) - blank
    errors = _in_order((error for error in columns.errors if error.row not in skipped), fields)
    left_out = blank | skipped | {error.row for error in errors}
    lists = [columns.values[name] for name in fields]
    seen: dict[int, int] = {}
    rows: list[Row] = []
    duplicates: list[tuple[int, int]] = []
    for number, values in enumerate(zip(*lists, strict=True), columns.first_row):
        if number in left_out:
            continue
        first = _first_alike(seen, lists, values, number=number, origin=columns.first_row)
        if first == number:
            rows.append(row_class(number, *values))
        else:
            duplicates.append((number, first))
    read = columns.count - len(blank) - len(skipped)
    return Outcome(header, rows, errors, read, len(blank), duplicates, sorted(skipped))


def _first_alike(
    seen: dict[int, int],
    lists: Sequence[Sequence[object]],
    values: tuple[object, ...],
    *,
    number: int,
    origin: int,
) -> int:
    """Return the first row with these values, which may be this one; only hashes are kept, not values."""
    key = hash(values)
    first = seen.setdefault(key, number)
    while first != number and any(column[first - origin] != value for column, value in zip(lists, values, strict=True)):
        key += 1
        first = seen.setdefault(key, number)
    return first


def _in_order(errors: Iterable[RowError], fields: Mapping[str, Field]) -> list[RowError]:
    places = {name: place for place, name in enumerate((*fields, "coordinates"))}
    return sorted(errors, key=lambda error: (error.row, places[error.field]))
