"""What a refresh of the wall costs, beside the same layout drawn from constants, which is Streamlit's own cost.

Run ``python -m benchmarks.wall_refresh``. A browser's part is played by `benchmarks.live_client` against the real
server, which draws both; the runs take turns. With a change the wall's time is its look, the answer of the hand in the
browser, and the drawing; each change moves the deadline of one unresolved issue.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from sqlmodel import col, select

from benchmarks.browser_sign_in import sign_in
from benchmarks.constant_wall import CONSTANTS, CONTENT_EVERY_S, LOOK_EVERY_S, PAGE, write_constants
from benchmarks.live_client import Run, Tab, Widget, opened_tab
from benchmarks.served import copied_home, served
from db import records
from db.engine import create_engine_for, sqlite_url
from db.tables.issues import Issue
from db.unit_of_work import unit_of_work
from governance.counting import UNRESOLVED
from governance.permissions import operator

ROUNDS, WARM = 200, 10
CHANGED_TARGET, QUIET_TARGET = 2.0, 1.2
QUIET_ALLOWANCE_S: Final = 0.003
LONGEST_S: Final = 0.5
LOGIN: Final = "display01"
HAND: Final = "wall-hand"
_BEHIND: Final = '[{"event": "behind", "value": true}]'
# What a component reports by goes under a name that Streamlit makes from the component's.
_REPORTS: Final = "$$STREAMLIT_INTERNAL_KEY_{}__events"


@dataclass(slots=True)
class Times:
    """Seconds of the wall and of the constants, with and without a change."""

    changed: list[float] = field(default_factory=list)
    quiet: list[float] = field(default_factory=list)
    constant: list[float] = field(default_factory=list)
    constant_look: list[float] = field(default_factory=list)


def main() -> int:
    """Print the ratios with their targets; 1 if one was missed. The milliseconds are of this machine."""
    with tempfile.TemporaryDirectory() as name, copied_home() as home, changes(home) as change:
        constants = Path(name) / "constants"
        with served(home, "benchmarks.constant_wall", **{CONSTANTS: str(constants)}) as server:
            times = asyncio.run(measured(server.address, constants, change))
    return int(reported(times))


@contextmanager
def changes(home: Path) -> Iterator[Callable[[], None]]:
    """A function that moves the deadline of the next unresolved issue, from late to in time or the other way."""
    engine = create_engine_for(sqlite_url(home / "gridguard.db"))
    turn = 0

    def change() -> None:
        nonlocal turn
        with unit_of_work(engine, actor=operator("benchmark"), now=datetime.now(UTC)) as work:
            query = select(Issue).where(col(Issue.stage).in_(UNRESOLVED), col(Issue.due_on).is_not(None))
            issues = work.session.exec(query.order_by(col(Issue.id))).all()
            issue = issues[turn % len(issues)]
            is_late = issue.due_on is not None and issue.due_on < work.today
            moved = work.today + timedelta(days=9 if is_late else -9)
            records.change(work, issue, {"due_on": moved}, code="deadline_moved")
        turn += 1

    yield change
    engine.dispose()


async def measured(address: str, constants: Path, change: Callable[[], None]) -> Times:
    """Let the wall and the constants be drawn in turns."""
    times = Times()
    cookies = sign_in(address, LOGIN)
    async with opened_tab(address, cookies) as wall, opened_tab(address, cookies) as beside:
        await wall.open("wall")
        await captured(wall, constants, change)
        _well(await beside.open(PAGE))
        drawing, looking = (
            next(name for name, every in beside.refreshes.items() if every == wanted)
            for wanted in (CONTENT_EVERY_S, LOOK_EVERY_S)
        )
        for number in range(WARM + ROUNDS):
            same = (await quiet(wall), _well(await beside.refresh(looking)).seconds)
            change()
            taken = (*same, await drawn(wall), _well(await beside.refresh(drawing)).seconds)
            if number >= WARM:
                for seconds, kept in zip(
                    taken, (times.quiet, times.constant_look, times.changed, times.constant), strict=True
                ):
                    kept.append(seconds)
    return times


async def captured(wall: Tab, constants: Path, change: Callable[[], None]) -> None:
    """Write down what the wall draws, before a change and after it, and in a look without one."""
    pictures = []
    for _ in range(2):
        change()
        await drawn(wall)
        pictures.append([one for one in wall.drawn if one.delta.fragment_id != _looking(wall)])
    await quiet(wall)
    write_constants(constants, pictures[0], pictures[1], wall.drawn)


async def quiet(wall: Tab) -> float:
    """Seconds of a look that finds nothing new."""
    return _well(await wall.refresh(_looking(wall))).seconds


async def drawn(wall: Tab) -> float:
    """Seconds of a look that finds a change, and of what it leads to."""
    look = _well(await wall.refresh(_looking(wall)))
    hand = wall.widget(HAND)
    reports = Widget(hand.kind, _REPORTS.format(hand.id), hand.fragment)
    answer = _well(await wall.act(reports, json_trigger_value=_BEHIND))
    if answer.elements <= look.elements:
        raise RuntimeError("the wall did not draw the change")
    return look.seconds + answer.seconds


def _looking(wall: Tab) -> str:
    return next(iter(wall.refreshes))


def _well(run: Run) -> Run:
    if run.errors:
        raise RuntimeError(run.errors[0])
    return run


def reported(times: Times) -> bool:
    """Print the table; whether a target was missed."""
    changed, constant = median(times.changed), median(times.constant)
    look, constant_look = median(times.quiet), median(times.constant_look)
    longest = max(*times.changed, *times.quiet)
    print(f"refresh of the wall, median of {len(times.changed)} runs in turns with the same drawn from constants")
    _line("with a change", times.changed, times.constant)
    print(f"    target <= {CHANGED_TARGET}")
    _line("without a change", times.quiet, times.constant_look)
    print(
        f"    {(look - constant_look) * 1000:+.1f} ms   target <= {QUIET_TARGET} or {QUIET_ALLOWANCE_S * 1000:.0f} ms"
    )
    print(f"  longest of all {longest * 1000:.0f} ms   target <= {LONGEST_S * 1000:.0f} ms")
    is_quiet = look <= max(QUIET_TARGET * constant_look, constant_look + QUIET_ALLOWANCE_S)
    return changed > CHANGED_TARGET * constant or not is_quiet or longest > LONGEST_S


def _line(name: str, ours: list[float], constants: list[float]) -> None:
    shown = " ".join(
        f"{value * 1000:7.1f} ms" for value in (median(ours), quantiles(ours, n=20)[-1], median(constants))
    )
    print(f"  {name:18} median, p95, constants {shown}   ratio {median(ours) / median(constants):5.2f}")


if __name__ == "__main__":
    sys.exit(main())
