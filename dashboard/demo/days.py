"""The demo's calendar: its 200 days, the working days among them, and local moments in working hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dashboard.services.working_days import is_working_day

LENGTH_DAYS = 200
OPENS = 8 * 60 + 30
CLOSES = 17 * 60 + 40
LONGEST_GAP = 40


@dataclass(frozen=True, kw_only=True)
class Days:
    """Working days from ``start`` to the day before ``today``; ``len`` is the index of the next one."""

    start: date
    today: date
    zone: ZoneInfo
    working: tuple[date, ...]

    def __len__(self) -> int:
        return len(self.working)

    def moment(self, day: date, minute: int) -> datetime:
        """Local moment ``minute`` minutes after midnight."""
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone)

    def at(self, index: int, minute: int) -> datetime:
        """Moment on a working day by its index."""
        return self.moment(self.working[index], minute)

    def share(self, part: float) -> int:
        """Index of the working day after a share (0…1) of the period."""
        return min(int(part * len(self.working)), len(self.working) - 1)


def days_before(today: date, *, time_zone: str) -> Days:
    """The 200 days before a local date."""
    start = today - timedelta(days=LENGTH_DAYS)
    every = (start + timedelta(days=number) for number in range(1, LENGTH_DAYS))
    working = tuple(day for day in every if is_working_day(day))
    return Days(start=start, today=today, zone=ZoneInfo(time_zone), working=working)


def minutes_of(rng: Random, indices: list[int]) -> list[int]:
    """Minutes after midnight for moves on the given days: rising within a day, all in working hours."""
    minutes: list[int] = []
    for place, index in enumerate(indices):
        if place and indices[place - 1] == index:
            minutes.append(minutes[-1] + rng.randint(8, LONGEST_GAP))
        else:
            follow = indices[place:].count(index) - 1
            minutes.append(rng.randint(OPENS, CLOSES - follow * LONGEST_GAP))
    return minutes
