"""The only place that asks what time it is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved: the adapter for tests and rehearsals of deadlines."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        self._now = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self._now += by


class AheadClock:
    """Runs ahead of the real clock by as many seconds as a file says, whenever it is asked: for rehearsals of deadlines."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """Raises OSError or ValueError if the file does not hold a number of seconds."""
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text(encoding="utf-8")))
