"""How long people wait when many are there at once, against one person alone on the same page.

Run ``python -m benchmarks.sessions``. 30 sessions act once every 10 seconds, then 300 once every 50 seconds, through
Streamlit's real protocol against a real server: leaders open their zones and one of them on the map, townships
turn the ledger's pages and open an issue, walls ask for news by themselves, as often as walls do. A wait counts from
the moment at which the act was due, so that a server that falls behind is not flattered.
"""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from statistics import median, quantiles
from typing import Final

from benchmarks.browser_sign_in import PATIENCE_S, Refused, sign_in
from benchmarks.crowd_district import Part, Parts, parts_of
from benchmarks.live_client import Run, Tab, opened_tab
from benchmarks.served import Heap, Served, copied_home, served
from governance.vocabulary import Role

TARGET: Final = 4.0
HEAP_TARGET: Final = 0.05
WINDOW_S: Final = 60.0
ALONE: Final = 25
AT_ONCE: Final = 8
# The bureau looks at nothing here: leaders, townships and walls, as in one district.
THIRTY: Final = {Role.DISTRICT_LEADER: 18, Role.TOWNSHIP: 8, Role.DISPLAY: 4}


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many times thirty sessions, how often each of them acts, and how long they do so before it counts."""

    thirties: int
    every_s: float
    warm_s: float


CROWDS: Final = (Crowd(thirties=1, every_s=10, warm_s=20), Crowd(thirties=10, every_s=50, warm_s=50))


@dataclass(slots=True)
class Person:
    """Somebody at a tab, with what there is for them to open."""

    tab: Tab
    part: Part
    random: Random

    async def my_zones(self) -> Run:
        return await self.tab.open("my-zones")

    async def zone(self) -> Run:
        return await self.tab.open("map", {"zone": self.random.choice(self.part.zones)})

    async def ledger(self) -> Run:
        return await self.tab.open("ledger", {"page": str(self.random.randint(1, 3))})

    async def issue(self) -> Run:
        return await self.tab.open("issue", {"id": self.random.choice(self.part.issues)})

    async def wall(self) -> Run:
        """The wall's own look for news; the first time, the wall."""
        if not self.tab.refreshes:
            return await self.tab.open("wall")
        runs = [await self.tab.refresh(fragment) for fragment in list(self.tab.refreshes)]
        return max(runs, key=lambda run: run.seconds)


Act = Callable[[Person], Awaitable[Run]]
ACTS: Final[dict[Role, dict[str, Act]]] = {
    Role.DISTRICT_LEADER: {"my zones": Person.my_zones, "a zone on the map": Person.zone},
    Role.TOWNSHIP: {"ledger": Person.ledger, "an issue": Person.issue},
    Role.DISPLAY: {"wall": Person.wall},
}


@dataclass(slots=True)
class Waits:
    """Seconds waited for each kind of act, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)


def main() -> int:
    """Print waits and heap with their targets; 1 if one was missed. The milliseconds are of this machine."""
    with copied_home() as home, served(home) as server:
        return int(asyncio.run(measured(server, parts_of(home))))


async def measured(server: Served, parts: Parts) -> bool:
    """Whether a target was missed."""
    alone = await one_by_one(server, parts)
    missed = [await crowded(server, parts, crowd, alone) for crowd in CROWDS]
    return any(missed)


async def one_by_one(server: Served, parts: Parts) -> dict[str, float]:
    """Median seconds of each act of somebody who is alone there."""
    found: dict[str, float] = {}
    for role, acts in ACTS.items():
        part = parts[role][0]
        async with opened_tab(server.address, sign_in(server.address, part.login)) as tab:
            person = Person(tab, part, Random(1))
            for name, act in acts.items():
                runs = [await act(person) for _ in range(ALONE)]
                _require_well(name, runs)
                found[name] = median(run.seconds for run in runs[ALONE // 5 :])
    return found


def _require_well(name: str, runs: Sequence[Run]) -> None:
    wrong = [error for run in runs for error in run.errors]
    if wrong:
        raise RuntimeError(f"{name}: {wrong[0]}")


async def crowded(server: Served, parts: Parts, crowd: Crowd, alone: dict[str, float]) -> bool:
    """Let a crowd work, print how long it waited, and whether a target was missed."""
    async with AsyncExitStack() as stack:
        persons = await assembled(stack, server, parts, crowd)
        await worked(persons, crowd, crowd.warm_s)
        before = server.heap()
        waits = await worked(persons, crowd, WINDOW_S)
        after = server.heap()
    total = sum(len(seconds) for seconds in waits.seconds.values())
    print(
        f"\n{len(persons)} sessions, each acting once every {crowd.every_s:.0f} s, for {WINDOW_S:.0f} s: {total} acts"
    )
    return print_waits(waits, alone) | print_heap(before, after)


async def assembled(stack: AsyncExitStack, server: Served, parts: Parts, crowd: Crowd) -> list[tuple[Role, Person]]:
    """Everybody signed in, each with a tab that shows a page."""
    wanted = [
        (role, part) for role, number in THIRTY.items() for part in islice(cycle(parts[role]), number * crowd.thirties)
    ]
    few = asyncio.Semaphore(AT_ONCE)

    async def arrive(number: int, role: Role, part: Part) -> tuple[Role, Person]:
        async with few:
            cookies = await asyncio.to_thread(sign_in, server.address, part.login)
            tab = await stack.enter_async_context(opened_tab(server.address, cookies))
            person = Person(tab, part, Random(number))
            await next(iter(ACTS[role].values()))(person)
            return role, person

    return list(await asyncio.gather(*(arrive(n, role, part) for n, (role, part) in enumerate(wanted))))


async def worked(persons: Sequence[tuple[Role, Person]], crowd: Crowd, lasts: float) -> Waits:
    """Everybody acts in turns of their own for so long."""
    waits, start = Waits(), time.perf_counter()
    await asyncio.gather(
        *(
            _work(role, person, crowd, start=start, lasts=lasts, late=(n * 0.618) % 1, waits=waits)
            for n, (role, person) in enumerate(persons)
        )
    )
    return waits


async def _work(
    role: Role, person: Person, crowd: Crowd, *, start: float, lasts: float, late: float, waits: Waits
) -> None:
    every = min(person.tab.refreshes.values(), default=crowd.every_s) if role == Role.DISPLAY else crowd.every_s
    due, acts = start + late * every, cycle(ACTS[role].items())
    while due < start + lasts:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        name, act = next(acts)
        try:
            run = await asyncio.wait_for(act(person), PATIENCE_S)
        except (TimeoutError, OSError, Refused) as error:
            waits.errors.append(f"{name}: {type(error).__name__}")
            return
        waits.seconds[name].append(time.perf_counter() - due)
        waits.errors += [f"{name}: {error}" for error in run.errors]
        due += every


def print_waits(waits: Waits, alone: dict[str, float]) -> bool:
    """Print a row for each kind of act; whether one missed the target."""
    print(f"  {'':18} {'acts':>5} {'alone p50':>11} {'p50':>9} {'p95':>9} {'max':>9}   p95 / alone, target <= {TARGET}")
    ratios = []
    for name, seconds in waits.seconds.items():
        p95 = quantiles(seconds, n=20, method="inclusive")[-1]
        ratios.append(p95 / alone[name])
        columns = " ".join(f"{value * 1000:6.0f} ms" for value in (median(seconds), p95, max(seconds)))
        print(f"  {name:18} {len(seconds):5} {alone[name] * 1000:8.0f} ms {columns}   ratio {ratios[-1]:5.2f}")
    print(f"  errors: {len(waits.errors)}   target 0")
    for error in sorted(set(waits.errors))[:5]:
        print(f"    {error}")
    return bool(waits.errors) or max(ratios) > TARGET


def print_heap(before: Heap, after: Heap) -> bool:
    """Print how the server's heap grew within the window; whether it missed the target."""
    growth = after.blocks / before.blocks - 1
    print(
        f"  heap after collection: {before.blocks:,} -> {after.blocks:,} blocks   {growth:+.2%}   "
        f"target < {HEAP_TARGET:.0%} more   (process {before.resident_mb:.0f} -> {after.resident_mb:.0f} MB)"
    )
    return growth >= HEAP_TARGET


if __name__ == "__main__":
    sys.exit(main())
