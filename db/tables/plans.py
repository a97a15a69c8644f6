"""What is prepared before it is done: plans of who guards what and where zones lie, with their comments; absences."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from db.tables.record import Record
from db.types import closed_set, moment, word
from governance.vocabulary import PlanKind, PlanState


class Plan(Record, table=True):
    """A change of the roster or of zones: prepared as a draft, carried out as one, and kept with its reasons.

    Attributes
    ----------
    effective_on
        Local day from which the change holds.
    body
        The lines of the change as JSON: what somebody asked for.
    base
        What the lines were made from, as JSON: zone number → the fingerprint of what held there.
    outcome
        What carrying it out ended and began, as JSON; None before.
    undoes_id
        The plan whose effects this one takes back.
    """

    subject: ClassVar[str] = "plan"
    __table_args__ = (
        closed_set("kind", PlanKind),
        closed_set("state", PlanState),
        Index("ix_plan_kind_state", "kind", "state", "effective_on"),
    )

    kind: PlanKind = word(PlanKind)
    state: PlanState = word(PlanState)
    title: str = Field(max_length=120)
    reason: str
    document_number: str | None = None
    document_date: date | None = None
    approver: str | None = None
    effective_on: date
    body: str = Field(sa_type=Text)
    base: str = Field(default="{}", sa_type=Text)
    outcome: str | None = Field(default=None, sa_type=Text)
    author_id: int | None = Field(default=None, foreign_key="person.id")
    undoes_id: int | None = Field(default=None, foreign_key="plan.id")
    written_at: datetime = moment()
    applied_at: datetime | None = moment(default=None, nullable=True)


class PlanComment(Record, table=True):
    """A remark on a plan; never changed, answered by another one."""

    subject: ClassVar[str] = "plan_comment"
    __tablename__ = "plan_comment"

    plan_id: int = Field(foreign_key="plan.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id")
    text: str = Field(sa_type=Text)
    written_at: datetime = moment()


class Absence(Record, table=True):
    """A leader is away for the local days [valid_from, valid_to); a stand-in leads what the leader led."""

    subject: ClassVar[str] = "absence"
    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="span"),)

    person_id: int = Field(foreign_key="person.id", index=True)
    stand_in_id: int = Field(foreign_key="person.id")
    valid_from: date
    valid_to: date
    reason: str
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    recorded_at: datetime = moment()


class Editing(SQLModel, table=True):
    """Somebody has something open for editing: ``roster``, ``zone:12`` or ``plan:3``; forgotten when not seen again."""

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    what: str = Field(primary_key=True, max_length=40)
    since: datetime = moment()
    seen_at: datetime = moment()
