"""Which boards there are."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reporting.models import VersionLineRow
from services.reporting.queries.basis import UNASSIGNED
from services.reporting.replicas import OfficerReplica, SeriesReplica, StatementReplica, UnitReplica


@dataclass(frozen=True, slots=True)
class Summary:
    subject_kind: str
    series_id: UUID | None
    series_name: str
    ranked: int
    highest_milli: int
    mean_milli: int


async def summary(session: AsyncSession, period_id: UUID) -> list[Summary]:
    """The boards there are in a period: kind and series, with how many stand on them."""
    result = []
    for kind, subject, series_column in (
        ("unit", UnitReplica, UnitReplica.series_id),
        ("officer", OfficerReplica, OfficerReplica.series_id),
    ):
        query = (
            select(
                series_column,
                SeriesReplica.name,
                func.count(),
                func.max(StatementReplica.total_milli),
                func.round(func.avg(StatementReplica.total_milli)),
            )
            .select_from(StatementReplica)
            .join(subject, subject.id == StatementReplica.subject_id)
            .outerjoin(SeriesReplica, SeriesReplica.id == series_column)
            .where(StatementReplica.period_id == period_id, StatementReplica.subject_kind == kind)
            .group_by(series_column, SeriesReplica.name)
            .order_by(SeriesReplica.name)
        )
        if kind == "unit":
            query = query.where(UnitReplica.level > 1)
        for series_id, name, count, highest, mean in (await session.execute(query)).all():
            result.append(Summary(kind, series_id, name or UNASSIGNED, count, int(highest), int(mean)))
    return result


async def series_of(session: AsyncSession, period_id: UUID, kind: str) -> list[tuple[UUID | None, str]]:
    """(id, name) of the series with somebody on a board of the kind."""
    return [(s.series_id, s.series_name) for s in await summary(session, period_id) if s.subject_kind == kind]


async def series_of_version(
    session: AsyncSession, version_id: UUID, kind: str
) -> list[tuple[UUID | None, str]]:
    """The same of figures that stand still: series as they were then; the bureau itself stands on no board."""
    line = VersionLineRow
    root = select(UnitReplica.id).where(UnitReplica.level == 1)
    query = (
        select(line.series_id, SeriesReplica.name)
        .outerjoin(SeriesReplica, SeriesReplica.id == line.series_id)
        .where(line.version_id == version_id, line.subject_kind == kind, line.subject_id.not_in(root))
        .group_by(line.series_id, SeriesReplica.name)
        .order_by(SeriesReplica.name)
    )
    return [(row[0], row[1] or UNASSIGNED) for row in await session.execute(query)]
