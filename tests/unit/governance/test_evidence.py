"""What does not fit between a photo and its issue, and who may know where it was taken."""

from datetime import UTC, date, datetime, timedelta

import pytest

from governance.errors import IllegalTransition
from governance.evidence import Circumstances, Doubt, Mismatch, doubts, may_see_origin, require_open_for_evidence
from governance.permissions import Actor, Grant, Target
from governance.vocabulary import EvidenceKind, Role, Stage

ADDED = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)
FOUND = date(2026, 6, 28)
AFTER, BEFORE = EvidenceKind.AFTER, EvidenceKind.BEFORE


def told(kind: EvidenceKind = AFTER, **given: object) -> tuple[Doubt, ...]:
    fits: dict[str, object] = {"taken_at": ADDED - timedelta(hours=1), "is_placed": True, "distance_m": 10.0}
    photo = Circumstances(kind=kind, added_at=ADDED, found_on=FOUND, **{**fits, **given})  # type: ignore[arg-type]
    return doubts(photo, time_zone="Asia/Shanghai", most_m=200)


def test_a_photo_of_the_place_and_the_day_raises_no_doubt() -> None:
    assert told() == ()


@pytest.mark.parametrize(("metres", "doubted"), [(200.0, False), (200.4, True), (5000.0, True)])
def test_a_photo_from_further_than_allowed_is_far_away(metres: float, doubted: bool) -> None:
    assert [doubt.mismatch for doubt in told(distance_m=metres)] == [Mismatch.FAR_AWAY] * doubted


def test_how_far_is_said_in_whole_metres() -> None:
    assert told(distance_m=1234.5)[0].params == {"metres": 1234, "most": 200}


def test_an_issue_without_a_place_is_near_to_everything() -> None:
    assert told(distance_m=None) == ()


# 16:00 UTC is midnight in the district: one second before is still the day before.
@pytest.mark.parametrize(("taken", "doubted"), [("2026-06-27T16:00:00", False), ("2026-06-27T15:59:59", True)])
def test_an_after_photo_from_before_the_day_of_finding_is_doubted(taken: str, doubted: bool) -> None:
    found = told(taken_at=datetime.fromisoformat(f"{taken}+00:00"))
    assert [doubt.mismatch for doubt in found] == [Mismatch.TAKEN_BEFORE_FOUND] * doubted


def test_a_before_photo_may_be_older_than_the_finding() -> None:
    assert told(BEFORE, taken_at=ADDED - timedelta(days=30)) == ()


@pytest.mark.parametrize(("minutes", "doubted"), [(10, False), (11, True)])
def test_a_photo_from_after_it_was_added_is_doubted(minutes: int, doubted: bool) -> None:
    found = told(taken_at=ADDED + timedelta(minutes=minutes))
    assert [doubt.mismatch for doubt in found] == [Mismatch.TAKEN_AFTER_ADDED] * doubted


def test_what_is_unknown_is_said() -> None:
    found = told(taken_at=None, is_placed=False, distance_m=None)
    assert [doubt.mismatch for doubt in found] == [Mismatch.PLACE_UNKNOWN, Mismatch.TIME_UNKNOWN]


@pytest.mark.parametrize("kind", [EvidenceKind.DOCUMENT, EvidenceKind.MONITORING_REPORT])
def test_documents_have_neither_time_nor_place(kind: EvidenceKind) -> None:
    assert told(kind, taken_at=None, is_placed=False) == ()


@pytest.mark.parametrize("stage", Stage)
def test_issues_take_evidence_until_their_life_is_over(stage: Stage) -> None:
    over = {Stage.CLOSED, Stage.REFUSED, Stage.MERGED}
    if stage not in over:
        require_open_for_evidence(stage)
        return
    with pytest.raises(IllegalTransition, match=stage.value):
        require_open_for_evidence(stage)


TARGET = Target(zone_ids=frozenset({7}), enterprise_id=3)


@pytest.mark.parametrize(
    ("grant", "sees"),
    [
        (Grant(role=Role.BUREAU), True),
        (Grant(role=Role.COMMITTEE_OFFICE), True),
        (Grant(role=Role.TOWNSHIP, zone_ids=frozenset({7})), True),
        (Grant(role=Role.TOWNSHIP, zone_ids=frozenset({8})), False),
        (Grant(role=Role.DISTRICT_LEADER, zone_ids=frozenset({7})), False),
        (Grant(role=Role.BUTLER, zone_ids=frozenset({7})), False),
        (Grant(role=Role.ENVIRONMENT_DIRECTOR, enterprise_ids=frozenset({3})), False),
        (Grant(role=Role.DISPLAY), False),
    ],
)
def test_where_a_photo_was_taken_is_for_few(grant: Grant, sees: bool) -> None:
    actor = Actor(person_id=1, name="n", grants=(grant,))
    assert may_see_origin(actor, TARGET, added_by_id=2) is sees


def test_whoever_added_a_photo_may_know_where_it_was_taken() -> None:
    assert may_see_origin(Actor(person_id=1, name="n"), TARGET, added_by_id=1)
    assert not may_see_origin(Actor(person_id=None, name="n"), TARGET, added_by_id=None)
