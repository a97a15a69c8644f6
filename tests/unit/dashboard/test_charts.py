"""Charts: scales that are true and stand still."""

from datetime import date
from typing import Any

import pytest

from dashboard.charts import weeks_chart
from dashboard.services.overview import Week


def scales(*, found: int, still_open: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The left and the right scale of a week with these numbers."""
    week = Week(monday=date(2026, 6, 22), found=found, closed=1, still_open=still_open)
    layout = weeks_chart([week]).to_dict()["layout"]
    return layout["yaxis"], layout["yaxis2"]


@pytest.mark.parametrize(
    ("highest", "top", "step"),
    [(0, 1, 1), (3, 4, 1), (4, 6, 2), (55, 60, 20), (59, 60, 20), (199, 200, 50), (200, 300, 100)],
)
def test_a_scale_ends_at_the_next_round_number_above_all(highest: int, top: int, step: int) -> None:
    _left, right = scales(found=0, still_open=highest)
    assert (right["range"], right["dtick"]) == ([0, top], step)


def test_scales_stand_still_while_numbers_change_a_little() -> None:
    assert scales(found=41, still_open=212) == scales(found=48, still_open=231)


def test_a_chart_without_weeks_has_scales() -> None:
    assert weeks_chart([]).to_dict()["layout"]["yaxis"]["range"] == [0, 1]
