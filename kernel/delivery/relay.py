"""Offers numbered events to the transport, in order; never skips, never gives up (reliability.md D1.4)."""

import time

from sqlalchemy import text

from kernel.bus.transport import Transport
from kernel.delivery import log
from kernel.delivery.metrics import EVENTS_PUBLISHED
from kernel.delivery.transaction import Database
from kernel.observability import tracing

BATCH = 200


async def relay_batch(db: Database, stream: str, transport: Transport) -> tuple[int, int]:
    """(offered, confirmed). Moves the cursor over the confirmed prefix only; a crash in between publishes again."""
    async with db.reading() as session:
        published = (
            await session.scalar(
                text("SELECT published_seq FROM bus.relay_cursor WHERE transport = :t"), {"t": transport.name}
            )
        ) or 0
        if not transport.carries:
            ahead = (await log.head(session)).seq - published
            envelopes = []
        else:
            envelopes = await log.events_after(session, stream, published, BATCH)
            ahead = len(envelopes)
    if not ahead:
        return 0, 0
    confirmed = ahead if not transport.carries else 0
    if transport.carries:
        began = time.time_ns()
        confirmed = await transport.publish(stream, envelopes)
        parents = [envelope.headers.traceparent for envelope in envelopes[:confirmed]]
        told = {"messaging_system": transport.name, "messaging_destination_name": stream}
        tracing.passed_on(f"publish {stream}", "producer", parents, began, **told)
    else:
        await transport.publish(stream, ())
    EVENTS_PUBLISHED.labels(stream, transport.name, "confirmed").inc(confirmed)
    EVENTS_PUBLISHED.labels(stream, transport.name, "unknown").inc(ahead - confirmed)
    if confirmed:
        await _advance(db, transport.name, published + confirmed)
    return ahead, confirmed


async def _advance(db: Database, transport: str, seq: int) -> None:
    async with db.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO bus.relay_cursor (transport, published_seq) VALUES (:t, :seq) ON CONFLICT (transport) "
                "DO UPDATE SET published_seq = greatest(bus.relay_cursor.published_seq, excluded.published_seq), "
                "updated_at = clock_timestamp()"
            ),
            {"t": transport, "seq": seq},
        )
