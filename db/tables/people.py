"""Units, people, their dated appointments and assignments, accounts and sign-ins."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables.record import Record
from db.types import closed_set, moment, word
from governance.vocabulary import AssignmentPart, Role, UnitKind


class Unit(Record, table=True):
    """An organisation: bureau, department, township government, consultant team, inspection group, …"""

    subject: ClassVar[str] = "unit"
    __table_args__ = (UniqueConstraint("district_code", "code"), closed_set("kind", UnitKind))

    code: str = Field(max_length=32)
    kind: UnitKind = word(UnitKind)
    name: str
    name_en: str | None = None
    zone_id: int | None = Field(default=None, foreign_key="zone.id")


class Person(Record, table=True):
    """Somebody with a part in the model."""

    subject: ClassVar[str] = "person"
    __table_args__ = (UniqueConstraint("district_code", "code"),)

    code: str = Field(max_length=32)
    name: str
    name_en: str | None = None
    phone: str | None = None


class Appointment(Record, table=True):
    """A person's role and what it reaches, for the local days [valid_from, valid_to)."""

    subject: ClassVar[str] = "appointment"
    __table_args__ = (
        closed_set("role", Role),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="span"),
        Index("ix_appointment_role_valid", "role", "valid_to"),
    )

    person_id: int = Field(foreign_key="person.id", index=True)
    role: Role = word(Role)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    zone_id: int | None = Field(default=None, foreign_key="zone.id")
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", index=True)
    leader_id: int | None = Field(default=None, foreign_key="person.id")
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = moment()


class Assignment(Record, table=True):
    """A leader guards a zone for the local days [valid_from, valid_to), on the strength of a document."""

    subject: ClassVar[str] = "assignment"
    __table_args__ = (
        closed_set("part", AssignmentPart),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="span"),
        Index("ix_assignment_zone_valid", "zone_id", "valid_to"),
    )

    zone_id: int = Field(foreign_key="zone.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    part: AssignmentPart = word(AssignmentPart)
    valid_from: date
    valid_to: date | None = None
    reason: str
    document_number: str | None = None
    document_date: date | None = None
    approver: str | None = None
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    recorded_at: datetime = moment()


class Account(Record, table=True):
    """A login; without a password hash nobody can sign in with one."""

    subject: ClassVar[str] = "account"
    unrecorded: ClassVar[frozenset[str]] = frozenset({"password_hash"})
    __table_args__ = (UniqueConstraint("login"),)

    person_id: int = Field(foreign_key="person.id", index=True)
    login: str = Field(max_length=64)
    password_hash: str | None = None
    is_disabled: bool = False
    is_demo: bool = False


class SignIn(SQLModel, table=True):
    """A signed-in browser; only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = moment()
    expires_at: datetime = moment()


class SignInAttempt(SQLModel, table=True):
    """Failed sign-ins of a login, for the lock after too many."""

    __tablename__ = "sign_in_attempt"

    login: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    last_at: datetime = moment()
