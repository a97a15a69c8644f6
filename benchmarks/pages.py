"""How long a rerun of each page takes on the server at a million issues, against 2,000 in the same run; 10 % are open.

Run ``python -m benchmarks.pages [ISSUES ...]``, the first number being what the others are compared with. Pages are run
by Streamlit's own test runner for somebody who is signed in; the sizes take turns. ``warm`` is a rerun of an unchanged
page, ``changed`` the first rerun after a write, when everything that is kept by the data version must be read anew. The
target holds for the last size against the first, by the medians of the processor's time: beside it stands the time that
passed, which other work on the machine lengthens. With `benchmarks.grid_district.CACHE` the districts stay for the next
run.
"""

import gc
import logging
import os
import sys
import tempfile
import time
import warnings
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from benchmarks.grid_district import CACHE, NOW, grid_district, home_of
from benchmarks.page_cases import CASES, Case
from dashboard.application import close_databases, open_database, sessions_of
from dashboard.registry import PAGES
from dashboard.screen import heat_caches
from dashboard.screen import visit as visit_module
from dashboard.screen.address import zone_key
from dashboard.security.gate import SESSION_COOKIE
from dashboard.settings import Settings, overridden
from db import records
from db.tables.directives import Directive
from db.tables.issues import Issue, Notice
from db.tables.territory import Zone
from db.unit_of_work import reading, unit_of_work
from governance.counting import UNRESOLVED
from governance.permissions import operator
from governance.vocabulary import Severity, Stage, ZoneKind

ROOT: Final = Path(__file__).resolve().parent.parent
SIZES: Final = (2_000, 200_000, 1_000_000)
TARGET: Final = 2.0
ROUNDS: Final = 3
REPEATS: Final = 3
# Part of the names of the pages that are measured, for work on one of them.
ONLY: Final = "GRIDGUARD_BENCH_ONLY"
_ACTOR: Final = operator("benchmark")
_PATIENCE_S: Final = 120


Times = tuple[float, float]
# By case and state: for each size the milliseconds of the processor and of the clock.
Taken = dict[tuple[str, str], list[list[Times]]]


def main() -> int:
    """Print the medians and their ratios; 1 if a page missed the target. The milliseconds are of this machine."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.environ.get(CACHE, name))
        for size in sizes:
            grid_district(folder, size).dispose()
        _print_head(sizes)
        missed = _missed(_in_turns([home_of(folder, size) for size in sizes]))
    print(f"more than {TARGET} x: {'; '.join(missed) or 'none'}")
    return int(bool(missed))


def _in_turns(homes: list[Path]) -> Taken:
    only = os.environ.get(ONLY, "")
    known = {page.url for page in PAGES}
    taken: Taken = {}
    for name, case in CASES.items():
        if case.page not in known:
            continue
        for _round in range(ROUNDS if only in name else 0):
            for place, home in enumerate(homes):
                for state, values in _reruns(home, case).items():
                    taken.setdefault((name, state), [[] for _ in homes])[place] += values
        _print_case(name, taken)
    return taken


def _reruns(home: Path, case: Case) -> dict[str, list[Times]]:
    """Times of reruns of a page, by what happened before them."""
    st.cache_data.clear()
    st.cache_resource.clear()
    chosen = Settings(home=home)
    with overridden(chosen):
        engine = open_database(chosen)
        page = _opened(engine, case)
        warm, changed = [], []
        for number in range(REPEATS):
            warm.append(_timed(page))
            _write(engine, number)
            changed.append(_timed(page))
        close_databases()
    return {"warm": warm, "changed": changed}


def _opened(engine: Engine, case: Case) -> AppTest:
    cookies = {SESSION_COOKIE: sessions_of(Settings(), engine).sign_in_demo(case.login, now=NOW)}
    here: Any = visit_module
    here.cookie, here.utc_now = cookies.get, lambda: NOW + timedelta(hours=1)
    slow: Any = heat_caches
    slow.WAIT_S = _PATIENCE_S  # the hot spots belong to the page's time
    page = AppTest.from_file(ROOT / "dashboard" / "app.py", default_timeout=300)
    page._page_hash = calc_hash(case.page)
    for name, value in case.asked.items():
        places = _places(engine)
        page.query_params[name] = value.format(**places) if isinstance(value, str) else value
    page.run()  # imports are warm from here on
    if page.exception:
        raise RuntimeError(f"{case.page} was not drawn for {case.login}: {page.exception}")
    return page


def _places(engine: Engine) -> dict[str, str]:
    """What the addresses name."""
    with reading(engine) as session:
        townships = session.exec(select(Zone).where(Zone.kind == ZoneKind.TOWNSHIP).order_by(col(Zone.code)))
        others = col(Zone.kind).not_in((ZoneKind.TOWNSHIP, ZoneKind.DISTRICT))
        township, key_zone = (
            townships.first(),
            session.exec(select(Zone).where(others).order_by(col(Zone.code))).first(),
        )
        if township is None or key_zone is None:
            raise RuntimeError("the district has no township or no key zone")
        issue = _issue(session, *sorted(UNRESOLVED))
        return {
            "township": zone_key(township.kind, township.code),
            "key_zone": zone_key(key_zone.kind, key_zone.code),
            "issue": issue.number,
            "closed": _issue(session, Stage.CLOSED).number,
            "enterprise": str(issue.enterprise_id),
            "notice": _newest(session, Notice).number,
            "directive": _newest(session, Directive).number,
        }


def _newest(session: Session, table: Any) -> Any:
    return session.exec(select(table).order_by(col(table.id).desc()).limit(1)).one()


def _issue(session: Session, *stages: Stage) -> Issue:
    """The newest issue in one of the stages."""
    return session.exec(select(Issue).where(col(Issue.stage).in_(stages)).order_by(col(Issue.id).desc()).limit(1)).one()


def _write(engine: Engine, number: int) -> None:
    """Change an open issue, so that the summaries and the data version move."""
    with unit_of_work(engine, actor=_ACTOR, now=NOW + timedelta(minutes=number)) as work:
        issue = _issue(work.session, *sorted(UNRESOLVED))
        other = Severity.MAJOR if issue.severity == Severity.MINOR else Severity.MINOR
        records.change(work, issue, {"severity": other}, code="amended")


def _timed(page: AppTest) -> Times:
    gc.collect()
    gc.disable()  # as the server does between its own collections
    worked, passed = time.process_time(), time.perf_counter()
    page.run()
    times = (time.process_time() - worked) * 1000, (time.perf_counter() - passed) * 1000
    gc.enable()
    if page.exception:
        raise RuntimeError(f"a page was not drawn: {page.exception}")
    return times


def _print_head(sizes: list[int]) -> None:
    print(f"{'page: median ms of processor | clock':36}" + "".join(f"{size:>18,}" for size in sizes) + "   ratios")


def _print_case(name: str, taken: Taken) -> None:
    """Print a row for each state of a case."""
    for (measured, state), by_size in taken.items():
        if measured == name:
            worked, passed = _medians(by_size, 0), _medians(by_size, 1)
            values = "".join(f"{a:9.1f} |{b:7.1f}" for a, b in zip(worked, passed, strict=True))
            ratios = f"{worked[-1] / worked[0]:8.2f} |{passed[-1] / passed[0]:5.2f}"
            print(f"{f'{name}, {state}':36}{values}{ratios}", flush=True)


def _medians(by_size: list[list[Times]], which: int) -> list[float]:
    return [median(times[which] for times in found) for found in by_size]


def _missed(taken: Taken) -> list[str]:
    """Cases whose last size took the processor more than the target allows."""
    worked = {key: _medians(by_size, 0) for key, by_size in taken.items()}
    return [f"{name}, {state}" for (name, state), values in worked.items() if values[-1] > TARGET * values[0]]


if __name__ == "__main__":
    sys.exit(main())
