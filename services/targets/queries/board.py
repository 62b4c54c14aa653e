"""The coverage board over all levels: each target with where it has got to, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class BoardState(StrEnum):
    """Where a target has got to; the first that fits."""

    DRAFT = "draft"
    ORPHANED = "orphaned"
    REFUSED = "refused"
    ISSUED = "issued"  # not acknowledged
    NOT_HANDED_DOWN = "not_handed_down"
    PARTLY = "partly"
    DOUBLY = "doubly"  # parts add up to more than the target
    DECOMPOSED = "decomposed"
    ACKNOWLEDGED = "acknowledged"  # and there is nothing to hand down


#: Of one target its live parts: for a page, one look-up a row.
_PARTS_OF_ONE: Final = """LATERAL (
    SELECT sum(part.quantity) AS total, count(*) AS parts,
           count(*) FILTER (WHERE part.status IN ('issued', 'revised')) AS waiting
    FROM target part WHERE part.parent_id = t.id AND part.status <> 'withdrawn' HAVING count(*) > 0) d ON true"""
#: Of all targets of the period at once: for sums over everything.
_PARTS_OF_ALL: Final = """(
    SELECT part.parent_id, sum(part.quantity) AS total, count(*) AS parts,
           count(*) FILTER (WHERE part.status IN ('issued', 'revised')) AS waiting
    FROM target part
    WHERE part.period_id = :period_id AND part.parent_id IS NOT NULL AND part.status <> 'withdrawn'
    GROUP BY part.parent_id) d ON d.parent_id = t.id"""
_BOARD: Final = """
SELECT * FROM (
  SELECT t.id, t.indicator_id, i.code AS indicator_code, i.name AS indicator_name, i.position,
    CASE WHEN t.subject_kind = 'unit' THEN u.level ELSE 5 END AS level, t.subject_kind, t.subject_id, t.unit_id,
    u.code AS unit_code, u.name AS unit_name, u.path, coalesce(o.name, u.name) AS subject_name,
    o.police_number, t.quantity, t.status, t.issued_at, t.acknowledged_at, t.refusal_reason, t.orphaned_on,
    coalesce(d.total, 0) AS handed_down, coalesce(d.parts, 0) AS parts, coalesce(d.waiting, 0) AS parts_waiting,
    CASE WHEN t.status = 'draft' THEN 'draft'
      WHEN t.orphaned_on IS NOT NULL THEN 'orphaned'
      WHEN t.refused_at IS NOT NULL THEN 'refused'
      WHEN t.status IN ('issued', 'revised') THEN 'issued'
      WHEN t.subject_kind = 'officer' OR i.subject_kind = 'unit' AND d.parts IS NULL OR t.quantity = 0 THEN 'acknowledged'
      WHEN d.parts IS NULL THEN 'not_handed_down'
      WHEN d.total < t.quantity THEN 'partly'
      WHEN d.total > t.quantity THEN 'doubly' ELSE 'decomposed' END AS state,
    coalesce(t.orphaned_on::timestamptz, t.refused_at, CASE WHEN t.status IN ('issued', 'revised') THEN t.issued_at END,
      t.acknowledged_at, t.created_at) AS since
  FROM target t
  JOIN indicator i ON i.id = t.indicator_id
  JOIN unit u ON u.id = t.unit_id
  LEFT JOIN officer o ON o.id = t.subject_id
  LEFT JOIN {parts}
  WHERE t.scheme_id = :scheme_id AND t.period_id = :period_id AND t.status <> 'withdrawn'
    AND starts_with(u.path, :path) AND (CAST(:after_path AS text) IS NULL OR u.path >= :after_path)
    AND (CAST(:indicator_id AS uuid) IS NULL OR t.indicator_id = :indicator_id)
    AND (CAST(:level AS int) IS NULL OR :level = CASE WHEN t.subject_kind = 'unit' THEN u.level ELSE 5 END)
) board
WHERE (CAST(:states AS text[]) IS NULL OR state = ANY(:states))
  AND (CAST(:q AS text) IS NULL OR position(:q in subject_name) > 0 OR position(:q in indicator_name) > 0
       OR position(lower(:q) in lower(unit_code)) > 0 OR police_number = :q)
  AND (CAST(:after_path AS text) IS NULL
       OR (path, position, id) > (:after_path, CAST(:after_position AS bigint), CAST(:after_id AS uuid)))
"""
_ONE_BY_ONE: Final = _BOARD.format(parts=_PARTS_OF_ONE)
_ALL: Final = _BOARD.format(parts=_PARTS_OF_ALL)


@dataclass(frozen=True, slots=True)
class BoardFilter:
    scheme_id: UUID
    period_id: UUID
    path: str
    indicator_id: UUID | None = None
    level: int | None = None
    states: Sequence[BoardState] | None = None
    q: str | None = None


async def board(
    session: AsyncSession, wanted: BoardFilter, *, after: Sequence[Any] | None, limit: int
) -> list[Any]:
    statement = text(f"{_ONE_BY_ONE} ORDER BY path, position, id LIMIT {limit:d}")
    return list((await session.execute(statement, _values(wanted, after))).all())


async def counts(session: AsyncSession, wanted: BoardFilter) -> dict[tuple[int, str], int]:
    """How many targets of each level are in each state."""
    statement = text(f"SELECT level, state, count(*) AS n FROM ({_ALL}) b GROUP BY level, state")  # noqa: S608
    rows = await session.execute(statement, _values(wanted, None))
    return {(row.level, row.state): row.n for row in rows}


async def heat(session: AsyncSession, wanted: BoardFilter, *, level: int) -> list[Any]:
    """By unit of that level and indicator, all below counted in: how much is acknowledged, handed down, in trouble."""
    statement = text(
        "SELECT top.id AS unit_id, top.code AS unit_code, top.name AS unit_name, b.indicator_id, count(*) AS targets, "  # noqa: S608
        "count(*) FILTER (WHERE state NOT IN ('draft', 'issued', 'refused')) AS acknowledged, "
        "count(*) FILTER (WHERE state IN ('decomposed', 'acknowledged', 'doubly')) AS settled, "
        "count(*) FILTER (WHERE state IN ('refused', 'orphaned', 'doubly', 'not_handed_down')) AS trouble "
        f"FROM ({_ALL}) b "
        "JOIN (SELECT below.id AS below_id, above.* FROM unit below "
        "      JOIN unit above ON above.level = :top_level AND starts_with(below.path, above.path)) top "
        "ON top.below_id = b.unit_id "
        "GROUP BY top.id, top.code, top.name, b.indicator_id, b.position ORDER BY top.code, top.id, b.position"
    )
    values = _values(wanted, None) | {"top_level": level}
    return list((await session.execute(statement, values)).all())


def days_since(since: datetime, now: datetime) -> int:
    return max(0, (now - since).days)


def _values(wanted: BoardFilter, after: Sequence[Any] | None) -> dict[str, Any]:
    return {
        "scheme_id": wanted.scheme_id,
        "period_id": wanted.period_id,
        "path": wanted.path,
        "indicator_id": wanted.indicator_id,
        "level": wanted.level,
        "states": [state.value for state in wanted.states] if wanted.states else None,
        "q": wanted.q,
        "after_path": after[0] if after else None,
        "after_position": after[1] if after else None,
        "after_id": after[2] if after else None,
    }
