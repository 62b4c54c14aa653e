"""Taking back what was done of events that the producer lost and nobody wants rescued (docs/reference/bus.md, forks)."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from sqlalchemy import Row, text

from contracts.envelope import Event, Headers
from kernel.delivery.handlers import Delivered, Handlers
from kernel.delivery.replicas import Replica, roll_back_replica
from kernel.delivery.transaction import Cause, Database, Transaction
from kernel.ids import derived

_log = structlog.get_logger(__name__)

# A key is due when all its ghosts are decided on, and nothing from before the fork is still to be applied.
_DUE = text(
    """
    SELECT stream, order_key FROM bus.ghost g
    WHERE consumer = :consumer AND state = 'refused'
      AND NOT EXISTS (SELECT FROM bus.ghost o WHERE o.consumer = g.consumer AND o.stream = g.stream
        AND o.order_key = g.order_key AND o.state = 'open')
      AND NOT EXISTS (SELECT FROM bus.inbox i WHERE i.consumer = g.consumer AND i.stream = g.stream
        AND i.order_key = g.order_key AND i.seq <= g.ancestor AND i.state IN ('recorded', 'retry', 'parked'))
    GROUP BY stream, order_key ORDER BY stream, order_key LIMIT 100
    """
)
_GHOSTS = text(
    "SELECT * FROM bus.ghost WHERE consumer = :consumer AND stream = :stream AND order_key = :key AND state = 'refused' "
    "ORDER BY epoch, seq FOR UPDATE"
)
_INSTEAD = text(
    "SELECT body FROM bus.inbox WHERE consumer = :consumer AND stream = :stream AND order_key = :key AND type = :type "
    "AND state = 'applied' AND body::jsonb->>'id' = :id ORDER BY (body::jsonb->>'version')::bigint DESC LIMIT 1"
)
_REVERSED = text(
    "UPDATE bus.ghost SET state = 'reversed', settled_at = clock_timestamp(), last_error = NULL "
    "WHERE consumer = :consumer AND stream = :stream AND order_key = :key AND state = 'refused'"
)
_INCIDENT = text(
    "INSERT INTO bus.incident (kind, stream, seq, detail, resolved_at, resolution) "
    "VALUES ('ghost_reversed', :stream, :seq, :detail, clock_timestamp(), :resolution)"
)
_FAILED = text(
    "UPDATE bus.ghost SET last_error = :error WHERE consumer = :consumer AND stream = :stream AND order_key = :key "
    "AND state = 'refused' AND last_error IS DISTINCT FROM :error"
)


class Undoing:
    """Part of a consumer's applier, so that it never meets an event of the same key at work."""

    def __init__(
        self, db: Database, consumer: str, handlers: Handlers, replicas: Sequence[type[Replica]]
    ) -> None:
        self._db, self._consumer, self._handlers = db, consumer, handlers
        self._replicas = {row.event.type: row for row in replicas}

    async def undo_refused(self) -> int:
        """Key by key, each in one transaction. How many keys were settled; one that cannot be keeps its error."""
        async with self._db.reading() as session:
            keys = (await session.execute(_DUE, {"consumer": self._consumer})).all()
        return sum([await self._settled(key.stream, key.order_key) for key in keys])

    async def _settled(self, stream: str, order_key: str) -> bool:
        names = {"consumer": self._consumer, "stream": stream, "key": order_key}
        try:
            async with self._db.transaction() as tx:
                await self._undo(tx, names)
        except Exception as error:  # noqa: BLE001 -- whatever an answer to a loss raises is shown to a person
            text_of = repr(error)[:2000]
            async with self._db.engine.begin() as connection:
                told = await connection.execute(_FAILED, names | {"error": text_of})
            if told.rowcount:
                _log.error("ghost_not_reversed", consumer=self._consumer, key=order_key, error=text_of[:500])
            return False
        return True

    async def _undo(self, tx: Transaction, names: dict[str, str]) -> None:
        rows = (await tx.session.execute(_GHOSTS, names)).all()
        for last in _last_of_each_thing(row for row in rows if row.inbox_state == "applied"):
            contract = self._handlers.event_of(last.type)
            if contract is None:  # nobody here listened to it
                continue
            lost = contract.model_validate_json(last.body)
            instead = await self._true_instead(tx, contract, lost, names)
            if lost.type in self._replicas:
                await roll_back_replica(tx, self._replicas[lost.type], lost, instead)
            named = derived("undone", last.event_id, self._consumer)
            tx.cause = Cause(named, self._consumer)
            headers = Headers.model_validate(last.headers)
            delivered = Delivered(named, last.stream, last.epoch, last.seq, last.created_at, headers)
            await self._handlers.undo(tx, lost, instead, delivered)
        await tx.session.execute(_REVERSED, names)
        for row in rows:
            facts = {"stream": row.stream, "seq": row.seq, "detail": f"{row.type} {row.event_id}"}
            await tx.session.execute(_INCIDENT, facts | {"resolution": row.resolution or "-"})

    async def _true_instead(
        self, tx: Transaction, contract: type[Event], lost: Event, names: dict[str, str]
    ) -> Event | None:
        facts = names | {"type": lost.type, "id": str(lost.id)}
        body = await tx.session.scalar(_INSTEAD, facts)
        return contract.model_validate_json(body) if body is not None else None


def _last_of_each_thing(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The newest lost version of each; the ones before it are undone with it."""
    newest: dict[tuple[str, str], Row[Any]] = {}
    for row in rows:
        newest[row.type, json.loads(row.body)["id"]] = row
    return list(newest.values())
