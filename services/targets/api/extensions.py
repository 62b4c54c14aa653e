"""Later deadlines, late applications, and until when a target is open."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select

from contracts.deadlines import LateStatus
from kernel.db.paging import fetch_page
from kernel.recusal import Recused
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.targets.actions import extending
from services.targets.api.access import CalendarKeeper, Reader, Signer
from services.targets.api.calendar_schemas import (
    AskLateBody,
    DeadlineOut,
    DecideLateBody,
    ExtensionBody,
    ExtensionOut,
    LateOut,
)
from services.targets.api.schemas import ReasonBody
from services.targets.domain.target import OutsideScope, TargetNotBinding
from services.targets.domain.windows import ExtensionInvalid, NotYetLate
from services.targets.models import ExtensionRow, LateApplicationRow
from services.targets.queries.calendar import (
    cutoff_of,
    extensions_visible_to,
    get_late,
    late_visible_to,
    open_until,
)
from services.targets.queries.targets import get_target
from services.targets.queries.visibility import visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["calendar"])


@router.get("/extensions", summary="延期 / Later deadlines")
async def list_extensions(
    by: Reader, app: App, page: PageQuery, scheme_id: UUID | None = None, period_id: UUID | None = None
) -> Page[ExtensionOut]:
    statement = select(ExtensionRow).where(extensions_visible_to(by))
    filters = {ExtensionRow.scheme_id: scheme_id, ExtensionRow.period_id: period_id}
    statement = statement.where(*(column == value for column, value in filters.items() if value is not None))
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, statement, [ExtensionRow.id], page, key=lambda row: [row.id]
        )
    return Page(items=[ExtensionOut.of(row) for row in rows], next=following)


@router.post(
    "/schemes/{scheme_id}/extensions",
    status_code=201,
    summary="延长期限 / Give a later deadline",
    responses=problems(
        extending.ExtensionUnknownPart, extending.PeriodSealed, ExtensionInvalid, OutsideScope, Recused
    ),
)
async def grant_extension(
    scheme_id: UUID, body: ExtensionBody, by: CalendarKeeper, app: App, once: Once
) -> ExtensionOut:
    wanted = extending.Wanted(body.period_id, body.campaign_id, body.unit_id, body.indicator_id)
    async with app.db.transaction(once=once) as tx:
        row = await extending.grant_extension(
            tx, scheme_id, wanted, until=body.until, reason=body.reason, by=by, zone=app.zone
        )
        return await tx.answer(ExtensionOut.of(row), status=201)


@router.post(
    "/extensions/{extension_id}/revoke",
    summary="撤销延期 / Take a later deadline back",
    responses=problems(OutsideScope, Recused),
)
async def revoke_extension(
    extension_id: UUID, body: ReasonBody, by: CalendarKeeper, app: App, once: Once
) -> ExtensionOut:
    async with app.db.transaction(once=once) as tx:
        row = await extending.revoke_extension(tx, extension_id, reason=body.reason, by=by, zone=app.zone)
        return await tx.answer(ExtensionOut.of(row))


@router.get("/targets/{target_id}/deadline", summary="任务的截止时间 / Until when a target is open")
async def read_deadline(target_id: UUID, by: Reader, app: App) -> DeadlineOut:
    async with app.db.reading() as session:
        row = await get_target(session, target_id, where=visible_to(by))
        cutoff, campaign = await cutoff_of(session, row)
        return DeadlineOut(
            target_id=row.id,
            campaign_id=campaign.id if campaign else None,
            cutoff_at=cutoff,
            open_until=await open_until(session, row),
        )


@router.post(
    "/targets/{target_id}/late-applications",
    status_code=201,
    summary="申请补报 / Ask to send work late",
    responses=problems(
        NotYetLate,
        TargetNotBinding,
        extending.NotYoursToAsk,
        extending.LateAskedAlready,
        extending.PeriodSealed,
    ),
)
async def ask_late(target_id: UUID, body: AskLateBody, by: Signer, app: App, once: Once) -> LateOut:
    async with app.db.transaction(once=once) as tx:
        row = await extending.ask_late(tx, target_id, reason=body.reason, until=body.until, by=by)
        return await tx.answer(LateOut.of(row), status=201)


@router.get("/late-applications", summary="补报申请 / Late applications")
async def list_late(
    by: Reader,
    app: App,
    page: PageQuery,
    period_id: UUID | None = None,
    unit_id: UUID | None = None,
    target_id: UUID | None = None,
    status: LateStatus | None = None,
) -> Page[LateOut]:
    statement = select(LateApplicationRow).where(late_visible_to(by))
    filters = {
        LateApplicationRow.period_id: period_id,
        LateApplicationRow.unit_id: unit_id,
        LateApplicationRow.target_id: target_id,
        LateApplicationRow.status: status.value if status else None,
    }
    statement = statement.where(*(column == value for column, value in filters.items() if value is not None))
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, statement, [LateApplicationRow.id], page, key=lambda row: [row.id]
        )
    return Page(items=[LateOut.of(row) for row in rows], next=following)


@router.get("/late-applications/{application_id}", summary="一份补报申请 / One late application")
async def read_late(application_id: UUID, by: Reader, app: App) -> LateOut:
    async with app.db.reading() as session:
        return LateOut.of(await get_late(session, application_id, by=by))


@router.post(
    "/late-applications/{application_id}/decide",
    summary="审批补报 / Decide a late application",
    responses=problems(
        extending.LateDecided, extending.PeriodSealed, ExtensionInvalid, OutsideScope, Recused
    ),
)
async def decide_late(
    application_id: UUID, body: DecideLateBody, by: CalendarKeeper, app: App, once: Once
) -> LateOut:
    async with app.db.transaction(once=once) as tx:
        row = await extending.decide_late(
            tx,
            application_id,
            granted=body.granted,
            until=body.until,
            reason=body.reason,
            by=by,
            zone=app.zone,
        )
        return await tx.answer(LateOut.of(row))


@router.post(
    "/late-applications/{application_id}/withdraw",
    summary="撤回补报申请 / Withdraw a late application",
    responses=problems(extending.LateDecided, extending.NotYoursToAsk),
)
async def withdraw_late(application_id: UUID, by: Signer, app: App, once: Once) -> LateOut:
    async with app.db.transaction(once=once) as tx:
        row = await extending.withdraw_late(tx, application_id, by=by)
        return await tx.answer(LateOut.of(row))
