"""Separated values in: encoding, separator, and the protection of formulas taken off again."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from dashboard.importers.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from dashboard.importers.refusals import Cell
from governance.errors import InvalidInput

_SEPARATORS: Final = (",", "\t", ";", "|")
_SAMPLE_ROWS: Final = 20
_PROTECTED: Final = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def read_delimited(path: Path) -> list[list[Cell]]:
    """Read a file of separated values as text cells.

    UTF-8 (with or without mark), UTF-16 with mark, else GB 18030, of which GBK is a part. The
    separator is the one of comma, tab, semicolon and bar that splits the first rows most evenly.
    One apostrophe before a sign that would start a formula is the protection of the export and
    is taken off. Rows are filled to equal length.

    Raises
    ------
    InvalidInput
        ``text_encoding_unknown``, ``table_too_large``, ``table_empty``, ``file_broken``.
    """
    text = _decoded(path)
    first, _, rest = text.partition("\n")
    match = re.fullmatch(r"\s*sep=(.)\s*", first)
    if match:
        text = f"\n{rest}"
    try:
        separator = match[1] if match else _separator(text)
        rows = _limited(csv.reader(io.StringIO(text, newline=""), delimiter=separator), name=path.name)
    except csv.Error as error:
        raise InvalidInput(
            "file_broken", "The file {name} cannot be read: {why}.", name=path.name, why=str(error)
        ) from error
    width = max(map(len, rows), default=0)
    if width == 0:
        raise InvalidInput("table_empty", "The file {name} holds no rows.", name=path.name)
    return [row + [""] * (width - len(row)) for row in rows]


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InvalidInput(
        "text_encoding_unknown",
        "The file {name} is neither UTF-8 nor GB 18030 text; save it again as CSV UTF-8.",
        name=path.name,
    )


def _separator(text: str) -> str:
    """Return the separator that cuts most often where sample rows agree on their width; ties: the earlier."""

    def cuts(separator: str) -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            widths = Counter(map(len, islice(reader, _SAMPLE_ROWS)))
        except csv.Error:
            return 0
        return max(((width - 1) * count for width, count in widths.items()), default=0)

    return max(_SEPARATORS, key=cuts)


def _limited(reader: Iterable[list[str]], *, name: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    width = 0
    for row in reader:
        width = max(width, len(row))
        if len(rows) >= MOST_ROWS or width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
            raise InvalidInput(
                "table_too_large",
                "The table in {name} is too large; at most {rows} rows and {columns} columns are read.",
                name=name, rows=MOST_ROWS, columns=MOST_COLUMNS,
            )  # fmt: skip
        rows.append([unprotected(text) for text in row])
    return rows


def unprotected(text: str) -> str:
    """Take off the apostrophe that keeps a table program from taking text for a formula."""
    if text.startswith("'") and _PROTECTED.match(text):
        return text[1:]
    return text
