"""Channels: where somebody, or everybody of a role, wants to be told; added, changed, removed and looked at."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from dashboard.services.channel_addresses import PLAIN_MAIL, has_free_host, normal_address, shown_address
from db import records
from db.repositories import messages
from db.tables.messages import Channel
from db.unit_of_work import UnitOfWork
from governance.errors import InvalidInput, NotAllowed
from governance.permissions import PERMISSIONS, Actor, Right, Scope, may, require
from governance.vocabulary import Role

MOST_OWN: Final = 5
LONGEST_NAME: Final = 120
_HOUR: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
# A role's channel tells its readers what all of them may see: only roles that see everything have one.
CHANNEL_ROLES: Final = tuple(role for role, scope in PERMISSIONS[Right.SEE].items() if scope == Scope.ALL)


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """A channel as it may be shown: without its address's secrets.

    Attributes
    ----------
    address
        Its kind, and where it leads as far as that is no secret.
    last_sent_at, last_error
        When a message last got through, and why the last one that was tried did not; empty when it did.
    waiting
        Messages that are still to be sent.
    """

    id: int
    version: int
    name: str
    address: str
    role: str | None
    daily_at: str | None
    is_enabled: bool
    last_sent_at: datetime | None = None
    last_error: str = ""
    waiting: int = 0


def add_channel(
    work: UnitOfWork,
    *,
    name: str,
    address: str,
    role: Role | None = None,
    daily_at: str | None = None,
    has_mail_account: bool = False,
) -> Channel:
    """Add a channel of one's own, or of a role.

    Parameters
    ----------
    work : UnitOfWork
    name : str
        1 to 120 characters.
    address : str
        See `dashboard.services.channel_addresses.normal_address`; a secret, kept out of history and logs.
    role : Role, optional
        Instead of the person: everybody who holds it. Bureau and committee office only.
    daily_at : str, optional
        Local ``HH:MM`` of the daily message; none without it.
    has_mail_account : bool
        Whether the settings name an account through which a bare e-mail address is reached.

    Raises
    ------
    NotAllowed
        Without the right to edit the district's channels: another's channel, or an address that reaches any machine.
    InvalidInput
    """
    _require_owner(work, role)
    kept = _address(work.actor, address, has_mail_account=has_mail_account)
    if role is None and len(own_channels(work.session, work.actor)) >= MOST_OWN:
        raise InvalidInput("channels_full", "At most {most} channels of one's own; remove one first", most=MOST_OWN)
    row = Channel(
        name=_name(name),
        url=kept,
        person_id=work.actor.person_id if role is None else None,
        role=role.value if role else None,
        daily_at=_hour(daily_at),
    )
    return records.create(work, row, code="channel_added")


def change_channel(
    work: UnitOfWork,
    channel: Channel,
    *,
    name: str | None = None,
    address: str = "",
    daily_at: str | None = None,
    is_enabled: bool = True,
    has_mail_account: bool = False,
) -> Channel:
    """Change a channel; without an address it keeps its own, without a name too.

    Raises
    ------
    NotAllowed, InvalidInput
    """
    _require_own(work.actor, channel)
    changes: dict[str, Any] = {"daily_at": _hour(daily_at), "is_enabled": is_enabled}
    changes |= {"name": _name(name)} if name is not None else {}
    if address.strip():
        changes["url"] = _address(work.actor, address, has_mail_account=has_mail_account)
    return records.change(work, channel, changes, code="channel_changed")


def remove_channel(work: UnitOfWork, channel: Channel) -> Channel:
    """Remove a channel: its address is forgotten, and what waits for it is not sent.

    Raises
    ------
    NotAllowed
    """
    _require_own(work.actor, channel)
    messages.give_up(work.session, channel.key, why=messages.CHANNEL_GONE)
    return records.change(work, channel, {"url": "", "is_enabled": False}, code="channel_removed")


def write_test(work: UnitOfWork, channel: Channel, *, title: str, body: str) -> int:
    """Write a message that only tests the channel; returns its number, to be sent at once after the commit.

    Raises
    ------
    NotAllowed
    """
    _require_own(work.actor, channel)
    return messages.write(
        work.session,
        channel.key,
        title=title,
        body=body,
        key=f"test:{channel.key}:{work.now.isoformat()}",
        now=work.now,
    )


def channel_of(session: Session, actor: Actor, number: int, *, version: int | None = None) -> Channel:
    """A channel that somebody may change.

    Raises
    ------
    NotFound, NotAllowed, Conflict
    """
    channel = records.get(session, Channel, number, version=version)
    _require_own(actor, channel)
    return channel


def own_channels(session: Session, actor: Actor) -> list[ChannelView]:
    """A person's own channels by name."""
    if actor.person_id is None:
        return []
    return _views(session, col(Channel.person_id) == actor.person_id)


def role_channels(session: Session, actor: Actor) -> list[ChannelView]:
    """Channels of roles by name; empty for whoever may not edit them."""
    return _views(session, col(Channel.role).is_not(None)) if may(actor, Right.EDIT_CHANNELS) else []


def last_messages(session: Session, actor: Actor, *, limit: int = 50) -> list[messages.MessageLine]:
    """The last messages to the channels that somebody may change, the newest first; their words are left out."""
    numbers = [view.id for view in (*own_channels(session, actor), *role_channels(session, actor))]
    return messages.last_of(session, numbers, limit=limit)


def _views(session: Session, condition: ColumnElement[bool]) -> list[ChannelView]:
    query = select(Channel).where(and_(condition, col(Channel.url) != "")).order_by(col(Channel.name), col(Channel.id))
    rows = list(session.exec(query))
    states = messages.states_of(session, [row.key for row in rows])
    return [_view(row, states) for row in rows]


def _view(row: Channel, states: dict[int, messages.ChannelState]) -> ChannelView:
    state = states.get(row.key, messages.NOTHING_YET)
    return ChannelView(
        id=row.key,
        version=row.version,
        name=row.name,
        address=shown_address(row.url),
        role=row.role,
        daily_at=row.daily_at,
        is_enabled=row.is_enabled,
        last_sent_at=state.last_sent_at,
        last_error=state.last_error,
        waiting=state.waiting,
    )


def _require_owner(work: UnitOfWork, role: Role | None) -> None:
    if role is None:
        require(work.actor, Right.SEE)
        if work.actor.person_id is None:
            raise NotAllowed("no_own_channel", "Only a person has channels of the own")
        return
    require(work.actor, Right.EDIT_CHANNELS)
    if role not in CHANNEL_ROLES:
        raise InvalidInput(
            "channel_role",
            "The role {role} has no channel, because its people see different things; allowed: {allowed}",
            role=role,
            allowed=CHANNEL_ROLES,
        )


def _require_own(actor: Actor, channel: Channel) -> None:
    if channel.person_id is None or actor.is_operator:
        require(actor, Right.EDIT_CHANNELS)
    elif channel.person_id != actor.person_id:
        raise NotAllowed("channel_of_another", "This channel belongs to somebody else")


def _address(actor: Actor, address: str, *, has_mail_account: bool) -> str:
    kept = normal_address(address)
    if kept.startswith(PLAIN_MAIL) and not has_mail_account:
        raise InvalidInput(
            "no_mail_account",
            "E-mail cannot be sent yet: the administrator names the district's mail account as {setting}",
            setting="GRIDGUARD_MAIL_URL",
        )
    if has_free_host(kept) and not may(actor, Right.EDIT_CHANNELS):
        raise NotAllowed(
            "channel_host",
            "A webhook or mail server of one's own choice is set up by the bureau; "
            "everybody takes an e-mail address or a group's robot",
        )
    return kept


def _name(name: str) -> str:
    text = name.strip()
    if not 0 < len(text) <= LONGEST_NAME:
        raise InvalidInput(
            "channel_name",
            "A channel's name has 1 to {most} characters; this one has {n}",
            most=LONGEST_NAME,
            n=len(text),
        )
    return text


def _hour(daily_at: str | None) -> str | None:
    if not daily_at:
        return None
    if not _HOUR.fullmatch(daily_at):
        raise InvalidInput("channel_hour", "{hour} is no time of day; allowed: 00:00 to 23:59", hour=daily_at)
    return daily_at
