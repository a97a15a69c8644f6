"""Issues with all that each carries, their dated links, notices and evidence."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field

from db.tables.record import Link, Located, Record
from db.types import closed_set, moment, word
from governance.vocabulary import (
    Category,
    CheckArea,
    EvidenceKind,
    NoticeKind,
    Severity,
    SignOffLevel,
    Source,
    Stage,
    Term,
)

# Spelled the same way in whatever query the index on turns is meant for.
ALIVE = "stage NOT IN ('closed', 'merged', 'refused')"
# What is followed from above, `governance.counting.FOLLOWED_FROM_ABOVE`: a test holds the two together.
ABOVE = (
    "source IN ('central_inspection', 'city_hand_over', 'hotline_12345', 'hotline_12369', 'instruction',"
    " 'provincial_inspection')"
)
# All that `governance.next_step` and the scopes ask of an issue: its turn is known without a look at the issue itself.
WHOSE_TURN = (
    "stage",
    "source",
    "sign_off_level",
    "township_id",
    "industry_id",
    "enterprise_id",
    "checker_id",
    "rectifier_id",
    "finder_id",
    "category",
    "notice_ends_on",
    "handed_in_on",
    "due_on",
    "found_on",
    "key_zone_ids",
    "finder_unit_id",
    "lead_unit_id",
)

# What scopes, zones and the leader's morning ask of an issue, in the order of deadlines.
OPEN_BY_DEADLINE = (
    "due_on",
    "id",
    "stage",
    "severity",
    "township_id",
    "key_zone_ids",
    "industry_id",
    "enterprise_id",
    "finder_unit_id",
    "lead_unit_id",
    "enforcement_unit_id",
    "times_reopened",
    "found_on",
)


def _few(name: str, *columns: str, where: str) -> Index:
    """An index of the few issues that a ranking counts one by one."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Issue(Located, table=True):
    """One environmental problem and where its life stands."""

    subject: ClassVar[str] = "issue"
    __table_args__ = (
        UniqueConstraint("district_code", "number"),
        Index("ix_issue_stage_due", "stage", "due_on"),
        Index("ix_issue_township_stage", "township_id", "stage", "due_on"),
        Index("ix_issue_found", "found_on", "id"),
        Index("ix_issue_due", "due_on", "id"),
        Index("ix_issue_stage_closed", "stage", "closed_on"),
        _few("ix_issue_instant", "stage", "closed_on", where="handed_over_on = closed_on"),
        _few("ix_issue_recurs", "found_on", where="recurs_id IS NOT NULL"),
        Index("ix_issue_source_key", "source_key"),
        Index("ix_issue_enterprise_found", "enterprise_id", "source", "found_on", "finder_unit_id"),
        Index("ix_issue_enterprise_checked", "enterprise_id", "checked_on"),
        Index("ix_issue_finder", "finder_id", "stage"),
        Index("ix_issue_rectifier", "rectifier_id", "stage"),
        _few("ix_issue_turn", *WHOSE_TURN, where=ALIVE),
        _few("ix_issue_open_due", *OPEN_BY_DEADLINE, where=ALIVE),
        _few("ix_issue_nowhere", "stage", where="cell IS NULL"),
        Index("ix_issue_key_zones", "key_zone_ids", "stage", "due_on"),
        Index("ix_issue_charge_township", "person_in_charge_id", "township_id"),
        Index("ix_issue_charge_zones", "person_in_charge_id", "key_zone_ids"),
        Index("ix_issue_lead_township", "lead_unit_id", "township_id"),
        Index("ix_issue_lead_zones", "lead_unit_id", "key_zone_ids"),
        _few("ix_issue_above", "source", "source_due_on", "id", "stage", where=ABOVE),
        _few("ix_issue_above_stage", "source", "stage", "due_on", where=ABOVE),
        closed_set("stage", Stage),
        closed_set("severity", Severity),
        closed_set("category", Category),
        closed_set("check_area", CheckArea),
        closed_set("source", Source),
        closed_set("term", Term),
        closed_set("sign_off_level", SignOffLevel),
    )

    number: str = Field(max_length=16)
    title: str
    description: str | None = Field(default=None, sa_type=Text)
    stage: Stage = word(Stage)
    severity: Severity = word(Severity)
    category: Category = word(Category)
    check_area: CheckArea | None = word(CheckArea, default=None, nullable=True)
    term: Term | None = word(Term, default=None, nullable=True)
    sign_off_level: SignOffLevel = word(SignOffLevel)

    source: Source = word(Source)
    source_number: str | None = Field(default=None, max_length=80)
    source_document: str | None = None
    source_due_on: date | None = None
    source_key: str | None = Field(default=None, max_length=80)

    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", index=True)
    industry_id: int | None = Field(default=None, foreign_key="industry.id", index=True)
    standard_id: int | None = Field(default=None, foreign_key="industry_standard.id")
    place: str | None = None

    finder_id: int | None = Field(default=None, foreign_key="person.id")
    confirmer_id: int | None = Field(default=None, foreign_key="person.id")
    finder_unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    lead_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    person_in_charge_id: int | None = Field(default=None, foreign_key="person.id")
    rectifier_id: int | None = Field(default=None, foreign_key="person.id")
    witness_id: int | None = Field(default=None, foreign_key="person.id")
    checker_id: int | None = Field(default=None, foreign_key="person.id")
    signer_id: int | None = Field(default=None, foreign_key="person.id")
    enforcement_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    merged_into_id: int | None = Field(default=None, foreign_key="issue.id")
    recurs_id: int | None = Field(default=None, foreign_key="issue.id")

    requirement: str | None = Field(default=None, sa_type=Text)
    measures: str | None = Field(default=None, sa_type=Text)
    handed_in_document: str | None = None
    above_basis: str | None = None
    above_result: str | None = Field(default=None, sa_type=Text)

    found_on: date
    confirmed_on: date | None = None
    ledgered_on: date | None = None
    handed_over_on: date | None = None
    measures_on: date | None = None
    witnessed_on: date | None = None
    checked_on: date | None = None
    announced_on: date | None = None
    notice_ends_on: date | None = None
    handed_in_on: date | None = None
    closed_on: date | None = Field(default=None, index=True)

    confirm_due_on: date | None = None
    rectify_due_on: date | None = None
    check_due_on: date | None = None
    review_due_on: date | None = None
    due_on: date | None = None
    times_sent_back: int = 0
    times_returned: int = 0
    times_reopened: int = 0
    is_on_the_spot: bool = False
    is_unproven: bool = False


class IssueUnit(Record, table=True):
    """A unit that joins in an issue's rectification."""

    subject: ClassVar[str] = "issue_unit"
    __tablename__ = "issue_unit"
    __table_args__ = (UniqueConstraint("issue_id", "unit_id"),)

    issue_id: int = Field(foreign_key="issue.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)


class IssueLink(Link, table=True):
    """A zone in which an issue lies."""

    __tablename__ = "issue_link"
    __table_args__ = (Index("ix_issue_link_zone", "zone_id", "valid_to", "issue_id"),)

    issue_id: int = Field(foreign_key="issue.id", index=True)


class Notice(Record, table=True):
    """A rectification notice, numbered by issuer and year without gaps."""

    subject: ClassVar[str] = "notice"
    __table_args__ = (
        UniqueConstraint("district_code", "number"),
        Index("ix_notice_issued", "issued_on", "id"),
        closed_set("kind", NoticeKind),
    )

    number: str = Field(max_length=40)
    kind: NoticeKind = word(NoticeKind)
    issuer_id: int = Field(foreign_key="unit.id")
    enterprise_id: int | None = Field(default=None, foreign_key="enterprise.id", index=True)
    issued_on: date
    due_on: date | None = None
    requirement: str | None = Field(default=None, sa_type=Text)
    reply: str | None = Field(default=None, sa_type=Text)
    replied_on: date | None = None
    replied_by_id: int | None = Field(default=None, foreign_key="person.id")


class NoticeIssue(Record, table=True):
    """An issue that a notice names."""

    subject: ClassVar[str] = "notice_issue"
    __tablename__ = "notice_issue"
    __table_args__ = (UniqueConstraint("notice_id", "issue_id"),)

    notice_id: int = Field(foreign_key="notice.id")
    issue_id: int = Field(foreign_key="issue.id", index=True)


class Evidence(Record, table=True):
    """A file that shows something of an issue; its bytes are kept under their SHA-256.

    Attributes
    ----------
    taken_at, lon, lat
        When and where a photo was taken (WGS84 degrees), as far as it says; shown to few.
    is_taken_in_page
        The page's own camera stated time and place, not the file.
    fingerprint
        Perceptual hash as text, empty for documents.
    reuses_id
        Earlier evidence that shows the same picture.
    round
        How often the issue had been returned or reopened by then: an after photo proves its own round.
    """

    subject: ClassVar[str] = "evidence"
    __table_args__ = (closed_set("kind", EvidenceKind), Index("ix_evidence_sha256", "sha256"))

    issue_id: int = Field(foreign_key="issue.id", index=True)
    kind: EvidenceKind = word(EvidenceKind)
    sha256: str = Field(max_length=64)
    media_type: str = Field(max_length=80)
    size_bytes: int
    name: str
    added_by_id: int | None = Field(default=None, foreign_key="person.id")
    added_at: datetime = moment()
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = moment(default=None, nullable=True)
    lon: float | None = None
    lat: float | None = None
    is_taken_in_page: bool = False
    fingerprint: str = Field(default="", sa_type=Text)
    reuses_id: int | None = Field(default=None, foreign_key="evidence.id")
    round: int = 0
