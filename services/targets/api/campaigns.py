"""专项行动: campaigns with a deadline and a pool of points of their own."""

from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.deadlines import CampaignStatus
from kernel.db.paging import fetch_page
from kernel.web.app import App
from kernel.web.idempotency import Once
from kernel.web.paging import Page, PageQuery
from kernel.web.problems import problems
from services.targets.actions import campaigning
from services.targets.api.access import Drafter, Reader
from services.targets.api.calendar_schemas import CampaignBody, CampaignChange, CampaignOut, ExtendBody
from services.targets.api.schemas import ReasonBody, StepOut, steps_of
from services.targets.domain.campaign import CampaignDaysInvalid, CampaignMoveRefused
from services.targets.domain.scheme import SchemeNotPublished, VersionStale
from services.targets.domain.target import OutsideScope, PeriodNotOpen
from services.targets.domain.windows import ExtensionInvalid
from services.targets.models import CampaignRow, HistoryRow, SchemeRow
from services.targets.queries.calendar import campaigns_of, get_campaign
from services.targets.queries.schemes import indicators_of, timeline_of
from services.targets.queries.visibility import schemes_visible_to

router = APIRouter(prefix="/api/targets/v1", tags=["calendar"])
_PARTS = (campaigning.CampaignUnknownPart, CampaignDaysInvalid, PeriodNotOpen, OutsideScope)


@router.get("/campaigns", summary="专项行动 / Campaigns")
async def list_campaigns(
    by: Reader,
    app: App,
    page: PageQuery,
    scheme_id: UUID | None = None,
    period_id: UUID | None = None,
    status: CampaignStatus | None = None,
) -> Page[CampaignOut]:
    statement = (
        select(CampaignRow)
        .join(SchemeRow, SchemeRow.id == CampaignRow.scheme_id)
        .where(schemes_visible_to(by))
    )
    filters = {
        CampaignRow.scheme_id: scheme_id,
        CampaignRow.period_id: period_id,
        CampaignRow.status: status.value if status else None,
    }
    statement = statement.where(*(column == value for column, value in filters.items() if value is not None))
    async with app.db.reading() as session:
        rows, following = await fetch_page(
            session, statement, [CampaignRow.id], page, key=lambda row: [row.id]
        )
        return Page(items=[await _out(session, row) for row in rows], next=following)


@router.get("/campaigns/{campaign_id}", summary="一个专项 / One campaign")
async def read_campaign(campaign_id: UUID, by: Reader, app: App) -> CampaignOut:
    async with app.db.reading() as session:
        row, _ = await get_campaign(session, campaign_id, by=by)
        return await _out(session, row)


@router.get("/campaigns/{campaign_id}/timeline", summary="专项的经过 / Timeline of a campaign")
async def campaign_timeline(campaign_id: UUID, by: Reader, app: App, page: PageQuery) -> Page[StepOut]:
    async with app.db.reading() as session:
        await get_campaign(session, campaign_id, by=by)
        rows, following = await fetch_page(
            session, timeline_of(campaign_id), [HistoryRow.id], page, key=lambda row: [row.id]
        )
        steps = await steps_of(session, rows)
    return Page(items=steps, next=following)


@router.post(
    "/schemes/{scheme_id}/campaigns",
    status_code=201,
    summary="拟订专项 / Draft a campaign",
    responses=problems(*_PARTS, campaigning.CampaignCodeTaken, SchemeNotPublished),
)
async def create_campaign(
    scheme_id: UUID, body: CampaignBody, by: Drafter, app: App, once: Once
) -> CampaignOut:
    async with app.db.transaction(once=once) as tx:
        row = await campaigning.create_campaign(tx, scheme_id, body.said(), code=body.code, by=by)
        return await tx.answer(await _out(tx.session, row), status=201)


@router.put(
    "/campaigns/{campaign_id}",
    summary="修改专项草案 / Change a draft",
    responses=problems(*_PARTS, CampaignMoveRefused, VersionStale),
)
async def change_campaign(
    campaign_id: UUID, body: CampaignChange, by: Drafter, app: App, once: Once
) -> CampaignOut:
    async with app.db.transaction(once=once) as tx:
        row = await campaigning.change_campaign(tx, campaign_id, body.said(), version=body.version, by=by)
        return await tx.answer(await _out(tx.session, row))


@router.post(
    "/campaigns/{campaign_id}/open",
    summary="启动专项 / Open a campaign",
    responses=problems(CampaignMoveRefused, campaigning.IndicatorInCampaign, PeriodNotOpen, OutsideScope),
)
async def open_campaign(campaign_id: UUID, by: Drafter, app: App, once: Once) -> CampaignOut:
    """Overlapping pools do not stand against it; they are named in `overlaps`."""
    async with app.db.transaction(once=once) as tx:
        row = await campaigning.open_campaign(tx, campaign_id, by=by)
        return await tx.answer(await _out(tx.session, row))


@router.post(
    "/campaigns/{campaign_id}/extend",
    summary="延长专项期限 / Give a campaign a later deadline",
    responses=problems(CampaignMoveRefused, ExtensionInvalid, OutsideScope),
)
async def extend_campaign(
    campaign_id: UUID, body: ExtendBody, by: Drafter, app: App, once: Once
) -> CampaignOut:
    async with app.db.transaction(once=once) as tx:
        row = await campaigning.extend_campaign(
            tx, campaign_id, cutoff_at=body.cutoff_at, reason=body.reason, by=by
        )
        return await tx.answer(await _out(tx.session, row))


@router.post(
    "/campaigns/{campaign_id}/close",
    summary="结束专项 / Close a campaign",
    responses=problems(CampaignMoveRefused, OutsideScope),
)
async def close_campaign(
    campaign_id: UUID, body: ReasonBody, by: Drafter, app: App, once: Once
) -> CampaignOut:
    async with app.db.transaction(once=once) as tx:
        row = await campaigning.close_campaign(tx, campaign_id, reason=body.reason, by=by)
        return await tx.answer(await _out(tx.session, row))


async def _out(session: AsyncSession, row: CampaignRow) -> CampaignOut:
    indicators = await indicators_of(session, row.scheme_id)
    marks = sum((i.full_marks for i in indicators if str(i.id) in row.indicator_ids), Decimal(0))
    overlaps = campaigning.overlaps_of(row, await campaigns_of(session, row.scheme_id))
    return CampaignOut.of(row, full_marks=marks, overlaps=overlaps)
