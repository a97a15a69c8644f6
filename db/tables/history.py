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


class StandingScope(StrEnum):
    """By what alive issues are summed up; a source, of those followed from above only, with its place."""

    PLACE = "place"
    INDUSTRY = "industry"
    SOURCE = "source"
    ENTERPRISE = "enterprise"


class Lateness(StrEnum):
    """How an alive issue stands on the day of the summaries."""

    CLUE = "clue"
    IN_TIME = "in_time"
    LATE = "late"


class Span(StrEnum):
    """How long a summary of flows is."""

    DAY = "day"
    WEEK = "week"


class RecordScope(StrEnum):
    """What a day's record is about."""

    DISTRICT = "district"
    ZONE = "zone"
    INDUSTRY = "industry"


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


class TallyDay(SQLModel, table=True):
    """The local day on which `StandingTally` and `HeatTally` tell what is late: that of the last issue event."""

    __tablename__ = "tally_day"

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date


class StandingTally(SQLModel, table=True):
    """Alive issues by what they belong to, severity and lateness on the day of the summaries."""

    __tablename__ = "standing_tally"
    __table_args__ = (
        closed_set("scope", StandingScope),
        closed_set("severity", Severity),
        closed_set("lateness", Lateness),
        _zero_rows("standing_tally"),
    )

    scope: StandingScope = word(StandingScope, primary_key=True)
    key: str = Field(primary_key=True, max_length=200)
    severity: Severity = word(Severity, primary_key=True)
    lateness: Lateness = word(Lateness, primary_key=True)
    n: int


class DueTally(SQLModel, table=True):
    """Unresolved issues by running deadline: what turns late on a day, and what is due soon."""

    __tablename__ = "due_tally"
    __table_args__ = (closed_set("scope", StandingScope), closed_set("severity", Severity), _zero_rows("due_tally"))

    scope: StandingScope = word(StandingScope, primary_key=True)
    due_on: date = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=200)
    severity: Severity = word(Severity, primary_key=True)
    n: int


class CellTally(SQLModel, table=True):
    """Unresolved issues by cell (H3 resolution 9), severity and deadline; the days of finding as ordinals, added."""

    __tablename__ = "cell_tally"
    __table_args__ = (
        Index("ix_cell_tally_due", "due_on"),
        closed_set("severity", Severity),
        _zero_rows("cell_tally"),
    )

    cell: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    severity: Severity = word(Severity, primary_key=True)
    due_on: date = Field(primary_key=True)
    n: int
    found_days: int = Field(sa_type=BigInteger)


class HeatTally(SQLModel, table=True):
    """Unresolved issues by coarse cell (H3 resolution 8), severity and lateness: what the heat is drawn from."""

    __tablename__ = "heat_tally"
    __table_args__ = (closed_set("severity", Severity), _zero_rows("heat_tally"))

    cell: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    severity: Severity = word(Severity, primary_key=True)
    is_late: bool = Field(primary_key=True)
    n: int
    found_days: int = Field(sa_type=BigInteger)


class ZonePlace(SQLModel, table=True):
    """Issues of every stage by key zone and all key zones that they lie in: finds a key zone's issues by an index."""

    __tablename__ = "zone_place"
    __table_args__ = (_zero_rows("zone_place"),)

    zone_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key_zone_ids: str = Field(primary_key=True, max_length=200)
    n: int


class PlaceFlow(SQLModel, table=True):
    """What happened per place and local day: for zones that share issues, each issue once; see `db.tally_keys`."""

    __tablename__ = "place_flow"
    __table_args__ = (closed_set("flow", Flow), _zero_rows("place_flow"))

    day: date = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=200)
    flow: Flow = word(Flow, primary_key=True)
    n: int


class CellFlow(SQLModel, table=True):
    """Issues that became unresolved in a coarse cell (H3 resolution 8), or stopped to be, in a day and in a week."""

    __tablename__ = "cell_flow"
    __table_args__ = (closed_set("span", Span), closed_set("flow", Flow), _zero_rows("cell_flow"))

    span: Span = word(Span, primary_key=True)
    day: date = Field(primary_key=True)
    cell: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    flow: Flow = word(Flow, primary_key=True)
    n: int


class DayRecord(SQLModel, table=True):
    """How a scope stood at the end of a past local day; scope 0 of a zone is outside every township."""

    __tablename__ = "day_record"
    __table_args__ = (closed_set("scope", RecordScope),)

    day: date = Field(primary_key=True)
    scope: RecordScope = word(RecordScope, primary_key=True)
    scope_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    unresolved: int
    overdue: int
    due_within: str = Field(sa_type=Text)


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
