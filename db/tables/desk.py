"""What belongs to a person's desk and not to the record: sent forms, drafts and saved views."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.types import moment


class SentForm(SQLModel, table=True):
    """A form that was carried out: the same token does nothing a second time and gives the first answer again."""

    __tablename__ = "sent_form"

    token: str = Field(primary_key=True, max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    answer: str = Field(max_length=200)
    sent_at: datetime = moment()


class Draft(SQLModel, table=True):
    """A long form as somebody left it, as JSON."""

    __table_args__ = (UniqueConstraint("person_id", "form"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    form: str = Field(max_length=120)
    body: str = Field(sa_type=Text)
    saved_at: datetime = moment()


class SavedView(SQLModel, table=True):
    """A page's address parameters under a name of the person's own."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "page", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    page: str = Field(max_length=40)
    name: str = Field(max_length=80)
    parameters: str = Field(sa_type=Text)
    saved_at: datetime = moment()
