"""What a revised rule is applied to: everybody who has work for an indicator in a period, some hundred at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from services.scoring.models import EntryRow, ShortfallRow
from services.scoring.queries.facts import COUNTED, FRESH, LIVE_TARGETS, SEALED
from services.scoring.replicas import PeriodReplica, SubmissionReplica, TargetReplica


async def subjects_of(
    session: AsyncSession,
    indicator_id: UUID,
    period_id: UUID,
    *,
    after: UUID | None,
    limit: int,
    closed: bool,
) -> Sequence[UUID]:
    """Who has work for the indicator in the period, or, once it is closed out, a target: by id, from behind `after`."""
    rows: list[type[SubmissionReplica | TargetReplica]] = (
        [SubmissionReplica, TargetReplica] if closed else [SubmissionReplica]
    )
    found = union(
        *(
            select(row.subject_id).where(row.indicator_id == indicator_id, row.period_id == period_id)
            for row in rows
        )
    ).subquery()
    # A union of one select does not make its rows distinct.
    query = select(found.c.subject_id).distinct().order_by(found.c.subject_id).limit(limit)
    return (await session.scalars(query if after is None else query.where(found.c.subject_id > after))).all()


async def accepted_of(
    session: AsyncSession, indicator_id: UUID, period_id: UUID, only: Collection[UUID]
) -> dict[UUID, list[SubmissionReplica]]:
    """Subject → what counts for the indicator in the period, in an order that does not depend on arrival."""
    query = select(SubmissionReplica).where(
        SubmissionReplica.indicator_id == indicator_id,
        SubmissionReplica.period_id == period_id,
        SubmissionReplica.status.in_(COUNTED),
        SubmissionReplica.accepted_quantity > 0,
        SubmissionReplica.subject_id.in_(only),
    )
    order = (SubmissionReplica.subject_id, SubmissionReplica.event_date, SubmissionReplica.id)
    found: dict[UUID, list[SubmissionReplica]] = defaultdict(list)
    for row in await session.scalars(query.order_by(*order), execution_options=FRESH):
        found[row.subject_id].append(row)
    return found


async def targets_of(
    session: AsyncSession, indicator_id: UUID, period_id: UUID, only: Collection[UUID]
) -> dict[UUID, TargetReplica]:
    """Subject → its live target."""
    query = select(TargetReplica).where(
        TargetReplica.indicator_id == indicator_id,
        TargetReplica.period_id == period_id,
        TargetReplica.status.in_(LIVE_TARGETS),
        TargetReplica.subject_id.in_(only),
    )
    rows = await session.scalars(query.order_by(TargetReplica.id.desc()), execution_options=FRESH)
    return {row.subject_id: row for row in rows}  # of several, the one with the least id


async def posted_of(
    session: AsyncSession, indicator_id: UUID, period_id: UUID, only: Collection[UUID]
) -> dict[UUID, int]:
    query = select(EntryRow.subject_id, func.sum(EntryRow.points_milli)).where(
        EntryRow.indicator_id == indicator_id, EntryRow.period_id == period_id, EntryRow.subject_id.in_(only)
    )
    rows = (await session.execute(query.group_by(EntryRow.subject_id))).all()
    return {subject_id: int(total) for subject_id, total in rows}


async def periods_of(session: AsyncSession, indicator_id: UUID) -> Sequence[PeriodReplica]:
    """The periods, not sealed, in which there is work for the indicator, or its absence has been scored."""
    touched = select(SubmissionReplica.period_id).where(SubmissionReplica.indicator_id == indicator_id)
    closed = (
        select(ShortfallRow.period_id)
        .join(TargetReplica, TargetReplica.period_id == ShortfallRow.period_id)
        .where(TargetReplica.indicator_id == indicator_id)
    )
    query = select(PeriodReplica).where(
        or_(PeriodReplica.id.in_(touched), PeriodReplica.id.in_(closed)), PeriodReplica.status != SEALED
    )
    return (await session.scalars(query.order_by(PeriodReplica.id), execution_options=FRESH)).all()
