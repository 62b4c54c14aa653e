"""The official calendar of working days."""

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, UploadFile

from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from kernel.workbooks import cells
from kernel.workbooks.opening import NotAWorkbook, WorkbookEmpty, WorkbookHasMacros, open_workbook
from rules.calendars import CalendarError
from rules.calendars.official import Arrangement, ExceptionalDay, arrangement, official_arrangements
from services.targets.actions import keeping_working_days
from services.targets.actions.keeping_working_days import ArrangementInvalid
from services.targets.api.access import CalendarKeeper, Reader
from services.targets.api.calendar_schemas import DayOut, YearBody, YearOut, YearsOut
from services.targets.domain.calendar import FIRST_YEAR, LAST_YEAR
from services.targets.domain.target import OutsideScope
from services.targets.queries.calendar import arrangements

router = APIRouter(prefix="/api/targets/v1/working-days", tags=["calendar"])
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
_WORKED, _OFF = {"上班", "调休上班", "班", "working", "work"}, {"放假", "休", "休息", "off", "holiday"}


@router.get("", summary="工作日历 / Years whose working days are known")
async def list_years(_: Reader, app: App) -> YearsOut:
    async with app.db.reading() as session:
        return YearsOut(years=[YearOut.of(row) for row in await arrangements(session)])


@router.get("/official", summary="随程序发布的国务院放假安排 / Arrangements that ship with the program")
async def list_official(_: Reader) -> YearsOut:
    return YearsOut(years=[_shipped(found) for found in official_arrangements()])


@router.get("/{year}", summary="一年的节假日与调休 / The exceptional days of a year")
async def read_year(year: Year, _: Reader, app: App) -> YearOut:
    async with app.db.reading() as session:
        found = [row for row in await arrangements(session) if row.year == year]
    if not found:
        raise NotFound
    return YearOut.of(found[0])


@router.put(
    "/{year}",
    summary="设定全年节假日与调休 / Set the exceptional days of a year",
    responses=problems(ArrangementInvalid, OutsideScope),
)
async def set_year(year: Year, body: YearBody, by: CalendarKeeper, app: App, once: Once) -> YearOut:
    """Replaces the year. Deadlines of open periods that lie ahead follow."""
    days = [ExceptionalDay(day.day, working=day.working, name=day.name) for day in body.days]
    async with app.db.transaction(once=once) as tx:
        row = await keeping_working_days.set_year(tx, year, days, source=body.source, by=by, zone=app.zone)
        return await tx.answer(YearOut.of(row))


@router.post(
    "/import",
    summary="导入放假安排(JSON 或表格) / Import a year from a JSON file or a workbook",
    responses=problems(ArrangementInvalid, OutsideScope, NotAWorkbook, WorkbookEmpty, WorkbookHasMacros),
)
async def import_year(file: UploadFile, by: CalendarKeeper, app: App, once: Once) -> YearOut:
    """A workbook has the columns 日期, 安排 (放假 or 上班) and 名称; the name of the sheet is the source."""
    content = await file.read()
    try:
        found = (
            _read_json(content) if content[:1] == b"{" else await asyncio.to_thread(_read_workbook, content)
        )
    except CalendarError as error:
        raise ArrangementInvalid(reason_zh=error.sentence.zh, reason_en=error.sentence.en) from error
    async with app.db.transaction(once=once) as tx:
        row = await keeping_working_days.set_year(
            tx, found.year, found.days, source=found.source, by=by, zone=app.zone
        )
        return await tx.answer(YearOut.of(row))


def _read_json(content: bytes) -> Arrangement:
    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CalendarError("JSON 格式有误", "this is not valid JSON") from error
    found = arrangement(data)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CalendarError(f"没有 {found.year} 年", f"there is no year {found.year}")
    return found


def _read_workbook(content: bytes) -> Arrangement:
    days, source = [], ""
    for sheet in open_workbook(content):
        for number, row in enumerate(sheet.rows, 1):
            texts = [cells.text(value) for value in row[:3]] + ["", "", ""]
            if texts[1].lower() not in _WORKED | _OFF:
                continue
            try:
                day = cells.day(row[0])
            except ValueError as error:
                zh, en = f"{sheet.name}!{number} 日期有误", f"{sheet.name}!{number}: not a date"
                raise CalendarError(zh, en) from error
            if day is None:
                continue
            days.append(ExceptionalDay(day, working=texts[1].lower() in _WORKED, name=texts[2]))
            source = source or sheet.name
    years = {one.day.year for one in days}
    if len(years) != 1 or not FIRST_YEAR <= min(years) <= LAST_YEAR:
        raise CalendarError(
            "须为一个年度的安排,列为:日期、安排(放假或上班)、名称",
            "one year is needed, with the columns date, 放假 or 上班, name",
        )
    return Arrangement(years.pop(), source, tuple(days))


def _shipped(found: Arrangement) -> YearOut:
    days = [DayOut(day=day.day, working=day.working, name=day.name) for day in found.days]
    return YearOut(year=found.year, version=0, source=found.source, days=days)
