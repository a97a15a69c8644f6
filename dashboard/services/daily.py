"""The daily message: what waits for somebody, what is late in reach, and whom to call about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, and_, false, func, not_
from sqlmodel import Session, col

from dashboard.i18n import _, label, ngettext
from dashboard.services.audiences import shortened
from dashboard.services.inbox import WAITING, inbox
from dashboard.services.inbox_letters import Letter, directive_letters, issue_letters
from dashboard.services.inbox_letters import Reader as InboxReader
from dashboard.services.message_text import Section, as_text, last_line
from dashboard.services.messages import Reader, readers
from dashboard.services.morning import morning_of
from dashboard.services.morning_words import message_sections, nothing_words, shown_name
from db.loop_rules import loop_numbers_of
from db.repositories import directives, issues, messages, trays
from db.repositories.directives import DirectiveFilter, directives_within
from db.tables.issues import Issue
from db.tables.people import Person
from db.unit_of_work import current_district, reading
from governance.loop_numbers import LoopNumbers
from governance.permissions import Actor
from governance.vocabulary import Light, Role

MOST_LINES: Final = 5
YELLOW_DAYS: Final = 3


@dataclass(frozen=True, kw_only=True)
class DailyMessage:
    """What somebody is told in the morning."""

    title: str
    body: str


def daily_message(
    session: Session,
    actor: Actor,
    *,
    today: date,
    numbers: LoopNumbers,
    yellow_days: int = YELLOW_DAYS,
    public_url: str = "",
) -> DailyMessage | None:
    """The daily message of a person, or of a role whose people see everything, in the language in force.

    Leaders and their liaisons are told what stands on the page of the guarded zones: the same matters and numbers.

    Parameters
    ----------
    session : Session
    actor : Actor
        With the rights of today.
    today : date
        Local day.
    numbers : LoopNumbers
        The ladder decides from how many days late on a role is told of an issue that is not its turn.
    yellow_days : int
        Days before a deadline in which it counts as due soon.
    public_url : str
        For the link at the end.

    Returns
    -------
    DailyMessage or None
        None when nothing waits and nothing is late; for a leader, when nothing is unresolved in the guarded zones.
    """
    leaders = leaders_of(session, actor)
    if leaders:
        return _of_leaders(session, leaders, today=today, yellow_days=yellow_days, public_url=public_url)
    reader = InboxReader(session=session, actor=actor, today=today, numbers=numbers)
    stacks = inbox(session, actor, today=today, most=MOST_LINES, wanted=WAITING)
    late = late_issues(actor, today, numbers)
    pressed = and_(directives_within(actor), _overdue(today))
    waiting = sum(stack.count for stack in stacks)
    late_orders = directives.count(session, pressed)
    overdue = issues.count(session, late) + late_orders
    if not waiting + overdue:
        return None
    others = and_(late, not_(func.coalesce(trays.my_turn(actor, numbers), false())))
    found = issue_letters(reader, others, MOST_LINES, is_late=True)
    sections = [
        *(_section(label(stack.tray), stack.letters, stack.count) for stack in stacks),
        _section(_("Late, and whom to call"), found, issues.count(session, others)),
        _section(_("Late instructions and orders"), directive_letters(reader, pressed, MOST_LINES), late_orders),
    ]
    ending = "\n".join(part for part in (public_url, last_line()) if part)
    title = _("{waiting} waiting for you, {late} late", waiting=waiting, late=overdue)
    return DailyMessage(title=title, body=as_text([one for one in sections if one.items], ending=ending))


def leaders_of(session: Session, actor: Actor) -> list[Person]:
    """The leaders whose morning somebody is told: the own one, and those of the leaders for whom a liaison acts."""
    own = [actor.person_id] if Role.DISTRICT_LEADER in actor.roles and actor.person_id is not None else []
    return [session.get_one(Person, number) for number in dict.fromkeys([*own, *actor.leader_ids])]


def _of_leaders(
    session: Session, leaders: Sequence[Person], *, today: date, yellow_days: int, public_url: str
) -> DailyMessage | None:
    """The matters of all leaders, then their zones; each with the leader's name where there are several."""
    mornings = [morning_of(session, leader, today=today, yellow_days=yellow_days) for leader in leaders]
    told = [one for one in mornings if one.matters or one.together.unresolved]
    if not told:
        return None
    pairs = [
        message_sections(one, today=today, name=shown_name(one.leader) if len(leaders) > 1 else "") for one in told
    ]
    matters = sum(len(one.matters) for one in told)
    address = f"{public_url}/my-zones" if public_url else ""
    ending = "\n".join(part for part in (address, last_line()) if part)
    title = ngettext("{number} matter needs you today", "{number} matters need you today", matters)
    return DailyMessage(
        title=title if matters else nothing_words(),
        body=as_text([*(first for first, _zones in pairs), *(zones for _first, zones in pairs)], ending=ending),
    )


def write_daily(
    engine: Engine,
    *,
    now: datetime,
    at: time | None = None,
    yellow_days: int = YELLOW_DAYS,
    public_url: str = "",
    most: int | None = None,
) -> int:
    """Write the daily messages whose hour has come today and that were not decided on yet.

    Parameters
    ----------
    engine : Engine
    now : datetime
        Aware.
    at : time, optional
        Local time of day up to which hours have come; that of ``now`` without it.
    yellow_days : int
    public_url : str
    most : int, optional
        Channels to decide on in this call; the rest is left for the next.

    Returns
    -------
    int
        Messages written; people with nothing to be told get none that day.
    """
    with reading(engine) as session:
        local = now.astimezone(ZoneInfo(current_district(session).time_zone))
        due = _due(session, day=local.date(), hour=f"{at or local.time():%H:%M}")[:most]
        rows = _rows(session, due, day=local.date(), yellow_days=yellow_days, public_url=public_url)
    if not due:
        return 0
    with messages.writing_messages(engine) as session:
        messages.decide(session, [reader.channel.key for reader in due], local.date())
        return messages.write_new(session, rows, now=now)


def late_issues(actor: Actor, today: date, numbers: LoopNumbers) -> ColumnElement[bool]:
    """Condition on `Issue`: late within reach, and so late that the ladder has come to one of the roles held.

    Roles that are no step of the ladder are told from the first day on.
    """
    days = min((numbers.ladder.get(role.value, 0) for role in actor.roles), default=0)
    return and_(trays.late(actor, today), col(Issue.due_on) <= today - timedelta(days=days))


def _due(session: Session, *, day: date, hour: str) -> list[Reader]:
    """Readers whose hour has come and whose message of the day was not decided on, by channel."""
    decided = messages.decided_channels(session, day)
    return [
        reader
        for reader in readers(session, today=day, is_daily=True, skipping=decided)
        if (reader.channel.daily_at or "") <= hour
    ]


def _rows(
    session: Session, due: Iterable[Reader], *, day: date, yellow_days: int, public_url: str
) -> list[dict[str, Any]]:
    given: dict[str, Any] = {"today": day, "yellow_days": yellow_days, "public_url": public_url}
    numbers = loop_numbers_of(session)
    found = ((reader, daily_message(session, reader.actor, numbers=numbers, **given)) for reader in due)
    return [
        {
            "channel_id": reader.channel.key,
            "title": told.title,
            "body": told.body,
            "key": f"daily:{day.isoformat()}:{reader.channel.key}",
        }
        for reader, told in found
        if told is not None
    ]


def _overdue(today: date) -> ColumnElement[bool]:
    return directives.condition_of(DirectiveFilter(light=Light.RED), today=today, yellow_until=today)


def _section(title: str, letters: Iterable[Letter], count: int) -> Section:
    return Section(heading=f"[{title} {count}]", items=tuple(_line(letter) for letter in letters), total=count)


def _line(letter: Letter) -> str:
    number, *about = letter.about
    parts = (f"{number} {shortened(letter.title)}", *about, _when(letter), _call(letter))
    return " · ".join(part for part in parts if part)


def _when(letter: Letter) -> str:
    if letter.days_late:
        return ngettext("{number} day late", "{number} days late", letter.days_late)
    return _("Due on {day}", day=letter.due_on) if letter.due_on else ""


def _call(letter: Letter) -> str:
    return _("call {who}", who=letter.call) if letter.call else ""
