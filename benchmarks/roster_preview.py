"""How long the preview of a change of the roster takes at 1,000,000 issues, against 2,000 in the same run.

Run ``python -m benchmarks.roster_preview [ISSUES]``. A change of two zones with a deputy, one of all zones, and an
absence are worked out with everything that the preview says of them, and so is the first page of the issues that go.
Each time is the shortest of several, so that other work on the machine is left out.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks.grid_district import TODAY, grid_district
from dashboard.services.ledger import ledger_page
from dashboard.services.roster import offices, roster
from dashboard.services.roster_lines import RosterChange
from dashboard.services.roster_preview import preview
from db.schema import upgrade
from db.unit_of_work import reading
from governance.permissions import operator
from governance.roster import Absence, Edit
from governance.vocabulary import AssignmentPart

SMALL, LARGE = 2_000, 1_000_000
TARGET: Final = 3.0
ROUNDS, REPEATS = 3, 5
YELLOW_DAYS: Final = 3
_ACTOR: Final = operator("benchmark")


def main() -> int:
    """Print the ratios with their target; 1 if a preview missed it. The milliseconds are of this machine."""
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    with tempfile.TemporaryDirectory() as name:
        engines = [_engine(Path(name), count) for count in (SMALL, large)]
        times = {case: [_shortest_ms(engine, make) for engine in engines] for case, make in CASES.items()}
        times["first page of issues"] = [_page_ms(engine) for engine in engines]
        for engine in engines:
            engine.dispose()
    print(f"{'preview':<24}{SMALL:>12,}{large:>12,}{'ratio':>8}   target {TARGET}")
    for case, (small, big) in times.items():
        print(f"{case:<24}{small:>9.1f} ms{big:>9.1f} ms{big / small:>8.2f}")
    return int(any(big > TARGET * small for small, big in times.values()))


def two_zones(session: Session) -> RosterChange:
    """Two leaders change one zone each from tomorrow on, and one of them stays its deputy."""
    first, second = _leads(session)[:2]
    lines = (_lead(first[0], second[1]), _lead(second[0], first[1]), _lead(first[0], first[1], AssignmentPart.DEPUTY))
    return RosterChange(title="Two zones", reason="benchmark", edits=lines)


def all_zones(session: Session) -> RosterChange:
    """Every zone passes to the lead of the next one."""
    leads = _leads(session)
    following = [person for _, person in (*leads[1:], leads[0])]
    lines = (_lead(zone, person) for (zone, _), person in zip(leads, following, strict=True))
    return RosterChange(title="All zones", reason="benchmark", edits=tuple(lines))


def absence(session: Session) -> RosterChange:
    """A leader is away for two weeks; another one stands in."""
    (_, away), *others = _leads(session)
    stand_in = next(person for _, person in others if person != away)
    days = {"valid_from": TODAY + timedelta(days=1), "valid_to": TODAY + timedelta(days=15)}
    return RosterChange(title="Away", reason="benchmark", absence=Absence(person_id=away, stand_in_id=stand_in, **days))


CASES: Final[dict[str, Callable[[Session], RosterChange]]] = {
    "two zones": two_zones,
    "all zones": all_zones,
    "an absence": absence,
}


def _engine(folder: Path, count: int) -> Engine:
    engine = grid_district(folder, count)
    upgrade(engine)  # a kept district may be older than the tables of plans
    return engine


def _leads(session: Session) -> list[tuple[int, int]]:
    """Zones with their leads of today who are in office, by zone."""
    serving = offices(session)
    spans = roster(session).spans
    return [
        (span.zone_id, span.person_id)
        for span in spans
        if span.part == AssignmentPart.LEAD and span.valid_to is None and span.person_id in serving
    ]


def _lead(zone: int, person: int, part: AssignmentPart = AssignmentPart.LEAD) -> Edit:
    return Edit(zone_id=zone, person_id=person, part=part, valid_from=TODAY + timedelta(days=1))


def _shortest_ms(engine: Engine, make: Callable[[Session], RosterChange]) -> float:
    with reading(engine) as session:
        change = make(session)
    return _shortest(engine, lambda session: preview(session, change, today=TODAY, yellow_days=YELLOW_DAYS))


def _page_ms(engine: Engine) -> float:
    with reading(engine) as session:
        told = preview(session, two_zones(session), today=TODAY, yellow_days=YELLOW_DAYS)
    rows = told.passings[0].unresolved_rows
    return _shortest(
        engine,
        lambda session: ledger_page(session, _ACTOR, rows, today=TODAY, yellow_days=YELLOW_DAYS, by_deadline=True),
    )


def _shortest(engine: Engine, work: Callable[[Session], object]) -> float:
    """Milliseconds of the fastest run, each in a session of its own."""
    return min(_once(engine, work) for _ in range(ROUNDS * REPEATS)) * 1000


def _once(engine: Engine, work: Callable[[Session], object]) -> float:
    with reading(engine) as session:
        started = time.perf_counter()
        work(session)
        return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
