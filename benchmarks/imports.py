"""How long a ledger's import takes, against reading its cells and inserting bare rows into the same tables.

Run ``python -m benchmarks.imports [ROWS]``. Both ledgers come as workbooks in WGS84; the conversion of as many
coordinates from GCJ-02 is shown apart. The bare rows are the very rows that the import wrote.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import shapely
import xlsxwriter
from sqlalchemy import Engine, insert, select

from dashboard.importers.rows import parse_enterprises, parse_issues
from dashboard.importers.table_reading import read_table
from dashboard.services.enterprise_import import import_enterprises
from dashboard.services.issue_import import import_issues
from dashboard.services.ledger_import import LedgerReport
from dashboard.services.territory import add_industry, add_zone, found_district, set_outline
from db.engine import create_engine_for, sqlite_url
from db.metadata import METADATA
from db.schema import upgrade
from db.unit_of_work import unit_of_work
from geo.crs_names import degrees_of, parse_crs
from governance.credit_code import check_character
from governance.permissions import operator
from governance.vocabulary import Category, Severity, Source, Stage, ZoneKind

ROWS = 100_000
TARGET = 3.0
MEMORY_MB = 1024
NOW = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
ACTOR = operator("benchmark")
TABLES = {
    "enterprises": ("enterprise", "enterprise_link", "event"),
    "issues": ("issue", "issue_link", "event", "issue_tally", "cell_tally", "flow_tally"),
}


def main() -> int:
    """Print the ratios with their target; 1 if one was missed. The seconds are of this machine."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine, other = district(folder / "imported.db"), district(folder / "bare.db")
        first = imported(folder, engine, "enterprises", enterprises(count), parse_enterprises, import_enterprises)
        second = imported(folder, engine, "issues", issues(count), parse_issues, import_issues)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        missed = [compared(engine, other, one) for one in (first, second)]
    converted, seconds = conversion(count)
    print(f"conversion of {converted:,} points from GCJ-02: {seconds:.2f} s (shown apart)")
    print(f"memory at most {peak:,} MB   target < {MEMORY_MB:,} MB")
    return int(any(missed) or peak >= MEMORY_MB)


@dataclass(frozen=True)
class Imported:
    """One import: its ledger, its file, how long it took, and the last event before and after it."""

    ledger: str
    path: Path
    rows: int
    seconds: float
    events: tuple[int, int]


def imported(
    folder: Path,
    engine: Engine,
    ledger: str,
    rows: Iterator[Sequence[object]],
    parse: Callable[..., Any],
    store: Callable[..., LedgerReport],
) -> Imported:
    """Import one ledger from a workbook."""
    path = folder / f"{ledger}.xlsx"
    write(path, rows)
    before = last_event(engine)
    with timed() as taken:
        parsed = parse(read_table(path))
        with unit_of_work(engine, actor=ACTOR, now=NOW) as work:
            report = store(work, parsed)
    if report.imported != report.read:
        raise RuntimeError(f"{report.refused} of {report.read} rows were refused")
    return Imported(ledger, path, report.imported, taken[0], (before, last_event(engine)))


def compared(engine: Engine, other: Engine, one: Imported) -> bool:
    """Do the bare work, print the ratio, tell whether the target was missed."""
    reading, inserting = bare(engine, other, one)
    ratio = one.seconds / (reading + inserting)
    print(
        f"{one.rows:,} {one.ledger}: import {one.seconds:.2f} s, reading cells {reading:.2f} s, "
        f"bare rows {inserting:.2f} s   ratio {ratio:.2f}   target <= {TARGET}"
    )
    return ratio > TARGET


def bare(engine: Engine, other: Engine, one: Imported) -> tuple[float, float]:
    """Seconds for reading the cells, and for inserting what the import wrote into the other database."""
    with timed() as reading:
        read_table(one.path)
    tables = [METADATA.tables[name] for name in TABLES[one.ledger]]
    event = METADATA.tables["event"]
    with engine.connect() as connection:
        queries = {table: select(table) for table in tables} | {
            event: select(event).where(event.c.seq.between(one.events[0] + 1, one.events[1]))
        }
        held = {table: [dict(row) for row in connection.execute(queries[table]).mappings()] for table in tables}
    with timed() as inserting, other.connect().execution_options(is_write=True) as connection:
        for table in tables:
            connection.execute(insert(table), held[table])
        connection.commit()
    return reading[0], inserting[0]


@contextmanager
def timed() -> Iterator[list[float]]:
    """Seconds that the block took, once it has ended."""
    taken: list[float] = []
    started = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - started)


def last_event(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM event").scalar_one())


def district(path: Path) -> Engine:
    """Build a district of eight townships, four ports and sixteen industries."""
    engine = create_engine_for(sqlite_url(path))
    upgrade(engine)
    found_district(engine, actor=ACTOR, now=NOW, code="371103", name="Benchmark")
    with unit_of_work(engine, actor=ACTOR, now=NOW) as work:
        for n in range(8):
            zone = add_zone(work, code=f"T{n}", kind=ZoneKind.TOWNSHIP, name=f"Township {n}")
            west = 119.0 + n * 0.05
            set_outline(work, zone, shapely.box(west, 35.0, west + 0.05, 35.3).segmentize(0.001))
        for n in range(4):
            zone = add_zone(work, code=f"K{n}", kind=ZoneKind.PORT, name=f"Port {n}")
            set_outline(work, zone, shapely.Point(119.04 + n * 0.1, 35.12).buffer(0.02))
        for n in range(16):
            add_industry(work, code=f"I{n:02}", name=f"Industry {n}")
    return engine


def write(path: Path, rows: Iterator[Sequence[object]]) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def enterprises(count: int) -> Iterator[Sequence[object]]:
    """A ledger of enterprises with all columns that matter."""
    random = Random(1)
    yield "credit_code", "name", "industry", "address", "x", "y", "is_key_unit", "contact_phone"
    for n in range(count):
        body = f"91371103{n:09}"
        yield (
            body + check_character(body), f"Works {n}", f"Industry {n % 16}", f"Road {n % 997}, number {n}",
            *place(random), "yes" if n % 9 == 0 else "no", f"06338{n:06}",
        )  # fmt: skip


def issues(count: int) -> Iterator[Sequence[object]]:
    """A ledger of issues, some with a stage and some without."""
    random = Random(2)
    yield (
        "source_number", "source", "title", "description", "enterprise", "place", "category", "check_area", "severity",
        "stage", "found_on", "rectify_due_on", "requirement", "x", "y",
    )  # fmt: skip
    for n in range(count):
        yield (
            f"B-{n:06}", random.choice(list(Source)).value, f"Uncovered heap {n}", f"Seen from road {n % 997}",
            f"Works {n % 1000}", f"Yard {n % 500}", random.choice(list(Category)).value, "site",
            random.choice(list(Severity)).value,
            random.choice(("", Stage.LEDGERED.value, Stage.RECTIFYING.value, Stage.CLOSED.value)),
            f"2026-{1 + n % 5:02}-{1 + n % 28:02}", f"2026-07-{1 + n % 28:02}", "Cover it", *place(random),
        )  # fmt: skip


def place(random: Random) -> tuple[float, float]:
    return round(random.uniform(119.0, 119.4), 6), round(random.uniform(35.0, 35.3), 6)


def conversion(count: int) -> tuple[int, float]:
    lon, lat = np.linspace(119.0, 119.4, count), np.linspace(35.0, 35.3, count)
    with timed() as taken:
        degrees_of(lon, lat, parse_crs("GCJ02"))
    return count, taken[0]


if __name__ == "__main__":
    sys.exit(main())
