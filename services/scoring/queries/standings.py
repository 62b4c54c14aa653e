"""Standings as they are kept: who sees them, what later periods need to know of earlier ones."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db.paging import PageRequest, fetch_page
from kernel.identity import Principal
from rules.calendars.spans import Span
from rules.standing.records import Position, Record
from services.scoring.models import StandingRow, StandingRunRow
from services.scoring.queries import lists, planned
from services.scoring.replicas import PeriodReplica, SchemeReplica, UnitReplica

#: So many periods before one are looked at for runs and ladders.
MOST_PERIODS = 36
#: Why somebody has nothing: nothing applied, nothing was submitted, or all of it was refused or sent back.
_ZEROS = text(
    """
    SELECT a.subject_id, CASE
      WHEN bool_or(s.status IN ('accepted', 'under_appeal', 'upheld', 'changed', 'sealed') AND s.accepted_quantity > 0) THEN 'scored'
      WHEN bool_or(s.status IN ('refused', 'returned', 'changed')) THEN 'rejected'
      WHEN bool_or(s.id IS NOT NULL) THEN 'not_decided'
      WHEN bool_or(a.goal) THEN 'not_submitted' ELSE 'not_applicable' END AS why
    FROM (
      SELECT subject_id, true AS goal FROM target WHERE period_id = :period AND status IN ('issued', 'acknowledged', 'revised')
      UNION SELECT subject_id, false FROM submission WHERE period_id = :period
      UNION SELECT subject_id, false FROM reading WHERE period_id = :period
    ) AS a LEFT JOIN submission s ON s.subject_id = a.subject_id AND s.period_id = :period
    GROUP BY a.subject_id
    """
)


async def periods(session: AsyncSession) -> Sequence[PeriodReplica]:
    """Of schemes with a plan, sealed ones too, by their days."""
    query = (
        select(PeriodReplica)
        .join(SchemeReplica, SchemeReplica.id == PeriodReplica.scheme_id)
        .where(planned.by_plan())
        .order_by(PeriodReplica.starts_on, PeriodReplica.id)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def history(session: AsyncSession, period: PeriodReplica) -> dict[str, tuple[Record, ...]]:
    """Subject → its records in earlier periods of the scheme, oldest first."""
    earlier = (
        select(PeriodReplica)
        .where(PeriodReplica.scheme_id == period.scheme_id, PeriodReplica.ends_on < period.starts_on)
        .order_by(PeriodReplica.ends_on.desc())
        .limit(MOST_PERIODS)
    )
    spans = {
        row.id: Span(row.code, row.starts_on, row.ends_on) for row in (await session.scalars(earlier)).all()
    }
    found: dict[str, list[Record]] = defaultdict(list)
    rows = (await session.scalars(select(StandingRow).where(StandingRow.period_id.in_(spans)))).all()
    for row in sorted(rows, key=lambda each: spans[each.period_id].start):
        span = spans[row.period_id]
        positions = {scope: Position(*values) for scope, values in row.positions.items()}
        value = None if row.total is None else Fraction(row.total)
        found[str(row.subject_id)].append(Record(span, str(span.end.year), positions, row.grade, value))
    return {subject: tuple(records) for subject, records in found.items()}


async def held(session: AsyncSession, period_id: UUID) -> set[UUID]:
    query = select(StandingRow.subject_id).where(
        StandingRow.period_id == period_id, StandingRow.grade_state == "held"
    )
    return set((await session.scalars(query)).all())


async def zeros(session: AsyncSession, period_id: UUID) -> dict[UUID, str]:
    """Subject → why there is nothing, if there is nothing."""
    rows = (await session.execute(_ZEROS, {"period": period_id})).all()
    return {row.subject_id: row.why for row in rows}


async def listed(
    session: AsyncSession, page: PageRequest, principal: Principal, **filters: Any
) -> tuple[list[StandingRow], str | None]:
    """As statements are seen: one's own, one's units', and the subtrees of one's grants."""
    query = (
        select(StandingRow)
        .join(UnitReplica, UnitReplica.id == StandingRow.unit_id)
        .where(lists.visible_to(principal, StandingRow))
    )
    for name, wanted in filters.items():
        if wanted is not None:
            query = query.where(getattr(StandingRow, name) == wanted)
    return await fetch_page(session, query, [StandingRow.subject_id], page, key=lambda row: [row.subject_id])


async def run(session: AsyncSession, period_id: UUID) -> StandingRunRow | None:
    return await session.get(StandingRunRow, period_id)
