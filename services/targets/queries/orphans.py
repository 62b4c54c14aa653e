"""Whose targets have lost their subject: gone from the unit that carries them, left the service, unit closed."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.targets.models import TargetRow

#: The last day on which the subject is where its target is, and with it the first day without; NULL: to the end of the period.
_FOUND: Final = """
SELECT t.id,
  CASE WHEN t.subject_kind = 'officer' THEN
    CASE WHEN o.status NOT IN ('in_service', 'probation') AND s.last IS NULL THEN greatest(p.starts_on, :today)
         WHEN NOT s.known THEN NULL
         WHEN s.any_posting IS NOT TRUE THEN p.starts_on
         WHEN s.last < p.ends_on THEN greatest(s.last + 1, p.starts_on) END
  WHEN u.valid_to < p.ends_on THEN greatest(u.valid_to + 1, p.starts_on) END AS orphaned_on
FROM target t
JOIN period p ON p.id = t.period_id AND p.status <> 'sealed'
JOIN unit u ON u.id = t.unit_id
LEFT JOIN officer o ON o.id = t.subject_id
LEFT JOIN LATERAL (
  SELECT bool_or(a.unit_id = t.unit_id AND NOT a.deleted) AS any_posting, count(*) > 0 AS known,
         CASE WHEN bool_or(a.unit_id = t.unit_id AND NOT a.deleted AND a.valid_to IS NULL) THEN NULL
              ELSE max(a.valid_to) FILTER (WHERE a.unit_id = t.unit_id AND NOT a.deleted) END AS last
  FROM posting a WHERE a.officer_id = t.subject_id) s ON true
WHERE t.subject_id = ANY(:subjects) AND t.status <> 'withdrawn'
"""


async def with_targets(session: AsyncSession, subjects: Collection[UUID]) -> set[UUID]:
    """Of these officers and units, those with a live target in a period that is not sealed."""
    statement = text(
        "SELECT DISTINCT t.subject_id FROM target t JOIN period p ON p.id = t.period_id AND p.status <> 'sealed' "
        "WHERE t.subject_id = ANY(:subjects) AND t.status <> 'withdrawn'"
    )
    return set((await session.execute(statement, {"subjects": list(subjects)})).scalars())


async def orphaned(
    session: AsyncSession, subjects: Collection[UUID], *, today: date
) -> list[tuple[TargetRow, date | None]]:
    """Their live targets, locked, with the first day on which each has no subject any more."""
    found: Any = await session.execute(text(_FOUND), {"subjects": list(subjects), "today": today})
    days = {row.id: row.orphaned_on for row in found}
    rows = await session.scalars(
        select(TargetRow).where(TargetRow.id.in_(days)).order_by(TargetRow.id).with_for_update()
    )
    return [(row, days[row.id]) for row in rows]
