"""What happens beside the demo's stories: more time is asked for, leaders instruct, look-backs are planned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from random import Random
from typing import Any, Final

from dashboard.demo.aftercare import look, plan
from dashboard.demo.deeds import Play, Step
from dashboard.demo.director import Director
from dashboard.demo.recipe import Lateness, reasons
from dashboard.demo.stories import Story
from dashboard.services.comments import write_comment
from dashboard.services.directives import carry_out, finish, give_instruction, order_supervision, propose, report
from dashboard.services.extensions import ask_extension, decide_extension
from dashboard.services.rules import NEVER_SET, set_numbers
from dashboard.services.working_days import is_working_day
from db import records
from db.tables.directives import Directive
from db.tables.loop import Extension
from db.tables.people import Person
from db.unit_of_work import UnitOfWork
from governance.deadlines import add_working_days
from governance.loop_numbers import loop_numbers
from governance.stages import Action
from governance.vocabulary import Category, LookBackKind, SignOffLevel, Term

EARLY: Final = 8 * 60 + 5
EVENING: Final = 17 * 60 + 45
MORE_DAYS: Final = 5
EXTENSIONS: Final = 24
INSTRUCTIONS: Final = 10
ORDERS: Final = 6
COMMENTS: Final = 24
LOOKS_A_DAY: Final = 6
# Working days from the first look-back to the next, the evenings spent on each, and on the last one so far.
FIRST_LOOK_BACK: Final = 34
LOOK_BACK_EVERY: Final = 8
EVENINGS, LAST_EVENINGS = 5, 2
_STEPS: Final[tuple[tuple[str, Callable[[UnitOfWork, Directive, str], Any]], ...]] = (
    ("propose", propose),
    ("carry_out", carry_out),
    ("report", report),
    ("finish", finish),
)


@dataclass(frozen=True, kw_only=True)
class Asides:
    """Makes the steps beside the stories; draws from a random source of its own."""

    director: Director
    rng: Random

    def steps(self, stories: Sequence[Story]) -> list[Step]:
        """All of them, in no order."""
        return [
            *self._extensions(stories),
            *self._directives(stories),
            *self._comments(stories),
            *self._look_backs(stories),
            self._rules(),
        ]

    def _step(self, day: int, minute: int, person: Person, deed: Any, *stories: Story) -> Step:
        numbers = tuple(story.number for story in stories)
        return Step(at=self.director.days.at(day, minute), person=person, deed=deed, stories=numbers)

    def _extensions(self, stories: Sequence[Story]) -> list[Step]:
        handed = [story for story in stories if story.term == Term.LIMITED and story.site.director and _waits(story)]
        steps: list[Step] = []
        for story in self.rng.sample(handed, EXTENSIONS):
            day = _day_of(story, Action.HAND_OVER) + 1
            asked, name = story.site.director, f"extension/{story.number}"
            reason, answer = (self.rng.choice(reasons().of(f"extension_{part}")) for part in ("asked", "answer"))
            if asked is None:
                continue
            steps.append(self._step(day, EARLY, asked, partial(_ask, story, name, reason), story))
            is_granted = self.rng.random() < 0.7
            decide = partial(_decide, name, answer, is_granted=is_granted)
            if day + 1 < len(self.director.days):
                steps.append(self._step(day + 1, EARLY, self._decider(story), decide, story))
        return steps

    def _decider(self, story: Story) -> Person:
        cast = self.director.cast
        return cast.charges[story.site.township] if story.level == SignOffLevel.TOWNSHIP else cast.committee[0]

    def _directives(self, stories: Sequence[Story]) -> list[Step]:
        late = [story for story in stories if story.lateness == Lateness.LATE and story.has(Action.HAND_OVER)]
        chosen = self.rng.sample(late, min(INSTRUCTIONS + ORDERS, len(late)))
        last = len(self.director.days) - 1
        steps: list[Step] = []
        for number, story in enumerate(chosen):
            day = max(last - self.rng.randint(2, 7), story.course[-1].day)
            is_order = number >= INSTRUCTIONS
            asker = self.director.cast.committee[1] if is_order else self.director.leader_of(story, day)
            doer, name = self._doer(story), f"directive/{story.number}"
            words = self.rng.choice(reasons().of("order" if is_order else "instruction"))
            steps.append(self._step(day, EVENING, asker, partial(_give, story, name, words, is_order=is_order), story))
            for offset, (kind, act) in enumerate(islice(_STEPS, self.rng.randint(0, len(_STEPS))), start=1):
                if day + offset <= last:
                    said = self.rng.choice(reasons().of(f"directive_{kind}"))
                    person = asker if act is finish else doer
                    steps.append(self._step(day + offset, EVENING, person, partial(_go_on, name, act, said), story))
        return steps

    def _doer(self, story: Story) -> Person:
        cast = self.director.cast
        is_minor = story.level == SignOffLevel.TOWNSHIP
        return cast.offices[story.site.township] if is_minor else cast.departments[story.site.department][0]

    def _comments(self, stories: Sequence[Story]) -> list[Step]:
        open_ones = [story for story in stories if story.course[-1].action != Action.SIGN_OFF and story.site.enterprise]
        steps = []
        for story in self.rng.sample(open_ones, COMMENTS):
            words = self.rng.choice(reasons().of("comment"))
            person = self.director.cast.offices[story.site.township]
            steps.append(self._step(story.course[-1].day, EVENING, person, partial(_comment, story, words), story))
        return steps

    def _look_backs(self, stories: Sequence[Story]) -> list[Step]:
        cast, days = self.director.cast, self.director.days
        again = frozenset(story.number for story in stories if story.has(Action.REOPEN))
        steps = []
        planned = range(FIRST_LOOK_BACK, len(days) - LAST_EVENINGS - 1, LOOK_BACK_EVERY)
        for number, day in enumerate(planned):
            name = f"look_back/{number}"
            kind = LookBackKind.TOWNSHIP_FINDINGS if number == 1 else LookBackKind.CLOSED_ISSUES
            steps.append(self._step(day, EARLY, cast.bureau[0], partial(_plan, kind, name, number)))
            evenings = min(EVENINGS, len(days) - 1 - day) if day != planned[-1] else LAST_EVENINGS
            for evening in range(1, evenings + 1):
                words = tuple(islice(cycle(reasons().of("look_back")), evening, evening + LOOKS_A_DAY))
                steps.append(self._step(day + evening, EVENING, cast.bureau[1], partial(_look, name, words, again)))
        return steps

    def _rules(self) -> Step:
        """From the last evening on, smells are announced before they are signed off."""
        last = len(self.director.days) - 1
        return self._step(last, EVENING + 10, self.director.cast.bureau[0], _set_rules)


def _waits(story: Story) -> bool:
    """Whether the rectification takes long enough that somebody could ask for more time before it is handed in."""
    if not story.has(Action.HAND_OVER) or story.visit is not None:
        return False
    handed = _day_of(story, Action.HAND_OVER)
    following = [move.day for move in story.course if move.day > handed]
    return min(following, default=handed + MORE_DAYS + 1) > handed + MORE_DAYS


def _day_of(story: Story, action: Action) -> int:
    return next(move.day for move in story.course if move.action == action)


def _ask(story: Story, name: str, reason: str, work: UnitOfWork, play: Play) -> None:
    issue = play.issue(work, story)
    due_on = add_working_days(issue.rectify_due_on or work.today, MORE_DAYS, is_working_day=is_working_day)
    play.asked[name] = ask_extension(work, issue, wanted_due_on=due_on, reason=reason).key


def _decide(name: str, answer: str, work: UnitOfWork, play: Play, *, is_granted: bool) -> None:
    decide_extension(work, records.get(work.session, Extension, play.asked[name]), is_granted=is_granted, answer=answer)


def _give(story: Story, name: str, words: str, work: UnitOfWork, play: Play, *, is_order: bool) -> None:
    give = order_supervision if is_order else give_instruction
    play.asked[name] = give(work, text=words, issue=play.issue(work, story)).key


def _go_on(
    name: str, act: Callable[[UnitOfWork, Directive, str], Any], words: str, work: UnitOfWork, play: Play
) -> None:
    act(work, records.get(work.session, Directive, play.asked[name]), words)


def _comment(story: Story, words: str, work: UnitOfWork, play: Play) -> None:
    write_comment(work, play.issue(work, story), words)


def _plan(kind: LookBackKind, name: str, seed: int, work: UnitOfWork, play: Play) -> None:
    work.session.flush()
    play.asked[name] = plan(work, kind, seed=seed)


def _look(name: str, words: Sequence[str], again: frozenset[int], work: UnitOfWork, play: Play) -> None:
    work.session.flush()
    spared = frozenset(play.issue_ids[number] for number in again if number in play.issue_ids)
    look(work, play.asked[name], most=LOOKS_A_DAY, words=words, spared=spared)


def _set_rules(work: UnitOfWork, play: Play) -> None:
    numbers = loop_numbers({"notice_categories": [Category.ODOUR.value]})
    set_numbers(work, numbers, version=NEVER_SET, reason=reasons().of("rules")[0])
