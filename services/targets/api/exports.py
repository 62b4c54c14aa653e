"""Lists as workbooks, by the same visibility as on the screen; and where an office stands that begins."""

import asyncio
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import select

from kernel.errors import NotFound
from kernel.identity import Principal
from kernel.runtime import Runtime
from kernel.web.app import App
from services.targets.api.access import Reader
from services.targets.api.lists_workbook import XLSX, Made, indicators_workbook, targets_workbook
from services.targets.models import PeriodRow
from services.targets.queries.exports import targets_for_export
from services.targets.queries.schemes import get_scheme, indicators_of
from services.targets.queries.setup import Step, setup_of
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["exports"])
MOST = 20_000


class StepOut(BaseModel):
    """One step of setting up; `missing` says what to do, where it is not done."""

    step: str
    done: bool
    count: int
    missing: dict[str, str]


class SetupOut(BaseModel):
    ready: bool
    steps: list[StepOut]


@router.get("/setup", summary="上线准备清单 / What is still missing before targets can go out")
async def read_setup(by: Reader, app: App) -> SetupOut:
    """Counted over what may be seen; in the order in which things are needed."""
    today = app.clock.now().astimezone(app.zone).date()
    async with app.db.reading() as session:
        steps = await setup_of(session, by=by, today=today)
    return SetupOut(ready=all(step.done for step in steps), steps=[_step(step) for step in steps])


@router.get(
    "/schemes/{scheme_id}/indicators.xlsx",
    response_class=Response,
    summary="导出指标(可再导入) / The indicators of a scheme as a workbook, in the columns of the import",
)
async def export_indicators(scheme_id: UUID, by: Reader, app: App) -> Response:
    async with app.db.reading() as session:
        scheme = await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        rows = [row for row in await indicators_of(session, scheme_id) if row.active]
    made = _made(app, by, f"{scheme.name} 考核细则", scheme.code)
    return _file(await asyncio.to_thread(indicators_workbook, rows, made), f"{scheme.name}-考核细则.xlsx")


@router.get("/targets.xlsx", response_class=Response, summary="导出目标 / Targets as a workbook")
async def export_targets(
    by: Reader, app: App, scheme_id: UUID, period_id: UUID, under: UUID | None = None
) -> Response:
    """Those of the list, at most 20,000."""
    async with app.db.reading() as session:
        scheme = await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        period = await session.scalar(
            select(PeriodRow).where(PeriodRow.id == period_id, PeriodRow.scheme_id == scheme_id)
        )
        if period is None:
            raise NotFound
        rows = await targets_for_export(session, scheme_id, period_id, under, by=by, limit=MOST)
    made = _made(app, by, f"{scheme.name} {period.code} 目标", scheme.code)
    return _file(await asyncio.to_thread(targets_workbook, rows, made), f"目标-{period.code}.xlsx")


def _made(app: Runtime, by: Principal, title: str, scope: str) -> Made:
    return Made(title, scope, by.name, app.clock.now().astimezone(app.zone))


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=XLSX, headers=headers)


def _step(step: Step) -> StepOut:
    return StepOut(step=step.step, done=step.done, count=step.count, missing={"zh": step.zh, "en": step.en})
