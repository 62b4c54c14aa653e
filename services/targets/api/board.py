"""How far targets have come: board, counts, heat, workbook; and the sheet that a leader splits."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import cut, decode_cursor
from kernel.errors import NotFound
from kernel.identity import Principal
from kernel.web.app import App
from kernel.web.paging import Page, PageQuery
from kernel.web.text import Search
from services.targets.api.access import Reader, Splitter
from services.targets.api.board_schemas import (
    BoardRowOut,
    CountOut,
    CountsOut,
    HeatCellOut,
    HeatOut,
    SheetOut,
)
from services.targets.api.board_workbook import board_workbook
from services.targets.models import PeriodRow, SchemeRow
from services.targets.queries.board import BoardFilter, BoardState, board, counts, heat
from services.targets.queries.schemes import get_scheme
from services.targets.queries.sheet import sheet_of
from services.targets.queries.visibility import schemes_visible_to
from services.targets.replicas import UnitReplica

router = APIRouter(prefix="/api/targets/v1/cascade", tags=["cascade"])
MOST_EXPORTED = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
States = Annotated[list[BoardState] | None, Query()]
Level = Annotated[int | None, Query(ge=1, le=5)]


@router.get("/board", summary="下达与分解进度 / Where every target has got to")
async def read_board(  # noqa: PLR0917 -- each filter is a query parameter
    by: Reader,
    app: App,
    page: PageQuery,
    scheme_id: UUID,
    period_id: UUID,
    unit_id: UUID | None = None,
    indicator_id: UUID | None = None,
    level: Level = None,
    state: States = None,
    q: Annotated[Search | None, Query()] = None,
) -> Page[BoardRowOut]:
    """Of the unit and all below it, by unit and indicator; of the whole scope without `unit_id`."""
    async with app.db.reading() as session:
        _, _, wanted = await _wanted(session, scheme_id, period_id, unit_id, by=by)
        wanted = replace(wanted, indicator_id=indicator_id, level=level, states=state, q=q or None)
        after = decode_cursor(page.after, 3) if page.after else None
        rows = await board(session, wanted, after=after, limit=page.limit + 1)
    shown, following = cut(rows, page, lambda row: [row.path, row.position, row.id])
    return Page(items=[BoardRowOut.of(row, app.clock.now()) for row in shown], next=following)


@router.get("/counts", summary="各级各状态的目标数 / How many targets of each level are in each state")
async def read_counts(
    by: Reader, app: App, scheme_id: UUID, period_id: UUID, unit_id: UUID | None = None
) -> CountsOut:
    async with app.db.reading() as session:
        _, _, wanted = await _wanted(session, scheme_id, period_id, unit_id, by=by)
        found = await counts(session, wanted)
    return CountsOut(
        counts=[
            CountOut(level=level, state=BoardState(state), targets=n)
            for (level, state), n in sorted(found.items())
        ]
    )


@router.get("/heat", summary="单位 × 指标 热力 / Heat of units and indicators")
async def read_heat(
    by: Reader,
    app: App,
    scheme_id: UUID,
    period_id: UUID,
    unit_id: UUID | None = None,
    level: Annotated[int, Query(ge=1, le=4)] = 2,
) -> HeatOut:
    """A row for each unit of `level`, all below counted in."""
    async with app.db.reading() as session:
        _, _, wanted = await _wanted(session, scheme_id, period_id, unit_id, by=by)
        cells = await heat(session, wanted, level=level)
    return HeatOut(cells=[HeatCellOut.model_validate(cell, from_attributes=True) for cell in cells])


@router.get("/board.xlsx", response_class=Response, summary="导出分解进度 / The board as a workbook")
async def export_board(
    by: Reader,
    app: App,
    scheme_id: UUID,
    period_id: UUID,
    unit_id: UUID | None = None,
    state: States = None,
) -> Response:
    """The same rows as the board, at most 50,000, with what they were filtered by, by whom and when."""
    async with app.db.reading() as session:
        scheme, period, wanted = await _wanted(session, scheme_id, period_id, unit_id, by=by)
        rows = await board(session, replace(wanted, states=state), after=None, limit=MOST_EXPORTED)
    now = app.clock.now()
    made: datetime = now.astimezone(app.zone)
    content = await asyncio.to_thread(
        board_workbook,
        [BoardRowOut.of(row, now) for row in rows],
        title=f"{scheme.name} {period.code} 分解进度",
        scope=wanted.path,
        states=state or (),
        made_by=by.name,
        made=made,
    )
    name = quote(f"分解进度-{period.code}.xlsx")
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type=XLSX, headers=disposition)


@router.get("/sheet", summary="本单位任务分解表 / What a unit has to split, over whom")
async def read_sheet(by: Splitter, app: App, unit_id: UUID, period_id: UUID) -> SheetOut:
    async with app.db.reading() as session:
        unit: Any = await session.get(UnitReplica, unit_id)
        period = await session.get(PeriodRow, period_id)
        if unit is None or period is None or not by.covers("targets:cascade", unit.path):
            raise NotFound
        return SheetOut.of(await sheet_of(session, unit_id, period))


async def _wanted(
    session: AsyncSession, scheme_id: UUID, period_id: UUID, unit_id: UUID | None, *, by: Principal
) -> tuple[SchemeRow, PeriodRow, BoardFilter]:
    """Within one's grants, or of one's own unit."""
    scheme = await get_scheme(session, scheme_id, where=schemes_visible_to(by))
    period = await session.get(PeriodRow, period_id)
    unit = await session.get(UnitReplica, unit_id or scheme.scope_unit_id)
    if period is None or period.scheme_id != scheme.id or unit is None:
        raise NotFound
    if not (by.covers("targets:read", unit.path) or unit.id == by.unit_id):
        raise NotFound
    return scheme, period, BoardFilter(scheme.id, period.id, unit.path)
