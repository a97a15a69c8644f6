"""Evidence of an issue: added with its bytes and its doubts, found again within somebody's scope."""

from dataclasses import dataclass
from datetime import datetime

from pyproj import Geod
from sqlmodel import Session, col, select

from dashboard.evidence.origins import Origin, is_place
from dashboard.evidence.photos import Examined, examine
from dashboard.evidence.store import Store
from dashboard.services.issues import target_in, target_of
from dashboard.services.reuse import Use, earlier_use, remember
from db import records
from db.loop_rules import loop_numbers_of
from db.repositories.issues import evidence_of
from db.repositories.loop import joining_units
from db.repositories.scopes import issues_within
from db.tables.issues import Evidence, Issue
from db.tables.people import Person
from db.unit_of_work import UnitOfWork, current_district
from governance.errors import InvalidInput, NotFound
from governance.evidence import (
    CLOCK_TOLERANCE,
    Circumstances,
    Doubt,
    doubts,
    may_add,
    may_see_origin,
    require_open_for_evidence,
)
from governance.issue_rules import round_of
from governance.permissions import Actor, Right, require
from governance.vocabulary import EvidenceKind

_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A piece of evidence as one person may see it.

    Attributes
    ----------
    evidence
        The row; pages take time and place from the fields below, which are empty for those who may not know.
    added_by
        Name; None for a command.
    taken_at, lon, lat
        Of the photo; None when unknown or not for this person.
    doubts
        What does not fit, for everybody who sees the evidence.
    reuses_number
        Number of the issue in which the same picture was used before; empty when the picture is new, or when that
        issue is not for this person: `is_reused` says so to everybody.
    """

    evidence: Evidence
    added_by: str | None
    may_see_origin: bool
    taken_at: datetime | None
    lon: float | None
    lat: float | None
    doubts: tuple[Doubt, ...]
    is_reused: bool
    reuses_number: str


def add_evidence(
    work: UnitOfWork,
    store: Store,
    issue: Issue,
    *,
    kind: EvidenceKind,
    data: bytes,
    name: str,
    taken_at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
    is_taken_in_page: bool = False,
    examined: Examined | None = None,
    is_of_look_back: bool = False,
) -> Evidence:
    """Add a file that shows something of an issue.

    Parameters
    ----------
    work : UnitOfWork
    store : Store
        Takes the bytes before the row is written; bytes without a row do no harm.
    issue : Issue
        Read in this unit of work.
    kind : EvidenceKind
    data : bytes
    name : str
        As the browser tells it.
    taken_at, lon, lat : optional
        What the page's own camera noted: aware time, WGS84 degrees. They fill in what the file does not say, and only
        with ``is_taken_in_page``.
    is_taken_in_page : bool
        Kept as said unless the file notes another time.
    examined : Examined, optional
        What `examine` said of these bytes, when it was asked before the write began.
    is_of_look_back : bool
        Taken by somebody who looks back at the issue: an ended one takes it as well.

    Returns
    -------
    Evidence
        ``reuses_id`` names the first evidence that shows the same picture.

    Raises
    ------
    NotAllowed, IllegalTransition, InvalidInput
    """
    target = target_in(work, issue)
    if not may_add(work.actor, target, finder_id=issue.finder_id, stage=issue.stage):
        require(work.actor, Right.ADD_EVIDENCE, target)
    if is_of_look_back:
        require(work.actor, Right.LOOK_BACK, target)
    else:
        require_open_for_evidence(issue.stage)
    file = examined or examine(data, name=name, time_zone=work.district.time_zone)
    noted = _noted_by_page(taken_at, lon, lat) if is_taken_in_page else Origin()
    origin = _origin(file, noted)
    use = Use(issue_id=issue.key, kind=kind, round=round_of(issue.model_dump()))
    sha256 = store.put(data)
    earlier = earlier_use(work.session, sha256=sha256, fingerprint=file.fingerprint, use=use)
    row = Evidence(
        issue_id=issue.key,
        kind=kind,
        sha256=sha256,
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        name=file.name,
        added_by_id=work.actor.person_id,
        added_at=work.now,
        width=file.width,
        height=file.height,
        is_taken_in_page=is_taken_in_page and _is_of_one_time(file.taken_at, noted.taken_at),
        fingerprint=file.fingerprint,
        reuses_id=earlier.key if earlier else None,
        round=use.round,
        taken_at=origin.taken_at,
        lon=origin.lon,
        lat=origin.lat,
    )
    records.create(work, row, code="evidence_added")
    remember(work.session, row)
    return row


def mismatches_of(issue: Issue, evidence: Evidence, *, time_zone: str, most_m: float) -> tuple[Doubt, ...]:
    """What does not fit between an issue and a photo of it.

    Parameters
    ----------
    issue : Issue
    evidence : Evidence
    time_zone : str
        Of the district.
    most_m : float
        Metres within which a photo was taken at the issue's place: the district's ``photo_distance_m``.

    Returns
    -------
    tuple of Doubt
        Codes with parameters; see `governance.evidence.doubts`. The distance is geodesic, on the WGS84 ellipsoid.
    """
    photo = Circumstances(
        kind=evidence.kind,
        added_at=evidence.added_at,
        found_on=issue.found_on,
        taken_at=evidence.taken_at,
        is_placed=evidence.lon is not None,
        distance_m=_distance_m(issue, evidence),
    )
    return doubts(photo, time_zone=time_zone, most_m=most_m)


def gallery_of(session: Session, actor: Actor, issue: Issue) -> list[Shown]:
    """All evidence of an issue as a person may see it, in the order in which it was added.

    The issue must be one that the person may see.
    """
    rows = evidence_of(session, issue.key)
    zone, most_m = current_district(session).time_zone, loop_numbers_of(session).photo_distance_m
    target = target_of(issue, [row.unit_id for row in joining_units(session, issue.key)])
    names, earlier = _names(session, rows), _earlier_numbers(session, actor, rows)
    found = []
    for row in rows:
        is_open = may_see_origin(actor, target, added_by_id=row.added_by_id)
        found.append(
            Shown(
                evidence=row,
                added_by=names.get(row.added_by_id),
                may_see_origin=is_open,
                taken_at=row.taken_at if is_open else None,
                lon=row.lon if is_open else None,
                lat=row.lat if is_open else None,
                doubts=mismatches_of(issue, row, time_zone=zone, most_m=most_m),
                is_reused=row.reuses_id is not None,
                reuses_number=earlier.get(row.reuses_id, ""),
            )
        )
    return found


def evidence_within(session: Session, actor: Actor, number: int) -> tuple[Evidence, Issue]:
    """A piece of evidence and its issue, for whoever may see the issue.

    Raises
    ------
    NotFound
        There is none with this number, or not for this person.
    """
    query = select(Evidence, Issue).join(Issue, col(Issue.id) == col(Evidence.issue_id))
    found = session.exec(query.where(Evidence.id == number, issues_within(actor))).first()
    if found is None:
        raise NotFound("no_evidence", "There is no evidence with the number {number} for you", number=number)
    return found


def sees_origin(session: Session, actor: Actor, evidence: Evidence, issue: Issue) -> bool:
    """Whether a person may know when and where a photo of an issue was taken."""
    target = target_of(issue, [row.unit_id for row in joining_units(session, issue.key)])
    return may_see_origin(actor, target, added_by_id=evidence.added_by_id)


def require_origin(session: Session, actor: Actor, evidence: Evidence, issue: Issue) -> None:
    """Refuse whoever may not know when and where a photo was taken.

    Raises
    ------
    NotAllowed
    """
    if not sees_origin(session, actor, evidence, issue):
        require(actor, Right.SEE_PHOTO_ORIGIN, target_of(issue))


def _noted_by_page(taken_at: datetime | None, lon: float | None, lat: float | None) -> Origin:
    if taken_at is not None and taken_at.tzinfo is None:
        raise InvalidInput("naive_time", "The time {value} names no zone", value=taken_at.isoformat())
    if (lon, lat) != (None, None) and not is_place(lon, lat):
        raise InvalidInput("no_place", "{lon}, {lat} is no place; allowed: WGS84 degrees", lon=lon, lat=lat)
    return Origin(taken_at=taken_at, lon=lon, lat=lat)


def _is_of_one_time(in_file: datetime | None, in_page: datetime | None) -> bool:
    return in_file is None or (in_page is not None and abs(in_file - in_page) <= CLOCK_TOLERANCE)


def _origin(file: Examined, noted: Origin) -> Origin:
    """What the file itself notes goes before what the page says: a page can be told anything."""
    place = file if file.lon is not None else noted
    return Origin(taken_at=file.taken_at or noted.taken_at, lon=place.lon, lat=place.lat)


def _distance_m(issue: Issue, evidence: Evidence) -> float | None:
    if None in (issue.lon, issue.lat, evidence.lon, evidence.lat):
        return None
    _, _, metres = _EARTH.inv(issue.lon, issue.lat, evidence.lon, evidence.lat)
    return float(metres)


def _names(session: Session, rows: list[Evidence]) -> dict[int | None, str]:
    numbers = {row.added_by_id for row in rows if row.added_by_id is not None}
    query = select(Person.id, Person.name).where(col(Person.id).in_(numbers))
    return dict(session.exec(query).all())


def _earlier_numbers(session: Session, actor: Actor, rows: list[Evidence]) -> dict[int | None, str]:
    """Evidence → number of its issue, for earlier uses within the person's scope."""
    numbers = {row.reuses_id for row in rows if row.reuses_id is not None}
    query = select(Evidence.id, Issue.number).join(Issue, col(Issue.id) == col(Evidence.issue_id))
    return dict(session.exec(query.where(col(Evidence.id).in_(numbers), issues_within(actor))).all())
