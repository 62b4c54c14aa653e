"""Assessment periods: months, quarters, halves and years that begin on any day of any month.

Period keys are not calendar months: "March" runs from 26 February to 25 March, the year from 21 December, 21 October or
15 November (A2, A6, A8, C13 of the published schemes). The event date decides where an event belongs.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rules.calendars.errors import CalendarError
from rules.calendars.months import MONTHS
from rules.calendars.spans import Span
from rules.fields import inner, optional_whole
from rules.reading import Reader

MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
LENGTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: MONTHS}
END, START = "end", "start"
#: Every month has this many days.
SAFE_DAY = 28
_KEY = re.compile(r"(\d{4})(?:-(\d{2})|Q([1-4])|H([12]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Periods:
    """The year begins on `day` of `month`, and every month on that day. Months and years are named after the calendar month
    and year in which they end (the usual way), or begin.
    """

    month: int = 1
    day: int = 1
    named_after: str = END

    @classmethod
    def read(cls, reader: Reader) -> "Periods":
        starts, month, day = inner(reader, "starts"), 1, 1
        if starts is not None:
            month = optional_whole(starts, "month", least=1, most=MONTHS) or 1
            day = optional_whole(starts, "day", least=1, most=SAFE_DAY) or 1
            starts.close()
        found = cls(month, day, reader.choice("named_after", (END, START), END))
        reader.close()
        return found

    def to_data(self) -> dict[str, Any]:
        return {"starts": {"month": self.month, "day": self.day}, "named_after": self.named_after}

    def key(self, on: date, length: str = MONTH) -> str:
        """The period that has the day."""
        return self._key(on.year * MONTHS + on.month - 1 - (on.day < self.day), length)

    def span(self, key: str) -> Span:
        length, first = self._first(key)
        end = self._day(first + LENGTHS[length]) - timedelta(days=1)
        return Span(key, self._day(first), end)

    def parts(self, key: str, length: str) -> tuple[str, ...]:
        """The shorter periods of a longer one: the quarters of a year."""
        own, first = self._first(key)
        if LENGTHS[own] % LENGTHS[length]:
            raise CalendarError(f"{key} 不能分为{length}", f"{key} has no part that is a {length}")
        return tuple(self._key(first + n, length) for n in range(0, LENGTHS[own], LENGTHS[length]))

    def whole(self, key: str, length: str) -> str:
        """The longer period that has it: the year of a month."""
        own, first = self._first(key)
        if LENGTHS[length] % LENGTHS[own]:
            raise CalendarError(f"{key} 不在单一的{length}内", f"{key} is not in one {length}")
        return self._key(first, length)

    def next(self, key: str, steps: int = 1) -> str:
        """The one after it, or so many after (before, if negative)."""
        length, first = self._first(key)
        return self._key(first + steps * LENGTHS[length], length)

    def _key(self, index: int, length: str) -> str:
        """`index` counts calendar months from year 0; it is the one in which the period's month begins."""
        if length == MONTH:
            year, month = divmod(index + self._month_ahead, MONTHS)
            return f"{self._year(year):04}-{month + 1:02}"
        year, at = divmod(index - (self.month - 1), MONTHS)
        name = f"{self._year(year + self._year_ahead):04}"
        if length == YEAR:
            return name
        return f"{name}{'Q' if length == QUARTER else 'H'}{at // LENGTHS[length] + 1}"

    def _first(self, key: str) -> tuple[str, int]:
        """Its length, and the index of its first month."""
        match = _KEY.fullmatch(key)
        year, month, quarter, half = match.groups() if match else (None, None, None, None)
        if year is None or not int(year) or (month is not None and not 1 <= int(month) <= MONTHS):
            raise CalendarError(f"“{key}”不是考核周期", f"“{key}” is not the key of a period")
        if month is not None:
            return MONTH, int(year) * MONTHS + int(month) - 1 - self._month_ahead
        begins = (int(year) - self._year_ahead) * MONTHS + self.month - 1
        if quarter is not None:
            return QUARTER, begins + (int(quarter) - 1) * LENGTHS[QUARTER]
        if half is not None:
            return HALF, begins + (int(half) - 1) * LENGTHS[HALF]
        return YEAR, begins

    @property
    def _month_ahead(self) -> int:
        """A month from the 26th ends in the next calendar month."""
        return int(self.named_after == END and self.day > 1)

    @property
    def _year_ahead(self) -> int:
        return int(self.named_after == END and (self.month, self.day) != (1, 1))

    def _day(self, index: int) -> date:
        year, month = divmod(index, MONTHS)
        return date(self._year(year), month + 1, self.day)

    def _year(self, year: int) -> int:
        if not date.min.year <= year <= date.max.year:
            raise CalendarError(f"{year} 年不在历法范围内", f"there is no year {year}")
        return year

    def describe(self, language: str) -> str:
        end = self.span(self.key(date(2001, self.month, self.day), YEAR)).end
        last = "" if self.day == 1 else f"{self.day - 1}"
        if language == "zh":
            until = f"次月 {last} 日" if last else "月末"
            way = "末日" if self.named_after == END else "首日"
            return (
                f"考核年度自 {self.month} 月 {self.day} 日至 {end.month} 月 {end.day} 日,"
                f"考核月自 {self.day} 日至{until},按{way}所在年月命名"
            )
        until = f"the {last} of the next" if last else "its last"
        way = "end" if self.named_after == END else "begin"
        return (
            f"the year runs from {self.month:02}-{self.day:02} to {end.month:02}-{end.day:02}, "
            f"a month from day {self.day} to {until}; named after where they {way}"
        )
