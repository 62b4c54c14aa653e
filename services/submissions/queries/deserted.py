"""Competent units all of whose reviewers must leave a work to others."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Of a unit without any reviewer nothing is said here: that is for `org` to list, and its office sees the work anyway.
_DESERTED = text(
    """
    WITH barred AS MATERIALIZED (
      SELECT recusal.officer_id, recusal.subject_id, below.path
      FROM recusal LEFT JOIN unit below ON recusal.subject_kind = 'unit' AND below.id = recusal.subject_id
      WHERE recusal.in_force AND recusal.valid_from <= :day AND (recusal.valid_to IS NULL OR recusal.valid_to >= :day)
    ), reviewer AS MATERIALIZED (
      SELECT DISTINCT held.officer_id, held.lines, scope.path AS scope, home.path AS home
      FROM role_grant held
      JOIN unit scope ON scope.id = held.scope_unit_id
      JOIN posting ON posting.officer_id = held.officer_id AND NOT posting.deleted
      JOIN unit home ON home.id = posting.unit_id
      WHERE held.role IN ('assessor', 'assessment_office') AND held.status = 'approved'
        AND held.valid_from <= :day AND (held.valid_to IS NULL OR held.valid_to >= :day)
        AND posting.valid_from <= :day AND (posting.valid_to IS NULL OR posting.valid_to >= :day)
    ), matter AS (
      SELECT s.id, s.submitted_at, s.line, u.path, array_remove(ARRAY[s.subject_id, s.created_by, s.submitted_by], NULL) AS people,
        coalesce(CAST(:units AS uuid[]), ARRAY[s.authority_unit_id]) AS units
      FROM submission s JOIN unit u ON u.id = s.unit_id
      WHERE s.status = 'submitted' AND (CAST(:submission AS uuid) IS NULL OR s.id = CAST(:submission AS uuid)) AND EXISTS (
        SELECT FROM barred
        WHERE barred.subject_id IN (s.subject_id, s.created_by, s.submitted_by) OR starts_with(u.path, barred.path)
      )
    ), judged AS (
      SELECT m.id, m.submitted_at, a.id AS unit_id,
        r.officer_id <> ALL(m.people) AND NOT starts_with(r.home, m.path) AND NOT EXISTS (
          SELECT FROM barred b
          WHERE b.officer_id = r.officer_id AND (b.subject_id = ANY(m.people) OR starts_with(m.path, b.path))
        ) AS free
      FROM matter m
      JOIN unit a ON a.id = ANY(m.units)
      JOIN reviewer r ON starts_with(m.path, r.scope) AND starts_with(r.home, a.path)
        AND (r.lines = '[]' OR r.lines ? m.line)
    )
    SELECT id, unit_id FROM judged GROUP BY id, submitted_at, unit_id HAVING NOT bool_or(free)
    ORDER BY submitted_at, id LIMIT :most
    """
)


async def deserted_submissions(session: AsyncSession, day: date, *, most: int) -> Sequence[UUID]:
    """What waits at a unit where on this day nobody may review it for a recusal, the oldest first."""
    facts = {"day": day, "most": most, "units": None, "submission": None}
    return [row.id for row in (await session.execute(_DESERTED, facts)).all()]


async def deserted_units(
    session: AsyncSession, submission_id: UUID, units: Collection[UUID], day: date
) -> set[UUID]:
    """Those of the units where nobody may review it."""
    facts = {"day": day, "most": None, "units": list(units), "submission": submission_id}
    return {row.unit_id for row in (await session.execute(_DESERTED, facts)).all()}
