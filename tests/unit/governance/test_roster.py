"""Changes of the roster: whatever is edited and undone, each zone has one lead and no day is rewritten."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.assignments import Span
from governance.errors import InvalidInput
from governance.roster import Absence, Edit, Planned, has_days, planned, restoring_edits, stand_in_edits
from governance.roster_days import Fault, Handover, faults, handovers, leads, leads_on, new_faults
from governance.vocabulary import AssignmentPart

LEAD, DEPUTY = AssignmentPart.LEAD, AssignmentPart.DEPUTY
MAY, JUNE, JULY, AUGUST, MAY_2027 = (
    date(2026, 5, 1),
    date(2026, 6, 1),
    date(2026, 7, 1),
    date(2026, 8, 1),
    date(2027, 5, 1),
)


def span(person: int, start: date, end: date | None = None, *, zone: int = 1, part: AssignmentPart = LEAD) -> Span:
    return Span(zone_id=zone, person_id=person, part=part, valid_from=start, valid_to=end)


def edit(
    person: int,
    start: date,
    end: date | None = None,
    *,
    zone: int = 1,
    part: AssignmentPart = LEAD,
    is_ending: bool = False,
) -> Edit:
    return Edit(zone_id=zone, person_id=person, part=part, valid_from=start, valid_to=end, is_ending=is_ending)


def test_a_new_lead_ends_the_one_before_on_the_same_day() -> None:
    plan = planned([span(1, MAY)], [edit(2, JULY)])
    assert (plan.ended, plan.begun) == (((0, JULY),), (span(2, JULY),))


def test_a_lead_for_some_days_gives_the_zone_back() -> None:
    plan = planned([span(1, MAY)], [edit(2, JUNE, JULY)])
    assert (plan.ended, plan.begun) == (((0, JUNE),), (span(2, JUNE, JULY), span(1, JULY)))


def test_a_lead_replaced_on_the_first_day_keeps_no_day() -> None:
    plan = planned([span(1, JUNE)], [edit(2, MAY)])
    assert (plan.ended, plan.spans) == (((0, JUNE),), (span(2, MAY),))


def test_who_leads_already_goes_on_without_a_new_span() -> None:
    assert planned([span(1, MAY)], [edit(1, JUNE)]) == Planned(ended=(), begun=(), spans=(span(1, MAY),))


def test_a_lead_who_was_a_deputy_is_one_no_longer() -> None:
    plan = planned([span(1, MAY), span(2, MAY, part=DEPUTY)], [edit(2, JULY)])
    assert plan.ended == ((0, JULY), (1, JULY))


def test_another_zone_is_left_alone() -> None:
    assert planned([span(1, MAY, zone=2)], [edit(2, JULY)]).ended == ()


def test_a_deputy_comes_beside_the_lead_and_goes() -> None:
    both = planned([span(1, MAY)], [edit(2, JUNE, part=DEPUTY)]).spans
    assert set(both) == {span(1, MAY), span(2, JUNE, part=DEPUTY)}
    assert planned(both, [edit(2, JULY, part=DEPUTY, is_ending=True)]).spans[-1].valid_to == JULY


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (edit(1, JUNE, MAY), "span_backwards"),
        (edit(1, JUNE, is_ending=True), "lead_without_successor"),
        (edit(1, JUNE, part=DEPUTY), "leads_already"),
        (edit(2, JUNE, part=DEPUTY, is_ending=True), "no_such_deputy"),
    ],
)
def test_what_cannot_be_is_refused(wrong: Edit, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        planned([span(1, MAY)], [wrong])
    assert refused.value.code == code


def test_a_stand_in_leads_while_a_leader_is_away() -> None:
    spans = [span(1, MAY, zone=1), span(1, JULY, zone=2), span(1, MAY, MAY_2027, zone=3), span(3, MAY, zone=4)]
    absence = Absence(person_id=1, stand_in_id=2, valid_from=JUNE, valid_to=AUGUST)
    after = planned(spans, stand_in_edits(spans, absence)).spans
    assert [sorted(leads_on(after, zone, JULY)) for zone in (1, 2, 3, 4)] == [[2], [2], [2], [3]]
    assert [sorted(leads_on(after, zone, AUGUST)) for zone in (1, 2, 3, 4)] == [[1], [1], [1], [3]]


def test_nobody_stands_in_for_themselves() -> None:
    with pytest.raises(InvalidInput, match="stand in for themselves"):
        stand_in_edits([], Absence(person_id=1, stand_in_id=1, valid_from=JUNE, valid_to=JULY))


def test_the_calendar_of_a_zone_shows_days_without_a_lead() -> None:
    spans = [span(1, MAY, JUNE), span(2, JULY)]
    assert leads(spans, 1, since=MAY) == [
        (MAY, JUNE, frozenset({1})),
        (JUNE, JULY, frozenset()),
        (JULY, None, frozenset({2})),
    ]


def test_handovers_name_who_gives_and_who_takes() -> None:
    before, after = [span(1, MAY)], planned([span(1, MAY)], [edit(2, JUNE, JULY)]).spans
    assert handovers(before, after, since=MAY) == [
        Handover(zone_id=1, from_id=1, to_id=2, valid_from=JUNE, valid_to=JULY)
    ]


def test_every_rule_that_does_not_hold_is_found_with_its_days() -> None:
    spans = [
        span(1, MAY, JULY),
        span(2, JUNE, JULY),
        span(1, JULY, AUGUST, zone=2),
        span(1, JULY, AUGUST, zone=2, part=DEPUTY),
    ]
    found = faults(spans, zones={1: (MAY, None), 2: (JULY, AUGUST)}, leaders={2: (MAY, AUGUST)}, since=MAY)
    assert found == [
        Fault(code="lead_and_deputy", zone_id=2, person_id=1, valid_from=JULY, valid_to=AUGUST),
        Fault(code="no_lead", zone_id=1, person_id=0, valid_from=JULY, valid_to=None),
        Fault(code="no_zone", zone_id=0, person_id=2, valid_from=MAY, valid_to=JUNE),
        Fault(code="no_zone", zone_id=0, person_id=2, valid_from=JULY, valid_to=AUGUST),
        Fault(code="two_leads", zone_id=1, person_id=0, valid_from=JUNE, valid_to=JULY),
    ]


def test_an_absent_leader_need_not_guard_a_zone() -> None:
    absence = Absence(person_id=2, stand_in_id=1, valid_from=MAY, valid_to=JULY)
    assert faults([], zones={}, leaders={2: (MAY, JULY)}, absences=[absence], since=MAY) == []


def test_only_days_that_were_not_at_fault_before_are_new() -> None:
    known = Fault(code="no_lead", zone_id=1, person_id=0, valid_from=MAY, valid_to=JULY)
    wider = Fault(code="no_lead", zone_id=1, person_id=0, valid_from=JUNE, valid_to=None)
    assert new_faults([known], [wider]) == [
        Fault(code="no_lead", zone_id=1, person_id=0, valid_from=JULY, valid_to=None)
    ]
    assert new_faults([wider], [wider]) == []


ZONES, PERSONS, DAYS = (1, 2, 3), (1, 2, 3, 4), 40
days = st.integers(0, DAYS).map(lambda n: MAY + timedelta(days=n))


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    start = draw(days)
    length = draw(st.none() | st.integers(1, DAYS))
    part = draw(st.sampled_from((LEAD, LEAD, DEPUTY)))
    return edit(
        draw(st.sampled_from(PERSONS)),
        start,
        None if length is None else start + timedelta(days=length),
        zone=draw(st.sampled_from(ZONES)),
        part=part,
        is_ending=part == DEPUTY and draw(st.booleans()),
    )


def who(spans: Sequence[Span], day: date) -> set[tuple[int, int, str]]:
    """By simple replay: who is what for which zone on a day."""
    return {
        (one.zone_id, one.person_id, one.part)
        for one in spans
        if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
    }


def replayed(lines: Sequence[Edit], day: date) -> set[tuple[int, int, str]]:
    """The same from the lines alone, day by day, without any span."""
    lead = dict.fromkeys(ZONES, 1)
    deputies: set[tuple[int, int]] = set()
    for line in lines:
        if not (line.valid_from <= day and (line.valid_to is None or day < line.valid_to)):
            continue
        mine = (line.zone_id, line.person_id)
        if line.part == LEAD:
            lead[line.zone_id] = line.person_id
            deputies.discard(mine)
        elif line.is_ending:
            deputies.discard(mine)
        else:
            deputies.add(mine)
    return {(zone, person, LEAD) for zone, person in lead.items()} | {(*mine, DEPUTY) for mine in deputies}


def carried_out(lines: Sequence[Edit]) -> tuple[list[Span], list[Edit]]:
    """All lines that are not refused, one change each, on a roster in which person 1 leads everything."""
    spans, taken = [span(1, MAY, zone=zone) for zone in ZONES], []
    for line in lines:
        try:
            spans = list(planned(spans, [line]).spans)
        except InvalidInput:
            continue
        taken.append(line)
    return spans, taken


@given(st.lists(edits(), max_size=30))
def test_each_zone_has_one_lead_on_every_day_whatever_is_edited(lines: list[Edit]) -> None:
    spans, taken = carried_out(lines)
    every_day = [MAY + timedelta(days=n) for n in range(2 * DAYS + 2)]
    assert faults(spans, zones=dict.fromkeys(ZONES, (MAY, None)), leaders={}, since=MAY) == []
    assert all(who(spans, day) == replayed(taken, day) for day in every_day)
    assert all(has_days(one) for one in spans)


@given(st.lists(edits(), max_size=12), edits(), days)
def test_undoing_brings_back_the_days_to_come_and_leaves_those_served(
    lines: list[Edit], last: Edit, today: date
) -> None:
    before, _ = carried_out(lines)
    try:
        after = planned(before, [last]).spans
    except InvalidInput:
        return
    undone = planned(after, restoring_edits(after, before, since=today)).spans
    every_day = [MAY + timedelta(days=n) for n in range(2 * DAYS + 2)]
    assert all(who(undone, day) == who(before if day >= today else after, day) for day in every_day)


@given(st.lists(edits(), max_size=12), st.lists(edits(), max_size=4))
def test_rows_are_ended_and_begun_and_otherwise_stay(first: list[Edit], then: list[Edit]) -> None:
    before, _ = carried_out(first)
    try:
        plan = planned(before, then)
    except InvalidInput:
        return
    ends = dict(plan.ended)
    rows = [
        span(o.person_id, o.valid_from, ends.get(i, o.valid_to), zone=o.zone_id, part=o.part)
        for i, o in enumerate(before)
    ]
    assert all(ends[i] <= (before[i].valid_to or date.max) for i in ends)
    assert {one for one in (*rows, *plan.begun) if has_days(one)} == set(plan.spans)
