"""The child process that opens workbooks: limits itself, looks before it reads, and writes lines of JSON.

It runs alone (``python -I reading_process.py REQUEST``), so it imports nothing of the product. The first
line names the sheet, each further line holds rows, the last one says how many there were; a line with
``fault`` ends the reading.
"""

import gc
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

ROWS_PER_LINE: Final = 2000
SCAN_BYTES: Final = 1024 * 1024
OVERLAP_BYTES: Final = 4096
HEAD_BYTES: Final = 4096
FAR_CELL: Final = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]{0,2}(?:\d{7}|[3-9]\d{5}))')
"""Column AAA or row 300,000 and beyond: further out than any limit lets through."""
ERROR_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v>')
UNSOLVED_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)(<v\s*/>|<v></v>)?</c>')
RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Marks = dict[tuple[int, int], str]
Merges = list[tuple[tuple[int, int], tuple[int, int]]]


class Fault(Exception):
    """Ends the reading; the parent turns the code into a sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.line = {"fault": code, "params": params}


def main(request: dict[str, Any]) -> None:
    """Read one sheet and write it; the only output on any fault is its line."""
    limit_self(request)
    gc.disable()
    try:
        for line in sheet_lines(request):
            write(line)
    except Fault as fault:
        write(fault.line)
    except PasswordError:
        write(Fault("file_encrypted").line)
    except MemoryError:
        write(Fault("file_limit").line)
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError):
        write(Fault("file_broken").line)


def limit_self(request: dict[str, Any]) -> None:
    """Take away memory, processor time, file writing and further files, as far as the system can."""
    for name, most in (
        (resource.RLIMIT_AS, request["memory"]),
        (resource.RLIMIT_CPU, request["cpu"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        try:
            resource.setrlimit(name, (most, most))
        except (ValueError, OSError):
            continue


def write(line: object) -> None:
    """Write one line of JSON to the parent."""
    sys.stdout.buffer.write(ENCODER.encode(line).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def plain(value: object) -> object:
    """Turn what JSON has no form for into an object with a date, or into text."""
    return {"d": value.isoformat()} if isinstance(value, date) else str(value)


ENCODER: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=plain)


def sheet_lines(request: dict[str, Any]) -> Iterator[object]:
    """Yield the lines for the chosen sheet."""
    path = request["path"]
    archive = zipfile.ZipFile(path) if zipfile.is_zipfile(path) else None
    parts = {} if archive is None else checked_parts(archive, request)
    with CalamineWorkbook.from_path(path) as workbook:
        name, sheet, marks = chosen_sheet(workbook, archive, parts, request)
        others = [
            other for other in visible_names(workbook)
            if other != name and holds_something(workbook, archive, parts.get(other), other)
        ]  # fmt: skip
        yield {"sheet": name, "others": others}
        merges = sheet.merged_cell_ranges or []
        check_merges(merges, sheet, request)
        chunk: list[list[Any]] = []
        count = 0
        for row in filled_rows(sheet, merges, marks):
            chunk.append(row)
            if len(chunk) == ROWS_PER_LINE:
                yield chunk
                count, chunk = count + len(chunk), []
        yield chunk
        yield {"rows": count + len(chunk)}


def checked_parts(archive: zipfile.ZipFile, request: dict[str, Any]) -> dict[str, str]:
    """Check the sizes that the archive declares; return sheet name → part."""
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if len(infos) > request["entries"] or sum(info.file_size for info in infos) > request["unpacked"]:
        raise Fault("file_limit")
    if any(info.file_size > request["part"] for info in infos):
        raise Fault("file_limit")
    if "xl/workbook.xml" not in names:
        raise Fault("file_kind_unknown")
    refuse_document_types(archive)
    relations = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in parsed_part(archive, "xl/_rels/workbook.xml.rels")
    }
    parts = {}
    for element in parsed_part(archive, "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet"):
            target = relations.get(element.get(RELATIONSHIP, ""), "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            parts[element.get("name", "")] = part if part in names else ""
    return parts


def refuse_document_types(archive: zipfile.ZipFile) -> None:
    """Refuse parts that declare entities: no table program writes them."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as file:
                if b"<!DOCTYPE" in file.read(HEAD_BYTES):
                    raise Fault("file_broken")


def parsed_part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Parse a small part that declares no document type, so that no entity is ever expanded."""
    with archive.open(name) as file:
        data = file.read(SCAN_BYTES)
    if b"<!" in data.replace(b"<!--", b""):
        raise Fault("file_broken")
    return ElementTree.fromstring(data)  # noqa: S314 - no document type, at most one mebibyte


def visible_names(workbook: CalamineWorkbook) -> list[str]:
    """Return the names of the sheets that a person sees, in their order."""
    return [meta.name for meta in workbook.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]


def chosen_sheet(
    workbook: CalamineWorkbook, archive: zipfile.ZipFile | None, parts: dict[str, str], request: dict[str, Any]
) -> tuple[str, CalamineSheet, Marks]:
    """Return the sheet asked for, else the first with several rows and columns, else the first with any."""
    wanted = request["sheet"]
    if wanted is not None and wanted not in workbook.sheet_names:
        raise Fault("sheet_unknown", sheet=wanted, sheets=workbook.sheet_names)
    found: tuple[str, CalamineSheet, Marks] | None = None
    for name in [wanted] if wanted is not None else visible_names(workbook):
        marks = scanned(archive, parts[name]) if archive is not None and parts.get(name) else {}
        sheet = workbook.get_sheet_by_name(name)
        check_size(sheet, request)
        if sheet.height > 1 and sheet.width > 1:
            return name, sheet, marks
        if found is None and sheet.height:
            found = name, sheet, marks
    if found is None:
        raise Fault("table_empty")
    return found


def check_size(sheet: CalamineSheet, request: dict[str, Any]) -> None:
    """Refuse a sheet with more rows, columns or cells than are read."""
    rows, columns = sheet.total_height, sheet.width
    if rows > request["rows"] or columns > request["columns"] or rows * columns > request["cells"]:
        raise Fault("table_too_large")


def check_merges(merges: Merges, sheet: CalamineSheet, request: dict[str, Any]) -> None:
    """Refuse more merged cells than a sheet could hold side by side."""
    rows, columns = sheet.total_height, sheet.width
    cells = sum(min(end[0] - begin[0] + 1, rows) * min(end[1] - begin[1] + 1, columns) for begin, end in merges)
    if len(merges) > request["merges"] or cells > request["cells"]:
        raise Fault("table_too_large")


def holds_something(workbook: CalamineWorkbook, archive: zipfile.ZipFile | None, part: str | None, name: str) -> bool:
    """Tell whether a sheet has a value; of a zipped sheet only as much is unpacked as that takes."""
    if archive is None or not part:
        return workbook.get_sheet_by_name(name).height > 0
    return any(b"<v>" in chunk or b"<is>" in chunk for chunk in chunks(archive, part))


def chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part piece by piece, each beginning with the end of the one before."""
    with archive.open(part) as file:
        tail = b""
        while piece := file.read(SCAN_BYTES):
            yield tail + piece
            tail = piece[-OVERLAP_BYTES:]


def scanned(archive: zipfile.ZipFile, part: str) -> Marks:
    """Refuse far cells before anything reserves room for them; return cells whose formula has no value."""
    marks: Marks = {}
    for chunk in chunks(archive, part):
        if FAR_CELL.search(chunk):
            raise Fault("table_too_large")
        if b't="e"' in chunk:
            for column, row, value in ERROR_CELL.findall(chunk):
                marks[place(column, row)] = value.decode("ascii", "replace")
        if b"<f" in chunk:
            for column, row, attributes, empty in UNSOLVED_CELL.findall(chunk):
                if not (empty and b't="str"' in attributes):
                    marks[place(column, row)] = "#CALC!"
    return marks


def place(column: bytes, row: bytes) -> tuple[int, int]:
    """Return row and column from 0 for the letters and digits of a cell's name."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return int(row) - 1, number - 1


def filled_rows(sheet: CalamineSheet, merges: Merges, marks: Marks) -> Iterator[list[Any]]:
    """Yield every row from the first of the sheet, faults marked and merged ranges filled."""
    left = sheet.start[1] if sheet.start else 0
    rows: Iterator[list[Any]] = sheet.iter_rows()
    if marks:
        rows = marked_rows(rows, marks, left=left)
    return merged_rows(rows, merges, left=left) if merges else rows


def marked_rows(rows: Iterator[list[Any]], marks: Marks, *, left: int) -> Iterator[list[Any]]:
    """Put the marks of cells without a value into their places."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (index, column), value in marks.items():
        by_row.setdefault(index, []).append((column - left, value))
    for index, row in enumerate(rows):
        for column, value in by_row.get(index, ()):
            if 0 <= column < len(row):
                row[column] = value
        yield row


def merged_rows(rows: Iterator[list[Any]], merges: Merges, *, left: int) -> Iterator[list[Any]]:
    """Put the value of each merged range into all of its cells."""
    waiting = sorted(merges, reverse=True)
    begun: list[tuple[int, int, int, Any]] = []
    for index, row in enumerate(rows):
        while waiting and waiting[-1][0][0] <= index:
            (_, first), (last_row, last) = waiting.pop()
            if 0 <= first - left < len(row):
                begun.append((last_row, first - left, last - left + 1, row[first - left]))
        begun = [merge for merge in begun if merge[0] >= index]
        for _, first, end, value in begun:
            row[first:end] = [value] * (min(end, len(row)) - first)
        yield row


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
