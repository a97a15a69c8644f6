"""District, zones with dated outlines, villages, industries with dated standards, enterprises."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from db.tables.record import Link, Located, Record
from db.types import closed_set, moment, word
from governance.vocabulary import ZoneKind


class District(Record, table=True):
    """The one district of this database; what it is called and how it measures is data."""

    subject: ClassVar[str] = "district"
    __table_args__ = (UniqueConstraint("code"),)

    code: str = Field(max_length=12)
    name: str
    name_en: str | None = None
    time_zone: str = "Asia/Shanghai"
    metric_epsg: int | None = None
    sea_margin_m: float = 3000.0
    nearest_m: float = 500.0
    is_demo: bool = False
    map_approval: str | None = None


class Zone(Record, table=True):
    """A township or a key zone; kind ``district`` holds the district's own outline."""

    subject: ClassVar[str] = "zone"
    __table_args__ = (UniqueConstraint("district_code", "kind", "code"), closed_set("kind", ZoneKind))

    code: str = Field(max_length=32)
    kind: ZoneKind = word(ZoneKind)
    name: str
    name_en: str | None = None
    is_retired: bool = False


class Outline(Record, table=True):
    """A zone's outline for the local days [valid_from, valid_to); WKB in WGS84, area in the metric CRS."""

    subject: ClassVar[str] = "outline"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="span"),
        CheckConstraint("area_m2 > 0", name="area"),
        Index("ix_outline_zone_valid", "zone_id", "valid_to"),
    )

    zone_id: int = Field(foreign_key="zone.id")
    geometry: bytes
    area_m2: float
    is_approximate: bool = False
    source: str | None = None
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = moment()


class Village(Record, table=True):
    """A village; its place may be unknown."""

    subject: ClassVar[str] = "village"
    __table_args__ = (UniqueConstraint("district_code", "code"),)

    code: str = Field(max_length=20)
    name: str
    name_en: str | None = None
    township_id: int = Field(foreign_key="zone.id", index=True)
    lon: float | None = None
    lat: float | None = None
    source: str | None = None


class Industry(Record, table=True):
    """One of the industries that the district distinguishes."""

    subject: ClassVar[str] = "industry"
    __table_args__ = (UniqueConstraint("district_code", "code"),)

    code: str = Field(max_length=32)
    name: str
    name_en: str | None = None
    gbt4754: str | None = None


class IndustryStandard(Record, table=True):
    """Which department answers for an industry and by which rectification standard, dated."""

    subject: ClassVar[str] = "industry_standard"
    __tablename__ = "industry_standard"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="span"),)

    industry_id: int = Field(foreign_key="industry.id", index=True)
    department_id: int = Field(foreign_key="unit.id")
    text: str = Field(sa_type=Text)
    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = moment()


class Enterprise(Located, table=True):
    """An enterprise and where it lies."""

    subject: ClassVar[str] = "enterprise"
    __table_args__ = (
        UniqueConstraint("district_code", "credit_code"),
        Index("ix_enterprise_name", "name"),
        Index("ix_enterprise_township", "township_id"),
        Index("ix_enterprise_source_key", "source_key"),
    )

    credit_code: str | None = Field(default=None, max_length=18)
    name: str
    name_en: str | None = None
    industry_id: int | None = Field(default=None, foreign_key="industry.id", index=True)
    address: str | None = None
    is_key_unit: bool = False
    contact_phone: str | None = None
    source_key: str | None = Field(default=None, max_length=80)


class EnterpriseLink(Link, table=True):
    """A zone in which an enterprise lies."""

    __tablename__ = "enterprise_link"
    __table_args__ = (Index("ix_enterprise_link_zone", "zone_id", "valid_to", "enterprise_id"),)

    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
