"""Lists as workbooks, by the same visibility as on the screen; and where an office stands that begins."""

import asyncio
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from kernel.errands.worker import BELL
from kernel.identity import Principal
from kernel.runtime import Runtime
from kernel.web.app import App
from kernel.web.errands import Asked
from kernel.web.idempotency import Once
from services.targets.actions import exporting
from services.targets.actions.lists_workbook import XLSX, Made, indicators_workbook
from services.targets.api.access import Reader
from services.targets.api.schemas import Body
from services.targets.queries.schemes import get_scheme, indicators_of
from services.targets.queries.setup import Step, setup_of
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["exports"])


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


class TargetFilters(Body):
    """As the list of targets has them."""

    scheme_id: UUID
    period_id: UUID
    under: UUID | None = None


@router.post("/targets/export", status_code=202, summary="导出目标 / Targets as a workbook")
async def export_targets(body: TargetFilters, by: Reader, app: App, once: Once) -> Asked:
    """An errand; its file has every target of the list under these filters."""
    async with app.db.transaction(once=once) as tx:
        errand_id = await exporting.start(tx, body.scheme_id, body.period_id, body.under, by=by)
        asked = await tx.answer(Asked(errand_id=errand_id), status=202)
    app.wake(BELL)
    return asked


def _made(app: Runtime, by: Principal, title: str, scope: str) -> Made:
    return Made(title, scope, by.name, app.clock.now().astimezone(app.zone))


def _file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=XLSX, headers=headers)


def _step(step: Step) -> StepOut:
    return StepOut(step=step.step, done=step.done, count=step.count, missing={"zh": step.zh, "en": step.en})
