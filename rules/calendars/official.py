"""The official arrangement of holidays: as the State Council's notices give it, and as the days that differ from the week's rule."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from rules.calendars.errors import CalendarError
from rules.calendars.workdays import SATURDAY, WorkCalendar

_LONGEST_HOLIDAY = 20


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A weekday off, or a worked weekend day (`working`)."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Of one calendar year; `source` names the notice."""

    year: int
    source: str
    days: tuple[ExceptionalDay, ...]


def arrangement(data: Mapping[str, Any]) -> Arrangement:
    """From {"year", "source", "holidays": [{"name", "from", "to", "worked": [...]}]}, as the notices are worded.

    Raises CalendarError: what cannot be read, days of another year, worked days that are no weekend.
    """
    try:
        year, source = int(data["year"]), str(data["source"])
        found = [day for holiday in data["holidays"] for day in _days_of(holiday)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, CalendarError):
            raise
        raise CalendarError(
            "无法识别:应为 year、source、holidays(name、from、to、worked)",
            "this cannot be read: it needs year, source, holidays (name, from, to, worked)",
        ) from error
    return Arrangement(year, source, checked_days(year, found))


def checked_days(year: int, found: Iterable[ExceptionalDay]) -> tuple[ExceptionalDay, ...]:
    """In order of day; raises CalendarError for a day of another year, twice, or that is no exception."""
    days = sorted(found, key=lambda day: day.day)
    seen: set[date] = set()
    for one in days:
        if one.day.year != year:
            raise CalendarError(f"{one.day} 不在 {year} 年内", f"{one.day} is not in {year}")
        if one.day in seen:
            raise CalendarError(f"{one.day} 出现了两次", f"{one.day} is listed twice")
        if one.working is (one.day.weekday() < SATURDAY):
            zh = "是工作日,本来就上班" if one.working else "是周末,本来就休息"
            en = "is a weekday and worked anyway" if one.working else "is a weekend day and off anyway"
            raise CalendarError(f"{one.day} {zh}", f"{one.day} {en}")
        seen.add(one.day)
    return tuple(days)


@cache
def official_arrangements() -> tuple[Arrangement, ...]:
    """Those that ship with the program, oldest first."""
    folder = files("rules.calendars.arrangements")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".json"))
    return tuple(arrangement(json.loads((folder / name).read_text(encoding="utf-8"))) for name in names)


def work_calendar(days: Iterable[ExceptionalDay], *, years: Iterable[int]) -> WorkCalendar:
    """A calendar of those years; in a year of which no exceptional days are given, Monday to Friday are worked."""
    covered, kept = frozenset(years), list(days)
    return WorkCalendar(
        covered,
        frozenset(d.day for d in kept if not d.working and d.day.year in covered),
        frozenset(d.day for d in kept if d.working and d.day.year in covered),
    )


def _days_of(holiday: Mapping[str, Any]) -> Iterable[ExceptionalDay]:
    first, last = date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])
    if not 0 <= (last - first).days <= _LONGEST_HOLIDAY:
        raise CalendarError(f"{first} 至 {last} 不是一个假期", f"{first} to {last} is not a holiday")
    name = str(holiday["name"])
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if day.weekday() < SATURDAY:
            yield ExceptionalDay(day, working=False, name=name)
    for text in holiday.get("worked", ()):
        yield ExceptionalDay(date.fromisoformat(text), working=True, name=name)
