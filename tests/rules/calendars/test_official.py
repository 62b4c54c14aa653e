"""The official arrangement of holidays, as the notices word it and as the days that differ from the week's rule."""

from datetime import date, timedelta

import pytest

from rules.calendars.errors import CalendarError
from rules.calendars.official import (
    ExceptionalDay,
    arrangement,
    checked_days,
    official_arrangements,
    work_calendar,
)

#: Thursday 1 October to Sunday 4 October, with the Saturday before worked.
_OCTOBER = {"name": "国庆节", "from": "2026-10-01", "to": "2026-10-04", "worked": ["2026-09-26"]}


def _read(*holidays):
    return arrangement({"year": 2026, "source": "x", "holidays": list(holidays)})


def test_a_holiday_has_both_its_days_and_only_weekdays_are_exceptions():
    assert [(day.day.isoformat(), day.working) for day in _read(_OCTOBER).days] == [
        ("2026-09-26", True),
        ("2026-10-01", False),
        ("2026-10-02", False),
    ]


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (20, True), (21, False)])
def test_a_holiday_is_a_day_to_three_weeks(days, fits):
    first = date(2026, 6, 1)
    holiday = {"name": "x", "from": first.isoformat(), "to": (first + timedelta(days=days)).isoformat()}
    if fits:
        assert _read(holiday).days[0].day == first
    else:
        with pytest.raises(CalendarError, match="is not a holiday"):
            _read(holiday)


@pytest.mark.parametrize(
    ("day", "working", "wrong"),
    [
        (date(2026, 10, 2), False, None),
        (date(2026, 10, 3), True, None),
        (date(2026, 10, 4), True, None),
        (date(2026, 10, 2), True, "a weekday and worked anyway"),
        (date(2026, 10, 3), False, "a weekend day and off anyway"),
        (date(2025, 10, 2), False, "is not in 2026"),
    ],
)
def test_a_day_is_an_exception_of_its_year_or_refused(day, working, wrong):
    found = [ExceptionalDay(day, working=working, name="x")]
    if wrong is None:
        assert checked_days(2026, found) == tuple(found)
    else:
        with pytest.raises(CalendarError, match=wrong):
            checked_days(2026, found)


def test_a_day_comes_once():
    day = ExceptionalDay(date(2026, 10, 2), working=False, name="x")
    with pytest.raises(CalendarError, match="listed twice"):
        checked_days(2026, [day, day])


def test_those_that_ship_are_read_in_order_and_make_a_calendar():
    found = official_arrangements()
    assert [each.year for each in found] == sorted(each.year for each in found)
    calendar = work_calendar([day for each in found for day in each.days], years=[2026])
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.years == {2026}
