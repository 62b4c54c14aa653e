"""Parts of the whole: files for the nightly check, decided work for a second look."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.models import DrawRow, SampleRow, SubmissionRow
from services.submissions.replicas import UnitReplica

# So many of the submissions with files; by default one in a hundred, at least one.
_SAMPLE = text(
    """
    WITH filed AS (SELECT evidence FROM submission WHERE jsonb_array_length(evidence) > 0)
    SELECT DISTINCT f->>'sha256' AS sha256
    FROM (SELECT evidence FROM filed ORDER BY random()
          LIMIT coalesce(CAST(:most AS bigint), greatest((SELECT count(*) / 100 FROM filed), 1))) AS drawn,
         jsonb_array_elements(drawn.evidence) AS f
    """
)


async def some_files(session: AsyncSession, *, most: int | None = None) -> list[str]:
    """The files of submissions drawn by chance: of `most` of them, or of one in a hundred."""
    return list((await session.scalars(_SAMPLE, {"most": most})).all())


async def candidates_in(
    session: AsyncSession, period_id: UUID, indicator_id: UUID | None, paths: Sequence[str]
) -> dict[UUID, tuple[UUID, Decimal]]:
    """Decided work of the period in these subtrees: by whom, and what was accepted."""
    inside = [func.starts_with(UnitReplica.path, path) for path in paths]
    statement = (
        select(SubmissionRow.id, SubmissionRow.decided_by, SubmissionRow.accepted_quantity)
        .join(UnitReplica, UnitReplica.id == SubmissionRow.unit_id)
        .where(
            SubmissionRow.period_id == period_id,
            SubmissionRow.status.in_(["accepted", "refused"]),
            SubmissionRow.decided_by.is_not(None),
            or_(false(), *inside),
        )
    )
    if indicator_id is not None:
        statement = statement.where(SubmissionRow.indicator_id == indicator_id)
    rows = (await session.execute(statement)).all()
    return {row.id: (row.decided_by, row.accepted_quantity) for row in rows}


async def sample_of(session: AsyncSession, sample_id: UUID, officer_id: UUID | None) -> SampleRow | None:
    """The sample, locked, if that officer has taken it."""
    statement = select(SampleRow).where(SampleRow.id == sample_id, SampleRow.reviewer_id == officer_id)
    return await session.scalar(statement.with_for_update())


async def draws_of(session: AsyncSession, period_id: UUID | None, paths: Sequence[str]) -> Sequence[Any]:
    """Draws of the office, each with how many were answered and how many agree; the latest first."""
    answered = func.count(SampleRow.answered_at)
    agreeing = func.count().filter(SampleRow.agrees.is_(True))
    statement = (
        select(DrawRow, answered, agreeing)
        .outerjoin(SampleRow, SampleRow.draw_id == DrawRow.id)
        .where(or_(false(), *(func.starts_with(DrawRow.scope_path, path) for path in paths)))
        .group_by(DrawRow.id)
        .order_by(DrawRow.id.desc())
        .limit(100)
    )
    if period_id is not None:
        statement = statement.where(DrawRow.period_id == period_id)
    return (await session.execute(statement)).all()


async def disagreements(session: AsyncSession, draw_id: UUID) -> Sequence[Any]:
    """Samples that were judged differently, with the work's number."""
    statement = (
        select(SampleRow, SubmissionRow.number)
        .join(SubmissionRow, SubmissionRow.id == SampleRow.submission_id)
        .where(SampleRow.draw_id == draw_id, SampleRow.agrees.is_(False))
        .order_by(SampleRow.id)
    )
    return (await session.execute(statement)).all()
