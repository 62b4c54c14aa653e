"""The ledger's chain, checked where the ledger lies: every entry hashed anew, every link compared, in one statement."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.scoring.domain.ledger import GENESIS
from services.scoring.models import EntryRow

#: Columns that are hashed as numbers; all others as texts, or null.
_NUMBERS: Final = frozenset({"line_no", "points_milli", "rule_revision"})
_NOT_HASHED: Final = frozenset({"seq", "prev_hash", "hash"})


def _canonical(names: Sequence[str]) -> str:
    """SQL for the canonical JSON of an entry: what `domain.ledger.entry_hash` hashes (a test holds them equal)."""
    parts = [
        f"'\"{name}\":' || coalesce({f'e.{name}::text' if name in _NUMBERS else f'to_json(e.{name}::text)::text'}, 'null')"
        for name in sorted(names)
    ]
    return "'{' || " + " || ',' || ".join(parts) + " || '}'"


_JSON: Final = _canonical(
    [column.name for column in EntryRow.__table__.columns if column.name not in _NOT_HASHED]
)
_BROKEN: Final = text(
    f"""
    SELECT count(*) AS entries, min(seq) FILTER (WHERE NOT hashed OR prev_hash IS DISTINCT FROM before OR seq <> number) AS broken,
      max(seq) AS last, (SELECT hash FROM ledger_entry ORDER BY seq DESC LIMIT 1) AS hash
    FROM (
      SELECT e.seq, e.prev_hash, lag(e.hash, 1, CAST(:hash AS text)) OVER chain AS before,
        CAST(:seq AS bigint) + row_number() OVER chain AS number,
        e.hash = encode(sha256('\\x12'::bytea || decode(e.prev_hash, 'hex') || int8send(e.seq) || convert_to({_JSON}, 'UTF8')), 'hex')
          AS hashed
      FROM ledger_entry e WHERE e.seq > :seq WINDOW chain AS (ORDER BY e.seq)
    ) AS checked
    """  # noqa: S608 -- names of our own columns
)


async def broken_at(
    session: AsyncSession, *, after: int = 0, digest: str = GENESIS
) -> tuple[int | None, int, str]:
    """The first entry that is not what its hash says or does not follow the one before; last number and hash of the chain.

    From a place that is known to be right: `digest` is the hash of entry `after`.
    """
    row = (await session.execute(_BROKEN, {"seq": after, "hash": digest})).one()
    last = after if row.last is None else int(row.last)
    return row.broken, last, digest if row.hash is None else str(row.hash)
