"""Messages from events: what happened is read from the sealed history after the commit and written for its readers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from dashboard.i18n import ngettext
from dashboard.services.audiences import TOLD, Matter, matter_of
from dashboard.services.message_text import Section, as_text, last_line
from db.history import data_version
from db.loop_rules import loop_numbers_of
from db.repositories import messages
from db.repositories.people import actor_of
from db.tables.history import Event
from db.tables.messages import Channel
from db.tables.people import Account
from db.unit_of_work import current_district, reading
from governance.permissions import Actor, Grant
from governance.vocabulary import Role

EVENTS_AT_ONCE: Final = 500
KEPT_FOR: Final = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads a channel, with the rights of today; for a role's channel everybody who holds it."""

    channel: Channel
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is to be written, and up to which event it tells."""

    before: int | None
    after: int
    rows: Sequence[dict[str, Any]] = ()


def tell(engine: Engine, *, now: datetime, public_url: str = "") -> int:
    """Write messages for what happened since the last time, in the language in force.

    Parameters
    ----------
    engine : Engine
    now : datetime
        Aware.
    public_url : str
        Address of the product without a slash at its end, for links; none without it.

    Returns
    -------
    int
        Messages written: at most one for a channel, however much happened. The first time none: what happened before
        anybody set up a channel is not told. Several processes may do this at once; one of them writes.
    """
    with reading(engine) as session:
        plan = _planned(session, now=now, public_url=public_url)
    if plan.before == plan.after:
        return 0
    with messages.writing_messages(engine) as session:
        if not messages.move_on(session, before=plan.before, after=plan.after):
            return 0
        messages.forget(session, before=now - KEPT_FOR)
        return messages.write_new(session, plan.rows, now=now)


def readers(session: Session, *, today: date, is_daily: bool = False, skipping: Collection[int] = ()) -> list[Reader]:
    """Channels that are switched on with who reads them, by number; without those whose person cannot sign in any more.

    Parameters
    ----------
    session : Session
    today : date
        Local day: the rights are today's.
    is_daily : bool
        Only channels with an hour for the daily message.
    skipping : collection of int
        Channels to leave out.
    """
    switched_on = messages.channels_in_use(session)
    found = [row for row in switched_on if row.key not in skipping and (row.daily_at or not is_daily)]
    closed = _closed_out(session, {channel.person_id for channel in found if channel.person_id is not None})
    pairs = ((channel, _reader(session, channel, today)) for channel in found if channel.person_id not in closed)
    return [Reader(channel=channel, actor=actor) for channel, actor in pairs if actor.grants]


def _planned(session: Session, *, now: datetime, public_url: str) -> _Plan:
    before, head = messages.read_to(session), data_version(session)
    if before is None or before >= head:
        return _Plan(before=before, after=head if before is None else before)
    events = messages.told_events(session, after=before, upto=head, codes=TOLD, limit=EVENTS_AT_ONCE)
    after = events[-1].seq or head if len(events) == EVENTS_AT_ONCE else head
    district = current_district(session)
    today = now.astimezone(ZoneInfo(district.time_zone)).date()
    told = readers(session, today=today) if events else []
    if not told:
        return _Plan(before=before, after=after)
    numbers = loop_numbers_of(session)
    last = {(event.subject_kind, event.subject_id): event for event in events}
    found = [(event, matter_of(session, event, today=today, numbers=numbers)) for event in last.values()]
    matters = [(event, matter) for event, matter in found if matter is not None]
    rows = (_row(reader, matters, after=after, name=district.name, public_url=public_url) for reader in told)
    return _Plan(before=before, after=after, rows=[row for row in rows if row])


def _row(
    reader: Reader, matters: Sequence[tuple[Event, Matter]], *, after: int, name: str, public_url: str
) -> dict[str, Any] | None:
    """The one message for a channel; None when nothing concerns its reader."""
    mine = [matter for event, matter in matters if _concerns(reader.actor, event, matter)]
    if not mine:
        return None
    title = ngettext(
        "{district}: {number} matter for you", "{district}: {number} matters for you", len(mine), district=name
    )
    lines = (f"{matter.line}\n{public_url}{matter.path}" if public_url else matter.line for matter in mine)
    number = reader.channel.key
    return {
        "channel_id": number,
        "title": title,
        "body": as_text(
            [Section(items=tuple(lines))], ending=last_line(), more_at=f"{public_url}/inbox" if public_url else ""
        ),
        "key": f"events:{after}:{number}",
    }


def _concerns(actor: Actor, event: Event, matter: Matter) -> bool:
    is_own = actor.person_id is not None and event.actor_id == actor.person_id
    return not is_own and matter.reaches(actor)


def _reader(session: Session, channel: Channel, today: date) -> Actor:
    if channel.person_id is not None:
        return actor_of(session, channel.person_id, today=today)
    return Actor(person_id=None, name=channel.name, grants=(Grant(role=Role(channel.role or "")),))


def _closed_out(session: Session, person_ids: set[int]) -> set[int]:
    """People who have accounts, all of them disabled."""
    rows = session.exec(select(Account.person_id, Account.is_disabled).where(col(Account.person_id).in_(person_ids)))
    states = list(rows)
    return {person for person, _closed in states} - {person for person, is_closed in states if not is_closed}
