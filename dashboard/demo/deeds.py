"""What is done in a demo story, each deed through the services, and what the deeds share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from sqlmodel import col, select

from dashboard.demo.aftercare import keep_plan, reopen
from dashboard.demo.photos import add_photos
from dashboard.demo.stories import Story
from dashboard.evidence.store import Store
from dashboard.services.issues import act, enter_ledger, hand_over, report_issue
from dashboard.services.notices import issue_notice, reply_to_notice
from dashboard.services.on_the_spot import confirm_on_the_spot
from dashboard.services.placing import Placing
from db import records
from db.repositories.people import actor_of
from db.tables.issues import Issue, Notice
from db.tables.people import Person, Unit
from db.unit_of_work import UnitOfWork
from governance.on_the_spot import PutRight
from governance.permissions import Actor
from governance.stages import Action
from governance.vocabulary import EvidenceKind, NoticeKind

REPLIED = 0.85

Deed = Callable[[UnitOfWork, "Play"], None]
LonLat = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One deed of one person at one local moment; ``stories`` are those whose issues it reads."""

    at: datetime
    person: Person
    deed: Deed
    stories: tuple[int, ...] = ()


@dataclass(kw_only=True)
class Play:
    """What steps share: the zones, the issues that exist so far, and who may do what today.

    Attributes
    ----------
    issue_ids
        Number of each story's issue, once it is reported.
    notices
        Number of the notice that named a story's issue and waits for its reply.
    asked
        Numbers of extensions and directives by the name that their steps give them.
    issues
        Those that were read or reported in the running unit of work, by number.
    """

    placing: Placing
    store: Store
    issue_ids: dict[int, int] = field(default_factory=dict)
    notices: dict[int, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, work: UnitOfWork, person: Person) -> Actor:
        """The person with the rights of today; kept until somebody's assignment changes."""
        if person.key not in self.actors:
            self.actors[person.key] = actor_of(work.session, person.key, today=work.today)
        return self.actors[person.key]

    def issue(self, work: UnitOfWork, story: Story) -> Issue:
        """The issue of a story that was reported, as it stands in the running unit of work."""
        return self.issues[self.issue_ids[story.number]]

    def open(self, work: UnitOfWork, steps: Sequence[Step]) -> None:
        """Read the issues that the steps of a unit of work need, all at once."""
        numbers = {self.issue_ids[story] for step in steps for story in step.stories if story in self.issue_ids}
        found = work.session.exec(select(Issue).where(col(Issue.id).in_(sorted(numbers))))
        self.issues = {issue.key: issue for issue in found}


def report(story: Story, spot: LonLat, reference: dict[str, Any], work: UnitOfWork, play: Play) -> None:
    """Report the issue with its photo; put right on the spot, with that of the result too."""
    problem, site = story.problem, story.site
    rectifier = site.director or story.finder
    put_right = PutRight(measures=problem.measures, rectifier_id=rectifier.key) if story.is_on_the_spot else None
    issue = report_issue(
        work,
        play.placing,
        title=problem.title,
        description=problem.description,
        severity=story.severity,
        category=problem.category,
        check_area=problem.check_area,
        source=story.source,
        enterprise=site.enterprise,
        industry_id=site.industry.key,
        finder_unit_id=story.finder_unit.key if story.finder_unit else None,
        place=site.place,
        lon=spot[0],
        lat=spot[1],
        put_right=put_right,
        **reference,
    )
    play.issue_ids[story.number], play.issues[issue.key] = issue.key, issue
    add_photos(work, play.store, issue, EvidenceKind.BEFORE)
    if put_right is not None:
        add_photos(work, play.store, issue, EvidenceKind.AFTER)


def confirm(story: Story, seen: str, work: UnitOfWork, play: Play) -> None:
    """Confirm what was put right on the spot."""
    issue = play.issue(work, story)
    work.session.flush()
    confirm_on_the_spot(work, issue, requirement=story.problem.requirement, seen=seen, is_signing=False)


def enter(story: Story, reason: str, work: UnitOfWork, play: Play) -> None:
    """Enter the issue in the ledger."""
    issue = play.issue(work, story)
    enter_ledger(work, issue, term=story.term, requirement=story.problem.requirement, reason=reason)


def advance(story: Story, action: Action, reason: str, given: dict[str, Any], work: UnitOfWork, play: Play) -> None:
    """Move the issue along, with what each move brings."""
    issue = play.issue(work, story)
    match action:
        case Action.MERGE if story.merged_into is not None:
            work.session.flush()
            act(work, issue, action, reason=reason, merged_into_id=play.issue_ids[story.merged_into])
        case Action.HAND_OVER:
            hand_over(work, issue, reason=reason, **given)
        case Action.KEEP_LONG_TERM:
            keep_plan(work, issue, first_on=given["review_due_on"], reason=reason)
        case Action.REOPEN:
            reopen(work, issue, reason=reason)
        case Action.SUBMIT_MEASURES:
            add_photos(work, play.store, issue, EvidenceKind.AFTER)
            act(work, issue, action, reason=reason, **given)
            _reply(story, work, play)
        case _:
            act(work, issue, action, reason=reason, **given)


def _reply(story: Story, work: UnitOfWork, play: Play) -> None:
    """Answer the notice that named the issue, as most do, with the measures."""
    number = play.notices.pop(story.number, None)
    rng = Random(f"reply/{story.number}")  # noqa: S311 - a demo that is the same each time, no secret
    if number is None or rng.random() > REPLIED:
        return
    notice = records.get(work.session, Notice, number)
    if notice.replied_on is None:
        reply_to_notice(work, notice, story.problem.measures)


def notify(kind: NoticeKind, issuer: Unit, stories: list[Story], work: UnitOfWork, play: Play) -> None:
    """Issue a notice that names the issues of the stories."""
    notice = issue_notice(work, kind=kind, issuer=issuer, issues=[play.issue(work, story) for story in stories])
    play.notices |= {story.number: notice.key for story in stories}
