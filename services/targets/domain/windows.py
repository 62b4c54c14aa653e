"""Until when: the cut-off of a period or campaign, what was extended, and windows in working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.errors import Conflict, Invalid
from rules.calendars.workdays import WorkCalendar

LONGEST_EXTENSION: Final = timedelta(days=366)
_LAST_SECOND: Final = time(23, 59, 59)


class ExtensionInvalid(Invalid):
    code = "extension-invalid"
    zh = "延长后的期限应晚于原期限 {deadline},且不超过一年"
    en = "The later deadline must be after the present one, {deadline}, and within a year of it"


class NotYetLate(Conflict):
    code = "not-yet-late"
    zh = "尚未截止({deadline}),请直接提交"
    en = "The cut-off, {deadline}, has not passed yet: just send the work"


class RestDay(StrEnum):
    """What a cut-off does that falls on a day of rest."""

    STAYS = "stays"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Extended:
    """An extension as it bears on one target; ids that are None narrow nothing down."""

    unit_path: str | None
    indicator_id: UUID | None
    target_id: UUID | None
    until: datetime

    def covers(self, *, target_id: UUID, indicator_id: UUID, path: str) -> bool:
        return (
            self.target_id in {None, target_id}
            and self.indicator_id in {None, indicator_id}
            and (self.unit_path is None or path.startswith(self.unit_path))
        )


def deadline_of(
    cutoff_at: datetime, extensions: Iterable[Extended], *, target_id: UUID, indicator_id: UUID, path: str
) -> datetime:
    """The cut-off of the target's period or campaign, or the latest extension that covers it."""
    covering = (
        e.until for e in extensions if e.covers(target_id=target_id, indicator_id=indicator_id, path=path)
    )
    return max((cutoff_at, *covering))


def ensure_later(until: datetime, deadline: datetime) -> None:
    if not deadline < until <= deadline + LONGEST_EXTENSION:
        raise ExtensionInvalid(deadline=deadline.astimezone(UTC).isoformat())


def ensure_past(deadline: datetime, now: datetime) -> None:
    if now <= deadline:
        raise NotYetLate(deadline=deadline.astimezone(UTC).isoformat())


def moved_from_rest(day: date, rest_day: RestDay, calendar: WorkCalendar) -> date:
    """The cut-off's day, moved off a day of rest as the scheme says."""
    if rest_day is RestDay.STAYS:
        return day
    step = timedelta(days=1 if rest_day is RestDay.NEXT else -1)
    while not calendar.is_workday(day):
        day += step
    return day


def end_of_window(start: datetime, days: int, calendar: WorkCalendar, zone: ZoneInfo) -> datetime:
    """The last second, in the bureau's zone, of the `days`-th working day after the day of `start`."""
    last = calendar.add(start.astimezone(zone).date(), days)
    return datetime.combine(calendar.roll(last), _LAST_SECOND, zone).astimezone(UTC)
