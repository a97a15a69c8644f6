"""Messages on their way: written with what they tell of, claimed by one sender at a time, retried, given up."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Engine, case, delete, func, insert, or_, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.tables.history import Counter, Event
from db.tables.messages import Channel, Message
from db.unit_of_work import refusals_by_name

# The counter that remembers up to which event messages were written.
READ_TO: Final = "messages_read_to"
# A counter for each channel with a daily message: the ordinal of the last local day that was decided on.
DECIDED: Final = "daily_message:"
CHANNEL_GONE: Final = "channel_gone"


class MessageState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    RETRYING = "retrying"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, kw_only=True)
class ChannelState:
    """How a channel's messages fared."""

    last_sent_at: datetime | None = None
    last_error: str = ""
    waiting: int = 0


NOTHING_YET = ChannelState()


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in the list: not its words, which were for its readers."""

    channel: str
    title: str
    created_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    attempts: int
    error: str | None

    @property
    def state(self) -> MessageState:
        """What became of it."""
        if self.sent_at is not None:
            return MessageState.SENT
        if self.next_try_at is None:
            return MessageState.GIVEN_UP
        return MessageState.RETRYING if self.attempts else MessageState.WAITING


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that one sender has taken for itself."""

    id: int
    url: str
    title: str
    body: str
    attempts: int


@contextmanager
def writing_messages(engine: Engine) -> Iterator[Session]:
    """A short write transaction; messages are no records and change without history."""
    with (
        refusals_by_name(),
        engine.connect().execution_options(is_write=True) as connection,
        Session(connection, expire_on_commit=False) as session,
    ):
        yield session
        session.commit()


def channels_in_use(session: Session) -> list[Channel]:
    """Channels that are switched on, by number."""
    query = select(Channel).where(col(Channel.is_enabled), col(Channel.url) != "")
    return list(session.exec(query.order_by(col(Channel.id))))


def write(session: Session, channel_id: int, *, title: str, body: str, key: str, now: datetime) -> int:
    """Write one message, due at once; returns its number."""
    row = Message(channel_id=channel_id, title=title, body=body, key=key, created_at=now, next_try_at=now)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def write_new(session: Session, rows: Iterable[dict[str, Any]], *, now: datetime) -> int:
    """Write messages whose keys are not there yet; returns how many."""
    wanted = {row["key"]: {**row, "created_at": now, "next_try_at": now} for row in rows}
    known = set(session.exec(select(Message.key).where(col(Message.key).in_(wanted))))
    fresh = [row for key, row in wanted.items() if key not in known]
    if fresh:
        session.connection().execute(insert(Message), fresh)
    return len(fresh)


def decided_channels(session: Session, day: date) -> set[int]:
    """Channels whose daily message of a local day was decided on: written, or that there was nothing to tell."""
    query = select(Counter.name).where(col(Counter.name).startswith(DECIDED), col(Counter.last) == day.toordinal())
    return {int(name.removeprefix(DECIDED)) for name in session.exec(query)}


def decide(session: Session, channel_ids: Iterable[int], day: date) -> None:
    """Remember that the daily messages of some channels were decided on for a local day."""
    for number in channel_ids:
        session.merge(Counter(name=f"{DECIDED}{number}", last=day.toordinal()))
    session.flush()


def read_to(session: Session) -> int | None:
    """The last event for which messages were written; None before the first time."""
    counter = session.get(Counter, READ_TO)
    return counter.last if counter else None


def move_on(session: Session, *, before: int | None, after: int) -> bool:
    """Remember that messages were written up to an event; False when another process did so in between."""
    if before is None:
        if session.get(Counter, READ_TO) is not None:
            return False
        session.add(Counter(name=READ_TO, last=after))
        session.flush()
        return True
    moved = update(Counter).where(col(Counter.name) == READ_TO, col(Counter.last) == before).values(last=after)
    return bool(session.connection().execute(moved).rowcount)


def told_events(session: Session, *, after: int, upto: int, codes: Collection[str], limit: int) -> list[Event]:
    """Events with one of the codes, in their order."""
    query = select(Event).where(col(Event.seq) > after, col(Event.seq) <= upto, col(Event.code).in_(codes))
    return list(session.exec(query.order_by(col(Event.seq)).limit(limit)))


def due_ids(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Messages to be sent now, the oldest first."""
    query = select(Message.id).where(col(Message.sent_at).is_(None), col(Message.next_try_at) <= now)
    return [number for number in session.exec(query.order_by(col(Message.id)).limit(limit)) if number is not None]


def claim(session: Session, number: int, *, now: datetime, until: datetime) -> Claim | None:
    """Take a due message for one sender until a moment; None when another has it, or its channel is gone."""
    found = (
        session.connection()
        .execute(
            columns(
                col(Message.title),
                col(Message.body),
                col(Message.attempts),
                col(Message.channel_id),
                col(Channel.url),
                col(Channel.is_enabled),
            )
            .join(Channel, col(Channel.id) == col(Message.channel_id))
            .where(col(Message.id) == number, col(Message.sent_at).is_(None), col(Message.next_try_at) <= now)
        )
        .first()
    )
    if found is None:
        return None
    title, body, attempts, channel_id, url, is_enabled = found
    if not url or not is_enabled:
        give_up(session, int(channel_id), why=CHANNEL_GONE)
        return None
    taken = (
        update(Message)
        .where(col(Message.id) == number, col(Message.sent_at).is_(None), col(Message.attempts) == attempts)
        .values(attempts=attempts + 1, next_try_at=until)
    )
    is_mine = bool(session.connection().execute(taken).rowcount)
    return Claim(number, url, title, body, attempts + 1) if is_mine else None


def mark_sent(session: Session, claimed: Claim, *, now: datetime) -> None:
    """Note that a message got through."""
    _mark(session, claimed, sent_at=now, next_try_at=None, error=None)


def mark_failed(session: Session, claimed: Claim, *, error: str, next_try_at: datetime | None) -> None:
    """Note why a message did not get through, and when it is tried again; never without a moment."""
    _mark(session, claimed, error=error, next_try_at=next_try_at)


def give_up(session: Session, channel_id: int, *, why: str) -> None:
    """Stop trying to send what waits for a channel."""
    session.connection().execute(
        update(Message)
        .where(col(Message.channel_id) == channel_id, col(Message.sent_at).is_(None))
        .values(next_try_at=None, error=why)
    )


def forget(session: Session, *, before: datetime) -> None:
    """Delete messages that were sent, or given up, before a moment: people and telephones stand in them."""
    is_given_up = col(Message.sent_at).is_(None) & col(Message.next_try_at).is_(None)
    old = or_(col(Message.sent_at) < before, is_given_up & (col(Message.created_at) < before))
    session.connection().execute(delete(Message).where(old))


def states_of(session: Session, channel_ids: Collection[int]) -> dict[int, ChannelState]:
    """How the messages of some channels fared; channels without any are left out."""
    is_waiting = col(Message.sent_at).is_(None) & col(Message.next_try_at).is_not(None)
    query = (
        columns(
            col(Message.channel_id),
            func.max(col(Message.sent_at)),
            func.sum(case((is_waiting, 1), else_=0)),
            func.max(case((col(Message.attempts) > 0, col(Message.id)))),
        )
        .where(col(Message.channel_id).in_(channel_ids))
        .group_by(col(Message.channel_id))
    )
    rows = session.connection().execute(query).all()
    tried = [last for *_others, last in rows if last is not None]
    errors = dict(
        session.connection()
        .execute(columns(col(Message.id), col(Message.error)).where(col(Message.id).in_(tried)))
        .all()
    )
    return {
        number: ChannelState(last_sent_at=sent_at, waiting=int(waiting or 0), last_error=errors.get(last) or "")
        for number, sent_at, waiting, last in rows
    }


def last_of(session: Session, channel_ids: Collection[int], *, limit: int) -> list[MessageLine]:
    """The last messages of some channels, the newest first."""
    query = (
        columns(
            col(Channel.name),
            col(Message.title),
            col(Message.created_at),
            col(Message.sent_at),
            col(Message.next_try_at),
            col(Message.attempts),
            col(Message.error),
        )
        .join(Channel, col(Channel.id) == col(Message.channel_id))
        .where(col(Message.channel_id).in_(channel_ids))
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    return [MessageLine(*row) for row in session.connection().execute(query)]


def _mark(session: Session, claimed: Claim, **values: Any) -> None:
    """Only the sender that claimed it last may say what became of it, unless it was sent meanwhile."""
    session.connection().execute(
        update(Message)
        .where(
            col(Message.id) == claimed.id,
            col(Message.sent_at).is_(None),
            col(Message.attempts) == claimed.attempts,
        )
        .values(**values)
    )
