"""The days on which the week's rule does not hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from kernel.delivery.transaction import Transaction
from kernel.errors import Invalid
from services.submissions.models import HolidayRow
from services.submissions.queries.facts import holidays


class DayOutsideYear(Invalid):
    code = "day-outside-year"
    zh = "{day} 不在 {year} 年内"
    en = "{day} is not in the year {year}"


class DayTwice(Invalid):
    code = "day-twice"
    zh = "{day} 出现了两次"
    en = "{day} is listed twice"


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    day: date
    working: bool
    name: str


async def set_year(tx: Transaction, year: int, days: Iterable[ExceptionalDay]) -> Iterable[HolidayRow]:
    """Replace the exceptional days of a year; deadlines already told to people stay as they are."""
    seen: set[date] = set()
    rows = []
    for day in days:
        if day.day.year != year:
            raise DayOutsideYear(day=day.day.isoformat(), year=year)
        if day.day in seen:
            raise DayTwice(day=day.day.isoformat())
        seen.add(day.day)
        rows.append(HolidayRow(day=day.day, working=day.working, name=day.name))
    await tx.lock("holidays", str(year))
    first, last = date(year, 1, 1), date(year, 12, 31)
    await tx.session.execute(delete(HolidayRow).where(HolidayRow.day >= first, HolidayRow.day <= last))
    tx.session.add_all(rows)
    await tx.session.flush()
    return await holidays(tx.session, year)
