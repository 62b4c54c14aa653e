"""Reading a service's own event log: what the feed serves and the relay publishes."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Envelope, Headers
from kernel.bus.protocol import GENESIS, Head

COLUMNS = (
    "epoch, seq, event_id, type, aggregate_id, aggregate_version, order_key, body, headers, created_at, "
    "content_hash, prev_hash, hash"
)


def envelope(stream: str, row: Row[Any]) -> Envelope:
    return Envelope.model_construct(
        stream=stream,
        epoch=row.epoch,
        seq=row.seq,
        event_id=row.event_id,
        type=row.type,
        aggregate_id=row.aggregate_id,
        aggregate_version=row.aggregate_version,
        order_key=row.order_key,
        body=row.body,
        headers=Headers.model_validate(row.headers),
        created_at=row.created_at,
        content_hash=row.content_hash,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )


async def head(session: AsyncSession) -> Head:
    row = (await session.execute(text("SELECT epoch, last_seq, last_hash FROM bus.stream_state"))).first()
    return Head(row.epoch, row.last_seq, row.last_hash) if row else Head()


async def hash_at(session: AsyncSession, seq: int) -> str | None:
    """The chain hash at a number; the genesis at 0, None beyond the head."""
    if seq == 0:
        return GENESIS
    found: str | None = await session.scalar(
        text("SELECT hash FROM bus.event_log WHERE seq = :seq"), {"seq": seq}
    )
    return found


async def events_after(session: AsyncSession, stream: str, seq: int, limit: int) -> list[Envelope]:
    rows = await session.execute(
        text(f"SELECT {COLUMNS} FROM bus.event_log WHERE seq > :seq ORDER BY seq LIMIT :limit"),  # noqa: S608 -- constant
        {"seq": seq, "limit": limit},
    )
    return [envelope(stream, row) for row in rows]
