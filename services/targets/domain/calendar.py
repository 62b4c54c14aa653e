"""The assessment calendar: which period a day belongs to, and when that period's clocks run out.

A period is named after the month in which it ends: with start day 26, 2026-11 runs from 26 October to 25 November;
with start day 1 it is the calendar month. The cut-off lies in that month too, on the last day it has if it is short.
The assessment year begins with the period that contains the day of the year start, and is named after the calendar
year in which most of it lies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kernel.errors import Invalid
from rules.calendars.workdays import WorkCalendar
from services.targets.domain.windows import RestDay, end_of_window, moved_from_rest

MONTHS: Final = 12
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199
_MIDYEAR: Final = 6
_LAST_START_DAY: Final = 28
_LAST_CUTOFF_DAY: Final = 31
_LONGEST_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class CalendarInvalid(Invalid):
    code = "calendar-invalid"
    zh = "考核日历设置有误:{reason_zh}"
    en = "The calendar is not valid: {reason_en}"


class DayOutsideCalendar(Invalid):
    code = "day-outside-calendar"
    zh = "日期 {day} 超出系统支持的范围"
    en = "The day {day} is outside the supported range"


@dataclass(frozen=True, slots=True, order=True)
class PeriodKey:
    """A period by the year and month in which it ends."""

    year: int
    month: int

    @property
    def code(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> "PeriodKey":
        years, month = divmod(self.month - 1 + months, MONTHS)
        return PeriodKey(self.year + years, month + 1)

    @classmethod
    def parse(cls, code: str) -> "PeriodKey":
        """From "2026-11"; raises CalendarInvalid."""
        year, _, month = code.partition("-")
        if not (code.isascii() and len(year) == 4 and len(month) == 2 and (year + month).isdigit()):  # noqa: PLR2004
            raise _invalid(f"“{code}”不是 2026-11 这样的月份", f"{code!r} is not a month such as 2026-11")
        key = cls(int(year), int(month))
        if not (1 <= key.month <= MONTHS and FIRST_YEAR <= key.year <= LAST_YEAR):
            raise _invalid(f"没有 {code} 这个月", f"there is no month {code}")
        return key


@dataclass(frozen=True, slots=True)
class Calendar:
    """Raises CalendarInvalid for days that do not exist. `work` is needed where working days decide anything."""

    start_day: int
    year_start: tuple[int, int]  # month, day
    cutoff_day: int
    cutoff_time: time
    review_days: int
    zone: ZoneInfo
    review_in_working_days: bool = False
    rest_day: RestDay = RestDay.STAYS
    work: WorkCalendar | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.start_day <= _LAST_START_DAY:
            raise _invalid("起始日应为 1 至 28", "the start day is 1 to 28")
        month, day = self.year_start
        if not (1 <= month <= MONTHS and 1 <= day <= _LONGEST_MONTH[month - 1]):
            raise _invalid("年度起始日期不存在", "the day of the year start does not exist")
        if not 1 <= self.cutoff_day <= _LAST_CUTOFF_DAY:
            raise _invalid("截止日应为 1 至 31", "the cut-off day is 1 to 31")
        if self.review_days < 0:
            raise _invalid("审核天数不能为负", "the days for review cannot be negative")

    @property
    def first_month(self) -> int:
        """The month that the first period of an assessment year is named after."""
        month, day = self.year_start
        return period_of(date(FIRST_YEAR + 4, month, day), self).month


@dataclass(frozen=True, slots=True)
class PeriodPlan:
    """A period with everything that follows from the calendar; moments are UTC."""

    key: PeriodKey
    year: int
    quarter: int
    starts_on: date
    ends_on: date
    cutoff_at: datetime
    review_until: datetime


def period_of(event_date: date, calendar: Calendar) -> PeriodKey:
    """The one period that the day belongs to: never asked of "now", always of the day of the event."""
    if not FIRST_YEAR <= event_date.year <= LAST_YEAR:
        raise DayOutsideCalendar(day=event_date.isoformat())
    key = PeriodKey(event_date.year, event_date.month)
    return key.plus(1) if 1 < calendar.start_day <= event_date.day else key


def bounds(key: PeriodKey, calendar: Calendar) -> tuple[date, date]:
    """First and last day, both inclusive."""
    first = key if calendar.start_day == 1 else key.plus(-1)
    following = first.plus(1)
    starts_on = date(first.year, first.month, calendar.start_day)
    return starts_on, date(following.year, following.month, calendar.start_day) - timedelta(days=1)


def cutoff_at(key: PeriodKey, calendar: Calendar) -> datetime:
    """Until when work of the period may be submitted: a moment of the bureau's zone, given in UTC."""
    day = _clamped(key, calendar.cutoff_day)
    if calendar.work is not None:
        day = moved_from_rest(day, calendar.rest_day, calendar.work)
    return datetime.combine(day, calendar.cutoff_time, calendar.zone).astimezone(UTC)


def assessment_year(key: PeriodKey, calendar: Calendar) -> int:
    first = calendar.first_month
    began = key.year if key.month >= first else key.year - 1
    return began if first <= _MIDYEAR else began + 1


def quarter(key: PeriodKey, calendar: Calendar) -> int:
    """1 to 4, counted from the start of the assessment year."""
    return (key.month - calendar.first_month) % MONTHS // 3 + 1


def plan(key: PeriodKey, calendar: Calendar) -> PeriodPlan:
    starts_on, ends_on = bounds(key, calendar)
    closes = cutoff_at(key, calendar)
    if closes.astimezone(calendar.zone).date() < starts_on:
        raise _invalid(
            f"{key.code} 的截止时间早于周期开始", f"the cut-off of {key.code} is before the period begins"
        )
    year = assessment_year(key, calendar)
    return PeriodPlan(
        key, year, quarter(key, calendar), starts_on, ends_on, closes, _review_until(closes, calendar)
    )


def _review_until(closes: datetime, calendar: Calendar) -> datetime:
    """The same hour some calendar days later, or the end of the last of so many working days."""
    if calendar.review_in_working_days and calendar.work is not None:
        return end_of_window(closes, calendar.review_days, calendar.work, calendar.zone)
    return (closes.astimezone(calendar.zone) + timedelta(days=calendar.review_days)).astimezone(UTC)


def periods_of_year(year: int, calendar: Calendar) -> Iterator[PeriodKey]:
    """The twelve periods of an assessment year, in order."""
    first = calendar.first_month
    start = PeriodKey(year if first <= _MIDYEAR else year - 1, first)
    return (start.plus(n) for n in range(MONTHS))


def _clamped(key: PeriodKey, day: int) -> date:
    following = key.plus(1)
    last = date(following.year, following.month, 1) - timedelta(days=1)
    return min(last, last.replace(day=min(day, last.day)))


def _invalid(zh: str, en: str) -> CalendarInvalid:
    return CalendarInvalid(reason_zh=zh, reason_en=en)
