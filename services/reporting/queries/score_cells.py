"""The columns of the score table under its modules, and the cells: what the entries of an indicator add up to."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.identity import Principal
from services.reporting.queries.drill import visible_to
from services.reporting.replicas import EntryReplica, IndicatorReplica, UnitReplica


async def indicators_of(session: AsyncSession, scheme_id: UUID) -> list[IndicatorReplica]:
    """In the order of modules and codes; those that are not in use any more as well, they may have points."""
    query = select(IndicatorReplica).where(IndicatorReplica.scheme_id == scheme_id)
    return list(await session.scalars(query.order_by(IndicatorReplica.module, IndicatorReplica.code)))


async def cells(
    session: AsyncSession, period_id: UUID, subjects: Collection[UUID], principal: Principal
) -> dict[tuple[UUID, UUID], int]:
    """Thousandths by subject and indicator, as far as the reader may look behind the figures.

    What is not there has no entries, which is not zero.
    """
    query = (
        select(EntryReplica.subject_id, EntryReplica.indicator_id, func.sum(EntryReplica.points_milli))
        .join(UnitReplica, UnitReplica.id == EntryReplica.unit_id)
        .where(
            EntryReplica.period_id == period_id,
            EntryReplica.subject_id.in_(subjects),
            EntryReplica.indicator_id.is_not(None),
            visible_to(principal, EntryReplica),
        )
        .group_by(EntryReplica.subject_id, EntryReplica.indicator_id)
    )
    rows = (await session.execute(query)).all()
    return {(subject, indicator): int(milli) for subject, indicator, milli in rows if indicator is not None}
