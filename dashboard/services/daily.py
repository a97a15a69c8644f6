"""The daily message: what waits for somebody, what is late in reach, and whom to call about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, and_, false, or_
from sqlmodel import Session, col

from dashboard.i18n import _, label, ngettext
from dashboard.services.audiences import shortened
from dashboard.services.escalation import Contact, ladder_for
from dashboard.services.messages import Reader, as_text, last_line, readers
from db.repositories import directives, issues, messages
from db.repositories.directives import DirectiveFilter, directives_within, waiting_for
from db.repositories.next_steps import open_to, turn_condition
from db.repositories.rules import loop_numbers_of
from db.repositories.scopes import issues_within
from db.tables.directives import Directive
from db.tables.issues import Issue
from db.unit_of_work import current_district, reading
from governance.counting import UNRESOLVED
from governance.lights import days_late
from governance.loop_numbers import LoopNumbers
from governance.next_step import TURNS
from governance.permissions import RIGHT_OF, Actor
from governance.vocabulary import Light

MOST_LINES: Final = 8


@dataclass(frozen=True, kw_only=True)
class DailyMessage:
    """What somebody is told in the morning."""

    title: str
    body: str


def daily_message(
    session: Session, actor: Actor, *, today: date, numbers: LoopNumbers, public_url: str = ""
) -> DailyMessage | None:
    """The daily message of a person, or of a role whose people see everything, in the language in force.

    Parameters
    ----------
    session : Session
    actor : Actor
        With the rights of today.
    today : date
        Local day.
    numbers : LoopNumbers
        The ladder decides from how many days late on a role is told of an issue that is not its turn.
    public_url : str
        For the link at the end.

    Returns
    -------
    DailyMessage or None
        None when nothing waits and nothing is late.
    """
    mine, late = waiting_issues(actor, numbers), late_issues(actor, today, numbers)
    asked = and_(directives_within(actor), waiting_for(actor))
    overdue = directives.condition_of(DirectiveFilter(light=Light.RED), today=today, yellow_until=today)
    pressed = and_(directives_within(actor), overdue)
    counts = issues.count(session, mine) + directives.count(session, asked), issues.count(session, late)
    late_orders = directives.count(session, pressed)
    if not any((*counts, late_orders)):
        return None
    title = _("{waiting} waiting for you, {late} late", waiting=counts[0], late=counts[1] + late_orders)
    lines = [
        *_section(_("Waits for you"), _issue_lines(session, mine, today)),
        *_section(_("Instructions and orders waiting for you"), _directive_lines(session, asked, today)),
        *_section(_("Late, and whom to call"), _late_lines(session, actor, late, today, numbers)),
        *_section(_("Late instructions and orders"), _directive_lines(session, pressed, today)),
    ]
    ending = "\n".join(part for part in (public_url, last_line()) if part)
    return DailyMessage(title=title, body=as_text(lines, ending=ending))


def write_daily(engine: Engine, *, now: datetime, at: time | None = None, public_url: str = "") -> int:
    """Write the daily messages whose hour has come today and that are not written yet.

    Parameters
    ----------
    engine : Engine
    now : datetime
        Aware.
    at : time, optional
        Local time of day up to which hours have come; that of ``now`` without it.
    public_url : str

    Returns
    -------
    int
        Messages written; people with nothing to be told get none.
    """
    with reading(engine) as session:
        rows = _due_rows(session, now=now, at=at, public_url=public_url)
    if not rows:
        return 0
    with messages.writing_messages(engine) as session:
        return messages.write_new(session, rows, now=now)


def waiting_issues(actor: Actor, numbers: LoopNumbers) -> ColumnElement[bool]:
    """Condition on `Issue`: it is the person's turn, in one of the roles held and within its reach."""
    turns = (turn for turn in TURNS if turn.role in actor.roles)
    own = (
        and_(turn_condition(turn, numbers), issues_within(actor, RIGHT_OF[turn.action]), open_to(actor, turn.action))
        for turn in turns
    )
    return or_(false(), *own)


def late_issues(actor: Actor, today: date, numbers: LoopNumbers) -> ColumnElement[bool]:
    """Condition on `Issue`: unresolved, within reach, and so late that the ladder has come to one of the roles held.

    Roles that are no step of the ladder are told from the first day on.
    """
    days = min((numbers.ladder.get(role.value, 0) for role in actor.roles), default=0)
    last = today - timedelta(days=max(days, 1))
    return and_(issues_within(actor), col(Issue.stage).in_(UNRESOLVED), col(Issue.due_on) <= last)


def _due_rows(session: Session, *, now: datetime, at: time | None, public_url: str) -> list[dict[str, Any]]:
    local = now.astimezone(ZoneInfo(current_district(session).time_zone))
    hour = f"{at or local.time():%H:%M}"
    due = [reader for reader in readers(session, today=local.date()) if _has_come(reader, hour)]
    waiting = [reader for reader in due if not messages.has_key(session, _key(reader, local.date()))]
    numbers = loop_numbers_of(session) if waiting else LoopNumbers()
    found = (
        (reader, daily_message(session, reader.actor, today=local.date(), numbers=numbers, public_url=public_url))
        for reader in waiting
    )
    return [
        {
            "channel_id": reader.channel.key,
            "title": told.title,
            "body": told.body,
            "key": _key(reader, local.date()),
        }
        for reader, told in found
        if told is not None
    ]


def _has_come(reader: Reader, hour: str) -> bool:
    return reader.channel.daily_at is not None and reader.channel.daily_at <= hour


def _key(reader: Reader, day: date) -> str:
    return f"daily:{day.isoformat()}:{reader.channel.key}"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return [f"[{title}]", *found] if found else []


def _issue_lines(session: Session, condition: ColumnElement[bool], today: date) -> list[str]:
    found = issues.lines(session, condition, limit=MOST_LINES, by_deadline=True)
    return [_issue_line(line.issue, today) for line in found]


def _late_lines(
    session: Session, actor: Actor, condition: ColumnElement[bool], today: date, numbers: LoopNumbers
) -> list[str]:
    found = [line.issue for line in issues.lines(session, condition, limit=MOST_LINES, by_deadline=True)]
    return [_issue_line(issue, today) + _to_call(session, actor, issue, today, numbers) for issue in found]


def _issue_line(issue: Issue, today: date) -> str:
    late = days_late(issue.due_on, today=today)
    when = ngettext("{number} day late", "{number} days late", late) if late else _due(issue.due_on)
    return " · ".join(part for part in (f"{issue.number} {shortened(issue.title)}", label(issue.stage), when) if part)


def _to_call(session: Session, actor: Actor, issue: Issue, today: date, numbers: LoopNumbers) -> str:
    """The next one down the ladder from whoever reads, with the telephone; for others who answers first."""
    steps = [step for step in ladder_for(session, issue, today=today, numbers=numbers) if step.contacts]
    own = next((place for place, step in enumerate(steps) if step.rung.role in actor.roles), None)
    below = steps[:own][-1:] if own is not None else steps[:1]
    return f" · {_call(below[0].contacts[0])}" if below else ""


def _call(contact: Contact) -> str:
    parts = (contact.person.name, contact.unit.name if contact.unit else "", contact.person.phone or "")
    return _("call {who}", who=" ".join(part for part in parts if part))


def _directive_lines(session: Session, condition: ColumnElement[bool], today: date) -> list[str]:
    return [_directive_line(line.directive, today) for line in directives.lines(session, condition, limit=MOST_LINES)]


def _directive_line(directive: Directive, today: date) -> str:
    late = days_late(directive.due_on, today=today)
    when = ngettext("{number} day late", "{number} days late", late) if late else _due(directive.due_on)
    return f"{label(directive.kind)} {directive.number} {shortened(directive.text)} · {when}"


def _due(day: date | None) -> str:
    return _("Due on {day}", day=day) if day else ""
