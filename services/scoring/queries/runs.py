"""Scorings by a plan, and whom each of them moved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from kernel.errors import NotFound
from kernel.identity import Principal
from services.scoring.models import PlanRunRow, ReadingRow
from services.scoring.queries import closing

_MOVED = text(
    """
    WITH own AS (
      SELECT subject_kind, subject_id, min(seq) AS first, sum(points_milli)::bigint AS moved,
        min(submission_id::text)::uuid AS submission_id
      FROM ledger_entry WHERE period_id = :period AND source_event_id = :run GROUP BY subject_kind, subject_id
    )
    SELECT own.subject_kind, own.subject_id, coalesce(o.name, u.name, '') AS name, own.submission_id, own.moved,
      coalesce((SELECT sum(points_milli) FROM ledger_entry e
        WHERE e.subject_id = own.subject_id AND e.period_id = :period AND e.seq < own.first), 0)::bigint AS before
    FROM own LEFT JOIN officer o ON o.id = own.subject_id LEFT JOIN unit u ON u.id = own.subject_id
    ORDER BY abs(own.moved) DESC, own.subject_id LIMIT :limit
    """
)


async def runs(
    session: AsyncSession,
    page: PageRequest,
    principal: Principal,
    period_id: UUID,
    cause_id: UUID | None = None,
) -> tuple[list[PlanRunRow], str | None]:
    """Newest first, for who sees the whole scheme. `cause_id`: those that an event, award, decision or appeal led to."""
    await closing.covered(session, period_id, principal, "scoring:read")
    query = select(PlanRunRow).where(PlanRunRow.period_id == period_id)
    if cause_id is not None:
        query = query.where(PlanRunRow.causes.contains([{"cause_id": str(cause_id)}]))
    return await fetch_page(session, query, [PlanRunRow.id], page, key=lambda row: [row.id], descending=True)


async def run(session: AsyncSession, run_id: UUID, principal: Principal) -> PlanRunRow:
    row = await session.get(PlanRunRow, run_id)
    if row is None:
        raise NotFound
    await closing.covered(session, row.period_id, principal, "scoring:read")
    return row


async def moved(session: AsyncSession, run: PlanRunRow, limit: int) -> Sequence[Row[Any]]:
    """Thousandths before and moved, the largest moves first."""
    return (await session.execute(_MOVED, {"period": run.period_id, "run": run.id, "limit": limit})).all()


async def readings(
    session: AsyncSession, page: PageRequest, principal: Principal, period_id: UUID, subject_id: UUID | None
) -> tuple[list[ReadingRow], str | None]:
    await closing.covered(session, period_id, principal, "scoring:read")
    query = select(ReadingRow).where(ReadingRow.period_id == period_id)
    if subject_id is not None:
        query = query.where(ReadingRow.subject_id == subject_id)
    return await fetch_page(session, query, [ReadingRow.id], page, key=lambda row: [row.id])
