"""Handing targets down, and how far they have come."""

from dataclasses import asdict
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from kernel.errors import NotFound
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.problems import problems
from services.targets.actions import cascading, issuing, revising
from services.targets.api.access import Reader, Splitter
from services.targets.api.target_schemas import (
    CoverageOut,
    LevelOut,
    SplitBatchBody,
    SplitBody,
    SplitOut,
    SplitPreviewOut,
    TargetOut,
    TargetsOut,
    UndoSplitBody,
    UnreachedOut,
)
from services.targets.domain.scheme import SchemeNotPublished
from services.targets.domain.splitting import NoParts, NothingToSplit, SplitAboveParent
from services.targets.domain.target import (
    NothingSplit,
    NotYoursToSplit,
    PeriodNotOpen,
    SplitAcknowledged,
    TargetNotBinding,
    TargetOfOfficerIndivisible,
)
from services.targets.models import PeriodRow
from services.targets.queries.coverage import by_level, officers_without_target
from services.targets.queries.schemes import get_scheme
from services.targets.queries.visibility import schemes_visible_to
from services.targets.replicas import UnitReplica

router = APIRouter(prefix="/api/targets/v1", tags=["cascade"])
_REFUSALS = problems(
    issuing.TargetsInvalid,
    issuing.TargetTaken,
    SplitAboveParent,
    NothingToSplit,
    NoParts,
    NotYoursToSplit,
    TargetOfOfficerIndivisible,
    TargetNotBinding,
    PeriodNotOpen,
    SchemeNotPublished,
)


@router.post(
    "/targets/split-batch", status_code=201, summary="批量分解 / Split many targets", responses=_REFUSALS
)
async def split_targets(body: SplitBatchBody, by: Splitter, app: App, once: Once) -> SplitOut:
    splits = [_split(one.target_id, one) for one in body.splits]
    async with app.db.transaction(once=once) as tx:
        return await tx.answer(SplitOut.of(await cascading.split_targets(tx, splits, by=by)), status=201)


@router.post(
    "/targets/{target_id}/split", status_code=201, summary="分解目标 / Split a target", responses=_REFUSALS
)
async def split_target(target_id: UUID, body: SplitBody, by: Splitter, app: App, once: Once) -> SplitOut:
    async with app.db.transaction(once=once) as tx:
        outcomes = await cascading.split_targets(tx, [_split(target_id, body)], by=by)
        return await tx.answer(SplitOut.of(outcomes), status=201)


@router.post(
    "/targets/split-preview",
    summary="试分:不下达 / Propose a split, nothing is issued",
    responses=_REFUSALS,
)
async def preview_split(body: SplitBatchBody, by: Splitter, app: App, _: Once) -> SplitPreviewOut:
    """What the method gives, to be adjusted and sent as a split by hand; several targets in one request."""
    splits = [_split(one.target_id, one) for one in body.splits]
    async with app.db.transaction() as tx:
        outcomes = await cascading.plan_splits(tx, splits, by=by)
    return SplitPreviewOut.of(outcomes)


@router.post(
    "/targets/{target_id}/undo-split",
    summary="撤销分解 / Undo a split that nobody has acknowledged",
    responses=problems(SplitAcknowledged, NothingSplit, NotYoursToSplit, PeriodNotOpen),
)
async def undo_split(target_id: UUID, body: UndoSplitBody, by: Splitter, app: App, once: Once) -> TargetsOut:
    async with app.db.transaction(once=once) as tx:
        rows = await revising.undo_split(tx, target_id, reason=body.reason, by=by)
        return await tx.answer(TargetsOut(targets=[TargetOut.of(row) for row in rows]))


@router.get("/coverage", summary="分解覆盖情况 / How far targets have come down")
async def coverage(
    by: Reader, app: App, scheme_id: UUID, period_id: UUID, unit_id: UUID | None = None
) -> CoverageOut:
    """Of the unit and all below it; of the whole scope without `unit_id`. Within one's grants or one's own unit."""
    async with app.db.reading() as session:
        scheme = await get_scheme(session, scheme_id, where=schemes_visible_to(by))
        period = await session.scalar(
            select(PeriodRow).where(PeriodRow.id == period_id, PeriodRow.scheme_id == scheme_id)
        )
        unit = await session.get(UnitReplica, unit_id or scheme.scope_unit_id)
        if (
            period is None
            or unit is None
            or not (by.covers("targets:read", unit.path) or unit.id == by.unit_id)
        ):
            raise NotFound
        levels = await by_level(session, scheme_id=scheme_id, period_id=period_id, path=unit.path)
        count, officers = await officers_without_target(session, period=period, path=unit.path)
    return CoverageOut(
        levels=[LevelOut(**asdict(row)) for row in levels],
        officers_without_target=count,
        unreached=[
            UnreachedOut(id=o.id, police_number=o.police_number, name=o.name, unit_code=o.unit_code)
            for o in officers
        ],
    )


def _split(target_id: UUID, body: SplitBody) -> cascading.Split:
    parts = None
    if body.parts is not None:
        parts = [cascading.Part(p.subject_kind.value, p.subject_id, p.quantity) for p in body.parts]
    return cascading.Split(target_id, body.method, parts)
