"""A period as a stretch of days."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """Both days are in it."""

    key: str
    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def meets(self, later: "Span") -> bool:
        """Whether the later one begins on the day after this one ends."""
        return self.end + timedelta(days=1) == later.start
