"""What a consumer recorded and the producer's history has no more: kept aside, with its key held, until it is settled.

A ghost is `open` until it comes back (`returned`), or two people at the producer refuse to take it back, or the producer
made something else of it (`refused`); the applier then undoes its effect (`reversed`).
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from contracts.envelope import Envelope, Headers
from kernel.bus.protocol import GENESIS

HELD = "state IN ('open', 'refused')"
_COPIED = (
    "consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers, created_at"
)
_IDS = bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True)))

# What the bus itself says (an epoch opened) has no effect that could be undone, and nobody misses it.
# The applier may be at work on a row: its lock is waited for, so that the ghost knows whether there is an effect.
_WAIT = text(
    "SELECT event_id FROM bus.inbox WHERE consumer = :consumer AND stream = :stream AND seq > :ancestor "
    "ORDER BY seq FOR UPDATE"
)
_SET_ASIDE = text(
    f"""
    WITH trail AS (
      SELECT *, lag(hash, 1, :genesis) OVER (ORDER BY seq) AS prev_hash FROM bus.inbox
      WHERE consumer = :consumer AND stream = :stream AND seq >= :ancestor
    )
    INSERT INTO bus.ghost ({_COPIED}, prev_hash, inbox_state, attempts, recorded_at, applied_at, ancestor, state)
    SELECT {_COPIED}, prev_hash, state, attempts, recorded_at, applied_at, :ancestor,
      CASE WHEN type LIKE 'bus.%' THEN 'reversed' ELSE 'open' END FROM trail WHERE seq > :ancestor
    ON CONFLICT (consumer, stream, event_id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq,
      prev_hash = excluded.prev_hash, hash = excluded.hash, content_hash = excluded.content_hash, body = excluded.body,
      inbox_state = excluded.inbox_state, attempts = excluded.attempts, recorded_at = excluded.recorded_at,
      applied_at = excluded.applied_at, ancestor = excluded.ancestor, state = excluded.state, found_at = clock_timestamp(),
      offered_at = NULL, settled_at = NULL, resolution = NULL, last_error = NULL
    """  # noqa: S608 -- constants
)
_FORGET = text("DELETE FROM bus.inbox WHERE consumer = :consumer AND stream = :stream AND seq > :ancestor")
_RETURN = text(
    f"""
    WITH back AS (
      UPDATE bus.ghost SET state = 'returned', settled_at = clock_timestamp(), resolution = :resolution
      WHERE consumer = :consumer AND stream = :stream AND event_id = :event_id AND {HELD} RETURNING *
    )
    INSERT INTO bus.inbox ({_COPIED}, state, attempts, recorded_at, applied_at)
    SELECT consumer, stream, event_id, :epoch, :seq, :hash, content_hash, type, order_key, body, headers, created_at,
      inbox_state, attempts, recorded_at, applied_at FROM back
    """  # noqa: S608 -- constants
)
_REFUSE = text(
    "UPDATE bus.ghost SET state = 'refused', resolution = :resolution "
    "WHERE consumer = :consumer AND stream = :stream AND event_id = :event_id AND state = 'open'"
)
_TO_OFFER = text(
    "SELECT * FROM bus.ghost WHERE consumer = :consumer AND stream = :stream AND state = 'open' AND offered_at IS NULL "
    "ORDER BY seq LIMIT :limit"
)
_OFFERED = text(
    "UPDATE bus.ghost SET offered_at = CASE WHEN :yes THEN clock_timestamp() END "
    "WHERE consumer = :consumer AND stream = :stream AND event_id = ANY(:ids)"
).bindparams(_IDS)
_AWAITED = text(
    "SELECT event_id FROM bus.ghost WHERE consumer = :consumer AND stream = :stream AND state = 'open' "
    "AND offered_at IS NOT NULL ORDER BY seq LIMIT :limit"
)
_SETTLE_FORK = text(
    """
    UPDATE bus.incident SET resolved_at = clock_timestamp(), resolution = 'every ghost is settled'
    WHERE kind = 'fork' AND stream = :stream AND resolved_at IS NULL AND NOT EXISTS (
      SELECT FROM bus.ghost WHERE consumer = :consumer AND stream = :stream AND state IN ('open', 'refused'))
    """
)
_LIST = text(
    "SELECT stream, event_id, epoch, seq, type, order_key, inbox_state, state, found_at, offered_at, settled_at, resolution, "
    "last_error, body FROM bus.ghost WHERE (:all OR state IN ('open', 'refused')) ORDER BY stream, found_at DESC, seq LIMIT 500"
)


async def set_aside(connection: AsyncConnection, consumer: str, stream: str, ancestor: int) -> int:
    """Move what was recorded beyond the common ancestor out of the inbox. How many ghosts that makes."""
    facts = {"consumer": consumer, "stream": stream, "ancestor": ancestor}
    await connection.execute(_WAIT, facts)
    made = await connection.execute(_SET_ASIDE, facts | {"genesis": GENESIS})
    await connection.execute(_FORGET, facts)
    return int(made.rowcount)


async def give_back(connection: AsyncConnection, consumer: str, envelope: Envelope) -> None:
    """The event is in the producer's history again: back into the inbox, at its new place, with what was done of it."""
    facts = {
        "consumer": consumer, "stream": envelope.stream, "event_id": envelope.event_id, "epoch": envelope.epoch,
        "seq": envelope.seq, "hash": envelope.hash, "resolution": f"{envelope.epoch}/{envelope.seq}",
    }  # fmt: skip
    await connection.execute(_RETURN, facts)


async def refuse(
    connection: AsyncConnection, consumer: str, stream: str, event_id: UUID, resolution: str
) -> None:
    facts = {"consumer": consumer, "stream": stream, "event_id": event_id, "resolution": resolution}
    await connection.execute(_REFUSE, facts)


async def to_offer(connection: AsyncConnection, consumer: str, stream: str, limit: int) -> list[Envelope]:
    """Open ghosts that the producer was not told of, oldest first."""
    rows = await connection.execute(_TO_OFFER, {"consumer": consumer, "stream": stream, "limit": limit})
    return [_envelope(row) for row in rows]


async def offered(
    connection: AsyncConnection, consumer: str, stream: str, ids: Sequence[UUID], *, yes: bool
) -> None:
    """Note that the producer has, or no longer has, the offer."""
    await connection.execute(_OFFERED, {"consumer": consumer, "stream": stream, "ids": list(ids), "yes": yes})


async def awaited(connection: AsyncConnection, consumer: str, stream: str, limit: int) -> list[UUID]:
    """Ghosts whose verdict is awaited."""
    rows = await connection.execute(_AWAITED, {"consumer": consumer, "stream": stream, "limit": limit})
    return [row.event_id for row in rows]


async def settle_fork(connection: AsyncConnection, consumer: str, stream: str) -> None:
    """Close the incident if nothing is held any more."""
    await connection.execute(_SETTLE_FORK, {"consumer": consumer, "stream": stream})


async def listed(session: AsyncSession, *, settled: bool = False) -> list[dict[str, Any]]:
    """The ghosts of this service, `settled` ones too if asked for; at most 500."""
    rows = await session.execute(_LIST, {"all": settled})
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for it


def _envelope(row: Row[Any]) -> Envelope:
    # The thing and its version are in the body, which is what the hash covers.
    return Envelope(
        stream=row.stream, epoch=row.epoch, seq=row.seq, event_id=row.event_id, type=row.type, order_key=row.order_key,
        body=row.body, headers=Headers.model_validate(row.headers), created_at=row.created_at,
        content_hash=row.content_hash, prev_hash=row.prev_hash, hash=row.hash, **thing_of(row.body),
    )  # fmt: skip


def thing_of(body: str) -> dict[str, Any]:
    """Id and version of the thing that an event tells about."""
    said = json.loads(body)
    return {"aggregate_id": str(said["id"]), "aggregate_version": said["version"]}
