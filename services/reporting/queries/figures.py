"""Plain sums, for checks against the ledger."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.replicas import EntryReplica, StatementReplica, SubmissionReplica


async def entry_sums(session: AsyncSession, period_id: UUID) -> dict[str, tuple[int, int]]:
    """Kind → (entries, thousandths)."""
    query = select(EntryReplica.kind, func.count(), func.sum(EntryReplica.points_milli))
    rows = await session.execute(query.where(EntryReplica.period_id == period_id).group_by(EntryReplica.kind))
    return {kind: (count, int(total)) for kind, count, total in rows.all()}


async def statement_sums(session: AsyncSession, period_id: UUID) -> dict[str, tuple[int, int]]:
    """Kind of subject → (statements, thousandths)."""
    query = select(StatementReplica.subject_kind, func.count(), func.sum(StatementReplica.total_milli))
    rows = await session.execute(
        query.where(StatementReplica.period_id == period_id).group_by(StatementReplica.subject_kind)
    )
    return {kind: (count, int(total)) for kind, count, total in rows.all()}


async def submission_counts(session: AsyncSession, period_id: UUID) -> dict[str, int]:
    query = select(SubmissionReplica.status, func.count()).where(SubmissionReplica.period_id == period_id)
    rows = await session.execute(query.group_by(SubmissionReplica.status))
    return {row[0]: row[1] for row in rows}
