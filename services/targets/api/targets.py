"""Targets: in bulk, issued, acknowledged, revised, withdrawn."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from contracts.targets import TargetStatus
from kernel.audit.reading import StepNotFound
from kernel.db.paging import fetch_page
from kernel.recusal import Recused
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from kernel.web.text import Search
from services.targets.actions import issuing, revising
from services.targets.api.access import Issuer, Reader, Signer, Splitter
from services.targets.api.schemas import StepOut, steps_of
from services.targets.api.target_schemas import (
    BatchBody,
    IdsBody,
    ReviseBody,
    TargetDetailOut,
    TargetOut,
    TargetsOut,
    WithdrawBody,
)
from services.targets.domain.quantity import trimmed
from services.targets.domain.scheme import SchemeNotPublished, VersionStale
from services.targets.domain.splitting import SplitAboveParent
from services.targets.domain.target import (
    HasChildren,
    NotYoursToAcknowledge,
    OutsideScope,
    PeriodNotOpen,
    TargetMoveRefused,
)
from services.targets.models import TargetRow
from services.targets.queries.targets import Handed, get_target, handed_down
from services.targets.queries.timeline import step_of_target, timeline_of_target
from services.targets.queries.visibility import named, units_inside, visible_to
from services.targets.replicas import UnitReplica

router = APIRouter(prefix="/api/targets/v1/targets", tags=["targets"])


@router.post(
    "/batch",
    status_code=201,
    summary="批量下达目标 / Make targets in bulk",
    responses=problems(issuing.TargetsInvalid, issuing.TargetTaken, SchemeNotPublished, OutsideScope),
)
async def make_targets(body: BatchBody, by: Issuer, app: App, once: Once) -> TargetsOut:
    wanted = [
        issuing.Wanted(t.indicator_id, t.period_id, t.subject_kind.value, t.subject_id, t.quantity)
        for t in body.targets
    ]
    async with app.db.transaction(once=once) as tx:
        rows = await issuing.make_targets(tx, body.scheme_id, wanted, issue=body.issue, by=by)
        return await tx.answer(TargetsOut(targets=[TargetOut.of(row) for row in rows]), status=201)


@router.post(
    "/issue",
    summary="下达草拟的目标 / Issue drafts",
    responses=problems(TargetMoveRefused, PeriodNotOpen, SchemeNotPublished, OutsideScope),
)
async def issue_targets(body: IdsBody, by: Issuer, app: App, once: Once) -> TargetsOut:
    async with app.db.transaction(once=once) as tx:
        rows = await issuing.issue_targets(tx, body.ids, by=by)
        return await tx.answer(TargetsOut(targets=[TargetOut.of(row) for row in rows]))


@router.get("", summary="目标 / Targets")
async def list_targets(  # noqa: PLR0917 -- each filter is a query parameter
    by: Reader,
    app: App,
    page: PageQuery,
    scheme_id: UUID | None = None,
    period_id: UUID | None = None,
    indicator_id: UUID | None = None,
    subject_id: UUID | None = None,
    unit_id: UUID | None = None,
    parent_id: UUID | None = None,
    under: Annotated[UUID | None, Query(description="单位及其下级 / a unit and everything below it")] = None,
    status: TargetStatus | None = None,
    mine: Annotated[bool, Query(description="只看本人的 / only my own")] = False,  # noqa: FBT002
    refused: Annotated[bool, Query(description="拒收待处理的 / refused, waiting for the issuer")] = False,  # noqa: FBT002
    q: Annotated[Search | None, Query(description="对象或指标 / subject or indicator")] = None,
    orphaned: Annotated[bool, Query(description="无人承接的 / without a subject")] = False,  # noqa: FBT002
) -> Page[TargetOut]:
    statement = select(TargetRow).where(visible_to(by))
    filters = {
        TargetRow.scheme_id: scheme_id,
        TargetRow.period_id: period_id,
        TargetRow.indicator_id: indicator_id,
        TargetRow.subject_id: subject_id,
        TargetRow.unit_id: unit_id,
        TargetRow.parent_id: parent_id,
        TargetRow.status: status.value if status else None,
    }
    statement = statement.where(*(column == value for column, value in filters.items() if value is not None))
    if mine:
        statement = statement.where(TargetRow.subject_id == by.officer_id)
    if q:
        statement = statement.where(named(q))
    if refused:
        statement = statement.where(
            TargetRow.refused_at.is_not(None), TargetRow.status != TargetStatus.WITHDRAWN.value
        )
    if orphaned:
        statement = statement.where(
            TargetRow.orphaned_on.is_not(None), TargetRow.status != TargetStatus.WITHDRAWN.value
        )
    async with app.db.reading() as session:
        if under is not None:
            path = await session.scalar(select(UnitReplica.path).where(UnitReplica.id == under))
            if path is None:
                return Page(items=[], next=None)
            statement = statement.where(TargetRow.unit_id.in_(units_inside(path)))
        rows, following = await fetch_page(session, statement, [TargetRow.id], page, key=lambda row: [row.id])
    return Page(items=[TargetOut.of(row) for row in rows], next=following)


@router.get("/{target_id}", summary="一个目标及其分解 / A target and its parts")
async def read_target(target_id: UUID, by: Reader, app: App) -> TargetDetailOut:
    async with app.db.reading() as session:
        row = await get_target(session, target_id, where=visible_to(by))
        below = (await handed_down(session, [row.id])).get(row.id, Handed())
        parent = None
        if row.parent_id is not None:
            parent = await session.scalar(
                select(TargetRow).where(TargetRow.id == row.parent_id, visible_to(by))
            )
    out = TargetDetailOut.of(row)
    out.children, out.handed_down = below.count, trimmed(below.total)
    out.uncovered = trimmed(max(row.quantity - below.total, row.quantity * 0))
    out.parent = TargetOut.of(parent) if parent else None
    return out


@router.get("/{target_id}/timeline", summary="目标的经过 / Timeline of a target")
async def target_timeline(target_id: UUID, by: Reader, app: App, page: PageQuery) -> Page[StepOut]:
    async with app.db.reading() as session:
        await get_target(session, target_id, where=visible_to(by))
        rows, following = await timeline_of_target(session, target_id, page)
        steps = await steps_of(session, rows)
    return Page(items=steps, next=following)


@router.get(
    "/{target_id}/timeline/{step_id}",
    summary="一步的固定链接 / One step, by its permanent link",
    responses=problems(StepNotFound),
)
async def target_step(target_id: UUID, step_id: UUID, by: Reader, app: App) -> StepOut:
    async with app.db.reading() as session:
        await get_target(session, target_id, where=visible_to(by))
        [step] = await steps_of(session, [await step_of_target(session, target_id, step_id)])
    return step


@router.post(
    "/acknowledge-batch",
    summary="批量签收 / Acknowledge targets",
    responses=problems(TargetMoveRefused, NotYoursToAcknowledge),
)
async def acknowledge_targets(body: IdsBody, by: Signer, app: App, once: Once) -> TargetsOut:
    async with app.db.transaction(once=once) as tx:
        rows = await issuing.acknowledge_targets(tx, body.ids, by=by)
        return await tx.answer(TargetsOut(targets=[TargetOut.of(row) for row in rows]))


@router.post(
    "/{target_id}/acknowledge",
    summary="签收 / Acknowledge a target",
    responses=problems(TargetMoveRefused, NotYoursToAcknowledge),
)
async def acknowledge_target(target_id: UUID, by: Signer, app: App, once: Once) -> TargetOut:
    async with app.db.transaction(once=once) as tx:
        rows = await issuing.acknowledge_targets(tx, [target_id], by=by)
        return await tx.answer(TargetOut.of(rows[0]))


@router.post(
    "/{target_id}/revise",
    summary="修订目标 / Revise a target",
    responses=problems(
        TargetMoveRefused, VersionStale, SplitAboveParent, PeriodNotOpen, OutsideScope, Recused
    ),
)
async def revise_target(target_id: UUID, body: ReviseBody, by: Splitter, app: App, once: Once) -> TargetOut:
    async with app.db.transaction(once=once) as tx:
        row = await revising.revise(
            tx,
            target_id,
            quantity=body.quantity,
            reason=body.reason,
            version=body.version,
            by=by,
            zone=app.zone,
        )
        return await tx.answer(TargetOut.of(row))


@router.post(
    "/{target_id}/withdraw",
    summary="撤回目标 / Withdraw a target",
    responses=problems(TargetMoveRefused, HasChildren, PeriodNotOpen, OutsideScope, Recused),
)
async def withdraw_target(
    target_id: UUID, body: WithdrawBody, by: Splitter, app: App, once: Once
) -> TargetsOut:
    async with app.db.transaction(once=once) as tx:
        rows = await revising.withdraw(
            tx, target_id, reason=body.reason, below_too=body.cascade, by=by, zone=app.zone
        )
        return await tx.answer(TargetsOut(targets=[TargetOut.of(row) for row in rows]))
