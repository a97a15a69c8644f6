"""Column types: times that refuse to be naive and members of closed sets; how constraints are named."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, String
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# Set before the first table is declared: each of them takes its column types from here.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class UtcDateTime(TypeDecorator[datetime]):
    """A time stored in UTC; a naive value raises instead of being stored in silence."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values and convert to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value.isoformat()} cannot be stored; give it a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC times on both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A member of a closed set, stored as its value."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Refuse values outside the set."""
        if value is None:
            return None
        # A member needs no look-up: this runs for each of a million values.
        return (value if type(value) is self.words else self.words(value)).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:
        """Return members."""
        return None if value is None else self.words(value)


def word(words: type[StrEnum], **options: Any) -> Any:
    """Field that holds a member of a closed set."""
    return Field(sa_type=Word(words), **options)


def moment(**options: Any) -> Any:
    """Field that holds an aware time."""
    return Field(sa_type=UtcDateTime, **options)


def closed_set(column: str, words: type[StrEnum]) -> CheckConstraint:
    """CHECK that a column holds a member of the set, or nothing."""
    values = ", ".join(f"'{member.value}'" for member in words)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_in_set")
