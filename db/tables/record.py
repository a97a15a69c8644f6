"""What records share: number, district and version; a place and the zones it lies in; dated links to zones."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from db.types import moment


class Record(SQLModel):
    """A row whose every change is an event.

    Attributes
    ----------
    subject
        Name of the record in events; the table's name.
    unrecorded
        Columns that events leave out: secrets, and what is derived from other columns.
    """

    subject: ClassVar[str]
    unrecorded: ClassVar[frozenset[str]] = frozenset()

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs={"autoincrement": False})
    district_code: str = Field(max_length=12, default="")
    version: int = Field(default=0)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy hands in the class
        """Let SQLAlchemy refuse an update of a row that somebody else has changed."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}

    @property
    def key(self) -> int:
        """The record's number, once it has one."""
        if self.id is None:
            raise ValueError(f"{self.subject} has no number yet")
        return self.id


class Located(Record):
    """A record with a place.

    Attributes
    ----------
    lon, lat
        WGS84 degrees; None when the place is unknown.
    cell
        H3 cell of resolution 9 as an integer.
    township_id
        The one township; None when it lies outside of every township or its place is unknown.
    primary_zone_id
        The zone that is shown as its owner: key zone before township.
    key_zone_ids
        Key zones that it lies in, by rank, as ``"4,7"``; the dated link rows follow from this and the township.
    distance_m
        Metres to the township when it was taken as the nearest one, else 0.
    """

    lon: float | None = None
    lat: float | None = None
    cell: int | None = Field(default=None, sa_type=BigInteger)
    township_id: int | None = Field(default=None, foreign_key="zone.id")
    primary_zone_id: int | None = Field(default=None, foreign_key="zone.id", index=True)
    key_zone_ids: str = Field(default="", max_length=200)
    distance_m: float = 0.0

    @property
    def zone_ids(self) -> tuple[int, ...]:
        """Township first, then the key zones by rank."""
        key_zones = tuple(int(text) for text in self.key_zone_ids.split(",") if text)
        return ((self.township_id,) if self.township_id is not None else ()) + key_zones


class Link(SQLModel):
    """A zone that a record lies in for the local days [valid_from, valid_to); follows from the record's events."""

    id: int | None = Field(default=None, primary_key=True)
    zone_id: int = Field(foreign_key="zone.id")
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = moment()
