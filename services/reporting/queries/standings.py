"""The setting by which a scheme ranks, grades and draws consequences."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.bus.canonical import canonical_json
from rules.standing import Standing, parse_standing
from services.reporting.models import StandingSettingRow
from services.reporting.replicas import SchemeReplica

_NEWEST = (
    select(StandingSettingRow)
    .where(StandingSettingRow.scheme_id == bindparam("scheme", type_=Uuid))
    .order_by(StandingSettingRow.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Pin:
    """What a paper was made of: its versions, and the setting that held then (None: there was none)."""

    versions: frozenset[UUID]
    setting_id: UUID | None


@lru_cache(maxsize=64)
def _parse(text: str) -> Standing:
    """One setting is asked for at every board of its scheme."""
    return parse_standing(json.loads(text))


async def standing_of(session: AsyncSession, scheme: SchemeReplica, pin: Pin | None = None) -> Standing:
    """What the assessment office set here; else what the scheme's plan says; else plain competition ranks."""
    row = await setting(session, scheme.id, pin)
    if row is not None:
        return _parse(canonical_json(row.data))
    plan = (scheme.plan or {}).get("plan") or {}
    return _parse(canonical_json(plan.get("standing") or {}))


async def red_line_of(
    session: AsyncSession, scheme_id: UUID, series_id: UUID | None, pin: Pin | None = None
) -> Decimal | None:
    """The total below which an explanation is owed in the series; None if it has none."""
    row = await setting(session, scheme_id, pin)
    found = row.red_lines.get(str(series_id)) if row is not None else None
    return None if found is None else Decimal(found)


async def setting(session: AsyncSession, scheme_id: UUID, pin: Pin | None) -> StandingSettingRow | None:
    """The pinned one, or the newest."""
    if pin is None:
        return await newest(session, scheme_id)
    return await session.get(StandingSettingRow, pin.setting_id) if pin.setting_id is not None else None


async def newest(session: AsyncSession, scheme_id: UUID) -> StandingSettingRow | None:
    return (await session.scalars(_NEWEST, {"scheme": scheme_id})).first()
