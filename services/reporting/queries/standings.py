"""The setting by which a scheme ranks, grades and draws consequences."""

import json
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.canonical import canonical_json
from rules.standing import Standing, parse_standing
from services.reporting.models import StandingSettingRow
from services.reporting.replicas import SchemeReplica


@lru_cache(maxsize=64)
def _parse(text: str) -> Standing:
    """One setting is asked for at every board of its scheme."""
    return parse_standing(json.loads(text))


async def standing_of(session: AsyncSession, scheme: SchemeReplica) -> Standing:
    """What the assessment office set here; else what the scheme's plan says; else plain competition ranks."""
    row = await newest(session, scheme.id)
    if row is not None:
        return _parse(canonical_json(row.data))
    plan = (scheme.plan or {}).get("plan") or {}
    return _parse(canonical_json(plan.get("standing") or {}))


async def red_line_of(session: AsyncSession, scheme_id: UUID, series_id: UUID | None) -> Decimal | None:
    """The total below which an explanation is owed in the series; None if it has none."""
    row = await newest(session, scheme_id)
    found = row.red_lines.get(str(series_id)) if row is not None else None
    return None if found is None else Decimal(found)


async def newest(session: AsyncSession, scheme_id: UUID) -> StandingSettingRow | None:
    query = select(StandingSettingRow).where(StandingSettingRow.scheme_id == scheme_id)
    return (await session.scalars(query.order_by(StandingSettingRow.number.desc()).limit(1))).first()
