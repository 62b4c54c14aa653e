"""Calendars and periods of the cases in examples/cases."""

from typing import Any

from rules.calendars.workdays import WorkCalendar
from tests.rules.standing.published import case, codes, read

__all__ = ["calendar", "case", "codes", "read"]


def calendar(number: str, *years: int) -> WorkCalendar:
    data: Any = case(number)["parameters"]["calendar"]
    return read(WorkCalendar, {"years": list(years), **data})
