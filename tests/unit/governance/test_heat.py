"""What an unresolved issue weighs on the heat, and that sums of issues weigh what the issues do."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.heat import HeatGroup, heat_of, heat_weight
from governance.loop_numbers import USUAL, LoopNumbers
from governance.vocabulary import Severity

TODAY = date(2026, 6, 30)
YESTERDAY = TODAY - timedelta(days=1)
AGELESS = LoopNumbers(heat_age_days=0)
Found = tuple[Severity, bool, date]
issues = st.lists(st.tuples(st.sampled_from(Severity), st.booleans(), st.dates(date(2023, 1, 1), TODAY)))


@pytest.mark.parametrize(("severity", "weight"), [("minor", 1), ("major", 2), ("severe", 4)])
def test_an_issue_found_today_weighs_its_severity_and_twice_when_overdue(severity: str, weight: int) -> None:
    assert heat_weight(Severity(severity), TODAY, TODAY, today=TODAY, numbers=USUAL) == weight
    assert heat_weight(Severity(severity), YESTERDAY, TODAY, today=TODAY, numbers=USUAL) == 2 * weight


def test_without_a_deadline_nothing_is_overdue() -> None:
    assert heat_weight(Severity.SEVERE, None, TODAY, today=TODAY, numbers=USUAL) == 4


def test_after_the_days_of_age_an_issue_weighs_twice_and_after_as_many_again_three_times() -> None:
    ages = [TODAY - times * timedelta(days=USUAL.heat_age_days) for times in range(3)]
    assert [heat_weight(Severity.MINOR, None, found, today=TODAY, numbers=USUAL) for found in ages] == [1, 2, 3]


def test_with_no_days_of_age_the_age_does_not_count() -> None:
    assert heat_weight(Severity.MINOR, None, date(2023, 1, 1), today=TODAY, numbers=AGELESS) == 1


@given(found=issues, numbers=st.sampled_from([USUAL, AGELESS, LoopNumbers(heat_overdue_times=3, heat_age_days=7)]))
def test_a_group_weighs_what_its_issues_weigh_together(found: Sequence[Found], numbers: LoopNumbers) -> None:
    groups = [
        HeatGroup(severity, is_late, len(days), sum(day.toordinal() for day in days))
        for (severity, is_late), part in groupby(sorted(found), key=lambda issue: issue[:2])
        for days in [[day for *_, day in part]]
    ]
    one_by_one = [
        heat_weight(severity, YESTERDAY if is_late else TODAY, day, today=TODAY, numbers=numbers)
        for severity, is_late, day in found
    ]
    grouped = sum(heat_of(group, today=TODAY, numbers=numbers) for group in groups)
    assert grouped == pytest.approx(sum(one_by_one))
