"""What belongs to watching: displays that may show the wall, air-quality stations, and when somebody last looked."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables.record import Record
from db.types import moment


class Display(Record, table=True):
    """A screen that signs in by its own link and may only look; its link's secret is kept as a SHA-256.

    Attributes
    ----------
    account_id
        The account of the role ``display`` whose sessions the screen gets.
    start
        Address parameters that the wall opens with, for example ``show=district``; empty for the playlist.
    withdrawn_on
        Local day on which the link and its sessions ended.
    """

    subject: ClassVar[str] = "display"
    unrecorded: ClassVar[frozenset[str]] = frozenset({"secret_sha256"})
    __table_args__ = (UniqueConstraint("secret_sha256"),)

    name: str = Field(max_length=120)
    account_id: int = Field(foreign_key="account.id", index=True)
    secret_sha256: str = Field(max_length=64)
    start: str = Field(default="", max_length=200)
    withdrawn_on: date | None = None


class Station(Record, table=True):
    """An air-quality station as a point, WGS84 degrees."""

    subject: ClassVar[str] = "station"
    __table_args__ = (UniqueConstraint("district_code", "code"),)

    code: str = Field(max_length=32)
    name: str
    name_en: str | None = None
    lon: float
    lat: float
    source: str | None = None


class LastVisit(SQLModel, table=True):
    """When somebody looked at a page, now and the time before: moments, and the last event known then."""

    __tablename__ = "last_visit"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    page: str = Field(primary_key=True, max_length=40)
    began_at: datetime = moment()
    began_seq: int
    before_at: datetime | None = moment(default=None, nullable=True)
    before_seq: int | None = None
    seen_at: datetime = moment()
