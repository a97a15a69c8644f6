"""What the closed loop keeps beside the issue: more time, plans, remarks, look-backs, layouts, the rules' numbers."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from db.tables.record import Record
from db.types import closed_set, moment, word
from governance.vocabulary import DrawnBy, ExtensionState, ListKind, LookBackKind, LookBackResult


class Extension(Record, table=True):
    """A request for more time to rectify, and who granted or refused it."""

    subject: ClassVar[str] = "extension"
    __table_args__ = (closed_set("state", ExtensionState), Index("ix_extension_state", "state"))

    issue_id: int = Field(foreign_key="issue.id", index=True)
    state: ExtensionState = word(ExtensionState)
    old_due_on: date
    wanted_due_on: date
    reason: str = Field(sa_type=Text)
    asked_by_id: int | None = Field(default=None, foreign_key="person.id")
    asked_on: date
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_on: date | None = None
    answer: str | None = Field(default=None, sa_type=Text)


class Milestone(Record, table=True):
    """A step of a long-term issue's plan; the earliest that is not reached is the issue's running deadline."""

    subject: ClassVar[str] = "milestone"

    issue_id: int = Field(foreign_key="issue.id", index=True)
    title: str
    due_on: date
    reached_on: date | None = None
    reached_by_id: int | None = Field(default=None, foreign_key="person.id")
    words: str | None = Field(default=None, sa_type=Text)


class Comment(Record, table=True):
    """A remark on an issue; never changed, answered by another one."""

    subject: ClassVar[str] = "comment"

    issue_id: int = Field(foreign_key="issue.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id")
    on_behalf_of_id: int | None = Field(default=None, foreign_key="person.id")
    text: str = Field(sa_type=Text)
    written_at: datetime = moment()


class LookBackPlan(Record, table=True):
    """A look-back's sample: drawn by risk and by chance, the same again from the same seed."""

    subject: ClassVar[str] = "look_back_plan"
    __tablename__ = "look_back_plan"
    __table_args__ = (UniqueConstraint("district_code", "number"), closed_set("kind", LookBackKind))

    number: str = Field(max_length=24)
    kind: LookBackKind = word(LookBackKind)
    closed_from: date
    closed_to: date
    size: int
    risk_percent: int
    seed: int
    population: int
    planned_on: date
    due_on: date
    planned_by_id: int | None = Field(default=None, foreign_key="person.id")


class LookBackItem(Record, table=True):
    """One issue of a look-back and what was found."""

    subject: ClassVar[str] = "look_back_item"
    __tablename__ = "look_back_item"
    __table_args__ = (
        UniqueConstraint("plan_id", "issue_id"),
        closed_set("drawn_by", DrawnBy),
        closed_set("result", LookBackResult),
        Index("ix_look_back_item_open", "result", "due_on"),
        Index("ix_look_back_item_looked", "looked_on"),
    )

    plan_id: int = Field(foreign_key="look_back_plan.id")
    issue_id: int = Field(foreign_key="issue.id", index=True)
    drawn_by: DrawnBy = word(DrawnBy)
    due_on: date
    result: LookBackResult | None = word(LookBackResult, default=None, nullable=True)
    words: str | None = Field(default=None, sa_type=Text)
    looked_on: date | None = None
    looked_by_id: int | None = Field(default=None, foreign_key="person.id")


class ExportLayout(Record, table=True):
    """How an office wants a list: its title and its columns in their order, as JSON ``[[field, heading], …]``."""

    subject: ClassVar[str] = "export_layout"
    __tablename__ = "export_layout"
    __table_args__ = (UniqueConstraint("district_code", "name"), closed_set("list_kind", ListKind))

    name: str = Field(max_length=120)
    list_kind: ListKind = word(ListKind)
    title: str
    columns: str = Field(sa_type=Text)
    is_standard: bool = False
    is_retired: bool = False


class LoopRules(Record, table=True):
    """The numbers of the loop that this district set itself, as JSON; what is not named keeps its usual value."""

    subject: ClassVar[str] = "loop_rules"
    __tablename__ = "loop_rules"
    __table_args__ = (UniqueConstraint("district_code"),)

    numbers: str = Field(default="{}", sa_type=Text)
