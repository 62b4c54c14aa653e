"""What becomes of a target that is refused, or whose subject has gone."""

from uuid import UUID

from fastapi import APIRouter

from kernel.recusal import Recused
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.targets.actions import orphaning, refusing
from services.targets.api.access import Signer, Splitter
from services.targets.api.schemas import ReasonBody
from services.targets.api.target_schemas import AnswerRefusalBody, ReassignBody, TargetOut, TargetsOut
from services.targets.domain.target import (
    NobodyToTake,
    NothingRefused,
    NotOrphaned,
    NotYoursToAcknowledge,
    OutsideScope,
    PeriodNotOpen,
    RefusedAlready,
    TargetMoveRefused,
)

router = APIRouter(prefix="/api/targets/v1/targets", tags=["targets"])


@router.post(
    "/{target_id}/refuse",
    summary="拒收目标 / Refuse a target",
    responses=problems(TargetMoveRefused, RefusedAlready, NotYoursToAcknowledge, PeriodNotOpen),
)
async def refuse_target(target_id: UUID, body: ReasonBody, by: Signer, app: App, once: Once) -> TargetOut:
    """It binds until the issuer has let it stand, revised or withdrawn it."""
    async with app.db.transaction(once=once) as tx:
        row = await refusing.refuse(tx, target_id, reason=body.reason, by=by)
        return await tx.answer(TargetOut.of(row))


@router.post(
    "/{target_id}/let-stand",
    summary="维持目标,答复拒收 / Let a refused target stand",
    responses=problems(NothingRefused, OutsideScope, Recused),
)
async def let_target_stand(
    target_id: UUID, body: AnswerRefusalBody, by: Splitter, app: App, once: Once
) -> TargetOut:
    async with app.db.transaction(once=once) as tx:
        row = await refusing.let_stand(tx, target_id, answer=body.answer, by=by, zone=app.zone)
        return await tx.answer(TargetOut.of(row))


@router.post(
    "/{target_id}/follow",
    summary="目标随人走 / Let an orphaned target go with its officer",
    responses=problems(NotOrphaned, NobodyToTake, PeriodNotOpen, OutsideScope, Recused),
)
async def let_target_follow(
    target_id: UUID, body: ReasonBody, by: Splitter, app: App, once: Once
) -> TargetOut:
    async with app.db.transaction(once=once) as tx:
        row = await orphaning.follow(tx, target_id, reason=body.reason, by=by, zone=app.zone)
        return await tx.answer(TargetOut.of(row))


@router.post(
    "/{target_id}/reassign",
    summary="改派 / Give an orphaned target to somebody else",
    responses=problems(NotOrphaned, NobodyToTake, PeriodNotOpen, OutsideScope, Recused),
)
async def reassign_target(
    target_id: UUID, body: ReassignBody, by: Splitter, app: App, once: Once
) -> TargetsOut:
    """The orphan comes first in the answer, withdrawn; then what has taken its place."""
    async with app.db.transaction(once=once) as tx:
        rows = await orphaning.reassign(
            tx,
            target_id,
            kind=body.subject_kind.value,
            subject_id=body.subject_id,
            reason=body.reason,
            by=by,
            zone=app.zone,
        )
        return await tx.answer(TargetsOut(targets=[TargetOut.of(row) for row in rows]))
