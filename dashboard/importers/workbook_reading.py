"""Workbooks in: starts the reading process, takes its lines, and says why nothing came."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final

from dashboard.importers import limits
from dashboard.importers.refusals import Cell
from governance.errors import InvalidInput

_PROCESS: Final = Path(__file__).with_name("reading_process.py").resolve()
_KEPT_ENVIRONMENT: Final = ("LD_LIBRARY_PATH",)
_LIMITED: Final = "The file {name} needs more memory or time to read than is allowed; remove far or unused cells."
_SENTENCES: Final = {
    "file_broken": "The file {name} is damaged or no workbook; open it and save it as .xlsx.",
    "file_encrypted": "The file {name} is protected by a password; save it without one.",
    "file_kind_unknown": "The file {name} is no table; allowed are xlsx, xls, csv and tsv.",
    "file_limit": _LIMITED,
    "sheet_unknown": "The file {name} has no sheet “{sheet}”; it has {sheets}.",
    "table_empty": "The file {name} holds no rows.",
    "table_too_large": ("The table in {name} is too large; at most {rows} rows and {columns} columns are read."),
}


def read_workbook(path: Path, *, sheet: str | None = None) -> tuple[str, list[list[Cell]], tuple[str, ...]]:
    """Read one sheet of an xlsx or xls file in a child process.

    Returns
    -------
    tuple
        Name of the sheet, all its rows from row 1 (blank cells are empty text, equal lengths), and
        the names of visible sheets that hold something and were not read.

    Raises
    ------
    InvalidInput
        With the codes of ``_SENTENCES``; nothing of the child's own words is passed on.
    """
    with _reading(path, sheet) as lines:
        head = next(lines, None)
        if head is None:
            raise _refusal("file_limit", path)
        rows: list[list[Cell]] = []
        for line in lines:
            if isinstance(line, dict):
                return head["sheet"], _squared(rows), tuple(head["others"])
            rows.extend(line)
    raise _refusal("file_limit", path)


def _squared(rows: list[list[Cell]]) -> list[list[Cell]]:
    width = max(map(len, rows), default=0)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return rows


@contextmanager
def _reading(path: Path, sheet: str | None) -> Iterator[Iterator[Any]]:
    """Run the reading process in an empty folder; it is ended when the block ends."""
    with (
        tempfile.TemporaryDirectory(prefix="gridguard-read-") as folder,
        subprocess.Popen(
            [sys.executable, "-I", "-B", str(_PROCESS), _request(path, sheet)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
        ) as process,
    ):
        timer = threading.Timer(limits.CHILD_WALL_SECONDS, process.kill)
        timer.start()
        try:
            yield _lines(process, path)
        finally:
            timer.cancel()
            process.kill()


def _lines(process: subprocess.Popen[bytes], path: Path) -> Iterator[Any]:
    decode = json.JSONDecoder(object_hook=_dates).decode
    characters = 0
    pipe: IO[bytes] | None = process.stdout
    for line in pipe or ():
        characters += len(line)
        if characters > limits.MOST_CHARACTERS:
            raise _refusal("file_limit", path)
        decoded = decode(line.decode("utf-8"))
        if isinstance(decoded, dict) and "fault" in decoded:
            raise _refusal(decoded["fault"], path, **decoded["params"])
        yield decoded
    if process.wait() > 0:
        raise _refusal("file_broken", path)


def _dates(value: dict[str, Any]) -> Any:
    return _date(value["d"]) if "d" in value else value


@lru_cache(maxsize=4096)
def _date(text: str) -> date:
    return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)


def _refusal(code: str, path: Path, **params: object) -> InvalidInput:
    named = {"rows": limits.MOST_ROWS, "columns": limits.MOST_COLUMNS}
    return InvalidInput(code, _SENTENCES[code], **({"name": path.name} | named | params))


def _request(path: Path, sheet: str | None) -> str:
    return json.dumps(
        {
            "path": str(path.resolve()),
            "sheet": sheet,
            "rows": limits.MOST_ROWS,
            "columns": limits.MOST_COLUMNS,
            "cells": limits.MOST_CELLS,
            "merges": limits.MOST_MERGES,
            "entries": limits.MOST_ZIP_ENTRIES,
            "unpacked": limits.MOST_UNPACKED_BYTES,
            "part": limits.MOST_PART_BYTES,
            "memory": limits.CHILD_MEMORY_BYTES,
            "cpu": limits.CHILD_CPU_SECONDS,
        }
    )
