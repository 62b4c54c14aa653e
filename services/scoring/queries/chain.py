"""The ledger's chain, checked where the ledger lies: every entry hashed anew, every link compared.

In two statements, so that several processors hash; of links there is one order only, and they cost little.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Date, FromClause, Uuid, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.scoring.domain.ledger import GENESIS
from services.scoring.models import EntryRow

#: Columns that are hashed as numbers; all others as texts, or null.
_NUMBERS: Final = frozenset({"line_no", "points_milli", "rule_revision"})
#: Columns whose text never has anything in it that JSON escapes.
_PLAIN: Final = (Uuid, Date)
_NOT_HASHED: Final = frozenset({"seq", "prev_hash", "hash"})


def _canonical(table: FromClause) -> str:
    """SQL for the canonical JSON of an entry: what `domain.ledger.entry_hash` hashes (a test holds them equal)."""
    columns = sorted((c for c in table.columns if c.name not in _NOT_HASHED), key=lambda c: c.name)
    parts = [f"""'{"," if n else "{"}"{c.name}":' || {_member(c)}""" for n, c in enumerate(columns)]
    return " || ".join(parts) + " || '}'"


def _member(column: ColumnElement[Any]) -> str:
    name = f"e.{column.key}"
    if column.key in _NUMBERS:
        return f"coalesce({name}::text, 'null')"
    if isinstance(column.type, _PLAIN):
        return f"coalesce('\"' || {name} || '\"', 'null')"
    return f"coalesce(to_json({name}::text)::text, 'null')"


_JSON: Final = _canonical(EntryRow.__table__)
# A filter, not a condition: looking for the least along the index, the planner would take one processor.
_ALTERED: Final = text(
    f"""
    SELECT min(e.seq) FILTER (WHERE e.hash IS DISTINCT FROM
      encode(sha256('\\x12'::bytea || decode(e.prev_hash, 'hex') || int8send(e.seq) || convert_to({_JSON}, 'UTF8')), 'hex'))
    FROM ledger_entry e WHERE e.seq > :seq
    """  # noqa: S608 -- names of our own columns
)
_LINKS: Final = text(
    """
    SELECT min(seq) FILTER (WHERE prev_hash IS DISTINCT FROM before OR seq <> number) AS broken, max(seq) AS last,
      (SELECT hash FROM ledger_entry ORDER BY seq DESC LIMIT 1) AS hash
    FROM (
      SELECT e.seq, e.prev_hash, lag(e.hash, 1, CAST(:hash AS text)) OVER chain AS before,
        CAST(:seq AS bigint) + row_number() OVER chain AS number
      FROM ledger_entry e WHERE e.seq > :seq WINDOW chain AS (ORDER BY e.seq)
    ) AS linked
    """
)


async def broken_at(
    session: AsyncSession, *, after: int = 0, digest: str = GENESIS
) -> tuple[int | None, int, str]:
    """The first entry that is not what its hash says or does not follow the one before; last number and hash of the chain.

    From a place that is known to be right: `digest` is the hash of entry `after`.
    """
    altered = await session.scalar(_ALTERED, {"seq": after})
    row = (await session.execute(_LINKS, {"seq": after, "hash": digest})).one()
    broken = min((seq for seq in (altered, row.broken) if seq is not None), default=None)
    last = after if row.last is None else int(row.last)
    return broken, last, digest if row.hash is None else str(row.hash)
