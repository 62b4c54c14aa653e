"""Working days: Monday to Friday, except as the calendar of the year says otherwise."""

from collections.abc import Mapping
from datetime import date, timedelta

_SATURDAY = 5


def is_working_day(day: date, *, calendar: Mapping[date, bool]) -> bool:
    """`calendar` says of the exceptional days whether people work: True on a worked weekend, False on a day off."""
    exceptional = calendar.get(day)
    return day.weekday() < _SATURDAY if exceptional is None else exceptional


def after_working_days(start: date, days: int, *, calendar: Mapping[date, bool]) -> date:
    """The `days`-th working day after `start`; the day of the event itself is not counted.

    With no days at all it is the first working day from `start` on: a last day that is no working day rolls forward.
    """
    day = start
    if days <= 0:
        while not is_working_day(day, calendar=calendar):
            day += timedelta(days=1)
        return day
    left = days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, calendar=calendar)
    return day
