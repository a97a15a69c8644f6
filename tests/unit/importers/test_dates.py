"""Dates as ledgers write them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.importers.dates import parse_date, parse_due_date
from dashboard.importers.refusals import Refusal

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
FULL_WIDTH = str.maketrans("0123456789./-", "０１２３４５６７８９．／－")
FORMS = ("{0:%Y-%m-%d}", "{0.year}.{0.month}.{0.day}", "{0.year}/{0.month}/{0.day}", "{0:%Y%m%d}",
         "{0.year}年{0.month}月{0.day}日", "{0.year} 年 {0:%m} 月 {0:%d} 日",
         "{0:%Y-%m-%d} 10:30:00", "{0:%Y-%m-%d}T08:00")  # fmt: skip
JUNE_15 = date(2021, 6, 15)


@given(DAYS, st.sampled_from(FORMS), st.booleans())
def test_every_known_form_of_a_day_reads_as_that_day(day: date, form: str, wide: bool) -> None:
    text = form.format(day)
    assert parse_date(text.translate(FULL_WIDTH) if wide else text) == day


@given(DAYS)
def test_a_serial_reads_as_its_day_as_number_and_as_text(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert parse_date(float(serial)) == parse_date(serial + 0.5) == parse_date(str(serial)) == day


@given(DAYS)
def test_date_cells_and_moments_give_their_day(day: date) -> None:
    moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=9)
    assert parse_date(day) == parse_date(moment) == day


@pytest.mark.parametrize("text", ["6/7/21", "21.6.7", "15/06/2021", "06-15-2021", "21年6月15日"])
def test_a_date_that_can_mean_several_days_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_date(text)
    assert caught.value.code == "date_short_year"


@pytest.mark.parametrize("text", ["2021-02-30", "2021.13.1", "20210631", "1021-01-01"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_date(text)
    assert caught.value.code == "date_impossible"


@pytest.mark.parametrize("cell", ["2021年6月", "6月15日", "尽快", "2021", 7.0, True, float("nan"), float("inf"), 1e300])
def test_what_is_no_date_is_refused(cell: str | float) -> None:
    with pytest.raises(Refusal) as caught:
        parse_date(cell)
    assert caught.value.code == "date_unclear"


@pytest.mark.parametrize("text", ["2021年6月15日前", "2021-06-15 之前", "2021.6.15前完成", "2021-06-15"])
def test_a_deadline_may_say_by(text: str) -> None:
    assert parse_due_date(text) == JUNE_15


def test_by_is_no_part_of_a_plain_date() -> None:
    with pytest.raises(Refusal):
        parse_date("2021年6月15日前")
