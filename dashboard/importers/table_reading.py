"""Table files in: what kind a file really is, and its rows as they stand in the sheet."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard.importers.delimited_reading import read_delimited
from dashboard.importers.point_reading import is_layer, read_points
from dashboard.importers.refusals import Cell
from dashboard.importers.workbook_reading import read_workbook
from governance.errors import InvalidInput

LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True)
class Table:
    """One sheet, or one file of separated values.

    Attributes
    ----------
    sheet : str
        Name of the sheet; the file's stem for separated values.
    rows : list of list of Cell
        All rows from row 1 on, blank ones included, each of the same length; a blank cell is empty
        text; a merged range shows its value in every one of its cells. Row ``i`` of the list is
        row ``i + 1`` of the sheet.
    other_sheets : tuple of str
        Names of further sheets that hold something and were not read.
    """

    sheet: str
    rows: list[list[Cell]]
    other_sheets: tuple[str, ...] = ()


def read_table(path: Path, *, sheet: str | None = None) -> Table:
    """Read an Excel workbook (xlsx, xls), separated values (csv, tsv, txt) or points (GeoJSON, GeoPackage).

    The first bytes decide what the file is, never its name. Workbooks are read in a child process
    with limits on memory, time, rows and columns.

    Parameters
    ----------
    path : Path
        The file; it is only read.
    sheet : str, optional
        Sheet to read, or layer of a GeoPackage; without it the first visible sheet that holds more than one
        row and column, else the first that holds anything.

    Raises
    ------
    InvalidInput
        ``file_missing``, ``file_empty``, ``file_too_large``, ``file_kind_unknown``, ``file_web_page``,
        ``file_encrypted``, ``file_broken``, ``file_limit``, ``table_too_large``, ``table_empty``,
        ``sheet_unknown`` or ``text_encoding_unknown``.
    """
    if not path.is_file():
        raise InvalidInput("file_missing", "There is no file {name}.", name=str(path))
    size = path.stat().st_size
    if size == 0:
        raise InvalidInput("file_empty", "The file {name} is empty.", name=path.name)
    if size > LARGEST_FILE_BYTES:
        raise InvalidInput(
            "file_too_large",
            "The file {name} has {size} bytes; at most {most} are read.",
            name=path.name, size=size, most=LARGEST_FILE_BYTES,
        )  # fmt: skip
    if is_layer(path):
        return Table(path.stem, read_points(path, layer=sheet))
    if _is_workbook(path):
        name, rows, others = read_workbook(path, sheet=sheet)
        return Table(name, rows, others)
    return Table(path.stem, read_delimited(path))


def _is_workbook(path: Path) -> bool:
    """Tell a workbook from text; refuse what is neither."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith((_ZIP, _OLE)):
        return True
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        raise InvalidInput(
            "file_web_page",
            "The file {name} is a web page or XML under a table's name; open it and save it as .xlsx.",
            name=path.name,
        )
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if head.startswith(_OTHERS) or (b"\x00" in head and not is_wide):
        raise InvalidInput(
            "file_kind_unknown",
            "The file {name} is no table; allowed are xlsx, xls, csv and tsv.",
            name=path.name,
        )
    return False
