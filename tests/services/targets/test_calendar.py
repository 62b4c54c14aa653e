from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.targets.domain.calendar import (
    Calendar,
    CalendarInvalid,
    PeriodKey,
    assessment_year,
    bounds,
    cutoff_at,
    period_of,
    periods_of_year,
    plan,
    quarter,
)

ZONE = ZoneInfo("Asia/Shanghai")


def calendar(start_day: int = 1, year_start: tuple[int, int] = (1, 1), cutoff_day: int = 25) -> Calendar:
    return Calendar(start_day, year_start, cutoff_day, time(18), 5, ZONE)


calendars = st.builds(
    calendar,
    st.integers(1, 28),
    st.tuples(st.integers(1, 12), st.integers(1, 28)),
    st.just(31),
)
days = st.dates(date(2001, 1, 1), date(2190, 1, 1))


@given(calendars, days)
def test_a_day_lies_in_the_period_it_belongs_to_and_in_neither_neighbour(cal: Calendar, day: date):
    key = period_of(day, cal)
    first, last = bounds(key, cal)
    assert first <= day <= last
    assert bounds(key.plus(-1), cal)[1] == first - timedelta(days=1)
    assert bounds(key.plus(1), cal)[0] == last + timedelta(days=1)


@given(calendars, st.integers(2005, 2100))
def test_a_year_is_twelve_periods_without_a_gap_and_three_of_each_quarter(cal: Calendar, year: int):
    keys = list(periods_of_year(year, cal))
    assert [assessment_year(key, cal) for key in keys] == [year] * 12
    assert [quarter(key, cal) for key in keys] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert next(iter(periods_of_year(year + 1, cal))) == keys[-1].plus(1)


@pytest.mark.parametrize(
    ("start_day", "day", "code"),
    [
        (1, date(2026, 11, 30), "2026-11"),
        (26, date(2026, 10, 26), "2026-11"),
        (26, date(2026, 11, 25), "2026-11"),
        (26, date(2026, 12, 26), "2027-01"),
        (21, date(2026, 2, 21), "2026-03"),
    ],
)
def test_a_period_is_named_after_the_month_in_which_it_ends(start_day: int, day: date, code: str):
    assert period_of(day, calendar(start_day)).code == code


@pytest.mark.parametrize(
    ("year_start", "start_day", "first"),
    [((1, 1), 1, "2027-01"), ((12, 26), 26, "2027-01"), ((12, 21), 21, "2027-01"), ((10, 21), 21, "2026-11")],
)
def test_the_year_begins_with_the_period_that_contains_its_first_day(
    year_start: tuple[int, int], start_day: int, first: str
):
    assert next(iter(periods_of_year(2027, calendar(start_day, year_start)))).code == first


def test_the_cutoff_is_a_moment_of_the_bureaus_zone_given_in_utc():
    assert cutoff_at(PeriodKey(2026, 11), calendar(26)) == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_a_cutoff_day_that_a_short_month_lacks_is_its_last_day():
    assert cutoff_at(PeriodKey(2027, 2), calendar(cutoff_day=31)).date() == date(2027, 2, 28)


def test_review_ends_some_days_after_the_cutoff():
    planned = plan(PeriodKey(2026, 11), calendar(26))
    assert planned.review_until - planned.cutoff_at == timedelta(days=5)


@pytest.mark.parametrize("code", ["2026-13", "2026-1", "20261", "1999-12", "二〇二六-11", "2026-00"])
def test_what_is_not_a_month_is_refused(code: str):
    with pytest.raises(CalendarInvalid):
        PeriodKey.parse(code)


def test_a_year_cannot_start_on_a_day_that_does_not_exist():
    with pytest.raises(CalendarInvalid):
        calendar(year_start=(6, 31))
