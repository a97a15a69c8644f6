"""When what is drawn is no longer true: after a write, and at the turn of the local day."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Freshness:
    """The key of what is drawn.

    Attributes
    ----------
    version
        Data version: number of the last event.
    turns_at
        Aware moment from which the same records say something else.
    """

    version: int
    turns_at: datetime

    def holds(self, version: int, *, now: datetime) -> bool:
        """Whether what was drawn with this key is still true at ``now``, the data version being ``version``."""
        return version == self.version and now < self.turns_at


def next_turn(now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment at which something turns without a write.

    Every deadline, every span of an assignment, outline or standard and every scheduled change is a local day, so
    this is the next beginning of a day in the district.

    Parameters
    ----------
    now : datetime
        Aware.
    zone : ZoneInfo
        The district's.

    Returns
    -------
    datetime
        In UTC, always later than ``now``; where a change of clocks leaves midnight out, the first moment of the new
        day.
    """
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)
