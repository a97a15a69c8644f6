"""Append-only events with the head of their chain, counters, and the summaries kept beside the ledger."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from db.types import closed_set, moment, word
from governance.vocabulary import Severity, Stage


class Event(SQLModel, table=True):
    """Something that happened: who, when, what, why; never changed."""

    __table_args__ = (
        Index("ix_event_subject", "subject_kind", "subject_id", "seq"),
        Index("ix_event_stage_at", "stage", "at"),
        closed_set("stage", Stage),
    )

    seq: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    district_code: str = Field(max_length=12)
    subject_kind: str = Field(max_length=32)
    subject_id: int
    code: str = Field(max_length=48)
    at: datetime = moment()
    actor_id: int | None = None
    on_behalf_of_id: int | None = None
    operator: str | None = Field(default=None, max_length=64)
    stage: Stage | None = word(Stage, default=None, nullable=True)
    reason: str = Field(default="", sa_type=Text)
    params: str = Field(default="{}", sa_type=Text)
    hash: str = Field(max_length=64)


class ChainHead(SQLModel, table=True):
    """The chain's last event; its number is the data version. Locked last in every write."""

    __tablename__ = "chain_head"

    district_code: str = Field(primary_key=True, max_length=12)
    seq: int = Field(default=0, sa_type=BigInteger)
    hash: str = Field(max_length=64)


class Counter(SQLModel, table=True):
    """The last number given out of a gapless sequence."""

    name: str = Field(primary_key=True, max_length=80)
    last: int = 0


def _zero_rows(table: str) -> Index:
    none_left = text("n = 0")
    return Index(f"ix_{table}_zero", "n", sqlite_where=none_left, postgresql_where=none_left)


class TallyScope(StrEnum):
    """What a summary row is about."""

    TOWNSHIP = "township"
    KEY_ZONE = "key_zone"
    INDUSTRY = "industry"


class Flow(StrEnum):
    """What a day's summary counts."""

    FOUND = "found"
    OPENED = "opened"
    LEFT = "left"
    CLOSED = "closed"
    CLOSED_ON_TIME = "closed_on_time"


class IssueTally(SQLModel, table=True):
    """Issues by scope, stage, severity and running deadline; scope 0 is outside every township."""

    __tablename__ = "issue_tally"
    __table_args__ = (
        closed_set("scope", TallyScope),
        closed_set("stage", Stage),
        closed_set("severity", Severity),
        _zero_rows("issue_tally"),
    )

    scope: TallyScope = word(TallyScope, primary_key=True)
    scope_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    stage: Stage = word(Stage, primary_key=True)
    severity: Severity = word(Severity, primary_key=True)
    due_on: date = Field(primary_key=True)
    n: int


class CellTally(SQLModel, table=True):
    """Unresolved issues by cell, severity and running deadline: what the heat is drawn from."""

    __tablename__ = "cell_tally"
    __table_args__ = (closed_set("severity", Severity), _zero_rows("cell_tally"))

    cell: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    severity: Severity = word(Severity, primary_key=True)
    due_on: date = Field(primary_key=True)
    n: int


class FlowTally(SQLModel, table=True):
    """What happened per scope and local day."""

    __tablename__ = "flow_tally"
    __table_args__ = (
        Index("ix_flow_tally_day", "scope", "day"),
        closed_set("scope", TallyScope),
        closed_set("flow", Flow),
        _zero_rows("flow_tally"),
    )

    scope: TallyScope = word(TallyScope, primary_key=True)
    scope_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date = Field(primary_key=True)
    flow: Flow = word(Flow, primary_key=True)
    n: int
