"""The plan of a scheme: a whole regulation as data, in the place of the rules of its indicators."""

from uuid import UUID

from fastapi import APIRouter

from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.targets.actions import planning
from services.targets.api.access import Drafter, Reader
from services.targets.api.schemas import PlanBody, PlanOut
from services.targets.domain.checks import SchemeNotReady
from services.targets.domain.plan_check import PlanInvalid, plan_text
from services.targets.domain.scheme import VersionStale
from services.targets.models import SchemeRow
from services.targets.queries.schemes import get_scheme
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["schemes"])


@router.get("/schemes/{scheme_id}/plan", summary="方案的整套办法 / The plan of a scheme")
async def read_plan(scheme_id: UUID, by: Reader, app: App) -> PlanOut:
    async with app.db.reading() as session:
        return _plan_out(await get_scheme(session, scheme_id, where=schemes_visible_to(by)))


@router.put(
    "/schemes/{scheme_id}/plan",
    summary="设置方案的整套办法 / Set the plan of a scheme",
    responses=problems(
        PlanInvalid, SchemeNotReady, VersionStale, planning.PlanReasonMissing, planning.PlanFixed
    ),
)
async def set_plan(scheme_id: UUID, body: PlanBody, by: Drafter, app: App, once: Once) -> PlanOut:
    today = app.clock.now().astimezone(app.zone).date()
    async with app.db.transaction(once=once) as tx:
        row = await planning.set_plan(
            tx, scheme_id, body.plan, version=body.version, reason=body.reason, by=by, today=today
        )
        return await tx.answer(_plan_out(row))


def _plan_out(row: SchemeRow) -> PlanOut:
    said = plan_text(row.plan) if row.plan is not None else None
    return PlanOut(
        version=row.version,
        revision=row.revision,
        plan=row.plan,
        zh=said.zh if said else [],
        en=said.en if said else [],
    )
