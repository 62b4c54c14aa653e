"""Targets for which something is due: until when, whether work was sent, by whom it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

#: Every binding target that somebody has to send work for, with its deadline and what was sent. A unit's target that was
#: split is the business of its parts. `:periods` narrows it down.
DUE: Final = """
SELECT t.id, t.scheme_id, t.period_id, t.indicator_id, t.subject_kind, t.subject_id, t.unit_id, t.quantity,
       t.status, u.path, c.id AS campaign_id, greatest(coalesce(c.cutoff_at, p.cutoff_at), x.until) AS due_at,
       s.sent_at
FROM target t
JOIN period p ON p.id = t.period_id
JOIN indicator i ON i.id = t.indicator_id
JOIN unit u ON u.id = t.unit_id
LEFT JOIN LATERAL (
  SELECT c.id, c.cutoff_at FROM campaign c
  WHERE c.period_id = t.period_id AND c.status = 'open' AND c.indicator_ids @> to_jsonb(t.indicator_id::text)
    AND (c.unit_ids = '[]'::jsonb OR EXISTS (
      SELECT 1 FROM unit m WHERE c.unit_ids @> to_jsonb(m.id::text) AND starts_with(u.path, m.path)))
  LIMIT 1) c ON true
LEFT JOIN LATERAL (
  SELECT max(e.until) AS until FROM extension e LEFT JOIN unit eu ON eu.id = e.unit_id
  WHERE e.period_id = t.period_id AND NOT e.revoked
    AND (e.target_id IS NULL OR e.target_id = t.id)
    AND (e.indicator_id IS NULL OR e.indicator_id = t.indicator_id)
    AND (e.campaign_id IS NULL OR e.campaign_id = c.id)
    AND (e.unit_id IS NULL OR starts_with(u.path, eu.path))) x ON true
LEFT JOIN LATERAL (
  SELECT min(coalesce(s.submitted_at, 'epoch'::timestamptz)) AS sent_at FROM submission s
  WHERE s.target_id = t.id AND s.status NOT IN ('draft', 'withdrawn', 'returned')) s ON true
WHERE t.status IN ('issued', 'acknowledged', 'revised') AND t.quantity > 0 AND i.active
  AND i.module NOT IN ('mod_attendance', 'mod_deduction')
  AND (t.subject_kind = 'officer' OR (i.subject_kind IN ('unit', 'both') AND NOT EXISTS (
    SELECT 1 FROM target part WHERE part.parent_id = t.id AND part.status <> 'withdrawn')))
  AND t.period_id = ANY(:periods)
"""

_DEADLINES: Final = """
SELECT p.id AS period_id, p.scheme_id, d.due_at
FROM period p
JOIN scheme s ON s.id = p.scheme_id AND s.status = 'published'
CROSS JOIN LATERAL (
  SELECT p.cutoff_at AS due_at
  UNION SELECT c.cutoff_at FROM campaign c WHERE c.period_id = p.id AND c.status = 'open'
  UNION SELECT e.until FROM extension e WHERE e.period_id = p.id AND NOT e.revoked
) d
WHERE p.status = 'open' AND d.due_at > :now
ORDER BY d.due_at
"""

_MISSING: Final = f"""
SELECT subject_kind, subject_id, unit_id, scheme_id, period_id, campaign_id,
       array_agg(id ORDER BY id) AS target_ids
FROM ({DUE}) due
WHERE due_at = :due_at AND sent_at IS NULL
GROUP BY subject_kind, subject_id, unit_id, scheme_id, period_id, campaign_id
ORDER BY subject_id, campaign_id
"""  # noqa: S608 -- a constant of this module

#: What a person or unit is reminded of by hand: by cause, inside a subtree.
_BY_HAND: Final = {
    "unsent": f"SELECT * FROM ({DUE}) due WHERE sent_at IS NULL AND starts_with(path, :path)",  # noqa: S608
    "unacknowledged": """
SELECT t.*, u.path, NULL::uuid AS campaign_id, p.cutoff_at AS due_at
FROM target t JOIN period p ON p.id = t.period_id JOIN unit u ON u.id = t.unit_id
WHERE t.status IN ('issued', 'revised') AND t.refused_at IS NULL
  AND t.period_id = ANY(:periods) AND starts_with(u.path, :path)""",
    "unsplit": """
SELECT t.*, u.path, NULL::uuid AS campaign_id, p.cutoff_at AS due_at
FROM target t JOIN period p ON p.id = t.period_id JOIN unit u ON u.id = t.unit_id
JOIN indicator i ON i.id = t.indicator_id
WHERE t.status IN ('issued', 'acknowledged', 'revised') AND t.subject_kind = 'unit' AND t.quantity > 0
  AND i.subject_kind IN ('officer', 'both') AND t.period_id = ANY(:periods) AND starts_with(u.path, :path)
  AND coalesce((SELECT sum(part.quantity) FROM target part
                WHERE part.parent_id = t.id AND part.status <> 'withdrawn'), 0) < t.quantity""",
}
_GROUPED: Final = """
SELECT subject_kind, subject_id, unit_id, scheme_id, period_id, campaign_id, due_at,
       array_agg(id ORDER BY id) AS target_ids
FROM ({found}) found
GROUP BY subject_kind, subject_id, unit_id, scheme_id, period_id, campaign_id, due_at
ORDER BY subject_id, campaign_id
"""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing by one recipient for one deadline."""

    recipient_kind: str
    recipient_id: UUID
    unit_id: UUID
    scheme_id: UUID
    period_id: UUID
    campaign_id: UUID | None
    target_ids: list[UUID]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    period_id: UUID
    scheme_id: UUID
    due_at: datetime


async def deadlines_ahead(session: AsyncSession, now: datetime) -> list[Deadline]:
    """The different moments at which something runs out in open periods."""
    rows = (await session.execute(text(_DEADLINES), {"now": now})).mappings()
    return [Deadline(**row) for row in rows]


async def missing_at(session: AsyncSession, deadline: Deadline) -> list[Missing]:
    values = {"periods": [deadline.period_id], "due_at": deadline.due_at}
    rows = (await session.execute(text(_MISSING), values)).all()
    return [_missing(row, deadline.due_at) for row in rows]


async def missing_inside(
    session: AsyncSession, cause: str, period_id: UUID, path: str, *, subjects: Sequence[UUID]
) -> list[Missing]:
    """Of everybody in the subtree, or of these only."""
    statement = text(_GROUPED.format(found=_BY_HAND[cause]))
    rows = (await session.execute(statement, {"periods": [period_id], "path": path})).all()
    wanted = set(subjects)
    return [_missing(row, row.due_at) for row in rows if not wanted or row.subject_id in wanted]


def _missing(row: Any, due_at: datetime) -> Missing:
    return Missing(
        row.subject_kind,
        row.subject_id,
        row.unit_id,
        row.scheme_id,
        row.period_id,
        row.campaign_id,
        list(row.target_ids),
        due_at,
    )


_STILL_OPEN: Final = """
SELECT r.id FROM reminder r
WHERE r.settled_at IS NULL AND r.id = ANY(:ids) AND EXISTS (
  SELECT 1 FROM target t
  WHERE t.id IN (SELECT x::uuid FROM jsonb_array_elements_text(r.target_ids) x)
    AND t.status IN ('issued', 'acknowledged', 'revised')
    AND CASE r.cause
      WHEN 'unsent' THEN NOT EXISTS (
        SELECT 1 FROM submission s WHERE s.target_id = t.id AND s.status NOT IN ('draft', 'withdrawn', 'returned'))
      WHEN 'unacknowledged' THEN t.status IN ('issued', 'revised') AND t.refused_at IS NULL
      ELSE coalesce((SELECT sum(part.quantity) FROM target part
                     WHERE part.parent_id = t.id AND part.status <> 'withdrawn'), 0) < t.quantity
    END)
"""


async def still_open(session: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    """Of these reminders, those for which something is still missing."""
    return set((await session.execute(text(_STILL_OPEN), {"ids": list(ids)})).scalars())
