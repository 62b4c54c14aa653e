"""Numbers and chains committed events: the only writer of the event log (reliability.md D1.4).

Numbers are given after commit by one leader, so they have no holes and no inversions, whatever the transactions did.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.bus.canonical import canonical_json
from kernel.bus.protocol import GENESIS, Head, Unstamped, stamp
from kernel.delivery.metrics import EVENTS_STAMPED
from kernel.delivery.transaction import Database
from kernel.ids import new_id

BATCH = 500
EPOCH_OPENED = "bus.epoch_opened.v1"

_IDENTITY = text(
    "SELECT (SELECT system_identifier FROM pg_control_system())::text AS system_id, "
    "(SELECT timeline_id FROM pg_control_checkpoint()) AS timeline"
)
_TAKE = text(
    "DELETE FROM bus.outbox WHERE id IN (SELECT id FROM bus.outbox ORDER BY id LIMIT :limit) "
    "RETURNING id, event_id, type, aggregate_id, aggregate_version, order_key, body, headers::text AS headers, created_at"
)
_WRITE = text(
    "INSERT INTO bus.event_log (seq, epoch, event_id, type, aggregate_id, aggregate_version, order_key, body, headers, "
    "created_at, content_hash, prev_hash, hash) VALUES (:seq, :epoch, :event_id, :type, :aggregate_id, "
    ":aggregate_version, :order_key, :body, CAST(:headers AS jsonb), :created_at, :content_hash, :prev_hash, :hash)"
)


async def open_stream(db: Database, stream: str) -> None:
    """Make sure the stream has a state; open a new epoch if the database is another one than before.

    After a restore or a fail-over numbers may be used again; the epoch in the chain tells the two histories apart.
    """
    async with db.engine.begin() as connection:
        here = (await connection.execute(_IDENTITY)).one()
        state = (await connection.execute(text("SELECT * FROM bus.stream_state FOR UPDATE"))).first()
        facts = {"system_id": here.system_id, "timeline": here.timeline}
        if state is None:
            await connection.execute(
                text(
                    "INSERT INTO bus.stream_state (epoch, last_seq, last_hash, system_id, timeline) "
                    "VALUES (1, 0, :genesis, :system_id, :timeline) ON CONFLICT DO NOTHING"
                ),
                facts | {"genesis": GENESIS},
            )
        elif (state.system_id, state.timeline) != (here.system_id, here.timeline):
            await connection.execute(
                text(
                    "UPDATE bus.stream_state SET epoch = epoch + 1, system_id = :system_id, timeline = :timeline, "
                    "opened_at = clock_timestamp()"
                ),
                facts,
            )
            await connection.execute(
                text(
                    "INSERT INTO bus.incident (kind, stream, seq, detail) VALUES ('epoch_opened', :s, :seq, :detail)"
                ),
                {
                    "s": stream,
                    "seq": state.last_seq,
                    "detail": f"{state.system_id}/{state.timeline} -> {here}",
                },
            )
            await _tell_epoch(
                connection, stream, state.epoch + 1, Head(state.epoch, state.last_seq, state.last_hash)
            )


async def _tell_epoch(connection: AsyncConnection, stream: str, epoch: int, last: Head) -> None:
    """The first event of an epoch says where the one before ended here; whoever knows more has seen a fork."""
    body = {"stream": stream, "version": epoch, "epoch": epoch, "last_seq": last.seq, "last_hash": last.hash}
    await connection.execute(
        text(
            "INSERT INTO bus.outbox (event_id, type, aggregate_id, aggregate_version, order_key, body, headers) "
            "VALUES (:id, :type, :stream, :epoch, :key, :body, '{}')"
        ),
        {
            "id": new_id(), "type": EPOCH_OPENED, "stream": stream, "epoch": epoch, "key": f"bus.epoch:{stream}",
            "body": canonical_json(body),
        },
    )  # fmt: skip


async def stamp_batch(db: Database, stream: str) -> int:
    """Move one batch from the outbox to the log. How many were moved."""
    async with db.engine.begin() as connection:
        return await _stamp(connection, stream)


async def _stamp(connection: AsyncConnection, stream: str) -> int:
    # Looked for first: taking the lock is a write, and would be one twice a second where nothing happens.
    if not await connection.scalar(text("SELECT EXISTS (SELECT FROM bus.outbox)")):
        return 0
    # The row lock is the real fence: a leader that was paused blocks here, and then sees the true head.
    state = (
        await connection.execute(text("SELECT epoch, last_seq, last_hash FROM bus.stream_state FOR UPDATE"))
    ).one()
    rows = sorted((await connection.execute(_TAKE, {"limit": BATCH})).all(), key=lambda row: row.id)
    if not rows:
        return 0
    last = Head(state.epoch, state.last_seq, state.last_hash)
    stamps, last = stamp(last, state.epoch, [Unstamped(row.event_id, row.body) for row in rows])
    await connection.execute(
        _WRITE,
        [
            {
                "seq": place.seq,
                "epoch": place.epoch,
                "event_id": row.event_id,
                "type": row.type,
                "aggregate_id": row.aggregate_id,
                "aggregate_version": row.aggregate_version,
                "order_key": row.order_key,
                "body": row.body,
                "headers": row.headers,
                "created_at": row.created_at,
                "content_hash": place.content_hash,
                "prev_hash": place.prev_hash,
                "hash": place.hash,
            }
            for row, place in zip(rows, stamps, strict=True)
        ],
    )
    await connection.execute(
        text("UPDATE bus.stream_state SET last_seq = :seq, last_hash = :hash"),
        {"seq": last.seq, "hash": last.hash},
    )
    EVENTS_STAMPED.labels(stream).inc(len(rows))
    return len(rows)
