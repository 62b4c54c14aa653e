"""Writing acts down, and numbering and chaining them after commit: no transaction waits for another's number."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from kernel.audit.metrics import RECORDS_CHAINED
from kernel.audit.record import audit_hash

BATCH = 1000

_WRITE = text("INSERT INTO audit.record (id, body) SELECT * FROM unnest(:ids, :bodies)").bindparams(
    bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))), bindparam("bodies", type_=ARRAY(TEXT))
)
_TAKE = text(
    "DELETE FROM audit.unchained u USING audit.record r WHERE r.id = u.record_id "
    "AND u.n IN (SELECT n FROM audit.unchained ORDER BY n LIMIT :limit) RETURNING u.n, r.id, r.body"
)
_CHAIN = text(
    "INSERT INTO audit.chain (seq, record_id, prev_hash, hash) VALUES (:seq, :record_id, :prev_hash, :hash)"
)


async def write(session: AsyncSession, records: Sequence[tuple[UUID, str]]) -> None:
    """Records (id, body) into the transaction of the acts that they tell of."""
    ids, bodies = zip(*records, strict=True)
    await session.execute(_WRITE, {"ids": list(ids), "bodies": list(bodies)})


async def chain_batch(engine: AsyncEngine, service: str) -> int:
    """Number and chain what waits, in the order in which it was written. How many records that were."""
    async with engine.begin() as connection:
        # Looked for first: taking the lock is a write, and would be one twice a second where nothing happens.
        if not await connection.scalar(text("SELECT EXISTS (SELECT FROM audit.unchained)")):
            return 0
        # The row lock is the real fence: a leader that was paused blocks here, and then sees the true end.
        end = (await connection.execute(text("SELECT last_seq, last_hash FROM audit.state FOR UPDATE"))).one()
        waiting = sorted((await connection.execute(_TAKE, {"limit": BATCH})).all(), key=lambda row: row.n)
        if not waiting:
            return 0
        links, prev = [], str(end.last_hash)
        for seq, row in enumerate(waiting, start=end.last_seq + 1):
            made = audit_hash(prev, seq, row.body)
            links.append({"seq": seq, "record_id": row.id, "prev_hash": prev, "hash": made})
            prev = made
        await connection.execute(_CHAIN, links)
        await connection.execute(
            text("UPDATE audit.state SET last_seq = :seq, last_hash = :hash"),
            {"seq": end.last_seq + len(links), "hash": prev},
        )
    RECORDS_CHAINED.labels(service).inc(len(links))
    return len(links)
