"""Instructions of leaders and supervision orders: nothing that was asked for is lost."""

from datetime import date
from typing import ClassVar

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from db.tables.record import Record
from db.types import closed_set, word
from governance.vocabulary import DirectiveKind, DirectiveState


class Directive(Record, table=True):
    """An instruction or a supervision order, from its receipt to its end.

    Attributes
    ----------
    giver_id, on_behalf_of_id
        Who wrote it, and the leader for whom a liaison did.
    unit_id, person_id
        Who carries it out.
    proposal, deed, report, ending
        The words of each step after the receipt.
    times_urged
        Reminders sent so far.
    """

    subject: ClassVar[str] = "directive"
    __table_args__ = (
        UniqueConstraint("district_code", "number"),
        closed_set("kind", DirectiveKind),
        closed_set("state", DirectiveState),
        Index("ix_directive_state_due", "state", "due_on"),
    )

    number: str = Field(max_length=40)
    kind: DirectiveKind = word(DirectiveKind)
    state: DirectiveState = word(DirectiveState)
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True)
    zone_id: int | None = Field(default=None, foreign_key="zone.id", index=True)
    giver_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    on_behalf_of_id: int | None = Field(default=None, foreign_key="person.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    text: str = Field(sa_type=Text)
    received_on: date
    due_on: date
    proposal: str | None = Field(default=None, sa_type=Text)
    proposed_on: date | None = None
    deed: str | None = Field(default=None, sa_type=Text)
    carried_out_on: date | None = None
    report: str | None = Field(default=None, sa_type=Text)
    reported_on: date | None = None
    reporter_id: int | None = Field(default=None, foreign_key="person.id")
    ending: str | None = Field(default=None, sa_type=Text)
    done_on: date | None = None
    times_urged: int = 0
    urged_on: date | None = None
