"""How long a rerun of each page takes on the server at a million issues, against 2,000 in the same run; 10 % are open.

Run ``python -m benchmarks.pages [ISSUES ...]``, the first number being what the others are compared with. Pages are run
by Streamlit's own test runner for somebody who is signed in; the sizes take turns. ``warm`` is a rerun of an unchanged
page, ``changed`` the first rerun after a write, when everything that is kept by the data version must be read anew. The
target holds for the last size against the first, by the medians. With `benchmarks.grid_district.CACHE` the districts
stay for the next run.
"""

import logging
import os
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from benchmarks.grid_district import CACHE, NOW, grid_district, home_of
from dashboard.application import close_databases, open_database, sessions_of
from dashboard.registry import PAGES
from dashboard.screen import visit as visit_module
from dashboard.screen.address import zone_key
from dashboard.security.gate import SESSION_COOKIE
from dashboard.settings import Settings, overridden
from db import records
from db.tables.issues import Issue
from db.tables.territory import Zone
from db.unit_of_work import reading, unit_of_work
from governance.counting import UNRESOLVED
from governance.permissions import operator
from governance.vocabulary import Severity, ZoneKind

ROOT: Final = Path(__file__).resolve().parent.parent
SIZES: Final = (2_000, 200_000, 1_000_000)
TARGET: Final = 2.0
ROUNDS: Final = 3
REPEATS: Final = 3
# Part of the names of the pages that are measured, for work on one of them.
ONLY: Final = "GRIDGUARD_BENCH_ONLY"
_ACTOR: Final = operator("benchmark")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A page as somebody looks at it; ``{township}`` and ``{issue}`` in the address are of the district."""

    login: str
    page: str
    asked: dict[str, str]


CASES: Final[dict[str, Case]] = {
    "wall": Case(login="crowd_display01", page="wall", asked={}),
    "wall, a leader": Case(login="crowd_display01", page="wall", asked={"show": "leader.{leader}"}),
    "map": Case(login="bureau01", page="map", asked={}),
    "map, a township": Case(login="bureau01", page="map", asked={"zone": "{township}"}),
    "my zones": Case(login="crowd_leader02", page="my-zones", asked={}),
    "ledger": Case(login="bureau01", page="ledger", asked={}),
    "heat": Case(login="bureau01", page="heat", asked={}),
    "issue": Case(login="bureau01", page="issue", asked={"id": "{issue}"}),
    "inbox": Case(login="bureau01", page="inbox", asked={}),
}
Taken = dict[tuple[str, str], list[list[float]]]


def main() -> int:
    """Print the medians and their ratios; 1 if a page missed the target. The milliseconds are of this machine."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.environ.get(CACHE, name))
        for size in sizes:
            grid_district(folder, size).dispose()
        taken = _in_turns([home_of(folder, size) for size in sizes])
    return int(_print_table(sizes, taken))


def _in_turns(homes: list[Path]) -> Taken:
    known = {page.url for page in PAGES}
    only = os.environ.get(ONLY, "")
    taken: Taken = {}
    for _round in range(ROUNDS):
        for place, home in enumerate(homes):
            for name, case in CASES.items():
                if case.page in known and only in name:
                    for state, values in _reruns(home, case).items():
                        taken.setdefault((name, state), [[] for _ in homes])[place] += values
    return taken


def _reruns(home: Path, case: Case) -> dict[str, list[float]]:
    """Milliseconds of reruns of a page, by what happened before them."""
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
    page = AppTest.from_file(ROOT / "dashboard" / "app.py", default_timeout=300)
    page._page_hash = calc_hash(case.page)
    for name, value in case.asked.items():
        page.query_params[name] = value.format(**_places(engine))
    page.run()  # imports are warm from here on
    if page.exception:
        raise RuntimeError(f"{case.page} was not drawn for {case.login}: {page.exception}")
    return page


def _places(engine: Engine) -> dict[str, str]:
    with reading(engine) as session:
        zone = session.exec(select(Zone).where(Zone.kind == ZoneKind.TOWNSHIP).order_by(col(Zone.code))).first()
        if zone is None:
            raise RuntimeError("the district has no township")
        return {
            "township": zone_key(zone.kind, zone.code),
            "issue": _open_issue(session).number,
            "leader": "leader-001",
        }


def _open_issue(session: Any) -> Issue:
    query = select(Issue).where(col(Issue.stage).in_(sorted(UNRESOLVED))).order_by(col(Issue.id).desc())
    issue: Issue = session.exec(query.limit(1)).one()
    return issue


def _write(engine: Engine, number: int) -> None:
    """Change an open issue, so that the summaries and the data version move."""
    with unit_of_work(engine, actor=_ACTOR, now=NOW + timedelta(minutes=number)) as work:
        issue = _open_issue(work.session)
        other = Severity.MAJOR if issue.severity == Severity.MINOR else Severity.MINOR
        records.change(work, issue, {"severity": other}, code="amended")


def _timed(page: AppTest) -> float:
    started = time.perf_counter()
    page.run()
    if page.exception:
        raise RuntimeError(f"a page was not drawn: {page.exception}")
    return (time.perf_counter() - started) * 1000


def _print_table(sizes: list[int], taken: Taken) -> bool:
    """Print a row for each page and state; whether one missed the target."""
    print(f"{'page, median ms':28}" + "".join(f"{size:>12,}" for size in sizes) + f"   ratio (target <= {TARGET})")
    missed = False
    for (name, state), by_size in taken.items():
        values = [median(found) for found in by_size]
        missed |= values[-1] > TARGET * values[0]
        print(
            f"{f'{name}, {state}':28}"
            + "".join(f"{value:12.1f}" for value in values)
            + f"   {values[-1] / values[0]:5.2f}"
        )
    return missed


if __name__ == "__main__":
    sys.exit(main())
