"""每日摘要: in the morning, one line for everybody for whom anything waits."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import text

from kernel.delivery.transaction import Transaction
from kernel.ids import new_id
from services.targets import messages
from services.targets.actions.hooking import enqueue
from services.targets.models import DigestRow
from services.targets.queries.due import DUE

#: By recipient: an officer for himself, a unit for its leaders. Of the periods that are open and of published schemes.
_DIGEST: Final = f"""
WITH open_periods AS (
  SELECT p.id FROM period p JOIN scheme s ON s.id = p.scheme_id
  WHERE p.status = 'open' AND s.status = 'published' AND p.starts_on <= :day),
due AS (SELECT * FROM ({DUE.replace(":periods", "ARRAY(SELECT id FROM open_periods)")}) d WHERE sent_at IS NULL),
lines AS (
  SELECT subject_kind AS kind, subject_id AS id,
         count(*) FILTER (WHERE due_at >= :now) AS unsent, count(*) FILTER (WHERE due_at < :now) AS overdue,
         0::bigint AS unacknowledged, 0::bigint AS unsplit, 0::bigint AS notes_open, 0::bigint AS notes_overdue,
         min(due_at) FILTER (WHERE due_at >= :now) AS next_due_at
  FROM due GROUP BY subject_kind, subject_id
  UNION ALL
  SELECT t.subject_kind, t.subject_id, 0, 0,
         count(*) FILTER (WHERE t.status IN ('issued', 'revised') AND t.refused_at IS NULL),
         count(*) FILTER (WHERE t.subject_kind = 'unit' AND i.subject_kind IN ('officer', 'both') AND t.quantity > 0
           AND coalesce((SELECT sum(part.quantity) FROM target part
                         WHERE part.parent_id = t.id AND part.status <> 'withdrawn'), 0) < t.quantity),
         0, 0, NULL
  FROM target t JOIN indicator i ON i.id = t.indicator_id
  WHERE t.status IN ('issued', 'acknowledged', 'revised') AND t.period_id IN (SELECT id FROM open_periods)
  GROUP BY t.subject_kind, t.subject_id
  UNION ALL
  SELECT 'unit', addressee_unit_id, 0, 0, 0, 0, count(*), count(*) FILTER (WHERE answer_due < :now), min(answer_due)
  FROM supervision_note WHERE status IN ('issued', 'returned') GROUP BY addressee_unit_id)
SELECT kind, id, sum(unsent)::bigint AS unsent, sum(overdue)::bigint AS overdue,
       sum(unacknowledged)::bigint AS unacknowledged, sum(unsplit)::bigint AS unsplit,
       sum(notes_open)::bigint AS notes_open, sum(notes_overdue)::bigint AS notes_overdue,
       min(next_due_at) AS next_due_at
FROM lines GROUP BY kind, id
HAVING sum(unsent + overdue + unacknowledged + unsplit + notes_open) > 0
  AND NOT EXISTS (SELECT 1 FROM digest g WHERE g.day = :day AND g.recipient_id = lines.id)
ORDER BY id
"""  # noqa: S608 -- a constant of this module


async def digest(tx: Transaction, *, zone: ZoneInfo) -> int:
    """Of today, for whom there is none yet; how many were made."""
    now = await tx.now()
    day: date = now.astimezone(zone).date()
    found = (await tx.session.execute(text(_DIGEST), {"now": now, "day": day})).mappings()
    rows = [
        DigestRow(
            id=new_id(),
            recipient_kind=line["kind"],
            recipient_id=line["id"],
            day=day,
            **{name: line[name] for name in _COUNTED},
            next_due_at=line["next_due_at"],
        )
        for line in found
    ]
    tx.session.add_all(rows)
    await tx.publish_many(messages.digest, rows)
    await enqueue(tx, "digest", [messages.digest(row) for row in rows])
    return len(rows)


_COUNTED: Final = ("unsent", "overdue", "unacknowledged", "unsplit", "notes_open", "notes_overdue")
