"""Sources, and what a reported fact is about."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.submissions.models import SourceRow, SubmissionRow
from services.submissions.queries.facts import TargetFacts
from services.submissions.replicas import (
    IndicatorReplica,
    OfficerReplica,
    PeriodReplica,
    TargetReplica,
    UnitReplica,
)


async def sources_in(session: AsyncSession, paths: Sequence[str]) -> Sequence[SourceRow]:
    rows = (await session.scalars(select(SourceRow).order_by(SourceRow.id))).all()
    return [row for row in rows if any(row.scope_path.startswith(path) for path in paths)]


async def reported_before(session: AsyncSession, source_id: UUID, ref: str) -> SubmissionRow | None:
    statement = select(SubmissionRow).where(
        SubmissionRow.source_id == source_id, SubmissionRow.source_ref == ref
    )
    return await session.scalar(statement)


async def subject_of(
    session: AsyncSession, *, police_number: str | None, unit_code: str | None
) -> UUID | None:
    if police_number is not None:
        statement = select(OfficerReplica.id).where(OfficerReplica.police_number == police_number)
        return await session.scalar(statement.limit(1))
    return await session.scalar(select(UnitReplica.id).where(UnitReplica.code == unit_code).limit(1))


async def target_of(
    session: AsyncSession, *, indicator_code: str, subject_id: UUID, day: date
) -> TargetFacts | None:
    """The issued target of the subject for an indicator of that code in the period of that day."""
    statement = (
        select(TargetReplica, IndicatorReplica, PeriodReplica, UnitReplica)
        .join(IndicatorReplica, IndicatorReplica.id == TargetReplica.indicator_id)
        .join(PeriodReplica, PeriodReplica.id == TargetReplica.period_id)
        .join(UnitReplica, UnitReplica.id == TargetReplica.unit_id)
        .where(
            TargetReplica.subject_id == subject_id,
            TargetReplica.status.in_(["issued", "acknowledged", "revised"]),
            IndicatorReplica.code == indicator_code,
            PeriodReplica.starts_on <= day,
            PeriodReplica.ends_on >= day,
        )
        .order_by(PeriodReplica.starts_on.desc(), TargetReplica.id.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).first()
    return TargetFacts(*row) if row else None
