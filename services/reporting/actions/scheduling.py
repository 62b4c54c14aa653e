"""Drafts that the calendar makes. It may run twice, here and elsewhere: one occasion has one draft."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.targets import SchemeStatus
from kernel.delivery.transaction import Database
from kernel.errors import Problem
from services.reporting.actions.bulletins import draft
from services.reporting.domain.report import BulletinKind
from services.reporting.domain.schedule import LONGEST_AGO, Occasion, by_version, by_week
from services.reporting.domain.versions import VersionKind
from services.reporting.models import VersionRow
from services.reporting.queries.bulletins import has_one
from services.reporting.queries.drafting import Wanted
from services.reporting.queries.periods import months_of
from services.reporting.replicas import CampaignReplica, PeriodReplica, SchemeReplica
from services.reporting.settings import House

_log = structlog.get_logger(__name__)


async def draft_due(db: Database, house: House, now: datetime, kinds: frozenset[BulletinKind]) -> int:
    """Each in a transaction of its own; how many were made. One that cannot be made is written to the log."""
    today = now.astimezone(house.zone).date()
    async with db.reading() as session:
        due = [
            found for found in await _due(session, now, today, kinds) if not await has_one(session, *found)
        ]
    made = 0
    for scheme_id, occasion in due:
        wanted = Wanted(
            occasion.kind, scheme_id, occasion.period_id, occasion.figures, house, occasion.week_of,
            occasion.campaign_id,
        )  # fmt: skip
        try:
            async with db.transaction() as tx:
                await tx.lock("bulletin-occasion", str(scheme_id), occasion.key)
                if not await has_one(tx.session, scheme_id, occasion):
                    await draft(tx, wanted, by=None, occasion=occasion.key)
                    made += 1
        except Problem as problem:
            _log.warning(
                "bulletin_not_drafted", occasion=occasion.key, scheme=str(scheme_id), error=problem.text("en")
            )
    return made


async def _due(
    session: AsyncSession, now: datetime, today: date, kinds: frozenset[BulletinKind]
) -> list[tuple[UUID, Occasion]]:
    found: list[tuple[UUID, Occasion]] = []
    for scheme_id, versions in (await _versions(session)).items():
        fresh = {period for period, (_, at) in versions.items() if now - at <= LONGEST_AGO}
        if fresh:
            months = await months_of(session, scheme_id)
            states = {period: kind for period, (kind, _) in versions.items()}
            found += [(scheme_id, o) for o in by_version(months, states, kinds) if o.period_id in fresh]
    query = (
        select(PeriodReplica.scheme_id, PeriodReplica.id, PeriodReplica.starts_on, PeriodReplica.ends_on)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(SchemeReplica.status == SchemeStatus.PUBLISHED, PeriodReplica.ends_on >= today - LONGEST_AGO)
    )
    periods: dict[UUID, list[tuple[UUID, date, date]]] = defaultdict(list)
    for row in await session.execute(query):
        periods[row[0]].append((row[1], row[2], row[3]))
    for scheme_id, spans in periods.items():
        found += [(scheme_id, occasion) for occasion in by_week(spans, today, kinds)]
    if BulletinKind.CAMPAIGN in kinds:
        found += await _campaigns(session, now)
    return found


async def _versions(session: AsyncSession) -> dict[UUID, dict[UUID, tuple[VersionKind, datetime]]]:
    """Scheme → period → the newest state that is public or sealed, and since when."""
    query = select(VersionRow.scheme_id, VersionRow.period_id, VersionRow.kind, VersionRow.at)
    query = query.where(VersionRow.withdrawn.is_(False), VersionRow.kind != VersionKind.TRIAL)
    found: dict[UUID, dict[UUID, tuple[VersionKind, datetime]]] = defaultdict(dict)
    for row in await session.execute(query.order_by(VersionRow.log_seq)):
        found[row[0]][row[1]] = (VersionKind(row[2]), row[3])
    return found


async def _campaigns(session: AsyncSession, now: datetime) -> list[tuple[UUID, Occasion]]:
    """Those whose time is over."""
    query = select(CampaignReplica).where(
        CampaignReplica.cutoff_at <= now,
        CampaignReplica.cutoff_at > now - LONGEST_AGO,
        CampaignReplica.status != "draft",
    )
    rows = await session.scalars(query.order_by(CampaignReplica.code))
    return [
        (
            row.scheme_id,
            Occasion(
                f"campaign:{row.id}",
                BulletinKind.CAMPAIGN,
                row.period_id,
                VersionKind.LIVE,
                campaign_id=row.id,
            ),
        )
        for row in rows
    ]
