"""Copies events into the consumer's inbox, in order, once, and only if the chain holds (reliability.md D1.6)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Envelope
from kernel.bells import Bell
from kernel.bus.protocol import GENESIS, AncestorSearch, Head, Known, Level, Step, compare, decide
from kernel.delivery import ghosts
from kernel.delivery.feed import Feed, Standing
from kernel.delivery.metrics import CURSOR, LAG, PULLED_PAGES, RECORDED
from kernel.delivery.transaction import Database

PAGE = 500
OFFERS = 50
_FORWARD = frozenset({Step.RECORD, Step.RESEQUENCE, Step.REPLACE})
_log = structlog.get_logger(__name__)

_KNOWN = text(
    f"SELECT event_id, epoch, seq, hash, content_hash, false AS ghost FROM bus.inbox "  # noqa: S608 -- constants
    "WHERE consumer = :consumer AND stream = :stream AND event_id = ANY(:ids) "
    "UNION ALL SELECT event_id, epoch, seq, hash, content_hash, true FROM bus.ghost "
    f"WHERE consumer = :consumer AND stream = :stream AND event_id = ANY(:ids) AND {ghosts.HELD}"
).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))
_INSERT = text(
    "INSERT INTO bus.inbox (consumer, stream, event_id, epoch, seq, hash, content_hash, type, order_key, body, headers, "
    "created_at) VALUES (:consumer, :stream, :event_id, :epoch, :seq, :hash, :content_hash, :type, :order_key, :body, "
    "CAST(:headers AS jsonb), :created_at)"
)
_TRAIL = text(
    "SELECT epoch, seq, hash FROM bus.inbox WHERE consumer = :consumer AND stream = :stream AND seq = :seq"
)


class Recorder:
    """One consumer's copy of one stream. `recorded` rings the applier."""

    def __init__(self, db: Database, consumer: str, stream: str, feed: Feed, recorded: Bell) -> None:
        self._db, self._feed, self._recorded = db, feed, recorded
        self.consumer, self.stream = consumer, stream
        self._names: dict[str, Any] = {"consumer": consumer, "stream": stream}
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
                if step is Step.DUPLICATE:
                    continue
                if step not in _FORWARD:
                    await self._stop(connection, step, envelope)
                    break
                cursor = Head(envelope.epoch, envelope.seq, envelope.hash)
                known[envelope.event_id] = Known(
                    envelope.epoch, envelope.seq, envelope.hash, envelope.content_hash
                )
                if step is Step.RESEQUENCE:
                    await ghosts.give_back(connection, self.consumer, envelope)
                    continue
                if step is Step.REPLACE:
                    why = f"told anew as {envelope.epoch}/{envelope.seq}"
                    await ghosts.refuse(connection, self.consumer, self.stream, envelope.event_id, why)
                fresh.append(envelope)
            await self._write(connection, fresh, cursor)
        CURSOR.labels(self.consumer, self.stream).set(cursor.seq)
        if fresh:
            self._recorded.ring()
        return step not in {Step.GAP, Step.FORK, Step.HALT}

    async def catch_up(self) -> None:
        """Pull until level with the producer, from the common ancestor if the histories have parted.

        Ghosts of a fork are offered back to the producer. A halt is left to a person.
        """
        async with self._db.engine.begin() as connection:
            mode, cursor = await self._cursor(connection)
        if mode == "halted":
            return
        standing = await self._feed.standing(cursor.seq)
        LAG.labels(self.consumer, self.stream).set(max(standing.head.seq - cursor.seq, 0))
        if mode == "fork" or compare(cursor, standing.head, standing.hash_at) is Level.FORK:
            cursor = await self._go_back(cursor, standing)
        while page := await self._feed.after(cursor.seq, PAGE):
            PULLED_PAGES.labels(self.consumer, self.stream).inc()
            if not await self.record(page):
                return
            cursor = Head(page[-1].epoch, page[-1].seq, page[-1].hash)
            if len(page) < PAGE:
                break
        LAG.labels(self.consumer, self.stream).set(0)
        await self._saw_head(cursor.seq)
        await self._settle_ghosts()

    async def on_push(self, envelopes: Sequence[Envelope]) -> None:
        """What a transport calls. When it returns, the pushed events are safe or will be pulled."""
        if not envelopes or not await self.record(envelopes):
            self.wanted.ring()

    async def _cursor(self, connection: AsyncConnection) -> tuple[str, Head]:
        facts = self._names | {"genesis": GENESIS}
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
        rows = await connection.execute(_KNOWN, self._names | {"ids": ids})
        return {
            row.event_id: Known(row.epoch, row.seq, row.hash, row.content_hash, row.ghost) for row in rows
        }

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
        await self._move(connection, cursor)

    async def _move(self, connection: AsyncConnection, cursor: Head) -> None:
        await connection.execute(
            text(
                "UPDATE bus.cursor SET epoch = :epoch, seq = :seq, hash = :hash "
                "WHERE consumer = :consumer AND stream = :stream"
            ),
            self._names | asdict(cursor),
        )

    async def _go_back(self, cursor: Head, standing: Standing) -> Head:
        """To the last event that both have; what lies beyond it here becomes ghosts. The new cursor."""
        search = AncestorSearch(cursor.seq, standing.head.seq)
        while (probe := search.probe) is not None:
            theirs = (await self._feed.standing(probe)).hash_at
            search.same(agreed=theirs == (await self._trail(probe)).hash)
        ancestor = await self._trail(search.ancestor)
        async with self._db.engine.begin() as connection:
            mode, now = await self._cursor(connection)
            if now != cursor:  # pushed meanwhile: the next round sees
                return now
            if mode != "fork":
                await self._incident(connection, "fork", cursor.seq, f"ours {cursor}, theirs {standing}")
            made = await ghosts.set_aside(connection, self.consumer, self.stream, ancestor.seq)
            await self._move(connection, ancestor)
            await connection.execute(
                text("UPDATE bus.cursor SET mode = 'live' WHERE consumer = :consumer AND stream = :stream"),
                self._names,
            )
        _log.warning(
            "bus_fork", consumer=self.consumer, stream=self.stream, ancestor=ancestor.seq, ghosts=made
        )
        return ancestor

    async def _settle_ghosts(self) -> None:
        """Offer the producer what its history has no more, and hear what was decided on what it was offered."""
        async with self._db.engine.begin() as connection:
            offers = await ghosts.to_offer(connection, self.consumer, self.stream, OFFERS)
            awaited = await ghosts.awaited(connection, self.consumer, self.stream, PAGE)
        if offers:
            await self._feed.offer(self.consumer, offers)
        verdicts = await self._feed.verdicts(awaited) if awaited else {}
        refused = {key: verdict for key, verdict in verdicts.items() if verdict.state == "refused"}
        async with self._db.engine.begin() as connection:
            for key, verdict in refused.items():
                await ghosts.refuse(connection, self.consumer, self.stream, key, verdict.resolution)
            # An offer that the producer does not know was lost with another tail: it is made again.
            lost = [key for key in awaited if key not in verdicts]
            made = [offer.event_id for offer in offers]
            await ghosts.offered(connection, self.consumer, self.stream, lost, yes=False)
            await ghosts.offered(connection, self.consumer, self.stream, made, yes=True)
            await ghosts.settle_fork(connection, self.consumer, self.stream)
        if refused:
            self._recorded.ring()

    async def _trail(self, seq: int) -> Head:
        """Where this consumer stood at a number."""
        async with self._db.reading() as session:
            row = (await session.execute(_TRAIL, self._names | {"seq": seq})).first()
        return Head(row.epoch, row.seq, row.hash) if row is not None else Head()

    async def _stop(self, connection: AsyncConnection, step: Step, envelope: Envelope) -> None:
        if step is Step.HALT:
            await self._incident(connection, "hash_mismatch", envelope.seq, f"event {envelope.event_id}")
        elif step is Step.FORK:
            await self._incident(connection, "fork", envelope.seq, f"event {envelope.event_id}")

    async def _incident(self, connection: AsyncConnection, kind: str, seq: int, detail: str) -> None:
        _log.error("bus_incident", kind=kind, consumer=self.consumer, stream=self.stream, seq=seq)
        mode = "fork" if kind == "fork" else "halted"
        facts = self._names | {"kind": kind, "seq": seq, "detail": detail, "mode": mode}
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
                self._names | {"seq": seq},
            )
