"""Working days by the official calendar: weekday holidays and worked weekends, year by year as published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rules.calendars.errors import CalendarError
from rules.fields import days
from rules.reading import MOST_ENTRIES, Reader

SATURDAY = 5
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Covers whole years. A day outside them is an error that says so: next year's arrangement is not known in advance."""

    years: frozenset[int]
    holidays: frozenset[date]
    worked: frozenset[date]

    @classmethod
    def read(cls, reader: Reader) -> "WorkCalendar":
        years = _years(reader)
        found = cls(
            years,
            _checked(reader, "weekday_holidays", years, weekend=False),
            _checked(reader, "weekend_workdays", years, weekend=True),
        )
        reader.close()
        return found

    def to_data(self) -> dict[str, Any]:
        return {
            "years": sorted(self.years),
            "weekday_holidays": _texts(self.holidays),
            "weekend_workdays": _texts(self.worked),
        }

    def is_workday(self, day: date) -> bool:
        if day.year not in self.years:
            known = ", ".join(map(str, sorted(self.years)))
            zh = f"工作日历没有 {day.year} 年的安排({day}),已有:{known}"
            raise CalendarError(zh, f"the calendar of working days has no {day.year} ({day}); it has {known}")
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.holidays)

    def roll(self, day: date) -> date:
        """The day itself if it is worked, else the first that is."""
        while not self.is_workday(day):
            day += _ONE
        return day

    def add(self, day: date, workdays: int) -> date:
        """The last day of a window of so many working days; the day of the event is not counted."""
        while workdays:
            day = self.roll(day + _ONE)
            workdays -= 1
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to `end`."""
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def describe(self, language: str) -> str:
        known = ", ".join(map(str, sorted(self.years)))
        off, worked = len(self.holidays), len(self.worked)
        if language == "zh":
            return f"工作日历:{known} 年,工作日放假 {off} 天,周末上班 {worked} 天"
        return f"working days of {known}: {off} weekdays off, {worked} weekend days worked"


def _years(reader: Reader) -> frozenset[int]:
    value = reader.raw("years")
    valid = isinstance(value, list) and value and len(value) <= MOST_ENTRIES
    if not valid or not all(type(year) is int and date.min.year <= year <= date.max.year for year in value):
        reader.refuse("years", "not-years", "应为年份列表", "must be a list of years that is not empty")
        return frozenset()
    return frozenset(value)


def _checked(reader: Reader, key: str, years: frozenset[int], *, weekend: bool) -> frozenset[date]:
    found = days(reader, key)
    for day in found:
        if years and day.year not in years:
            zh, en = f"{day} 不在日历的年份内", f"{day} is not in the years of the calendar"
            reader.refuse(key, "year-not-covered", zh, en)
        elif (day.weekday() >= SATURDAY) is not weekend:
            zh = f"{day} {'不是' if weekend else '是'}周末"
            en = f"{day} is {'not ' if weekend else ''}a weekend day"
            reader.refuse(key, "weekday-wrong", zh, en)
    return frozenset(found)


def _texts(found: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in found)
