"""The clocks of appeals: windows in working or calendar days, stopped and started again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from rules.calendars import Procedure, WorkCalendar
from rules.calendars.deadlines import WORKING_DAYS
from rules.sentences import Sentence

#: How many years on from an event a window may reach.
_YEARS_ON: Final = 5
_END: Final = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Days:
    """The official calendar as the rules count with it. Years without an arrangement: Monday to Friday."""

    calendar: WorkCalendar
    zone: ZoneInfo

    @classmethod
    def of(cls, exceptional: Mapping[date, bool], *, since: date, zone: ZoneInfo) -> "Days":
        """`exceptional`: True on a worked weekend, False on a day off."""
        return cls(
            WorkCalendar(
                frozenset(range(since.year - 1, since.year + _YEARS_ON)),
                frozenset(day for day, works in exceptional.items() if not works),
                frozenset(day for day, works in exceptional.items() if works),
            ),
            zone,
        )

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The last second of the day in the bureau's zone."""
        return datetime.combine(day, _END, tzinfo=self.zone).astimezone(UTC)

    def until(self, start: datetime, procedure: Procedure, *, extended: int = 0) -> datetime:
        """The end of the window; the day of the event is not counted, a last day of rest rolls forward."""
        return self.end_of(procedure.deadline(self.day(start), self.calendar, extended=extended).last)

    def left(self, now: datetime, until: datetime) -> int:
        """Working days that are left of a window when its clock stops: those after today up to its last day."""
        return max(self.calendar.between(self.day(now), self.day(until)), 0)

    def again(self, now: datetime, left: int) -> datetime:
        """The end of a window whose clock runs again with so many working days left; at least to the end of this one."""
        today = self.day(now)
        return self.end_of(self.calendar.add(today, left) if left else self.calendar.roll(today))


def working(name: str, length: int, *, extension: int = 0) -> Procedure:
    """A window in working days."""
    return Procedure(name, Sentence(name, name), length, WORKING_DAYS, True, extension, (), "")
