"""Findings told from the field: who may tell of what, where it lies, in which role it was found, with its photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from dashboard.evidence.photos import Examined
from dashboard.evidence.store import Store
from dashboard.services import enterprises
from dashboard.services.evidence import add_evidence
from dashboard.services.finding_places import Spot, place_of_finding
from dashboard.services.issues import report_issue
from dashboard.services.placing import Placing, zone_ids_of
from db.repositories.scopes import enterprises_within
from db.tables.issues import Issue
from db.tables.people import Unit
from db.tables.territory import Enterprise, Zone
from db.unit_of_work import UnitOfWork
from governance.errors import InvalidInput, NotFound
from governance.on_the_spot import PutRight
from governance.permissions import Actor, Right, Target
from governance.sources import reporting_grant, source_of
from governance.vocabulary import Category, CheckArea, EvidenceKind, Role, Severity, Source, UnitKind, ZoneKind

LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 4000
MOST_PHOTOS: Final = 9
OLDEST_REPORT: Final = timedelta(days=14)
OLDEST_ENTRY: Final = timedelta(days=60)
FAST_CLOCK: Final = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo with what the page's camera noted; ``examined`` before the write began."""

    kind: EvidenceKind
    data: bytes
    name: str
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    is_taken_in_page: bool = False
    examined: Examined | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What somebody tells of a problem.

    Attributes
    ----------
    enterprise_id, township_id, place
        The enterprise, or the township with the place in words.
    spot
        Of the phone, if it said so.
    found_at
        When the form was filled in, for those that waited for the line; else the moment of the report.
    found_on
        The local day, from who enters findings of others later, at most 60 days.
    source
        From those who have a choice, see `governance.sources`.
    put_right
        It was put right on the spot.
    """

    title: str
    category: Category
    severity: Severity
    check_area: CheckArea | None = None
    description: str = ""
    enterprise_id: int | None = None
    township_id: int | None = None
    place: str = ""
    spot: Spot | None = None
    found_at: datetime | None = None
    found_on: date | None = None
    source: Source | None = None
    source_number: str = ""
    source_document: str = ""
    source_due_on: date | None = None
    put_right: PutRight | None = None


def report_finding(
    work: UnitOfWork, placing: Placing, finding: Finding, *, store: Store | None = None, photos: Sequence[Photo] = ()
) -> Issue:
    """Report a finding with its photos: a clue that waits for confirmation.

    Parameters
    ----------
    work : UnitOfWork
    placing : Placing
        The zones of today.
    finding : Finding
    store : Store, optional
        Where the photos' bytes go; needed with photos.
    photos : sequence of Photo
        At most 9; the quick path needs one from before and one from after.

    Returns
    -------
    Issue

    Raises
    ------
    NotAllowed
        The person may not report this, here.
    NotFound
        No such enterprise or township for this person.
    InvalidInput
        Names the field: a text that is empty or too long, no place, a source that is not the person's, a day that is
        too long ago, photos that are missing or too many, or what the quick path refuses.
    """
    _require_texts(finding)
    _require_photos(finding, photos)
    enterprise = _enterprise(work, finding.enterprise_id)
    where = place_of_finding(
        work,
        placing,
        enterprise=enterprise,
        township_id=finding.township_id,
        place=finding.place,
        spot=finding.spot,
    )
    target = _target(where, enterprise)
    source = source_of(work.actor, target, stated=finding.source)
    issue = report_issue(
        work,
        placing,
        title=finding.title.strip(),
        severity=finding.severity,
        category=finding.category,
        source=source,
        enterprise=enterprise,
        lon=where["lon"],
        lat=where["lat"],
        township_id=where["township_id"],
        put_right=finding.put_right,
        **_details(finding, found_on=_found_on(work, finding)),
        **_finder_unit(work.session, work.actor, target),
    )
    for photo in photos:
        _add_photo(work, _required(store), issue, photo)
    return issue


def enterprise_to_report(session: Session, actor: Actor, number: int) -> Enterprise:
    """An enterprise of which the person may report.

    Raises
    ------
    NotFound
    """
    query = select(Enterprise).where(Enterprise.id == number, enterprises_within(actor, Right.REPORT))
    row = session.exec(query).first()
    if row is None:
        raise NotFound("no_enterprise", "There is no enterprise {number} for you", field="enterprise", number=number)
    return row


def townships_to_report(session: Session, actor: Actor) -> list[Zone]:
    """Townships in which the person may report without naming an enterprise, by code."""
    query = select(Zone).where(Zone.kind == ZoneKind.TOWNSHIP, col(Zone.is_retired).is_(False)).order_by(col(Zone.code))
    return [zone for zone in session.exec(query) if actor.is_operator or reporting_grant(actor, _target_in(zone.key))]


def _target_in(zone_id: int) -> Target:
    return Target(zone_ids=frozenset({zone_id}))


def _require_texts(finding: Finding) -> None:
    if not finding.title.strip():
        raise InvalidInput("title_missing", "An issue needs a title of at least one character", field="title")
    texts = (
        ("title", finding.title, LONGEST_TITLE),
        ("description", finding.description, LONGEST_TEXT),
        ("place", finding.place, LONGEST_TITLE),
        ("source_number", finding.source_number, 80),
        ("source_document", finding.source_document, LONGEST_TITLE),
        ("measures", finding.put_right.measures if finding.put_right else "", LONGEST_TEXT),
    )
    for field, text, longest in texts:
        if len(text) > longest:
            raise InvalidInput(
                "text_too_long",
                "{n} characters are too many here; allowed: {most}",
                field=field,
                n=len(text),
                most=longest,
            )


def _require_photos(finding: Finding, photos: Sequence[Photo]) -> None:
    if len(photos) > MOST_PHOTOS:
        raise InvalidInput(
            "too_many_photos",
            "{n} photos are too many; allowed: {most}",
            field="before",
            n=len(photos),
            most=MOST_PHOTOS,
        )
    if finding.put_right is None:
        return
    shown = {kind: {photo.data for photo in photos if photo.kind == kind} for kind in EvidenceKind}
    for kind in (EvidenceKind.BEFORE, EvidenceKind.AFTER):
        if not shown[kind]:
            raise InvalidInput(
                "photo_missing", "What was put right on the spot needs the photo: {kind}", field=kind.value, kind=kind
            )
    if shown[EvidenceKind.BEFORE] & shown[EvidenceKind.AFTER]:
        raise InvalidInput("same_photo", "The photos from before and after are the same file", field="after")


def _enterprise(work: UnitOfWork, number: int | None) -> Enterprise | None:
    return enterprise_to_report(work.session, work.actor, number) if number is not None else None


def _found_on(work: UnitOfWork, finding: Finding) -> date:
    """The local day of the finding; a phone's clock may be a little fast, a report may have waited for the line."""
    if finding.found_on is not None:
        return _entered_day(finding.found_on, today=work.today)
    if finding.found_at is None or work.now <= finding.found_at <= work.now + FAST_CLOCK:
        return work.today
    if not work.now - OLDEST_REPORT <= finding.found_at <= work.now:
        raise InvalidInput(
            "found_too_long_ago",
            "The finding is of {found_at}; a report comes within {days} days and not before it",
            field="found_at",
            found_at=finding.found_at,
            days=OLDEST_REPORT.days,
        )
    return finding.found_at.astimezone(ZoneInfo(work.district.time_zone)).date()


def _entered_day(found_on: date, *, today: date) -> date:
    if not today - OLDEST_ENTRY <= found_on <= today:
        raise InvalidInput(
            "found_on_refused",
            "The day {found_on} is not within the last {days} days",
            field="found_on",
            found_on=found_on,
            days=OLDEST_ENTRY.days,
        )
    return found_on


def _target(where: dict[str, Any], enterprise: Enterprise | None) -> Target:
    own = enterprises.target_of(enterprise) if enterprise else Target()
    return Target(zone_ids=frozenset(zone_ids_of(where)), industry_id=own.industry_id, enterprise_id=own.enterprise_id)


def _details(finding: Finding, *, found_on: date) -> dict[str, Any]:
    texts = ("description", "place", "source_number", "source_document")
    given = {name: getattr(finding, name).strip() or None for name in texts}
    return {**given, "check_area": finding.check_area, "source_due_on": finding.source_due_on, "found_on": found_on}


def _finder_unit(session: Session, actor: Actor, target: Target) -> dict[str, int]:
    """The unit in whose name it was found; what enforcement finds is in its hands."""
    grant = reporting_grant(actor, target)
    if grant is None or not grant.unit_ids:
        return {}
    found = session.exec(select(Unit).where(col(Unit.id).in_(grant.unit_ids)).order_by(col(Unit.code)))
    units = sorted(found, key=lambda unit: unit.kind != UnitKind.INSPECTION_GROUP)
    own = {"finder_unit_id": units[0].key}
    return {**own, "enforcement_unit_id": units[0].key} if grant.role == Role.ENFORCEMENT else own


def _required(store: Store | None) -> Store:
    if store is None:
        raise ValueError("photos need a store")
    return store


def _add_photo(work: UnitOfWork, store: Store, issue: Issue, photo: Photo) -> None:
    add_evidence(
        work,
        store,
        issue,
        kind=photo.kind,
        data=photo.data,
        name=photo.name,
        taken_at=photo.taken_at,
        lon=photo.lon,
        lat=photo.lat,
        is_taken_in_page=photo.is_taken_in_page,
        examined=photo.examined,
    )
