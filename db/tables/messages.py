"""Where people want to be told, and what waits to be sent there."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from db.tables.record import Record
from db.types import moment


class Channel(Record, table=True):
    """An address for messages: of one person, or of everybody who holds a role. Its secrets stay out of history."""

    subject: ClassVar[str] = "channel"
    unrecorded: ClassVar[frozenset[str]] = frozenset({"url"})

    name: str = Field(max_length=120)
    url: str = Field(sa_type=Text)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    role: str | None = Field(default=None, max_length=32)
    daily_at: str | None = Field(default=None, max_length=5)
    is_enabled: bool = True


class Message(SQLModel, table=True):
    """A message on its way, written in the transaction that it tells of and sent after it."""

    __table_args__ = (Index("ix_message_waiting", "sent_at", "next_try_at"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", index=True)
    title: str
    body: str = Field(sa_type=Text)
    key: str = Field(max_length=120, unique=True)
    created_at: datetime = moment()
    next_try_at: datetime | None = moment(default=None, nullable=True)
    sent_at: datetime | None = moment(default=None, nullable=True)
    attempts: int = 0
    error: str | None = Field(default=None, sa_type=Text)
