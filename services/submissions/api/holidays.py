"""The calendar of working days."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.web.text import Orderly
from services.submissions.actions import keeping_calendar
from services.submissions.api.access import PREFIX, Reader, Router
from services.submissions.api.schemas import In
from services.submissions.queries.facts import holidays

router = APIRouter(prefix=f"{PREFIX}/holidays", tags=["holidays"])
Year = Annotated[int, Path(ge=2000, le=2100)]


class DayIn(In):
    """`working` is true on a worked weekend, false on a day off."""

    day: date
    working: bool
    name: Annotated[str, Orderly, StringConstraints(max_length=200)] = ""


class DaysIn(In):
    days: Annotated[list[DayIn], Field(max_length=366)]


class DayOut(BaseModel):
    day: date
    working: bool
    name: str


class DaysOut(BaseModel):
    year: int
    days: list[DayOut]


@router.get("/{year}", summary="节假日与调休 / days off and worked weekends")
async def get_holidays(year: Year, _: Reader, app: App) -> DaysOut:
    async with app.db.reading() as session:
        rows = await holidays(session, year)
    return DaysOut(year=year, days=[DayOut.model_validate(row, from_attributes=True) for row in rows])


@router.put(
    "/{year}",
    summary="设定全年节假日与调休 / set a year's exceptional days",
    responses=problems(keeping_calendar.DayOutsideYear, keeping_calendar.DayTwice),
)
async def put_holidays(year: Year, body: DaysIn, _: Router, app: App, once: Once) -> DaysOut:
    """Replaces the year; deadlines that people were told already stay."""
    async with app.db.transaction(once=once) as tx:
        days = [keeping_calendar.ExceptionalDay(d.day, d.working, d.name) for d in body.days]
        rows = await keeping_calendar.set_year(tx, year, days)
        out = DaysOut(year=year, days=[DayOut.model_validate(row, from_attributes=True) for row in rows])
        return await tx.answer(out)
