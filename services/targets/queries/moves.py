"""Schemes in force for those who keep the roster, with what of them is sealed already."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.identity import Principal
from services.targets.domain.scheme import SchemeState
from services.targets.models import PeriodRow, SchemeRow
from services.targets.queries.visibility import units_inside


async def met(
    session: AsyncSession, since: date, *, by: Principal
) -> list[tuple[SchemeRow, Sequence[PeriodRow]]]:
    """Published schemes inside the roster administrator's scopes; of each the sealed periods that end on `since` or later."""
    inside = [SchemeRow.scope_unit_id.in_(units_inside(scope.path)) for scope in by.scopes("org:roster")]
    query = select(SchemeRow).where(SchemeRow.status == SchemeState.PUBLISHED, or_(false(), *inside))
    schemes = (await session.scalars(query.order_by(SchemeRow.code, SchemeRow.id))).all()
    sealed = select(PeriodRow).where(PeriodRow.status == "sealed", PeriodRow.ends_on >= since)
    periods = (await session.scalars(sealed.order_by(PeriodRow.starts_on))).all()
    return [(scheme, [one for one in periods if one.scheme_id == scheme.id]) for scheme in schemes]
