"""督办: when reminders go out, when an unanswered note goes up, and what colour a thing has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from kernel.errors import Invalid
from rules.calendars.workdays import WorkCalendar
from services.targets.domain.windows import end_of_window

CUSTOMARY: Final = ("5d", "1d", "2h")
_STAGE: Final = re.compile(r"([1-9][0-9]?)([dh])", re.ASCII)
_MOST_STAGES: Final = 6
_ORANGE_AFTER: Final = timedelta(days=3)
_RED_AFTER: Final = timedelta(days=7)


class RemindersInvalid(Invalid):
    code = "reminders-invalid"
    zh = "提醒设置有误:提前量写作 5d、1d、2h,最多 6 个,不重复"
    en = "The reminders are not valid: write 5d, 1d, 2h; at most 6, none twice"


class Signal(StrEnum):
    NONE = "none"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        return list(Signal).index(self)


#: Colours are never alone: the word goes with them.
WORDS: Final = {
    Signal.NONE: ("正常", "in time"),
    Signal.YELLOW: ("黄色预警", "yellow: overdue"),
    Signal.ORANGE: ("橙色预警", "orange: overdue for 3 days"),
    Signal.RED: ("红色预警", "red: overdue for 7 days"),
}


@dataclass(frozen=True, slots=True)
class Reminders:
    """`stages`: how long before a deadline; nothing is sent from `quiet_from` to `quiet_until`, local time."""

    stages: tuple[str, ...] = CUSTOMARY
    quiet_from: time = time(22)
    quiet_until: time = time(7)

    def __post_init__(self) -> None:
        if len(set(self.stages)) != len(self.stages) or len(self.stages) > _MOST_STAGES:
            raise RemindersInvalid
        for stage in self.stages:
            lead(stage)

    def due(self, due_at: datetime, now: datetime, zone: ZoneInfo) -> str | None:
        """The last stage before the deadline whose time has come; None before the first, and once the deadline has passed."""
        if now >= due_at:
            return None
        come = [s for s in self.stages if self.moment(due_at, s, zone) <= now]
        return min(come, key=lead) if come else None

    def moment(self, due_at: datetime, stage: str, zone: ZoneInfo) -> datetime:
        """When the stage goes out: at the end of the quiet hours if it falls into them, before them if that is too late."""
        local = (due_at - lead(stage)).astimezone(zone)
        if not self._quiet(local.time()):
            return local.astimezone(UTC)
        day = local.date()
        if self.quiet_from > self.quiet_until and local.time() >= self.quiet_from:
            day += timedelta(days=1)
        after = datetime.combine(day, self.quiet_until, zone).astimezone(UTC)
        if after < due_at:
            return after
        evening = day - timedelta(days=1) if self.quiet_from > self.quiet_until else day
        return datetime.combine(evening, self.quiet_from, zone).astimezone(UTC) - timedelta(minutes=1)

    def _quiet(self, at: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


def lead(stage: str) -> timedelta:
    """Of "5d" five days; raises RemindersInvalid."""
    found = _STAGE.fullmatch(stage)
    if found is None:
        raise RemindersInvalid
    return timedelta(days=int(found[1])) if found[2] == "d" else timedelta(hours=int(found[1]))


def signal_of(due_at: datetime, now: datetime, *, done_at: datetime | None = None) -> Signal:
    """Yellow from the deadline, orange after 3 days, red after 7. What came late stays yellow for good."""
    if done_at is not None:
        return Signal.YELLOW if done_at > due_at else Signal.NONE
    overdue = now - due_at
    if overdue <= timedelta(0):
        return Signal.NONE
    if overdue <= _ORANGE_AFTER:
        return Signal.YELLOW
    return Signal.ORANGE if overdue <= _RED_AFTER else Signal.RED


def worse(one: Signal, other: Signal) -> Signal:
    return max(one, other, key=lambda signal: signal.rank)


def steps_up(
    answer_due: datetime, now: datetime, above: Sequence[object], calendar: WorkCalendar, zone: ZoneInfo
) -> int:
    """How many levels an unanswered note has gone up by now: one when the answer was due, one more each working day."""
    if now <= answer_due:
        return 0
    steps = 1
    while steps < len(above) and now > end_of_window(answer_due, steps, calendar, zone):
        steps += 1
    return min(steps, len(above))


def signal_of_note(escalation: int, *, overdue: bool) -> Signal:
    """Yellow once the answer is overdue and has gone up one level, orange at two, red from three on."""
    if not overdue:
        return Signal.NONE
    return {0: Signal.YELLOW, 1: Signal.YELLOW, 2: Signal.ORANGE}.get(escalation, Signal.RED)
