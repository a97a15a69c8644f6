"""What counts as evidence: when it is taken, who may know where a photo was taken, and what does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from governance.counting import CLUES
from governance.errors import IllegalTransition
from governance.permissions import Actor, Right, Target, may
from governance.vocabulary import EvidenceKind, Stage

TAKES_NO_EVIDENCE = frozenset({Stage.CLOSED, Stage.REFUSED, Stage.MERGED})
PHOTOS = frozenset({EvidenceKind.BEFORE, EvidenceKind.AFTER, EvidenceKind.CHECK})
# These are taken of a known issue; a photo of what was found may be older than its report.
_OF_KNOWN_ISSUES = frozenset({EvidenceKind.AFTER, EvidenceKind.CHECK})
# Clocks of phones and cameras are allowed to be off by so much.
CLOCK_TOLERANCE = timedelta(minutes=10)


class Mismatch(StrEnum):
    """What does not fit between a photo and its issue; shown, never a reason to refuse the photo."""

    FAR_AWAY = "far_away"
    TAKEN_BEFORE_FOUND = "taken_before_found"
    TAKEN_AFTER_ADDED = "taken_after_added"
    TIME_UNKNOWN = "time_unknown"
    PLACE_UNKNOWN = "place_unknown"


def may_add(actor: Actor, target: Target, *, finder_id: int | None, stage: Stage) -> bool:
    """Whether somebody may add evidence: by right, or as the finder while the issue is a clue.

    A photo is part of the report, also where the reporter does not follow the issue any further.
    """
    is_own_clue = stage in CLUES and finder_id is not None and finder_id == actor.person_id
    return may(actor, Right.ADD_EVIDENCE, target) or (is_own_clue and may(actor, Right.REPORT))


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A mismatch with what is needed to say it in words.

    Attributes
    ----------
    params
        ``far_away``: ``metres``, ``most``. ``taken_before_found``: ``taken_on``, ``found_on``.
        ``taken_after_added``: ``minutes``.
    """

    mismatch: Mismatch
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a photo and its issue say of time and place.

    Attributes
    ----------
    added_at, taken_at
        Aware; ``taken_at`` None when the photo does not say.
    found_on
        Local day on which the issue was found.
    is_placed
        The photo says where it was taken.
    distance_m
        Metres between photo and issue; None when either place is unknown.
    """

    kind: EvidenceKind
    added_at: datetime
    found_on: date
    taken_at: datetime | None = None
    is_placed: bool = False
    distance_m: float | None = None


def require_open_for_evidence(stage: Stage) -> None:
    """Refuse evidence for an issue whose life is over.

    Raises
    ------
    IllegalTransition
    """
    if stage in TAKES_NO_EVIDENCE:
        raise IllegalTransition("no_more_evidence", "An issue in the stage {stage} takes no more evidence", stage=stage)


def may_see_origin(actor: Actor, target: Target, *, added_by_id: int | None) -> bool:
    """Whether a person may know when and where a photo was taken: by right, or as the one who added it."""
    is_own = added_by_id is not None and added_by_id == actor.person_id
    return is_own or may(actor, Right.SEE_PHOTO_ORIGIN, target)


def doubts(photo: Circumstances, *, time_zone: str, most_m: float) -> tuple[Doubt, ...]:
    """What does not fit between a photo and its issue.

    Parameters
    ----------
    photo : Circumstances
    time_zone : str
        Of the district: "before it was found" is a question of local days.
    most_m : float
        Metres within which a photo counts as taken at the issue's place; exactly so many do.

    Returns
    -------
    tuple of Doubt
        Place first, then time; empty when all fits, and for documents.
    """
    if photo.kind not in PHOTOS:
        return ()
    return (*_doubts_of_place(photo, most_m), *_doubts_of_time(photo, ZoneInfo(time_zone)))


def _doubts_of_place(photo: Circumstances, most_m: float) -> tuple[Doubt, ...]:
    if not photo.is_placed:
        return (Doubt(mismatch=Mismatch.PLACE_UNKNOWN),)
    if photo.distance_m is None or photo.distance_m <= most_m:
        return ()
    return (Doubt(mismatch=Mismatch.FAR_AWAY, params={"metres": round(photo.distance_m), "most": round(most_m)}),)


def _doubts_of_time(photo: Circumstances, zone: ZoneInfo) -> tuple[Doubt, ...]:
    if photo.taken_at is None:
        return (Doubt(mismatch=Mismatch.TIME_UNKNOWN),)
    late = photo.taken_at - photo.added_at
    if late > CLOCK_TOLERANCE:
        return (Doubt(mismatch=Mismatch.TAKEN_AFTER_ADDED, params={"minutes": round(late.total_seconds() / 60)}),)
    taken_on = photo.taken_at.astimezone(zone).date()
    if photo.kind in _OF_KNOWN_ISSUES and taken_on < photo.found_on:
        params = {"taken_on": taken_on, "found_on": photo.found_on}
        return (Doubt(mismatch=Mismatch.TAKEN_BEFORE_FOUND, params=params),)
    return ()
