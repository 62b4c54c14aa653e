"""Personal years: from the day on which somebody's first began (points ledgers run so: A15 of the published schemes)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rules.calendars.errors import CalendarError
from rules.calendars.months import MONTHS, add_months
from rules.calendars.spans import Span

_KEY = re.compile(r"(\d{4})A", re.ASCII)


@dataclass(frozen=True, slots=True)
class Anniversary:
    """The key of a personal year is the calendar year in which it begins: "2026A". 29 February falls on the 28th."""

    since: date

    def key(self, on: date) -> str:
        if on < self.since:
            raise CalendarError(
                f"{on} 早于起算日 {self.since}", f"{on} is before the first day, {self.since}"
            )
        return f"{on.year if on >= self._begins(on.year) else on.year - 1:04}A"

    def span(self, key: str) -> Span:
        match = _KEY.fullmatch(key)
        year = int(match.group(1)) if match else 0
        if not self.since.year <= year < date.max.year:
            raise CalendarError(f"“{key}”不是个人年度", f"“{key}” is not a personal year")
        return Span(key, self._begins(year), self._begins(year + 1) - timedelta(days=1))

    def _begins(self, year: int) -> date:
        return add_months(self.since, (year - self.since.year) * MONTHS)
