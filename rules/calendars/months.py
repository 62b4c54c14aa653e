"""Steps of a month from any day; where a month has no such day, its last day."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import count

from rules.calendars.spans import Span

MONTHS = 12


def add_months(day: date, months: int) -> date:
    """31 January and a month is the last day of February (Civil Code art. 202)."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_of(span: Span) -> list[Span]:
    """The months of a period, counted from its first day; the last may be short."""
    found: list[Span] = []
    for number in count():
        start = add_months(span.start, number)
        if start > span.end:
            return found
        end = min(add_months(span.start, number + 1) - timedelta(days=1), span.end)
        found.append(Span(f"{span.key}/{number + 1}", start, end))
    return found


def completed(since: date, until: date) -> int:
    """Whole months from a day to another, both in them."""
    after = until + timedelta(days=1)
    months = (after.year - since.year) * MONTHS + after.month - since.month
    return months if add_months(since, months) <= after else months - 1
