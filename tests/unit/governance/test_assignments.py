"""Who may guard a zone: exactly one lead at every moment."""

from datetime import date

import pytest

from governance.assignments import Span, require_leader, require_no_second_lead, require_span
from governance.errors import InvalidInput
from governance.vocabulary import AssignmentPart, Role

MAY, JUNE, JULY, AUGUST = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def span(start: date, end: date | None, *, part: str = "lead", zone_id: int = 1) -> Span:
    return Span(zone_id=zone_id, person_id=1, part=AssignmentPart(part), valid_from=start, valid_to=end)


@pytest.mark.parametrize("end", [JUNE, MAY])
def test_a_span_that_ends_before_or_when_it_begins_is_refused(end: date) -> None:
    with pytest.raises(InvalidInput, match=f"ends on {end}.*begins .2026-06-01"):
        require_span(JUNE, end)


@pytest.mark.parametrize("end", [JULY, None])
def test_a_span_that_ends_later_or_never_is_allowed(end: date | None) -> None:
    require_span(JUNE, end)


def test_somebody_who_is_no_leader_may_not_guard_a_zone() -> None:
    with pytest.raises(InvalidInput, match="Butler 7 holds butler, liaison; only a district leader"):
        require_leader([Role.LIAISON, Role.BUTLER], person="Butler 7")


def test_somebody_without_any_role_may_not_guard_a_zone() -> None:
    with pytest.raises(InvalidInput, match="holds -; only"):
        require_leader([], person="Butler 7")


def test_a_leader_may_guard_a_zone() -> None:
    require_leader([Role.BUREAU, Role.DISTRICT_LEADER], person="Leader 1")


# the new lead's span beside a lead from June to July
OVERLAPPING = [(JUNE, JULY), (MAY, AUGUST), (MAY, None), (date(2026, 6, 30), None), (MAY, date(2026, 6, 2))]
TOUCHING = [(JULY, None), (JULY, AUGUST), (MAY, JUNE)]


@pytest.mark.parametrize(("start", "end"), OVERLAPPING)
def test_a_second_lead_is_refused(start: date, end: date | None) -> None:
    with pytest.raises(InvalidInput, match="already has a lead from 2026-06-01 to 2026-07-01"):
        require_no_second_lead([span(JUNE, JULY)], span(start, end))


@pytest.mark.parametrize(("start", "end"), TOUCHING)
def test_a_lead_may_begin_on_the_day_on_which_another_ends(start: date, end: date | None) -> None:
    require_no_second_lead([span(JUNE, JULY)], span(start, end))


def test_an_open_lead_blocks_every_later_one() -> None:
    with pytest.raises(InvalidInput, match="from 2026-06-01 to …"):
        require_no_second_lead([span(JUNE, None)], span(AUGUST, None))


def test_an_open_lead_leaves_the_time_before_it_free() -> None:
    require_no_second_lead([span(JUNE, None)], span(MAY, JUNE))


@pytest.mark.parametrize(("old", "new"), [("deputy", "lead"), ("lead", "deputy"), ("deputy", "deputy")])
def test_deputies_may_stand_beside_a_lead(old: str, new: str) -> None:
    require_no_second_lead([span(JUNE, None, part=old)], span(JUNE, None, part=new))


def test_the_lead_of_another_zone_is_not_in_the_way() -> None:
    require_no_second_lead([span(JUNE, None, zone_id=2)], span(JUNE, None, zone_id=1))
