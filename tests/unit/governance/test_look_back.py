"""Look-backs: the score by hand, a sample that the seed alone decides, and nobody judging the own work."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import Conflict, InvalidInput, NotAllowed
from governance.look_back import (
    Candidate,
    draw,
    lot,
    require_looker,
    require_open_item,
    require_order,
    require_recurrence,
    require_still_ended,
    risk_score,
)
from governance.vocabulary import DrawnBy, LookBackKind, LookBackResult, Severity, Stage

SCORES = [
    ({"severity": "minor"}, 0),
    ({"severity": "major"}, 2),
    ({"severity": "severe"}, 4),
    ({"severity": "minor", "times_returned": 1}, 2),
    ({"severity": "minor", "times_returned": 9}, 6),
    ({"severity": "minor", "times_reopened": 2}, 6),
    ({"severity": "minor", "is_instant": True}, 3),
    ({"severity": "minor", "is_late": True}, 1),
    ({"severity": "minor", "enterprise_rebounds": 1}, 2),
    ({"severity": "severe", "times_returned": 3, "times_reopened": 3, "is_instant": True, "is_late": True}, 27 - 4),
]
candidates_of = st.lists(
    st.builds(
        Candidate,
        number=st.integers(1, 99999).map(lambda n: f"2026-{n:05}"),
        severity=st.sampled_from(list(Severity)),
        times_returned=st.integers(0, 5),
        is_instant=st.booleans(),
    ),
    unique_by=lambda one: one.number,
    max_size=60,
)
seeds = st.integers(0, 2**31 - 1)


@pytest.mark.parametrize(("signs", "score"), SCORES)
def test_this_issue_has_this_score(signs: dict[str, object], score: int) -> None:
    assert risk_score(Candidate(number="2026-00001", **signs)) == score  # type: ignore[arg-type]


def test_a_lot_is_the_sha256_of_seed_purpose_and_number() -> None:
    expected = "e3a7462b"  # printf "7:risk:2026-00001" | sha256sum
    assert lot(7, DrawnBy.RISK, "2026-00001").hex()[:8] == expected


def severe(n: int) -> Candidate:
    return Candidate(number=f"2026-{n:05}", severity=Severity.SEVERE if n < 10 else Severity.MINOR)


def test_the_share_by_risk_takes_the_highest_scores() -> None:
    sample = draw([severe(n) for n in range(100)], size=10, risk_percent=60, seed=1)
    by_risk = [one for one in sample if one.drawn_by == "risk"]
    assert (len(sample), len(by_risk), {one.score for one in by_risk}) == (10, 6, {4})


@given(candidates_of, st.integers(1, 40), st.integers(0, 100), seeds, st.randoms())
def test_the_order_of_the_candidates_plays_no_part(
    known: list[Candidate], size: int, percent: int, seed: int, chance: Random
) -> None:
    shuffled = list(known)
    chance.shuffle(shuffled)
    order = {"size": size, "risk_percent": percent, "seed": seed}
    assert draw(known, **order) == draw(shuffled, **order)


@given(candidates_of, st.integers(1, 80), st.integers(0, 100), seeds)
def test_a_sample_has_the_wanted_size_and_share_and_draws_nothing_twice(
    known: list[Candidate], size: int, percent: int, seed: int
) -> None:
    sample = draw(known, size=size, risk_percent=percent, seed=seed)
    by_risk = sum(one.drawn_by == DrawnBy.RISK for one in sample)
    assert len(sample) == len({one.number for one in sample}) == min(size, len(known))
    assert by_risk == min((size * percent + 50) // 100, len(known))


@given(candidates_of, st.integers(1, 40), seeds)
def test_nothing_left_out_has_a_higher_score_than_what_was_drawn_by_risk(
    known: list[Candidate], size: int, seed: int
) -> None:
    taken = {one.number: one.score for one in draw(known, size=size, risk_percent=100, seed=seed)}
    left = [risk_score(one) for one in known if one.number not in taken]
    assert not taken or not left or max(left) <= min(taken.values())


def test_chance_reaches_issues_without_any_sign_of_risk() -> None:
    harmless = [Candidate(number=f"2026-{n:05}", severity=Severity.MINOR) for n in range(10, 200)]
    samples = [draw(harmless, size=5, risk_percent=0, seed=seed) for seed in range(40)]
    assert len({one.number for sample in samples for one in sample}) > 100


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": 1001}, {"risk_percent": 101}, {"seed": -1}, {"seed": 2**31}])
def test_a_number_out_of_bounds_is_refused_by_its_name(wrong: dict[str, int]) -> None:
    order = {"size": 10, "risk_percent": 50, "seed": 1, **wrong}
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        require_order(closed_from=date(2026, 1, 1), closed_to=date(2026, 1, 31), **order)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput, match="before it begins"):
        require_order(size=1, risk_percent=0, seed=1, closed_from=date(2026, 2, 1), closed_to=date(2026, 1, 31))


@pytest.mark.parametrize("part", ["rectifier_id", "checker_id", "signer_id"])
@pytest.mark.parametrize("kind", list(LookBackKind))
def test_nobody_looks_back_at_what_they_took_part_in(kind: LookBackKind, part: str) -> None:
    with pytest.raises(NotAllowed, match=part):
        require_looker(kind, {part: 4}, 4)


def test_whoever_confirmed_looks_back_at_closed_issues_but_not_at_townships_findings() -> None:
    require_looker(LookBackKind.CLOSED_ISSUES, {"confirmer_id": 4}, 4)
    with pytest.raises(NotAllowed, match="confirmer_id"):
        require_looker(LookBackKind.TOWNSHIP_FINDINGS, {"confirmer_id": 4}, 4)


def test_a_result_is_given_once_and_in_words() -> None:
    require_open_item(None, words="still covered")
    with pytest.raises(InvalidInput, match="needs words"):
        require_open_item(None, words="")
    with pytest.raises(Conflict, match="kept"):
        require_open_item(LookBackResult.KEPT, words="again")


def test_an_issue_that_is_open_again_has_no_result_any_more() -> None:
    require_still_ended(LookBackKind.TOWNSHIP_FINDINGS, Stage.REFUSED)
    for kind, stage in ((LookBackKind.CLOSED_ISSUES, Stage.REFUSED), (LookBackKind.TOWNSHIP_FINDINGS, "rectifying")):
        with pytest.raises(Conflict, match="not closed any more"):
            require_still_ended(kind, Stage(stage))


NEW = {"enterprise_id": 1, "category": "dust", "stage": "discovered"}
OLD = {"enterprise_id": 1, "category": "dust", "stage": "closed"}
NO_RECURRENCE = [
    (NEW, {**OLD, "stage": "rectifying"}, date(2026, 6, 1)),
    ({**NEW, "stage": "closed"}, OLD, date(2026, 6, 1)),
    (NEW, {**OLD, "category": "noise"}, date(2026, 6, 1)),
    (NEW, {**OLD, "enterprise_id": 2}, date(2026, 6, 1)),
    ({**NEW, "enterprise_id": None}, {**OLD, "enterprise_id": None}, date(2026, 6, 1)),
    (NEW, OLD, date(2026, 6, 11)),
    (NEW, OLD, None),
]


@pytest.mark.parametrize(("new", "old", "closed_on"), NO_RECURRENCE)
def test_this_is_no_recurrence(new: dict[str, object], old: dict[str, object], closed_on: date | None) -> None:
    with pytest.raises(InvalidInput):
        require_recurrence(new, old, found_on=date(2026, 6, 10), closed_on=closed_on)


def test_the_same_matter_after_its_closing_is_a_recurrence() -> None:
    require_recurrence(NEW, OLD, found_on=date(2026, 6, 10), closed_on=date(2026, 6, 10))
