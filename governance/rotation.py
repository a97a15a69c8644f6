"""The wall's rotation: which step is shown at a moment, after touches, pauses and interruptions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from governance.playlist import Step


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a step is shown, and how long a touch holds the rotation; both longer than nothing."""

    step: timedelta
    pause: timedelta


@dataclass(frozen=True, slots=True)
class Alert:
    """A severe issue that became overdue: its number, and the step at which it is shown."""

    number: str
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What the rotation is at one moment; every later moment follows from it.

    Attributes
    ----------
    steps
        Never empty.
    index
        The step of the rotation, also while an alert is shown instead.
    at
        The aware moment that this is about.
    shown_for
        How long the step had been shown then.
    is_playing
        Whether the steps turn by themselves; a wall that was opened at one step stays there.
    paused_until
        End of a pause by touch; None without one.
    alerts
        Alerts in the order in which they came; the first is the one that is shown, or the next one.
    alert_shown_for
        How long the first alert has been shown; None while it waits for the end of a pause.
    """

    steps: tuple[Step, ...]
    at: datetime
    index: int = 0
    shown_for: timedelta = timedelta(0)
    is_playing: bool = False
    paused_until: datetime | None = None
    alerts: tuple[Alert, ...] = ()
    alert_shown_for: timedelta | None = None

    @property
    def alert(self) -> Alert | None:
        """The alert that is shown, if one is."""
        return self.alerts[0] if self.alert_shown_for is not None else None

    @property
    def step(self) -> Step:
        """The step that is shown: the alert's, else the rotation's."""
        return self.alert.step if self.alert else self.steps[self.index]

    @property
    def is_paused(self) -> bool:
        """Whether a touch holds the rotation."""
        return self.paused_until is not None


def begin(steps: Sequence[Step], *, first: Step, is_playing: bool, now: datetime) -> Rotation:
    """A rotation that begins now.

    Parameters
    ----------
    steps : sequence of Step
        At least one.
    first : Step
        Where it begins; one that is not among the steps is put before them, so that its address shows it.
    is_playing : bool
    now : datetime
    """
    known = tuple(steps) if first in steps else (first, *steps)
    return Rotation(steps=known, index=known.index(first), at=now, is_playing=is_playing)


def advanced(rotation: Rotation, *, pace: Pace, now: datetime) -> Rotation:
    """The rotation at a later moment.

    However often it is asked in between, the answer is the same. A moment before the last one changes nothing:
    clocks are set back. At the exact end of a step or a pause the next thing has begun.
    """
    if not rotation.is_playing or now < (rotation.paused_until or rotation.at):
        return rotation
    at = rotation.paused_until or rotation.at
    running = _past_alerts(replace(rotation, at=at, paused_until=None), pace=pace, now=now)
    if running.alerts:
        return running
    turns, rest = divmod(running.shown_for + (now - running.at), pace.step)
    return replace(running, at=now, index=(running.index + turns) % len(running.steps), shown_for=rest)


def paused(rotation: Rotation, *, pace: Pace, now: datetime) -> Rotation:
    """The rotation after a touch: held for the length of a pause, each touch anew."""
    held = advanced(rotation, pace=pace, now=now)
    return replace(held, at=now, paused_until=now + pace.pause) if held.is_playing else held


def resumed(rotation: Rotation, *, pace: Pace, now: datetime) -> Rotation:
    """The rotation set going again with what was left of its step; one that did not play begins to."""
    running = advanced(rotation, pace=pace, now=now)
    return advanced(replace(running, at=now, is_playing=True, paused_until=None), pace=pace, now=now)


def moved(rotation: Rotation, by: int, *, pace: Pace, now: datetime) -> Rotation:
    """The rotation moved by hand, and held as after a touch; from an alert it goes back to where it was."""
    held = advanced(rotation, pace=pace, now=now)
    index = held.index if held.alert else (held.index + by) % len(held.steps)
    return paused(_placed(held, index, now), pace=pace, now=now)


def shown(rotation: Rotation, step: Step, *, pace: Pace, now: datetime) -> Rotation:
    """The rotation at a step that somebody chose, held as after a touch; it stays as it is for a step it lacks."""
    if step not in rotation.steps:
        return rotation
    return paused(_placed(rotation, rotation.steps.index(step), now), pace=pace, now=now)


def interrupted(rotation: Rotation, alerts: Sequence[Alert], *, pace: Pace, now: datetime) -> Rotation:
    """The rotation with new alerts: each is shown for one step's time, after a pause if somebody is looking closer.

    A wall that does not play is not interrupted.
    """
    running = advanced(rotation, pace=pace, now=now)
    fresh = tuple(alert for alert in dict.fromkeys(alerts) if alert not in running.alerts)
    if not running.is_playing or not fresh:
        return running
    return advanced(replace(running, alerts=running.alerts + fresh), pace=pace, now=now)


def with_steps(rotation: Rotation, steps: Sequence[Step]) -> Rotation:
    """The rotation over other steps, at the same step if it is still there, else at the one in its place."""
    if tuple(steps) == rotation.steps:
        return rotation
    current, known = rotation.steps[rotation.index], tuple(steps)
    index = known.index(current) if current in known else rotation.index % len(known)
    return replace(rotation, steps=known, index=index)


def _past_alerts(rotation: Rotation, *, pace: Pace, now: datetime) -> Rotation:
    """Let the alerts pass whose time is over; the one that is left is shown, the rotation's own step waits."""
    running = rotation
    while running.alerts:
        left = pace.step - (running.alert_shown_for or timedelta(0))
        if now - running.at < left:
            return replace(running, at=now, alert_shown_for=pace.step - left + (now - running.at))
        running = replace(running, at=running.at + left, alerts=running.alerts[1:], alert_shown_for=None)
    return running


def _placed(rotation: Rotation, index: int, now: datetime) -> Rotation:
    return replace(
        rotation, at=now, index=index, shown_for=timedelta(0), paused_until=None, alerts=(), alert_shown_for=None
    )
