"""Until when work is taken, all told: period or campaign, extensions, what was lost before the cut-off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Text, Uuid, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.submissions.domain.outages import LAST_HOURS, given_back
from services.submissions.domain.windows import CampaignOver, Extended, Window, extended
from services.submissions.models import OutageRow
from services.submissions.queries.cases import Case
from services.submissions.replicas import (
    CampaignReplica,
    ExtensionReplica,
    IndicatorReplica,
    PeriodReplica,
    UnitReplica,
)

_TakingPart = aliased(UnitReplica)
_CAMPAIGN = (
    select(CampaignReplica)
    .where(
        CampaignReplica.period_id == bindparam("period", type_=Uuid),
        CampaignReplica.status != "draft",
        CampaignReplica.indicator_ids.contains(bindparam("indicators", type_=JSONB)),
        or_(
            func.jsonb_array_length(CampaignReplica.unit_ids) == 0,
            select(_TakingPart.id)
            .where(
                CampaignReplica.unit_ids.has_key(cast(_TakingPart.id, Text)),
                func.starts_with(bindparam("path", type_=String), _TakingPart.path),
            )
            .exists(),
        ),
    )
    .order_by(CampaignReplica.cutoff_at.desc())
    .limit(1)
)


async def window_of(session: AsyncSession, case: Case, *, now: datetime) -> Window:
    """What belongs to a submission; see `window_for`."""
    return await window_for(
        session, case.period, case.indicator, case.unit, target_id=case.row.target_id, now=now
    )


async def window_for(
    session: AsyncSession,
    period: PeriodReplica,
    indicator: IndicatorReplica,
    unit: UnitReplica,
    *,
    target_id: UUID,
    now: datetime,
) -> Window:
    """Extensions and outages are asked for only when the cut-off has passed. Raises CampaignOver."""
    campaign = await _campaign(session, period, indicator, unit)
    if campaign is not None and campaign.status == "closed":
        raise CampaignOver(campaign=campaign.name)
    runs = campaign or period
    window = Window.plain(runs.starts_on, runs.ends_on, runs.cutoff_at)
    if now <= window.open_until:
        return window
    window = window.longer(await _given_back(session, runs.cutoff_at))
    covering = and_(
        _unset_or(ExtensionReplica.campaign_id, campaign.id if campaign else None),
        _unset_or(ExtensionReplica.indicator_id, indicator.id),
        _unset_or(ExtensionReplica.target_id, target_id),
    )
    return extended(window, await _extensions(session, period, unit, covering))


async def _campaign(
    session: AsyncSession, period: PeriodReplica, indicator: IndicatorReplica, unit: UnitReplica
) -> CampaignReplica | None:
    """The campaign that the indicator belongs to in that period, if the unit takes part in it."""
    values = {"period": period.id, "indicators": [str(indicator.id)], "path": unit.path}
    return await session.scalar(_CAMPAIGN, values)


def _unset_or(column: Any, value: UUID | None) -> ColumnElement[bool]:
    return or_(column.is_(None), column == value)


async def _extensions(
    session: AsyncSession, period: PeriodReplica, unit: UnitReplica, covering: ColumnElement[bool]
) -> list[Extended]:
    inside = aliased(UnitReplica)
    statement = (
        select(ExtensionReplica.until, ExtensionReplica.late)
        .outerjoin(inside, inside.id == ExtensionReplica.unit_id)
        .where(
            ExtensionReplica.period_id == period.id,
            ~ExtensionReplica.revoked,
            covering,
            or_(ExtensionReplica.unit_id.is_(None), func.starts_with(literal(unit.path), inside.path)),
        )
    )
    return [Extended(until, late) for until, late in (await session.execute(statement)).all()]


async def _given_back(session: AsyncSession, cutoff_at: datetime) -> datetime:
    statement = select(OutageRow.began_at, OutageRow.ended_at).where(
        OutageRow.ended_at > cutoff_at - LAST_HOURS, OutageRow.began_at < cutoff_at
    )
    rows = (await session.execute(statement)).all()
    return given_back(cutoff_at, [(row.began_at, row.ended_at) for row in rows])
