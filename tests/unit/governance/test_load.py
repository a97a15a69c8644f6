"""Loads of zones, what a change of the roster is warned of, and the days of deputies that it begins and ends."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from governance.assignments import Span
from governance.heat import heat_weight
from governance.load import (
    CautionCode,
    LoadGroup,
    deputy_turns,
    heavy_loads,
    leading_nothing,
    load_of,
    split_zones,
)
from governance.loop_numbers import USUAL
from governance.roster import Absence
from governance.roster_days import Handover, holds_on
from governance.vocabulary import AssignmentPart, Severity

DAY = date(2026, 6, 30)
LEAD, DEPUTY = AssignmentPart.LEAD, AssignmentPart.DEPUTY


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def span(zone: int, person: int, part: AssignmentPart, start: int = 0, end: int | None = None) -> Span:
    to = None if end is None else after(end)
    return Span(zone_id=zone, person_id=person, part=part, valid_from=after(start), valid_to=to)


def test_a_load_is_severity_times_lateness_times_number() -> None:
    groups = [LoadGroup(Severity.MINOR, False, 3), LoadGroup(Severity.SEVERE, True, 2)]
    assert load_of(groups, numbers=USUAL) == 3 * 1 + 2 * 4 * 2
    assert load_of([], numbers=USUAL) == 0


@given(st.sampled_from(Severity), st.booleans())
def test_a_load_is_the_heat_of_an_issue_found_today(severity: Severity, is_late: bool) -> None:
    due = DAY - timedelta(days=1) if is_late else DAY
    heat = heat_weight(severity, due, DAY, today=DAY, numbers=USUAL)
    assert load_of([LoadGroup(severity, is_late, 1)], numbers=USUAL) == heat


def test_three_times_the_median_is_heavy_where_it_grows() -> None:
    (caution,) = heavy_loads({1: 2, 2: 2, 3: 2}, {1: 1, 2: 2, 3: 6}, day=DAY)
    assert (caution.code, caution.person_id) == (CautionCode.HEAVY_LOAD, 3)
    assert dict(caution.numbers) == {"load": 6, "median": 2, "times": 3, "day": DAY}
    assert heavy_loads({3: 5}, {1: 1, 2: 2, 3: 5}, day=DAY) == []
    assert heavy_loads({3: 6}, {1: 2, 2: 2, 3: 6}, day=DAY) == []
    assert [one.person_id for one in heavy_loads({}, {1: 0, 2: 0, 3: 1}, day=DAY)] == [3]
    assert heavy_loads({}, {}, day=DAY) == []


def test_a_zone_that_passes_twice_is_split() -> None:
    def passing(zone: int, start: int) -> Handover:
        return Handover(zone_id=zone, from_id=1, to_id=2, valid_from=after(start), valid_to=None)

    (caution,) = split_zones([passing(7, 5), passing(7, 0), passing(8, 0)])
    assert (caution.zone_id, caution.numbers["days"]) == (7, (DAY, after(5)))


def test_a_lead_who_stays_a_deputy_only_leads_nothing() -> None:
    before = [span(1, 1, LEAD), span(2, 2, LEAD)]
    changed = [span(1, 2, LEAD, 0, 9), span(1, 1, LEAD, 9), span(2, 2, LEAD), span(2, 1, DEPUTY)]
    (caution,) = leading_nothing(before, changed, (), since=DAY)
    assert (caution.person_id, dict(caution.numbers)) == (1, {"valid_from": DAY, "valid_to": after(9)})


def test_whoever_is_away_or_guards_nothing_is_not_said_to_lead_nothing() -> None:
    before, changed = [span(1, 1, LEAD)], [span(1, 2, LEAD)]
    assert leading_nothing(before, changed, (), since=DAY) == []
    served = [*changed, span(2, 1, DEPUTY)]
    away = Absence(person_id=1, stand_in_id=2, valid_from=DAY, valid_to=after(9))
    (caution,) = leading_nothing(before, served, (away,), since=DAY)
    assert caution.numbers["valid_from"] == after(9)


spans = st.lists(
    st.builds(
        span, st.integers(1, 2), st.integers(1, 3), st.sampled_from([LEAD, DEPUTY]), st.integers(0, 9),
        st.none() | st.integers(0, 12),
    ),
    max_size=6,
)  # fmt: skip


@given(spans, spans)
def test_deputies_begin_and_end_exactly_where_the_rosters_differ(before: list[Span], changed: list[Span]) -> None:
    def serving(roster: list[Span], day: date) -> set[tuple[int, int]]:
        return {(one.zone_id, one.person_id) for one in roster if one.part == DEPUTY and holds_on(one, day)}

    turns = deputy_turns(before, changed, since=DAY)
    for day in map(after, range(15)):
        old, new = serving(before, day), serving(changed, day)
        told = {(one.zone_id, one.person_id, begun) for one, begun in turns if holds_on(one, day)}
        assert told == {(*pair, True) for pair in new - old} | {(*pair, False) for pair in old - new}
