"""How long the ledger's first page takes at 200,000 issues, against 2,000 in the same run; one in ten is open.

Run ``python -m benchmarks.ledger_page [ISSUES]``. The whole page is what Streamlit's test runner draws for somebody
who is signed in; the query alone is shown beside it, where a few rare filters still grow. Each time is the shortest of
several, so that other work on the machine is left out. With the environment
variable GRIDGUARD_BENCH_POSTGRES=yes the queries are measured on PostgreSQL as well.
"""

import logging
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import psycopg
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from benchmarks.ledger_district import NOW, TODAY, build
from dashboard.application import close_databases, open_database, sessions_of
from dashboard.screen import visit as visit_module
from dashboard.security.gate import SESSION_COOKIE
from dashboard.services.ledger import ledger_page
from dashboard.services.ledger_address import filter_of
from dashboard.settings import Settings, overridden
from db.engine import create_engine_for, sqlite_url
from db.repositories.people import actor_of
from db.schema import upgrade
from db.unit_of_work import reading
from tools.postgres import running_postgres

ROOT: Final = Path(__file__).resolve().parent.parent
SMALL, LARGE = 2_000, 200_000
TARGET: Final = 2.0
ROUNDS, REPEATS = 3, 5
MONTH: Final = {"closed_from": date(2026, 6, 1).isoformat(), "closed_to": TODAY.isoformat()}
# Name: who, and what the address says.
CASES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "everything": ("bureau", {}),
    "everything, urgent": ("bureau", {"urgent": "true"}),
    "unresolved": ("bureau", {"unresolved": "yes"}),
    "overdue, urgent": ("bureau", {"overdue": "yes", "urgent": "true"}),
    "one stage": ("bureau", {"stage": "rectifying"}),
    "closed": ("bureau", {"stage": "closed"}),
    "severe": ("bureau", {"severity": "severe"}),
    "one source": ("bureau", {"source": "hotline_12345"}),
    "closed this month": ("bureau", {"stage": "closed", **MONTH}),
    "on-time rate": ("bureau", {"judged": "yes", **MONTH}),
    "one township": ("bureau", {"zone": "Z01"}),
    "one port": ("bureau", {"zone": "Z12"}),
    "one enterprise": ("bureau", {"enterprise": "5"}),
    "found in May": ("bureau", {"found_from": "2026-05-01", "found_to": "2026-05-31"}),
    "a township's own": ("township", {}),
    "its unresolved": ("township", {"unresolved": "yes"}),
}
RARE: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "text": ("bureau", {"q": "heap 77"}),
    "three filters": ("bureau", {"unresolved": "yes", "category": "noise", "severity": "severe"}),
    "reopened": ("bureau", {"reopened": "yes"}),
}


def main() -> int:
    """Print the ratios with their target; 1 if a page missed it. The milliseconds are of this machine."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    with tempfile.TemporaryDirectory() as name:
        homes = [_home(Path(name), count) for count in (SMALL, large)]
        engines = [create_engine_for(sqlite_url(home / "gridguard.db")) for home in homes]
        queries = {case: [_query_ms(engine, *asked) for engine in engines] for case, asked in (CASES | RARE).items()}
        pages = _pages_ms(homes)
    missed = _print_table(f"whole page, SQLite, {SMALL:,} and {large:,} issues", pages, target=TARGET)
    _print_table("query alone, SQLite", queries)
    if os.environ.get("GRIDGUARD_BENCH_POSTGRES") == "yes":
        _print_table("query alone, PostgreSQL", _on_postgres(large))
    return int(missed)


def _home(folder: Path, count: int) -> Path:
    home = folder / str(count)
    home.mkdir()
    engine = create_engine_for(sqlite_url(home / "gridguard.db"))
    upgrade(engine)
    build(engine, count)
    engine.dispose()
    return home


def _query_ms(engine: Engine, login: str, asked: dict[str, str]) -> float:
    """Milliseconds of reading the first page's rows and their number."""
    taken = []
    for _ in range(REPEATS):
        with reading(engine) as session:
            actor = actor_of(session, 1 if login == "bureau" else 2, today=TODAY)
            wanted = filter_of(session, list(asked.items()))
            started = time.perf_counter()
            ledger_page(session, actor, wanted, today=TODAY, yellow_days=3, by_deadline="urgent" in asked)
            taken.append((time.perf_counter() - started) * 1000)
    return min(taken)


def _pages_ms(homes: list[Path]) -> dict[str, list[float]]:
    """Milliseconds of the whole page, the two districts in turn."""
    taken: dict[str, list[list[float]]] = {case: [[] for _ in homes] for case in CASES}
    for _ in range(ROUNDS):
        for place, home in enumerate(homes):
            with _in_force(home) as engine:
                for case, (login, asked) in CASES.items():
                    taken[case][place] += _drawn(engine, login, asked)
    return {case: [min(values) for values in both] for case, both in taken.items()}


@contextmanager
def _in_force(home: Path) -> Iterator[Engine]:
    st.cache_data.clear()
    st.cache_resource.clear()
    chosen = Settings(home=home)
    with overridden(chosen):
        yield open_database(chosen)
    close_databases()


def _drawn(engine: Engine, login: str, asked: dict[str, str]) -> list[float]:
    cookies = {SESSION_COOKIE: sessions_of(Settings(), engine).sign_in_demo(login, now=NOW)}
    here: Any = visit_module
    here.cookie, here.utc_now = cookies.get, lambda: NOW
    page = AppTest.from_file(ROOT / "dashboard" / "app.py", default_timeout=60)
    page._page_hash = calc_hash("ledger")
    for name, value in asked.items():
        page.query_params[name] = value
    page.run()  # imports and caches are warm from here on
    if page.exception or not page.dataframe:
        raise RuntimeError(f"The ledger was not drawn for {login}, {asked}: {page.exception}")
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        page.run()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _on_postgres(large: int) -> dict[str, list[float]]:
    with running_postgres() as cluster:
        engines = []
        for count in (SMALL, large):
            with psycopg.connect(host=str(cluster.folder), user="postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE ledger_{count}".encode())
            engines.append(create_engine_for(cluster.url(f"ledger_{count}")))
            upgrade(engines[-1])
            build(engines[-1], count)
            with engines[-1].connect().execution_options(isolation_level="AUTOCOMMIT") as session:
                session.exec_driver_sql("ANALYZE")
        taken = {case: [_query_ms(engine, *asked) for engine in engines] for case, asked in (CASES | RARE).items()}
        for engine in engines:
            engine.dispose()
        return taken


def _print_table(title: str, found: dict[str, list[float]], *, target: float | None = None) -> bool:
    """Print a row for each case; whether one missed the target."""
    print(f"{title}   {f'target <= {target}' if target else 'shown beside'}")
    for case, (small, large) in found.items():
        print(f"  {case:20} {small:8.1f} ms {large:8.1f} ms   ratio {large / small:5.2f}")
    return target is not None and any(large > target * small for small, large in found.values())


if __name__ == "__main__":
    sys.exit(main())
