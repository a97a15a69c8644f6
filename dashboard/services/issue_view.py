"""One issue as its page shows it: whose it is, its six links, what comes next, and the newest of its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from json import loads
from typing import Any, Final

from sqlmodel import Session, col, select

from dashboard.services.ledger import IssueFile, issue_line
from db.loop_rules import loop_numbers_of
from db.repositories import issues
from db.repositories.dated import valid_on
from db.repositories.issue_history import Happened, LastOf, last_of_each, newest_of
from db.repositories.loop import joining_units, open_milestones, took_part
from db.repositories.people import guards_of
from db.tables.issues import Issue
from db.tables.people import Person, Unit
from db.tables.territory import Enterprise, IndustryStandard, Zone
from governance.loop_numbers import LoopNumbers
from governance.next_step import NextStep, links_passed, next_step
from governance.permissions import Actor
from governance.vocabulary import AssignmentPart, Stage

NEWEST: Final = 30
MOST_EVENTS: Final = 2_000

# What the page tells of each link: the event that completes it, the field of the person, the field of the day.
_LINKS: Final[tuple[tuple[Stage, str, str, str], ...]] = (
    (Stage.DISCOVERED, "reported", "finder_id", "found_on"),
    (Stage.CONFIRMED, "confirmed", "confirmer_id", "confirmed_on"),
    (Stage.LEDGERED, "entered_in_ledger", "", "ledgered_on"),
    (Stage.RECTIFYING, "measures_submitted", "rectifier_id", "measures_on"),
    (Stage.SUPERVISED, "checked_on_site", "checker_id", "checked_on"),
    (Stage.CLOSED, "signed_off", "signer_id", "closed_on"),
)
_BACK: Final = ("sent_back", "returned", "reopened")
_BESIDE: Final = ("handed_over", "witnessed", "announced", "handed_in_above", "kept_long_term", "refused", "merged")
_PEOPLE: Final = ("finder_id", "confirmer_id", "person_in_charge_id", "rectifier_id", "witness_id", "checker_id")
_UNITS: Final = ("finder_unit_id", "lead_unit_id", "enforcement_unit_id")


@dataclass(frozen=True, kw_only=True)
class Names:
    """Records that the page names, by their numbers: read once each, whoever mentions them."""

    people: Mapping[int, Person]
    units: Mapping[int, Unit]
    zones: Mapping[int, Zone]
    issues: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Link:
    """One of the six links.

    Attributes
    ----------
    is_done
        It was passed, and not undone since.
    is_current
        The issue stands here.
    on, person, leader
        Local day, who passed it, and for whom; None as long as it is not passed, or where nobody noted it.
    """

    stage: Stage
    is_done: bool
    is_current: bool
    on: date | None
    person: Person | None
    leader: str | None


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Who acts, what, how and how far.

    Attributes
    ----------
    standard, department
        The standard by which the issue was judged and its department; today's where it is not in the ledger yet.
    joining
        Units that join.
    guard, guarded
        The leader who guards the issue's zone as lead today, and that zone: the key zone before the township.
    """

    enterprise: Enterprise | None
    standard: IndustryStandard | None
    department: Unit | None
    joining: tuple[Unit, ...]
    guard: Person | None
    guarded: Zone | None


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """One issue as its page shows it.

    Attributes
    ----------
    file
        Line, notices, evidence, and as ``events`` the newest of its history, newest first.
    happened
        The same events with names; at most as many as were asked for.
    has_more
        Older events were left out.
    steps
        Code → last event of the code and how often it happened; the ways back (``sent_back``, ``returned``,
        ``reopened``) and what stands beside the six links.
    step
        None when nothing is left to do.
    numbers
        The district's numbers of the loop.
    """

    file: IssueFile
    whose: Whose
    links: tuple[Link, ...]
    steps: Mapping[str, LastOf]
    step: NextStep | None
    happened: tuple[Happened, ...]
    has_more: bool
    names: Names
    numbers: LoopNumbers

    @property
    def issue(self) -> Issue:
        """The issue's row."""
        return self.file.line.issue

    @property
    def ways_back(self) -> dict[str, LastOf]:
        """What took the issue back, in the order of the life."""
        return {code: self.steps[code] for code in _BACK if code in self.steps}


def issue_view(session: Session, actor: Actor, number: str, *, today: date, newest: int = NEWEST) -> IssueView:
    """One issue as a person sees it.

    Parameters
    ----------
    session : Session
    actor : Actor
    number : str
        The issue's own number.
    today : date
        Local day on which guards are asked.
    newest : int
        How many of the newest events are read, at most 2,000; the number of queries does not depend on it.

    Raises
    ------
    NotFound
        There is no such issue, or not for this person.
    """
    line = issue_line(session, actor, number)
    issue, numbers = line.issue, loop_numbers_of(session)
    wanted = min(newest, MOST_EVENTS)
    happened = newest_of(session, issue.key, limit=wanted + 1)
    shown = tuple(happened[:wanted])
    steps = last_of_each(session, issue.key, [*(link[1] for link in _LINKS), *_BACK, *_BESIDE])
    joining = [row.unit_id for row in joining_units(session, issue.key)]
    step = next_step(
        issue.model_dump(),
        today=today,
        numbers=numbers,
        took_part=took_part(session, issue.key),
        open_milestones=open_milestones(session, issue.key),
    )
    acting = [last.happened.event.actor_id for last in steps.values()]
    names = _names(session, issue, shown, joining, others=[*acting, *(step.barred_ids if step else ())])
    file = IssueFile(
        line=line,
        events=[(each.event, each.name, each.leader) for each in shown],
        notices=issues.notices_of(session, issue.key),
        evidence=issues.evidence_of(session, issue.key),
    )
    return IssueView(
        file=file,
        whose=_whose(session, issue, names, joining, today=today),
        links=_links(issue, steps, names),
        steps=steps,
        step=step,
        happened=shown,
        has_more=len(happened) > wanted,
        names=names,
        numbers=numbers,
    )


def _links(issue: Issue, steps: Mapping[str, LastOf], names: Names) -> tuple[Link, ...]:
    reached = links_passed(issue.model_dump())
    found = []
    for index, (stage, code, person_field, day_field) in enumerate(_LINKS):
        is_done = index < reached
        last = steps[code].happened if is_done and code in steps else None
        person_id = getattr(issue, person_field) if person_field else last.event.actor_id if last else None
        found.append(
            Link(
                stage=stage,
                is_done=is_done,
                is_current=index == min(reached, len(_LINKS) - 1),
                on=getattr(issue, day_field) if is_done else None,
                person=names.people.get(person_id) if is_done and person_id is not None else None,
                leader=last.leader if last else None,
            )
        )
    return tuple(found)


def _whose(session: Session, issue: Issue, names: Names, joining: list[int], *, today: date) -> Whose:
    standard, department = _standard(session, issue, today)
    guard, guarded = _guard(session, issue, names, today)
    return Whose(
        enterprise=session.get(Enterprise, issue.enterprise_id) if issue.enterprise_id else None,
        standard=standard,
        department=department,
        joining=tuple(names.units[number] for number in joining if number in names.units),
        guard=guard,
        guarded=guarded,
    )


def _standard(session: Session, issue: Issue, today: date) -> tuple[IndustryStandard | None, Unit | None]:
    query = select(IndustryStandard, Unit).join(Unit, col(Unit.id) == col(IndustryStandard.department_id))
    judged = col(IndustryStandard.id) == issue.standard_id
    of_today = (col(IndustryStandard.industry_id) == issue.industry_id) & valid_on(IndustryStandard, today)
    found = session.exec(query.where(judged if issue.standard_id else of_today)).first()
    return found or (None, None)


def _guard(session: Session, issue: Issue, names: Names, today: date) -> tuple[Person | None, Zone | None]:
    """The lead of the zone that shows the issue; where it has none, of the township."""
    for zone_id in dict.fromkeys(number for number in (issue.primary_zone_id, issue.township_id) if number):
        for assignment, person in guards_of(session, zone_id, day=today):
            if assignment.part == AssignmentPart.LEAD:
                return person, names.zones.get(zone_id)
    return None, None


def _names(
    session: Session, issue: Issue, happened: Iterable[Happened], joining: list[int], *, others: Iterable[int | None]
) -> Names:
    told = [fields_of(each) for each in happened]
    people = [*others, *(getattr(issue, field) for field in (*_PEOPLE, "signer_id"))]
    units = [getattr(issue, field) for field in _UNITS] + joining
    known = [issue.merged_into_id, issue.recurs_id]
    people += [value for fields in told for name, value in fields.items() if kind_of(name) is Person]
    units += [value for fields in told for name, value in fields.items() if kind_of(name) is Unit]
    known += [value for fields in told for name, value in fields.items() if kind_of(name) is Issue]
    return Names(
        people=_by_number(session, Person, people),
        units=_by_number(session, Unit, units),
        zones=_by_number(session, Zone, [*issue.zone_ids, issue.primary_zone_id]),
        issues={number: row.number for number, row in _by_number(session, Issue, known).items()},
    )


def _by_number(session: Session, model: Any, numbers: Iterable[int | None]) -> dict[int, Any]:
    wanted = {number for number in numbers if number is not None}
    rows = session.exec(select(model).where(model.id.in_(wanted))) if wanted else ()
    return {row.key: row for row in rows}


def fields_of(happened: Happened) -> dict[str, Any]:
    """The fields that an event set, as JSON gives them."""
    return dict(loads(happened.event.params).get("set", {}))


def kind_of(field: str) -> type[Person] | type[Unit] | type[Issue] | None:
    """What the number in a field names; None where it is no such number."""
    if field in ("merged_into_id", "recurs_id"):
        return Issue
    if field.endswith("unit_id"):
        return Unit
    return Person if field.endswith(_PERSON_ENDINGS) else None


_PERSON_ENDINGS: Final = (
    *("finder_id", "confirmer_id", "person_in_charge_id", "rectifier_id", "witness_id", "checker_id", "signer_id"),
    *("asked_by_id", "decided_by_id", "reached_by_id", "looked_by_id", "replied_by_id", "giver_id", "person_id"),
)
