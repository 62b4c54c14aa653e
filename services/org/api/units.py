"""Units and series."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from contracts.org import UnitKind
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.org.actions import structuring
from services.org.actions.structuring import NewUnit, SeriesTaken, StaleVersion
from services.org.api.access import Reader, RosterAdmin
from services.org.api.schemas import LastDay, SeriesChange, SeriesIn, SeriesOut, UnitChange, UnitIn, UnitOut
from services.org.domain.structure import CodeTaken, LevelWrong, RootExists, StillInUse, TooDeep, UnitMissing
from services.org.queries import structure

router = APIRouter(prefix="/api/org/v1", tags=["units"])


class SeriesList(BaseModel):
    items: list[SeriesOut]


@router.get("/units", summary="单位列表 / Units")
async def units(
    _: Reader,
    app: App,
    page: PageQuery,
    *,
    q: Search | None = None,
    parent_id: UUID | None = None,
    level: Annotated[int | None, Query(ge=1, le=4)] = None,
    kind: UnitKind | None = None,
    series_id: UUID | None = None,
    under: Search | None = None,
    as_of: date | None = None,
) -> Page[UnitOut]:
    async with app.db.reading() as session:
        rows, following = await structure.units(
            session,
            page,
            q=q,
            parent_id=parent_id,
            level=level,
            kind=kind,
            series_id=series_id,
            under=under,
            as_of=as_of,
        )
    return Page[UnitOut](items=[UnitOut.of(row) for row in rows], next=following)


@router.get("/units/{unit_id}", responses=problems(UnitMissing), summary="单位 / A unit")
async def unit(unit_id: UUID, _: Reader, app: App) -> UnitOut:
    async with app.db.reading() as session:
        return UnitOut.of(await structure.unit(session, unit_id))


@router.post(
    "/units",
    status_code=201,
    responses=problems(CodeTaken, LevelWrong, TooDeep, RootExists, UnitMissing),
    summary="新建单位 / New unit",
)
async def create_unit(body: UnitIn, me: RosterAdmin, app: App, once: Once) -> UnitOut:
    async with app.db.transaction(once=once) as tx:
        wish = NewUnit(**{**body.model_dump(), "kind": body.kind.value})
        row = await structuring.create_unit(tx, wish, by=me)
        return await tx.answer(UnitOut.of(row), status=201)


@router.patch(
    "/units/{unit_id}", responses=problems(UnitMissing, StaleVersion), summary="修改单位 / Change a unit"
)
async def change_unit(unit_id: UUID, body: UnitChange, me: RosterAdmin, app: App, once: Once) -> UnitOut:
    async with app.db.transaction(once=once) as tx:
        row = await structuring.change_unit(tx, unit_id, **body.model_dump(), by=me)
        return await tx.answer(UnitOut.of(row))


@router.post(
    "/units/{unit_id}/close", responses=problems(UnitMissing, StillInUse), summary="撤销单位 / Close a unit"
)
async def close_unit(unit_id: UUID, body: LastDay, me: RosterAdmin, app: App, once: Once) -> UnitOut:
    async with app.db.transaction(once=once) as tx:
        row = await structuring.close_unit(tx, unit_id, on=body.on, by=me)
        return await tx.answer(UnitOut.of(row))


@router.get("/series", summary="序列 / Series")
async def series(_: Reader, app: App) -> SeriesList:
    async with app.db.reading() as session:
        return SeriesList(items=[SeriesOut.of(row) for row in await structure.all_series(session)])


@router.post("/series", status_code=201, responses=problems(SeriesTaken), summary="新建序列 / New series")
async def create_series(body: SeriesIn, me: RosterAdmin, app: App, once: Once) -> SeriesOut:
    async with app.db.transaction(once=once) as tx:
        row = await structuring.create_series(
            tx, code=body.code, name=body.name, subject_kind=body.subject_kind.value, by=me
        )
        return await tx.answer(SeriesOut.of(row), status=201)


@router.patch("/series/{series_id}", responses=problems(StaleVersion), summary="序列改名 / Rename a series")
async def rename_series(
    series_id: UUID, body: SeriesChange, me: RosterAdmin, app: App, once: Once
) -> SeriesOut:
    async with app.db.transaction(once=once) as tx:
        row = await structuring.rename_series(tx, series_id, version=body.version, name=body.name, by=me)
        return await tx.answer(SeriesOut.of(row))
