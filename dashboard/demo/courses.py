"""The course of a demo issue: which move on which working day, so that it ends as its fate says."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from dashboard.demo.recipe import Fate, Lateness
from governance.deadlines import rectify_days
from governance.loop_numbers import USUAL
from governance.stages import Action
from governance.vocabulary import Severity, Term

SOON_DAYS = (0, 1)
CALM_DAYS = 4
LATE_DAYS = (1, 14)
# Working days from a sign-off to its reopening: after a look-back could draw it.
REBOUND_DAYS = (24, 45)


@dataclass(frozen=True)
class Move:
    """An action on a working day, by the index of the day."""

    day: int
    action: Action


Course = tuple[Move, ...]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a course depends on; ``days`` is the number of working days, so the index of the next one."""

    days: int
    term: Term
    severity: Severity
    lateness: Lateness

    @property
    def limit(self) -> int:
        """Working days that the rectification may take."""
        return rectify_days(term=self.term, severity=self.severity, category=None)

    def due(self, rng: Random, *, longest: int) -> int:
        """Index of the day on which the running clock ends, as the lateness asks for."""
        match self.lateness:
            case Lateness.LATE:
                return self.days - rng.randint(*LATE_DAYS)
            case Lateness.SOON:
                return self.days + rng.randint(*SOON_DAYS)
            case Lateness.CALM:
                return self.days + rng.randint(CALM_DAYS, max(longest, CALM_DAYS))


def course_of(fate: Fate, frame: Frame, rng: Random) -> Course:
    """Moves from the report on, none before day 0 and none after the last day.

    Parameters
    ----------
    fate : Fate
        Not ``merged``: that depends on the other issue, see `merged_course`.
    frame : Frame
    rng : Random
    """
    course = _COURSES[fate](frame, rng)
    while course[0].day < 0 or course[-1].day >= frame.days:
        course = _COURSES[fate](frame, rng)
    return course


def merged_course(base: Course, frame: Frame, rng: Random) -> Course:
    """Found again while the other issue was known, and merged into it a little later."""
    found = min(base[0].day + rng.randint(1, 4), frame.days - 2)
    return (Move(found, Action.REPORT), Move(found + 1, Action.MERGE))


def _opening(ledgered: int, frame: Frame, rng: Random, *, upto: Action = Action.HAND_OVER) -> list[Move]:
    at_once = frame.term == Term.AT_ONCE
    confirmed = ledgered - (0 if at_once else rng.randint(0, 1))
    found = confirmed - (0 if at_once else rng.randint(0, USUAL.confirm_days))
    handed = ledgered + (0 if at_once else rng.randint(0, 1))
    moves = [
        Move(found, Action.REPORT),
        Move(confirmed, Action.CONFIRM),
        Move(ledgered, Action.ENTER_LEDGER),
        Move(handed, Action.HAND_OVER),
    ]
    return moves[: [move.action for move in moves].index(upto) + 1]


def _ending(start: int, rng: Random, *, at_once: bool) -> list[Move]:
    checked = start + (rng.choice((0, 0, 0, 1)) if at_once else rng.randint(0, 3))
    signed = checked + (0 if at_once else rng.randint(0, 2))
    return [Move(checked, Action.CHECK_ON_SITE), Move(signed, Action.SIGN_OFF)]


def _life(frame: Frame, rng: Random) -> Course:
    """A whole life from day 0: sometimes late, sometimes returned and gone round again."""
    at_once = frame.term == Term.AT_ONCE
    moves = _shifted(_opening(0, frame, rng))
    handed = moves[-1].day
    is_late = rng.random() < 0.09
    done = handed + (rng.randint(frame.limit + 1, frame.limit + 9) if is_late else _in_time(frame, rng))
    moves.append(Move(done, Action.SUBMIT_MEASURES))
    rounds = 0 if at_once else rng.choices((0, 1, 2), (86, 12, 2))[0]
    for _ in range(rounds):
        returned = done + rng.randint(0, 3)
        done = returned + rng.randint(2, 9)
        moves += [Move(returned, Action.RETURN), Move(done, Action.SUBMIT_MEASURES)]
    return (*moves, *_ending(done, rng, at_once=at_once))


def _in_time(frame: Frame, rng: Random) -> int:
    if frame.term == Term.AT_ONCE:
        return 0
    longest = min(frame.limit, 40)
    return rng.randint(max(1, longest // 5), longest - 1)


def _shifted(moves: list[Move], by: int | None = None) -> list[Move]:
    step = -moves[0].day if by is None else by
    return [Move(move.day + step, move.action) for move in moves]


def _closed(frame: Frame, rng: Random) -> Course:
    life = list(_life(frame, rng))
    room = frame.days - life[-1].day
    return tuple(_shifted(life, _found_day(rng, room))) if room > 0 else tuple(life)


def _found_day(rng: Random, room: int) -> int:
    """A day for a report: more of them in the first third, when the inspections began."""
    shape = [1.0 + 1.1 * min(day / (0.2 * room + 1), 1.0) - 0.9 * day / room for day in range(room)]
    return rng.choices(range(room), shape)[0]


def _closed_again(frame: Frame, rng: Random) -> Course:
    life = list(_life(frame, rng))
    reopened = life[-1].day + rng.randint(*REBOUND_DAYS)
    done = reopened + rng.randint(3, 10)
    life += [Move(reopened, Action.REOPEN), Move(done, Action.SUBMIT_MEASURES), *_ending(done, rng, at_once=False)]
    room = frame.days - life[-1].day
    return tuple(_shifted(life, rng.randrange(room))) if room > 0 else tuple(life)


def _rebounded(frame: Frame, rng: Random) -> Course:
    reopened = frame.due(rng, longest=frame.limit - 3) - frame.limit
    life = list(_life(frame, rng))
    life = _shifted(life, reopened - rng.randint(*REBOUND_DAYS) - life[-1].day)
    return (*life, Move(reopened, Action.REOPEN))


def _clue(frame: Frame, rng: Random) -> Course:
    waited = (
        rng.randint(USUAL.confirm_days + 2, USUAL.confirm_days + 5)
        if frame.lateness == Lateness.LATE
        else rng.randint(1, 2)
    )
    return (Move(frame.days - waited, Action.REPORT),)


def _confirmed(frame: Frame, rng: Random) -> Course:
    day = frame.days - rng.randint(1, 3)
    return (Move(day - rng.randint(0, 2), Action.REPORT), Move(day, Action.CONFIRM))


def _ledgered(frame: Frame, rng: Random) -> Course:
    is_late = frame.lateness == Lateness.LATE
    day = frame.days - 3 - frame.limit if is_late else frame.days - rng.randint(1, 3)
    return tuple(_opening(day, frame, rng, upto=Action.ENTER_LEDGER))


def _rectifying(frame: Frame, rng: Random) -> Course:
    begun = frame.due(rng, longest=frame.limit - 3) - frame.limit
    if rng.random() > 0.22 or frame.term == Term.AT_ONCE:
        return tuple(_opening(begun, frame, rng))
    done = begun - rng.randint(0, 3)
    moves = _opening(done - rng.randint(3, frame.limit), frame, rng)
    return (*moves, Move(done, Action.SUBMIT_MEASURES), Move(begun, Action.RETURN))


def _supervised(frame: Frame, rng: Random) -> Course:
    done = frame.due(rng, longest=CALM_DAYS) - USUAL.check_days
    moves = _opening(done - rng.randint(2, frame.limit), frame, rng)
    moves.append(Move(done, Action.SUBMIT_MEASURES))
    checked = done + rng.randint(0, 2)
    if rng.random() < 0.4 and checked < frame.days:
        moves.append(Move(checked, Action.CHECK_ON_SITE))
    return tuple(moves)


def _long_term(frame: Frame, rng: Random) -> Course:
    moves = _opening(frame.days - rng.randint(40, 110), frame, rng)
    return (*moves, Move(moves[-1].day + rng.randint(5, 15), Action.KEEP_LONG_TERM))


def _refused(frame: Frame, rng: Random) -> Course:
    day = _found_day(rng, frame.days - 4)
    return (Move(day, Action.REPORT), Move(day + rng.randint(1, 3), Action.REFUSE))


_COURSES: dict[Fate, Callable[[Frame, Random], Course]] = {
    Fate.CLOSED: _closed,
    Fate.CLOSED_AGAIN: _closed_again,
    Fate.REBOUNDED: _rebounded,
    Fate.CLUE: _clue,
    Fate.CONFIRMED: _confirmed,
    Fate.LEDGERED: _ledgered,
    Fate.RECTIFYING: _rectifying,
    Fate.SUPERVISED: _supervised,
    Fate.LONG_TERM: _long_term,
    Fate.REFUSED: _refused,
}
