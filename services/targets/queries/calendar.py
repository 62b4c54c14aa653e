"""Reading the calendar of working days, campaigns, extensions and late applications."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.errors import NotFound
from kernel.identity import Principal
from rules.calendars.official import ExceptionalDay, work_calendar
from rules.calendars.workdays import WorkCalendar
from services.targets.domain.windows import Extended, deadline_of
from services.targets.models import (
    CampaignRow,
    ExtensionRow,
    LateApplicationRow,
    PeriodRow,
    SchemeRow,
    TargetRow,
    WorkingDaysRow,
)
from services.targets.queries.visibility import schemes_visible_to, units_inside, visible_to
from services.targets.replicas import UnitReplica

_AHEAD = 3


async def arrangements(session: AsyncSession) -> Sequence[WorkingDaysRow]:
    return (await session.scalars(select(WorkingDaysRow).order_by(WorkingDaysRow.year))).all()


async def calendar_for(session: AsyncSession, years: Iterable[int]) -> WorkCalendar:
    """Of these years and some that follow; where no arrangement is known, Monday to Friday."""
    wanted = {year + n for year in years for n in range(-1, _AHEAD)}
    rows = await session.scalars(select(WorkingDaysRow).where(WorkingDaysRow.year.in_(wanted)))
    return work_calendar((day for row in rows for day in days_of(row)), years=wanted)


def days_of(row: WorkingDaysRow) -> list[ExceptionalDay]:
    return [
        ExceptionalDay(date.fromisoformat(d["day"]), working=d["working"], name=d["name"]) for d in row.days
    ]


async def get_campaign(
    session: AsyncSession, campaign_id: UUID, *, by: Principal, locked: bool = False
) -> tuple[CampaignRow, SchemeRow]:
    statement = (
        select(CampaignRow, SchemeRow)
        .join(SchemeRow, SchemeRow.id == CampaignRow.scheme_id)
        .where(CampaignRow.id == campaign_id, schemes_visible_to(by))
    )
    row = (await session.execute(statement.with_for_update() if locked else statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def campaigns_of(session: AsyncSession, scheme_id: UUID) -> Sequence[CampaignRow]:
    statement = select(CampaignRow).where(CampaignRow.scheme_id == scheme_id).order_by(CampaignRow.id)
    return (await session.scalars(statement)).all()


async def _extensions_of(session: AsyncSession, period_id: UUID, campaign_id: UUID | None) -> list[Extended]:
    """Those in force, for the whole period or for that campaign."""
    statement = (
        select(ExtensionRow, UnitReplica.path)
        .outerjoin(UnitReplica, UnitReplica.id == ExtensionRow.unit_id)
        .where(
            ExtensionRow.period_id == period_id,
            ~ExtensionRow.revoked,
            or_(ExtensionRow.campaign_id.is_(None), ExtensionRow.campaign_id == campaign_id),
        )
    )
    return [
        Extended(path, row.indicator_id, row.target_id, row.until)
        for row, path in await session.execute(statement)
    ]


async def cutoff_of(session: AsyncSession, target: TargetRow) -> tuple[datetime, CampaignRow | None]:
    """The cut-off of the campaign that its unit takes part in, else that of its period; extensions left aside."""
    period = await session.get_one(PeriodRow, target.period_id)
    for campaign in await session.scalars(
        select(CampaignRow).where(CampaignRow.period_id == period.id, CampaignRow.status != "draft")
    ):
        if str(target.indicator_id) in campaign.indicator_ids and await _takes_part(
            session, campaign, target
        ):
            return campaign.cutoff_at, campaign
    return period.cutoff_at, None


async def _takes_part(session: AsyncSession, campaign: CampaignRow, target: TargetRow) -> bool:
    if not campaign.unit_ids:
        return True
    member, unit = aliased(UnitReplica), aliased(UnitReplica)
    statement = (
        select(member.id)
        .join(unit, func.starts_with(unit.path, member.path))
        .where(unit.id == target.unit_id, member.id.in_(campaign.unit_ids))
        .limit(1)
    )
    return await session.scalar(statement) is not None


async def open_until(session: AsyncSession, target: TargetRow) -> datetime:
    """Until when work for the target is taken."""
    cutoff, campaign = await cutoff_of(session, target)
    unit = await session.get(UnitReplica, target.unit_id)
    extensions = await _extensions_of(session, target.period_id, campaign.id if campaign else None)
    return deadline_of(
        cutoff,
        extensions,
        target_id=target.id,
        indicator_id=target.indicator_id,
        path=unit.path if unit else "",
    )


def extensions_visible_to(by: Principal) -> ColumnElement[bool]:
    """Those for all with the scheme, those for one target with the target."""
    schemes = select(SchemeRow.id).where(schemes_visible_to(by))
    targets = select(TargetRow.id).where(visible_to(by))
    return and_(
        ExtensionRow.scheme_id.in_(schemes),
        or_(ExtensionRow.target_id.is_(None), ExtensionRow.target_id.in_(targets)),
    )


def late_visible_to(by: Principal) -> ColumnElement[bool]:
    """One's own, those for targets that one sees, and those inside the scopes in which one decides."""
    ways: list[ColumnElement[bool]] = [
        LateApplicationRow.target_id.in_(select(TargetRow.id).where(visible_to(by)))
    ]
    ways += [
        LateApplicationRow.unit_id.in_(units_inside(scope.path)) for scope in by.scopes("targets:calendar")
    ]
    if by.officer_id is not None:
        ways.append(LateApplicationRow.asked_by == by.officer_id)
    return or_(*ways)


async def get_late(
    session: AsyncSession, application_id: UUID, *, by: Principal, locked: bool = False
) -> LateApplicationRow:
    statement = select(LateApplicationRow).where(LateApplicationRow.id == application_id, late_visible_to(by))
    row = await session.scalar(statement.with_for_update() if locked else statement)
    if row is None:
        raise NotFound
    return row


async def get_extension(session: AsyncSession, extension_id: UUID, *, by: Principal) -> ExtensionRow:
    statement = select(ExtensionRow).where(ExtensionRow.id == extension_id, extensions_visible_to(by))
    row = await session.scalar(statement.with_for_update())
    if row is None:
        raise NotFound
    return row
