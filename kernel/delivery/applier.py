"""Runs handlers over the inbox: each event once, in order per key, effects and mark in one transaction (D1.7)."""

import asyncio
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby, islice
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.exc import DBAPIError, IntegrityError

from contracts.envelope import Headers
from kernel.delivery.handlers import Delivered, Handlers, MissingReference
from kernel.delivery.idempotency import Busy
from kernel.delivery.metrics import EVENT_AGE, EVENT_SECONDS, EVENTS_CONSUMED
from kernel.delivery.replicas import Replica
from kernel.delivery.transaction import Cause, Database, Transaction
from kernel.delivery.undoing import Undoing
from kernel.errors import OutcomeUnknown
from kernel.observability import tracing

BATCH = 2000
CHUNK = 25
BULK = 250
ATTEMPTS = 12
LONGEST_WAIT = timedelta(minutes=5)
_log = structlog.get_logger(__name__)

# The oldest rows first; a row whose key has an earlier row that waits or is parked, or a ghost, stays where it is.
_DUE = text(
    """
    SELECT stream, event_id, epoch, seq, type, order_key, body, headers, created_at, attempts
    FROM bus.inbox i
    WHERE consumer = :consumer AND state IN ('recorded', 'retry')
      AND (next_attempt_at IS NULL OR next_attempt_at <= clock_timestamp())
      AND NOT EXISTS (
        SELECT FROM bus.inbox e
        WHERE e.consumer = i.consumer AND e.order_key = i.order_key AND e.stream = i.stream AND e.seq < i.seq
          AND (e.state = 'parked' OR (e.state = 'retry' AND e.next_attempt_at > clock_timestamp())))
      AND NOT EXISTS (
        SELECT FROM bus.ghost g
        WHERE g.consumer = i.consumer AND g.stream = i.stream AND g.order_key = i.order_key AND g.ancestor < i.seq
          AND g.state IN ('open', 'refused'))
    ORDER BY recorded_at, stream, seq
    LIMIT :limit
    """
)
_MARK = text(
    "UPDATE bus.inbox SET state = 'applied', applied_at = clock_timestamp(), attempts = attempts + 1, last_error = NULL "
    "WHERE consumer = :consumer AND stream = :stream AND event_id = ANY(:ids) AND state IN ('recorded', 'retry')"
).bindparams(bindparam("ids", type_=ARRAY(PG_UUID(as_uuid=True))))


class Superseded(Exception):
    """The row was applied by somebody else meanwhile."""


class Applier:
    """A consumer's applier. Only the leader runs it; `workers` transactions at a time, never two of one key."""

    def __init__(
        self,
        db: Database,
        consumer: str,
        handlers: Handlers,
        *,
        replicas: Sequence[type[Replica]] = (),
        workers: int = 4,
    ) -> None:
        self._db, self.consumer, self._handlers, self._workers = db, consumer, handlers, workers
        self._undoing = Undoing(db, consumer, handlers, replicas)

    async def apply_due(self) -> int:
        """Undo what was lost for good, apply what is due now. How many rows were settled, one way or the other."""
        undone = await self._undoing.undo_refused()
        async with self._db.reading() as session:
            rows = (await session.execute(_DUE, {"consumer": self.consumer, "limit": BATCH})).all()
        if not rows:
            return undone
        lanes: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            lanes[zlib.crc32(row.order_key.encode()) % self._workers].append(row)
        settled = await asyncio.gather(*(self._lane(lane) for lane in lanes.values()))
        return undone + sum(settled)

    async def _lane(self, rows: list[Row[Any]]) -> int:
        """In order. A key that must wait takes its later rows with it."""
        waiting: set[str] = set()
        settled = 0
        for together in self._chunks(rows):
            chunk = [row for row in together if row.order_key not in waiting]
            if not chunk:
                continue
            if await self._together(chunk):
                settled += len(chunk)
                continue
            for row in chunk:
                if row.order_key in waiting:
                    continue
                if await self._alone(row):
                    settled += 1
                else:
                    waiting.add(row.order_key)
        return settled

    def _chunks(self, rows: list[Row[Any]]) -> Iterator[list[Row[Any]]]:
        """Long ones of what is handled in bulk, short ones of what is handled one by one."""
        for in_bulk, run in groupby(rows, key=self._cheap):
            yield from batched(run, BULK if in_bulk else CHUNK)

    def _cheap(self, row: Row[Any]) -> bool:
        return self._handlers.many_at_once(row.type) or self._handlers.event_of(row.type) is None

    async def _together(self, rows: Sequence[Row[Any]]) -> bool:
        """All in one transaction, which is faster; any trouble and each is tried by itself."""
        try:
            await self._apply(rows)
        except Exception as error:  # noqa: BLE001 -- each row is tried again alone, and answered there
            _log.debug("chunk_split", consumer=self.consumer, rows=len(rows), error=repr(error)[:200])
            return False
        return True

    async def _alone(self, row: Row[Any]) -> bool:
        """True if the row is settled, False if it must be tried again or by a person."""
        try:
            await self._apply([row])
        except Superseded:
            return True
        except Exception as error:  # noqa: BLE001 -- the one broad catch: whatever a handler raises is answered here
            await self._put_off(row, error)
            return False
        return True

    async def _apply(self, rows: Sequence[Row[Any]]) -> None:
        began = time.perf_counter()
        async with self._db.transaction() as tx:
            by_stream: dict[str, list[Any]] = defaultdict(list)
            for row in rows:
                by_stream[row.stream].append(row.event_id)
            for stream, ids in by_stream.items():
                facts = {"consumer": self.consumer, "stream": stream, "ids": ids}
                marked = await tx.session.execute(_MARK, facts)
                if marked.rowcount != len(ids):  # type: ignore[attr-defined]
                    raise Superseded
            for event_type, run in groupby(rows, key=lambda row: row.type):
                await self._handle(tx, event_type, list(run))
            now = await tx.now()
        EVENT_SECONDS.labels(self.consumer).observe(time.perf_counter() - began)
        EVENTS_CONSUMED.labels(self.consumer, "applied").inc(len(rows))
        for row in rows:
            EVENT_AGE.labels(self.consumer).observe(max((now - row.created_at).total_seconds(), 0))

    async def _handle(self, tx: Transaction, event_type: str, rows: Sequence[Row[Any]]) -> None:
        contract = self._handlers.event_of(event_type)
        if contract is None:  # subscribed to the stream, not interested in this type
            return
        run = [(contract.model_validate_json(row.body), _delivered(row)) for row in rows]
        left = set(await self._handlers.settle(tx, run))
        for event, delivered in run:
            if event.id in left:
                tx.cause = Cause(delivered.event_id, self.consumer)
                told = {
                    "messaging_destination_name": delivered.stream,
                    "messaging_consumer_group_name": self.consumer,
                }
                parent = delivered.headers.traceparent
                with tracing.span(f"process {event_type}", "consumer", parent=parent, **told):
                    await self._handlers.handle(tx, event, delivered)
                    await tx.session.flush()
        await tx.session.flush()

    async def _put_off(self, row: Row[Any], error: Exception) -> None:
        """Retry with back-off what may pass; park what will not, or has not in a dozen attempts."""
        kind = classify(error)
        attempts = row.attempts + (kind == "missing")
        parked = kind == "permanent" or attempts >= ATTEMPTS
        wait = (
            min(timedelta(seconds=2**attempts), LONGEST_WAIT) if kind == "missing" else timedelta(seconds=1)
        )
        EVENTS_CONSUMED.labels(self.consumer, "parked" if parked else "retry").inc()
        log = _log.error if parked else _log.warning
        log(
            "event_put_off",
            consumer=self.consumer,
            type=row.type,
            seq=row.seq,
            parked=parked,
            error=repr(error)[:500],
        )
        facts = {
            "consumer": self.consumer, "stream": row.stream, "event_id": row.event_id, "attempts": attempts, "wait": wait,
            "state": "parked" if parked else "retry", "class": kind, "error": repr(error)[:2000], "seq": row.seq,
        }  # fmt: skip
        async with self._db.engine.begin() as connection:
            await connection.execute(
                text(
                    "UPDATE bus.inbox SET state = :state, attempts = :attempts, error_class = :class, last_error = :error, "
                    "next_attempt_at = clock_timestamp() + :wait "
                    "WHERE consumer = :consumer AND stream = :stream AND event_id = :event_id "
                    "AND state IN ('recorded', 'retry')"
                ),
                facts,
            )
            if parked:
                await connection.execute(
                    text(
                        "INSERT INTO bus.incident (kind, stream, seq, detail) VALUES ('parked', :stream, :seq, :error)"
                    ),
                    facts,
                )


def _delivered(row: Row[Any]) -> Delivered:
    headers = Headers.model_validate(row.headers)
    return Delivered(row.event_id, row.stream, row.epoch, row.seq, row.created_at, headers)


def batched(rows: Iterable[Row[Any]], size: int) -> Iterator[list[Row[Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def classify(error: Exception) -> str:
    """`missing` (may arrive), `infrastructure` (will pass, not counted), or `permanent` (a person must look)."""
    if isinstance(error, MissingReference):
        return "missing"
    if isinstance(error, IntegrityError | ValidationError):
        return "permanent"
    if isinstance(error, Busy | OutcomeUnknown | OSError | TimeoutError | Superseded):
        return "infrastructure"
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "08")
        return "infrastructure" if state[:2] in {"08", "40", "53", "55", "57", "58"} else "permanent"
    return "permanent"
