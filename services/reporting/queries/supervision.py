"""Where work stands: how old what waits is, and how near the deadline it was sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

#: Upper ends, in days, of the ages that waiting things are sorted into; the last is open.
AGES = (1, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`ages`: how many have waited up to 1, 3, 7, 14 days, and longer; of those past their date alone for what has one."""

    action: str
    unit_id: UUID | None
    unit_name: str | None
    ages: tuple[int, ...]


_AGES = text(
    """
    WITH open AS (
      SELECT t.action, coalesce(t.via_unit_id, t.unit_id, p.unit_id) AS unit_id,
             CASE WHEN t.action = 'submit' THEN CAST(:now AS timestamptz) - d.cutoff_at
                  WHEN t.due_at IS NOT NULL THEN CAST(:now AS timestamptz) - t.due_at
                  ELSE CAST(:now AS timestamptz) - t.opened_at END AS age
      FROM todo t
      LEFT JOIN period d ON d.id = t.period_id
      LEFT JOIN target p ON t.object_kind = 'target' AND p.id = t.object_id
      WHERE NOT t.closed AND (CAST(:period AS uuid) IS NULL OR t.period_id = :period))
    SELECT o.action, u.id AS unit_id, u.name,
           width_bucket(extract(epoch FROM o.age) / 86400, CAST(:ages AS double precision[])) AS bucket, count(*) AS n
    FROM open o JOIN unit u ON u.id = o.unit_id
    WHERE starts_with(u.path, :path) AND o.age > interval '0'
    GROUP BY o.action, u.id, u.name, bucket
    ORDER BY o.action, u.name
    """
)


async def by_age(session: AsyncSession, path: str, period_id: UUID | None, now: datetime) -> list[Waiting]:
    """By what is to be done and by the unit where it waits: reviews at the reviewing unit, targets at the carrying one."""
    facts = {"path": path, "period": period_id, "now": now, "ages": [float(age) for age in AGES]}
    grouped: dict[tuple[str, UUID], tuple[str, list[int]]] = {}
    for row in await session.execute(_AGES, facts):
        _, ages = grouped.setdefault((row.action, row.unit_id), (row.name, [0] * (len(AGES) + 1)))
        ages[row.bucket] += row.n
    return [Waiting(action, unit, name, tuple(ages)) for (action, unit), (name, ages) in grouped.items()]


@dataclass(frozen=True, slots=True)
class Sent:
    """So many were sent so many days before the last day (0: on it, below zero: after it)."""

    days_before: int
    submissions: int
    last_hours: int


_TIMING = text(
    """
    SELECT (CAST(d.cutoff_at AT TIME ZONE :zone AS date) - CAST(s.submitted_at AT TIME ZONE :zone AS date)) AS days,
           count(*) AS n, count(*) FILTER (WHERE s.submitted_at BETWEEN d.cutoff_at - interval '2 hours' AND d.cutoff_at) AS late
    FROM submission s JOIN period d ON d.id = s.period_id JOIN unit u ON u.id = s.unit_id
    WHERE s.period_id = :period AND s.submitted_at IS NOT NULL AND s.status NOT IN ('draft', 'withdrawn')
      AND starts_with(u.path, :path)
    GROUP BY days ORDER BY days DESC
    """
)


async def timing(session: AsyncSession, path: str, period_id: UUID, zone: str) -> list[Sent]:
    """By days in the bureau's zone, earliest first."""
    rows = await session.execute(_TIMING, {"path": path, "period": period_id, "zone": zone})
    return [Sent(row.days, row.n, row.late) for row in rows]
