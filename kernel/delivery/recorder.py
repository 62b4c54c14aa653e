"""Copies events into the consumer's inbox, in order, once, and only if the chain holds (reliability.md D1.6)."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Envelope
from kernel.bells import Bell
from kernel.bus.protocol import GENESIS, Head, Known, Level, Step, compare, decide
from kernel.delivery.feed import Feed
from kernel.delivery.metrics import CURSOR, LAG, PULLED_PAGES, RECORDED
from kernel.delivery.transaction import Database

PAGE = 500
_log = structlog.get_logger(__name__)

_KNOWN = text(
    "SELECT event_id, epoch, seq, hash, content_hash FROM bus.inbox "
    "WHERE consumer = :consumer AND stream = :stream AND event_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
_INSERT = text(
    "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers, "
    "created_at) VALUES (:consumer, :stream, :event_id, :epoch, :seq, :hash, :content_hash, :type, :order_key, :body, "
    "CAST(:headers AS jsonb), :created_at)"
)


class Recorder:
    """One consumer's copy of one stream. `recorded` rings the applier."""

    def __init__(self, db: Database, consumer: str, stream: str, feed: Feed, recorded: Bell) -> None:
        self._db, self._feed, self._recorded = db, feed, recorded
        self.consumer, self.stream = consumer, stream
        self.wanted = Bell()

    async def record(self, envelopes: Sequence[Envelope]) -> bool:
        """Write what is next in line. False when something must be pulled, or a person must look."""
        if not envelopes:
            return True
        async with self._db.engine.begin() as connection:
            mode, cursor = await self._cursor(connection)
            if mode != "live":
                return False
            known = await self._known(connection, [e.event_id for e in envelopes])
            fresh: list[Envelope] = []
            step = Step.RECORD
            for envelope in envelopes:
                step = decide(cursor, envelope, known.get(envelope.event_id))
                RECORDED.labels(self.consumer, self.stream, step.value).inc()
                if step in {Step.RECORD, Step.RESEQUENCE}:
                    cursor = Head(envelope.epoch, envelope.seq, envelope.hash)
                    known[envelope.event_id] = Known(
                        envelope.epoch, envelope.seq, envelope.hash, envelope.content_hash
                    )
                    if step is Step.RECORD:
                        fresh.append(envelope)
                elif step is not Step.DUPLICATE:
                    await self._stop(connection, step, envelope)
                    break
            await self._write(connection, fresh, cursor)
        CURSOR.labels(self.consumer, self.stream).set(cursor.seq)
        if fresh:
            self._recorded.ring()
        return step not in {Step.GAP, Step.FORK, Step.HALT}

    async def catch_up(self) -> None:
        """Pull until level with the producer. A fork or a halt is left to a person."""
        async with self._db.engine.begin() as connection:
            mode, cursor = await self._cursor(connection)
        if mode != "live":
            return
        standing = await self._feed.standing(cursor.seq)
        LAG.labels(self.consumer, self.stream).set(max(standing.head.seq - cursor.seq, 0))
        if compare(cursor, standing.head, standing.hash_at) is Level.FORK:
            async with self._db.engine.begin() as connection:
                await self._incident(connection, "fork", cursor.seq, f"ours {cursor}, theirs {standing}")
            return
        while page := await self._feed.after(cursor.seq, PAGE):
            PULLED_PAGES.labels(self.consumer, self.stream).inc()
            if not await self.record(page):
                return
            cursor = Head(page[-1].epoch, page[-1].seq, page[-1].hash)
            if len(page) < PAGE:
                break
        LAG.labels(self.consumer, self.stream).set(0)
        await self._saw_head(cursor.seq)

    async def on_push(self, envelopes: Sequence[Envelope]) -> None:
        """What a transport calls. When it returns, the pushed events are safe or will be pulled."""
        if not envelopes or not await self.record(envelopes):
            self.wanted.ring()

    async def _cursor(self, connection: AsyncConnection) -> tuple[str, Head]:
        facts = {"consumer": self.consumer, "stream": self.stream, "genesis": GENESIS}
        await connection.execute(
            text(
                "INSERT INTO bus.cursor (consumer, stream, hash) VALUES (:consumer, :stream, :genesis) "
                "ON CONFLICT DO NOTHING"
            ),
            facts,
        )
        row = (
            await connection.execute(
                text(
                    "SELECT epoch, seq, hash, mode FROM bus.cursor "
                    "WHERE consumer = :consumer AND stream = :stream FOR UPDATE"
                ),
                facts,
            )
        ).one()
        return row.mode, Head(row.epoch, row.seq, row.hash)

    async def _known(self, connection: AsyncConnection, ids: list[UUID]) -> dict[UUID, Known]:
        rows = await connection.execute(
            _KNOWN, {"consumer": self.consumer, "stream": self.stream, "ids": ids}
        )
        return {row.event_id: Known(row.epoch, row.seq, row.hash, row.content_hash) for row in rows}

    async def _write(self, connection: AsyncConnection, fresh: list[Envelope], cursor: Head) -> None:
        if fresh:
            await connection.execute(
                _INSERT,
                [
                    {
                        "consumer": self.consumer,
                        "stream": self.stream,
                        "headers": e.headers.model_dump_json(exclude_none=True),
                        **e.model_dump(
                            exclude={"stream", "headers", "prev_hash", "aggregate_id", "aggregate_version"}
                        ),
                    }
                    for e in fresh
                ],
            )
        await connection.execute(
            text(
                "UPDATE bus.cursor SET epoch = :epoch, seq = :seq, hash = :hash "
                "WHERE consumer = :consumer AND stream = :stream"
            ),
            {
                "epoch": cursor.epoch,
                "seq": cursor.seq,
                "hash": cursor.hash,
                "consumer": self.consumer,
                "stream": self.stream,
            },
        )

    async def _stop(self, connection: AsyncConnection, step: Step, envelope: Envelope) -> None:
        if step is Step.HALT:
            await self._incident(connection, "hash_mismatch", envelope.seq, f"event {envelope.event_id}")
        elif step is Step.FORK:
            await self._incident(connection, "fork", envelope.seq, f"event {envelope.event_id}")

    async def _incident(self, connection: AsyncConnection, kind: str, seq: int, detail: str) -> None:
        _log.error("bus_incident", kind=kind, consumer=self.consumer, stream=self.stream, seq=seq)
        mode = "fork" if kind == "fork" else "halted"
        facts = {
            "kind": kind,
            "stream": self.stream,
            "seq": seq,
            "detail": detail,
            "mode": mode,
            "consumer": self.consumer,
        }
        await connection.execute(
            text(
                "INSERT INTO bus.incident (kind, stream, seq, detail) VALUES (:kind, :stream, :seq, :detail)"
            ),
            facts,
        )
        await connection.execute(
            text("UPDATE bus.cursor SET mode = :mode WHERE consumer = :consumer AND stream = :stream"), facts
        )

    async def _saw_head(self, seq: int) -> None:
        async with self._db.engine.begin() as connection:
            await connection.execute(
                text(
                    "UPDATE bus.cursor SET head_seen_seq = :seq, head_seen_at = clock_timestamp() "
                    "WHERE consumer = :consumer AND stream = :stream AND head_seen_seq < :seq"
                ),
                {"seq": seq, "consumer": self.consumer, "stream": self.stream},
            )
