"""How long the page of an issue takes with a long history, against the same page with a short one, in one run.

Run ``python -m benchmarks.issue_page [EVENTS]``. Both pages are run by Streamlit's own test runner for a signed-in
officer, in turns; the district is small, so that what is measured is the page.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import shapely
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.application import open_database, sessions_of
from dashboard.screen import visit as visit_module
from dashboard.security.gate import SESSION_COOKIE
from dashboard.services.accounts import add_account
from dashboard.services.comments import write_comment
from dashboard.services.enterprises import add_enterprise
from dashboard.services.issues import report_issue
from dashboard.services.people import add_person, appoint
from dashboard.services.placing import placing_on
from dashboard.services.territory import add_industry, add_zone, found_district, set_outline
from dashboard.settings import Settings, overridden
from db import records
from db.engine import create_engine_for, sqlite_url
from db.schema import upgrade
from db.tables.issues import Issue
from db.unit_of_work import UnitOfWork, unit_of_work
from governance.permissions import Actor, operator
from governance.vocabulary import Category, Role, Severity, Source, ZoneKind

SHORT, LONG = 5, 200
ROUNDS = 15
TARGET = 2.0
EVERY_REMARK = 5
NOW = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
OPERATOR = operator("benchmark")
LOGIN = "officer"
ENTRY = Path(__file__).resolve().parent.parent / "dashboard" / "app.py"


def main() -> int:
    """Print both times with their ratio and its target; 1 if it was missed. The seconds are of this machine."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else LONG
    with tempfile.TemporaryDirectory() as folder, overridden(Settings(home=Path(folder))) as settings:
        upgrade(create_engine_for(sqlite_url(Path(folder) / "gridguard.db")))
        engine = open_database(settings)
        officer = district(engine)
        pages = {n: opened(engine, issue_with(engine, officer, n)) for n in (SHORT, events)}
        seconds = in_turns(pages)
        all_of_it = timed(lambda: asked_for_all(pages[events]))
        engine.dispose()
    ratio = seconds[events] / seconds[SHORT]
    print(f"page with {SHORT} events: {seconds[SHORT] * 1000:.0f} ms")
    print(f"page with {events} events: {seconds[events] * 1000:.0f} ms   ratio {ratio:.2f}   target < {TARGET:.1f}")
    print(f"all {events} events on request: {all_of_it * 1000:.0f} ms (shown apart)")
    return int(ratio >= TARGET)


def district(engine: Engine) -> Actor:
    """Found a district of four townships and one enterprise; the officer who looks."""
    found_district(engine, actor=OPERATOR, now=NOW, code="000001", name="Benchmark", is_demo=True)
    with unit_of_work(engine, actor=OPERATOR, now=NOW) as work:
        for number in range(4):
            zone = add_zone(work, code=f"T{number}", kind=ZoneKind.TOWNSHIP, name=f"Township {number}")
            set_outline(work, zone, shapely.box(119 + number / 10, 35, 119.1 + number / 10, 35.1))
        industry = add_industry(work, code="I01", name="Timber")
        placing = placing_on(work.session, work.district, day=work.today)
        add_enterprise(work, placing, name="Yard", lon=119.05, lat=35.05, industry_id=industry.key)
        person = add_person(work, code="P1", name="Officer")
        appoint(work, person, Role.BUREAU, valid_from=work.today)
        add_account(work, person, login=LOGIN, is_demo=True)
    return Actor(person_id=person.key, name=person.name, grants=())


def issue_with(engine: Engine, officer: Actor, events: int) -> str:
    """Report an issue and let as much happen to it as is wanted; its number."""
    with unit_of_work(engine, actor=OPERATOR, now=NOW) as work:
        placing = placing_on(work.session, work.district, day=work.today)
        issue = report_issue(
            work,
            placing,
            title=f"Issue with {events} events",
            severity=Severity.MINOR,
            category=Category.DUST,
            source=Source.CONSULTANT,
            lon=119.05,
            lat=35.05,
        )
        for number in range(1, events):
            happen(work, issue, number)
    return issue.number


def happen(work: UnitOfWork, issue: Issue, number: int) -> None:
    """One more thing that happened, a minute later: every fifth is a remark, the others change the issue."""
    later = work.continued_by(work.actor, work.now + timedelta(minutes=number))
    if number % EVERY_REMARK == 0:
        write_comment(later, issue, f"Remark {number}: the heap is still there.")
    else:
        records.change(later, issue, {"requirement": f"Cover the heap, {number}"}, code="amended", reason="Seen again")


def opened(engine: Engine, number: str) -> AppTest:
    """The page of an issue, signed in and drawn once so that every cache is warm."""
    token = sessions_of(Settings(), engine).sign_in_demo(LOGIN, now=NOW)
    visit_module.cookie = {SESSION_COOKIE: token}.get  # type: ignore[assignment]
    visit_module.utc_now = lambda: NOW + timedelta(hours=6)  # type: ignore[attr-defined]
    page = AppTest.from_file(ENTRY, default_timeout=120)
    page._page_hash = calc_hash("issue")
    page.query_params["id"] = number
    page.run()
    if page.exception or number not in str([element.proto for element in page.get("html")]):
        raise RuntimeError(f"the page of {number} was not drawn: {page.exception}")
    return page


def in_turns(pages: dict[int, AppTest]) -> dict[int, float]:
    """Median seconds of a rerun of each page; the pages take turns, so that the machine's moods fall on both."""
    measured: dict[int, list[float]] = {events: [] for events in pages}
    for _round in range(ROUNDS):
        for events, page in pages.items():
            measured[events].append(timed(page.run))
    return {events: median(seconds) for events, seconds in measured.items()}


def asked_for_all(page: AppTest) -> None:
    """Press the button that reads the whole history."""
    next(button for button in page.button if button.key == "all-events").click().run()


def timed(do: Callable[[], object]) -> float:
    """Seconds that something takes."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
